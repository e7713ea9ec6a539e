"""Reading fields of Amazon's answers, of which any may be missing or new."""

from datetime import datetime
from typing import Any

from saleor_amazon_app.amazon.errors import Unavailable


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
        raise Unavailable(f"{name} is missing from Amazon's answer to {operation}.", code="shape")
    return value


def moment(value: Any) -> datetime | None:  # noqa: ANN401 - JSON of any shape
    """Read a time of ISO 8601; None if it is none, or has no offset."""
    try:
        read = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return read if read.tzinfo else None
