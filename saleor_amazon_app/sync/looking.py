"""Settles an intent of unknown outcome by looking at Amazon: at the order, at its transactions."""

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.orm import Session

from saleor_amazon_app.amazon.errors import NotFound
from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.foreign_refunds import has_news
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.intents import IntentState
from saleor_amazon_app.mirror.messages import InvoiceUpload, Message, Refund
from saleor_amazon_app.mirror.outcomes import shows
from saleor_amazon_app.mirror.sentences import Sentence, say, several
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store.models import Intent, Order
from saleor_amazon_app.sync import ledgering, settling
from saleor_amazon_app.sync.filing import open_order
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.refetching import fetch_order
from saleor_amazon_app.sync.refunds import match_known, read_refunds_of
from saleor_amazon_app.sync.services import Services


@dataclass
class Looker:
    """Looks for the traces of intents of one account."""

    services: Services
    tenant_id: TenantId
    account_id: AccountId

    def settle(self, intent_id: int, why: str) -> None:
        """Accept an intent whose effect Amazon shows; hand any other to a person.

        Args:
            intent_id: An intent that Amazon has, or may have.
            why: Why its outcome is not known, for the merchant.
        """
        seen, more = self._look(intent_id)
        state = IntentState.ACCEPTED if seen else IntentState.NEEDS_ATTENTION
        words = say("answer.shows") if seen else several(why, more)
        with self.services.database.tenant(self.tenant_id) as session:
            open_states = (IntentState.SENDING, IntentState.SUBMITTED)
            for row in ledger.locked(session, [intent_id], *open_states):
                settling.settle(self.services, session, row, state, words)

    def _look(self, intent_id: int) -> tuple[bool, Sentence]:
        with self.services.database.tenant(self.tenant_id) as session:
            intent = session.get_one(Intent, intent_id)
            row = session.get_one(Order, intent.order_id)
            message = ledgering.open_message(self.services.vault, intent)
        try:
            if isinstance(message, Refund):
                return self._refund_shows(intent_id, row)
            if isinstance(message, InvoiceUpload):
                return False, say("answer.invoice_unseen")
            fetch_order(self.services, self.tenant_id, self.account_id, row.amazon_order_id)
        except AppFailure as failure:
            record_failure(self.services, self.tenant_id, self.account_id, "look", failure)
            return False, say("answer.not_asked")
        return self._order_shows(row.id, message), say("answer.shows_not")

    def _refund_shows(self, intent_id: int, row: Order) -> tuple[bool, Sentence]:
        matched = read_refunds_of(self.services, self.tenant_id, self.account_id, row)
        return intent_id in matched, say("answer.not_listed")

    def _order_shows(self, order_id: str, message: Message | None) -> bool:
        with self.services.database.tenant(self.tenant_id) as session:
            row = session.get_one(Order, order_id)
        order = open_order(self.services.vault, row)
        return order is not None and shows(order, message)


def up_to_date(
    services: Services, tenant_id: TenantId, account_id: AccountId, row: Order
) -> AmazonOrder | None:
    """Return an order as stored, read anew if a refund that Saleor has to hear of is ahead of it.

    Raises:
        AppFailure: Amazon could not be asked.
    """
    order = open_order(services.vault, row)
    if order is None or not _is_refunded(services, tenant_id, row) or not has_news(order):
        return order
    with suppress(NotFound):
        fetch_order(services, tenant_id, account_id, row.amazon_order_id)
    with services.database.tenant(tenant_id) as session:
        return open_order(services.vault, session.get_one(Order, row.id))


def _is_refunded(services: Services, tenant_id: TenantId, row: Order) -> bool:
    """Tell whether Amazon lists refunds, other than the app's own, that Saleor has not heard of."""
    with services.database.tenant(tenant_id) as session:
        refunds = ledger.foreign_refunds(session, [row.id])[row.id]
        if refunds:
            match_known(services, session, session.get_one(Order, row.id))
        return any(not each.intent_id and not each.told_at for each in refunds)


def settle_shown(services: Services, session: Session, row: Order, order: AmazonOrder) -> None:
    """Accept what nobody knew the outcome of, once Amazon's order shows it."""
    for intent in ledger.intents_of(session, [row.id])[row.id]:
        unknown = intent.state == IntentState.NEEDS_ATTENTION
        if unknown and shows(order, ledgering.open_message(services.vault, intent)):
            text = say("answer.shows")
            settling.settle(services, session, intent, IntentState.ACCEPTED, text)
