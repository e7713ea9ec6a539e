// Small helpers to build the page.

/**
 * Makes an element.
 * @param {string} name
 * @param {Record<string, unknown>} [properties] properties of the element; `on…` are listeners
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any}
 */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("on")) {
      element.addEventListener(key.slice(2), /** @type {EventListener} */ (value));
    } else if (key in element) {
      /** @type {any} */ (element)[key] = value;
    } else {
      element.setAttribute(key, String(value));
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * Fills the page's main part.
 * @param {...(Node | string | null | undefined | false)} children
 */
export function show(...children) {
  const main = document.querySelector("main");
  main?.replaceChildren(.../** @type {Node[]} */ (children.filter(Boolean)));
}

/** @param {string} code */
export function words(code) {
  const text = code.replaceAll("_", " ").toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @param {string} status */
export function pill(status) {
  return make("span", { className: `pill ${tone(status)}` }, words(status));
}

/** @param {string} status */
function tone(status) {
  if (["FULFILLED", "FULL", "SUCCESS"].includes(status)) return "good";
  return ["CANCELED", "NONE", "OVERCHARGED", "FAILURE"].includes(status) ? "bad" : "open";
}

/**
 * @param {number | string} amount
 * @param {string} currency
 */
export function money(amount, currency) {
  return new Intl.NumberFormat("en", { style: "currency", currency }).format(Number(amount));
}
