"""Waits until the app has nothing left to do: what it was told is carried over and answered."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select

from saleor_amazon_app.demo.hands import Dashboard
from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.intents import UNDER_WAY
from saleor_amazon_app.store.accounts import get_account
from saleor_amazon_app.store.models import (
    Delivery,
    DeliveryState,
    Intent,
    Order,
    OrderEvent,
    OrderState,
    SweepKind,
    Tenant,
)
from saleor_amazon_app.store.sweeps import get_sweep
from saleor_amazon_app.sync.jobs import enqueue, sweep_account
from saleor_amazon_app.sync.services import Services

_LONGEST: Final = 600.0
_POLL: Final = 0.5
_CALM: Final = 4
"""So many looks in a row find nothing to do: a job between two steps shows none for a moment."""
_SOON: Final = timedelta(minutes=10)
"""What is to happen within this time is waited for; what is later, such as a ship-by date, not."""
_MOVING: Final = (OrderState.READY, OrderState.CREATING, OrderState.CREATED)


@dataclass(frozen=True)
class Rest:
    """Tells when the app has come to rest.

    Args:
        services: The app's own connections.
        tenant_id: The demo's shop.
        account_id: The demo's seller.
        dashboard: The shop, whose webhooks may still be under way.
        check: Raises if one of the demo's processes has stopped.
    """

    services: Services
    tenant_id: TenantId
    account_id: AccountId
    dashboard: Dashboard
    check: Callable[[], None]

    def wait(self) -> None:
        """Wait until everything that has happened so far is carried over.

        Raises:
            Misconfigured: It takes too long; the message says what is left.
        """
        since = self.services.now()
        enqueue(
            self.services.redis, sweep_account, self.tenant_id, self.account_id, SweepKind.UPDATES
        )
        deadline, calm = time.monotonic() + _LONGEST, 0
        while calm < _CALM:
            self.check()
            left = list(self._left(since))
            calm = 0 if left else calm + 1
            if time.monotonic() > deadline:
                raise Misconfigured(f"The app does not come to rest: {', '.join(left)}.")
            time.sleep(_POLL)

    def _left(self, since: datetime) -> Iterator[str]:
        """Yield what there is to wait for."""
        if count := self.dashboard.webhooks_under_way():
            yield f"{count} webhooks"
        yield from self._reading(since)
        yield from self._work()

    def _reading(self, since: datetime) -> Iterator[str]:
        """Each side has to be looked through once more since then."""
        with self.services.database.system() as session:
            looked_at = session.get_one(Tenant, self.tenant_id).orders_read_at
        with self.services.database.tenant(self.tenant_id) as session:
            sweep = get_sweep(session, self.account_id, SweepKind.UPDATES)
            refunds_at = get_account(session, self.account_id).refunds_read_at
        if looked_at is None or looked_at < since:
            yield "a look through the shop"
        if refunds_at is None or refunds_at < since:
            yield "a look at the refunds"
        if sweep.window or sweep.finished_at is None or sweep.finished_at < since:
            yield "a sweep"

    def _work(self) -> Iterator[str]:
        soon = self.services.now() + _SOON
        looks = {
            "deliveries": select(func.count(Delivery.id)).where(
                Delivery.state == DeliveryState.WAITING
            ),
            "intents": select(func.count(Intent.id)).where(
                Intent.state.in_(UNDER_WAY),
                or_(Intent.next_attempt_at.is_(None), Intent.next_attempt_at <= soon),
            ),
            "orders to compare": select(func.count(Order.id)).where(
                Order.state == OrderState.IMPORTED, Order.reconcile_at <= soon
            ),
            "orders to import": select(func.count(Order.id)).where(Order.state.in_(_MOVING)),
            "notes": select(func.count(OrderEvent.id))
            .join(Order, Order.id == OrderEvent.order_id)
            .where(
                Order.saleor_order_id.is_not(None),
                OrderEvent.for_saleor.is_(True),
                OrderEvent.told_at.is_(None),
            ),
        }
        with self.services.database.tenant(self.tenant_id) as session:
            for name, query in looks.items():
                if count := session.scalar(query):
                    yield f"{count} {name}"
