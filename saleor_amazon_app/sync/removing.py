"""Removes an account with all that is kept of it. What is in Saleor stays as it is.

A person's wish marks the account, from which moment no work is begun for it; a job then deletes
batch by batch, so that an account of a million orders keeps no request waiting and no database
locked. The wish is refused while something of the account is under way: whoever deleted the ledger
then would never hear whether a refund was made. What had begun before the wish is waited for, and
if it left something under way the removal is called off.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

import structlog
from redis.exceptions import LockError
from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.failures import AppFailure, Misconfigured
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.intents import UNDER_WAY, IntentState
from saleor_amazon_app.mirror.sentences import NOTHING, Sentence, say
from saleor_amazon_app.store.desk_models import Change
from saleor_amazon_app.store.models import (
    Account,
    AccountState,
    Intent,
    Order,
    OrderState,
    Sweep,
)
from saleor_amazon_app.store.orders import count_by_state
from saleor_amazon_app.sync.carrying import carrying_turn
from saleor_amazon_app.sync.noting import Notes
from saleor_amazon_app.sync.passes import import_turn
from saleor_amazon_app.sync.records import add_activity, record_failure
from saleor_amazon_app.sync.services import Services
from saleor_amazon_app.sync.subscribing import Subscriptions

log = structlog.get_logger(__name__)

_AT_ONCE: Final = 500
_WORKED_AT_ONCE: Final = 600.0
"""Seconds before a worker turns to other work; the next tick goes on."""


@dataclass(frozen=True)
class InTheWay:
    """What of an account may not be deleted yet, in numbers."""

    under_way: int
    unsent: int
    """Of these, what Amazon has not been sent."""
    unknown: int
    importing: int

    @property
    def unanswered(self) -> int:
        """What a person may leave behind once Amazon has ended the authorisation for good."""
        return 0 if self.importing else self.under_way + self.unknown

    @property
    def reason(self) -> Sentence:
        """Say the first of it in words; empty if nothing is in the way."""
        if self.under_way:
            return say("why_not.answers_missing", number=self.under_way)
        if self.unknown:
            return say("why_not.unknown_outcomes", number=self.unknown)
        if self.importing:
            return say("why_not.being_created", number=self.importing)
        return NOTHING


def in_the_way(session: Session, account_id: str) -> InTheWay:
    counted = select(Intent.state, func.count()).where(Intent.account_id == account_id)
    intents = {row[0]: row[1] for row in session.execute(counted.group_by(Intent.state))}
    orders = count_by_state(session, account_id)
    return InTheWay(
        under_way=sum(intents.get(state, 0) for state in UNDER_WAY),
        unsent=intents.get(IntentState.QUEUED, 0),
        unknown=intents.get(IntentState.NEEDS_ATTENTION, 0),
        importing=sum(orders.get(state, 0) for state in (OrderState.CREATING, OrderState.CREATED)),
    )


def refuse_in_the_way(session: Session, account_id: str) -> None:
    """Refuse to go on as long as something of the account is under way.

    What a person has knowingly left unanswered is in nobody's way any more.

    Raises:
        Misconfigured: Something is.
    """
    found = in_the_way(session, account_id)
    row = session.get_one(Account, account_id)
    is_left = not found.under_way and found.unanswered <= (row.left_unanswered or 0)
    if found.reason and not (is_left and found.unanswered):
        raise Misconfigured(
            say("why_not.remove", why=found.reason),
            cure=say("refused.wait_or_settle"),
            code="under_way",
        )


def accounts_to_wipe(services: Services) -> list[tuple[str, str]]:
    """Return (tenant, account) of all that were removed and are still there, across tenants."""
    with services.database.system() as session:
        query = select(Account.tenant_id, Account.id).where(Account.state == AccountState.REMOVING)
        return [(row[0], row[1]) for row in session.execute(query)]


def wipe(services: Services, tenant_id: TenantId, account_id: AccountId) -> bool:
    """Delete what is kept of a removed account; tells whether all of it is gone."""
    if not _is_quiet(services, tenant_id, account_id):
        return False
    _leave_amazon(services, tenant_id, account_id)
    until = time.monotonic() + _WORKED_AT_ONCE
    _tell_saleor(services, tenant_id, account_id)
    while _delete_orders(services, tenant_id, account_id):
        if time.monotonic() > until:
            return False
    with services.database.tenant(tenant_id) as session:
        session.execute(delete(Account).where(Account.id == account_id))
    services.redis.delete(f"figures:{tenant_id}")
    log.info("account removed", tenant=tenant_id, account=account_id)
    return True


def _is_quiet(services: Services, tenant_id: TenantId, account_id: AccountId) -> bool:
    """Tell whether nobody works on the account any more; who begins after the wish turns back."""
    with _turns(services, tenant_id, account_id) as are_free:
        if not are_free:
            return False
        with services.database.tenant(tenant_id) as session:
            row = session.scalar(select(Account).where(Account.id == account_id).with_for_update())
            if (
                row is None
                or row.state != AccountState.REMOVING
                or _is_read(services, session, row)
            ):
                return False
            return not _is_called_off(services, session, row)


@contextmanager
def _turns(services: Services, tenant_id: TenantId, account_id: AccountId) -> Iterator[bool]:
    """Hold the turns of importing and carrying; yields False if somebody else has one."""
    locks = (carrying_turn(services, account_id), import_turn(services, tenant_id))
    held = [lock for lock in locks if lock.acquire()]
    try:
        yield len(held) == len(locks)
    finally:
        for lock in held:
            with suppress(LockError):
                lock.release()


def _is_read(services: Services, session: Session, row: Account) -> bool:
    leased = exists().where(Sweep.account_id == row.id, Sweep.lease_until > services.now())
    return bool(session.scalar(select(leased)))


def _is_called_off(services: Services, session: Session, row: Account) -> bool:
    """Keep the account, paused, if work that was under way has left something unanswered."""
    try:
        refuse_in_the_way(session, row.id)
    except Misconfigured as failure:
        row.state, row.left_unanswered = AccountState.PAUSED, None
        add_activity(session, services, AccountId(row.id), "removeAccount", failure)
        return True
    return False


def _leave_amazon(services: Services, tenant_id: TenantId, account_id: AccountId) -> None:
    """End the account's notifications and forget its authorisation; Amazon's part may fail."""
    with services.database.tenant(tenant_id) as session:
        row = session.scalars(select(Account).where(Account.id == account_id)).one()
        is_notified = row.notifications_since is not None
    if is_notified:
        try:
            Subscriptions(services, tenant_id, account_id).switch_off()
        except AppFailure as failure:
            record_failure(services, tenant_id, account_id, "switchOffNotifications", failure)
    with services.database.tenant(tenant_id) as session:
        row = session.scalars(select(Account).where(Account.id == account_id)).one()
        services.amazon.tokens.forget(services.seller(row))
        row.refresh_token = services.vault.seal("")


def _tell_saleor(services: Services, tenant_id: TenantId, account_id: AccountId) -> None:
    """Write into Saleor's orders what was left unanswered; here the lines are about to go."""
    with services.database.tenant(tenant_id) as session:
        row = session.scalars(select(Account).where(Account.id == account_id)).one()
        if row.left_unanswered is None:
            return
    while Notes(services, tenant_id, account_id).run():
        pass


def _delete_orders(services: Services, tenant_id: TenantId, account_id: AccountId) -> int:
    """Delete some orders with all that hangs on them; who changed or looked at what stays told."""
    with services.database.tenant(tenant_id) as session:
        query = select(Order.id).where(Order.account_id == account_id).limit(_AT_ONCE)
        ids = session.scalars(query).all()
        told = update(Change).where(Change.order_id.in_(ids)).values(order_id=None)
        for statement in (told, delete(Order).where(Order.id.in_(ids))):
            session.execute(statement.execution_options(synchronize_session=False))
        return len(ids)
