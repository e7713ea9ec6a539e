"""Finds what a mutation's id names, refusing as Saleor's mutations do (get_node_or_error)."""

from typing import Any

from saleor_amazon_app.sandbox.saleor.errors import Refused
from saleor_amazon_app.sandbox.saleor.ids import InvalidId, from_global
from saleor_amazon_app.sandbox.saleor.model import (
    Fulfillment,
    Line,
    Order,
    Transaction,
    Warehouse,
    WithMetadata,
)
from saleor_amazon_app.sandbox.saleor.state import State


def key_of(text: str, type_name: str, field: str = "id") -> str:
    try:
        return from_global(text, type_name)[1]
    except InvalidId as error:
        raise Refused(field, str(error), "GRAPHQL_ERROR") from error


def _missing(text: str, field: str) -> Refused:
    return Refused(field, f"Couldn't resolve to a node: {text}", "NOT_FOUND")


def order_of(state: State, text: str, field: str = "id") -> Order:
    order = state.order(key_of(text, "Order", field))
    if order is None:
        raise _missing(text, field)
    return order


def fulfillment_of(state: State, text: str) -> tuple[Order, Fulfillment]:
    key = key_of(text, "Fulfillment")
    found = state.fulfillment(int(key)) if key.isdigit() else None
    if found is None:
        raise _missing(text, "id")
    return found


def warehouse_of(state: State, text: str, field: str) -> Warehouse:
    key = key_of(text, "Warehouse", field)
    found = next((w for w in state.shop.warehouses if w.id == key), None)
    if found is None:
        raise _missing(text, field)
    return found


def line_of(order: Order, text: str, field: str = "lines") -> Line:
    key = key_of(text, "OrderLine", field)
    found = next((line for line in order.lines if line.id == key), None)
    if found is None:
        raise _missing(text, field)
    return found


def payment_of(state: State, text: str | None, token: object) -> tuple[Order, Transaction]:
    """Find a transaction by exactly one of id and token."""
    if text and token:
        text_ = "Argument 'id' cannot be combined with 'token'"
        raise Refused(None, text_, "GRAPHQL_ERROR")
    if not text and not token:
        raise Refused(
            None, "At least one of arguments is required: 'id', 'token'.", "GRAPHQL_ERROR"
        )
    key = str(token) if token else key_of(str(text), "TransactionItem")
    found = state.payment(key)
    if found is None:
        raise _missing(str(text), "id")
    return found


def holder_of(state: State, text: str) -> tuple[str, WithMetadata]:
    """Find anything that carries metadata; returns the name of its type too."""
    try:
        type_name, key = from_global(text)
    except InvalidId as error:
        raise Refused("id", "Couldn't resolve to a node.", "GRAPHQL_ERROR") from error
    found = _holders(state, type_name, key)
    if found is None:
        raise Refused("id", f"Couldn't resolve to a node: {text}", "NOT_FOUND")
    return type_name, found


def _holders(state: State, type_name: str, key: str) -> WithMetadata | None:
    shop = state.shop
    if type_name == "OrderLine":
        lines = (line for o in list(shop.orders.values()) for line in o.lines)
        return next((line for line in lines if line.id == key), None)
    if type_name == "Fulfillment":
        found = state.fulfillment(int(key)) if key.isdigit() else None
        return found[1] if found else None
    if type_name == "TransactionItem":
        payment = state.payment(key)
        return payment[1] if payment else None
    tables: dict[str, Any] = {
        "Order": shop.orders,
        "App": {str(k): v for k, v in shop.apps.items()},
        "ProductVariant": {str(k): v for k, v in shop.variants.items()},
        "Channel": {str(c.id): c for c in shop.channels},
        "Warehouse": {w.id: w for w in shop.warehouses},
    }
    holder: WithMetadata | None = tables.get(type_name, {}).get(key)
    return holder
