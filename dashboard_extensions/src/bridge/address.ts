/** What the Dashboard adds to a frame's address; the bridge has read it by then. */
const OF_THE_DASHBOARD = ["domain", "saleorApiUrl", "id", "theme", "locale", "appParams"];
const FLAGS = "featureFlags";

/** The app's own part of a query string. */
export function ownQuery(search: string): string {
  const query = new URLSearchParams(search);
  for (const name of [...query.keys()]) {
    if (OF_THE_DASHBOARD.includes(name) || name.startsWith(FLAGS)) query.delete(name);
  }
  return query.toString();
}

/** Takes the Dashboard's parameters out of the address, so that it holds filters and nothing else. */
export function cleanAddress(): void {
  const query = ownQuery(location.search);
  history.replaceState(history.state, "", location.pathname + (query ? `?${query}` : ""));
}

/** The Saleor order that a widget or an action is about: from the menu, or from the app's widget. */
export function openedFor(search: string, appParams: unknown): string | null {
  const told = (appParams as { orderId?: unknown } | undefined)?.orderId;
  return new URLSearchParams(search).get("orderId") ?? (typeof told === "string" ? told : null);
}
