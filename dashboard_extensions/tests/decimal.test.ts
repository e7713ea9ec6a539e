import { describe, expect, it } from "vitest";
import { digitsOf, fromUnits, readAmount, unitsOf } from "../src/format/decimal";
import { makeFormats } from "../src/format/formats";

describe("amounts that people type", () => {
  it.each([
    ["12.34", "EUR", "12.34"],
    ["12,34", "EUR", "12.34"],
    [" 12 ", "EUR", "12.00"],
    ["12.3", "EUR", "12.30"],
    ["12.340", "EUR", "12.34"],
    ["1200", "JPY", "1200"],
    ["0.005", "EUR", null],
    ["12.5", "JPY", null],
    ["-1", "EUR", null],
    ["1,234.56", "EUR", null],
    ["1e3", "EUR", null],
    ["", "EUR", null],
    ["abc", "EUR", null],
  ])("%s in %s is %s", (typed, currency, amount) => {
    expect(readAmount(typed, currency)).toBe(amount);
  });

  it("keep digits that a binary fraction would lose", () => {
    expect(readAmount("90071992547409.93", "EUR")).toBe("90071992547409.93");
  });
});

describe("whole units", () => {
  it.each([
    ["0.07", 2],
    ["-12.30", 2],
    ["1200", 0],
    ["9007199254740993.01", 2],
  ])("of %s come back as they were", (text, digits) => {
    expect(fromUnits(unitsOf(text, digits) ?? 0n, digits)).toBe(text);
  });

  it("know each currency's digits", () => {
    expect([digitsOf("EUR"), digitsOf("JPY")]).toEqual([2, 0]);
  });
});

describe("money in words", () => {
  it("is exact beyond what a number holds", () => {
    expect(makeFormats("en").money("9007199254740993.01", "USD")).toBe("$9,007,199,254,740,993.01");
  });

  it.each([
    ["de", "EUR", "1234.50", "1.234,50\u00a0€"],
    ["en", "GBP", "0.07", "£0.07"],
    ["ja", "JPY", "1200", "￥1,200"],
    ["nl", "EUR", "1234.50", "€\u00a01.234,50"],
  ])("follows %s", (locale, currency, amount, text) => {
    expect(makeFormats(locale).money(amount, currency)).toBe(text);
  });

  it.each([
    [null, "EUR"],
    ["1", null],
  ])("is a dash where %s %s is not told", (amount, currency) => {
    expect(makeFormats("en").money(amount, currency)).toBe("–");
  });

  it("is English for a language that there is not", () => {
    expect(makeFormats("not a language").money("1", "EUR")).toBe("€1.00");
  });
});

describe("times in words", () => {
  const now = Date.parse("2026-11-24T12:00:00Z");
  it.each([
    ["2026-11-24T09:00:00Z", "3 hours ago"],
    ["2026-11-24T12:30:00Z", "in 30 minutes"],
    ["2026-11-22T12:00:00Z", "2 days ago"],
    ["2026-11-24T12:00:00Z", "now"],
  ])("%s is %s", (moment, text) => {
    expect(makeFormats("en").relative(moment, now)).toBe(text);
  });
});

describe("dates in lists", () => {
  const now = new Date("2026-11-24T12:00:00Z");
  it.each([
    ["2026-03-05T12:00:00", "Mar 5"],
    ["2025-03-05T12:00:00", "Mar 5, 2025"],
    [null, "–"],
  ])("%s is %s", (moment, text) => {
    expect(makeFormats("en").shortDate(moment, now)).toBe(text);
  });
});
