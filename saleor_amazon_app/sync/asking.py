"""What a person asks for directly: cancel or refund at Amazon, send again, settle, dismiss.

Everything becomes an intent of the ledger, like what webhooks ask for. Amazon is told first; Saleor
follows once Amazon has accepted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.amazon_order import AmazonOrder, UnreadableOrder, read_order
from saleor_amazon_app.mirror.cancelling import (
    CANCEL_KEY,
    cancellation,
    summary,
    why_not_cancellable,
)
from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.ids import OrderItemId, TenantId
from saleor_amazon_app.mirror.intents import (
    UNDER_WAY,
    IntentKind,
    IntentState,
    Known,
    Wish,
    next_key,
)
from saleor_amazon_app.mirror.messages import (
    AdjustmentReason,
    CancelledUnits,
    CancelReason,
    UnitsCancellation,
)
from saleor_amazon_app.mirror.money import words
from saleor_amazon_app.mirror.refund_requests import refund_message, refunds_that_count
from saleor_amazon_app.mirror.refunding import CannotRefund, RefundWish
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.models import Intent, Order, OrderState, new_id
from saleor_amazon_app.sync import ledgering, settling
from saleor_amazon_app.sync.listing import no_such_order
from saleor_amazon_app.sync.services import Services


@dataclass(frozen=True)
class RefundAsked:
    """A refund as a person asks for it. ``amount`` is in major units, with tax."""

    amount: Decimal
    units: Mapping[OrderItemId, int] = field(default_factory=dict)
    shipping: bool = False
    reason: AdjustmentReason = AdjustmentReason.GENERAL_ADJUSTMENT


@dataclass
class _Opened:
    row: Order
    order: AmazonOrder
    known: list[Known]


def cancel(
    services: Services, tenant_id: TenantId, amazon_order_id: str, reason: CancelReason, by: str
) -> None:
    """Cancel a whole order at Amazon; the Saleor order follows once Amazon has accepted.

    Raises:
        Misconfigured: There is no such order, or it cannot be cancelled any more.
    """
    with services.database.tenant(tenant_id) as session:
        opened = _open(services, session, amazon_order_id)
        if why := why_not_cancellable(opened.order):
            raise Misconfigured(
                f"The order cannot be cancelled: {why}.",
                cure="Refund it, or look at it in Seller Central.",
            )
        _refuse_twice(opened.known, IntentKind.CANCEL_ORDER)
        wish = Wish(
            IntentKind.CANCEL_ORDER,
            next_key(CANCEL_KEY, opened.known),
            opened.row.saleor_order_id or "",
            summary(reason),
            cancellation(opened.order, reason),
            asked_by=by,
        )
        ledgering.write(session, services.vault, opened.row, [wish], services.now())


def cancel_units(
    services: Services,
    tenant_id: TenantId,
    amazon_order_id: str,
    units: Mapping[OrderItemId, int],
    reason: AdjustmentReason,
    by: str,
) -> None:
    """Cancel some unshipped units of an order at Amazon.

    Raises:
        Misconfigured: There is no such order or item, or not so many units are open.
    """
    with services.database.tenant(tenant_id) as session:
        opened = _open(services, session, amazon_order_id)
        _check_units(opened.order, units)
        message = UnitsCancellation(
            order_id=opened.order.order_id,
            units=tuple(CancelledUnits(item_id=i, quantity=n) for i, n in units.items()),
            reason=reason,
        )
        text = ", ".join(f"{count} of item {item}" for item, count in units.items())
        wish = Wish(
            IntentKind.CANCEL_UNITS,
            f"cancel-units:{new_id()}",
            opened.row.saleor_order_id or "",
            f"Cancel {text}, reason {reason}",
            message,
            asked_by=by,
        )
        ledgering.write(session, services.vault, opened.row, [wish], services.now())


def refund(
    services: Services, tenant_id: TenantId, amazon_order_id: str, asked: RefundAsked, by: str
) -> None:
    """Refund the buyer through Amazon; Saleor's transaction follows once Amazon has accepted.

    Raises:
        Misconfigured: There is no such order, or it cannot be refunded so.
    """
    with services.database.tenant(tenant_id) as session:
        opened = _open(services, session, amazon_order_id)
        reference = f"amazon-refund-{new_id()[:24]}"
        wish = RefundWish(asked.amount, asked.units, shipping=asked.shipping, reason=asked.reason)
        try:
            message = refund_message(
                opened.order,
                wish,
                reference=reference,
                earlier=list(refunds_that_count(opened.known)),
                refunded_elsewhere=_elsewhere(session, opened.row),
            )
        except CannotRefund as error:
            raise Misconfigured(error.message) from None
        text = f"Refund of {words(asked.amount, message.currency)}, reason {asked.reason}"
        step = Wish(
            IntentKind.REFUND,
            reference,
            opened.row.saleor_order_id or "",
            text,
            message,
            amount=asked.amount,
            asked_by=by,
        )
        ledgering.write(session, services.vault, opened.row, [step], services.now())


def _elsewhere(session: Session, row: Order) -> Decimal:
    listed = ledger.foreign_refunds(session, [row.id])[row.id]
    return sum((Decimal(refund.amount) for refund in listed if not refund.intent_id), Decimal(0))


def send_again(services: Services, tenant_id: TenantId, intent_id: int, by: str) -> None:
    """Send an intent again that Amazon rejected, or of which nobody knows what became.

    Raises:
        Misconfigured: There is no such intent, or it is under way or done.
    """
    with services.database.tenant(tenant_id) as session:
        intent = _intent(session, intent_id)
        if intent.state not in (IntentState.REJECTED, IntentState.NEEDS_ATTENTION):
            raise Misconfigured(f"The intent is {intent.state}; there is nothing to send again.")
        if intent.message is None:
            raise Misconfigured("It was never fit to be sent; ask for it anew.")
        if intent.kind == IntentKind.REFUND and intent.saleor_told_at:
            raise Misconfigured(
                "Saleor has heard that this refund failed.", cure="Ask for it anew in Saleor."
            )
        intent.looks = intent.attempts = 0
        ledger.requeue(intent)
        text = f"{by} had it sent again: {intent.summary}."
        _note(services, session, intent, text)


def settle_as_done(services: Services, tenant_id: TenantId, intent_id: int, by: str) -> None:
    """Record that a person has seen an intent of unknown outcome done at Amazon.

    Raises:
        Misconfigured: There is no such intent, or its outcome is known.
    """
    with services.database.tenant(tenant_id) as session:
        intent = _intent(session, intent_id)
        if intent.state != IntentState.NEEDS_ATTENTION:
            raise Misconfigured(f"The intent is {intent.state}; its outcome is known.")
        text = f"Seen as done in Seller Central by {by}."
        settling.settle(services, session, intent, IntentState.ACCEPTED, text)


def withdraw(services: Services, tenant_id: TenantId, intent_id: int, by: str) -> None:
    """Give up an intent that is not under way: it was not done, and is not to be.

    Raises:
        Misconfigured: There is no such intent, or Amazon has it or has accepted it.
    """
    with services.database.tenant(tenant_id) as session:
        intent = _intent(session, intent_id)
        if intent.state not in (IntentState.QUEUED, IntentState.NEEDS_ATTENTION):
            raise Misconfigured(f"The intent is {intent.state} and cannot be withdrawn.")
        refund = intent.kind == IntentKind.REFUND
        state = IntentState.REJECTED if refund else IntentState.WITHDRAWN
        settling.settle(services, session, intent, state, f"Given up by {by}.")


def dismiss(services: Services, tenant_id: TenantId, amazon_order_id: str, kind: str) -> int:
    """Close an order's problems of a kind for good: a person has seen to them.

    So a buyer's wish to cancel is answered with shipping all the same. Returns how many.

    Raises:
        Misconfigured: There is no such order.
    """
    now = services.now()
    with services.database.tenant(tenant_id) as session:
        row = _find(session, amazon_order_id)
        found = [p for p in order_store.open_problems(session, row.id) if p.kind == kind]
        for problem in found:
            problem.closed_at = problem.dismissed_at = now
        if found:
            text = f"Seen to by a person: {kind.replace('_', ' ')}."
            order_store.note(session, row, text, actor="merchant", at=now, for_saleor=True)
        return len(found)


def intents(
    services: Services, tenant_id: TenantId, state: str | None, limit: int
) -> list[dict[str, object]]:
    """List intents, the latest first."""
    with services.database.tenant(tenant_id) as session:
        query = select(Intent, Order.amazon_order_id).join(Order, Order.id == Intent.order_id)
        if state:
            query = query.where(Intent.state == state)
        rows = session.execute(query.order_by(Intent.id.desc()).limit(limit)).all()
    return [
        {
            "id": intent.id,
            "amazon_order": amazon_order_id,
            "kind": intent.kind,
            "state": intent.state,
            "summary": intent.summary,
            "asked_by": intent.asked_by,
            "asked_at": intent.asked_at,
            "attempts": intent.attempts,
            "answer": intent.answer,
        }
        for intent, amazon_order_id in rows
    ]


def adjustment_reason(reason: CancelReason) -> AdjustmentReason:
    """Return the reason for cancelled units that says the same as one for a whole order."""
    return _SAME.get(reason, AdjustmentReason.GENERAL_ADJUSTMENT)


_SAME: Final = {
    CancelReason.NO_INVENTORY: AdjustmentReason.NO_INVENTORY,
    CancelReason.BUYER_CANCELED: AdjustmentReason.CUSTOMER_CANCEL,
    CancelReason.SHIPPING_ADDRESS_UNDELIVERABLE: AdjustmentReason.UNDELIVERABLE,
    CancelReason.CUSTOMER_EXCHANGE: AdjustmentReason.EXCHANGE,
    CancelReason.PRICING_ERROR: AdjustmentReason.PRICE_ERROR,
    CancelReason.CUSTOMER_RETURN: AdjustmentReason.CUSTOMER_RETURN,
    CancelReason.CARRIER_CREDIT_DECISION: AdjustmentReason.CARRIER_CREDIT_DECISION,
    CancelReason.CARRIER_COVERAGE_FAILURE: AdjustmentReason.CARRIER_COVERAGE_FAILURE,
}


# --- shared -------------------------------------------------------------------------------------


def _find(session: Session, amazon_order_id: str) -> Order:
    row = order_store.find_order(session, amazon_order_id)
    if row is None:
        raise no_such_order(amazon_order_id)
    return row


def _open(services: Services, session: Session, amazon_order_id: str) -> _Opened:
    row = _find(session, amazon_order_id)
    if row.state != OrderState.IMPORTED:
        raise Misconfigured(f"The order is not in Saleor yet (it is {row.state}).")
    try:
        order = read_order(services.vault.open_json(row.payload))
    except UnreadableOrder as error:
        raise Misconfigured(f"Amazon's data of the order is illegible: {error}.") from None
    rows = ledger.intents_of(session, [row.id])[row.id]
    return _Opened(row, order, ledgering.known(services.vault, rows))


def _refuse_twice(known: list[Known], kind: IntentKind) -> None:
    if any(intent.kind == kind and intent.state in UNDER_WAY for intent in known):
        raise Misconfigured("It is on its way to Amazon already.")


def _check_units(order: AmazonOrder, units: Mapping[OrderItemId, int]) -> None:
    items = {item.order_item_id: item for item in order.order_items}
    for item_id, count in units.items():
        item = items.get(item_id)
        if item is None:
            names = ", ".join(items)
            raise Misconfigured(f"The order has no item {item_id}.", cure=f"It has: {names}.")
        left = item.quantity_ordered - item.quantity_shipped
        if not 0 < count <= left:
            raise Misconfigured(f"Of item {item_id} {left} units are open, not {count}.")
    open_units = sum(i.quantity_ordered - i.quantity_shipped for i in order.order_items)
    if sum(units.values()) >= open_units:
        raise Misconfigured(
            "That is all that is open of the order.", cure="Cancel the whole order instead."
        )


def _intent(session: Session, intent_id: int) -> Intent:
    intent = session.scalar(select(Intent).where(Intent.id == intent_id).with_for_update())
    if intent is None:
        raise Misconfigured(f"There is no intent {intent_id}.", cure="See saleor-amazon intents.")
    return intent


def _note(services: Services, session: Session, intent: Intent, text: str) -> None:
    row = session.get_one(Order, intent.order_id)
    order_store.note(session, row, text, actor="merchant", at=services.now(), for_saleor=True)
