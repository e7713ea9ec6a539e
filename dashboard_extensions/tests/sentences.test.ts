import type { i18n } from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import openapi from "../openapi.json";
import { makeFormats } from "../src/format/formats";
import { changeTexts, LANGUAGES, type Language, startTexts } from "../src/i18n";
import de from "../src/i18n/de.json";
import en from "../src/i18n/en.json";
import nl from "../src/i18n/nl.json";
import saidDe from "../src/i18n/said/de.json";
import saidEn from "../src/i18n/said/en.json";
import saidNl from "../src/i18n/said/nl.json";
import { type Sentence, sayer } from "../src/i18n/sentences";
import { flat } from "./catalogues";

const SAID = { en: flat(saidEn), de: flat(saidDe), nl: flat(saidNl) };
const PAGES = { en: flat(en), de: flat(de), nl: flat(nl) };

/** Every sentence that the API can say, with the names of its holes: written by the back end. */
const KNOWN = Object.entries(openapi["x-sentences"] as Record<string, string[]>);
const keysOf = (code: string, holes: string[]) =>
  holes.includes("count") ? [`${code}_one`, `${code}_other`] : [code];
const holesIn = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);

describe.each(LANGUAGES)("the sentences in %s", (language) => {
  const said = SAID[language];

  it("are all that the API can say, and no other", () => {
    expect(KNOWN.length).toBeGreaterThan(200);
    const wanted = KNOWN.flatMap(([code, holes]) => keysOf(code, holes));
    expect([...said.keys()].sort()).toEqual(wanted.sort());
  });

  it("show everything that the API tells, and ask for nothing else", () => {
    const differ = KNOWN.flatMap(([code, holes]) =>
      keysOf(code, holes).filter(
        (key) => String(holesIn(said.get(key) ?? "").sort()) !== String([...holes].sort()),
      ),
    );
    expect(differ).toEqual([]);
  });

  it("are none of them empty", () => {
    expect([...said].filter(([, text]) => !text.trim())).toEqual([]);
  });
});

describe("the sentences in other languages", () => {
  it.each(["de", "nl"] as const)("are not the English ones: %s", (language) => {
    const same = [...SAID[language]].filter(([key, text]) => text === SAID.en.get(key));
    expect(same.map(([key]) => key)).toEqual([
      "problem.saleor_says",
      "problem.with_cure",
      "summary.invoice",
      "summary.invoice_number",
      "detail.setting",
      "detail.value",
      "detail.template",
    ]);
  });
});

const { schemas } = openapi.components;
const VALUES = [
  ["problems", schemas.ProblemKind.enum],
  ["states", schemas.OrderState.enum],
  ["cancel_reasons", schemas.CancelReason.enum],
  ["refund_reasons", schemas.AdjustmentReason.enum],
  ["buyer_emails", schemas.BuyerEmail.enum],
  ["regions", schemas.Region.enum],
] as const;

describe.each(LANGUAGES)("the values in %s", (language) => {
  it.each(VALUES)("have a label each: %s", (list, values) => {
    const missing = values.filter((value) => !PAGES[language].has(`value.${list}.${value}`));
    expect(missing).toEqual([]);
  });
});

describe("a sentence", () => {
  let texts: i18n;
  beforeAll(() => {
    texts = startTexts();
  });

  async function inLanguage(language: Language, sentence: Sentence | null): Promise<string> {
    await changeTexts(texts, language);
    return sayer(texts, makeFormats(language))(sentence).replaceAll(/\u00a0|\u202f/g, " ");
  }

  const summary: Sentence = {
    code: "summary.refund",
    params: {
      amount: { amount: "1234.50", currency: "EUR" },
      reason: { vocabulary: "refund_reasons", value: "CustomerReturn" },
    },
    text: "Refund of €1,234.50, reason CustomerReturn",
  };
  const words: Sentence = { code: "", params: {}, text: "Amazon's own words." };
  const unknown: Sentence = { code: "of.tomorrow", params: {}, text: "Something new." };

  it.each([
    ["en", "Refund of €1,234.50, reason Customer return"],
    ["de", "Erstattung über 1.234,50 €, Grund: Rücksendung"],
    ["nl", "Terugbetaling van € 1.234,50, reden: Retour"],
  ] as const)("has its money and its terms in %s", async (language, text) => {
    expect(await inLanguage(language, summary)).toBe(text);
  });

  it("counts", async () => {
    const units = (count: number): Sentence => ({
      code: "why_not.units_left",
      params: { count },
      text: `${count} units of it have left already.`,
    });
    expect(await inLanguage("de", units(1))).toBe("1 Einheit davon ist schon versendet.");
    expect(await inLanguage("de", units(1200))).toBe("1.200 Einheiten davon sind schon versendet.");
  });

  it("holds other sentences, and other people's words as they are", async () => {
    const rejected: Sentence = {
      code: "rejected.refund",
      params: { summary, answer: words },
      text: "…",
    };
    expect(await inLanguage("de", rejected)).toBe(
      "Amazon hat die Erstattung abgelehnt (Erstattung über 1.234,50 €, Grund: Rücksendung): " +
        "Amazon's own words.",
    );
  });

  it("follows another, and lists what it names", async () => {
    const repaired: Sentence = {
      code: "history.address_repaired",
      params: {
        fields: [
          { vocabulary: "address_fields", value: "city" },
          { vocabulary: "address_fields", value: "phone" },
        ],
      },
      text: "…",
    };
    const both: Sentence = { code: "several", params: { sentences: [repaired, words] }, text: "…" };
    expect(await inLanguage("nl", both)).toBe(
      "Adres hersteld: Plaats en Telefoon. Amazon's own words.",
    );
  });

  it("that this page does not know is said in English", async () => {
    expect(await inLanguage("de", unknown)).toBe("Something new.");
  });

  it("with a part that this page does not know is not said in two languages", async () => {
    const half: Sentence = {
      code: "answer.not_sent",
      params: { why: unknown },
      text: "Not sent: Something new.",
    };
    expect(await inLanguage("de", half)).toBe("Not sent: Something new.");
  });

  it("has a new word of Amazon's as it is", async () => {
    const status: Sentence = {
      code: "why_not.status",
      params: { status: { vocabulary: "statuses", value: "BRAND_NEW" } },
      text: "At Amazon the order is BRAND_NEW.",
    };
    expect(await inLanguage("de", status)).toBe("Bei Amazon ist die Bestellung „BRAND_NEW“.");
  });

  it("does not read what fills it as a template", async () => {
    const sku: Sentence = {
      code: "problem.unknown_sku",
      params: { sku: "{{count}} $t(nav.orders)" },
      text: "…",
    };
    expect(await inLanguage("de", sku)).toBe(
      "Keine Variante in Saleor hat die SKU „{{count}} $t(nav.orders)“.",
    );
  });

  it("that is none says nothing", async () => {
    expect(await inLanguage("de", null)).toBe("");
  });
});
