// The page of an order: what the shop knows of it, what a merchant does with it, and the apps.

import { make, money, pill, show, words } from "./dom.js";
import { extensionFrame } from "./frame.js";
import { onRefresh } from "./navigation.js";
import { open } from "./opening.js";
import { actionsMenu } from "./pages.js";
import { act, extensionsAt } from "./shop.js";
import { notify } from "./toasts.js";

const ORDER = `query Order($id: ID!) {
  order(id: $id) {
    id number status chargeStatus externalReference created userEmail shippingMethodName
    channel { name }
    total { gross { amount currency } } totalCharged { amount currency } totalRefunded { amount currency }
    shippingAddress { firstName lastName streetAddress1 streetAddress2 postalCode city country { code } }
    lines { id productName productSku quantity quantityFulfilled quantityToFulfill totalPrice { gross { amount currency } } }
    fulfillments { id fulfillmentOrder status trackingNumber lines { quantity orderLine { productName } } }
    transactions { id name actions chargedAmount { amount } events { type message createdAt amount { amount currency } } }
    events { type message date app { name } user { email } }
  }
  warehouses(first: 1) { edges { node { id } } }
}`;

const FULFIL = `mutation Fulfil($order: ID!, $input: OrderFulfillInput!) {
  orderFulfill(order: $order, input: $input) { errors { field message code } }
}`;
const CANCEL = "mutation Cancel($id: ID!) { orderCancel(id: $id) { errors { field message code } } }";
const TRACK = `mutation Track($id: ID!, $input: FulfillmentUpdateTrackingInput!) {
  orderFulfillmentUpdateTracking(id: $id, input: $input) { errors { field message code } }
}`;
const REFUND = `mutation Refund($id: ID!, $amount: PositiveDecimal!) {
  transactionRequestAction(id: $id, actionType: REFUND, amount: $amount) { errors { field message code } }
}`;

/**
 * @param {string} id
 * @param {(undo: () => void) => void} leave
 */
export async function orderPage(id, leave) {
  const facts = make("div", {}, make("p", { className: "quiet" }, "Loading …"));
  const apps = make("aside", { className: "apps" });
  const title = make("div", { className: "title" }, make("h1", {}, "Order"));
  show(title, make("div", { className: "columns" }, facts, apps));
  for (const { app, extension } of extensionsAt("ORDER_DETAILS_WIDGETS")) {
    apps.append(widget(app, extension, { orderId: id }, leave));
  }
  const menu = actionsMenu(extensionsAt("ORDER_DETAILS_MORE_ACTIONS"), { orderId: id });
  const draw = async () => {
    const data = await act(ORDER, { id });
    if (!data.order) return facts.replaceChildren(make("p", {}, "There is no such order."));
    title.replaceChildren(heading(data.order), ...(menu ? [menu] : []));
    facts.replaceChildren(...cards(data.order, data.warehouses.edges[0].node.id, draw));
  };
  onRefresh(() => void draw());
  await draw();
}

/**
 * @param {import("./shop.js").App} app
 * @param {import("./shop.js").Extension} extension
 * @param {Record<string, string>} params
 * @param {(undo: () => void) => void} leave
 */
function widget(app, extension, params, leave) {
  if (extension.target !== "WIDGET") {
    return make("button", { type: "button", onclick: () => open(app, extension, params) }, extension.label);
  }
  const frame = extensionFrame(app, extension, params);
  leave(() => frame.stop());
  return make("section", { className: "card widget" }, make("h2", {}, `${app.name}: ${extension.label}`), frame.iframe);
}

/** @param {any} order */
function heading(order) {
  return make("h1", {}, `Order #${order.number} `, pill(order.status), " ", pill(order.chargeStatus));
}

/**
 * @param {any} order
 * @param {string} warehouse
 * @param {() => Promise<void>} redraw
 */
function cards(order, warehouse, redraw) {
  const run = async (/** @type {string} */ query, /** @type {any} */ variables, /** @type {string} */ done) => {
    try {
      await act(query, variables);
      notify({ status: "success", title: done });
    } catch (error) {
      notify({ status: "error", title: "Saleor refused", text: String(/** @type {Error} */ (error).message) });
    }
    await redraw();
  };
  return [
    lines(order, warehouse, run),
    fulfilments(order, run),
    payments(order, run),
    summary(order),
    history(order),
  ];
}

/** @typedef {(query: string, variables: any, done: string) => Promise<void>} Run */

/**
 * @param {any} order
 * @param {string} warehouse
 * @param {Run} run
 */
