"""What happened at Amazon and has to show in Saleor.

Each action is decided from both sides as they are, so that it is taken once however often it is
decided: an order that is fulfilled, cancelled or refunded in Saleor already asks for nothing.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from saleor_amazon_app.mirror.addresses import AddressFix, AddressNotUsable, saleor_address
from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.cancelling import CANCELLED
from saleor_amazon_app.mirror.drafting import PLACEHOLDER_EMAIL_DOMAIN
from saleor_amazon_app.mirror.facts import CANCEL_REQUESTED, SHIP_BY, STATUS, moment
from saleor_amazon_app.mirror.intents import UNDER_WAY, IntentKind, IntentState, Known
from saleor_amazon_app.mirror.marketplaces import MARKETPLACES
from saleor_amazon_app.mirror.matching import Matches, Parcel, reference_of
from saleor_amazon_app.mirror.messages import Shipment
from saleor_amazon_app.mirror.money import words
from saleor_amazon_app.mirror.problems import Problem, ProblemKind
from saleor_amazon_app.mirror.saleor_order import SaleorFulfillment, SaleorOrder

_OPEN: Final = ("UNSHIPPED", "PARTIALLY_SHIPPED")
_CODE: Final = re.compile(r"[A-Za-z]+(_[A-Za-z]+)*")
"""A reason that is a code. A buyer's own words may be personal and stay at Amazon."""


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
) -> Inward:
    """Decide what of Amazon's order has to be carried into Saleor.

    Args:
        order: As Amazon told it last.
        saleor: As Saleor shows it now.
        matches: Which fulfilment stands for which package.
        known: The order's intents.
        address_mark: The digest of Amazon's address that Saleor has.
        fix: The merchant's repair of the address.
    """
    plan = Inward()
    _cancelled(plan, order, saleor, known)
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
    ours = {i.message.reference for i in known if isinstance(i.message, Shipment)}
    ours |= {reference_of(f.id) for f in saleor.fulfillments}
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


def _shipped_note(parcel: Parcel, units: Mapping[Any, int]) -> str:
    count = sum(units.values())
    by = " ".join(part for part in (parcel.carrier, parcel.tracking) if part)
    return f"Shipped at Amazon: {_units(count)}" + (f", {by}." if by else ".")


def _trackings(saleor: SaleorOrder, matches: Matches, known: Sequence[Known]) -> Iterator[Track]:
    """Follow tracking numbers that were changed at Amazon."""
    latest = {i.subject: i for i in known if i.kind == IntentKind.SHIPMENT}
    for fulfillment in saleor.shipped:
        parcel = matches.parcel_of.get(fulfillment.id)
        if parcel is None or not parcel.tracking or parcel.tracking == fulfillment.tracking:
            continue
        if _changed_at_amazon(fulfillment, parcel, latest.get(fulfillment.id)):
            text = f"Amazon has another tracking number: {parcel.tracking}."
            yield Track(fulfillment.id, parcel.tracking, text)


def _changed_at_amazon(
    fulfillment: SaleorFulfillment, parcel: Parcel, latest: Known | None
) -> bool:
    """Tell whether Amazon's number is the later one: Saleor's is the one that was sent."""
    if latest is None:
        return True
    sent = latest.message
    if latest.state != IntentState.ACCEPTED or not isinstance(sent, Shipment):
        return False
    return sent.tracking_number in fulfillment.tracking and sent.tracking_number != parcel.tracking


# --- cancelled ----------------------------------------------------------------------------------


def _cancelled(
    plan: Inward, order: AmazonOrder, saleor: SaleorOrder, known: Sequence[Known]
) -> None:
    if order.status != CANCELLED:
        return
    who = _who(order, known)
    if saleor.is_cancelled:
        pass
    elif saleor.has_active_fulfillment:
        text = f"The order was cancelled at Amazon {who}, but it is fulfilled in Saleor."
        plan.problems.append(Problem(ProblemKind.CANCELLED_AT_AMAZON, text, order.order_id))
    else:
        plan.actions.append(Cancel(f"Cancelled at Amazon {who}."))
    _never_charged(plan, order, saleor)


