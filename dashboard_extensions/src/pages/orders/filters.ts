import type { Schemas } from "../../api/client";
import type { OrderFilter, OrderQuery } from "../../api/queries";
import { timezone } from "../../api/queries";

/**
 * The filter of the list of orders as it stands in the address: the API's own names, days without
 * a time, and the last day included as people mean it.
 */
export interface Filters {
  search?: string | undefined;
  number?: string | undefined;
  buyer?: string | undefined;
  currency?: string | undefined;
  total_min?: string | undefined;
  total_max?: string | undefined;
  status: string[];
  state: string[];
  marketplace: string[];
  fulfilled_by?: string | undefined;
  purchased_from?: string | undefined;
  purchased_to?: string | undefined;
  ship_by_from?: string | undefined;
  ship_by_to?: string | undefined;
  due?: string | undefined;
  has_problem?: string | undefined;
  problem: string[];
  mark: string[];
}

export const SINGLE = [
  "search",
  "number",
  "buyer",
  "currency",
  "total_min",
  "total_max",
  "fulfilled_by",
  "purchased_from",
  "purchased_to",
  "ship_by_from",
  "ship_by_to",
  "due",
  "has_problem",
] as const;
export const MANY = ["status", "state", "marketplace", "problem", "mark"] as const;
export type SingleName = (typeof SINGLE)[number];
export type ManyName = (typeof MANY)[number];

export const NO_FILTERS: Filters = {
  status: [],
  state: [],
  marketplace: [],
  problem: [],
  mark: [],
};

const SORTS = ["purchased", "ship_by", "total", "updated"] as const;

export interface Sorting {
  sort: Schemas["Sort"];
  direction: Schemas["Direction"];
}

export const DEFAULT_SORTING: Sorting = { sort: "purchased", direction: "descending" };

export function readFilters(query: URLSearchParams): Filters {
  const filters: Filters = { ...NO_FILTERS };
  for (const name of SINGLE) filters[name] = query.get(name) || undefined;
  for (const name of MANY) filters[name] = query.getAll(name).filter(Boolean);
  return filters;
}

export function readSorting(query: URLSearchParams): Sorting {
  const sort = SORTS.find((known) => known === query.get("sort")) ?? DEFAULT_SORTING.sort;
  const direction = query.get("direction") === "ascending" ? "ascending" : "descending";
  return { sort, direction };
}

/** The address's query for filters and sorting; what is usual does not stand in it. */
export function writeQuery(filters: Filters, sorting: Sorting): string {
  const query = new URLSearchParams();
  for (const name of SINGLE) {
    const value = filters[name];
    if (value) query.set(name, value);
  }
  for (const name of MANY) for (const value of filters[name]) query.append(name, value);
  if (sorting.sort !== DEFAULT_SORTING.sort) query.set("sort", sorting.sort);
  if (sorting.direction !== DEFAULT_SORTING.direction) query.set("direction", sorting.direction);
  return query.toString();
}

/** Midnight of a day in the browser's time zone; `shift` days later. */
export function midnight(day: string | undefined, shift = 0): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? "");
  if (!match) return undefined;
  const [year = 0, month = 1, date = 1] = match.slice(1).map(Number);
  return new Date(year, month - 1, date + shift).toISOString();
}

/** What the API is asked for. */
export function asFilter(filters: Filters): OrderFilter {
  const { total_min, total_max, currency } = filters;
  const withTotal = currency ? { currency, total_min, total_max } : {};
  return {
    search: filters.search,
    number: filters.number,
    buyer: filters.buyer,
    ...withTotal,
    status: filters.status,
    state: filters.state as Schemas["OrderState"][],
    marketplace: filters.marketplace,
    fulfilled_by: filters.fulfilled_by as Schemas["FulfilledBy"] | undefined,
    purchased_from: midnight(filters.purchased_from),
    purchased_to: midnight(filters.purchased_to, 1),
    ship_by_from: midnight(filters.ship_by_from),
    ship_by_to: midnight(filters.ship_by_to, 1),
    due: filters.due as Schemas["Due"] | undefined,
    ...(filters.due ? { timezone: timezone() } : {}),
    has_problem: filters.has_problem ? filters.has_problem === "true" : undefined,
    problem: filters.problem as Schemas["ProblemKind"][],
    mark: filters.mark as Schemas["Mark"][],
  } as OrderFilter;
}

export function asOrderQuery(filters: Filters, sorting: Sorting, cursor?: string): OrderQuery {
  return { ...asFilter(filters), ...sorting, limit: 50, ...(cursor ? { cursor } : {}) };
}

/** Without one of its values, as the button of a chip takes it off. */
export function without(filters: Filters, name: SingleName | ManyName, value: string): Filters {
  if ((MANY as readonly string[]).includes(name)) {
    const many = name as ManyName;
    return { ...filters, [many]: filters[many].filter((other) => other !== value) };
  }
  const rest = { ...filters, [name]: undefined };
  // Sums are only compared within a currency.
  return name === "currency" ? { ...rest, total_min: undefined, total_max: undefined } : rest;
}

/** Every restriction as a name and a value, in the order in which chips show them. */
export function chipsOf(filters: Filters): { name: SingleName | ManyName; value: string }[] {
  const single = SINGLE.filter((name) => name !== "search").flatMap((name) => {
    const value = filters[name];
    return value ? [{ name, value }] : [];
  });
  const many = MANY.flatMap((name) => filters[name].map((value) => ({ name, value })));
  return [...single, ...many];
}
