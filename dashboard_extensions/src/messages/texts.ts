import type { Schemas } from "../api/client";

type Suggestion = Schemas["TemplateSuggestion"];
type Placeholder = Schemas["PlaceholderShown"];

/** A piece of a template's text as its preview shows it. */
export interface Piece {
  text: string;
  /** `hole`: nothing can be filled in there. */
  kind: "plain" | "filled" | "hole";
}

/** As the API sees it: a word of letters and underscores in braces. */
const HOLE = /\{\s*([A-Za-z_]+)\s*\}/g;

/** The holes of a text as they stand in it, each once. */
export function holesIn(text: string): string[] {
  return [...new Set([...text.matchAll(HOLE)].map(([whole]) => whole))];
}

/** A template with examples in its holes, piece by piece. */
export function withExamples(text: string, placeholders: readonly Placeholder[]): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  const add = (piece: Piece) => piece.text && pieces.push(piece);
  for (const hole of text.matchAll(HOLE)) {
    const [whole, name] = hole;
    const known = placeholders.find((one) => one.name === name);
    add({ text: text.slice(done, hole.index), kind: "plain" });
    add(known ? { text: known.example, kind: "filled" } : { text: whole, kind: "hole" });
    done = hole.index + whole.length;
  }
  add({ text: text.slice(done), kind: "plain" });
  return pieces;
}

/** How many characters are left; below zero there are too many. The API counts alike (UTF-16). */
export const charactersLeft = (text: string, longest: number): number => longest - text.length;

/** A text with a word put in the place of what is selected. */
export function withWord(text: string, word: string, start: number, end: number): string {
  return text.slice(0, start) + word + text.slice(end);
}

/** The suggestions in a language of the pages, without those that were taken up by name. */
export function suggestionsIn(
  language: string,
  suggestions: readonly Suggestion[],
  taken: readonly { name: string }[],
): Suggestion[] {
  const has = suggestions.some((one) => one.language === language);
  return suggestions.filter(
    (one) =>
      one.language === (has ? language : "en") && !taken.some(({ name }) => name === one.name),
  );
}

/** A language by its name, `German (Germany)` for `de-DE`; the tag where it has none. */
export function languageName(tag: string, inLanguage: string): string {
  try {
    const names = new Intl.DisplayNames(inLanguage, { type: "language", fallback: "code" });
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}