def _who(order: AmazonOrder, known: Sequence[Known]) -> str:
    if any(i.kind == IntentKind.CANCEL_ORDER and i.state == IntentState.ACCEPTED for i in known):
        return "as you asked"
    told = (
        item.cancellation.cancellation_execution for item in order.order_items if item.cancellation
    )
    execution = next((e for e in told if e and e.cancelled_by), None)
    if execution is None:
        return "(Amazon does not say by whom)"
    who = {"BUYER": "by the buyer", "MERCHANT": "by you", "AMAZON": "by Amazon"}
    by = who.get(execution.cancelled_by or "", f"by {execution.cancelled_by}")
    return f"{by} ({execution.cancel_reason})" if _is_code(execution.cancel_reason) else by


def _never_charged(plan: Inward, order: AmazonOrder, saleor: SaleorOrder) -> None:
    """Amazon charges when it ships: what a cancelled order cost was never taken."""
    payment = saleor.payment
    reference = f"{order.order_id}-cancelled"
    if payment is None or payment.charged <= 0:
        return
    if any(event.reference == reference for event in payment.events):
        return
    text = (
        f"Cancelled at Amazon: the buyer is not charged {words(payment.charged, saleor.currency)}."
    )
    plan.actions.append(GiveBack(payment.charged, reference, text))


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
    names = ", ".join(f"{units} of item {item}" for item, units in gone.items() if units > 0)
    text = f"Cancelled at Amazon: {names}."
    plan.problems.append(Problem(ProblemKind.UNITS_CANCELLED, text, f"{count} units"))
    if order.grand_total is None or saleor.payment is None:
        return
    told = _given_back(saleor, f"{order.order_id}-units-")
    amount = saleor.total - told - order.grand_total.amount
    if 0 < amount <= saleor.payment.charged:
        reference = f"{order.order_id}-units-{count}"
        note = f"{text} The buyer is not charged {words(amount, saleor.currency)}."
        plan.actions.append(GiveBack(amount, reference, note))


def _given_back(saleor: SaleorOrder, prefix: str) -> Decimal:
    events = saleor.payment.events if saleor.payment else ()
    told = (
        e.amount for e in events if e.type == "REFUND_SUCCESS" and e.reference.startswith(prefix)
    )
    return sum(told, Decimal(0))


def _cancel_requested(
    plan: Inward, order: AmazonOrder, saleor: SaleorOrder, known: Sequence[Known]
) -> None:
    asked = (
        item.cancellation.cancellation_request for item in order.order_items if item.cancellation
    )
    request = next((r for r in asked if r and r.requester == "BUYER"), None)
    if request is None or order.status not in _OPEN:
        return
    answered = UNDER_WAY | {IntentState.ACCEPTED}
    if any(i.kind == IntentKind.CANCEL_ORDER and i.state in answered for i in known):
        return
    reason = request.cancel_reason if _is_code(request.cancel_reason) else None
    text = "The buyer asks to cancel the order" + (f" ({reason})." if reason else ".")
    plan.problems.append(Problem(ProblemKind.CANCEL_REQUESTED, text, reason or "asked"))
    if CANCEL_REQUESTED not in saleor.facts:
        plan.actions.append(Remember({CANCEL_REQUESTED: reason or "yes"}, text))


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
    marketplace = MARKETPLACES.get(order.marketplace_id) if order.marketplace_id else None
    try:
        country = marketplace.country if marketplace else ""
        address = saleor_address(order, default_country=country, fix=fix)
    except AddressNotUsable as error:
        plan.problems.append(error.problem)
        return
    text = "Amazon changed the delivery address; it is changed here too. Check parcels on the way."
    plan.actions.append(ChangeAddress(address.input, now, text))


def _facts(plan: Inward, order: AmazonOrder, saleor: SaleorOrder) -> None:
    changed: dict[str, str] = {}
    notes = []
    ship_by = moment(order.ship_by)
    if ship_by and ship_by != saleor.facts.get(SHIP_BY):
        changed[SHIP_BY] = ship_by
        if order.status in _OPEN:
            notes.append(f"Amazon moved the ship-by date to {ship_by[:16].replace('T', ' ')} UTC.")
    if order.status and order.status != saleor.facts.get(STATUS):
        changed[STATUS] = order.status
    if changed:
        plan.actions.append(Remember(changed, " ".join(notes)))


def _is_code(text: str | None) -> bool:
    return bool(text and len(text) <= 60 and _CODE.fullmatch(text))  # noqa: PLR2004 - a code's length


def _units(count: int) -> str:
    return f"{count} unit" if count == 1 else f"{count} units"
