let query = "";

/** Remembers the list that was last looked at, so that an order's page leads back to it. */
export function rememberList(search: string): void {
  query = search;
}

export const lastList = (): string => (query ? `/orders?${query}` : "/orders");
