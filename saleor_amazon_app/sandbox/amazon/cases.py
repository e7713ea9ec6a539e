"""The register of cases: what makes an order special, and what a mirror should make of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from saleor_amazon_app.sandbox.amazon.drafts import Draft
from saleor_amazon_app.sandbox.catalogue import SALES_CHANNELS

Expected = Literal["imported", "waiting", "blocked", "left_out"]
Change = Callable[[Draft], None]

EVERYWHERE: Final = tuple(channel.slug for channel in SALES_CHANNELS)
TAX_ON_TOP: Final = ("amazon-us", "amazon-ca")
TAX_WITHIN: Final = tuple(c.slug for c in SALES_CHANNELS if c.prices_include_tax)
WITH_CENTS: Final = tuple(slug for slug in EVERYWHERE if slug != "amazon-jp")
EUROPE: Final = ("amazon-uk", "amazon-de", "amazon-fr")


@dataclass(frozen=True)
class Case:
    """A kind of order.

    ``weight`` is how often it comes up beyond the one time that it always does.
    """

    name: str
    change: Change
    expected: Expected
    why: str
    weight: int
    channels: tuple[str, ...]


CASES: Final[dict[str, Case]] = {}


def case(
    name: str,
    *,
    channels: tuple[str, ...] = EVERYWHERE,
    expected: Expected = "imported",
    why: str = "",
    weight: int = 1,
) -> Callable[[Change], Change]:
    """Register a function that makes an order into one of this case."""

    def register(change: Change) -> Change:
        CASES[name] = Case(name, change, expected, why, weight, channels)
        return change

    return register
