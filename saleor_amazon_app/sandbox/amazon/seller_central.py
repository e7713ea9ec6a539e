"""What sellers do in Seller Central and Amazon does itself, without the app."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from saleor_amazon_app.sandbox.amazon import ledger
from saleor_amazon_app.sandbox.amazon.cancelling import cancel_order
from saleor_amazon_app.sandbox.amazon.changes import change
from saleor_amazon_app.sandbox.amazon.clock import normal
from saleor_amazon_app.sandbox.amazon.feed_processing import settle
from saleor_amazon_app.sandbox.amazon.ledger import Part
from saleor_amazon_app.sandbox.amazon.order_facts import ZERO, item_of, touch
from saleor_amazon_app.sandbox.amazon.records import Refund, Shipment
from saleor_amazon_app.sandbox.amazon.refunding import give_back
from saleor_amazon_app.sandbox.amazon.shipping import Parcel, next_reference, waiting_items
from saleor_amazon_app.sandbox.amazon.shipping import ship as send
from saleor_amazon_app.sandbox.amazon.state import State, StoredOrder

Json = dict[str, Any]

SELLER_CENTRAL: Final = "seller_central"
_SOURCES: Final = {"MERCHANT": SELLER_CENTRAL, "SELLER_CENTRAL": SELLER_CENTRAL, "AMAZON": "amazon"}
_PARTIES: Final = ("BUYER", "MERCHANT", "AMAZON")


def ship(
    state: State,
    order_id: str,
    items: Sequence[Json] | None = None,
    *,
    carrier: str = "UPS",
    tracking_number: str = "1Z999AA10123456784",
) -> Shipment:
    """Confirm a parcel by hand, with the next free reference; all that waits if nothing is named.

    Raises:
        KeyError: There is no such order.
        Refused: It cannot be shipped.
    """
    settle(state)
    with state.lock:
        stored = state.orders[order_id]
        parcel = Parcel(
            reference=next_reference(stored.order),
            carrier=carrier,
            service="Standard",
            tracking=tracking_number,
            ship_time=state.now_text(),
            items=tuple(items or waiting_items(stored.order)),
        )
        return send(state, stored, parcel, source=SELLER_CENTRAL, at=state.now_text())


def cancel(
    state: State, order_id: str, by: str = "MERCHANT", reason: str | None = None
) -> StoredOrder:
    """Cancel an order, whatever its status: Amazon and buyers may where a seller may not.

    Raises:
        KeyError: There is no such order.
        ValueError: The party is none.
    """
    if by not in _PARTIES:
        raise ValueError(f"by is one of {', '.join(_PARTIES)}.")
    settle(state)
    with state.lock:
        stored = state.orders[order_id]
        cancel_order(state, stored, by, reason, state.now_text())
        return stored


def refund(
    state: State,
    order_id: str,
    items: Sequence[Mapping[str, Any]] | None = None,
    amount: str | Decimal | None = None,
    *,
    by: str = "MERCHANT",
) -> Refund:
    """Give money back: amounts by item, an amount of the order, or all that is left.

    Raises:
        KeyError: There is no such order.
        ValueError: So much is not left.
    """
    if by.upper() not in _SOURCES:
        raise ValueError("by is MERCHANT or AMAZON.")
    settle(state)
    with state.lock:
        stored = state.orders[order_id]
        parts = _parts(state, stored.order, items, amount)
        source = _SOURCES[by.upper()]
        touch(stored, state.now_text())
        return give_back(state, stored, parts, source=source, at=state.now_text())


def request_cancel(state: State, order_id: str, reason: str = "BUYER_CANCELED") -> StoredOrder:
    """Let the buyer ask to cancel; the request moves the order's update time."""
    settle(state)
    return change(state, order_id, {"buyer_cancel_reason": reason})


def change_address(state: State, order_id: str, fields: Mapping[str, Any]) -> StoredOrder:
    """Change fields of the address; None removes one."""
    settle(state)
    recipient = state.orders[order_id].order.get("recipient", {})
    address = {**recipient.get("deliveryAddress", {}), **fields}
    kept = {name: value for name, value in address.items() if value is not None}
    return change(state, order_id, {"patch": {"recipient": {**recipient, "deliveryAddress": kept}}})


def change_ship_by(state: State, order_id: str, latest: str) -> StoredOrder:
    """Move the time by which the order must be shipped."""
    settle(state)
    fulfillment = state.orders[order_id].order.get("fulfillment", {})
    window = {**fulfillment.get("shipByWindow", {}), "latestDateTime": normal(latest)}
    return change(
        state, order_id, {"patch": {"fulfillment": {**fulfillment, "shipByWindow": window}}}
    )


def _parts(
    state: State,
    order: Json,
    items: Sequence[Mapping[str, Any]] | None,
    amount: str | Decimal | None,
) -> list[Part]:
    if items:
        return [_part(state, order, t["orderItemId"], Decimal(str(t["amount"]))) for t in items]
    parts = ledger.everything(state, order)
    if amount is not None:
        parts = _spread(state, order, Decimal(str(amount)))
    if not parts:
        raise ValueError("Nothing is left to refund.")
    return parts


def _spread(state: State, order: Json, wanted: Decimal) -> list[Part]:
    """Take an amount from one item after the other."""
    parts, rest = [], wanted
    for item in order["orderItems"]:
        if (share := min(rest, ledger.left(state, order, item).total)) > 0:
            parts.append(_part(state, order, item["orderItemId"], share))
            rest -= share
    if rest > 0:
        raise ValueError(f"{rest} more than is left of the order.")
    return parts


def _part(state: State, order: Json, item_id: str, wanted: Decimal) -> Part:
    item = item_of(order, item_id)
    if not ZERO < wanted <= ledger.left(state, order, item).total:
        raise ValueError(f"{wanted} is not left of item {item_id}.")
    return ledger.some(state, order, item, wanted)
