/** An amount as the API tells it: a decimal in a string, so that no cent is lost on the way. */
export interface Money {
  amount: string;
  currency: string;
}

export interface Formats {
  money(amount: string | null | undefined, currency: string | null | undefined): string;
  number(value: number): string;
  date(moment: string | null | undefined): string;
  dateTime(moment: string | null | undefined): string;
  /** For lists: without the year where it is this one. */
  shortDate(moment: string | null | undefined, now?: Date): string;
  shortDateTime(moment: string | null | undefined, now?: Date): string;
  day(moment: string): string;
  /** "in 3 hours", "2 days ago" */
  relative(moment: string | null | undefined, now?: number): string;
  list(items: readonly string[]): string;
}

const NOTHING = "–";
const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** Formats for a language of the Dashboard, such as `de` or `pt-BR`; an unknown one is English. */
export function makeFormats(locale: string): Formats {
  const tag = supported(locale);
  const date = new Intl.DateTimeFormat(tag, { dateStyle: "medium" });
  const dateTime = new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" });
  const time = { hour: "numeric", minute: "2-digit" } as const;
  const dayTime = new Intl.DateTimeFormat(tag, { day: "numeric", month: "short", ...time });
  const day = new Intl.DateTimeFormat(tag, { day: "numeric", month: "short" });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  const number = new Intl.NumberFormat(tag);
  const list = new Intl.ListFormat(tag, { type: "conjunction" });
  const money = new Map<string, Intl.NumberFormat>();
  return {
    money(amount, currency) {
      if (amount === null || amount === undefined || !currency) return NOTHING;
      let format = money.get(currency);
      if (!format) {
        format = new Intl.NumberFormat(tag, { style: "currency", currency });
        money.set(currency, format);
      }
      // A decimal string is formatted exactly; a number would go through binary fractions.
      return format.format(amount as Intl.StringNumericLiteral);
    },
    number: (value) => number.format(value),
    date: (moment) => (moment ? date.format(new Date(moment)) : NOTHING),
    dateTime: (moment) => (moment ? dateTime.format(new Date(moment)) : NOTHING),
    shortDate: (moment, now = new Date()) => {
      if (!moment) return NOTHING;
      return (isOfThisYear(moment, now) ? day : date).format(new Date(moment));
    },
    shortDateTime: (moment, now = new Date()) => {
      if (!moment) return NOTHING;
      return (isOfThisYear(moment, now) ? dayTime : dateTime).format(new Date(moment));
    },
    day: (moment) => day.format(new Date(moment)),
    relative: (moment, now = Date.now()) => {
      if (!moment) return NOTHING;
      const seconds = (new Date(moment).getTime() - now) / 1000;
      const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
      return relative.format(Math.trunc(seconds / size), unit);
    },
    list: (items) => list.format(items),
  };
}

const isOfThisYear = (moment: string, now: Date): boolean =>
  new Date(moment).getFullYear() === now.getFullYear();

function supported(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? "en";
  } catch {
    return "en";
  }
}
