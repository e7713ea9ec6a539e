"""What a buyer was charged for an item, and what of it can still be given back.

Amounts are those of the order's proceeds under the names of the order adjustment feed. Where
prices contain the tax, it is part of Principal; where Amazon collects it, it is not the seller's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from saleor_amazon_app.sandbox.amazon.order_facts import (
    ZERO,
    amount,
    currency,
    includes_tax,
    is_facilitated,
)
from saleor_amazon_app.sandbox.amazon.pricing import quantum
from saleor_amazon_app.sandbox.amazon.state import State, StoredOrder

Json = dict[str, Any]
Sums = dict[str, Decimal]

CHARGES: Final = {
    "ITEM": "Principal",
    "SHIPPING": "Shipping",
    "GIFT_WRAP": "GiftWrap",
    "COD_FEE": "COD",
    "OTHER": "Other",
}
TAXES: Final = {
    "ITEM": "Tax",
    "SHIPPING": "ShippingTax",
    "GIFT_WRAP": "GiftWrapTax",
    "COD_FEE": "CODTax",
}
_PROMOTIONS: Final = {"ITEM": "Principal", "SHIPPING": "Shipping"}


@dataclass
class Account:
    """An item's money. ``promotions`` is positive; ``tax`` is what Amazon alone gives back."""

    components: Sums = field(default_factory=dict)
    promotions: Sums = field(default_factory=dict)
    tax: Decimal = ZERO
    total: Decimal = ZERO


@dataclass
class Part:
    """Money to give back for an item. Promotions are negative: they are taken back."""

    item_id: str
    components: Sums
    promotions: Sums = field(default_factory=dict)
    quantity: int | None = None
    adjustment_id: str = ""

    @property
    def sum(self) -> Decimal:
        return sum((*self.components.values(), *self.promotions.values()), ZERO)


def charged(order: Json, item: Json) -> Account:
    """Return what the buyer was charged for an item."""
    told = {each["type"]: each for each in item.get("proceeds", {}).get("breakdowns", ())}
    components = {
        name: amount(told[kind]["subtotal"]) for kind, name in CHARGES.items() if kind in told
    }
    promotions = _promotions(told.get("DISCOUNT"))
    total = sum(components.values(), ZERO) - sum(promotions.values(), ZERO)
    if includes_tax(order):
        return Account(components, promotions, ZERO, total)
    tax = amount(told.get("TAX", {}).get("subtotal"))
    if is_facilitated(item):
        return Account(components, promotions, tax, total)
    own = added([*components.items(), *tax_parts(item).items(), *_tax_relief(item, tax)])
    return Account(own, promotions, ZERO, total + tax)


def left(state: State, order: Json, item: Json) -> Account:
    """Return what of an item's money was not given back yet."""
    account = charged(order, item)
    for told in _given_back(state, order["orderId"], item["orderItemId"]):
        account.total -= Decimal(told["sum"])
        account.tax -= Decimal(told["tax_by_amazon"])
        account.components = _less(account.components, told["components"])
        account.promotions = _less(account.promotions, told["promotions"], sign=-1)
    return account


def tax_parts(item: Json) -> Sums:
    """Return an item's taxes by component, before what promotions take off them."""
    for told in item.get("proceeds", {}).get("breakdowns", ()):
        if told["type"] == "TAX":
            details = {d["subtype"]: d["value"] for d in told.get("detailedBreakdowns", ())}
            parts = {name: abs(amount(details.get(kind))) for kind, name in TAXES.items()}
            return {name: value for name, value in parts.items() if value}
    return {}


def everything(state: State, order: Json) -> list[Part]:
    """Return all that is left of an order, item by item."""
    parts = [_all_of(state, order, item) for item in order["orderItems"]]
    return [part for part in parts if part.sum > 0]


def some(state: State, order: Json, item: Json, wanted: Decimal) -> Part:
    """Return an amount as a part, taken from one charge after the other."""
    rest, components = wanted, {}
    for name, value in left(state, order, item).components.items():
        components[name] = min(rest, max(value, ZERO))
        rest -= components[name]
    return Part(item["orderItemId"], {n: v for n, v in components.items() if v})


def added(each: Iterable[tuple[str, Decimal]]) -> Sums:
    """Add up amounts by name."""
    sums: Sums = {}
    for name, value in each:
        sums[name] = sums.get(name, ZERO) + value
    return sums


def refunded(state: State, stored: StoredOrder) -> Decimal:
    """Return what the buyer got back, with the tax that Amazon gave back itself."""
    mine = (each for each in state.refunds if each.order_id == stored.order_id)
    return sum((Decimal(each.total) for each in mine), ZERO)


def tax_by_amazon(account: Account, given: Decimal, unit: Decimal) -> Decimal:
    """Amazon gives back the tax it collected in proportion (issue #1372 of the models)."""
    if given >= account.total or not account.total:
        return account.tax
    return (account.tax * given / account.total).quantize(unit, ROUND_HALF_UP)


def unit(order: Json) -> Decimal:
    return quantum(currency(order))


def _tax_relief(item: Json, tax: Decimal) -> list[tuple[str, Decimal]]:
    """Return what promotions take off the taxes, which is no component of its own."""
    relief = tax - sum(tax_parts(item).values(), ZERO)
    return [("Other", relief)] if relief else []


def _promotions(told: Json | None) -> Sums:
    """Read promotions as positive: Amazon tells most as negative, some not."""
    if told is None:
        return {}
    details = {d["subtype"]: abs(amount(d["value"])) for d in told.get("detailedBreakdowns", ())}
    parts = {name: details[kind] for kind, name in _PROMOTIONS.items() if kind in details}
    return parts or {"Principal": abs(amount(told["subtotal"]))}


def _given_back(state: State, order_id: str, item_id: str) -> list[Json]:
    return [
        told
        for refund in state.refunds
        if refund.order_id == order_id
        for told in refund.items
        if told["orderItemId"] == item_id
    ]


def _less(sums: Sums, given: dict[str, str], sign: int = 1) -> Sums:
    return {name: value - sign * Decimal(given.get(name, "0")) for name, value in sums.items()}


def _all_of(state: State, order: Json, item: Json) -> Part:
    """Return all that is left of an item; never more than what is left in sum."""
    account = left(state, order, item)
    promotions = {name: -value for name, value in account.promotions.items() if value}
    part = Part(item["orderItemId"], _positive(account.components), promotions)
    if excess := part.sum - account.total:
        part.components["Other"] = part.components.get("Other", ZERO) - excess
    part.quantity = int(item["quantityOrdered"])
    return part


def _positive(sums: Sums) -> Sums:
    return {name: value for name, value in sums.items() if value > 0}
