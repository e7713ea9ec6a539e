"""Orders cancelled in Saleor, and what of it can be carried to Amazon.

An order-acknowledgement feed with ``Failure`` cancels the whole order, and after a shipment it
refunds the whole amount: it goes out for unshipped, merchant-fulfilled orders alone, and only on
the strength of a reading made immediately before.
"""

from collections.abc import Sequence
from typing import Final

from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.facts import CANCEL_REASON
from saleor_amazon_app.mirror.intents import (
    UNDER_WAY,
    IntentKind,
    IntentState,
    Known,
    Wish,
    next_key,
)
from saleor_amazon_app.mirror.messages import CancelReason, OrderCancellation
from saleor_amazon_app.mirror.problems import Problem, ProblemKind
from saleor_amazon_app.mirror.saleor_order import SaleorOrder
from saleor_amazon_app.mirror.sentences import NOTHING, Sentence, Term, quote, say
from saleor_amazon_app.mirror.terms import Terms

CANCEL_KEY: Final = "cancel"
CANCELLED: Final = "CANCELLED"


def why_not_cancellable(order: AmazonOrder) -> Sentence:
    """Say why a whole order cannot be cancelled at Amazon; empty if it can."""
    if order.fulfilled_by != "MERCHANT":
        return say("why_not.amazon_fulfils")
    if not order.status:
        return say("why_not.status_unknown")
    if order.status != "UNSHIPPED":
        return say("why_not.status", status=Term("statuses", order.status))
    if count := _shipped_units(order):
        return say("why_not.units_left", count=count)
    return NOTHING


def _shipped_units(order: AmazonOrder) -> int:
    packed = sum(part.quantity for package in order.packages for part in package.package_items)
    return max(packed, sum(item.quantity_shipped for item in order.order_items))


def is_telling_shipment(known: Sequence[Known]) -> bool:
    """Tell whether Amazon is just being told of a parcel: it may not show yet."""
    telling = (IntentState.SENDING, IntentState.SUBMITTED)
    return any(i.kind == IntentKind.SHIPMENT and i.state in telling for i in known)


def cancellation(order: AmazonOrder, reason: CancelReason) -> OrderCancellation:
    """Return the message; items of which no unit is left are cancelled already."""
    items = tuple(item.order_item_id for item in order.order_items if item.quantity_ordered)
    return OrderCancellation(order_id=order.order_id, item_ids=items, reason=reason)


def plan_cancellation(
    order: AmazonOrder, saleor: SaleorOrder, known: Sequence[Known], terms: Terms
) -> tuple[list[Wish], list[Problem]]:
    """Decide about an order that is cancelled in Saleor."""
    if not saleor.is_cancelled or order.status == CANCELLED:
        return [], []
    earlier = [intent for intent in known if intent.kind == IntentKind.CANCEL_ORDER]
    latest = earlier[-1] if earlier else None
    if latest and latest.state in UNDER_WAY | {IntentState.NEEDS_ATTENTION}:
        return [], []
    if why := why_not_cancellable(order):
        return [], [_goes_on(order, why)]
    if (latest and latest.state == IntentState.ACCEPTED) or is_telling_shipment(known):
        return [], []
    if latest and latest.state in (IntentState.REJECTED, IntentState.WITHDRAWN):
        return [], [_goes_on(order, latest.answer or say("answer.amazon_rejected"))]
    reason = _reason(saleor, terms)
    key = next_key(CANCEL_KEY, known)
    message = cancellation(order, reason)
    return [Wish(IntentKind.CANCEL_ORDER, key, saleor.id, summary(reason), message)], []


def _reason(saleor: SaleorOrder, terms: Terms) -> CancelReason:
    told = saleor.facts.get(CANCEL_REASON, "").casefold()
    return next((r for r in CancelReason if r.value.casefold() == told), terms.cancel_reason)


def summary(reason: CancelReason) -> Sentence:
    """Write a cancellation for the merchant, with what it does to Amazon's count of the stock."""
    term = Term("cancel_reasons", reason)
    if reason.restocks_at_amazon:
        return say("summary.cancel_and_restock", reason=term)
    return say("summary.cancel_without_restock", reason=term)


def _goes_on(order: AmazonOrder, why: str) -> Problem:
    status = Term("statuses", order.status)
    text = say("problem.goes_on", status=status, why=quote(why))
    return Problem(ProblemKind.CANCEL_NOT_POSSIBLE, text, order.order_id)
