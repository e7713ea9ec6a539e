"""Cancelling an order or some of its units, and what becomes of the order's money."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from saleor_amazon_app.sandbox.amazon.changes import cancel, fulfil
from saleor_amazon_app.sandbox.amazon.ledger import Sums, added, unit
from saleor_amazon_app.sandbox.amazon.order_facts import (
    ZERO,
    amount,
    fulfilled,
    includes_tax,
    item_of,
    ordered,
    touch,
    unfulfilled,
)
from saleor_amazon_app.sandbox.amazon.state import State, StoredOrder

Json = dict[str, Any]

_MINUS: Final = "DISCOUNT"
_TAX: Final = "TAX"


def cancel_order(state: State, stored: StoredOrder, by: str, reason: str | None, at: str) -> None:
    """Cancel an order whole; nothing of it is left to ship or to pay."""
    cancel(stored.order, by, reason)
    stored.order.setdefault("fulfillment", {})["fulfillmentStatus"] = "CANCELLED"
    stored.later = None
    touch(stored, at)
    state.on_change()


def cancel_units(
    state: State, stored: StoredOrder, units: dict[str, int], reason: str, at: str
) -> None:
    """Cancel units that have not been shipped, and take their money off the order.

    How Amazon divides an item's money is not documented: the simulator does so by quantity.
    """
    order = stored.order
    for item_id, count in units.items():
        _cancel_of(order, item_of(order, item_id), count, reason)
    if not any(unfulfilled(item) for item in order["orderItems"]):
        order["fulfillment"]["fulfillmentStatus"] = "SHIPPED"
    touch(stored, at)
    state.on_change()


def restock(state: State, seller_id: str, item: Json, units: int) -> None:
    """Count units that Amazon offers again, as it does for all reasons but NoInventory."""
    sku = str(item.get("product", {}).get("sellerSku", item["orderItemId"]))
    counts = state.restocked.setdefault(seller_id, {})
    counts[sku] = counts.get(sku, 0) + units


def _cancel_of(order: Json, item: Json, count: int, reason: str) -> None:
    before = ordered(item)
    item["quantityOrdered"] = before - count
    fulfil(item, fulfilled(item))
    if not item["quantityOrdered"]:
        execution = {"cancelledBy": "MERCHANT", "cancelReason": reason}
        told = item.get("cancellation", {})
        item["cancellation"] = {**told, "cancellationExecution": execution}
    if "proceeds" in item:
        _shrink(order, item, Decimal(item["quantityOrdered"]) / before)


def _shrink(order: Json, item: Json, ratio: Decimal) -> None:
    """Scale an item's money, and take the difference off the order's."""
    proceeds, smallest = item["proceeds"], unit(order)
    had = _subtotals(proceeds)
    old_total, with_tax = amount(proceeds.get("proceedsTotal")), counts_tax(order, proceeds)
    for told in proceeds.get("breakdowns", ()):
        _scale_breakdown(told, ratio, smallest)
    has = _subtotals(proceeds)
    lost = _total(had, counts_tax=with_tax) - _total(has, counts_tax=with_tax)
    _set(proceeds.get("proceedsTotal"), old_total - lost, smallest)
    _take_off(order, had, has, lost)


def _scale_breakdown(told: Json, ratio: Decimal, smallest: Decimal) -> None:
    details = told.get("detailedBreakdowns", [])
    added_up = sum((amount(d["value"]) for d in details), ZERO) == amount(told["subtotal"])
    for detail in details:
        _set(detail["value"], amount(detail["value"]) * ratio, smallest)
    scaled = amount(told["subtotal"]) * ratio
    if details and added_up:
        scaled = sum((amount(d["value"]) for d in details), ZERO)
    _set(told["subtotal"], scaled, smallest)


def _subtotals(proceeds: Json) -> Sums:
    return added((t["type"], amount(t["subtotal"])) for t in proceeds.get("breakdowns", ()))


def _total(sums: Sums, *, counts_tax: bool) -> Decimal:
    """Add up what the item costs; Amazon tells promotions with either sign."""
    kept = [value for kind, value in sums.items() if kind not in (_MINUS, _TAX)]
    tax = sums.get(_TAX, ZERO) if counts_tax else ZERO
    return sum(kept, ZERO) - abs(sums.get(_MINUS, ZERO)) + tax


def counts_tax(order: Json, proceeds: Json) -> bool:
    """Tell whether the item's total contains a tax of its own."""
    without = _total(_subtotals(proceeds), counts_tax=False)
    return not includes_tax(order) and amount(proceeds.get("proceedsTotal")) != without


def _take_off(order: Json, had: Sums, has: Sums, lost: Decimal) -> None:
    proceeds, smallest = order.get("proceeds", {}), unit(order)
    grand = proceeds.get("grandTotal")
    _set(grand, amount(grand) - lost, smallest)
    for told in proceeds.get("breakdowns", ()):
        kind = told["type"]
        less = had.get(kind, ZERO) - has.get(kind, ZERO)
        _set(told["subtotal"], amount(told["subtotal"]) - less, smallest)


def _set(money: Json | None, value: Decimal, smallest: Decimal) -> None:
    if money is not None:
        money["amount"] = str(value.quantize(smallest, ROUND_HALF_UP))
