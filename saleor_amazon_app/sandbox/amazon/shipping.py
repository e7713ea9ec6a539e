"""A parcel goes out: what Amazon checks when it is told of one, and what becomes of the order."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from saleor_amazon_app.sandbox.amazon.changes import fulfil
from saleor_amazon_app.sandbox.amazon.clock import iso, parse_iso
from saleor_amazon_app.sandbox.amazon.order_facts import (
    fulfilled,
    is_own,
    item_of,
    ordered,
    status,
    touch,
    unfulfilled,
)
from saleor_amazon_app.sandbox.amazon.records import Shipment
from saleor_amazon_app.sandbox.amazon.refusals import Refused
from saleor_amazon_app.sandbox.amazon.state import State, StoredOrder
from saleor_amazon_app.sandbox.amazon.transactions import post_shipment

Json = dict[str, Any]

_SHIPPABLE: Final = ("UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED")
_CONFIRMED_BY_AMAZON: Final = ("FBM_SHIP_PLUS", "AMAZON_EASY_SHIP", "DELIVERY_BY_AMAZON")
"""SP-API page "Confirm the shipment status" for Ship+; Amazon marks the others as shipped itself
once they were scheduled with the Easy Ship API."""
_AHEAD: Final = timedelta(minutes=5)
_FAILED: Final = (
    "Failed to create package due to not finding a matching package or order already fulfilled."
)
_NOT_FOUND: Final = (
    "ErrorMessage(errorCode=GeneralError, errorDescription=Unable to find package to update for"
    " order (), errorMetric=PackageToUpdateNotFound, packageIndex=null)"
)
"""Both texts: amzn/selling-partner-api-models#5037."""


@dataclass(frozen=True)
class Parcel:
    """A parcel as Amazon is told of it. ``items`` are as Amazon tells ``packageItems``."""

    reference: str
    carrier: str
    service: str
    tracking: str
    ship_time: str
    items: tuple[Json, ...]


def check_shippable(order: Json) -> None:
    """Refuse orders that a seller cannot confirm.

    Raises:
        Refused: The order is Amazon's to fulfil or to confirm, cancelled or not paid yet.
    """
    if not is_own(order):
        raise Refused("The order is fulfilled by Amazon.")
    if status(order) not in _SHIPPABLE:
        raise Refused(f"The order cannot be shipped in status {status(order)}.")
    if programs := [p for p in order.get("programs", ()) if p in _CONFIRMED_BY_AMAZON]:
        raise Refused(f"Orders of {programs[0]} cannot be confirmed.")


def ship_time(text: str, order: Json, now: datetime) -> str:
    """Read when a parcel went out.

    Raises:
        Refused: It is no time in ISO 8601, in the future, or earlier than the order. Amazon does
            not document the last two; the sandbox's example of a 400 is a date like 02/21/2022.
    """
    moment = _moment(text)
    if moment > now + _AHEAD:
        raise Refused("The ship date is in the future.", text)
    if moment < parse_iso(order["createdTime"]):
        raise Refused("The ship date is before the order was placed.", text)
    return iso(moment)


def ship(state: State, stored: StoredOrder, parcel: Parcel, *, source: str, at: str) -> Shipment:
    """Put a parcel on its way, or change one whose reference is known.

    SP-API page "Confirm the shipment status": the same reference edits the package.

    Raises:
        Refused: The order or its quantities do not allow it.
    """
    order = _released(stored)
    check_shippable(order)
    old = _package(order, parcel.reference)
    changes = _changes(order, old, parcel)
    stored.order, stored.later = order, None
    before = {item["orderItemId"]: fulfilled(item) for item in order["orderItems"]}
    _pack(order, old, parcel, at)
    for item_id, change in changes.items():
        fulfil(item_of(order, item_id), before[item_id] + change)
    _move_on(order)
    touch(stored, at)
    post_shipment(state, stored, before, _parcel_id(order, parcel), at)
    return _note(state, stored, parcel, source=source, at=at)


