// Addresses as the Dashboard makes them (Dashboard 3.23.27: src/extensions/urls.ts).

import { choices, current, MOUNT_PATH } from "./shop.js";

/** @typedef {import("./shop.js").App} App */

const APPS = "/extensions/app";
const FEATURE_FLAGS = { "featureFlags[new_order_ui][enabled]": "false" };

/** @param {string} path a route such as /orders */
export const withMount = (path) => MOUNT_PATH.replace(/\/$/, "") + path;

/** The route without the path under which the Dashboard is served. */
export const route = () => `/${location.pathname.slice(MOUNT_PATH.length)}`;

/** @param {string} id */
export const appPath = (id) => `${APPS}/${encodeURIComponent(id)}`;

/**
 * The address of an iframe: the app's own, the Dashboard's query string, and the context.
 * @param {App} app
 * @param {string} url
 * @param {Record<string, string>} params
 * @param {boolean} withTheme
 */
export function frameAddress(app, url, params, withTheme = true) {
  const { apiUrl } = current();
  const context = new URLSearchParams({
    domain: new URL(apiUrl).host,
    saleorApiUrl: apiUrl,
    id: app.id,
    ...params,
    ...(withTheme ? { ...FEATURE_FLAGS, theme: choices.theme } : {}),
  });
  return [url, location.search.slice(1), context.toString()]
    .filter(Boolean)
    .reduce((address, query) => address + (address.includes("?") ? "&" : "?") + query);
}

/** @param {string} url */
export const isAbsolute = (url) => /^https?:\/\//.test(url);

/**
 * @param {App} app
 * @param {{url: string}} extension
 */
export const extensionUrl = (app, extension) =>
  isAbsolute(extension.url) ? extension.url : `${app.appUrl ?? ""}${extension.url}`;

/**
 * What the Dashboard tells as the app's path: for pages other than the app's, its own path.
 * @param {string} id
 */
export const pathToldToApp = (id) => location.pathname.replace(appPath(id), "") || "/";

/**
 * Whether a redirection stays inside the app's page. The Dashboard encodes the id twice here, so
 * that only ids without signs that need encoding are found.
 * @param {string} id
 * @param {string} to
 */
export function staysInApp(id, to) {
  const places = [`${APPS}/${encodeURIComponent(encodeURIComponent(id))}`, `/apps/${id}/app`];
  const starts = (/** @type {string} */ path) => places.some((place) => path.startsWith(place));
  return starts(to) && starts(location.pathname);
}
