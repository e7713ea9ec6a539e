"""Fulfilments in Saleor that Amazon has to hear of, as packages.

One fulfilment is one package. What has a counterpart at Amazon already is never told; a fulfilment
that changes before it was sent changes its intent, afterwards it edits the package.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.carriers import Carrier, choose_carrier, tracking_number_of
from saleor_amazon_app.mirror.facts import CARRIER, SHIPPING_METHOD, TRANSPARENCY_CODES
from saleor_amazon_app.mirror.ids import MarketplaceId, OrderItemId
from saleor_amazon_app.mirror.intents import (
    UNDER_WAY,
    IntentKind,
    IntentState,
    Known,
    Revision,
    Step,
    Wish,
    Withdrawal,
    next_key,
)
from saleor_amazon_app.mirror.matching import Matches, Parcel, reference_of
from saleor_amazon_app.mirror.messages import PackedUnits, Shipment
from saleor_amazon_app.mirror.problems import Problem, ProblemKind
from saleor_amazon_app.mirror.saleor_order import CANCELED, SaleorFulfillment, SaleorOrder
from saleor_amazon_app.mirror.terms import Terms

_MOST_CODES: Final = 10
"""Amazon's feed takes ten transparency codes for an item."""
_AMAZONS_OWN: Final = {
    "FBM_SHIP_PLUS": "Amazon confirms Ship+ orders by itself",
    "AMAZON_EASY_SHIP": "Amazon marks Easy Ship orders as shipped when it collects them",
    "DELIVERY_BY_AMAZON": "Amazon delivers this order and marks it as shipped",
}
"""SP-API page "Confirm the shipment status": such orders are answered 400."""


@dataclass(frozen=True)
class Shipments:
    """What to tell Amazon about the parcels of an order."""

    steps: tuple[Step, ...] = ()
    problems: tuple[Problem, ...] = ()
    look_again_at: datetime | None = None


def plan_shipments(
    order: AmazonOrder,
    saleor: SaleorOrder,
    matches: Matches,
    known: Sequence[Known],
    terms: Terms,
    now: datetime,
) -> Shipments:
    """Decide about each fulfilment of an order that is in Saleor."""
    steps: list[Step] = []
    problems: list[Problem] = []
    holds: list[datetime] = []
    by_subject = _latest(known)
    for fulfillment in saleor.fulfillments:
        latest = by_subject.get(fulfillment.id)
        if fulfillment.status == CANCELED and latest:
            steps += _withdraw(latest)
            problems += _undone(order, fulfillment, latest)
    for fulfillment in saleor.shipped:
        latest = by_subject.get(fulfillment.id)
        parcel = matches.parcel_of.get(fulfillment.id)
        if latest is None and (parcel or saleor.is_imported(fulfillment)):
            continue
        if why := _not_sendable(order):
            steps += _write_off(fulfillment, latest, why)
            continue
        wanted = _shipment(order, fulfillment, terms, now)
        hold = _held_until(order, fulfillment, terms)
        steps += _steps(fulfillment, wanted, latest, parcel, known, hold)
        if not may_be_sent(wanted, terms):
            problems += _missing_tracking(wanted, latest, hold, now)
            holds.append(hold)
    again = min((hold for hold in holds if hold > now), default=None)
    return Shipments(tuple(steps), tuple(problems), again)


def _latest(known: Sequence[Known]) -> Mapping[str, Known]:
    """Return the last intent about each fulfilment; ``known`` is in the order of their making."""
    return {i.subject: i for i in known if i.kind == IntentKind.SHIPMENT}


def _not_sendable(order: AmazonOrder) -> str:
    if order.fulfilled_by != "MERCHANT":
        return "Amazon ships this order itself"
    if order.status == "CANCELLED":
        return "the order is cancelled at Amazon"
    return next((why for program, why in _AMAZONS_OWN.items() if program in order.programs), "")


def _write_off(fulfillment: SaleorFulfillment, latest: Known | None, why: str) -> Iterator[Step]:
    """Write down once that a fulfilment is not told to Amazon, and why."""
    if latest and latest.state == IntentState.QUEUED:
        yield Withdrawal(latest.id, f"Not sent: {why}.")
    elif latest is None:
        yield Wish(
            IntentKind.SHIPMENT,
            f"shipment:{fulfillment.id}",
            fulfillment.id,
            _units_in_words(sum(fulfillment.units.values())),
            why=f"Shipment not sent to Amazon: {why}.",
            state=IntentState.WITHDRAWN,
        )


def _withdraw(latest: Known) -> Iterator[Step]:
    if latest.state == IntentState.QUEUED:
        yield Withdrawal(latest.id, "Not sent: the fulfilment was cancelled in Saleor.")


def _undone(order: AmazonOrder, fulfillment: SaleorFulfillment, latest: Known) -> Iterator[Problem]:
    """Amazon keeps a package for good; one that is gone from Saleor is a person's matter."""
    at_amazon = {package.package_reference_id for package in order.packages}
    told = latest.state in (IntentState.ACCEPTED, IntentState.NEEDS_ATTENTION)
    if told and reference_of(fulfillment.id) in at_amazon:
        text = f"Fulfilment {fulfillment.number} was cancelled in Saleor after Amazon accepted it."
        yield Problem(ProblemKind.SHIPMENT_UNDONE, text, fulfillment.id)


