// The Dashboard's pages but for the order's: home, the list of orders, an app, the apps.

import { make, money, pill, show } from "./dom.js";
import { AppFrame, extensionFrame } from "./frame.js";
import { open } from "./opening.js";
import { current, extensionsAt, loadSession } from "./shop.js";
import { notify } from "./toasts.js";
import { appPath } from "./urls.js";

/** @typedef {(undo: () => void) => void} Leave */
const ON_A_PAGE = 50;

/** @param {Leave} leave */
export function home(leave) {
  const cards = extensionsAt("HOMEPAGE_WIDGETS")
    // The Dashboard's default for this mount is POST, which has no bridge to play with.
    .filter(({ extension }) => extension.options.homeWidgetTarget?.method === "GET")
    .map(({ app, extension }) => {
      const frame = extensionFrame(app, extension, {});
      leave(() => frame.stop());
      return make("section", { className: "card widget home" }, make("h2", {}, app.name), frame.iframe);
    });
  const empty = make("p", { className: "quiet" }, "No app shows anything here.");
  show(make("h1", {}, `Hello ${current().user.firstName}`), ...(cards.length ? cards : [empty]));
}

/**
 * The page of an app: one frame as large as the page.
 * @param {import("./shop.js").App} app
 * @param {string} subPath
 * @param {Leave} leave
 */
export function appPage(app, subPath, leave) {
  if (!app.appUrl) return show(make("h1", {}, app.name), make("p", {}, "This app has no page."));
  const src = `${app.appUrl}${subPath === "/" ? "" : subPath}`;
  const frame = new AppFrame({ app, extension: null, target: "APP_PAGE", src, title: app.name });
  void frame.start();
  leave(() => frame.stop());
  show(make("div", { className: "app-page" }, make("header", {}, make("h1", {}, app.name)), frame.iframe));
}

// --- orders ----------------------------------------------------------------------------------

export async function orderList() {
  const list = make("div", {}, make("p", { className: "quiet" }, "Loading …"));
  const find = make("input", {
    type: "search",
    placeholder: "Search orders: number or Amazon's number",
    "aria-label": "Search orders",
    oninput: () => list.replaceChildren(rows(orders, find.value)),
  });
  show(make("div", { className: "title" }, make("h1", {}, "Orders"), menu()), find, list);
  /** @type {any[]} */
  const orders = (await (await fetch("/control/orders")).json()).reverse();
  list.replaceChildren(rows(orders, find.value));
}

function menu() {
  const mounts = ["ORDER_OVERVIEW_CREATE", "ORDER_OVERVIEW_MORE_ACTIONS"];
  return actionsMenu(mounts.flatMap((mount) => extensionsAt(mount)), {});
}

/**
 * The menu with what apps offer for a page.
 * @param {{app: import("./shop.js").App, extension: import("./shop.js").Extension}[]} offered
 * @param {Record<string, string>} params
 */
export function actionsMenu(offered, params) {
  if (!offered.length) return null;
  const box = make(
    "details",
    { className: "menu" },
    make("summary", { "aria-label": "More actions" }, "⋯"),
    make(
      "ul",
      {},
      ...offered.map(({ app, extension }) => {
        const pick = () => {
          box.open = false;
          box.querySelector("summary")?.focus();
          open(app, extension, params);
        };
        return make("li", {}, make("button", { type: "button", onclick: pick }, extension.label));
      }),
    ),
  );
  return box;
}

/**
 * @param {any[]} orders
 * @param {string} text
 */
function rows(orders, text) {
  const wanted = text.trim().toLowerCase();
  const found = orders.filter(
    (order) =>
      !wanted ||
      order.number === wanted.replace("#", "") ||
      order.externalReference?.toLowerCase().includes(wanted),
  );
  if (!found.length) return make("p", { className: "quiet" }, "No orders.");
  const more = found.length > ON_A_PAGE ? `The newest ${ON_A_PAGE} of ${found.length}.` : "";
  return make("section", { className: "card" }, table(found.slice(0, ON_A_PAGE)), make("p", { className: "quiet" }, more));
}

/** @param {any[]} orders */
function table(orders) {
  const names = ["Number", "Amazon's number", "Channel", "Status", "Total"];
  const head = make("tr", {}, ...names.map((name) => make("th", {}, name)));
  const lines = orders.map((order) => {
    const link = make(
      "a",
      { href: `/dashboard/orders/${order.id}`, "data-route": `/orders/${order.id}` },
      `#${order.number}`,
    );
    const cells = [link, order.externalReference ?? "", order.channel, pill(order.status), money(order.total, order.currency)];
    return make("tr", {}, ...cells.map((cell) => make("td", {}, cell)));
  });
  return make("table", {}, make("thead", {}, head), make("tbody", {}, ...lines));
}

// --- apps ------------------------------------------------------------------------------------

/** @param {() => void} render */
export function installPage(render) {
  const address = make("input", {
    type: "url",
    required: true,
    "aria-label": "Manifest URL",
    placeholder: "https://app.example/api/manifest",
    value: new URLSearchParams(location.search).get("manifestUrl") ?? "",
  });
  const install = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const answer = await fetch("/control/install", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ manifestUrl: address.value }),
    });
    const told = await answer.json();
    if (!answer.ok) return notify({ status: "error", title: "Installation failed", text: told.message });
    notify({ status: "success", title: `${told.name} is installed` });
    await loadSession();
    render();
  };
  const installed = current().apps.map((app) => {
    const link = make("a", { href: `/dashboard${appPath(app.id)}`, "data-route": appPath(app.id) }, app.name);
    const problems = app.problems.map(({ message, count, isCritical }) =>
      make("li", {}, make("span", { className: `pill ${isCritical ? "bad" : "open"}` }, `${count} ×`), ` ${message}`),
    );
    return make("li", {}, link, make("ul", {}, ...problems));
  });
  show(
    make("h1", {}, "Extensions"),
    make("section", { className: "card" }, make("h2", {}, "Installed"), installed.length ? make("ul", {}, ...installed) : make("p", { className: "quiet" }, "None yet.")),
    make("form", { className: "card", onsubmit: install }, make("h2", {}, "Install from manifest"), address, make("button", { className: "primary" }, "Install")),
  );
}
