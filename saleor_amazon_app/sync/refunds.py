"""Reads the refunds that Amazon lists, and keeps the app's own apart from all others.

A listed refund that equals one of the app's own, made after it was sent, is that one: it proves an
outcome that was not known, and it counts once. Any other was made in Seller Central or by Amazon
and is told to Saleor.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from saleor_amazon_app.amazon.finances import (
    FinancialTransaction,
    list_refunds_since,
    list_transactions,
)
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.mirror.foreign_refunds import (
    Listed,
    leaves_tax_out,
    match_refunds,
    refunded_amount,
)
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.intents import IntentState
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.accounts import get_account
from saleor_amazon_app.store.models import Account, ForeignRefund, Intent, Order
from saleor_amazon_app.sync import ledgering, settling
from saleor_amazon_app.sync.filing import open_order
from saleor_amazon_app.sync.services import Services

_OVERLAP: Final = timedelta(days=3)
"""An order's transactions may appear two days late, with their earlier dates."""
SETTLED_SINCE: Final = timedelta(minutes=3)
"""Amazon does not list the last two minutes."""


def read_before(services: Services) -> datetime:
    """Return the time since when an account's refunds must have been read, or they are due."""
    return services.now() - timedelta(seconds=services.settings.refunds_interval_seconds)


@dataclass
class RefundReader:
    """Reads an account's refunds since it last did."""

    services: Services
    tenant_id: TenantId
    account_id: AccountId

    def run(self) -> int:
        """Read what is new; returns how many refunds were not known before."""
        started = self.services.now()
        until = started - SETTLED_SINCE
        with self._session() as session:
            account = get_account(session, self.account_id)
            seller, region = self.services.seller(account), account.region
            since = self._since(account, until)
        listed = list_refunds_since(self.services.amazon, seller, region, since, until)
        found = self._file(listed)
        with self._session() as session:
            account = get_account(session, self.account_id)
            account.refunds_read_until, account.refunds_read_at = until, started
        return found

    def _since(self, account: Account, until: datetime) -> datetime:
        since = (account.refunds_read_until or account.connected_at) - _OVERLAP
        return max(min(since, until - timedelta(minutes=1)), until - timedelta(days=179))

    def _file(self, listed: Sequence[FinancialTransaction]) -> int:
        by_order: dict[str, list[FinancialTransaction]] = {}
        for refund in listed:
            if refund.order_id and refund.transaction_id:
                by_order.setdefault(refund.order_id, []).append(refund)
        return sum(self._file_order(id_, refunds) for id_, refunds in by_order.items())

    def _file_order(self, amazon_order_id: str, refunds: list[FinancialTransaction]) -> int:
        with self._session() as session:
            row = order_store.find_order(session, amazon_order_id)
            return file_refunds(self.services, session, row, refunds) if row else 0

    def _session(self) -> AbstractContextManager[Session]:
        return self.services.database.tenant(self.tenant_id)


def read_refunds_of(
    services: Services, tenant_id: TenantId, account_id: AccountId, row: Order
) -> set[int]:
    """Read the refunds of one order; returns the intents that Amazon lists as done."""
    with services.database.tenant(tenant_id) as session:
        seller, region = _seller(services, session, account_id)
    listed = list_transactions(services.amazon, seller, region, row.amazon_order_id)
    with services.database.tenant(tenant_id) as session:
        fresh = session.get_one(Order, row.id)
        file_refunds(services, session, fresh, [each for each in listed if each.is_refund])
        known = ledger.foreign_refunds(session, [row.id])[row.id]
        return {refund.intent_id for refund in known if refund.intent_id}


def _seller(
    services: Services, session: Session, account_id: AccountId
) -> tuple[SellerCredentials, str]:
    account = get_account(session, account_id)
    return services.seller(account), account.region


def file_refunds(
    services: Services, session: Session, row: Order, listed: Iterable[FinancialTransaction]
) -> int:
    """Store an order's listed refunds and match them; returns how many are new."""
    known = {refund.reference for refund in ledger.foreign_refunds(session, [row.id])[row.id]}
    withheld = _tax_is_withheld(services, row)
    new = [each for each in listed if each.transaction_id not in known and each.posted_at]
    for refund in new:
        amount = refunded_amount(refund.buyer_amount, refund.withheld_tax, tax_is_withheld=withheld)
        if amount > 0:
            session.add(
                ForeignRefund(
                    order_id=row.id,
                    reference=refund.transaction_id[:128],
                    amount=str(amount),
                    currency=refund.currency or row.currency or "",
                    posted_at=refund.posted_at,
                )
            )
    session.flush()
    match_known(services, session, row)
    if new:
        row.reconcile_at = services.now()
    return len(new)


def match_known(services: Services, session: Session, row: Order) -> None:
    """Match what is listed with what the app sent, and settle what that proves."""
    refunds = ledger.foreign_refunds(session, [row.id])[row.id]
    intents = {i.id: i for i in ledger.intents_of(session, [row.id])[row.id]}
    listed = [
        Listed(r.id, Decimal(r.amount), r.posted_at, r.intent_id, told=r.told_at is not None)
        for r in refunds
    ]
    matched = match_refunds(listed, ledgering.sent_refunds(list(intents.values())))
    for refund in refunds:
        if refund.told_at is None:
            refund.intent_id = matched.get(refund.id)
            if refund.intent_id:
                _proven(services, session, intents[refund.intent_id])


def _proven(services: Services, session: Session, intent: Intent) -> None:
    """Amazon lists a refund whose outcome nobody knew: it was paid out."""
    if intent.state == IntentState.NEEDS_ATTENTION:
        text = say("answer.listed")
        settling.settle(services, session, intent, IntentState.ACCEPTED, text)


def _tax_is_withheld(services: Services, row: Order) -> bool:
    """Tell whether Saleor's total leaves out the tax that Amazon collected."""
    order = open_order(services.vault, row)
    return order is not None and leaves_tax_out(order)
