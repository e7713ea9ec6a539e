import { describe, expect, it } from "vitest";
import { asQuery } from "../src/api/queries";
import {
  asFilter,
  asOrderQuery,
  chipsOf,
  DEFAULT_SORTING,
  type Filters,
  midnight,
  NO_FILTERS,
  readFilters,
  readSorting,
  without,
  writeQuery,
} from "../src/pages/orders/filters";

const FULL: Filters = {
  search: "302-1234567",
  number: "302",
  buyer: "Müller & Söhne",
  currency: "EUR",
  total_min: "10.50",
  total_max: "99",
  status: ["UNSHIPPED", "PARTIALLY_SHIPPED"],
  state: ["blocked"],
  marketplace: ["A1PA6795UKMFR9"],
  fulfilled_by: "MERCHANT",
  purchased_from: "2026-11-01",
  purchased_to: "2026-11-24",
  ship_by_from: "2026-11-20",
  ship_by_to: "2026-11-30",
  due: "late",
  has_problem: "true",
  problem: ["unknown_sku"],
  mark: ["prime", "business"],
};

describe("the address of the list of orders", () => {
  it("holds every filter, and gives it back as it was", () => {
    const sorting = { sort: "total", direction: "ascending" } as const;
    const query = new URLSearchParams(writeQuery(FULL, sorting));
    expect(readFilters(query)).toEqual(FULL);
    expect(readSorting(query)).toEqual(sorting);
  });

  it("is empty for the list as it usually is", () => {
    expect(writeQuery(NO_FILTERS, DEFAULT_SORTING)).toBe("");
    expect(readFilters(new URLSearchParams(""))).toEqual({
      ...Object.fromEntries(Object.keys(FULL).map((name) => [name, undefined])),
      ...NO_FILTERS,
    });
  });

  it.each(["sort=price", "direction=up", "sort=&direction="])("forgives %s", (query) => {
    expect(readSorting(new URLSearchParams(query))).toEqual(DEFAULT_SORTING);
  });
});

describe("what the API is asked for", () => {
  it("includes the last day: the API's end is exclusive", () => {
    const filter = asFilter({
      ...NO_FILTERS,
      purchased_from: "2026-11-30",
      purchased_to: "2026-11-30",
    });
    const [from, to] = [filter.purchased_from, filter.purchased_to].map((at) =>
      Date.parse(String(at)),
    );
    expect(Number(to) - Number(from)).toBe(24 * 3600 * 1000);
  });

  it("compares totals only within a currency", () => {
    const loose = asQuery(asFilter({ ...NO_FILTERS, total_min: "5" }));
    expect(loose).not.toHaveProperty("total_min");
    const fixed = asQuery(asFilter({ ...NO_FILTERS, total_min: "5", currency: "JPY" }));
    expect(fixed).toMatchObject({ total_min: "5", currency: "JPY" });
  });

  it("leaves out what does not restrict", () => {
    expect(asQuery(asOrderQuery(NO_FILTERS, DEFAULT_SORTING))).toEqual({
      sort: "purchased",
      direction: "descending",
      limit: 50,
    });
  });

  it.each(["", "24.11.2026", "2026-1-1", undefined])("takes %s for no day", (day) => {
    expect(midnight(day)).toBeUndefined();
  });
});

describe("chips", () => {
  it("show each restriction but the search", () => {
    const names = chipsOf(FULL).map(({ name, value }) => `${name}=${value}`);
    expect(names).toContain("status=UNSHIPPED");
    expect(names).toContain("status=PARTIALLY_SHIPPED");
    expect(names).not.toContain("search=302-1234567");
    expect(names).toHaveLength(12 + 7);
  });

  it("take off one value of several", () => {
    expect(without(FULL, "status", "UNSHIPPED").status).toEqual(["PARTIALLY_SHIPPED"]);
    expect(without(FULL, "buyer", "Müller & Söhne").buyer).toBeUndefined();
  });

  it("take the totals off with their currency", () => {
    const rest = without(FULL, "currency", "EUR");
    expect([rest.currency, rest.total_min, rest.total_max]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("can all be taken off, one by one", () => {
    const rest = chipsOf(FULL).reduce((left, { name, value }) => without(left, name, value), FULL);
    expect(chipsOf(rest)).toEqual([]);
  });
});
