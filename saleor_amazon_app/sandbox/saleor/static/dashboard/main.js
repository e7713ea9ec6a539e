// The Dashboard's page: which part of it an address shows, and the navigation beside it.

import { appPage, home, installPage, orderList } from "./pages.js";
import { closePopup } from "./popup.js";
import { navigate, onRefresh, startRouting } from "./navigation.js";
import { orderPage } from "./order.js";
import { make, show } from "./dom.js";
import { open } from "./opening.js";
import { closeSearch, openSearch, startSearch } from "./search.js";
import {
  choices,
  choose,
  current,
  extensionsAt,
  LOCALES,
  loadSession,
  onChoice,
  PERMISSIONS,
} from "./shop.js";
import { appPath, route } from "./urls.js";

/** @type {(() => void)[]} */
const leaving = [];

function render() {
  for (const leave of leaving.splice(0)) leave();
  closePopup();
  closeSearch();
  onRefresh(() => {});
  drawSide();
  const path = route();
  const leave = (/** @type {() => void} */ undo) => leaving.push(undo);
  const inApp = current().apps.find((app) => path.startsWith(appPath(app.id)));
  if (inApp) return appPage(inApp, path.slice(appPath(inApp.id).length), leave);
  if (path.startsWith("/orders/")) return void orderPage(decodeURIComponent(path.slice(8)), leave);
  if (path.startsWith("/orders")) return void orderList();
  if (path.startsWith("/extensions")) return void loadSession().then(() => installPage(render));
  if (path === "/" || path.startsWith("/home")) return home(leave);
  show(make("h1", {}, "Ooops!..."), make("p", {}, "We couldn't find that page."));
}

function drawSide() {
  const side = document.querySelector(".side");
  side?.replaceChildren(
    make("strong", { className: "brand" }, "Simulated Saleor"),
    make(
      "button",
      { type: "button", className: "find", "aria-label": "Search", onclick: openSearch },
      "Search ",
      make("kbd", {}, "Ctrl K"),
    ),
    make("ul", {}, item("Home", "/"), item("Orders", "/orders"), ...orderEntries(), item("Extensions", "/extensions/installed")),
    controls(),
  );
}

function orderEntries() {
  return extensionsAt("NAVIGATION_ORDERS").map(({ app, extension }) =>
    make(
      "li",
      { className: "nested" },
      make("button", { type: "button", onclick: () => open(app, extension, {}) }, extension.label),
    ),
  );
}

/**
 * @param {string} label
 * @param {string} to
 */
function item(label, to) {
  const here = route() === to || (to !== "/" && route().startsWith(to));
  const link = make("a", { href: `/dashboard${to}`, "data-route": to }, label);
  if (here) link.setAttribute("aria-current", "page");
  return make("li", {}, link);
}

/** What a real Dashboard keeps elsewhere: looks, language, and what the member of staff may do. */
function controls() {
  return make(
    "details",
    { className: "controls", open: !window.matchMedia("(max-width: 700px)").matches },
    make("summary", {}, "Simulation"),
    chooser("Theme", ["light", "dark"], choices.theme, (value) =>
      choose({ theme: value === "dark" ? "dark" : "light" }),
    ),
    chooser("Language", LOCALES, choices.locale, (locale) => choose({ locale })),
    make("fieldset", {}, make("legend", {}, "You may"), ...PERMISSIONS.map(permission)),
  );
}

/**
 * @param {string} label
 * @param {string[]} values
 * @param {string} value
 * @param {(value: string) => void} onPick
 */
function chooser(label, values, value, onPick) {
  const options = values.map((text) => make("option", { value: text, selected: text === value }, text));
  const pick = (/** @type {Event} */ event) =>
    onPick(/** @type {HTMLSelectElement} */ (event.target).value);
  return make("label", {}, label, make("select", { onchange: pick }, ...options));
}

/** @param {string} name */
function permission(name) {
  const toggle = () => {
    const without = choices.permissions.filter((other) => other !== name);
    const had = without.length < choices.permissions.length;
    choose({ permissions: had ? without : [...without, name] });
    drawSide();
  };
  const box = make("input", {
    type: "checkbox",
    checked: choices.permissions.includes(name),
    onchange: toggle,
  });
  return make("label", { className: "check" }, box, name);
}

function applyTheme() {
  document.documentElement.dataset.theme = choices.theme;
}

await loadSession();
applyTheme();
onChoice(applyTheme);
if (route() === "/" && current().apps.length === 0) navigate("/extensions/app/install");
startSearch();
startRouting(render);