def _steps(
    fulfillment: SaleorFulfillment,
    wanted: Shipment,
    latest: Known | None,
    parcel: Parcel | None,
    known: Sequence[Known],
    hold: datetime,
) -> Iterator[Step]:
    summary = _summary(wanted)
    not_before = None if wanted.tracking_number else hold
    if latest is None or (_is_settled(latest) and _differs(wanted, latest)):
        if not _is_shown(wanted, parcel):
            base = f"shipment:{fulfillment.id}"
            yield Wish(
                IntentKind.SHIPMENT,
                next_key(base, known),
                fulfillment.id,
                summary,
                wanted,
                not_before,
            )
    elif latest.state == IntentState.QUEUED and _differs(wanted, latest):
        yield Revision(latest.id, wanted, summary, not_before)


def _is_settled(latest: Known) -> bool:
    return latest.state not in UNDER_WAY and latest.state != IntentState.WITHDRAWN


def _differs(wanted: Shipment, latest: Known) -> bool:
    told = latest.message
    if not isinstance(told, Shipment):
        return True
    return wanted != told.model_copy(update={"shipped_at": wanted.shipped_at})


def _is_shown(wanted: Shipment, parcel: Parcel | None) -> bool:
    """Tell whether Amazon shows the package just as it is wanted."""
    if parcel is None or parcel.reference != wanted.reference:
        return False
    units = {unit.item_id: unit.quantity for unit in wanted.units}
    return parcel.tracking == wanted.tracking_number and dict(parcel.units) == units


def _shipment(
    order: AmazonOrder, fulfillment: SaleorFulfillment, terms: Terms, now: datetime
) -> Shipment:
    tracking = tracking_number_of(fulfillment.tracking)
    carrier = _carrier(fulfillment, tracking, terms)
    codes = _transparency_codes(fulfillment)
    return Shipment(
        order_id=order.order_id,
        marketplace_id=order.marketplace_id or MarketplaceId(""),
        reference=reference_of(fulfillment.id),
        carrier_code=carrier.code,
        carrier_name=carrier.name,
        shipping_method=fulfillment.words.get(SHIPPING_METHOD) or _method(order),
        tracking_number=tracking,
        shipped_at=max(order.created_time, min(fulfillment.created_at, now)),
        units=tuple(
            PackedUnits(item_id=item, quantity=count, transparency_codes=codes.get(item, ()))
            for item, count in sorted(fulfillment.units.items())
            if count
        ),
    )


def _carrier(fulfillment: SaleorFulfillment, tracking: str, terms: Terms) -> Carrier:
    told = fulfillment.words.get(CARRIER)
    return choose_carrier(told, tracking, terms.carriers, terms.default_carrier)


def _method(order: AmazonOrder) -> str:
    """Write the order's service level as a shipping method: ``SECOND_DAY`` as ``Second Day``."""
    level = order.fulfillment.fulfillment_service_level if order.fulfillment else None
    return (level or "STANDARD").replace("_", " ").title()


def _transparency_codes(fulfillment: SaleorFulfillment) -> dict[OrderItemId, tuple[str, ...]]:
    """Read ``item:code,item:code``, or codes alone for a fulfilment of one item."""
    codes: dict[OrderItemId, tuple[str, ...]] = {}
    only = next(iter(fulfillment.units)) if len(fulfillment.units) == 1 else None
    for part in fulfillment.words.get(TRANSPARENCY_CODES, "").split(","):
        item, separator, code = part.strip().rpartition(":")
        owner = OrderItemId(item) if separator else only
        if code and owner is not None and owner in fulfillment.units:
            codes[owner] = (*codes.get(owner, ()), code)[:_MOST_CODES]
    return codes


def _held_until(order: AmazonOrder, fulfillment: SaleorFulfillment, terms: Terms) -> datetime:
    """Return until when a shipment waits for a tracking number: never past the ship-by date."""
    until = fulfillment.created_at + terms.tracking_wait
    return min(until, order.ship_by) if order.ship_by else until


def _missing_tracking(
    wanted: Shipment, latest: Known | None, hold: datetime, now: datetime
) -> Iterator[Problem]:
    if now >= hold and (latest is None or latest.state == IntentState.QUEUED):
        text = f"The shipment of {_units_in_words(_count(wanted))} has no tracking number."
        yield Problem(ProblemKind.TRACKING_MISSING, text, wanted.reference)


def may_be_sent(shipment: Shipment, terms: Terms) -> bool:
    """Tell whether a queued shipment may go once its time has come."""
    return bool(shipment.tracking_number) or terms.ship_without_tracking


def _summary(shipment: Shipment) -> str:
    """Write a shipment for the merchant: ``2 units, UPS 1Z...``."""
    carrier = shipment.carrier_name or shipment.carrier_code
    tracking = shipment.tracking_number or "without tracking number"
    return f"{_units_in_words(_count(shipment))}, {carrier} {tracking}"


def _count(shipment: Shipment) -> int:
    return sum(unit.quantity for unit in shipment.units)


def _units_in_words(count: int) -> str:
    return f"{count} unit" if count == 1 else f"{count} units"
