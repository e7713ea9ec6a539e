// The search that Ctrl-K opens, with the commands of apps in it (Dashboard 3.23.27:
// NavigatorSearch, SearchActionsList.tsx, filterSearchActions.ts, resolveSearchActionContext.ts).
// The Dashboard finds commands by label and app name and knows no other words for them. Its own
// commands and its search for goods and orders are left out.

import { make } from "./dom.js";
import { open } from "./opening.js";
import { extensionsAt, isAtLeast } from "./shop.js";
import { route } from "./urls.js";

const SINCE = "3.23.22";
/** Parts of addresses that stand where an id would. */
const NO_IDS = ["add", "settings", "drafts", "sales", "vouchers"];

/** @type {HTMLDialogElement | null} */
let shown = null;

/** Opens the search with Ctrl-K or Cmd-K, and closes it with the same. */
export function startSearch() {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (shown) closeSearch();
    else openSearch();
  });
}

export function openSearch() {
  closeSearch();
  const list = make("div", { className: "commands" });
  const find = make("input", {
    type: "search",
    placeholder: "Search",
    "aria-label": "Search commands",
    oninput: () => list.replaceChildren(...commands(find.value)),
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter") return;
      // Else the key would press what the command opens.
      event.preventDefault();
      list.querySelector("button")?.click();
    },
  });
  list.replaceChildren(...commands(""));
  /** @type {HTMLDialogElement} */
  const dialog = make(
    "dialog",
    { className: "search", "aria-label": "Search", onclose: closeSearch },
    find,
    list,
  );
  document.body.append(dialog);
  shown = dialog;
  dialog.showModal();
}

export function closeSearch() {
  const closing = shown;
  shown = null;
  closing?.close();
  closing?.remove();
}

/** @param {string} text */
function commands(text) {
  const wanted = text.trim().toLowerCase();
  const place = whereabouts();
  const found = isAtLeast(SINCE) ? extensionsAt("SEARCH_ACTION") : [];
  const entries = found
    .filter(({ extension }) => isOffered(extension.options.views, place.view))
    .filter(({ app, extension }) => `${extension.label}\n${app.name}`.toLowerCase().includes(wanted))
    .map(({ app, extension }) => {
      const pick = () => {
        closeSearch();
        open(app, extension, place.params);
      };
      return make("button", { type: "button", onclick: pick }, extension.label);
    });
  return entries.length
    ? [make("h2", {}, "App actions"), ...entries]
    : [make("p", { className: "quiet" }, "Nothing found.")];
}

/**
 * @param {string[] | undefined} views
 * @param {string | null} view
 */
const isOffered = (views, view) => !views || (view !== null && views.includes(view));

/**
 * The Dashboard's view and what it is about, of those that this one has.
 * @returns {{view: string | null, params: Record<string, string>}}
 */
function whereabouts() {
  const [, section, id = ""] = route().split("/");
  if (section !== "orders") return { view: null, params: {} };
  if (!id) return { view: "ORDER_LIST", params: {} };
  if (NO_IDS.includes(id)) return { view: null, params: {} };
  return { view: "ORDER_DETAILS", params: { orderId: decodeURIComponent(id) } };
}
