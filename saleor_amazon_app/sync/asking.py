"""What a person asks for directly: cancel or refund at Amazon, send again, settle, dismiss.

Everything becomes an intent of the ledger, like what webhooks ask for. Amazon is told first; Saleor
follows once Amazon has accepted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.cancelling import (
    CANCEL_KEY,
    cancellation,
    summary,
    why_not_cancellable,
)
from saleor_amazon_app.mirror.failures import Misconfigured, NotKnown
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
    InvoiceUpload,
    UnitsCancellation,
)
from saleor_amazon_app.mirror.problems import may_dismiss
from saleor_amazon_app.mirror.refund_requests import refund_message, refunds_that_count
from saleor_amazon_app.mirror.refunding import CannotRefund, RefundWish
from saleor_amazon_app.mirror.sentences import Term, say, several
from saleor_amazon_app.mirror.summaries import cancelled_units, refund_of
from saleor_amazon_app.store import invoices, ledger
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.accounts import is_leaving
from saleor_amazon_app.store.models import IN_SALEOR, Intent, Order, new_id
from saleor_amazon_app.store.sentences import sentence_of
from saleor_amazon_app.sync import ledgering, settling
from saleor_amazon_app.sync.opening import lock_order, open_imported
from saleor_amazon_app.sync.services import Services


@dataclass(frozen=True)
class RefundAsked:
    """A refund as a person asks for it. ``amount`` is in major units, with tax."""

    amount: Decimal
    units: Mapping[OrderItemId, int] = field(default_factory=dict)
    shipping: bool = False
    reason: AdjustmentReason = AdjustmentReason.GENERAL_ADJUSTMENT


def cancel(
    services: Services, tenant_id: TenantId, amazon_order_id: str, reason: CancelReason, by: str
) -> None:
    """Cancel a whole order at Amazon; the Saleor order follows once Amazon has accepted.

    Raises:
        Misconfigured: There is no such order, or it cannot be cancelled any more.
    """
    with services.database.tenant(tenant_id) as session:
        opened = open_imported(services, session, amazon_order_id)
        if why := why_not_cancellable(opened.order):
            raise Misconfigured(
                say("why_not.cancel", why=why),
                cure=say("refused.refund_instead"),
            )
        _refuse_twice(opened.known, IntentKind.CANCEL_ORDER)
        _refuse_beside_a_parcel(opened.known)
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
        opened = open_imported(services, session, amazon_order_id)
        if units_under_way(opened.known):
            raise Misconfigured(say("refused.units_under_way"), code="under_way")
        _check_units(opened.order, units)
        message = UnitsCancellation(
            order_id=opened.order.order_id,
            units=tuple(CancelledUnits(item_id=i, quantity=n) for i, n in units.items()),
            reason=reason,
        )
        wish = Wish(
            IntentKind.CANCEL_UNITS,
            f"cancel-units:{new_id()}",
            opened.row.saleor_order_id or "",
            cancelled_units(units, reason),
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
        opened = open_imported(services, session, amazon_order_id)
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
        text = refund_of(asked.amount, message.currency, asked.reason)
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
            raise Misconfigured(say("refused.nothing_failed"))
        if intent.message is None:
            raise Misconfigured(say("refused.never_fit"))
        if intent.kind == IntentKind.REFUND and intent.saleor_told_at:
            raise Misconfigured(say("refused.saleor_knows"), cure=say("refused.ask_in_saleor"))
        if is_leaving(session, intent.account_id):
            raise Misconfigured(say("why_not.being_removed"), code="being_removed")
        _refuse_without_file(services, session, intent)
        intent.looks = intent.attempts = 0
        intent.answer, intent.settled_at = "", None
        if intent.kind == IntentKind.BUYER_MESSAGE:  # it is not sent once it is a day old
            intent.asked_at, intent.asked_by = services.now(), by
        ledger.requeue(intent)
        text = say("history.sent_again", by=by, summary=sentence_of(intent, "summary"))
        _note(services, session, intent, text)


def _refuse_without_file(services: Services, session: Session, intent: Intent) -> None:
    message = ledgering.open_message(services.vault, intent)
    if not isinstance(message, InvoiceUpload):
        return
    if not invoices.has_file(session, intent.order_id, message.reference):
        raise Misconfigured(
            say("invoice.file_gone"), cure=say("cure.upload_anew"), code="file_gone"
        )


def settle_as_done(services: Services, tenant_id: TenantId, intent_id: int, by: str) -> None:
    """Record that a person has seen an intent of unknown outcome done at Amazon.

    Raises:
        Misconfigured: There is no such intent, or its outcome is known.
    """
    with services.database.tenant(tenant_id) as session:
        intent = _intent(session, intent_id)
        if intent.state != IntentState.NEEDS_ATTENTION:
            raise Misconfigured(say("refused.outcome_known"))
        text = say("answer.seen_done", by=by)
        settling.settle(services, session, intent, IntentState.ACCEPTED, text)


def withdraw(services: Services, tenant_id: TenantId, intent_id: int, by: str) -> None:
    """Give up an intent that is not under way: it was not done, and is not to be.

    Raises:
        Misconfigured: There is no such intent, or Amazon has it or has accepted it.
    """
    with services.database.tenant(tenant_id) as session:
        intent = _intent(session, intent_id)
        if intent.state not in (IntentState.QUEUED, IntentState.NEEDS_ATTENTION):
            raise Misconfigured(say("refused.not_to_withdraw"))
        refund = intent.kind == IntentKind.REFUND
        state = IntentState.REJECTED if refund else IntentState.WITHDRAWN
        settling.settle(services, session, intent, state, say("answer.given_up", by=by))


def dismiss(
    services: Services,
    tenant_id: TenantId,
    amazon_order_id: str,
    kind: str,
    by: str = "",
    reason: str = "",
) -> int:
    """Close an order's problems of a kind for good: a person has seen to them.

    So a buyer's wish to cancel is answered with shipping all the same. Returns how many.

    Raises:
        NotKnown: There is no such order.
        Misconfigured: The problem keeps the order out of Saleor; closed, it would be forgotten.
    """
    now = services.now()
    with services.database.tenant(tenant_id) as session:
        row = lock_order(session, amazon_order_id)
        refuse_to_dismiss(kind, in_saleor=row.state in IN_SALEOR)
        found = [p for p in order_store.open_problems(session, row.id) if p.kind == kind]
        for problem in found:
            problem.closed_at = problem.dismissed_at = now
            problem.dismissed_by, problem.dismissed_reason = by or None, reason
        if found:
            done = say("history.dismissed", problem=Term("problems", kind))
            text = several(done, reason)
            order_store.note(
                session, row, text, actor="merchant", at=now, for_saleor=True, by=by or None
            )
        return len(found)


def refuse_to_dismiss(kind: str, *, in_saleor: bool) -> None:
    """Refuse to set aside what keeps an order out of Saleor.

    Raises:
        Misconfigured: It does.
    """
    if not may_dismiss(kind, in_saleor=in_saleor):
        raise Misconfigured(
            say("refused.may_not_dismiss"), cure=say("refused.cure_it"), code="may_not_dismiss"
        )


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


def _refuse_twice(known: list[Known], kind: IntentKind) -> None:
    if any(intent.kind == kind and intent.state in UNDER_WAY for intent in known):
        raise Misconfigured(say("refused.under_way"))


def units_under_way(known: Sequence[Known]) -> bool:
    """Tell whether Amazon may not have counted yet what was cancelled of an order before."""
    unknown = (*UNDER_WAY, IntentState.NEEDS_ATTENTION)
    return any(i.kind == IntentKind.CANCEL_UNITS and i.state in unknown for i in known)


def _refuse_beside_a_parcel(known: list[Known]) -> None:
    if any(i.kind == IntentKind.SHIPMENT and i.state in UNDER_WAY for i in known):
        raise Misconfigured(
            say("refused.parcel_leaving"),
            cure=say("refused.cancel_fulfilment"),
        )


def _check_units(order: AmazonOrder, units: Mapping[OrderItemId, int]) -> None:
    items = {item.order_item_id: item for item in order.order_items}
    for item_id, count in units.items():
        item = items.get(item_id)
        if item is None:
            cure = say("refused.there_is", names=", ".join(items))
            raise Misconfigured(say("refund.no_such_item", item=item_id), cure=cure)
        left = item.quantity_ordered - item.quantity_shipped
        if not 0 < count <= left:
            told = {"item": item_id, "left": str(left), "asked": str(count)}
            raise Misconfigured(say("refused.units_open", **told))
    open_units = sum(i.quantity_ordered - i.quantity_shipped for i in order.order_items)
    if sum(units.values()) >= open_units:
        raise Misconfigured(say("refused.all_open"), cure=say("refused.cancel_whole"))


def _intent(session: Session, intent_id: int) -> Intent:
    intent = session.scalar(select(Intent).where(Intent.id == intent_id).with_for_update())
    if intent is None:
        raise NotKnown(say("refused.no_intent", number=str(intent_id)), code="no_intent")
    return intent


def _note(services: Services, session: Session, intent: Intent, text: str) -> None:
    row = session.get_one(Order, intent.order_id)
    order_store.note(session, row, text, actor="merchant", at=services.now(), for_saleor=True)
