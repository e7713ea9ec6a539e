"""The jobs: what the queue runs by name. The store is the truth, the queue only wakes workers.

A job that is lost is made up for by the next tick; a job too many finds a lease taken, or nothing
to do. A job's id names its work, so that the same work is never queued twice.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog
from redis import Redis
from rq import Queue
from rq.cron import CronScheduler
from rq.exceptions import DuplicateJobError

from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.settings import Settings
from saleor_amazon_app.store.ledger import accounts_to_carry
from saleor_amazon_app.store.models import SweepKind
from saleor_amazon_app.store.orders import accounts_held_for_skus, accounts_with_work
from saleor_amazon_app.store.sweeps import due_sweeps
from saleor_amazon_app.sync import carrying, inbox, passes, watching, webhooks
from saleor_amazon_app.sync.services import Services, process_services
from saleor_amazon_app.sync.sweeping import SweepReport

log = structlog.get_logger(__name__)

QUEUE: Final = "saleor-amazon"
_TICK_SECONDS: Final = 15
_JOB_TIMEOUT: Final = 900
_FAILED_JOBS_ARE_KEPT: Final = 60


def tick() -> None:
    """Queue the sweeps that are due, and the imports that have something to do."""
    services = process_services()
    for tenant_id, account_id, kind in _due(services):
        enqueue(services.redis, sweep_account, tenant_id, account_id, kind)
    with services.database.system() as session:
        busy = accounts_with_work(session, services.now())
        held = accounts_held_for_skus(session)
    _queue_the_mirror(services)
    for tenant_id, account_id in {*busy, *(a for a in held if _may_look_for_skus(services, a))}:
        enqueue(services.redis, import_account, tenant_id, account_id)


def _queue_the_mirror(services: Services) -> None:
    """Queue what goes between the two sides of the orders that are mirrored already."""
    for tenant_id in inbox.tenants_with_deliveries(services):
        enqueue(services.redis, handle_inbox, tenant_id)
    for tenant_id in watching.tenants_to_watch(services):
        enqueue(services.redis, watch_shop, tenant_id)
    with services.database.system() as session:
        to_carry = accounts_to_carry(session, services.now())
    for tenant_id, account_id in to_carry:
        enqueue(services.redis, carry_account, tenant_id, account_id)
    inbox.wipe_deleted(services)


def handle_inbox(tenant_id: str) -> None:
    """Handle a shop's webhooks, and carry over at once what they are about."""
    services = process_services()
    inbox.Inbox(services, TenantId(tenant_id)).run()
    with services.database.system() as session:
        to_carry = accounts_to_carry(session, services.now())
    for tenant, account_id in to_carry:
        if tenant == tenant_id:
            enqueue(services.redis, carry_account, tenant, account_id)


def watch_shop(tenant_id: str) -> None:
    """Look through a shop's changed orders, and see that its webhooks are this version's."""
    services = process_services()
    webhooks.keep_current(services, TenantId(tenant_id))
    watching.watch(services, TenantId(tenant_id))


def carry_account(tenant_id: str, account_id: str) -> None:
    """Carry over what either side of an account's mirrored orders lacks."""
    carrying.carry(process_services(), TenantId(tenant_id), AccountId(account_id))


def _may_look_for_skus(services: Services, account: tuple[str, str]) -> bool:
    """Ask the shop for missing SKUs no more often than Amazon for orders."""
    seconds = services.settings.sweep_interval_seconds
    return bool(services.redis.set(f"looked-for-skus:{account[1]}", 1, nx=True, ex=seconds))


def sweep_account(tenant_id: str, account_id: str, kind: str) -> None:
    """Sweep an account, and have each page imported while the next one is read."""
    services = process_services()

    def on_page(report: SweepReport) -> None:
        if report.changed:
            enqueue(services.redis, import_account, tenant_id, account_id)

    passes.sweep(
        services,
        TenantId(tenant_id),
        AccountId(account_id),
        SweepKind(kind),
        passes.Progress(on_page=on_page),
    )


def import_account(tenant_id: str, account_id: str) -> None:
    """Bring an account's ready orders into Saleor."""
    passes.import_ready(process_services(), TenantId(tenant_id), AccountId(account_id))


def enqueue(redis: Redis, function: Callable[..., None], *args: str) -> None:
    """Queue a job unless the same one is queued or running."""
    try:
        Queue(QUEUE, connection=redis).enqueue(
            function,
            *args,
            job_id="-".join((function.__name__, *args)),
            unique=True,
            result_ttl=0,
            failure_ttl=_FAILED_JOBS_ARE_KEPT,
            job_timeout=_JOB_TIMEOUT,
        )
    except DuplicateJobError:
        log.debug("queued already", job=function.__name__)


def scheduler(redis: Redis) -> CronScheduler:
    """Return RQ's cron with the one periodic job; several may run at once without harm."""
    cron = CronScheduler(connection=redis)
    cron.register(tick, QUEUE, interval=_TICK_SECONDS, ttl=_TICK_SECONDS, result_ttl=0, name="tick")
    return cron


def _due(services: Services) -> list[tuple[str, str, str]]:
    with services.database.system() as session:
        return list(due_sweeps(session, services.now(), intervals(services.settings)))


def intervals(settings: Settings) -> dict[SweepKind, timedelta]:
    """Return how long each kind of sweep rests after it is done."""
    return {
        SweepKind.UPDATES: timedelta(seconds=settings.sweep_interval_seconds),
        SweepKind.RECONCILE: timedelta(hours=settings.reconcile_interval_hours),
    }
