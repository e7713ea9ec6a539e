"""Writes what became of intents into the ledger, and into the history of their orders."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.intents import IntentKind, IntentState
from saleor_amazon_app.mirror.messages import InvoiceUpload
from saleor_amazon_app.mirror.outcomes import (
    accepted_words,
    rejected_words,
    sent_words,
    unknown_words,
    withdrawn_words,
)
from saleor_amazon_app.mirror.sentences import Sentence
from saleor_amazon_app.store import invoices, ledger
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.models import Intent, Order
from saleor_amazon_app.store.sentences import sentence_of
from saleor_amazon_app.sync import ledgering
from saleor_amazon_app.sync.services import Services


def settle(
    services: Services, session: Session, intent: Intent, state: IntentState, answer: str = ""
) -> None:
    """Record an outcome, note it for the merchant, and have the order's two sides compared."""
    now = services.now()
    ledger.settle(intent, state, answer, now)
    order = session.get_one(Order, intent.order_id)
    text = _words(intent, state, answer)
    actor = "amazon" if state in (IntentState.ACCEPTED, IntentState.REJECTED) else "app"
    order_store.note(session, order, text, actor=actor, at=now, for_saleor=True, repeats=True)
    order.reconcile_at = now
    if intent.kind == IntentKind.INVOICE and state != IntentState.NEEDS_ATTENTION:
        _drop_file(services, session, intent)


def _drop_file(services: Services, session: Session, intent: Intent) -> None:
    message = ledgering.open_message(services.vault, intent)
    if isinstance(message, InvoiceUpload):
        invoices.drop_file(session, intent.order_id, message.reference)


def _words(intent: Intent, state: IntentState, answer: str) -> Sentence:
    summary = sentence_of(intent, "summary")
    match state:
        case IntentState.ACCEPTED:
            return accepted_words(intent.kind, summary, answer)
        case IntentState.REJECTED:
            return rejected_words(intent.kind, summary, answer)
        case IntentState.WITHDRAWN:
            return withdrawn_words(intent.kind, summary, answer)
    return unknown_words(intent.kind, summary, answer)


def submitted(services: Services, session: Session, intents: Sequence[Intent]) -> None:
    """Record that Amazon has intents, and note it; nothing counts as done by this."""
    now = services.now()
    for intent in intents:
        intent.state, intent.submitted_at = IntentState.SUBMITTED, now
        intent.claim = intent.claimed_until = None
        order = session.get_one(Order, intent.order_id)
        text = sent_words(intent.kind, sentence_of(intent, "summary"))
        order_store.note(session, order, text, actor="app", at=now, repeats=True)
