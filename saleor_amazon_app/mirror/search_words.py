"""By what an order can be found: words of names, SKUs, tracking numbers."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

from saleor_amazon_app.mirror.amazon_order import AmazonOrder

_WORD: Final = re.compile(r"\w+")
_NOT_ALPHANUMERIC: Final = re.compile(r"[^0-9A-Z]")
_MOST_WORDS: Final = 12
"""Of a name: no person has more, and a longer text is no name."""


class WordKind(StrEnum):
    """What a word is. The values are hashed with it: never change one."""

    BUYER = "n"
    RECIPIENT = "r"
    SKU = "s"
    TRACKING = "t"


def words_of(order: AmazonOrder, more_tracking: Iterable[str] = ()) -> set[str]:
    """Return all words of an order, each marked with its kind.

    Args:
        order: As Amazon tells it.
        more_tracking: Tracking numbers that the app knows besides.
    """
    return {*_names(order), *_skus(order), *_tracking(order, more_tracking)}


def name_words(text: str, kind: WordKind = WordKind.BUYER) -> list[str]:
    """Return the words of a name, without accents and case, each marked with its kind."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return [f"{kind}:{word}" for word in _WORD.findall(letters)[:_MOST_WORDS]]


def sku_word(text: str) -> str:
    return f"{WordKind.SKU}:{text.strip().casefold()}"


def tracking_word(text: str) -> str:
    """People type tracking numbers with spaces and hyphens, or without."""
    return f"{WordKind.TRACKING}:{_NOT_ALPHANUMERIC.sub('', text.upper())}"


def _names(order: AmazonOrder) -> Iterator[str]:
    if order.buyer and order.buyer.buyer_name:
        yield from name_words(order.buyer.buyer_name)
    if order.address and order.address.name:
        yield from name_words(order.address.name, WordKind.RECIPIENT)


def _skus(order: AmazonOrder) -> Iterator[str]:
    for item in order.order_items:
        if item.product.seller_sku:
            yield sku_word(item.product.seller_sku)


def _tracking(order: AmazonOrder, more: Iterable[str]) -> Iterator[str]:
    for number in (*(package.tracking_number for package in order.packages), *more):
        if number:
            yield tracking_word(number)
