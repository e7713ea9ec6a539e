"""Between the rules and the ledger: intents read for the rules, wishes written down."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.foreign_refunds import Sent
from saleor_amazon_app.mirror.intents import (
    MAY_COUNT,
    IntentKind,
    IntentState,
    Known,
    Revision,
    Step,
    Wish,
    Withdrawal,
)
from saleor_amazon_app.mirror.messages import (
    MESSAGE,
    AdjustmentReason,
    CancelReason,
    Message,
    Shipment,
)
from saleor_amazon_app.mirror.personal_data import MESSAGES_KEPT, holds_personal_data
from saleor_amazon_app.mirror.search_words import tracking_word
from saleor_amazon_app.mirror.sentences import Sentence, say
from saleor_amazon_app.mirror.terms import Terms
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.accounts import is_leaving
from saleor_amazon_app.store.models import Feed, Intent, Marketplace, Order, WordMapping
from saleor_amazon_app.store.searching import add_words, search_key
from saleor_amazon_app.store.sentences import sentence_of
from saleor_amazon_app.store.vault import Vault

CARRIER_WORDS = "carrier"
REASON_WORDS = "refund_reason"
PLACE_WORDS = "supply_source"


def known_of(session: Session, vault: Vault, order_id: str) -> list[Known]:
    """Return an order's intents as the rules see them, in the order of their making."""
    rows = ledger.intents_of(session, [order_id])[order_id]
    hanging = {feed.id: _in_work(feed) for feed in ledger.hanging_feeds(session, rows)}
    return [
        Known(
            id=row.id,
            key=row.key,
            kind=row.kind,
            subject=row.subject,
            state=row.state,
            summary=sentence_of(row, "summary"),
            message=open_message(vault, row),
            amount=Decimal(row.amount or 0),
            answer=sentence_of(row, "answer"),
            saleor_told=row.saleor_told_at is not None,
            hangs=hanging.get(row.feed_id or "", ""),
            asked_at=row.asked_at,
        )
        for row in rows
    ]


def _in_work(feed: Feed) -> Sentence:
    since = feed.submitted_at or feed.created_at
    return say("answer.feed_in_work", feed=feed.amazon_feed_id or "", since=since)


def open_message(vault: Vault, row: Intent) -> Message | None:
    return MESSAGE.validate_json(vault.open(row.message)) if row.message else None


def seal_message(vault: Vault, message: Message) -> bytes:
    return vault.seal(MESSAGE.dump_json(message).decode())


def write(
    session: Session, vault: Vault, order: Order, steps: Iterable[Step], now: datetime
) -> None:
    """Write down what the rules decided; a wish that is in the ledger already changes nothing.

    Raises:
        Misconfigured: The order's account is being removed: nothing would carry it out.
    """
    if is_leaving(session, order.account_id):
        raise Misconfigured(say("why_not.being_removed"), code="being_removed")
    rows = {row.id: row for row in ledger.intents_of(session, [order.id])[order.id]}
    keys = {row.key for row in rows.values()}
    for step in steps:
        match step:
            case Wish() if step.key not in keys:
                _add(session, vault, order, step, now)
                _delete_later(session, order, step.message, now)
                _make_findable(session, vault, order, step.message)
            case Revision():
                _revise(vault, rows[step.intent_id], step)
                _make_findable(session, vault, order, step.message)
            case Withdrawal():
                row = rows[step.intent_id]
                if row.state == IntentState.QUEUED:
                    ledger.settle(row, IntentState.WITHDRAWN, step.why, now)
                    _note(session, order, step.why, now)


def _add(session: Session, vault: Vault, order: Order, wish: Wish, now: datetime) -> None:
    row = Intent(
        account_id=order.account_id,
        order_id=order.id,
        kind=wish.kind,
        key=wish.key,
        subject=wish.subject,
        state=wish.state,
        asked_by=wish.asked_by,
        asked_name=wish.asked_name[:128] or None,
        asked_at=now,
        message=seal_message(vault, wish.message) if wish.message else None,
        summary=wish.summary,
        amount=str(wish.amount) if wish.amount else "",
        next_attempt_at=wish.not_before,
        answer=wish.why,
        attempts=0,
        looks=0,
        settled_at=now if wish.why else None,
    )
    session.add(row)
    if wish.why:
        _note(session, order, wish.why, now)


def _revise(vault: Vault, row: Intent, revision: Revision) -> None:
    if row.state != IntentState.QUEUED:
        return
    row.message = seal_message(vault, revision.message)
    row.summary, row.next_attempt_at = revision.summary, revision.not_before


def _delete_later(session: Session, order: Order, message: Message | None, now: datetime) -> None:
    """See that what is written after an order's personal data was deleted goes as well."""
    if not holds_personal_data(message):
        return
    session.refresh(order, ["erased_at"], with_for_update=True)  # it may be deleted just now
    if order.erased_at is not None:
        order.erase_at = now + MESSAGES_KEPT


def _make_findable(session: Session, vault: Vault, order: Order, message: Message | None) -> None:
    """Let the order be found by a tracking number before Amazon shows it."""
    if isinstance(message, Shipment) and message.tracking_number:
        key = search_key(session, vault, order.tenant_id)
        add_words(session, key, order.id, [tracking_word(message.tracking_number)])


def _note(session: Session, order: Order, text: str, now: datetime) -> None:
    order_store.note(session, order, text, actor="app", at=now, for_saleor=True)


def terms_of(session: Session, account_id: str, marketplace_id: str | None) -> Terms:
    """Return what the merchant chose for a marketplace."""
    query = select(Marketplace).where(
        Marketplace.account_id == account_id, Marketplace.marketplace_id == marketplace_id
    )
    row = session.scalar(query)
    words = session.scalars(select(WordMapping)).all()
    carriers = {w.word.casefold(): w.code for w in words if w.kind == CARRIER_WORDS}
    reasons = {w.word.casefold(): AdjustmentReason(w.code) for w in words if w.kind == REASON_WORDS}
    places = {w.word.casefold(): w.code for w in words if w.kind == PLACE_WORDS}
    if row is None:
        return Terms(carriers=carriers, refund_reasons=reasons, supply_sources=places)
    return Terms(
        carriers=carriers,
        supply_sources=places,
        default_carrier=row.default_carrier,
        tracking_wait=timedelta(hours=row.tracking_wait_hours),
        ship_without_tracking=row.ship_without_tracking,
        cancel_reason=CancelReason(row.cancel_reason),
        refund_reason=AdjustmentReason(row.refund_reason),
        refund_reasons=reasons,
    )


def sent_refunds(rows: Sequence[Intent]) -> list[Sent]:
    """Return the refunds that Amazon has paid out, or may have."""
    sent_states = MAY_COUNT - {IntentState.QUEUED}
    return [
        Sent(row.id, Decimal(row.amount or 0), row.sent_at)
        for row in rows
        if row.kind == IntentKind.REFUND and row.state in sent_states and row.sent_at
    ]
