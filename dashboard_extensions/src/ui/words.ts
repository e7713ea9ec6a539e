import { useTranslation } from "react-i18next";
import type { Schemas } from "../api/client";
import { useVocabulary } from "../api/queries";
import { useSay } from "../i18n/sentences";
import type { Tone } from "./page";

type List =
  | "cancel_reasons"
  | "refund_reasons"
  | "statuses"
  | "states"
  | "problems"
  | "buyer_emails";

/**
 * Labels of Amazon's and the app's own values. The catalogue comes first, then what the API says in
 * English, then the value itself: Amazon's words are an open set.
 */
export function useWords() {
  const { t, i18n } = useTranslation();
  const say = useSay();
  const { data: vocabulary } = useVocabulary();
  const find = (list: List, value: string): Schemas["Choice"] | undefined =>
    vocabulary?.[list].find((choice) => choice.value === value);
  const known = (list: List | "regions", value: string): string | undefined => {
    const key = `value.${list}.${value}`;
    return i18n.exists(key) ? String(t(key as never)) : undefined;
  };
  const label = (list: List, value: string): string =>
    known(list, value) ?? find(list, value)?.label ?? value;
  return {
    vocabulary,
    known,
    label,
    status: (value: string) => label("statuses", value),
    state: (value: string) => label("states", value),
    problem: (value: string) => label("problems", value),
    choices: (list: List) =>
      (vocabulary?.[list] ?? []).map(({ value }) => ({ value, label: label(list, value) })),
    explanation: (list: List, value: string) => say(find(list, value)?.explanation),
  };
}

/** The colour of an order's Amazon status. */
export function toneOfStatus(status: string): Tone {
  const code = status.toUpperCase().replaceAll(/[^A-Z]/g, "");
  if (code === "SHIPPED" || code === "DELIVERED") return "good";
  if (code === "CANCELLED" || code === "CANCELED" || code === "UNFULFILLABLE") return "bad";
  return code === "UNSHIPPED" || code === "PARTIALLYSHIPPED" ? "warn" : "calm";
}

/** The colour of how far an order has come in the app. */
export function toneOfState(state: string): Tone {
  if (state === "imported") return "good";
  if (state === "blocked") return "bad";
  return state === "ready" || state === "creating" || state === "created" ? "info" : "calm";
}

/** The colour of what was to be told to Amazon. */
export function toneOfIntent(state: string): Tone {
  if (state === "accepted") return "good";
  if (state === "rejected") return "bad";
  if (state === "needs_attention") return "warn";
  return state === "withdrawn" ? "calm" : "info";
}
