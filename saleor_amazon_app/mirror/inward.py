"""What happened at Amazon and has to show in Saleor.

Each action is decided from both sides as they are, so that it is taken once however often it is
decided: an order that is fulfilled, cancelled or refunded in Saleor already asks for nothing.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from saleor_amazon_app.mirror.addresses import AddressFix, AddressNotUsable, saleor_address
from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.cancelling import CANCELLED
from saleor_amazon_app.mirror.carriers import tracking_number_of
from saleor_amazon_app.mirror.drafting import PLACEHOLDER_EMAIL_DOMAIN
from saleor_amazon_app.mirror.facts import (
    CANCEL_REQUESTED,
    FOLLOWED,
    SHIP_BY,
    STATUS,
    WISH_WITHDRAWN,
    moment,
)
from saleor_amazon_app.mirror.intents import UNDER_WAY, IntentKind, IntentState, Known
from saleor_amazon_app.mirror.marketplaces import find_marketplace
from saleor_amazon_app.mirror.matching import Matches, Parcel, plain, told_references
from saleor_amazon_app.mirror.messages import Shipment
from saleor_amazon_app.mirror.money import ZERO
from saleor_amazon_app.mirror.personal_data import is_code
from saleor_amazon_app.mirror.problems import Problem, ProblemKind
from saleor_amazon_app.mirror.saleor_order import SaleorFulfillment, SaleorOrder
from saleor_amazon_app.mirror.sentences import NOTHING, Sentence, Sum, say, several
from saleor_amazon_app.mirror.summaries import units_of_items

_OPEN: Final = ("UNSHIPPED", "PARTIALLY_SHIPPED")
_BY: Final = {"BUYER": "by_buyer", "MERCHANT": "by_you", "AMAZON": "by_amazon"}
"""Who can have cancelled an order, and what the sentences about it are called."""


@dataclass(frozen=True)
class Fulfil:
    """Fulfil lines in Saleor: a parcel has left."""

    lines: Mapping[str, int]
    """Units by the Saleor line's id."""
    tracking: str
    reference: str
    """Amazon's package, if it told one."""
    note: str


@dataclass(frozen=True)
class Track:
    fulfillment_id: str
    tracking: str
    note: str


@dataclass(frozen=True)
class Cancel:
    note: str


@dataclass(frozen=True)
class GiveBack:
    """Report money that the buyer got back, or never paid. ``amount`` is in major units."""

    amount: Decimal
    reference: str
    note: str


@dataclass(frozen=True)
class Remember:
    """Write private metadata of the order."""

    facts: Mapping[str, str]
    note: str = ""


@dataclass(frozen=True)
class ChangeAddress:
    address: Mapping[str, Any]
    mark: str
    note: str


@dataclass(frozen=True)
class Silence:
    """Put an address on the order that reaches nobody: Saleor is about to write a mail."""

    email: str
    note: str = ""


Action = Fulfil | Track | Cancel | GiveBack | Remember | ChangeAddress | Silence


@dataclass
class Inward:
    """What to do in Saleor, in order, and what a person has to know."""

    actions: list[Action] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def plan_inward(
    order: AmazonOrder,
    saleor: SaleorOrder,
    matches: Matches,
    known: Sequence[Known],
    *,
    address_mark: str | None,
    fix: AddressFix | None = None,
    untold: Decimal = ZERO,
) -> Inward:
    """Decide what of Amazon's order has to be carried into Saleor.

    Args:
        order: As Amazon told it last.
        saleor: As Saleor shows it now.
        matches: Which fulfilment stands for which package.
        known: The order's intents.
        address_mark: The digest of Amazon's address that Saleor has.
        fix: The merchant's repair of the address.
        untold: What Amazon lists as refunded and Saleor is about to hear of, in major units.
    """
    plan = Inward()
    _cancelled(plan, order, saleor, known, untold)
    if not saleor.is_cancelled and order.status != CANCELLED:
        plan.actions += _parcels(saleor, matches, known)
        plan.actions += _trackings(saleor, matches, known)
        _some_units_cancelled(plan, order, saleor)
        _cancel_requested(plan, order, saleor, known)
        _address(plan, order, saleor, address_mark, fix)
    _facts(plan, order, saleor)
    if silence := _silence(plan, order, saleor):
        plan.actions.insert(0, silence)
    return plan


def silenced(order_id: str, saleor: SaleorOrder) -> Silence | None:
    """Return what has to be done before Saleor writes to the order's e-mail address."""
    if saleor.email.endswith(f"@{PLACEHOLDER_EMAIL_DOMAIN}"):
        return None
    return Silence(f"{order_id.lower()}@{PLACEHOLDER_EMAIL_DOMAIN}")


def _silence(plan: Inward, order: AmazonOrder, saleor: SaleorOrder) -> Silence | None:
    writes = any(isinstance(action, Cancel | GiveBack) for action in plan.actions)
    return silenced(order.order_id, saleor) if writes else None