function lines(order, warehouse, run) {
  const isOpen = order.status !== "CANCELED" && order.lines.some((/** @type {any} */ l) => l.quantityToFulfill);
  const quantities = new Map();
  const rows = order.lines.map((/** @type {any} */ line) => {
    const quantity = make("input", {
      type: "number", min: 0, max: line.quantityToFulfill, value: line.quantityToFulfill,
      "aria-label": `Quantity to fulfil of ${line.productSku ?? line.productName}`,
    });
    quantities.set(line.id, quantity);
    const total = line.totalPrice.gross;
    const cells = [
      line.productName, line.productSku ?? "", `${line.quantityFulfilled} of ${line.quantity}`,
      isOpen ? quantity : "", money(total.amount, total.currency),
    ];
    return make("tr", {}, ...cells.map((cell) => make("td", {}, cell)));
  });
  const names = ["Product", "SKU", "Fulfilled", isOpen ? "Fulfil" : "", "Total"];
  const tracking = make("input", { "aria-label": "Tracking number", placeholder: "Tracking number" });
  const fulfil = (/** @type {Event} */ event) => {
    event.preventDefault();
    const wanted = [...quantities].filter(([, input]) => Number(input.value) > 0);
    const input = {
      lines: wanted.map(([orderLineId, box]) => ({
        orderLineId, stocks: [{ warehouse, quantity: Number(box.value) }],
      })),
      notifyCustomer: false,
      trackingNumber: tracking.value || null,
    };
    void run(FULFIL, { order: order.id, input }, "Items fulfilled");
  };
  const cancel = () => void run(CANCEL, { id: order.id }, "Order cancelled");
  return make(
    "form",
    { className: "card", onsubmit: fulfil },
    make("h2", {}, "Items"),
    make("table", {}, make("thead", {}, make("tr", {}, ...names.map((n) => make("th", {}, n)))), make("tbody", {}, ...rows)),
    isOpen && make("p", { className: "buttons" }, tracking, make("button", { className: "primary" }, "Fulfil"), make("button", { type: "button", onclick: cancel }, "Cancel order")),
  );
}

/**
 * @param {any} order
 * @param {Run} run
 */
function fulfilments(order, run) {
  const rows = order.fulfillments.map((/** @type {any} */ made) => {
    const number = make("input", { value: made.trackingNumber, "aria-label": "Tracking number of this fulfilment" });
    const change = () =>
      void run(TRACK, { id: made.id, input: { trackingNumber: number.value, notifyCustomer: false } }, "Tracking updated");
    const what = made.lines.map((/** @type {any} */ l) => `${l.quantity} × ${l.orderLine?.productName}`).join(", ");
    return make(
      "div",
      { className: "part" },
      make("p", {}, `#${order.number}-${made.fulfillmentOrder} `, pill(made.status), ` ${what}`),
      made.status === "CANCELED" ? null : make("p", { className: "buttons" }, number, make("button", { type: "button", onclick: change }, "Save tracking")),
    );
  });
  return make("section", { className: "card" }, make("h2", {}, "Fulfilments"), ...(rows.length ? rows : [none()]));
}

/**
 * @param {any} order
 * @param {Run} run
 */
function payments(order, run) {
  const rows = order.transactions.map((/** @type {any} */ paid) => {
    const amount = make("input", { type: "number", step: "any", min: 0, value: paid.chargedAmount.amount, "aria-label": "Amount to refund" });
    const refund = () =>
      void run(REFUND, { id: paid.id, amount: Number(amount.value) }, "Refund requested");
    const events = paid.events.map((/** @type {any} */ e) =>
      make("li", {}, `${words(e.type)} ${money(e.amount.amount, e.amount.currency)} `, make("span", { className: "quiet" }, e.message)),
    );
    return make(
      "div",
      { className: "part" },
      make("p", {}, paid.name || "Transaction"),
      make("ul", {}, ...events),
      paid.actions.includes("REFUND") && make("p", { className: "buttons" }, amount, make("button", { type: "button", onclick: refund }, "Refund")),
    );
  });
  return make("section", { className: "card" }, make("h2", {}, "Payments"), ...(rows.length ? rows : [none()]));
}

/** @param {any} order */
function summary(order) {
  const address = order.shippingAddress;
  const total = order.total.gross;
  const facts = [
    ["Amazon's number", order.externalReference ?? "—"],
    ["Channel", order.channel.name],
    ["Total", money(total.amount, total.currency)],
    ["Charged", money(order.totalCharged.amount, total.currency)],
    ["Refunded", money(order.totalRefunded.amount, total.currency)],
    ["Shipping", order.shippingMethodName ?? "—"],
    ["Ship to", address ? [address.firstName, address.lastName, address.streetAddress1, address.streetAddress2, address.postalCode, address.city, address.country.code].filter(Boolean).join(", ") : "—"],
  ];
  const rows = facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]);
  return make("section", { className: "card" }, make("h2", {}, "Summary"), make("dl", {}, ...rows));
}

/** @param {any} order */
function history(order) {
  const entries = [...order.events].reverse().map((/** @type {any} */ event) => {
    const by = event.app?.name ?? event.user?.email ?? "";
    const when = new Date(event.date).toLocaleString("en");
    return make("li", {}, words(event.type), event.message ? `: ${event.message}` : "", make("br"), make("span", { className: "quiet" }, [when, by].filter(Boolean).join(" · ")));
  });
  return make("section", { className: "card" }, make("h2", {}, "History"), entries.length ? make("ul", {}, ...entries) : none());
}

function none() {
  return make("p", { className: "quiet" }, "None yet.");
}