def next_reference(order: Json) -> str:
    """Return a number for a parcel for which the seller gave none."""
    numbers = [int(p["packageReferenceId"]) for p in _packages(order) if _is_number(p)]
    return str(max(numbers, default=0) + 1)


def waiting_items(order: Json) -> tuple[Json, ...]:
    """Return all that has not gone out yet, as a parcel's items."""
    return tuple(
        {"orderItemId": item["orderItemId"], "quantity": unfulfilled(item)}
        for item in order["orderItems"]
        if unfulfilled(item) > 0
    )


def _moment(text: str) -> datetime:
    try:
        moment = parse_iso(text)
    except ValueError:
        raise Refused("The ship date is not in ISO 8601 date-time format.", text) from None
    if "T" not in text.upper():
        raise Refused("The ship date has no time.", text)
    return moment


def _released(stored: StoredOrder) -> Json:
    """Return the order with what was kept back, unless that is why it cannot be shipped."""
    if stored.later is None or status(stored.order) not in _SHIPPABLE:
        return stored.order
    return stored.later


def _changes(order: Json, old: Json | None, parcel: Parcel) -> Counter[str]:
    """Return by how much each item's shipped quantity changes."""
    if old is None and not waiting_items(order):
        raise Refused(_FAILED, _NOT_FOUND)
    changes: Counter[str] = Counter()
    for told in parcel.items:
        changes[told["orderItemId"]] += told["quantity"]
    for told in (old or {}).get("packageItems", ()):
        changes[told["orderItemId"]] -= told["quantity"]
    for item_id, change in changes.items():
        _check_quantity(item_of(order, item_id), change)
    return changes


def _check_quantity(item: Json, change: int) -> None:
    new = fulfilled(item) + change
    if not 0 <= new <= ordered(item):
        text = f"{unfulfilled(item)} of item {item['orderItemId']} are left to ship."
        raise Refused("Failed to create package", text, item_id=item["orderItemId"])


def _packages(order: Json) -> list[Json]:
    packages: list[Json] = order.get("packages", [])
    return packages


def _package(order: Json, reference: str) -> Json | None:
    found = (p for p in _packages(order) if p["packageReferenceId"] == reference)
    return next(found, None)


def _pack(order: Json, old: Json | None, parcel: Parcel, at: str) -> None:
    told = {
        "packageReferenceId": parcel.reference,
        "createdTime": (old or {}).get("createdTime", at),
        "packageStatus": {"status": "SHIPPED"},
        "carrier": parcel.carrier,
        "shipTime": parcel.ship_time,
        "shippingService": parcel.service,
        "trackingNumber": parcel.tracking,
        "packageItems": [dict(item) for item in parcel.items],
    }
    kept = {name: value for name, value in told.items() if value != ""}
    others = [p for p in _packages(order) if p is not old]
    order["packages"] = [*others, kept]


def _move_on(order: Json) -> None:
    if not waiting_items(order):
        new = "SHIPPED"
    elif any(fulfilled(item) for item in order["orderItems"]):
        new = "PARTIALLY_SHIPPED"
    else:
        new = "UNSHIPPED"
    order["fulfillment"]["fulfillmentStatus"] = new


def _note(state: State, stored: StoredOrder, parcel: Parcel, *, source: str, at: str) -> Shipment:
    key = (stored.order_id, parcel.reference)
    earlier = sum((each.order_id, each.reference) == key for each in state.shipments)
    shipment = Shipment(
        stored.seller_id,
        stored.order_id,
        at,
        source,
        parcel.reference,
        parcel.carrier,
        parcel.tracking,
        [dict(item) for item in parcel.items],
        earlier + 1,
    )
    state.shipments.append(shipment)
    state.on_change()
    return shipment


def _parcel_id(order: Json, parcel: Parcel) -> str:
    return f"{order['orderId']}-{parcel.reference}"


def _is_number(package: Json) -> bool:
    return str(package["packageReferenceId"]).isdigit()
