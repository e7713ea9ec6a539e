// What an app may ask of the Dashboard, and what becomes of it
// (Dashboard 3.23.27: appActionsHandler.ts, open-popup.ts, widgetIframeResize.ts).

import { navigate, refreshEntity } from "./navigation.js";
import { closePopup, openPopup } from "./popup.js";
import { current, extensionsAt, isAtLeast } from "./shop.js";
import { notify } from "./toasts.js";
import { appPath, isAbsolute, staysInApp, withMount } from "./urls.js";

/**
 * @typedef {{app: import("./shop.js").App, target: string, iframe: HTMLIFrameElement,
 *   token: string, shake: () => void}} Frame
 * @typedef {{actionId: string, [key: string]: any}} Payload
 */

export const LARGEST_HEIGHT = 5000;
const LONGEST_PARAMS = 2048;
const ORDER_MOUNTS = [
  "ORDER_DETAILS_WIDGETS",
  "ORDER_DETAILS_MORE_ACTIONS",
  "ORDER_OVERVIEW_MORE_ACTIONS",
  "ORDER_OVERVIEW_CREATE",
  "NAVIGATION_ORDERS",
  "HOMEPAGE_WIDGETS",
];

/** The first Dashboard that knows an action; the others are as old as the bridge. */
const SINCE = /** @type {Record<string, string>} */ ({
  popupClose: "3.22.31",
  widgetResize: "3.23.9",
  refreshEntity: "3.23.9",
  openPopup: "3.23.20",
});

/** @type {Record<string, (frame: Frame, payload: Payload) => boolean>} */
const HANDLERS = {
  notifyReady: (frame) => {
    frame.shake();
    return true;
  },
  notification: (_frame, { actionId: _id, ...notification }) => {
    notify(notification);
    return true;
  },
  redirect,
  updateRouting: (frame, { newRoute }) => {
    const place = withMount(`${appPath(frame.app.id)}/${String(newRoute).replace(/^\//, "")}`);
    if (location.pathname !== place) history.pushState(null, "", place);
    return true;
  },
  popupClose: () => {
    closePopup();
    return true;
  },
  widgetResize: (frame, { height }) => {
    if (Number.isFinite(height) && height > 0) {
      frame.iframe.style.height = `${Math.min(Math.ceil(height), LARGEST_HEIGHT)}px`;
    }
    return true;
  },
  refreshEntity: () => {
    refreshEntity();
    return true;
  },
  openPopup: openOwnPopup,
};

/**
 * Does what a frame asks for. Returns whether it was done; undefined for an unknown action, which
 * the Dashboard does not answer.
 * @param {Frame} frame
 * @param {string} type
 * @param {Payload} payload
 * @returns {boolean | undefined}
 */
export function handle(frame, type, payload) {
  const handler = HANDLERS[type];
  if (!handler || (SINCE[type] && !isAtLeast(SINCE[type]))) {
    console.warn(`${type} action is invalid.`);
    return undefined;
  }
  try {
    return handler(frame, payload);
  } catch (error) {
    console.error("Action handler thrown", error);
    return false;
  }
}

/** @type {(frame: Frame, payload: Payload) => boolean} */
function redirect(frame, { to, newContext }) {
  if (staysInApp(frame.app.id, to)) {
    if (newContext) window.open(withMount(to));
    else history.pushState(null, "", withMount(to));
    return true;
  }
  if (to.startsWith("/")) {
    if (newContext) {
      window.open(withMount(to));
    } else {
      closePopup();
      navigate(to);
    }
    return true;
  }
  return new URL(to).host === location.host ? false : leave(to, newContext);
}

/**
 * @param {string} to
 * @param {boolean | undefined} newContext
 */
function leave(to, newContext) {
  if (newContext) {
    window.open(to);
    return true;
  }
  const sure = window.confirm("You are about to leave the Dashboard. Do you want to continue?");
  if (sure) location.href = to;
  return sure;
}

/** @type {(frame: Frame, payload: Payload) => boolean} */
function openOwnPopup(frame, { extensionIdentifier, appParams }) {
  const found = ORDER_MOUNTS.flatMap((mount) => extensionsAt(mount)).find(
    ({ app, extension }) =>
      app.id === frame.app.id &&
      extension.identifier === extensionIdentifier &&
      extension.target === "POPUP",
  );
  const reason = refusal(frame, found, appParams);
  if (reason) {
    console.error(`openPopup action failed: ${reason}`, { extensionIdentifier });
    return false;
  }
  if (found) openPopup(found.app, found.extension, appParams === undefined ? {} : { appParams });
  return true;
}

/**
 * @param {Frame} frame
 * @param {{app: import("./shop.js").App, extension: import("./shop.js").Extension} | undefined} found
 * @param {unknown} params
 */
function refusal(frame, found, params) {
  if (frame.target !== "WIDGET") return `not allowed from a "${frame.target}" frame`;
  if (!found) return "no such POPUP extension of the app on this page";
  if (!isAbsolute(found.extension.url) && !isAbsolute(current().apps.find((a) => a.id === frame.app.id)?.appUrl ?? "")) {
    return "the extension has no absolute address";
  }
  if (params !== undefined && typeof params !== "string") return "appParams must be a string";
  return params !== undefined && params.length > LONGEST_PARAMS ? "appParams too large" : null;
}
