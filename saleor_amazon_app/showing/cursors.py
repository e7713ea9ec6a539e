"""Places in a sorted list, as texts that a page hands back to get the next one.

A place is the last row's sort value and id, so that rows which arrive meanwhile shift nothing
(keyset paging; an offset would repeat or skip rows, and would get slower with each page).
"""

import base64
import json
from dataclasses import dataclass
from datetime import datetime

from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.sentences import say

Value = str | int | datetime | None


class BadCursor(Misconfigured):
    """A cursor that this app did not give, or gave for another order of the list."""


@dataclass(frozen=True)
class Place:
    """After which row a page begins; ``values`` are those of the sort columns."""

    sort: str
    values: tuple[Value, ...]
    id: str

    def __str__(self) -> str:
        told = [v.isoformat() if isinstance(v, datetime) else v for v in self.values]
        text = json.dumps([self.sort, told, self.id], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_place(cursor: str, sort: str, kinds: tuple[type, ...]) -> Place:
    """Read a cursor.

    Args:
        cursor: As it was given.
        sort: The order of the list for which it must have been given.
        kinds: The types of the sort columns; each value may also be None.

    Raises:
        BadCursor: It was not given for this list.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        told_sort, told, identifier = json.loads(base64.urlsafe_b64decode(padded))
        values = tuple(_value(v, kind) for v, kind in zip(told, kinds, strict=True))
    except (ValueError, TypeError):
        raise _bad() from None
    if told_sort != sort or not isinstance(identifier, str):
        raise _bad()
    return Place(sort, values, identifier)


def _value(told: object, kind: type) -> Value:
    if told is None:
        return None
    if kind is datetime and isinstance(told, str):
        return datetime.fromisoformat(told)
    if isinstance(told, str | int) and isinstance(told, kind):
        return told
    raise ValueError(kind)


def _bad() -> BadCursor:
    return BadCursor(say("refused.cursor"), cure=say("refused.first_page"), code="cursor")
