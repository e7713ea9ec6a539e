"""Fulfilments in Saleor that Amazon has to hear of, as packages.

One fulfilment is one package. What has a counterpart at Amazon already is never told; a fulfilment
that changes before it was sent changes its intent, afterwards it edits the package.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.carriers import Carrier, choose_carrier, tracking_number_of
from saleor_amazon_app.mirror.facts import (
    CARRIER,
    FOLLOWED,
    SHIPPING_METHOD,
    TRANSPARENCY_CODES,
)
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
from saleor_amazon_app.mirror.saleor_order import (
    CANCELED,
    WAITING_FOR_APPROVAL,
    SaleorFulfillment,
    SaleorOrder,
    Units,
)
from saleor_amazon_app.mirror.sentences import NOTHING, Sentence, say
from saleor_amazon_app.mirror.terms import Terms

_JAPAN: Final = "A1VC38T7YXB528"
"""``codCollectionMethod`` is for Japan alone (model ordersV0)."""
_MOST_CODES: Final = 10
"""Amazon's feed takes ten transparency codes for an item."""
_GRACE: Final = timedelta(minutes=15)
"""How long a shipment still waits for its number where the time for that was over at first sight.

The Dashboard lets staff type the number of a fulfilment that needs approval only once they have
approved it, which may be long after its making.
"""
_NEAR: Final = timedelta(hours=24)
"""So long before the ship-by date a person hears of fulfilments that still wait for approval."""
_OPEN: Final = ("UNSHIPPED", "PARTIALLY_SHIPPED")
_AMAZONS_OWN: Final = {
    "FBM_SHIP_PLUS": say("answer.ship_plus"),
    "AMAZON_EASY_SHIP": say("answer.easy_ship"),
    "DELIVERY_BY_AMAZON": say("answer.amazon_delivers"),
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
    stood_for = {parcel.reference for parcel in matches.parcel_of.values()}
    for fulfillment in saleor.fulfillments:
        latest = by_subject.get(fulfillment.id)
        if fulfillment.status == CANCELED and latest:
            steps += _withdraw(latest)
            problems += _undone(order, fulfillment, latest, stood_for)
    for fulfillment in saleor.shipped:
        latest = by_subject.get(fulfillment.id)
        parcel = matches.parcel_of.get(fulfillment.id)
        if latest is None and (parcel or saleor.is_imported(fulfillment)):
            continue
        if why := _not_sendable(order):
            steps += _write_off(fulfillment, latest, why)
            continue
        wanted = _shipment(order, fulfillment, latest, terms, now)
        hold = _held_until(order, fulfillment, latest, terms, now)
        steps += _steps(fulfillment, wanted, latest, parcel, known, hold)
        if not may_be_sent(wanted, terms):
            problems += _missing_tracking(wanted, latest, hold, now)
            holds.append(hold)
    for fulfillment in _unapproved(order, saleor):
        problems += _missing_approval(order, fulfillment, now)
        holds += _warned_at(order, fulfillment)
    again = min((hold for hold in holds if hold > now), default=None)
    return Shipments(tuple(steps), tuple(problems), again)


def _latest(known: Sequence[Known]) -> Mapping[str, Known]:
    """Return the last intent about each fulfilment; ``known`` is in the order of their making."""
    return {i.subject: i for i in known if i.kind == IntentKind.SHIPMENT}


def _not_sendable(order: AmazonOrder) -> Sentence:
    if order.fulfilled_by != "MERCHANT":
        return say("answer.amazon_ships")
    if order.status == "CANCELLED":
        return say("answer.cancelled")
    own = (why for program, why in _AMAZONS_OWN.items() if program in order.programs)
    return next(own, NOTHING)


def _write_off(
    fulfillment: SaleorFulfillment, latest: Known | None, why: Sentence
) -> Iterator[Step]:
    """Write down once that a fulfilment is not told to Amazon, and why."""
    if latest and latest.state == IntentState.QUEUED:
        yield Withdrawal(latest.id, say("answer.not_sent", why=why))
    elif latest is None:
        yield Wish(
            IntentKind.SHIPMENT,
            f"shipment:{fulfillment.id}",
            fulfillment.id,
            say("summary.units", count=sum(fulfillment.units.values())),
            why=say("answer.shipment_not_sent", why=why),
            state=IntentState.WITHDRAWN,
        )


def _withdraw(latest: Known) -> Iterator[Step]:
    if latest.state == IntentState.QUEUED:
        yield Withdrawal(latest.id, say("answer.fulfilment_cancelled"))


def _undone(
    order: AmazonOrder, fulfillment: SaleorFulfillment, latest: Known, stood_for: Collection[str]
) -> Iterator[Problem]:
    """Amazon keeps a package for good; one that is gone from Saleor is a person's matter.

    It is settled once another fulfilment stands for the package.
    """
    alone = {package.package_reference_id for package in order.packages}.difference(stood_for)
    told = latest.state in (IntentState.ACCEPTED, IntentState.NEEDS_ATTENTION)
    if told and isinstance(latest.message, Shipment) and latest.message.reference in alone:
        text = say("problem.shipment_undone", number=fulfillment.number)
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
        if _has_news(wanted, latest, fulfillment, parcel):
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


def _has_news(
    wanted: Shipment, latest: Known | None, fulfillment: SaleorFulfillment, parcel: Parcel | None
) -> bool:
    """Tell whether Amazon does not have yet what the merchant wants.

    A number that Amazon told is none of the merchant's. A package that shows with its number and
    units may still lack the merchant's own words about it, which Amazon does not show.
    """
    if parcel and fulfillment.tracking and fulfillment.tracking == _told_by_amazon(fulfillment):
        return False
    told = latest.message if latest else None
    if not _is_shown(wanted, parcel):
        return True
    if not isinstance(told, Shipment) or told.tracking_number != wanted.tracking_number:
        return False
    return _in_words(wanted, fulfillment) != _in_words(told, fulfillment)


def _told_by_amazon(fulfillment: SaleorFulfillment) -> str:
    return fulfillment.words.get(FOLLOWED, "")


def _in_words(shipment: Shipment, fulfillment: SaleorFulfillment) -> tuple[object, ...]:
    """Return what of a shipment the fulfilment's metadata says, as far as it says it."""
    carrier = (shipment.carrier_code, shipment.carrier_name)
    return (
        carrier if CARRIER in fulfillment.words else None,
        shipment.shipping_method if SHIPPING_METHOD in fulfillment.words else None,
        shipment.units if TRANSPARENCY_CODES in fulfillment.words else None,
    )


def _is_shown(wanted: Shipment, parcel: Parcel | None) -> bool:
    """Tell whether Amazon shows the package just as it is wanted."""
    if parcel is None or parcel.reference != wanted.reference:
        return False
    units = {unit.item_id: unit.quantity for unit in wanted.units}
    return parcel.tracking == wanted.tracking_number and dict(parcel.units) == units


def _shipment(
    order: AmazonOrder,
    fulfillment: SaleorFulfillment,
    latest: Known | None,
    terms: Terms,
    now: datetime,
) -> Shipment:
    tracking = tracking_number_of(fulfillment.tracking)
    carrier = _carrier(fulfillment, tracking, terms)
    units = _left_with_it(fulfillment, latest)
    codes = _transparency_codes(fulfillment, units)
    return Shipment(
        order_id=order.order_id,
        marketplace_id=order.marketplace_id or MarketplaceId(""),
        reference=_reference(order, fulfillment, latest),
        carrier_code=carrier.code,
        carrier_name=carrier.name,
        shipping_method=fulfillment.words.get(SHIPPING_METHOD) or _method(order),
        tracking_number=tracking,
        shipped_at=max(order.created_time, min(fulfillment.created_at, now)),
        units=tuple(
            PackedUnits(item_id=item, quantity=count, transparency_codes=codes.get(item, ()))
            for item, count in sorted(units.items())
            if count
        ),
        cash_on_delivery=order.marketplace_id == _JAPAN and order.is_cash_on_delivery,
        supply_source_id=terms.supply_sources.get(fulfillment.warehouse.casefold(), ""),
    )


def _reference(order: AmazonOrder, fulfillment: SaleorFulfillment, latest: Known | None) -> str:
    told = latest.message if latest else None
    if isinstance(told, Shipment):
        return told.reference
    return reference_of(fulfillment.id, {p.package_reference_id for p in order.packages})


def _left_with_it(fulfillment: SaleorFulfillment, latest: Known | None) -> Units:
    """Return the units that left in a parcel: what came back since has left all the same.

    Saleor takes returned and replaced units off the fulfilment that they were sent with, and
    nothing else ever changes its units.
    """
    told = latest.message if latest else None
    if not isinstance(told, Shipment):
        return fulfillment.units
    before = {unit.item_id: unit.quantity for unit in told.units}
    fewer = all(before.get(item, 0) >= count for item, count in fulfillment.units.items())
    return before if fewer else fulfillment.units


def _carrier(fulfillment: SaleorFulfillment, tracking: str, terms: Terms) -> Carrier:
    told = fulfillment.words.get(CARRIER)
    return choose_carrier(told, tracking, terms.carriers, terms.default_carrier)


def _method(order: AmazonOrder) -> str:
    """Write the order's service level as a shipping method: ``SECOND_DAY`` as ``Second Day``."""
    level = order.fulfillment.fulfillment_service_level if order.fulfillment else None
    return (level or "STANDARD").replace("_", " ").title()


def _transparency_codes(
    fulfillment: SaleorFulfillment, units: Units
) -> dict[OrderItemId, tuple[str, ...]]:
    """Read ``item:code,item:code``, or codes alone for a fulfilment of one item.

    Codes may have a colon of their own (``AZ:...``).
    """
    codes: dict[OrderItemId, tuple[str, ...]] = {}
    only = next(iter(units)) if len(units) == 1 else None
    for part in fulfillment.words.get(TRANSPARENCY_CODES, "").split(","):
        item, _, rest = part.strip().partition(":")
        named = OrderItemId(item) in units
        owner, code = (OrderItemId(item), rest) if named else (only, part.strip())
        if code and owner is not None:
            codes[owner] = (*codes.get(owner, ()), code)[:_MOST_CODES]
    return codes


def _held_until(
    order: AmazonOrder,
    fulfillment: SaleorFulfillment,
    latest: Known | None,
    terms: Terms,
    now: datetime,
) -> datetime:
    """Return until when a shipment waits for a tracking number.

    Never past a ship-by date that can still be met when the shipment is first seen.
    """
    seen = latest.asked_at if latest and latest.asked_at else now
    until = fulfillment.created_at + terms.tracking_wait
    soonest = seen + min(_GRACE, terms.tracking_wait)
    if order.ship_by:
        until = min(until, order.ship_by)
        soonest = min(soonest, order.ship_by) if order.ship_by > seen else soonest
    return max(until, soonest)


def _missing_tracking(
    wanted: Shipment, latest: Known | None, hold: datetime, now: datetime
) -> Iterator[Problem]:
    if now >= hold and (latest is None or latest.state == IntentState.QUEUED):
        text = say("problem.tracking_missing", count=_count(wanted))
        yield Problem(ProblemKind.TRACKING_MISSING, text, wanted.reference)


def _unapproved(order: AmazonOrder, saleor: SaleorOrder) -> Iterator[SaleorFulfillment]:
    """Yield the fulfilments that Amazon will hear of once somebody has approved them."""
    if order.status not in _OPEN or _not_sendable(order):
        return
    for fulfillment in saleor.fulfillments:
        if fulfillment.status == WAITING_FOR_APPROVAL and not saleor.is_imported(fulfillment):
            yield fulfillment


def _warned_at(order: AmazonOrder, fulfillment: SaleorFulfillment) -> tuple[datetime, ...]:
    """Return when a person hears that an approval is missing, and when that it is too late."""
    if order.ship_by is None:
        return ()
    soonest = fulfillment.created_at + _GRACE
    return max(order.ship_by - _NEAR, soonest), max(order.ship_by, soonest)


def _missing_approval(
    order: AmazonOrder, fulfillment: SaleorFulfillment, now: datetime
) -> Iterator[Problem]:
    passed = [moment for moment in _warned_at(order, fulfillment) if now >= moment]
    if passed and order.ship_by:
        code = "problem.approval_overdue" if now >= order.ship_by else "problem.approval_missing"
        text = say(code, number=fulfillment.number, ship_by=order.ship_by)
        yield Problem(ProblemKind.APPROVAL_MISSING, text, fulfillment.id)


def may_be_sent(shipment: Shipment, terms: Terms) -> bool:
    """Tell whether a queued shipment may go once its time has come."""
    return bool(shipment.tracking_number) or terms.ship_without_tracking


def _summary(shipment: Shipment) -> Sentence:
    """Write a shipment for the merchant: ``2 units, UPS 1Z...``."""
    carrier, count = shipment.carrier_name or shipment.carrier_code, _count(shipment)
    if not shipment.tracking_number:
        return say("summary.untracked", count=count, carrier=carrier)
    tracking = shipment.tracking_number
    return say("summary.shipment", count=count, carrier=carrier, tracking=tracking)


def _count(shipment: Shipment) -> int:
    return sum(unit.quantity for unit in shipment.units)
