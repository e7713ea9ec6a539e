// An app in an iframe: handshake, fresh tokens, theme, language
// (Dashboard 3.23.27: AppFrame.tsx, AppIFrame.tsx, useAppActions.ts, useAppDashboardUpdates.ts,
// useTokenRefresh.ts, useUpdateAppToken.ts).

import { handle } from "./actions.js";
import { make } from "./dom.js";
import { choices, current, fetchToken, onChoice } from "./shop.js";
import { extensionUrl, frameAddress, pathToldToApp } from "./urls.js";

/** @typedef {import("./shop.js").App} App */
/** @typedef {import("./shop.js").Extension} Extension */

export const SANDBOX =
  "allow-same-origin allow-forms allow-scripts allow-downloads allow-popups";
const WIDGET_HEIGHT = 200;
const BEFORE_EXPIRY = 30_000;
const SHORTEST_WAIT = 30_000;

export class AppFrame {
  /** @type {(() => void)[]} */
  #undo = [];
  #isShaken = false;
  #stopRefreshing = () => {};

  /**
   * @param {{app: App, extension: Extension | null, target: string, src: string,
   *   params?: Record<string, string>, title: string}} options
   */
  constructor({ app, extension, target, src, params = {}, title }) {
    this.app = app;
    this.extension = extension;
    this.target = target;
    this.token = "";
    this.origin = new URL(src).origin;
    // A widget's address is resolved twice, so that its context stands in it twice.
    const address = target === "WIDGET" ? frameAddress(app, src, {}, false) : src;
    /** @type {HTMLIFrameElement} */
    this.iframe = make("iframe", { title, className: "app-frame", "data-test-id": "app-frame" });
    this.iframe.setAttribute("sandbox", SANDBOX);
    this.address = frameAddress(app, address, params);
    if (target === "WIDGET") this.iframe.style.height = `${WIDGET_HEIGHT}px`;
  }

  /** Fetches a token, loads the app, and answers it from then on. */
  async start() {
    this.token = await fetchToken(this.app, this.extension);
    const receive = (/** @type {MessageEvent} */ event) => this.#receive(event);
    const load = () => {
      this.shake();
      this.#tellSurroundings();
    };
    window.addEventListener("message", receive);
    this.iframe.addEventListener("load", load);
    this.#undo.push(
      () => window.removeEventListener("message", receive),
      () => this.iframe.removeEventListener("load", load),
      onChoice((names) => this.#tellChoice(names)),
      () => this.#stopRefreshing(),
    );
    this.iframe.src = this.address;
    this.#keepTokenFresh();
  }

  stop() {
    for (const undo of this.#undo.splice(0)) undo();
    this.iframe.remove();
  }

  /** Sends the handshake: when the iframe has loaded, and whenever the app says it is ready. */
  shake() {
    const { version } = current();
    this.#post("handshake", {
      token: this.token,
      version: 1,
      saleorVersion: version,
      dashboardVersion: version,
    });
    this.#isShaken = true;
  }

  #tellSurroundings() {
    this.#post("localeChanged", { locale: choices.locale });
    this.#post("theme", { theme: choices.theme });
    this.#post("redirect", { path: pathToldToApp(this.app.id) });
  }

  /** @param {string[]} names */
  #tellChoice(names) {
    if (!this.#isShaken) return;
    if (names.includes("locale")) this.#post("localeChanged", { locale: choices.locale });
    if (names.includes("theme")) this.#post("theme", { theme: choices.theme });
    if (names.includes("permissions")) void this.refresh();
  }

  /**
   * Only the origin is looked at, as in the Dashboard: two frames of one app hear each other.
   * @param {MessageEvent} event
   */
  #receive(event) {
    if (event.origin !== this.origin) return;
    const { type, payload } = event.data ?? {};
    if (!type || !payload?.actionId) return;
    const ok = handle(this, type, payload);
    if (ok !== undefined) this.#post("response", { actionId: payload.actionId, ok });
  }

  /**
   * @param {string} type
   * @param {unknown} payload
   */
  #post(type, payload) {
    this.iframe.contentWindow?.postMessage({ type, payload }, this.origin);
  }

  /** Fetches a new token and hands it over. */
  async refresh() {
    const token = await fetchToken(this.app, this.extension);
    if (token === this.token) return;
    this.token = token;
    if (this.#isShaken) this.#post("tokenRefresh", { token });
    this.#keepTokenFresh();
  }

  #keepTokenFresh() {
    this.#stopRefreshing();
    const refreshAt = expiryOf(this.token) - BEFORE_EXPIRY;
    const timer = setTimeout(
      () => void this.refresh(),
      Math.max(refreshAt - Date.now(), SHORTEST_WAIT),
    );
    const look = () => {
      if (document.visibilityState === "visible" && Date.now() >= refreshAt) void this.refresh();
    };
    document.addEventListener("visibilitychange", look);
    this.#stopRefreshing = () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }
}

/** @param {string} token */
function expiryOf(token) {
  const body = token.split(".")[1]?.replaceAll("-", "+").replaceAll("_", "/") ?? "";
  return JSON.parse(atob(body)).exp * 1000;
}

/**
 * Makes the frame of an extension and starts it.
 * @param {App} app
 * @param {Extension} extension
 * @param {Record<string, string>} params
 */
export function extensionFrame(app, extension, params) {
  const frame = new AppFrame({
    app,
    extension,
    target: extension.target,
    src: extensionUrl(app, extension),
    params,
    title: extension.label,
  });
  void frame.start();
  return frame;
}
