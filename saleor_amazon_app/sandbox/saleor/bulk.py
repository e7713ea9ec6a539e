"""orderBulkCreate: many orders in one call (Saleor 3.23: OrderBulkCreate.perform_mutation)."""

import time
from typing import Any, Final

from saleor_amazon_app.sandbox.saleor.bulk_orders import build
from saleor_amazon_app.sandbox.saleor.bulk_rows import Call, Input, Row
from saleor_amazon_app.sandbox.saleor.bulk_stock import count_down
from saleor_amazon_app.sandbox.saleor.errors import Crash
from saleor_amazon_app.sandbox.saleor.model import Line, Order, now
from saleor_amazon_app.sandbox.saleor.money import settle
from saleor_amazon_app.sandbox.saleor.state import Happening, Principal, State

_MOST: Final = 50
_LONGEST: Final = {
    "external_reference": 250,
    "shipping_method_name": 255,
    "shipping_tax_class_name": 255,
}
_LONGEST_OF_LINE: Final = {
    "product_name": 386,
    "variant_name": 255,
    "translated_product_name": 386,
    "translated_variant_name": 255,
    "product_sku": 255,
    "tax_class_name": 255,
}
_HIGHEST_TAX_RATE: Final = 10
"""The column holds five digits, four of them behind the point."""


def taken_references(state: State, told: list[Input]) -> frozenset[str]:
    """Return which of the references exist now.

    Saleor looks once, when a call begins, so a call that runs at the same time is not seen.
    """
    references = (row.get("external_reference") for row in told)
    return frozenset(r for r in references if r and state.order_by_reference(r))


def create(
    state: State, principal: Principal, told: list[Input], errors: str | None, stock: str | None
) -> dict[str, Any]:
    """Carry out the mutation.

    Args:
        state: The shop.
        principal: Who calls.
        told: The orders.
        errors: The error policy.
        stock: The stock update policy.

    Raises:
        Crash: The whole call fails and nothing is kept.
    """
    taken = taken_references(state, told)
    if len(told) > _MOST:
        raise Crash("TypeError", f"more than {_MOST} orders: the branch that refuses is broken")
    with state.lock:
        call = Call(state, principal, taken)
        rows = [build(call, row) for row in told]
        _apply_error_policy(rows, errors or "REJECT_EVERYTHING")
        policy = stock or "UPDATE"
        quantities = {} if policy == "SKIP" else count_down(state, rows, policy)
    _work(state, len(told))
    with state.transaction():
        orders = _ready(rows)
        _check_database(state, orders)
        _store(state, orders, quantities)
        if orders:
            ids = tuple(order.id for order in orders)
            state.happen(Happening("ORDER_BULK_CREATED", principal, ids))
    return {"count": len(orders), "results": [_result(row) for row in rows], "errors": []}


def _work(state: State, orders: int) -> None:
    """Take as long as the shop is set to, without holding others up."""
    if seconds := state.shop.settings.import_seconds_per_order * orders:
        time.sleep(seconds)


def _result(row: Row) -> dict[str, Any]:
    return {"order": row.order, "errors": row.errors}


def _apply_error_policy(rows: list[Row], policy: str) -> None:
    """Drop orders. Errors of the stocks come later and are judged row by row."""
    if not any(row.errors for row in rows):
        return
    for row in rows:
        if policy == "REJECT_EVERYTHING" or (policy == "REJECT_FAILED_ROWS" and row.errors):
            row.order = None


def _ready(rows: list[Row]) -> list[Order]:
    for row in rows:
        if row.critical:
            row.order = None
        for line, _ in row.lines:
            line.quantity_fulfilled = sum(row.fulfilled.get(line.id, []))
    return [row.order for row in rows if row.order]


def _check_database(state: State, orders: list[Order]) -> None:
    """Refuse what only the database refuses: it takes the whole call down."""
    references = [o.external_reference for o in orders if o.external_reference is not None]
    if len(set(references)) < len(references) or any(map(state.order_by_reference, references)):
        raise Crash("IntegrityError", "external_reference is unique")
    for order in orders:
        if order.status is None:
            raise Crash("IntegrityError", "status cannot be null")
        _check_lengths(order, _LONGEST)
        for line in order.lines:
            _check_lengths(line, _LONGEST_OF_LINE)
            if line.tax_rate is not None and line.tax_rate >= _HIGHEST_TAX_RATE:
                raise Crash("DataError", "numeric field overflow")
        for fulfillment in order.fulfillments:
            _check_lengths(fulfillment, {"tracking_number": 255})
        for transaction in order.transactions:
            _check_lengths(transaction, {"name": 512, "message": 512, "psp_reference": 512})


def _check_lengths(record: object, longest: dict[str, int]) -> None:
    for name, most in longest.items():
        if len(getattr(record, name) or "") > most:
            raise Crash("DataError", f"{name}: value too long for type character varying({most})")


def _store(state: State, orders: list[Order], quantities: dict[int, int]) -> None:
    """Write everything. Quantities are written as computed, without a lock, as Saleor does."""
    for key, quantity in quantities.items():
        if key in state.shop.stocks:
            state.shop.stocks[key].quantity = quantity
    for order in orders:
        settle(order)
        order.updated_at = now()
        for line in order.lines:
            _round(line)
        state.add_order(order)


def _round(line: Line) -> None:
    if line.tax_rate is not None:
        line.tax_rate = round(line.tax_rate, 4)
