import { AppBridge, type AppBridgeState, actions } from "@saleor/app-sdk/app-bridge";

/** How long the Dashboard may take to hand over a new token. */
const PATIENCE = 8_000;
const CHANGES = ["handshake", "tokenRefresh", "theme", "localeChanged"] as const;

/** The Dashboard did not hand over a token that works. */
export class SessionExpired extends Error {
  override name = "SessionExpired";
}

/**
 * The app's end of the frame. It wraps the SDK's bridge, whose own hook misses new tokens and
 * languages, and ignores its event `redirect`: widgets and pop-ups are told the Dashboard's path
 * there, and a page knows its own.
 */
export class Bridge {
  readonly #sdk: AppBridge;
  #listeners = new Set<() => void>();

  constructor(sdk = new AppBridge()) {
    this.#sdk = sdk;
    for (const event of CHANGES) sdk.subscribe(event, () => this.#tell());
  }

  get state(): AppBridgeState {
    return this.#sdk.getState();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The current token, once the Dashboard has handed one over. */
  token(): Promise<string> {
    return this.#tokenOtherThan(undefined);
  }

  /** Asks for a token in place of one that was refused. */
  async tokenInsteadOf(refused: string): Promise<string> {
    if (this.state.token === refused) this.#sdk.dispatch(actions.NotifyReady()).catch(() => {});
    return this.#tokenOtherThan(refused);
  }

  /** Shows a message in the Dashboard's own way. */
  notify(status: "success" | "error" | "info" | "warning", title: string, text?: string): void {
    this.#dispatch(actions.Notification({ status, title, ...(text ? { text } : {}) }));
  }

  /** Goes to a page of the Dashboard, such as `/orders/<id>`. */
  goTo(path: string): void {
    this.#dispatch(actions.Redirect({ to: path }));
  }

  /** Opens an address outside in a tab of its own, which the frame itself may not do unconfined. */
  openOutside(address: string): void {
    this.#dispatch(actions.Redirect({ to: address, newContext: true }));
  }

  /** Opens one of the app's own pages from a widget or pop-up. */
  openAppPage(path: string): void {
    this.goTo(`/extensions/app/${encodeURIComponent(this.state.id)}${path}`);
  }

  /** Lets the Dashboard's address follow the app's, so that a reload comes back here. */
  followRoute(route: string): void {
    this.#dispatch(actions.UpdateRouting({ newRoute: route }));
  }

  /** Opens a pop-up of the app. Rejects on Dashboards that do not know the action. */
  openPopup(extensionIdentifier: string, params: Record<string, string>): Promise<void> {
    return this.#sdk.dispatch(actions.OpenPopup({ extensionIdentifier, params }));
  }

  closePopup(): void {
    this.#dispatch(actions.PopupClose());
  }

  /** Lets the Dashboard read the open order again. */
  refreshOrder(): void {
    this.#dispatch(actions.RefreshEntity());
  }

  reportHeight(height: number): void {
    if (height > 0) this.#dispatch(actions.WidgetResize({ height }));
  }

  /** An action that an older Dashboard does not know is simply not answered. */
  #dispatch(action: Parameters<AppBridge["dispatch"]>[0]): void {
    this.#sdk.dispatch(action).catch(() => {});
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #tokenOtherThan(refused: string | undefined): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const { token } = this.state;
        if (!token || token === refused) return;
        done();
        resolve(token);
      };
      const timer = setTimeout(() => {
        done();
        reject(new SessionExpired());
      }, PATIENCE);
      const stop = this.subscribe(look);
      const done = () => {
        clearTimeout(timer);
        stop();
      };
      look();
    });
  }
}

export const isFramed = (): boolean => window.parent !== window;
