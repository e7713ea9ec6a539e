import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";
import type { Bridge } from "./bridge";

const BridgeContext = createContext<Bridge | null>(null);

export function BridgeProvider({ bridge, children }: { bridge: Bridge; children: ReactNode }) {
  return <BridgeContext.Provider value={bridge}>{children}</BridgeContext.Provider>;
}

export function useBridge(): Bridge {
  const bridge = useContext(BridgeContext);
  if (!bridge) throw new Error("There is no BridgeProvider.");
  return bridge;
}

/** What the Dashboard has told: theme, language, person, token. */
export function useBridgeState() {
  const bridge = useBridge();
  return useSyncExternalStore(bridge.subscribe, () => bridge.state);
}

/** The permissions that decide what is offered; the API decides again. */
export type StaffPermission = "MANAGE_ORDERS" | "HANDLE_PAYMENTS" | "MANAGE_APPS";

/** Whether the person may do something. The newest token says so, not the handshake. */
export function useMay(permission: StaffPermission): boolean {
  const { token } = useBridgeState();
  return permissionsIn(token).includes(permission);
}

export function permissionsIn(token: string | undefined): string[] {
  try {
    const body = (token ?? "").split(".")[1] ?? "";
    const claims: unknown = JSON.parse(atob(body.replaceAll("-", "+").replaceAll("_", "/")));
    const told = (claims as { user_permissions?: unknown }).user_permissions;
    return Array.isArray(told) ? told.map(String) : [];
  } catch {
    return [];
  }
}
