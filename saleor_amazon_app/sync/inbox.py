"""Handles the webhooks that were stored: they say where to look, never what is so.

An order that a delivery names is marked, and what to do about it is decided from the order as it is
when it is compared (``sync.reconciling``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import simplejson
import structlog
from sqlalchemy import or_, select

from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.waiting import retry_delay
from saleor_amazon_app.saleor.reading import read_orders
from saleor_amazon_app.saleor.webhooks import refund_reference
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.models import Delivery, DeliveryState, Tenant
from saleor_amazon_app.sync.services import Services

log = structlog.get_logger(__name__)

GRACE: Final = timedelta(days=30)
"""After the app was deleted in a shop its data is kept so long, in case it comes back."""
_AT_ONCE: Final = 100
_TRIES: Final = 12
_REFUND: Final = "TRANSACTION_REFUND_REQUESTED"


@dataclass
class Inbox:
    """Handles the waiting deliveries of one tenant."""

    services: Services
    tenant_id: TenantId

    def run(self) -> int:
        """Handle what is due; returns how many deliveries were looked at."""
        due = self._due()
        for delivery_id in due:
            self._handle(delivery_id)
        return len(due)

    def _due(self) -> list[int]:
        with self.services.database.tenant(self.tenant_id) as session:
            now = self.services.now()
            query = select(Delivery.id).where(
                Delivery.state == DeliveryState.WAITING,
                or_(Delivery.next_attempt_at.is_(None), Delivery.next_attempt_at <= now),
            )
            return list(session.scalars(query.order_by(Delivery.id).limit(_AT_ONCE)))

    def _handle(self, delivery_id: int) -> None:
        with self.services.database.tenant(self.tenant_id) as session:
            delivery = session.get_one(Delivery, delivery_id)
            body = self.services.vault.open(delivery.body)
            event, attempts = delivery.event, delivery.attempts
        try:
            done, outcome = self._act(event, body)
        except AppFailure as failure:
            done, outcome = False, failure.message
        with self.services.database.tenant(self.tenant_id) as session:
            delivery = session.get_one(Delivery, delivery_id)
            delivery.attempts, delivery.outcome = attempts + 1, outcome
            if done or attempts + 1 >= _TRIES:
                delivery.state = DeliveryState.DONE
                delivery.handled_at = self.services.now()
            else:
                delivery.next_attempt_at = self.services.now() + _wait(attempts)

    def _act(self, event: str, body: str) -> tuple[bool, str]:
        """Return whether the delivery is done with, and what came of it."""
        told = simplejson.loads(body)
        match event:
            case "APP_DELETED":
                return True, self._deleted()
            case "APP_STATUS_CHANGED":
                return True, self._status_changed(told)
            case _:
                return self._order(event, body, _reference(told))

    def _order(self, event: str, body: str, reference: str) -> tuple[bool, str]:
        if event == _REFUND and not self._is_noted(reference, refund_reference(body.encode())):
            return False, "Saleor has not noted the request yet."
        with self.services.database.tenant(self.tenant_id) as session:
            known = ledger.mark_by_reference(session, [reference], self.services.now())
        return True, "The order is compared." if known else "This is no order of Amazon's."

    def _is_noted(self, reference: str, request: str) -> bool:
        """Tell whether Saleor has written the answer down; until then the request may be lost."""
        with self.services.database.tenant(self.tenant_id) as session:
            if order_store.find_order(session, reference) is None:
                return True
        with self.services.saleor(self.tenant_id) as api:
            order = read_orders(api, [reference]).get(reference)
        events = order.payment.events if order and order.payment else ()
        return order is None or any(event.reference == request for event in events)

    # --- the app itself -------------------------------------------------------------------------

    def _deleted(self) -> str:
        until = self.services.now() + GRACE
        with self.services.database.system() as session:
            session.get_one(Tenant, self.tenant_id).wipe_at = until
        log.info("deleted by the shop", tenant=self.tenant_id, wiped=until.isoformat())
        return f"All data of the shop is deleted on {until:%Y-%m-%d}."

    def _status_changed(self, told: Mapping[str, Any]) -> str:
        active = bool((told.get("app") or {}).get("isActive"))
        with self.services.database.system() as session:
            tenant = session.get_one(Tenant, self.tenant_id)
            tenant.paused_at = None if active else self.services.now()
        return "The app goes on." if active else "The app pauses for this shop."


def _reference(told: Mapping[str, Any]) -> str:
    """Return the external reference of the order that a delivery is about."""
    holder = told.get("transaction") or told
    order = holder.get("order") or {}
    return str(order.get("externalReference") or "")


def _wait(attempts: int) -> timedelta:
    """Saleor notes an answer within a second; after that there is no hurry."""
    return timedelta(seconds=2) if attempts < 3 else retry_delay(attempts - 3)  # noqa: PLR2004


def wipe_deleted(services: Services) -> int:
    """Delete the tenants whose time of grace is over; returns how many."""
    now: datetime = services.now()
    with services.database.system() as session:
        gone = session.scalars(select(Tenant).where(Tenant.wipe_at <= now)).all()
        for tenant in gone:
            log.info("wiped", tenant=tenant.id)
            session.delete(tenant)
        return len(gone)


def tenants_with_deliveries(services: Services) -> list[str]:
    """Return the tenants that have something in their inbox, across tenants."""
    now = services.now()
    with services.database.system() as session:
        query = select(Delivery.tenant_id).where(
            Delivery.state == DeliveryState.WAITING,
            or_(Delivery.next_attempt_at.is_(None), Delivery.next_attempt_at <= now),
        )
        return list(session.scalars(query.distinct()))
