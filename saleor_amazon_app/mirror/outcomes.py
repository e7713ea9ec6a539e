"""What the ledger says that a person has to know, and what Saleor's transaction has to hear."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.cancelling import CANCELLED
from saleor_amazon_app.mirror.intents import MAY_COUNT, IntentKind, IntentState, Known
from saleor_amazon_app.mirror.matching import Matches
from saleor_amazon_app.mirror.messages import (
    Message,
    OrderCancellation,
    Shipment,
    UnitsCancellation,
)
from saleor_amazon_app.mirror.problems import Problem, ProblemKind
from saleor_amazon_app.mirror.saleor_order import SaleorOrder
from saleor_amazon_app.mirror.sentences import Sentence, quote, say, several


@dataclass(frozen=True)
class RefundOutcome:
    """What Saleor's transaction has to hear about a refund. ``amount`` is in major units."""

    intent_id: int
    type: str
    amount: Decimal
    reference: str
    message: str


def shows(order: AmazonOrder, message: Message | None) -> bool:
    """Tell whether Amazon's order shows that a message was carried out."""
    match message:
        case OrderCancellation():
            return order.status == CANCELLED
        case Shipment():
            return is_shown(message, order)
    return False


def is_shown(shipment: Shipment, order: AmazonOrder) -> bool:
    """Tell whether Amazon shows the package with the number and units that were sent."""
    for package in order.packages:
        if package.package_reference_id != shipment.reference:
            continue
        units: dict[str, int] = {}
        for part in package.package_items:
            units[part.order_item_id] = units.get(part.order_item_id, 0) + part.quantity
        wanted = {unit.item_id: unit.quantity for unit in shipment.units}
        return (package.tracking_number or "") == shipment.tracking_number and units == wanted
    return False


def accepted_words(kind: str, summary: str, answer: str = "") -> Sentence:
    """Write the history's line about an acceptance, with Amazon's warning if it gave one."""
    return several(say(f"accepted.{kind}", summary=quote(summary)), answer)


def rejected_words(kind: str, summary: str, answer: str) -> Sentence:
    return say(f"rejected.{kind}", summary=quote(summary), answer=quote(answer))


def withdrawn_words(kind: str, summary: str, answer: str) -> Sentence:
    return several(say(f"withdrawn.{kind}", summary=quote(summary)), answer)


def unknown_words(kind: str, summary: str, answer: str) -> Sentence:
    return say(f"unknown.{kind}", summary=quote(summary), answer=quote(answer))


def sent_words(kind: str, summary: str) -> Sentence:
    return say(f"sent.{kind}", summary=quote(summary))


def problems(
    known: Sequence[Known], saleor: SaleorOrder, order: AmazonOrder, matches: Matches
) -> Iterator[Problem]:
    """Yield what went wrong with the latest attempt at each thing, until it is cured.

    Cured is also what a person did in Seller Central, or did otherwise in Saleor.
    """
    latest = {_thing(intent): intent for intent in known}
    for intent in latest.values():
        if _is_cured(intent, known, saleor, order, matches):
            continue
        match intent.state:
            case IntentState.REJECTED:
                yield Problem(ProblemKind.REJECTED, _rejection(intent), intent.key)
            case IntentState.NEEDS_ATTENTION:
                text = unknown_words(intent.kind, intent.summary, intent.answer)
                yield Problem(ProblemKind.NEEDS_ATTENTION, text, intent.key)
            case IntentState.SUBMITTED if intent.hangs:
                text = say(f"hangs.{intent.kind}", hangs=quote(intent.hangs))
                yield Problem(ProblemKind.FEED_HANGS, text, intent.key)


def _thing(intent: Known) -> tuple[str, object]:
    """Name what an intent is about: later attempts at the same thing replace earlier ones."""
    match intent.kind, intent.message:
        case IntentKind.REFUND | IntentKind.BUYER_MESSAGE | IntentKind.INVOICE, _:
            return intent.kind, intent.key
        case _, UnitsCancellation(units=units):
            return intent.kind, frozenset(unit.item_id for unit in units)
    return intent.kind, intent.subject


def _rejection(intent: Known) -> Sentence:
    if intent.message is None:
        told = {"summary": quote(intent.summary), "answer": quote(intent.answer)}
        return say(f"not_sent.{intent.kind}", **told)
    return rejected_words(intent.kind, intent.summary, intent.answer)


def _is_cured(
    intent: Known,
    known: Sequence[Known],
    saleor: SaleorOrder,
    order: AmazonOrder,
    matches: Matches,
) -> bool:
    """Tell whether a failed intent needs nobody any more.

    A refused cancellation of an order that is cancelled in Saleor has a problem of its own.
    """
    refused = intent.state == IntentState.REJECTED
    match intent.kind:
        case IntentKind.CANCEL_ORDER:
            return order.status == CANCELLED or (refused and saleor.is_cancelled)
        case IntentKind.SHIPMENT:
            live = {fulfillment.id for fulfillment in saleor.shipped}
            return (refused and intent.subject not in live) or _has_left(intent, matches)
        case IntentKind.REFUND:
            return refused and any(_replaces(later, intent) for later in known)
        case IntentKind.BUYER_MESSAGE:
            return refused and any(_was_written(later, intent) for later in known)
        case IntentKind.INVOICE:
            return refused and any(_was_invoiced(later, intent) for later in known)
    return False


def _has_left(intent: Known, matches: Matches) -> bool:
    """Tell whether Amazon shows the parcel: as it was sent, or one of Seller Central's for it."""
    parcel, sent = matches.parcel_of.get(intent.subject), intent.message
    if parcel is None or not isinstance(sent, Shipment):
        return False
    return parcel.reference != sent.reference or parcel.tracking == sent.tracking_number


def _replaces(later: Known, refused: Known) -> bool:
    """Tell whether the same amount was asked for anew."""
    anew = later.kind == IntentKind.REFUND and later.id > refused.id
    return anew and later.state in MAY_COUNT and later.amount == refused.amount


def _was_written(later: Known, refused: Known) -> bool:
    """Tell whether the buyer was written to after all, in whatever words."""
    anew = later.kind == IntentKind.BUYER_MESSAGE and later.id > refused.id
    return anew and later.state in MAY_COUNT


def _was_invoiced(later: Known, refused: Known) -> bool:
    """Tell whether another invoice of the order went to Amazon, under whatever number."""
    anew = later.kind == IntentKind.INVOICE and later.id > refused.id
    return anew and later.state in MAY_COUNT


def refund_outcomes(known: Sequence[Known], saleor: SaleorOrder) -> Iterator[RefundOutcome]:
    """Yield the settled refunds that Saleor's transaction has not heard of."""
    payment = saleor.payment
    asked = {e.reference for e in payment.events if e.type == "REFUND_REQUEST"} if payment else ()
    for intent in known:
        if intent.kind != IntentKind.REFUND or intent.saleor_told:
            continue
        if intent.state == IntentState.ACCEPTED:
            words = accepted_words(intent.kind, intent.summary, intent.answer)
            yield RefundOutcome(intent.id, "REFUND_SUCCESS", intent.amount, intent.key, words)
        elif intent.state == IntentState.REJECTED and intent.key in asked:
            why = intent.answer or "Amazon rejected the refund."
            yield RefundOutcome(intent.id, "REFUND_FAILURE", intent.amount, intent.key, why)
