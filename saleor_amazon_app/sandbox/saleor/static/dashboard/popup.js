// The dialog in which a POPUP extension is shown. There is one at a time.

import { make } from "./dom.js";
import { extensionFrame } from "./frame.js";

/** @type {{dialog: HTMLDialogElement, frame: import("./frame.js").AppFrame} | null} */
let open = null;

/**
 * @param {import("./shop.js").App} app
 * @param {import("./shop.js").Extension} extension
 * @param {Record<string, string>} params
 */
export function openPopup(app, extension, params) {
  closePopup();
  const frame = extensionFrame(app, extension, params);
  const close = make("button", { type: "button", onclick: closePopup, "aria-label": "Close" }, "×");
  const head = make("header", {}, make("h2", {}, extension.label), close);
  /** @type {HTMLDialogElement} */
  const dialog = make("dialog", { className: "popup", onclose: closePopup }, head, frame.iframe);
  document.body.append(dialog);
  open = { dialog, frame };
  dialog.showModal();
}

export function closePopup() {
  const closing = open;
  open = null;
  closing?.frame.stop();
  // Closed before it leaves the document: then the focus goes back to where it was.
  closing?.dialog.close();
  closing?.dialog.remove();
}
