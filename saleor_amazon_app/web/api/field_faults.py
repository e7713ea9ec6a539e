"""What is wrong with a field, in the app's sentences instead of pydantic's English ones.

Only limits are told, never what somebody sent, which may be personal.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic_core import ErrorDetails

from saleor_amazon_app.mirror.sentences import Sentence, say

_Told = Callable[[Mapping[str, Any]], Sentence]


def said_of(fault: ErrorDetails) -> Sentence:
    """Say what is wrong; of what has no sentence of its own, that it is of the wrong kind."""
    told = _BY_TYPE.get(fault["type"])
    return told(fault.get("ctx") or {}) if told else say("field.kind")


def _plain(code: str) -> _Told:
    return lambda _limits: say(code)


def _limit(code: str, name: str) -> _Told:
    return lambda limits: say(code, limit=str(limits[name]))


def _length(code: str, name: str) -> _Told:
    return lambda limits: say(code, count=int(limits[name]))


_BY_TYPE: Final[Mapping[str, _Told]] = {
    "missing": _plain("field.missing"),
    "string_too_short": _length("field.too_short", "min_length"),
    "string_too_long": _length("field.too_long", "max_length"),
    "greater_than": _limit("field.above", "gt"),
    "greater_than_equal": _limit("field.at_least", "ge"),
    "less_than_equal": _limit("field.at_most", "le"),
    "string_pattern_mismatch": _plain("field.shape"),
    "enum": _plain("field.choice"),
    "literal_error": _plain("field.choice"),
    "extra_forbidden": _plain("field.unknown"),
}
"""By pydantic's name of the fault (pydantic documentation, "Validation Errors")."""
