"""Writes the history of mirrored orders into Saleor, line by line and each line once."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.saleor import acting
from saleor_amazon_app.saleor.client import SaleorApi
from saleor_amazon_app.saleor.errors import Declined
from saleor_amazon_app.store.models import Order, OrderEvent
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.services import Services

_AT_ONCE = 200


@dataclass
class Notes:
    """Tells Saleor the lines that it has not seen, for the orders of one account."""

    services: Services
    tenant_id: TenantId
    account_id: AccountId

    def run(self) -> int:
        """Write what is due; returns how many lines were written."""
        written = 0
        try:
            with self.services.saleor(self.tenant_id) as api:
                for event_id, order_id, message, tried in self._due():
                    self._write(api, event_id, order_id, message, tried=tried)
                    written += 1
        except AppFailure as failure:
            record_failure(self.services, self.tenant_id, self.account_id, "orderNoteAdd", failure)
        return written

    def _due(self) -> Sequence[tuple[int, str, str, bool]]:
        query = (
            select(OrderEvent, Order.saleor_order_id)
            .join(Order, Order.id == OrderEvent.order_id)
            .where(
                Order.account_id == self.account_id,
                Order.saleor_order_id.is_not(None),
                OrderEvent.for_saleor.is_(True),
                OrderEvent.told_at.is_(None),
            )
            .order_by(OrderEvent.id)
            .limit(_AT_ONCE)
        )
        with self._session() as session:
            return [
                (event.id, saleor_id or "", event.message, event.tried_at is not None)
                for event, saleor_id in session.execute(query)
            ]

    def _write(
        self, api: SaleorApi, event_id: int, order_id: str, message: str, *, tried: bool
    ) -> None:
        """Write one line. After an attempt of unknown outcome it is looked for first."""
        if not (tried and acting.shorten(message) in acting.notes(api, order_id)):
            self._stamp(event_id, "tried_at")
            try:
                acting.add_note(api, order_id, message)
            except Declined as declined:
                name = "orderNoteAdd"
                record_failure(self.services, self.tenant_id, self.account_id, name, declined)
        self._stamp(event_id, "told_at")

    def _stamp(self, event_id: int, column: str) -> None:
        with self._session() as session:
            event = session.get_one(OrderEvent, event_id)
            setattr(event, column, self.services.now())

    def _session(self) -> AbstractContextManager[Session]:
        return self.services.database.tenant(self.tenant_id)
