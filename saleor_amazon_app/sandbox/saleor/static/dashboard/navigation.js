// Where the Dashboard is, and how it gets elsewhere.

import { withMount } from "./urls.js";

/** @type {() => void} */
let render = () => {};
/** @type {() => void} */
let refresh = () => {};

/** @param {() => void} show draws the page of the current address */
export function startRouting(show) {
  render = show;
  window.addEventListener("popstate", () => render());
  document.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest("a[data-route]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    navigate(link.getAttribute("data-route") ?? "/");
  });
  render();
}

/** @param {string} to a route of the Dashboard, such as /orders */
export function navigate(to) {
  history.pushState(null, "", withMount(to));
  render();
}

/**
 * Says how the open page is fetched again, for the action refreshEntity.
 * @param {() => void} how
 */
export function onRefresh(how) {
  refresh = how;
}

export function refreshEntity() {
  refresh();
}
