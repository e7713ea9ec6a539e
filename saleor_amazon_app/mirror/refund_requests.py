"""Refunds that were asked for in Saleor and that Amazon has to pay out."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.cancelling import CANCELLED
from saleor_amazon_app.mirror.ids import OrderItemId
from saleor_amazon_app.mirror.intents import (
    MAY_COUNT,
    IntentKind,
    IntentState,
    Known,
    Wish,
)
from saleor_amazon_app.mirror.messages import AdjustmentReason, Refund
from saleor_amazon_app.mirror.reckoning import OrderSums, reckon_by_custom
from saleor_amazon_app.mirror.refunding import CannotRefund, RefundWish, reason_for, split_refund
from saleor_amazon_app.mirror.saleor_order import (
    GrantedRefund,
    SaleorOrder,
    SaleorTransaction,
    TransactionEvent,
)
from saleor_amazon_app.mirror.sentences import Sentence, Term, say
from saleor_amazon_app.mirror.summaries import refund_of
from saleor_amazon_app.mirror.terms import Terms

REFERENCE_PREFIX: Final = "amazon-refund-"
"""How references begin that this app gave to requests for refunds."""
_ANSWERS: Final = ("REFUND_SUCCESS", "REFUND_FAILURE")
_SHIPPED: Final = ("PARTIALLY_SHIPPED", "SHIPPED")


def plan_refunds(
    order: AmazonOrder,
    saleor: SaleorOrder,
    known: Sequence[Known],
    terms: Terms,
    refunded_elsewhere: Decimal,
) -> list[Wish]:
    """Return an intent for each request that has none; what cannot be refunded is settled at once.

    Args:
        order: As Amazon told it last.
        saleor: The order with its transactions.
        known: The order's intents.
        terms: The merchant's choices.
        refunded_elsewhere: What Amazon shows as refunded and this app did not send, in major units.
    """
    keys = {intent.key for intent in known}
    payment = saleor.payment
    if payment is None:
        return []
    wishes: list[Wish] = []
    earlier = [*refunds_that_count(known)]
    for event in open_requests(payment):
        if event.reference in keys:
            continue
        keys.add(event.reference)
        wish = _wish(order, saleor, event, terms, earlier, refunded_elsewhere)
        wishes.append(wish)
        if isinstance(wish.message, Refund) and not wish.why:
            earlier.append(wish.message)
    return wishes


def open_requests(payment: SaleorTransaction) -> Iterator[TransactionEvent]:
    """Yield the requests that Saleor has noted with this app's reference and no answer to."""
    answered = {event.reference for event in payment.events if event.type in _ANSWERS}
    for event in payment.events:
        ours = event.reference.startswith(REFERENCE_PREFIX)
        if event.type == "REFUND_REQUEST" and ours and event.reference not in answered:
            yield event


def refunds_that_count(known: Sequence[Known]) -> Iterator[Refund]:
    """Yield the app's refunds that Amazon has paid out, or may yet."""
    for intent in known:
        if isinstance(intent.message, Refund) and intent.state in MAY_COUNT:
            yield intent.message


def _wish(
    order: AmazonOrder,
    saleor: SaleorOrder,
    event: TransactionEvent,
    terms: Terms,
    earlier: Sequence[Refund],
    refunded_elsewhere: Decimal,
) -> Wish:
    grant = next((g for g in saleor.grants if event.reference in g.references), None)
    asked = _asked(event, grant, terms)
    summary = refund_of(event.amount, saleor.currency, asked.reason)
    try:
        message = refund_message(
            order,
            asked,
            reference=event.reference,
            earlier=earlier,
            refunded_elsewhere=refunded_elsewhere,
        )
    except CannotRefund as error:
        return Wish(
            IntentKind.REFUND,
            event.reference,
            saleor.id,
            summary,
            why=error.message,
            state=IntentState.REJECTED,
            amount=event.amount,
            asked_name=event.by,
        )
    return Wish(
        IntentKind.REFUND,
        event.reference,
        saleor.id,
        summary,
        message,
        amount=event.amount,
        asked_name=event.by,
    )


def refund_message(
    order: AmazonOrder,
    asked: RefundWish,
    *,
    reference: str,
    earlier: Sequence[Refund],
    refunded_elsewhere: Decimal,
) -> Refund:
    """Return the message for a refund.

    Raises:
        CannotRefund: It cannot be paid out through Amazon; the message says why.
    """
    if order.fulfilled_by == "MERCHANT":
        _check_status(order)
    _check_shipped(order, asked.units, earlier)
    return split_refund(
        order,
        _sums(order),
        asked,
        reference=reference,
        earlier=earlier,
        refunded_elsewhere=refunded_elsewhere,
    )


def _sums(order: AmazonOrder) -> OrderSums:
    sums = reckon_by_custom(order)
    if sums is None:
        raise CannotRefund(say("refund.amounts"))
    return sums


def _check_status(order: AmazonOrder) -> None:
    if order.status == CANCELLED:
        raise CannotRefund(say("refund.cancelled"))
    if order.status not in _SHIPPED:
        raise CannotRefund(say("refund.not_shipped", status=Term("statuses", order.status)))


def _check_shipped(
    order: AmazonOrder, units: Mapping[OrderItemId, int], earlier: Sequence[Refund]
) -> None:
    """Refuse units that have not left: Amazon would refuse the whole message."""
    if order.status != "PARTIALLY_SHIPPED":
        return
    for item in order.order_items:
        id_, shipped = item.order_item_id, item.quantity_shipped
        before = sum(each.quantity or 0 for r in earlier for each in r.items if each.item_id == id_)
        if id_ in units and units[id_] > shipped - before:
            raise CannotRefund(_not_shipped(id_, shipped, before))


def _not_shipped(item: OrderItemId, shipped: int, refunded: int) -> Sentence:
    if not refunded:
        return say("refund.units_not_shipped", item=item, shipped=shipped)
    return say("refund.units_refunded", item=item, shipped=shipped, count=refunded)


def _asked(event: TransactionEvent, grant: GrantedRefund | None, terms: Terms) -> RefundWish:
    def reason(text: str) -> AdjustmentReason:
        return reason_for(text, terms.refund_reasons, terms.refund_reason)

    if grant is None:
        return RefundWish(event.amount, {}, reason=reason(event.message))
    return RefundWish(
        amount=event.amount,
        units={item: count for item, count in grant.units.items() if count},
        shipping=grant.with_shipping,
        reason=reason(grant.reason or event.message),
        reasons={i: reason(text) for i, text in grant.reasons.items() if grant.units.get(i)},
    )
