"""Reads the orders that Amazon has notified about, each as it is now and through the same filing.

An order that is not known yet comes in this way too, under the rules of any sweep: what was bought
too early, or on a marketplace that is not mapped, is filed and decided upon just the same.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from saleor_amazon_app.amazon.errors import AuthorisationLost, NotFound, Throttled
from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.waiting import next_look, retry_delay
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store import notifications as notification_store
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.models import OrderLook
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.refetching import fetch_order
from saleor_amazon_app.sync.refunds import SETTLED_SINCE, RefundReader, read_refunds_of
from saleor_amazon_app.sync.services import Services

_AT_ONCE: Final = 30
"""The burst of getOrder; the rest comes with the next tick."""
_TRIES: Final = 6
"""Afterwards it is left to the sweeps; what failed is recorded."""
_READ_SINCE: Final = timedelta(minutes=1)
"""An order read so long after the notification need not be read because of it; see ``_is_read``."""
_REFUND_LOOKS: Final = 3
"""A refund may be listed minutes after it was posted; the half-hourly reading has the rest."""
LISTED_AFTER: Final = SETTLED_SINCE + timedelta(minutes=1)
"""Looking for a refund sooner finds nothing."""


@dataclass
class OrderLooks:
    """Reads what an account's notifications have led to."""

    services: Services
    tenant_id: TenantId
    account_id: AccountId

    def run(self) -> int:
        """Read what is due, until the quota is used up; returns how many looks were dealt with."""
        with self._session() as session:
            now = self.services.now()
            due = notification_store.due_looks(session, self.account_id, now, _AT_ONCE)
        for done, look in enumerate(due):
            try:
                self._deal_with(look)
            except Throttled:
                return done
            except AuthorisationLost as failure:
                record_failure(self.services, self.tenant_id, self.account_id, "getOrder", failure)
                return done
        return len(due)

    def _deal_with(self, look: OrderLook) -> None:
        try:
            wait = self._look(look)
        except (Throttled, AuthorisationLost):
            raise
        except NotFound:  # Amazon's own parts do not learn of an order at the same moment
            wait = next_look(look.attempts)
        except AppFailure as failure:
            record_failure(self.services, self.tenant_id, self.account_id, "getOrder", failure)
            wait = retry_delay(look.attempts)
        self._close(look, wait)

    def _look(self, look: OrderLook) -> timedelta | None:
        """Read what a look is about; returns after how long to look again, None for never."""
        if not look.amazon_order_id:
            RefundReader(self.services, self.tenant_id, self.account_id).run()
            recent = self.services.now() - look.asked_at < LISTED_AFTER
            return LISTED_AFTER if recent else None
        if not self._is_read(look):
            fetch_order(self.services, self.tenant_id, self.account_id, look.amazon_order_id)
        return self._refunds(look) if look.refunds else None

    def _is_read(self, look: OrderLook) -> bool:
        """Tell whether the order was read since it was told of, by a sweep or before.

        The minute covers pages that were asked for before the notification and stored after it.
        """
        with self._session() as session:
            row = order_store.find_order(session, look.amazon_order_id)
            return bool(row and row.read_at and row.read_at > look.asked_at + _READ_SINCE)

    def _refunds(self, look: OrderLook) -> timedelta | None:
        with self._session() as session:
            row = order_store.find_order(session, look.amazon_order_id)
        if row is None or look.attempts + 1 >= _REFUND_LOOKS:
            return None
        before = self._known_refunds(row.id)
        read_refunds_of(self.services, self.tenant_id, self.account_id, row)
        found = self._known_refunds(row.id) > before
        return None if found else max(LISTED_AFTER, next_look(look.attempts))

    def _known_refunds(self, order_id: str) -> int:
        with self._session() as session:
            return len(ledger.foreign_refunds(session, [order_id])[order_id])

    def _close(self, look: OrderLook, wait: timedelta | None) -> None:
        """Take a look off the list, or put it off; one that was asked for anew meanwhile stays."""
        with self._session() as session:
            row = notification_store.find_look(session, look.id)
            if row is None or row.asked_at != look.asked_at:
                return
            row.attempts += 1
            if wait is None or row.attempts >= _TRIES:
                session.delete(row)
            else:
                row.next_attempt_at = self.services.now() + wait

    def _session(self) -> AbstractContextManager[Session]:
        return self.services.database.tenant(self.tenant_id)
