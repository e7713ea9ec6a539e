// What the Dashboard knows: the session, the choices of the person who plays with it, the API.

/**
 * @typedef {{id: string, label: string, url: string, mount: string, target: string,
 *   permissions: string[], options: any, identifier: string | null}} Extension
 * @typedef {{id: string, identifier: string, name: string, appUrl: string | null,
 *   extensions: Extension[],
 *   problems: {message: string, count: number, isCritical: boolean}[]}} App
 * @typedef {{apiUrl: string, version: string, user: {email: string, firstName: string},
 *   apps: App[]}} Session
 */

export const MOUNT_PATH = "/dashboard/";
export const PERMISSIONS = [
  "MANAGE_ORDERS",
  "MANAGE_ORDERS_IMPORT",
  "HANDLE_PAYMENTS",
  "MANAGE_APPS",
];
export const LOCALES = ["en", "de", "nl", "fr", "pl", "ja"];

/** @type {Session} */
let session;

export async function loadSession() {
  session = await (await fetch("/dashboard/session")).json();
  return session;
}

export function current() {
  return session;
}

// --- choices ---------------------------------------------------------------------------------

const KEY = "simulated-dashboard";
const changed = new EventTarget();

/** @type {{theme: "light" | "dark", locale: string, permissions: string[]}} */
export const choices = {
  theme: "light",
  locale: "en",
  permissions: [...PERMISSIONS],
  ...JSON.parse(localStorage.getItem(KEY) ?? "{}"),
};

/** @param {Partial<typeof choices>} more */
export function choose(more) {
  Object.assign(choices, more);
  localStorage.setItem(KEY, JSON.stringify(choices));
  changed.dispatchEvent(new CustomEvent("change", { detail: Object.keys(more) }));
}

/** @param {(names: string[]) => void} listener */
export function onChoice(listener) {
  const handle = (/** @type {Event} */ event) =>
    listener(/** @type {CustomEvent} */ (event).detail);
  changed.addEventListener("change", handle);
  return () => changed.removeEventListener("change", handle);
}

// --- the API ---------------------------------------------------------------------------------

/**
 * Runs a GraphQL document as the member of staff.
 * @param {string} query
 * @param {Record<string, unknown>} [variables]
 */
export async function act(query, variables = {}) {
  const answer = await fetch("/control/act", {
    method: "POST",
    body: JSON.stringify({ query, variables }),
  });
  const told = await answer.json();
  if (told.errors?.length) throw new Error(told.errors[0].message);
  const [failed] = Object.values(told.data ?? {}).flatMap(
    (/** @type {any} */ field) => field?.errors ?? [],
  );
  if (failed) throw new Error(failed.message ?? failed.code);
  return told.data;
}

/**
 * Fetches the token that an app or extension gets, as the Dashboard reads `accessToken`.
 * @param {App} app
 * @param {Extension | null} extension
 * @returns {Promise<string>}
 */
export async function fetchToken(app, extension) {
  const answer = await fetch("/dashboard/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      app: app.id,
      extension: extension?.id ?? null,
      permissions: choices.permissions,
    }),
  });
  return (await answer.json()).token;
}

/**
 * The extensions of a mount that the member of staff may use.
 * @param {string} mount
 * @returns {{app: App, extension: Extension}[]}
 */
export function extensionsAt(mount) {
  return session.apps.flatMap((app) =>
    app.extensions
      .filter((extension) => extension.mount === mount)
      .filter((extension) => extension.permissions.every((p) => choices.permissions.includes(p)))
      .map((extension) => ({ app, extension })),
  );
}

/**
 * Whether this Dashboard is as new as a version with three numbers.
 * @param {string} version
 */
export function isAtLeast(version) {
  const [mine, wanted] = [session.version, version].map((text) => text.split(".").map(Number));
  for (let part = 0; part < 3; part += 1) {
    const difference = (mine?.[part] ?? 0) - (wanted?.[part] ?? 0);
    if (difference) return difference > 0;
  }
  return true;
}
