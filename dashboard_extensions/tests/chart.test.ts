import { describe, expect, it } from "vitest";
import { clamp } from "../src/pages/order/cancel-dialog";
import { busiest } from "../src/pages/overview/figures-card";
import { barsOf } from "../src/pages/overview/revenue-chart";
import { toneOfIntent, toneOfState, toneOfStatus } from "../src/ui/words";

const day = (name: string, ...turnover: [string, string][]) => ({
  day: name,
  turnover: turnover.map(([currency, revenue]) => ({ currency, revenue, orders: 1 })),
});

describe("the chart", () => {
  const days = [
    day("2026-11-01", ["EUR", "50.00"], ["JPY", "9000"]),
    day("2026-11-02"),
    day("2026-11-03", ["EUR", "100.00"]),
  ];

  it("has a bar for each day, as high as its share of the best one", () => {
    const [first, second, third] = barsOf(days, "EUR");
    expect(first?.height).toBeCloseTo((third?.height ?? 0) / 2);
    expect(second?.height).toBe(0);
    expect(third?.revenue).toBe("100.00");
  });

  it("looks at one currency alone", () => {
    expect(barsOf(days, "JPY").map((bar) => bar.revenue)).toEqual(["9000", "0", "0"]);
  });

  it.each([
    [[], "EUR"],
    [days, "USD"],
  ] as const)("is flat without revenue", (some, currency) => {
    expect(barsOf(some, currency).every((bar) => bar.height === 0)).toBe(true);
  });

  it("begins with the currency of most orders", () => {
    const turnover = [
      { currency: "GBP", revenue: "9000", orders: 2 },
      { currency: "EUR", revenue: "10", orders: 7 },
    ];
    const figures = { timezone: "UTC", daily: [], periods: [{ days: null, turnover, held: [] }] };
    expect(busiest(figures)).toBe("EUR");
  });
});

describe("units that are typed", () => {
  it.each([
    ["2", 2],
    ["9", 3],
    ["-1", 0],
    ["1.9", 1],
    ["", 0],
    ["many", 0],
  ])("%s are %i of three", (typed, count) => {
    expect(clamp(typed, 3)).toBe(count);
  });
});

describe("colours", () => {
  it.each([
    ["UNSHIPPED", "warn"],
    ["PARTIALLY_SHIPPED", "warn"],
    ["SHIPPED", "good"],
    ["CANCELLED", "bad"],
    ["SOMETHING_NEW", "calm"],
  ])("of %s are %s", (status, tone) => {
    expect(toneOfStatus(status)).toBe(tone);
  });

  it("tell done from under way", () => {
    expect(["accepted", "submitted", "rejected", "needs_attention"].map(toneOfIntent)).toEqual([
      "good",
      "info",
      "bad",
      "warn",
    ]);
    expect(["imported", "creating", "blocked", "waiting"].map(toneOfState)).toEqual([
      "good",
      "info",
      "bad",
      "calm",
    ]);
  });
});
