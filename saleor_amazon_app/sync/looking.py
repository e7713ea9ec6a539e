"""Settles an intent of unknown outcome by looking at Amazon: at the order, at its transactions."""

from dataclasses import dataclass

from saleor_amazon_app.mirror.amazon_order import AmazonOrder, UnreadableOrder, read_order
from saleor_amazon_app.mirror.cancelling import CANCELLED
from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.intents import IntentState
from saleor_amazon_app.mirror.messages import (
    Message,
    OrderCancellation,
    Refund,
    Shipment,
    UnitsCancellation,
)
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store.models import Intent, Order
from saleor_amazon_app.sync import ledgering, settling
from saleor_amazon_app.sync.confirming import is_shown
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.refetching import fetch_order
from saleor_amazon_app.sync.refunds import read_refunds_of
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
        words = "Amazon shows it as done." if seen else f"{why} {more}".strip()
        with self.services.database.tenant(self.tenant_id) as session:
            open_states = (IntentState.SENDING, IntentState.SUBMITTED)
            for row in ledger.locked(session, [intent_id], *open_states):
                settling.settle(self.services, session, row, state, words)

    def _look(self, intent_id: int) -> tuple[bool, str]:
        with self.services.database.tenant(self.tenant_id) as session:
            intent = session.get_one(Intent, intent_id)
            row = session.get_one(Order, intent.order_id)
            message = ledgering.open_message(self.services.vault, intent)
        try:
            if isinstance(message, Refund):
                return self._refund_shows(intent_id, row)
            fetch_order(self.services, self.tenant_id, self.account_id, row.amazon_order_id)
        except AppFailure as failure:
            record_failure(self.services, self.tenant_id, self.account_id, "look", failure)
            return False, "Amazon could not be asked about it."
        return self._order_shows(row.id, message), "Amazon does not show it as done."

    def _refund_shows(self, intent_id: int, row: Order) -> tuple[bool, str]:
        matched = read_refunds_of(self.services, self.tenant_id, self.account_id, row)
        text = "Amazon lists no such refund yet; it may take two days to."
        return intent_id in matched, text

    def _order_shows(self, order_id: str, message: Message | None) -> bool:
        with self.services.database.tenant(self.tenant_id) as session:
            row = session.get_one(Order, order_id)
        try:
            order = read_order(self.services.vault.open_json(row.payload))
        except UnreadableOrder:
            return False
        return _shows(order, message)


def _shows(order: AmazonOrder, message: Message | None) -> bool:
    match message:
        case OrderCancellation():
            return order.status == CANCELLED
        case Shipment():
            return is_shown(message, order)
        case UnitsCancellation():
            return False
    return False
