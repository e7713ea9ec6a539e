"""Exact money: Decimal amounts in major units, checked against the currency's minor unit."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Final

from babel.numbers import format_currency, get_currency_precision

ZERO: Final = Decimal(0)


def minor_unit(currency: str) -> Decimal:
    """Return the smallest amount of a currency: 0.01 USD, 1 JPY."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def fits(amount: Decimal, currency: str) -> bool:
    """Tell whether an amount can be paid in the currency's minor unit."""
    return amount % minor_unit(currency) == 0


def split(amount: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Split an amount in proportion to weights; the parts add up to it exactly.

    The minor units that rounding leaves over go to the heaviest parts first. Without any weight
    the first part takes all.
    """
    whole = sum(weights, ZERO)
    if not whole:
        return [amount, *[ZERO] * (len(weights) - 1)] if weights else []
    unit = minor_unit(currency)
    parts = [(amount * w / whole).quantize(unit, rounding=ROUND_DOWN) for w in weights]
    left = amount - sum(parts, ZERO)
    step = unit.copy_sign(left)
    heaviest_first = sorted(range(len(weights)), key=lambda i: weights[i], reverse=True)
    for index in heaviest_first * (int(abs(left) / unit) // len(weights) + 1):
        if abs(left) < unit:
            break
        parts[index] += step
        left -= step
    parts[heaviest_first[0]] += left
    return parts


def words(amount: Decimal, currency: str) -> str:
    """Write an amount for a person: ``$12.30``, ``¥1,990``."""
    return format_currency(amount, currency, locale="en_US")
