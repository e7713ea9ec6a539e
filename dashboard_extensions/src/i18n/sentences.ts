import type { i18n } from "i18next";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useFormats } from "../format/context";
import type { Formats } from "../format/formats";

export type Sentence = Schemas["Sentence"];
type Param = Sentence["params"][string];
type Part = Schemas["Term"] | Sentence;

/** Says a sentence of the API in the language of the page; nothing for none. */
export type Say = (sentence: Sentence | null | undefined) => string;

const SEVERAL = "several";

/**
 * Says sentences by their codes. Words of other people have none and stay as they are. A sentence
 * whose code, or that of a part of it, this page does not know stays English as a whole: half of it
 * in another language would be worse.
 */
export function sayer(texts: i18n, format: Formats): Say {
  const term = ({ vocabulary, value }: Schemas["Term"]): string => {
    const key =
      vocabulary === "address_fields" ? `address.${value}` : `value.${vocabulary}.${value}`;
    return texts.exists(key) ? String(texts.t(key as never)) : value;
  };
  const part = (told: Part): string | null =>
    "vocabulary" in told ? term(told) : translated(told);
  const filled = (param: Param): string | null => {
    if (typeof param === "string") return param;
    if (typeof param === "number") return format.number(param);
    if (Array.isArray(param)) return whole(param.map(part), (parts) => format.list(parts));
    if ("currency" in param) return format.money(param.amount, param.currency);
    return "at" in param ? format.dateTime(param.at) : part(param);
  };
  const translated = ({ code, params, text }: Sentence): string | null => {
    if (code === "") return text;
    if (code === SEVERAL && Array.isArray(params.sentences)) {
      return whole(params.sentences.map(part), (parts) => parts.join(" "));
    }
    const count = typeof params.count === "number" ? { count: params.count } : {};
    const key = `said:${code}`;
    const options = { ...count, lng: texts.language, fallbackLng: [] };
    if (!texts.exists(key, options)) return null;
    return whole(Object.values(params).map(filled), (values) => {
      const replace = Object.fromEntries(
        Object.keys(params).map((name, place) => [name, values[place]]),
      );
      return String(texts.t(key as never, { ...options, replace } as never));
    });
  };
  return (sentence) => (sentence ? (translated(sentence) ?? sentence.text) : "");
}

function whole(parts: (string | null)[], join: (parts: string[]) => string): string | null {
  const known = parts.filter((one) => one !== null);
  return known.length === parts.length ? join(known) : null;
}

export function useSay(): Say {
  const { i18n } = useTranslation();
  const format = useFormats();
  const { language } = i18n;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the language changes within i18n
  return useMemo(() => sayer(i18n, format), [i18n, format, language]);
}
