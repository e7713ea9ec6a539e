"""The app's own sentences: English words that remember their code and what fills their holes.

A sentence is a plain text wherever a text is wanted, so that rules, jobs and the command line write
and compare it as such; pages say it by its code in their reader's language. Words of other people
(Amazon's answers, Saleor's, a merchant's reason) have no code and are shown as they are.

A text that is put together from a sentence by other means than ``say`` is a text without a code.
The catalogue of codes is ``english.ENGLISH``; codes are stored, so never rename one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from string import Formatter
from typing import Any, Final, Literal, Self, TypeAlias

from saleor_amazon_app.mirror.english import ENGLISH
from saleor_amazon_app.mirror.money import words

Vocabulary: TypeAlias = Literal[
    "address_fields",
    "buyer_emails",
    "cancel_reasons",
    "notice_causes",
    "notice_paces",
    "problems",
    "refund_reasons",
    "settings",
    "states",
    "statuses",
]


@dataclass(frozen=True)
class Term:
    """A value of one of the app's or Amazon's lists of words; an open set, as these are."""

    vocabulary: Vocabulary
    value: str

    def __str__(self) -> str:
        return self.value.replace("_", " ") if self.value.islower() else self.value


@dataclass(frozen=True)
class Sum:
    """An amount of money in major units."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return words(self.amount, self.currency)


class Sentence(str):
    """An English text with its code and parameters; ``code`` is empty for words of others."""

    __slots__ = ("code", "params")

    code: str
    params: "Mapping[str, Param]"

    def __new__(
        cls, text: str, code: str = "", params: "Mapping[str, Param] | None" = None
    ) -> Self:
        made = super().__new__(cls, text)
        made.code, made.params = code, params or {}
        return made


Param: TypeAlias = "str | int | Sum | datetime | Term | Sentence | Sequence[Term | Sentence]"

NOTHING: Final = Sentence("")
SEVERAL: Final = "several"
"""The code of sentences that stand one after the other; it needs no words of its own."""


def say(code: str, /, **params: Param) -> Sentence:
    """Say one of the app's sentences.

    A parameter ``count`` chooses between the singular and the plural of it.

    Raises:
        KeyError: There is no such sentence, or a hole of it is not filled.
    """
    template = ENGLISH[_key(code, params.get("count"))]
    text = template.format_map({name: _text(param) for name, param in params.items()})
    return Sentence(text, code, params)


def quote(text: str) -> Sentence:
    """Return words of others as they are; one of the app's own that says just this is known."""
    if isinstance(text, Sentence):
        return text
    return Sentence(text, _BY_TEXT.get(text, ""))


def several(*said: str) -> Sentence:
    """Say one sentence after the other; empty ones are left out."""
    told = [quote(each) for each in said if each]
    if len(told) < 2:  # noqa: PLR2004 - one is no series
        return told[0] if told else NOTHING
    return Sentence(" ".join(told), SEVERAL, {"sentences": told})


def _key(code: str, count: object) -> str:
    if count is None:
        return code
    return f"{code}_one" if count == 1 else f"{code}_other"


def _text(param: Param) -> str:
    if isinstance(param, datetime):
        return param.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    if isinstance(param, Sequence) and not isinstance(param, str):
        return ", ".join(str(each) for each in param)
    return str(param)


def known_sentences() -> dict[str, list[str]]:
    """Return all codes with the names of their holes, for those who translate."""
    known: dict[str, list[str]] = {}
    for key, text in ENGLISH.items():
        holes = [name for _, name, _, _ in Formatter().parse(text) if name]
        code = _PLURAL.sub("", key) if "count" in holes else key
        known[code] = holes
    return dict(sorted(known.items()))


_PLURAL: Final = re.compile("_(one|other)$")
_BY_TEXT: Final = {
    text: code for code, text in ENGLISH.items() if "{" not in text and not code.endswith("_one")
}
"""Sentences without holes. Lines that were stored before sentences had codes are known by these."""


# --- as JSON, in the store and in the API ---------------------------------------------------------


def told(text: str) -> dict[str, Any] | None:
    """Return the code and the parameters of a sentence for storing; None for words of others."""
    sentence = quote(text)
    if not sentence.code:
        return None
    return {"code": sentence.code, "params": params_of(sentence)}


def recall(text: str, stored: Mapping[str, Any] | None) -> Sentence:
    """Return a stored text as the sentence that it was."""
    if not stored:
        return quote(text)
    params = {name: _param(value) for name, value in stored["params"].items()}
    return Sentence(text, stored["code"], params)


def params_of(sentence: Sentence) -> dict[str, Any]:
    """Return the parameters as JSON: an amount, a moment, a term and a sentence as objects."""
    return {name: _plain(param) for name, param in sentence.params.items()}


def _plain(param: Param) -> Any:  # noqa: ANN401 - JSON
    match param:
        case Sentence():
            return {"code": param.code, "params": params_of(param), "text": str(param)}
        case Sum():
            return {"amount": str(param.amount), "currency": param.currency}
        case Term():
            return {"vocabulary": param.vocabulary, "value": param.value}
        case datetime():
            return {"at": param.astimezone(UTC).isoformat()}
        case str() | int():
            return param
    return [_plain(each) for each in param]


def _param(value: Any) -> Param:  # noqa: ANN401 - JSON
    match value:
        case {"code": _, "text": text}:
            return recall(text, value if value["code"] else None)
        case {"amount": amount, "currency": currency}:
            return Sum(Decimal(amount), currency)
        case {"vocabulary": vocabulary, "value": word}:
            return Term(vocabulary, word)
        case {"at": at}:
            return datetime.fromisoformat(at)
        case list():
            return [_part(each) for each in value]
    return value if isinstance(value, int) else str(value)


def _part(value: Any) -> Term | Sentence:  # noqa: ANN401 - JSON
    part = _param(value)
    return part if isinstance(part, Term | Sentence) else quote(str(part))
