"""Which fulfilment in Saleor stands for which package at Amazon.

Both sides are compared as they are, so that it does not matter which of them acted first, whether
a webhook came, or whether the app stopped in between: what has a counterpart is told to nobody.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from saleor_amazon_app.mirror.amazon_order import AmazonOrder, Package
from saleor_amazon_app.mirror.carriers import tracking_number_of
from saleor_amazon_app.mirror.facts import PACKAGE
from saleor_amazon_app.mirror.ids import OrderItemId
from saleor_amazon_app.mirror.intents import IntentState, Known
from saleor_amazon_app.mirror.messages import Shipment
from saleor_amazon_app.mirror.saleor_order import SaleorFulfillment, SaleorOrder, Units

_LONGEST: Final = 18

Fits = Callable[["Parcel", SaleorFulfillment], bool]


@dataclass(frozen=True)
class Parcel:
    """Units that have left according to Amazon; without a reference where no package is told."""

    reference: str
    tracking: str
    carrier: str
    units: Units


@dataclass
class Matches:
    """The pairs, by fulfilment id, and what has no counterpart."""

    parcel_of: dict[str, Parcel] = field(default_factory=dict)
    alone_in_saleor: list[SaleorFulfillment] = field(default_factory=list)
    alone_at_amazon: list[Parcel] = field(default_factory=list)


def reference_of(fulfillment_id: str, taken: Collection[str] = ()) -> str:
    """Return the package reference of a fulfilment: a positive integer, the same every time.

    It is the fulfilment's number in the shop's database. Where that is ``taken``, by a package of
    Seller Central's that Amazon numbered, it is a long number made from the fulfilment's id: to
    tell Amazon of a reference that it has would change that package.
    """
    try:
        number = base64.b64decode(fulfillment_id, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        number = ""
    if number.isascii() and number.isdigit() and 0 < len(number) <= _LONGEST and int(number):
        plain_number = str(int(number))
        if plain_number not in taken:
            return plain_number
    digest = hashlib.sha256(fulfillment_id.encode()).digest()
    return str(int.from_bytes(digest[:7], "big") or 1)


def told_references(known: Sequence[Known]) -> dict[str, str]:
    """Return the references that Amazon has heard of, or may have, by fulfilment."""
    return {
        intent.subject: intent.message.reference
        for intent in known
        if isinstance(intent.message, Shipment) and intent.state != IntentState.WITHDRAWN
    }


def match(order: AmazonOrder, saleor: SaleorOrder, known: Sequence[Known] = ()) -> Matches:
    """Pair by reference, then by tracking number and units, then by units alone.

    A package bears a fulfilment's reference if the app told Amazon of it (``known``), or if the
    fulfilment was made for it. Of a parcel with the same number some units may have come back.

    By units alone only where the tracking numbers do not contradict, or where the fulfilment came
    with the import, so that its number can only have changed at Amazon. Units that Amazon counts
    as shipped without telling a package pair with any fulfilment that they suffice for.
    """
    found = Matches()
    told = told_references(known)
    parcels, rest = _parcels(order)
    waiting = list(saleor.shipped)

    def same_reference(parcel: Parcel, fulfillment: SaleorFulfillment) -> bool:
        names = (fulfillment.words.get(PACKAGE), told.get(fulfillment.id))
        return bool(parcel.reference) and parcel.reference in names

    def same_but_for_tracking(parcel: Parcel, fulfillment: SaleorFulfillment) -> bool:
        contradicts = parcel.tracking and fulfillment.tracking
        may_differ = not contradicts or saleor.is_imported(fulfillment)
        return may_differ and _same_units(parcel, fulfillment)

    for fits in (same_reference, _same_tracking, same_but_for_tracking, _holds):
        waiting = [f for f in waiting if not _take(found, f, parcels, fits)]
    for fulfillment in waiting:
        if _suffices(rest, fulfillment.units):
            found.parcel_of[fulfillment.id] = Parcel("", "", "", fulfillment.units)
            _subtract(rest, fulfillment.units)
        else:
            found.alone_in_saleor.append(fulfillment)
    found.alone_at_amazon = parcels
    if left := {item: units for item, units in rest.items() if units > 0}:
        found.alone_at_amazon.append(Parcel("", "", "", left))
    return found


def _parcels(order: AmazonOrder) -> tuple[list[Parcel], dict[OrderItemId, int]]:
    """Return the packages, and the shipped units that are in none of them."""
    rest = {item.order_item_id: _shipped(order, item.order_item_id) for item in order.order_items}
    parcels = []
    for package in order.packages:
        units = _units(package)
        if units:
            name = package.package_reference_id
            tracking, carrier = package.tracking_number or "", package.carrier or ""
            parcels.append(Parcel(name, tracking, carrier, units))
            _subtract(rest, units)
    return parcels, rest


def _shipped(order: AmazonOrder, item_id: OrderItemId) -> int:
    """Count the units that have left; a SHIPPED order has sent all, whatever its items say."""
    item = next(item for item in order.order_items if item.order_item_id == item_id)
    return item.quantity_ordered if order.status == "SHIPPED" else item.quantity_shipped


def _units(package: Package) -> dict[OrderItemId, int]:
    units: dict[OrderItemId, int] = {}
    for part in package.package_items:
        units[part.order_item_id] = units.get(part.order_item_id, 0) + part.quantity
    return {item: quantity for item, quantity in units.items() if quantity > 0}


def _take(
    found: Matches, fulfillment: SaleorFulfillment, parcels: list[Parcel], fits: Fits
) -> bool:
    parcel = next((p for p in parcels if fits(p, fulfillment)), None)
    if parcel is None:
        return False
    parcels.remove(parcel)
    found.parcel_of[fulfillment.id] = parcel
    return True


def _same_tracking(parcel: Parcel, fulfillment: SaleorFulfillment) -> bool:
    return _same_number(parcel, fulfillment) and _same_units(parcel, fulfillment)


def _holds(parcel: Parcel, fulfillment: SaleorFulfillment) -> bool:
    units = fulfillment.units
    return _same_number(parcel, fulfillment) and _suffices(parcel.units, units)


def _same_number(parcel: Parcel, fulfillment: SaleorFulfillment) -> bool:
    same = plain(parcel.tracking) == plain(tracking_number_of(fulfillment.tracking))
    return bool(parcel.tracking) and same


def _same_units(parcel: Parcel, fulfillment: SaleorFulfillment) -> bool:
    return dict(parcel.units) == dict(fulfillment.units)


def plain(tracking: str) -> str:
    """Write a tracking number without what people put between its digits."""
    return "".join(tracking.split()).upper()


def _suffices(rest: Mapping[OrderItemId, int], units: Units) -> bool:
    return bool(units) and all(rest.get(item, 0) >= count for item, count in units.items())


def _subtract(rest: dict[OrderItemId, int], units: Units) -> None:
    for item, count in units.items():
        rest[item] = rest.get(item, 0) - count
