"""An order's history and its status, which follows from its fulfilments."""

from typing import Any

from saleor_amazon_app.sandbox.saleor.model import HistoryEntry, Order
from saleor_amazon_app.sandbox.saleor.state import Principal, State


def record(
    state: State,
    order: Order,
    type_name: str,
    principal: Principal,
    **more: Any,  # noqa: ANN401 - the fields of the entry's type
) -> HistoryEntry:
    """Write an entry of the history, which alone does not change the order's ``updatedAt``."""
    entry = HistoryEntry(
        id=state.next_id(),
        type=type_name,
        app_id=principal.app_id,
        user_id=principal.user_id,
        **more,
    )
    order.events.append(entry)
    return entry


def set_status(state: State, order: Order) -> None:
    """Recompute the status (Saleor 3.23: determine_order_status)."""
    before = order.status
    total = sum(line.quantity for line in order.lines)
    fulfilled = sum(line.quantity_fulfilled for line in order.lines)
    waiting = sum(f.quantity for f in order.fulfillments if f.status == "WAITING_FOR_APPROVAL")
    if fulfilled - waiting <= 0:
        order.status = "UNFULFILLED"
    elif fulfilled - waiting < total:
        order.status = "PARTIALLY_FULFILLED"
    else:
        order.status = "FULFILLED"
    if order.status != before:
        state.touch(order)