# --- shipped ------------------------------------------------------------------------------------


def _parcels(saleor: SaleorOrder, matches: Matches, known: Sequence[Known]) -> Iterator[Fulfil]:
    """Fulfil what Amazon shows as shipped and Saleor does not, except our own parcels."""
    ours = set(told_references(known).values())
    left = {line.item_id: line.to_fulfill for line in saleor.lines}
    line_ids = {line.item_id: line.id for line in saleor.lines}
    for parcel in matches.alone_at_amazon:
        units = {item: min(count, left.get(item, 0)) for item, count in parcel.units.items()}
        units = {item: count for item, count in units.items() if count}
        if parcel.reference in ours or not units:
            continue
        for item, count in units.items():
            left[item] -= count
        lines = {line_ids[item]: count for item, count in units.items()}
        yield Fulfil(lines, parcel.tracking, parcel.reference, _shipped_note(parcel, units))


def _shipped_note(parcel: Parcel, units: Mapping[Any, int]) -> Sentence:
    count = sum(units.values())
    by = " ".join(part for part in (parcel.carrier, parcel.tracking) if part)
    if not by:
        return say("history.shipped", count=count)
    return say("history.shipped_by", count=count, by=by)


def _trackings(saleor: SaleorOrder, matches: Matches, known: Sequence[Known]) -> Iterator[Track]:
    """Follow tracking numbers that were changed at Amazon."""
    latest = {i.subject: i for i in known if i.kind == IntentKind.SHIPMENT}
    for fulfillment in saleor.shipped:
        parcel = matches.parcel_of.get(fulfillment.id)
        if parcel is None or not parcel.tracking or _is_same(parcel, fulfillment):
            continue
        if _changed_at_amazon(fulfillment, parcel, latest.get(fulfillment.id)):
            text = say("history.other_tracking", tracking=parcel.tracking)
            yield Track(fulfillment.id, parcel.tracking, text)


def _is_same(parcel: Parcel, fulfillment: SaleorFulfillment) -> bool:
    return plain(parcel.tracking) == plain(tracking_number_of(fulfillment.tracking))


def _changed_at_amazon(
    fulfillment: SaleorFulfillment, parcel: Parcel, latest: Known | None
) -> bool:
    """Tell whether Amazon's number is the later one: Saleor's was sent, or is Amazon's earlier."""
    if latest is None or fulfillment.words.get(FOLLOWED) == fulfillment.tracking:
        return True
    sent = latest.message
    if latest.state != IntentState.ACCEPTED or not isinstance(sent, Shipment):
        return False
    return sent.tracking_number in fulfillment.tracking and sent.tracking_number != parcel.tracking


# --- cancelled ----------------------------------------------------------------------------------


def _cancelled(
    plan: Inward,
    order: AmazonOrder,
    saleor: SaleorOrder,
    known: Sequence[Known],
    untold: Decimal,
) -> None:
    if order.status != CANCELLED:
        return
    cancelled = _who_cancelled(order, known)
    if saleor.is_cancelled:
        pass
    elif saleor.has_active_fulfillment:
        text = say("problem.cancelled_but_fulfilled", cancelled=cancelled)
        plan.problems.append(Problem(ProblemKind.CANCELLED_AT_AMAZON, text, order.order_id))
    else:
        plan.actions.append(Cancel(cancelled))
    _never_charged(plan, order, saleor, untold)


def _who_cancelled(order: AmazonOrder, known: Sequence[Known]) -> Sentence:
    if any(i.kind == IntentKind.CANCEL_ORDER and i.state == IntentState.ACCEPTED for i in known):
        return say("cancelled.as_asked")
    told = (
        item.cancellation.cancellation_execution for item in order.order_items if item.cancellation
    )
    execution = next((e for e in told if e and e.cancelled_by), None)
    if execution is None:
        return say("cancelled.by_nobody_known")
    who = execution.cancelled_by or ""
    code = f"cancelled.{_BY.get(who, 'by_other')}"
    other = {} if who in _BY else {"who": who}
    reason = execution.cancel_reason
    if reason and is_code(reason):
        return say(f"{code}_because", reason=reason, **other)
    return say(code, **other)


def _never_charged(plan: Inward, order: AmazonOrder, saleor: SaleorOrder, untold: Decimal) -> None:
    """Amazon charges when it ships: what a cancelled order cost was never taken.

    What a buyer had paid before, as in Japan at a shop's till, Amazon lists as refunded instead.
    """
    payment = saleor.payment
    if payment is None or has_ended(order, saleor):
        return
    amount = payment.charged - untold
    if amount > 0:
        text = say("history.never_charged", amount=Sum(amount, saleor.currency))
        plan.actions.append(GiveBack(amount, _ended(order), text))


