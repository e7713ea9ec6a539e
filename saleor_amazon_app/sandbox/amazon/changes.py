"""What happens to an order after it was placed: buyers, the seller and Amazon change it."""

import copy
from collections.abc import Mapping
from typing import Any

from saleor_amazon_app.sandbox.amazon.order_facts import fulfilled
from saleor_amazon_app.sandbox.amazon.state import State, StoredOrder
from saleor_amazon_app.sandbox.amazon.transactions import post_shipment

Json = dict[str, Any]


def change(state: State, order_id: str, told: Mapping[str, Any]) -> StoredOrder:
    """Change an order and its ``lastUpdatedTime``.

    Args:
        state: Where the order is.
        order_id: The order.
        told: ``status``; ``items`` (a list with ``orderItemId`` and the new ``quantityOrdered``
            or ``quantityFulfilled``); ``packages``; ``cancelled_by``; ``buyer_cancel_reason`` (the
            buyer asks to cancel); ``release`` (tell what was kept back); ``patch`` (top-level
            fields of the order to replace, None to remove).

    Raises:
        KeyError: There is no such order or item.
    """
    with state.lock:
        stored = state.orders[order_id]
        order = copy.deepcopy(_base(stored, told))
        _change_status(order, told)
        _change_items(order, told.get("items", ()))
        _ask_to_cancel(order, told.get("buyer_cancel_reason"))
        if "packages" in told:
            order["packages"] = told["packages"]
        _patch(order, told.get("patch", {}))
        order["lastUpdatedTime"] = state.now_text()
        before = {item["orderItemId"]: fulfilled(item) for item in stored.order["orderItems"]}
        stored.order = order
        post_shipment(state, stored, before, order_id, state.now_text())
        state.on_change()
        return stored


def _base(stored: StoredOrder, told: Mapping[str, Any]) -> Json:
    """Return the order to change: with what Amazon kept back, once there is no reason to."""
    if stored.later is None or not (told.get("release") or _goes_on(told.get("status"))):
        return stored.order
    released, stored.later = stored.later, None
    return released


def _goes_on(status: str | None) -> bool:
    return status in ("UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED")


def _change_status(order: Json, told: Mapping[str, Any]) -> None:
    if not (status := told.get("status")):
        return
    order.setdefault("fulfillment", {})["fulfillmentStatus"] = status
    if status == "SHIPPED":
        for item in order["orderItems"]:
            fulfil(item, item["quantityOrdered"])
    elif status == "CANCELLED":
        cancel(order, told.get("cancelled_by", "BUYER"))


def cancel(order: Json, by: str, reason: str | None = None) -> None:
    """A cancelled order has no quantities and no proceeds left."""
    execution = {"cancelledBy": by} | ({"cancelReason": reason} if reason else {})
    order.pop("proceeds", None)
    for item in order["orderItems"]:
        item.pop("proceeds", None)
        item["quantityOrdered"] = 0
        fulfil(item, 0)
        item["cancellation"] = {
            **item.get("cancellation", {}),
            "cancellationExecution": dict(execution),
        }


def fulfil(item: Json, quantity: int) -> None:
    left = item["quantityOrdered"] - quantity
    told = {"quantityFulfilled": quantity, "quantityUnfulfilled": left}
    item["fulfillment"] = {**item.get("fulfillment", {}), **told}


def _change_items(order: Json, changes: list[Json]) -> None:
    items = {item["orderItemId"]: item for item in order["orderItems"]}
    for told in changes:
        item = items[told["orderItemId"]]
        item["quantityOrdered"] = told.get("quantityOrdered", item["quantityOrdered"])
        done = item.get("fulfillment", {}).get("quantityFulfilled", 0)
        fulfil(item, told.get("quantityFulfilled", min(done, item["quantityOrdered"])))


def _ask_to_cancel(order: Json, reason: str | None) -> None:
    if reason is None:
        return
    for item in order["orderItems"]:
        request = {"requester": "BUYER", "cancelReason": reason}
        item["cancellation"] = {**item.get("cancellation", {}), "cancellationRequest": request}


def _patch(order: Json, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        if value is None:
            order.pop(name, None)
        else:
            order[name] = value
