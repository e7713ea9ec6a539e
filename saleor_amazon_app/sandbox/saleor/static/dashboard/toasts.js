// Notifications, as apps ask for them.

import { make } from "./dom.js";

const SECONDS = 6;

/** @param {{status?: string, title?: string, text?: string, apiMessage?: string}} notification */
export function notify({ status = "info", title, text, apiMessage }) {
  const toast = make(
    "div",
    { className: `toast ${status}` },
    title ? make("strong", {}, title) : null,
    text ? make("span", {}, text) : null,
    apiMessage ? make("code", {}, apiMessage) : null,
  );
  document.querySelector(".toasts")?.append(toast);
  setTimeout(() => toast.remove(), SECONDS * 1000);
}
