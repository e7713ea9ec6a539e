import i18next, { type i18n } from "i18next";
import { initReactI18next } from "react-i18next";
import en from "./en.json";
import saidEn from "./said/en.json";

/** The languages with a catalogue. English is part of the first load and the fallback. */
export const LANGUAGES = ["en", "de", "nl"] as const;
export type Language = (typeof LANGUAGES)[number];

type Loaded = [{ default: typeof en }, { default: typeof saidEn }];

/** What the pages say, and in `said` what the API says, by the codes of its sentences. */
const CATALOGUES: Record<Exclude<Language, "en">, () => Promise<Loaded>> = {
  de: () => Promise.all([import("./de.json"), import("./said/de.json")]),
  nl: () => Promise.all([import("./nl.json"), import("./said/nl.json")]),
};

/** The catalogue for a language of the Dashboard: `de-AT` is German, unknown ones are English. */
export function languageFor(locale: string): Language {
  const base = locale.toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === base) ?? "en";
}

export function startTexts(): i18n {
  void i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en, said: saidEn } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  return i18next;
}

/** Changes the language of the texts, fetching its catalogue the first time. */
export async function changeTexts(texts: i18n, locale: string): Promise<void> {
  const language = languageFor(locale);
  if (language !== "en" && !texts.hasResourceBundle(language, "translation")) {
    const [pages, said] = await CATALOGUES[language]();
    texts.addResourceBundle(language, "translation", pages.default);
    texts.addResourceBundle(language, "said", said.default);
  }
  document.documentElement.lang = language;
  await texts.changeLanguage(language);
}
