import type { TFunction } from "i18next";
import { SessionExpired } from "../bridge/bridge";
import type { Say, Sentence } from "../i18n/sentences";

/** The API's one shape of errors (RFC 9457), with what the app adds. */
export interface ProblemDetails {
  status: number;
  title: string;
  detail?: string;
  /** What the merchant can do. */
  cure?: string;
  code?: string;
  fields?: { field: string; message: string; sentence?: Sentence | null }[];
  /** The detail by its code, where it is one of the app's sentences. */
  sentence?: Sentence | null;
  /** The cure by its code, likewise. */
  cure_sentence?: Sentence | null;
}

/** The API refused, in its own words. */
export class Refused extends Error {
  override name = "Refused";

  constructor(readonly problem: ProblemDetails) {
    super(problem.detail || problem.title);
  }

  get isForbidden(): boolean {
    return this.problem.status === 403;
  }

  get isMissing(): boolean {
    return this.problem.status === 404;
  }

  /** Whether the same call may work a moment later. */
  get passes(): boolean {
    return this.problem.status === 503 || this.problem.status === 429;
  }
}

/** The API did not answer at all. */
export class Unreachable extends Error {
  override name = "Unreachable";
}

/** What is wrong with each field of a form, by the fields' names. */
export function faultsOf(error: unknown, say: Say): Partial<Record<string, string>> {
  const fields = error instanceof Refused ? (error.problem.fields ?? []) : [];
  return Object.fromEntries(
    fields.map(({ field, message, sentence }) => [field, say(sentence) || message]),
  );
}

/** An error in words for people. */
export function wordsFor(error: unknown, t: TFunction, say: Say): { title: string; text?: string } {
  if (error instanceof Refused) {
    const { title, detail, sentence } = error.problem;
    const cure = say(error.problem.cure_sentence) || error.problem.cure;
    const told = say(sentence) || detail || title;
    const text = [...Object.values(faultsOf(error, say)), cure].filter(Boolean).join(" ");
    return text ? { title: told, text } : { title: told };
  }
  if (error instanceof SessionExpired) {
    return { title: t("error.sessionTitle"), text: t("error.sessionText") };
  }
  if (error instanceof Unreachable) {
    return { title: t("error.unreachableTitle"), text: t("error.unreachableText") };
  }
  return { title: t("error.unexpectedTitle"), text: t("error.unexpectedText") };
}
