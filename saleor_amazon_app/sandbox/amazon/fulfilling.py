"""Messages of POST_ORDER_FULFILLMENT_DATA: the same as confirmShipment, by feed."""

import re
from typing import Final
from xml.etree.ElementTree import Element as Node

from saleor_amazon_app.sandbox.amazon.clock import parse_iso
from saleor_amazon_app.sandbox.amazon.feed_orders import count_of, named_item, named_order
from saleor_amazon_app.sandbox.amazon.order_facts import unfulfilled
from saleor_amazon_app.sandbox.amazon.refusals import Refused
from saleor_amazon_app.sandbox.amazon.shipping import (
    Parcel,
    check_shippable,
    next_reference,
    ship,
    ship_time,
    waiting_items,
)
from saleor_amazon_app.sandbox.amazon.state import Json, State

_TRACKING: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 \-]{4,}")
"""A guess: carriers' formats are not published."""
_BAD_TRACKING: Final = "The tracking number is not in a format that the carrier uses."
"""A warning only since April 2021: amzn/selling-partner-api-docs#489."""


def fulfill(state: State, seller_id: str, body: Node, at: str) -> list[str]:
    """Carry out a message and return warnings.

    Raises:
        Refused: The order or its quantities do not allow it.
    """
    stored = named_order(state, seller_id, body)
    check_shippable(stored.order)
    parcel = _parcel(stored.order, body, at)
    ship(state, stored, parcel, source="feed", at=at)
    is_fine = not parcel.tracking or _TRACKING.fullmatch(parcel.tracking)
    return [] if is_fine else [_BAD_TRACKING]


def _parcel(order: Json, body: Node, at: str) -> Parcel:
    data = "FulfillmentData/"
    return Parcel(
        reference=body.findtext("MerchantFulfillmentID") or next_reference(order),
        carrier=_carrier(body),
        service=body.findtext(f"{data}ShippingMethod", ""),
        tracking=body.findtext(f"{data}ShipperTrackingNumber", ""),
        ship_time=ship_time(body.findtext("FulfillmentDate", ""), order, parse_iso(at)),
        items=_items(order, body),
    )


def _carrier(body: Node) -> str:
    code = body.findtext("FulfillmentData/CarrierCode")
    name = body.findtext("FulfillmentData/CarrierName")
    if code == "Other" and not name:
        raise Refused("CarrierName is required when CarrierCode is Other.")
    return name or "" if code in (None, "Other") else str(code)


def _items(order: Json, body: Node) -> tuple[Json, ...]:
    """Return what is in the parcel; without items it is the whole order, as the schema allows."""
    nodes = body.findall("Item")
    return tuple(_item(order, node) for node in nodes) if nodes else waiting_items(order)


def _item(order: Json, node: Node) -> Json:
    item = named_item(order, node)
    count = count_of(node, "Quantity") or unfulfilled(item)
    codes = [code.text or "" for code in node.iterfind("TransparencyCode")]
    told = {"orderItemId": item["orderItemId"], "quantity": count}
    return told | ({"transparencyCodes": codes} if codes else {})
