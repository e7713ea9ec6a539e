"""Deletes the personal data of orders that are over, wherever the app keeps it.

The rules (when, and what is left) are those of ``mirror.personal_data``. Orders that a worker holds
at the moment are left to the next pass.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.amazon_order import UnreadableOrder, read_order
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.intents import UNDER_WAY, IntentKind, IntentState
from saleor_amazon_app.mirror.personal_data import (
    KEPT_FOR,
    End,
    due_at,
    holds_personal_data,
    without_personal_data,
)
from saleor_amazon_app.mirror.sentences import SEVERAL, Sentence, say, several
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.models import (
    TO_SHIP_STATUSES,
    Delivery,
    DeliveryState,
    Intent,
    Order,
    OrderEvent,
    OrderState,
    Problem,
    Tenant,
)
from saleor_amazon_app.store.searching import forget_words, search_key
from saleor_amazon_app.store.sentences import sentence_of
from saleor_amazon_app.sync import facts, ledgering
from saleor_amazon_app.sync.services import Services

_EVERY: Final = 3600
"""Seconds."""
_AT_ONCE: Final = 100
_BODIES_AT_ONCE: Final = 1000
_WORKED_AT_ONCE: Final = 600
"""Seconds. What is left then is the next tick's."""
_LOOK_AGAIN: Final = timedelta(days=1)
_IN_WORK: Final = (OrderState.READY, OrderState.CREATING, OrderState.CREATED)
_TURN: Final = "erased:"


def tenants_due(services: Services) -> list[str]:
    """Return the tenants with personal data to delete, each once an hour."""
    now = services.now()
    orders = exists().where(Order.tenant_id == Tenant.id, Order.erase_at <= now)
    bodies = exists().where(
        Delivery.tenant_id == Tenant.id, Delivery.received_at <= now - KEPT_FOR, _is_handled()
    )
    with services.database.system() as session:
        found = session.scalars(select(Tenant.id).where(or_(orders, bodies))).all()
    return [id_ for id_ in found if services.redis.set(f"{_TURN}{id_}", 1, nx=True, ex=_EVERY)]


@dataclass
class Eraser:
    """Deletes the personal data of one tenant's orders that are over."""

    services: Services
    tenant_id: TenantId

    def run(self) -> int:
        """Delete what is due, a transaction for each batch; returns of how many orders it did."""
        until = time.monotonic() + _WORKED_AT_ONCE
        done = 0
        while batch := self._batch():
            done += batch.erased
            if time.monotonic() > until:
                self.services.redis.delete(f"{_TURN}{self.tenant_id}")
                return done
        while self._delete_deliveries():
            pass
        return done

    def _batch(self) -> "_Batch | None":
        with self.services.database.tenant(self.tenant_id) as session:
            rows = _due(session, self.services.now())
            batch = _Batch(self.services, session, rows)
            for row in rows:
                batch.treat(row)
            return batch if rows else None

    def _delete_deliveries(self) -> int:
        """Delete old webhooks that are done with: they say where to look, and by whose hand."""
        with self.services.database.tenant(self.tenant_id) as session:
            old = Delivery.received_at <= self.services.now() - KEPT_FOR
            query = select(Delivery.id).where(old, _is_handled()).limit(_BODIES_AT_ONCE)
            ids = session.scalars(query).all()
            statement = delete(Delivery).where(Delivery.id.in_(ids))
            session.execute(statement.execution_options(synchronize_session=False))
            return len(ids)


@dataclass
class _Batch:
    """Some orders whose time may have come, with what belongs to them, in one transaction."""

    services: Services
    session: Session
    rows: Sequence[Order]
    erased: int = 0

    def __post_init__(self) -> None:
        ids = [row.id for row in self.rows]
        self._intents = ledger.intents_of(self.session, ids)
        self._problems = order_store.open_problems_of(self.session, ids)

    def treat(self, row: Order) -> None:
        """Delete an order's personal data if it is due, else put it off."""
        now = self.services.now()
        due = self._due_at(row)
        if due > now:
            row.erase_at = min(due, now + _LOOK_AGAIN)
            return
        self._payload(row)
        self._ledger(row)
        self._history(row)
        row.address_fix = row.address_mark = row.erase_at = None
        row.erased_at = row.erased_at or now
        self.erased += 1

    def _due_at(self, row: Order) -> datetime:
        written = [i.asked_at for i in self._intents[row.id] if _is_letter(i)]
        needed = row.erased_at is None and self._is_needed(row)
        return due_at(self._end(row), is_needed=needed, messaged_at=max(written, default=None))

    def _end(self, row: Order) -> End:
        try:
            order = read_order(self.services.vault.open_json(row.payload))
        except UnreadableOrder:
            return End(row.first_seen_at)
        return facts.end_told(row, order)

    def _is_needed(self, row: Order) -> bool:
        to_ship = row.fulfilled_by == "MERCHANT" and row.status in TO_SHIP_STATUSES
        open_intents = {*UNDER_WAY, IntentState.NEEDS_ATTENTION}
        return (
            row.state in _IN_WORK
            or (to_ship and row.state != OrderState.LEFT_OUT)
            or row.id in self._problems
            or any(intent.state in open_intents for intent in self._intents[row.id])
        )

    # --- what is deleted ------------------------------------------------------------------------

    def _payload(self, row: Order) -> None:
        vault = self.services.vault
        left = without_personal_data(vault.open_json(row.payload))
        row.payload = vault.seal_json(left)
        try:
            order = read_order(left)
        except UnreadableOrder:
            forget_words(self.session, [row.id])
            return
        key = search_key(self.session, vault, row.tenant_id)
        facts.index(self.session, vault, key, row, order)

    def _ledger(self, row: Order) -> None:
        """Delete what was written to the buyer, and never send what was not sent by now."""
        for intent in self._intents[row.id]:
            message = ledgering.open_message(self.services.vault, intent)
            if not holds_personal_data(message):
                continue
            if intent.state == IntentState.QUEUED:
                text = say("answer.message_too_old")
                ledger.settle(intent, IntentState.WITHDRAWN, text, self.services.now())
            intent.message = None

    def _history(self, row: Order) -> None:
        """Delete what people have added in their own words to lines about the order."""
        query = select(OrderEvent).where(OrderEvent.order_id == row.id, OrderEvent.by.is_not(None))
        for event in self.session.scalars(query):
            event.message = _own_part(sentence_of(event, "message"))
        row.note = _own_part(sentence_of(row, "note"))
        given = select(Problem).where(Problem.order_id == row.id, Problem.dismissed_reason != "")
        for problem in self.session.scalars(given):
            problem.dismissed_reason = ""


def _due(session: Session, now: datetime) -> list[Order]:
    """Return orders whose time may have come and that nobody holds, locked, the oldest first."""
    free = or_(Order.claimed_until.is_(None), Order.claimed_until <= now)
    query = select(Order).where(Order.erase_at <= now, free).order_by(Order.erase_at)
    return list(session.scalars(query.limit(_AT_ONCE).with_for_update(skip_locked=True)))


def _is_handled() -> ColumnElement[bool]:
    return Delivery.state != DeliveryState.WAITING


def _is_letter(intent: Intent) -> bool:
    return intent.kind == IntentKind.BUYER_MESSAGE and intent.message is not None


def _own_part(sentence: Sentence) -> Sentence:
    """Return the parts of a line that are the app's own sentences."""
    if sentence.code != SEVERAL:
        return sentence
    parts = sentence.params["sentences"]
    told = parts if isinstance(parts, list) else []
    return several(*(part for part in told if isinstance(part, Sentence) and part.code))
