import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { changeTexts, LANGUAGES, languageFor, startTexts } from "../src/i18n";
import de from "../src/i18n/de.json";
import en from "../src/i18n/en.json";
import nl from "../src/i18n/nl.json";
import { flat } from "./catalogues";

const CATALOGUES = { en: flat(en), de: flat(de), nl: flat(nl) };
const OTHERS = [
  ["de", CATALOGUES.de],
  ["nl", CATALOGUES.nl],
] as const;
const holes = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

describe.each(OTHERS)("the catalogue %s", (_name, catalogue) => {
  it("has the keys of the English one and no other", () => {
    expect([...catalogue.keys()].sort()).toEqual([...CATALOGUES.en.keys()].sort());
  });

  it("fills the same holes", () => {
    const differ = [...catalogue].filter(
      ([key, text]) => String(holes(text)) !== String(holes(CATALOGUES.en.get(key) ?? "")),
    );
    expect(differ).toEqual([]);
  });

  it("leaves no text empty", () => {
    expect([...catalogue].filter(([, text]) => !text.trim())).toEqual([]);
  });
});

describe("the texts that are used", () => {
  const source = join(import.meta.dirname, "../src");
  const files = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file) && !file.includes("schema"))
    .map((file) => readFileSync(join(source, file), "utf8"))
    .join("\n");
  const literal = [...files.matchAll(/"([a-z]\w*(?:\.\w+)+)"/gi)].map((match) => match[1] ?? "");
  const prefixes = [...files.matchAll(/`([\w.]*\w\.)(\w*)\$\{/g)].map((match) => match[1] ?? "");

  it("are all used somewhere", () => {
    const isUsed = (key: string) => {
      const base = key.replace(/_(one|other)$/, "");
      return (
        literal.includes(base) ||
        files.includes(`"${base}"`) ||
        prefixes.some((prefix) => base.startsWith(prefix)) ||
        // Labels of a select's own names, such as `bulk.retryTitle`.
        /^value\./.test(base)
      );
    };
    expect([...CATALOGUES.en.keys()].filter((key) => !isUsed(key))).toEqual([]);
  });
});

describe("the language", () => {
  it.each([
    ["de", "de"],
    ["de-AT", "de"],
    ["nl_BE", "nl"],
    ["en-GB", "en"],
    ["fr", "en"],
    ["", "en"],
  ])("for %s is %s", (locale, language) => {
    expect(languageFor(locale)).toBe(language);
  });

  describe("once it changes", () => {
    let texts: ReturnType<typeof startTexts>;
    beforeAll(() => {
      texts = startTexts();
    });

    it.each([...LANGUAGES])("speaks %s", async (language) => {
      await changeTexts(texts, language);
      expect(texts.t("nav.orders")).toBe(CATALOGUES[language].get("nav.orders"));
      expect(document.documentElement.lang).toBe(language);
    });

    it("counts", async () => {
      await changeTexts(texts, "en");
      expect(texts.t("orders.count", { count: 1, shown: "1" })).toBe("1 order");
      expect(texts.t("orders.count", { count: 12, shown: "12" })).toBe("12 orders");
    });
  });
});
