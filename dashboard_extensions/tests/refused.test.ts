import { describe, expect, it } from "vitest";
import { faultsOf, Refused, wordsFor } from "../src/api/refused";
import { makeFormats } from "../src/format/formats";
import { changeTexts, startTexts } from "../src/i18n";
import { type Sentence, sayer } from "../src/i18n/sentences";

const texts = startTexts();
await changeTexts(texts, "de");
const say = sayer(texts, makeFormats("de"));
const coded = (code: string, text: string): Sentence => ({ code, params: {}, text });

const WRONG_TOKEN = new Refused({
  status: 422,
  title: "Unprocessable Entity",
  detail: "The account could not be connected.",
  sentence: coded("connecting.refused", "The account could not be connected."),
  fields: [
    {
      field: "refresh_token",
      message: "Amazon does not accept this token.",
      sentence: coded("connecting.token", "Amazon does not accept this token."),
    },
  ],
});

describe("a refusal", () => {
  it("marks its field, in the language of the page", () => {
    const faults = faultsOf(WRONG_TOKEN, say);
    expect(Object.keys(faults)).toEqual(["refresh_token"]);
    expect(faults.refresh_token).toMatch(/^Amazon nimmt dieses Token nicht an\./);
  });

  it("that names no field marks none", () => {
    const down = new Refused({ status: 503, title: "Service Unavailable", detail: "No answer." });
    expect(faultsOf(down, say)).toEqual({});
    expect(faultsOf(new Error("else"), say)).toEqual({});
  });

  it("is told with its faults where there is no form", () => {
    const told = wordsFor(WRONG_TOKEN, texts.t, say);
    expect(told.title).toBe("Das Konto konnte nicht verbunden werden.");
    expect(told.text).toMatch(/^Amazon nimmt dieses Token nicht an\./);
  });

  it("has its cure in the language of the page", () => {
    const kept = new Refused({
      status: 409,
      title: "Conflict",
      detail: "This problem keeps the order out of Saleor, so it cannot be dismissed.",
      sentence: coded("refused.may_not_dismiss", "This problem keeps the order out of Saleor."),
      cure: "Cure it; it closes by itself then.",
      cure_sentence: coded("refused.cure_it", "Cure it; it closes by itself then."),
    });
    expect(wordsFor(kept, texts.t, say)).toEqual({
      title:
        "Dieses Problem hält die Bestellung von Saleor fern und lässt sich darum nicht ausblenden: " +
        "sonst sähe niemand, dass sie wartet.",
      text: "Beheben Sie es; dann verschwindet es von selbst.",
    });
  });

  it("quotes Amazon's own words as they are", () => {
    const refused: Sentence = {
      code: "amazon.answered_because",
      params: { operation: "searchOrders", status: "403", answer: "Access denied." },
      text: "",
    };
    expect(say(refused)).toBe("Amazon hat searchOrders mit 403 beantwortet: „Access denied.“");
  });

  it("without a code is told in the API's words", () => {
    const told = wordsFor(
      new Refused({ status: 409, title: "Conflict", detail: "No." }),
      texts.t,
      say,
    );
    expect(told).toEqual({ title: "No." });
  });
});
