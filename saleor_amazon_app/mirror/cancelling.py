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
from saleor_amazon_app.mirror.terms import Terms

CANCEL_KEY: Final = "cancel"
CANCELLED: Final = "CANCELLED"


def why_not_cancellable(order: AmazonOrder) -> str:
    """Say why a whole order cannot be cancelled at Amazon; empty if it can."""
    if order.fulfilled_by != "MERCHANT":
        return "Amazon fulfils the order itself"
    if order.status == "UNSHIPPED" and not _has_shipped_units(order):
        return ""
    return f"at Amazon the order is {order.status or 'in an unknown state'}"


def _has_shipped_units(order: AmazonOrder) -> bool:
    return bool(order.packages) or any(item.quantity_shipped for item in order.order_items)


def cancellation(order: AmazonOrder, reason: CancelReason) -> OrderCancellation:
    items = tuple(item.order_item_id for item in order.order_items)
    return OrderCancellation(order_id=order.order_id, item_ids=items, reason=reason)


def plan_cancellation(
    order: AmazonOrder, saleor: SaleorOrder, known: Sequence[Known], terms: Terms
) -> tuple[list[Wish], list[Problem]]:
    """Decide about an order that is cancelled in Saleor."""
    if not saleor.is_cancelled or order.status == CANCELLED:
        return [], []
    earlier = [intent for intent in known if intent.kind == IntentKind.CANCEL_ORDER]
    latest = earlier[-1] if earlier else None
    if latest and latest.state in UNDER_WAY | {IntentState.ACCEPTED, IntentState.NEEDS_ATTENTION}:
        return [], []
    if why := why_not_cancellable(order):
        return [], [_goes_on(order, why)]
    if latest and latest.state in (IntentState.REJECTED, IntentState.WITHDRAWN):
        return [], [_goes_on(order, latest.answer or "Amazon rejected it")]
    reason = _reason(saleor, terms)
    key = next_key(CANCEL_KEY, known)
    message = cancellation(order, reason)
    return [Wish(IntentKind.CANCEL_ORDER, key, saleor.id, summary(reason), message)], []


def _reason(saleor: SaleorOrder, terms: Terms) -> CancelReason:
    told = saleor.facts.get(CANCEL_REASON, "").casefold()
    return next((r for r in CancelReason if r.value.casefold() == told), terms.cancel_reason)


def summary(reason: CancelReason) -> str:
    """Write a cancellation for the merchant, with what it does to Amazon's count of the stock."""
    effect = (
        "Amazon adds the units to your stock there again"
        if reason.restocks_at_amazon
        else "Amazon's count of your stock stays as it is"
    )
    return f"Cancel the order, reason {reason} ({effect})"


def _goes_on(order: AmazonOrder, why: str) -> Problem:
    text = f"The order is cancelled in Saleor and goes on at Amazon ({order.status}): {why}."
    return Problem(ProblemKind.CANCEL_NOT_POSSIBLE, text.replace("..", "."), order.order_id)
