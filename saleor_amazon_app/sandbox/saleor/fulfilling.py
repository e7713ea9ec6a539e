"""Fulfilments: made, approved, tracked and taken back.

Saleor 3.23: saleor/order/actions.py and saleor/graphql/order/mutations.
"""

from collections import Counter
from typing import Any

from saleor_amazon_app.sandbox.saleor.errors import Refused
from saleor_amazon_app.sandbox.saleor.history import record, set_status
from saleor_amazon_app.sandbox.saleor.ids import to_global
from saleor_amazon_app.sandbox.saleor.lookups import (
    fulfillment_of,
    line_of,
    order_of,
    warehouse_of,
)
from saleor_amazon_app.sandbox.saleor.model import Fulfillment, FulfillmentLine, Order
from saleor_amazon_app.sandbox.saleor.money import charged
from saleor_amazon_app.sandbox.saleor.state import Happening, Principal, State
from saleor_amazon_app.sandbox.saleor.stocks import Taken, decrease, insufficient, restock

Input = dict[str, Any]


def fulfill(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    """orderFulfill: one fulfilment for each warehouse."""
    if not told.get("order"):
        raise Refused(None, "Order does not exist.", "NOT_FOUND")
    order, wish = order_of(state, told["order"], "order"), told["input"]
    settings = state.shop.settings
    if settings.fulfillment_auto_approve:
        _check_paid(state, order, "order")
    by_warehouse = _wanted(state, order, wish["lines"])
    exceed = bool(wish.get("allow_stock_to_be_exceeded"))
    notify = bool(wish.get("notify_customer", True))
    with state.transaction(order):
        made = [
            _make(state, order, warehouse, taken, wish.get("tracking_number") or "")
            for warehouse, taken in by_warehouse.items()
        ]
        for fulfillment, taken in zip(made, by_warehouse.values(), strict=True):
            _check_rows(state, taken, exceed=exceed)
            if settings.fulfillment_auto_approve:
                decrease(state, taken, exceed=exceed)
            if fulfillment.tracking_number:
                _tell(state, principal, order, fulfillment, "FULFILLMENT_TRACKING_NUMBER_UPDATED")
        if settings.fulfillment_auto_approve:
            _fulfilled(state, principal, order, made, notify=notify)
        else:
            record(state, order, "FULFILLMENT_AWAITS_APPROVAL", principal)
            state.happen(Happening("ORDER_UPDATED", principal, (order.id,)))
        state.index(order)
    return {"order": order, "fulfillments": made}


def _check_paid(state: State, order: Order, field: str | None) -> None:
    if not state.shop.settings.fulfillment_allow_unpaid and charged(order) < order.total.gross:
        raise Refused(field, "Cannot fulfill unpaid order.", "CANNOT_FULFILL_UNPAID_ORDER")


def _wanted(state: State, order: Order, told: list[Input]) -> dict[str, list[Taken]]:
    """Check the lines, and group them by warehouse.

    Raises:
        Refused: A line or a quantity is not right.
    """
    _check_duplicates(told)
    grouped: dict[str, list[Taken]] = {}
    for item in told:
        line = line_of(order, item["order_line_id"])
        total = sum(stock["quantity"] for stock in item["stocks"])
        left = line.quantity_to_fulfill
        if total > left:
            text = f"Only {left} item{'' if left == 1 else 's'} remaining to fulfill."
            lines = [to_global("OrderLine", line.id)]
            raise Refused("orderLineId", text, "FULFILL_ORDER_LINE", order_lines=lines)
        for stock in item["stocks"]:
            if stock["quantity"] > 0:
                warehouse = warehouse_of(state, stock["warehouse"], "warehouse")
                taken = Taken(line, stock["quantity"], warehouse.id)
                grouped.setdefault(warehouse.id, []).append(taken)
    if sum(stock["quantity"] for item in told for stock in item["stocks"]) <= 0:
        raise Refused("lines", "Total quantity must be larger than 0.", "ZERO_QUANTITY")
    return grouped


def _check_duplicates(told: list[Input]) -> None:
    for item in told:
        counts = Counter(stock["warehouse"] for stock in item["stocks"])
        if counts and max(counts.values()) > 1:
            twice = counts.most_common(1)[0][0]
            text = "Duplicated warehouse ID."
            raise Refused("warehouse", text, "DUPLICATED_INPUT_ITEM", warehouse=twice)
    lines = Counter(item["order_line_id"] for item in told)
    if lines and max(lines.values()) > 1:
        twice = lines.most_common(1)[0][0]
        text = "Duplicated order line ID."
        raise Refused("orderLineId", text, "DUPLICATED_INPUT_ITEM", order_lines=[twice])


def _make(
    state: State, order: Order, warehouse_id: str, taken: list[Taken], tracking: str
) -> Fulfillment:
    approved = state.shop.settings.fulfillment_auto_approve
    made = Fulfillment(
        id=state.next_id(),
        order_id=order.id,
        fulfillment_order=len(order.fulfillments) + 1,
        status="FULFILLED" if approved else "WAITING_FOR_APPROVAL",
        tracking_number=tracking,
    )
    for item in taken:
        stock = state.stock(item.line.variant_id, warehouse_id)
        item.line.quantity_fulfilled += item.quantity
        made.lines.append(
            FulfillmentLine(
                id=state.next_id(),
                line_id=item.line.id,
                order_id=order.id,
                quantity=item.quantity,
                stock_id=stock.id if stock else None,
            )
        )
    order.fulfillments.append(made)
    return made


def _check_rows(state: State, taken: list[Taken], *, exceed: bool) -> None:
    """A line without a stock row, or without a variant, can only be fulfilled by force."""
    missing = [t for t in taken if state.stock(t.line.variant_id, t.warehouse_id) is None]
    if missing and not exceed:
        raise insufficient(missing)


def _fulfilled(
    state: State,
    principal: Principal,
    order: Order,
    fulfillments: list[Fulfillment],
    *,
    notify: bool,
    approved_by_hand: bool = False,
) -> None:
    set_status(state, order)
    items = [line.id for f in fulfillments for line in f.lines]
    record(state, order, "FULFILLMENT_FULFILLED_ITEMS", principal, fulfilled_items=items)
    complete = order.status == "FULFILLED"
    for fulfillment in fulfillments:
        _tell(state, principal, order, fulfillment, "FULFILLMENT_CREATED", notify=notify)
    if complete or approved_by_hand:
        for fulfillment in fulfillments:
            _tell(state, principal, order, fulfillment, "FULFILLMENT_APPROVED", notify=notify)
    state.happen(Happening("ORDER_UPDATED", principal, (order.id,)))
    if complete:
        state.happen(Happening("ORDER_FULFILLED", principal, (order.id,)))
    if notify:
        for _ in fulfillments:
            state.mail("fulfillment_confirmation", order)


def _tell(
    state: State,
    principal: Principal,
    order: Order,
    fulfillment: Fulfillment,
    event: str,
    *,
    notify: bool = False,
) -> None:
    state.happen(Happening(event, principal, (order.id,), fulfillment.id, notify_customer=notify))


def approve(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    """orderFulfillmentApprove: what waited leaves the stock now."""
    order, fulfillment = fulfillment_of(state, told["id"])
    if fulfillment.status != "WAITING_FOR_APPROVAL":
        text = "Invalid fulfillment status, only WAITING_FOR_APPROVAL fulfillments can be accepted."
        raise Refused(None, text, "INVALID")
    _check_paid(state, order, None)
    exceed = bool(told.get("allow_stock_to_be_exceeded"))
    with state.transaction(order):
        fulfillment.status = "FULFILLED"
        decrease(state, _taken(state, order, fulfillment), exceed=exceed)
        _fulfilled(
            state,
            principal,
            order,
            [fulfillment],
            notify=told["notify_customer"],
            approved_by_hand=True,
        )
    return {"order": order, "fulfillment": fulfillment}


def _taken(state: State, order: Order, fulfillment: Fulfillment) -> list[Taken]:
    taken = []
    for line in fulfillment.lines:
        stock = state.shop.stocks.get(line.stock_id or 0)
        warehouse_id = stock.warehouse_id if stock else ""
        taken.append(Taken(order.line(line.line_id), line.quantity, warehouse_id))
    return taken


def cancel(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    """orderFulfillmentCancel: what was sent goes back to the shelf, reserved for the order."""
    order, fulfillment = fulfillment_of(state, told["id"])
    if any(line.is_gift_card for line in order.lines):
        text = "Cannot cancel fulfillment with gift card lines."
        raise Refused("fulfillment", text, "CANNOT_CANCEL_FULFILLMENT")
    warehouse_id = None
    waiting = fulfillment.status == "WAITING_FOR_APPROVAL"
    if not waiting and (given := (told.get("input") or {}).get("warehouse_id")):
        warehouse_id = warehouse_of(state, given, "warehouseId").id
    if fulfillment.status == "CANCELED":
        text = "This fulfillment can't be canceled"
        raise Refused("fulfillment", text, "CANNOT_CANCEL_FULFILLMENT")
    if not waiting and not warehouse_id:
        text = (
            "This parameter is required for fulfillments which are not in "
            "WAITING_FOR_APPROVAL state."
        )
        raise Refused("warehouseId", text, "REQUIRED")
    with state.transaction(order):
        _take_back(state, principal, order, fulfillment, warehouse_id)
    return {"order": order, "fulfillment": fulfillment}


def _take_back(
    state: State,
    principal: Principal,
    order: Order,
    fulfillment: Fulfillment,
    warehouse_id: str | None,
) -> None:
    composed = f"{order.number}-{fulfillment.fulfillment_order}"
    record(state, order, "FULFILLMENT_CANCELED", principal, composed_id=composed)
    for item in fulfillment.lines:
        line = order.line(item.line_id)
        if warehouse_id:
            restock(state, line, item.quantity, warehouse_id)
        line.quantity_fulfilled -= item.quantity
    if warehouse_id:
        record(
            state,
            order,
            "FULFILLMENT_RESTOCKED_ITEMS",
            principal,
            quantity=fulfillment.quantity,
            warehouse_id=warehouse_id,
        )
    fulfillment.status = "CANCELED"
    set_status(state, order)
    _tell(state, principal, order, fulfillment, "FULFILLMENT_CANCELED")
    state.happen(Happening("ORDER_UPDATED", principal, (order.id,)))


def update_tracking(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    """OrderFulfillmentUpdateTracking."""
    order, fulfillment = fulfillment_of(state, told["id"])
    wish = told["input"]
    with state.transaction(order):
        fulfillment.tracking_number = wish.get("tracking_number") or ""
        record(state, order, "TRACKING_UPDATED", principal)
        _tell(state, principal, order, fulfillment, "FULFILLMENT_TRACKING_NUMBER_UPDATED")
        state.happen(Happening("ORDER_UPDATED", principal, (order.id,)))
        if wish.get("notify_customer"):
            state.mail("fulfillment_update", order)
    return {"order": order, "fulfillment": fulfillment}
