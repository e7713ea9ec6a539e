"""Allocations and stocks when an order is fulfilled, restocked or cancelled.

Saleor 3.23: saleor/warehouse/management.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from saleor_amazon_app.sandbox.saleor.errors import Refused
from saleor_amazon_app.sandbox.saleor.ids import to_global
from saleor_amazon_app.sandbox.saleor.model import Allocation, Line, Order
from saleor_amazon_app.sandbox.saleor.shop import add_stock
from saleor_amazon_app.sandbox.saleor.state import State


@dataclass(frozen=True)
class Taken:
    """So many of a line from a warehouse."""

    line: Line
    quantity: int
    warehouse_id: str


def decrease(state: State, taken: Iterable[Taken], *, exceed: bool) -> None:
    """Use up the lines' own allocations, then lower the stocks.

    Raises:
        Refused: What is left after other orders' allocations is not enough.
    """
    items = list(taken)
    for item in items:
        deallocate(state, item.line, item.quantity)
    missing = [item for item in items if not _decrease_one(state, item, exceed=exceed)]
    if missing:
        raise insufficient(missing)


def _decrease_one(state: State, item: Taken, *, exceed: bool) -> bool:
    variant = state.shop.variants.get(item.line.variant_id or 0)
    if variant is None or not variant.track_inventory:
        return True
    stock = state.stock(variant.id, item.warehouse_id)
    if stock is None:
        return exceed
    if stock.quantity - stock.quantity_allocated < item.quantity and not exceed:
        return False
    stock.quantity -= item.quantity
    return True


def insufficient(items: Iterable[Taken]) -> Refused:
    return Refused.of(
        [
            {
                "field": "stocks",
                "message": "Insufficient product stock.",
                "code": "INSUFFICIENT_STOCK",
                "warehouse": to_global("Warehouse", item.warehouse_id),
                "order_lines": [to_global("OrderLine", item.line.id)],
            }
            for item in items
        ]
    )


def deallocate(state: State, line: Line, quantity: int) -> None:
    """Take so many off a line's allocations, or as many as there are."""
    for allocation in line.allocations:
        less = min(quantity, allocation.quantity)
        allocation.quantity -= less
        state.shop.stocks[allocation.stock_id].quantity_allocated -= less
        quantity -= less


def release(state: State, order: Order) -> None:
    """Take off all allocations of an order that is cancelled."""
    for line in order.lines:
        deallocate(state, line, sum(a.quantity for a in line.allocations))


def restock(state: State, line: Line, quantity: int, warehouse_id: str) -> None:
    """Put goods back and reserve them for the line they came from."""
    variant = state.shop.variants.get(line.variant_id or 0)
    if variant is None or not variant.track_inventory:
        return
    stock = state.stock(variant.id, warehouse_id)
    if stock is None:
        stock = add_stock(state.shop, variant, 0)
        stock.warehouse_id = warehouse_id
        state.reindex_stock()
    stock.quantity += quantity
    stock.quantity_allocated += quantity
    found = next((a for a in line.allocations if a.stock_id == stock.id), None)
    if found:
        found.quantity += quantity
    else:
        made = Allocation(id=state.next_id(), stock_id=stock.id, quantity=quantity)
        line.allocations.append(made)
