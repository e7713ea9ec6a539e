"""Templates of messages to buyers: a text with holes in braces, such as ``{order_number}``.

There is no way to write a hole that is none, and none is needed: braces around anything but a word
of letters and underscores stay as they are. The buyer's name is no placeholder, because Amazon
begins each message with it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Placeholder(StrEnum):
    """What a template can name. The values are stored within texts: never rename one."""

    ORDER_NUMBER = "order_number"
    ORDER_DATE = "order_date"
    ITEMS = "items"
    CARRIER = "carrier"
    TRACKING_NUMBER = "tracking_number"
    SHIP_BY = "ship_by"
    SHOP_NAME = "shop_name"


_HOLE: Final = re.compile(r"\{\s*([A-Za-z_]+)\s*\}")
_KNOWN: Final = frozenset(Placeholder)


@dataclass(frozen=True)
class Rendered:
    """A template's text for one order; the holes of ``missing`` stand in it unfilled."""

    text: str
    missing: tuple[Placeholder, ...]


def holes_in(text: str) -> tuple[str, ...]:
    """Return the names of a text's holes, each once, in their order."""
    return tuple(dict.fromkeys(_HOLE.findall(text)))


def unknown_holes(text: str) -> tuple[str, ...]:
    """Return the names of holes that nothing could ever fill."""
    return tuple(name for name in holes_in(text) if name not in _KNOWN)


def render(text: str, values: Mapping[Placeholder, str]) -> Rendered:
    """Fill a text's holes. What is filled in is not looked at for holes again."""
    known = {str(name): value for name, value in values.items() if value}

    def fill(hole: re.Match[str]) -> str:
        return known.get(hole[1], hole[0])

    missing = tuple(Placeholder(n) for n in holes_in(text) if n in _KNOWN and n not in known)
    return Rendered(_HOLE.sub(fill, text), missing)


def closeness(language: str, locale: str) -> int:
    """Tell how well a template's language fits a buyer's: 0 is best, 3 is another language.

    Both are tags such as ``de-DE``; an empty language stands for any.
    """
    if not language or not locale:
        return 2
    if language.casefold() == locale.casefold():
        return 0
    same = language.partition("-")[0].casefold() == locale.partition("-")[0].casefold()
    return 1 if same else 3