def has_ended(order: AmazonOrder, saleor: SaleorOrder) -> bool:
    """Tell whether Saleor has heard that the buyer gets back all that a cancelled order cost.

    What Amazon lists as refunded afterwards is the same money.
    """
    events = saleor.payment.events if saleor.payment else ()
    return any(event.reference == _ended(order) for event in events)


def _ended(order: AmazonOrder) -> str:
    return f"{order.order_id}-cancelled"


def _some_units_cancelled(plan: Inward, order: AmazonOrder, saleor: SaleorOrder) -> None:
    """Follow units that Amazon took off an order: the money can, Saleor's lines cannot."""
    ordered = {line.item_id: line.quantity for line in saleor.lines}
    gone = {
        item.order_item_id: ordered.get(item.order_item_id, 0) - item.quantity_ordered
        for item in order.order_items
    }
    count = sum(units for units in gone.values() if units > 0)
    if not count:
        return
    text = say("problem.units_cancelled", units=units_of_items(gone))
    plan.problems.append(Problem(ProblemKind.UNITS_CANCELLED, text, f"{count} units"))
    if order.grand_total is None or saleor.payment is None:
        return
    told = _given_back(saleor, f"{order.order_id}-units-")
    amount = saleor.total - told - order.grand_total.amount
    if 0 < amount <= saleor.payment.charged:
        reference = f"{order.order_id}-units-{count}"
        money = say("history.units_not_charged", amount=Sum(amount, saleor.currency))
        plan.actions.append(GiveBack(amount, reference, several(text, money)))


def _given_back(saleor: SaleorOrder, prefix: str) -> Decimal:
    events = saleor.payment.events if saleor.payment else ()
    told = (
        e.amount for e in events if e.type == "REFUND_SUCCESS" and e.reference.startswith(prefix)
    )
    return sum(told, ZERO)


def _cancel_requested(
    plan: Inward, order: AmazonOrder, saleor: SaleorOrder, known: Sequence[Known]
) -> None:
    """Show the buyer's wish until it is answered, or taken back."""
    if order.status not in _OPEN:
        return
    asked = (
        item.cancellation.cancellation_request for item in order.order_items if item.cancellation
    )
    request = next((r for r in asked if r and r.requester == "BUYER"), None)
    noted = saleor.facts.get(CANCEL_REQUESTED, WISH_WITHDRAWN)
    if request is None:
        if noted != WISH_WITHDRAWN:
            text = say("history.wish_withdrawn")
            plan.actions.append(Remember({CANCEL_REQUESTED: WISH_WITHDRAWN}, text))
        return
    answered = UNDER_WAY | {IntentState.ACCEPTED}
    if any(i.kind == IntentKind.CANCEL_ORDER and i.state in answered for i in known):
        return
    reason = request.cancel_reason if is_code(request.cancel_reason) else None
    text = (
        say("problem.cancel_requested_because", reason=reason)
        if reason
        else say("problem.cancel_requested")
    )
    plan.problems.append(Problem(ProblemKind.CANCEL_REQUESTED, text, reason or "asked"))
    if noted != (reason or "yes"):
        plan.actions.append(Remember({CANCEL_REQUESTED: reason or "yes"}))


# --- changed ------------------------------------------------------------------------------------


def address_mark(order: AmazonOrder) -> str:
    """Return a digest of Amazon's address, to notice a change without keeping the address."""
    address = order.address
    told = address.model_dump_json() if address else ""
    return hashlib.sha256(f"{order.order_id}{told}".encode()).hexdigest()[:32]


def _address(
    plan: Inward,
    order: AmazonOrder,
    saleor: SaleorOrder,
    mark: str | None,
    fix: AddressFix | None,
) -> None:
    now = address_mark(order)
    tellable = order.address and order.address.address_line1
    if mark in (None, now) or not tellable or order.status != "UNSHIPPED" or saleor.shipped:
        return
    marketplace = find_marketplace(order.marketplace_id)
    try:
        country = marketplace.country if marketplace else ""
        address = saleor_address(order, default_country=country, fix=fix)
    except AddressNotUsable as error:
        plan.problems.append(error.problem)
        return
    plan.actions.append(ChangeAddress(address.input, now, say("history.address_changed")))


def _facts(plan: Inward, order: AmazonOrder, saleor: SaleorOrder) -> None:
    changed: dict[str, str] = {}
    note = NOTHING
    ship_by = moment(order.ship_by)
    known = saleor.facts.get(SHIP_BY)
    if ship_by and ship_by != known:
        changed[SHIP_BY] = ship_by
        if known and order.ship_by and order.status in _OPEN:
            note = say("history.ship_by_moved", ship_by=order.ship_by)
    if order.status and order.status != saleor.facts.get(STATUS):
        changed[STATUS] = order.status
    if changed:
        plan.actions.append(Remember(changed, note))
