"""One pass over an account's mirrored orders: compare, send, follow up, tell.

The steps are safe to repeat and to run beside themselves; one pass at a time for an account only
saves work.
"""

from contextlib import suppress
from typing import Final

from redis.exceptions import LockError
from redis.lock import Lock
from sqlalchemy import select

from saleor_amazon_app.amazon.errors import Throttled
from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.store.accounts import get_account
from saleor_amazon_app.store.models import Account, AccountState, Tenant
from saleor_amazon_app.sync.answering import Answers
from saleor_amazon_app.sync.confirming import Confirmer
from saleor_amazon_app.sync.feeding import Feeder
from saleor_amazon_app.sync.guarding import may_write
from saleor_amazon_app.sync.messaging import Messenger
from saleor_amazon_app.sync.noting import Notes
from saleor_amazon_app.sync.reconciling import Reconciler, ReconcileReport
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.refunds import RefundReader, read_before
from saleor_amazon_app.sync.services import Services

_TURN: Final = 600
_ROUNDS: Final = 3
"""Amazon's answers mark orders again; a pass goes round, but not for ever.

Nothing is sent that was not compared since Amazon's last answer to it.
"""


def carrying_turn(services: Services, account_id: AccountId) -> Lock:
    """Return the lock that whoever carries for an account holds; it is not waited for."""
    turn: Lock = services.redis.lock(f"carry:{account_id}", timeout=_TURN, blocking=False)
    return turn


def carry(services: Services, tenant_id: TenantId, account_id: AccountId) -> ReconcileReport:
    """Carry over what either side of an account's orders lacks."""
    turn = carrying_turn(services, account_id)
    if not turn.acquire():
        return ReconcileReport()
    try:
        return _carry(services, tenant_id, account_id)
    finally:
        with suppress(LockError):
            turn.release()


def _carry(services: Services, tenant_id: TenantId, account_id: AccountId) -> ReconcileReport:
    report = ReconcileReport()
    if not _is_working(services, tenant_id, account_id):
        return report
    _read_refunds(services, tenant_id, account_id)
    for _ in range(_ROUNDS):
        before = report.orders
        Reconciler(services, tenant_id, account_id, report).run()
        _talk_to_amazon(services, tenant_id, account_id)
        if report.failure or report.orders == before:
            break
    Notes(services, tenant_id, account_id).run()
    return report


def _talk_to_amazon(services: Services, tenant_id: TenantId, account_id: AccountId) -> None:
    """Send and follow up; in read-only mode only what was sent before is followed."""
    confirmer = Confirmer(services, tenant_id, account_id)
    messenger = Messenger(services, tenant_id, account_id)
    messenger.recover()
    if may_write(services, tenant_id):
        messenger.send()
        confirmer.send()
        Feeder(services, tenant_id, account_id).run()
    Answers(services, tenant_id, account_id).run()
    confirmer.confirm()


def _is_working(services: Services, tenant_id: TenantId, account_id: AccountId) -> bool:
    with services.database.system() as session:
        tenant = session.get_one(Tenant, tenant_id)
        if tenant.paused_at or tenant.wipe_at:
            return False
    with services.database.tenant(tenant_id) as session:
        state = session.scalar(select(Account.state).where(Account.id == account_id))
        return state == AccountState.CONNECTED


def _read_refunds(services: Services, tenant_id: TenantId, account_id: AccountId) -> None:
    """Read Amazon's refunds once in a while."""
    with services.database.tenant(tenant_id) as session:
        read_at = get_account(session, account_id).refunds_read_at
    if read_at and read_at > read_before(services):
        return
    try:
        RefundReader(services, tenant_id, account_id).run()
    except Throttled:
        return
    except AppFailure as failure:
        record_failure(services, tenant_id, account_id, "listTransactions", failure)
