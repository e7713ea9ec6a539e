"""Says the app's sentences in the languages of the pages, for mails.

The catalogues are those of the pages (``dashboard_extensions/src/i18n``), and so are the rules: a
sentence of which a part is not known in the language stays English as a whole.
"""

import json
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel.dates import format_datetime
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from saleor_amazon_app.mirror.sentences import SEVERAL, Param, Sentence, Sum, Term, quote

LANGUAGES: Final = ("en", "de", "nl")
_LOCALES: Final = {"en": "en_GB", "de": "de", "nl": "nl"}
_BESIDE_PACKAGE: Final = Path(__file__).parents[2] / "dashboard_extensions" / "src" / "i18n"
_IN_WHEEL: Final = Path(__file__).parents[1] / "i18n"


class _Unknown(Exception):
    """The language has no words for this."""


@dataclass(frozen=True)
class Speaker:
    """Says sentences in one language, moments in one time zone."""

    language: str
    zone: tzinfo

    def say(self, sentence: str) -> str:
        """Say a sentence; words of others stay as they are."""
        try:
            return self._said(quote(sentence))
        except _Unknown:
            return str(sentence)

    def _said(self, sentence: Sentence) -> str:
        if not sentence.code:
            return str(sentence)
        if sentence.code == SEVERAL:
            return " ".join(self._several(sentence.params["sentences"]))
        text = self._template(sentence)
        for name, param in sentence.params.items():
            text = text.replace("{{" + name + "}}", self._filled(param))
        return text

    def _template(self, sentence: Sentence) -> str:
        count = sentence.params.get("count")
        plural = "" if count is None else "_one" if count == 1 else "_other"
        return self._text("said", f"{sentence.code}{plural}")

    def _text(self, catalogue: str, key: str) -> str:
        found: Any = _catalogue(self.language, catalogue)
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if not isinstance(found, str):
            raise _Unknown(key)
        return found

    def _filled(self, param: Param) -> str:
        match param:
            case Sentence():
                return self._said(param)
            case Term():
                return self._term(param)
            case str():
                return param
        return self._formatted(param)

    def _formatted(self, param: Sum | datetime | int | Any) -> str:  # noqa: ANN401 - or a list
        locale = _LOCALES[self.language]
        match param:
            case Sum():
                return format_currency(param.amount, param.currency, locale=locale)
            case datetime():
                return format_datetime(param, "medium", tzinfo=self.zone, locale=locale)
            case int():
                return format_decimal(param, locale=locale)
        return format_list(self._several(param), locale=locale)

    def _several(self, parts: Any) -> list[str]:  # noqa: ANN401 - a parameter that is a list
        return [self._filled(part) for part in parts]

    def _term(self, term: Term) -> str:
        if term.vocabulary == "address_fields":
            return self._text("pages", f"address.{term.value}")
        return self._text("pages", f"value.{term.vocabulary}.{term.value}")


@cache
def _catalogue(language: str, name: str) -> dict[str, Any]:
    """Read what the pages say, or what the API says; an installation without them has nothing."""
    folder = _BESIDE_PACKAGE if _BESIDE_PACKAGE.is_dir() else _IN_WHEEL
    file = folder / "said" / f"{language}.json" if name == "said" else folder / f"{language}.json"
    if not file.exists():
        return {}
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read
