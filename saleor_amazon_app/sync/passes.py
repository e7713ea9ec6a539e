"""One pass over an account: sweep, look again at what waits, import what is ready."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from redis.exceptions import LockError
from redis.lock import Lock

from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.store.accounts import is_leaving
from saleor_amazon_app.store.models import SweepKind
from saleor_amazon_app.sync.importing import Importer, ImportReport
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.refetching import refetch_waiting
from saleor_amazon_app.sync.services import Services
from saleor_amazon_app.sync.skus import release_known_skus
from saleor_amazon_app.sync.sweeping import Sweeper, SweepReport

_TURN: Final = 180
"""Seconds that a shop's turn to import lasts without a sign of life; a batch takes far less."""


@dataclass
class Progress:
    """Told of each page and each batch."""

    on_page: Callable[[SweepReport], None] = lambda _report: None
    on_batch: Callable[[ImportReport], None] = lambda _report: None


def sweep(
    services: Services,
    tenant_id: TenantId,
    account_id: AccountId,
    kind: SweepKind = SweepKind.UPDATES,
    progress: Progress | None = None,
) -> SweepReport:
    """Read what is new at Amazon."""
    if _is_leaving(services, tenant_id, account_id):
        return SweepReport()
    on_page = (progress or Progress()).on_page
    return Sweeper(services, tenant_id, account_id, kind, on_page).run()


def import_turn(services: Services, tenant_id: TenantId) -> Lock:
    """Return the lock that whoever imports into a shop holds; it is not waited for."""
    turn: Lock = services.redis.lock(f"import:{tenant_id}", timeout=_TURN, blocking=False)
    return turn


def import_ready(
    services: Services,
    tenant_id: TenantId,
    account_id: AccountId,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring into Saleor what is ready, after a look at what may have become ready.

    One import at a time for a shop: ``orderBulkCreate`` reads stock, computes and writes it back
    without a lock, so that two at once would lose units. It is no slower: the shop is the limit.
    """
    turn = import_turn(services, tenant_id)
    if not turn.acquire():
        return ImportReport(busy=True)
    try:
        if _is_leaving(services, tenant_id, account_id):
            return ImportReport()
        return _import_in_turn(services, tenant_id, account_id, progress or Progress(), turn)
    finally:
        with suppress(LockError):
            turn.release()


def _is_leaving(services: Services, tenant_id: TenantId, account_id: AccountId) -> bool:
    with services.database.tenant(tenant_id) as session:
        return is_leaving(session, account_id)


def _import_in_turn(
    services: Services,
    tenant_id: TenantId,
    account_id: AccountId,
    progress: Progress,
    turn: Lock,
) -> ImportReport:
    try:
        release_known_skus(services, tenant_id, account_id)
    except AppFailure as failure:
        record_failure(services, tenant_id, account_id, "findVariants", failure)
    refetch_waiting(services, tenant_id, account_id)

    def on_batch(report: ImportReport) -> None:
        with suppress(LockError):
            turn.reacquire()
        progress.on_batch(report)

    return Importer(services, tenant_id, account_id, on_batch).run()
