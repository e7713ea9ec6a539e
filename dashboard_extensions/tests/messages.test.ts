import { describe, expect, it } from "vitest";
import {
  charactersLeft,
  holesIn,
  languageName,
  suggestionsIn,
  withExamples,
  withWord,
} from "../src/messages/texts";

const explanation = { code: "", params: {}, text: "" };
const PLACEHOLDERS = [
  { name: "order_number", explanation, example: "302-1" },
  { name: "items", explanation, example: "2 × Mug" },
];

describe("a template's text", () => {
  it.each([
    ["No hole.", []],
    ["{items} of { order_number }", ["{items}", "{ order_number }"]],
    ["{items} {items}", ["{items}"]],
    ["{}, {0}, {3F25-04E0}, {two words}", []],
    ["{{items}}", ["{items}"]],
  ])("%s has these holes", (text, holes) => {
    expect(holesIn(text)).toEqual(holes);
  });

  it.each([
    ["", []],
    ["Plain", [["plain", "Plain"]]],
    ["{items}", [["filled", "2 × Mug"]]],
    [
      "Order {order_number}: {items}!",
      [
        ["plain", "Order "],
        ["filled", "302-1"],
        ["plain", ": "],
        ["filled", "2 × Mug"],
        ["plain", "!"],
      ],
    ],
    [
      "Dear {buyer}",
      [
        ["plain", "Dear "],
        ["hole", "{buyer}"],
      ],
    ],
  ])("%s is shown with examples", (text, pieces) => {
    const shown = withExamples(text, PLACEHOLDERS).map(({ kind, text }) => [kind, text]);
    expect(shown).toEqual(pieces);
  });

  it("counts characters as the API does", () => {
    expect(charactersLeft("abc", 400)).toBe(397);
    expect(charactersLeft("😀", 400)).toBe(398);
    expect(charactersLeft("x".repeat(401), 400)).toBe(-1);
  });

  it("takes a word where the cursor is, or instead of what is selected", () => {
    expect(withWord("Order ", "{items}", 6, 6)).toBe("Order {items}");
    expect(withWord("Order it now", "{items}", 6, 8)).toBe("Order {items} now");
  });
});

describe("suggestions", () => {
  const one = (name: string, language: string) => ({
    name,
    language,
    kind: "unexpectedProblem" as const,
    text: "…",
  });
  const ALL = [one("Delay", "en"), one("Stock", "en"), one("Verspätung", "de")];

  it("are in the language of the pages, else in English", () => {
    expect(suggestionsIn("de", ALL, []).map(({ name }) => name)).toEqual(["Verspätung"]);
    expect(suggestionsIn("fr", ALL, []).map(({ name }) => name)).toEqual(["Delay", "Stock"]);
  });

  it("are not made again once they were taken up", () => {
    const left = suggestionsIn("en", ALL, [{ name: "Delay" }]);
    expect(left.map(({ name }) => name)).toEqual(["Stock"]);
    expect(suggestionsIn("de", ALL, [{ name: "Verspätung" }])).toEqual([]);
  });
});

describe("a language", () => {
  it.each([
    ["de-DE", "en", "German (Germany)"],
    ["nl", "de", "Niederländisch"],
    ["not a tag", "en", "not a tag"],
  ])("%s has a name", (tag, inLanguage, name) => {
    expect(languageName(tag, inLanguage)).toBe(name);
  });
});
