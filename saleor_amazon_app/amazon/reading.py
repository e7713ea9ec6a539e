"""Reading fields of Amazon's answers, of which any may be missing or new."""

from datetime import datetime
from typing import Any

from saleor_amazon_app.amazon.errors import Unavailable
from saleor_amazon_app.mirror.sentences import say


def objects(told: Any, name: str) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON of any shape
    """Return the objects of a list that need not be there."""
    found = told.get(name) if isinstance(told, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def required(told: dict[str, Any], name: str, operation: str) -> str:
    """Return a text without which the answer is useless.

    Raises:
        Unavailable: It is missing.
    """
    value = told.get(name)
    if not isinstance(value, str) or not value:
        raise missing(name, operation)
    return value


def missing(name: str, operation: str) -> Unavailable:
    """Return the error for an answer that lacks what it was asked for."""
    return Unavailable(say("amazon.missing", name=name, operation=operation), code="shape")


def endless(operation: str) -> Unavailable:
    """Return the error for a list of more pages than there can be."""
    return Unavailable(say("amazon.without_end", operation=operation), code="pages")


def moment(value: Any) -> datetime | None:  # noqa: ANN401 - JSON of any shape
    """Read a time of ISO 8601; None if it is none, or has no offset."""
    try:
        read = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return read if read.tzinfo else None
