"""An order item's money as Amazon breaks it down.

Amazon does not document how breakdowns, tax and totals relate (amzn/selling-partner-api-models
#5297). The simulator follows what the field map from Orders v0 implies: in the United States and
Canada the tax comes on top; elsewhere amounts contain it and TAX only tells how much it is.
"""

import random
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from saleor_amazon_app.sandbox.catalogue import PRODUCTS, Product, SalesChannel

Json = dict[str, Any]

ZERO: Final = Decimal(0)
PARTS: Final = ("ITEM", "SHIPPING", "GIFT_WRAP", "COD_FEE")
TAX_RATES: Final = {
    "US": Decimal("0.08875"),
    "CA": Decimal("0.13"),
    "GB": Decimal("0.20"),
    "DE": Decimal("0.19"),
    "FR": Decimal("0.20"),
    "TR": Decimal("0.20"),
    "JP": Decimal("0.10"),
    "BR": ZERO,
    "AU": Decimal("0.10"),
}
"""Brazil's taxes are no breakdown of their own at Amazon."""


@dataclass
class Line:
    """An order item in the making. Discounts are positive here; ``minus`` is the sign told."""

    item_id: str
    product: Product
    quantity: int
    charges: dict[str, Decimal]
    discounts: dict[str, Decimal] = field(default_factory=dict)
    taxed: bool = True
    facilitated: bool = False
    """Amazon collects and remits the tax."""
    tax_in_total: bool = True
    minus: bool = True
    extra: Json = field(default_factory=dict)
    """Merged into the item as it is."""


def quantum(currency: str) -> Decimal:
    return Decimal(1) if currency == "JPY" else Decimal("0.01")


def amount(value: Decimal | str, currency: str) -> Decimal:
    """Convert an amount of the catalogue's making; a yen is a hundredth of the others' unit."""
    scaled = Decimal(value) * (100 if currency == "JPY" else 1)
    return scaled.quantize(quantum(currency), ROUND_HALF_UP)


def money(value: Decimal, currency: str) -> Json:
    return {"amount": str(value.quantize(quantum(currency))), "currencyCode": currency}


def line(rng: random.Random, channel: SalesChannel, quantity: int = 1) -> Line:
    product = rng.choice(PRODUCTS)
    price = amount(product.price, channel.currency)
    item_id = str(rng.randrange(10**13, 10**14))
    return Line(item_id, product, quantity, {"ITEM": price * quantity})


def taxes(told: Line, channel: SalesChannel) -> dict[str, Decimal]:
    """Return the tax of each part before discounts, and under DISCOUNT what they take off it."""
    if not told.taxed or not TAX_RATES[channel.country]:
        return {}
    each = {part: _tax(value, channel) for part, value in told.charges.items()}
    off = sum((_tax(value, channel) for value in told.discounts.values()), ZERO)
    return {**each, "DISCOUNT": -off} if off else each


def total(told: Line, channel: SalesChannel) -> Decimal:
    base = sum(told.charges.values(), ZERO) - sum(told.discounts.values(), ZERO)
    on_top = not channel.prices_include_tax and told.tax_in_total
    return base + (sum(taxes(told, channel).values(), ZERO) if on_top else ZERO)


def proceeds(told: Line, channel: SalesChannel) -> Json:
    currency = channel.currency
    breakdowns = [
        {"type": part, "subtotal": money(told.charges[part], currency)}
        for part in PARTS
        if part in told.charges
    ]
    breakdowns += [*_discount(told, currency), *_tax_breakdown(told, channel)]
    return {"proceedsTotal": money(total(told, channel), currency), "breakdowns": breakdowns}


def _tax(value: Decimal, channel: SalesChannel) -> Decimal:
    rate = TAX_RATES[channel.country]
    share = rate / (1 + rate) if channel.prices_include_tax else rate
    return (value * share).quantize(quantum(channel.currency), ROUND_HALF_UP)


def _discount(told: Line, currency: str) -> list[Json]:
    """Amazon does not document a discount's sign: most are told as negative, some are not."""
    if not told.discounts:
        return []
    sign = -1 if told.minus else 1
    details = [_detail(part, sign * value, currency) for part, value in told.discounts.items()]
    subtotal = sign * sum(told.discounts.values(), ZERO)
    return [_breakdown("DISCOUNT", subtotal, details, currency)]


def _tax_breakdown(told: Line, channel: SalesChannel) -> list[Json]:
    if not (each := taxes(told, channel)):
        return []
    currency = channel.currency
    shown = each if told.minus else {part: abs(value) for part, value in each.items()}
    details = [_detail(part, value, currency) for part, value in shown.items()]
    return [_breakdown("TAX", sum(each.values(), ZERO), details, currency)]


def _breakdown(kind: str, subtotal: Decimal, details: list[Json], currency: str) -> Json:
    return {
        "type": kind,
        "subtotal": money(subtotal, currency),
        "detailedBreakdowns": details,
    }


def _detail(part: str, value: Decimal, currency: str) -> Json:
    return {"subtype": part, "value": money(value, currency)}
