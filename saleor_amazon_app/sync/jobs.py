"""The jobs: what the queue runs by name. The store is the truth, the queue only wakes workers.

A job that is lost is made up for by the next tick; a job too many finds a lease taken, or nothing
to do. A job's id names its work, so that the same work is never queued twice.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.cron import CronScheduler
from rq.exceptions import DuplicateJobError

from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.settings import Settings
from saleor_amazon_app.store.ledger import accounts_to_carry, working_accounts
from saleor_amazon_app.store.models import SweepKind
from saleor_amazon_app.store.notifications import accounts_with_looks
from saleor_amazon_app.store.orders import accounts_held_for_skus, accounts_with_work
from saleor_amazon_app.store.sweeps import due_sweeps
from saleor_amazon_app.sync import (
    app_problems,
    carrying,
    erasing,
    facts,
    inbox,
    notices,
    passes,
    pruning,
    removing,
    tasks,
    watching,
    webhooks,
)
from saleor_amazon_app.sync.order_looks import OrderLooks
from saleor_amazon_app.sync.receiving import Receiver
from saleor_amazon_app.sync.refunds import read_before
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
    if services.settings.amazon_notifications_queue_url:
        enqueue(services.redis, receive_notifications)
    _queue_the_notified(services)
    for tenant_id, account_id, kind in _due(services):
        enqueue(services.redis, sweep_account, tenant_id, account_id, kind)
    with services.database.system() as session:
        working = working_accounts(session)
        busy = working.intersection(accounts_with_work(session, services.now()))
        held = working.intersection(accounts_held_for_skus(session))
    _queue_the_mirror(services)
    for tenant_id, account_id in {*busy, *(a for a in held if _may_look_for_skus(services, a))}:
        enqueue(services.redis, import_account, tenant_id, account_id)


def _queue_the_mirror(services: Services) -> None:
    """Queue what goes between the two sides of the orders that are mirrored already."""
    for tenant_id in inbox.tenants_with_deliveries(services):
        enqueue(services.redis, handle_inbox, tenant_id)
    for tenant_id in watching.tenants_to_watch(services):
        enqueue(services.redis, watch_shop, tenant_id)
    for tenant_id, account_id in _to_carry(services):
        enqueue(services.redis, carry_account, tenant_id, account_id)
    for tenant_id in facts.tenants_behind(services):
        enqueue(services.redis, copy_facts, tenant_id)
    for tenant_id in app_problems.tenants_to_tell(services):
        enqueue(services.redis, tell_problems, tenant_id)
    for tenant_id in notices.tenants_to_tell(services):
        enqueue(services.redis, mail_notices, tenant_id)
    for tenant_id, task_id in tasks.open_tasks(services):
        enqueue(services.redis, run_task, tenant_id, task_id)
    for tenant_id, account_id in removing.accounts_to_wipe(services):
        enqueue(services.redis, wipe_account, tenant_id, account_id)
    for tenant_id in erasing.tenants_due(services):
        enqueue(services.redis, erase_personal_data, tenant_id)
    inbox.wipe_deleted(services)
    pruning.prune(services)


def _to_carry(services: Services) -> set[tuple[str, str]]:
    with services.database.system() as session:
        return accounts_to_carry(session, services.now(), read_before(services))


def _queue_the_notified(services: Services) -> None:
    """Queue the looks at orders that notifications have led to."""
    with services.database.system() as session:
        to_look = accounts_with_looks(session, services.now()) & working_accounts(session)
    for tenant_id, account_id in to_look:
        enqueue(services.redis, look_at_orders, tenant_id, account_id)


def receive_notifications() -> None:
    """Empty the queue of notifications, and look at once where they lead."""
    services = process_services()
    Receiver(services).run()
    _queue_the_notified(services)
    for tenant_id, account_id in _to_carry(services):
        enqueue(services.redis, carry_account, tenant_id, account_id)


def look_at_orders(tenant_id: str, account_id: str) -> None:
    """Read the orders that Amazon has notified about, and go on at once with what came of it."""
    services = process_services()
    OrderLooks(services, TenantId(tenant_id), AccountId(account_id)).run()
    account = (tenant_id, account_id)
    with services.database.system() as session:
        to_import = account in accounts_with_work(session, services.now())
    if to_import:
        enqueue(services.redis, import_account, tenant_id, account_id)
    if account in _to_carry(services):
        enqueue(services.redis, carry_account, tenant_id, account_id)


def handle_inbox(tenant_id: str) -> None:
    """Handle a shop's webhooks, and carry over at once what they are about."""
    services = process_services()
    inbox.Inbox(services, TenantId(tenant_id)).run()
    for tenant, account_id in _to_carry(services):
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


def tell_problems(tenant_id: str) -> None:
    """Have the shop's Dashboard show what of the app needs a person."""
    app_problems.tell(process_services(), TenantId(tenant_id))


def mail_notices(tenant_id: str) -> None:
    """Write to the shop's staff by e-mail what is new."""
    notices.Notices(process_services(), TenantId(tenant_id)).run()


def run_task(tenant_id: str, task_id: str) -> None:
    """Work on what a member of staff asked for, and have it carried over at once."""
    services = process_services()
    tasks.run(services, TenantId(tenant_id), task_id)
    with services.database.system() as session:
        ready = accounts_with_work(session, services.now())
    for function, accounts in ((import_account, ready), (carry_account, _to_carry(services))):
        for tenant, account_id in accounts:
            if tenant == tenant_id:
                enqueue(services.redis, function, tenant, account_id)


def wipe_account(tenant_id: str, account_id: str) -> None:
    """Delete what is kept of an account that was removed."""
    removing.wipe(process_services(), TenantId(tenant_id), AccountId(account_id))


def erase_personal_data(tenant_id: str) -> None:
    """Delete the personal data of orders that are over."""
    erasing.Eraser(process_services(), TenantId(tenant_id)).run()


def copy_facts(tenant_id: str) -> None:
    """Bring what lists sort, filter and search by up to this version."""
    services = process_services()
    while facts.bring_up_to_date(services, TenantId(tenant_id)):
        pass


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


def wake(redis: Redis, function: Callable[..., None], *args: str) -> None:
    """Queue a job that the store knows of already: if the queue is lost, the next tick finds it."""
    try:
        enqueue(redis, function, *args)
    except RedisError:
        log.warning("queue not reached", job=function.__name__)


def scheduler(redis: Redis) -> CronScheduler:
    """Return RQ's cron with the one periodic job; several may run at once without harm."""
    cron = CronScheduler(connection=redis)
    cron.register(tick, QUEUE, interval=_TICK_SECONDS, ttl=_TICK_SECONDS, result_ttl=0, name="tick")
    return cron


def _due(services: Services) -> list[tuple[str, str, str]]:
    with services.database.system() as session:
        working = working_accounts(session)
        due = due_sweeps(session, services.now(), intervals(services.settings))
        return [sweep for sweep in due if (sweep[0], sweep[1]) in working]


def intervals(settings: Settings) -> dict[SweepKind, timedelta]:
    """Return how long each kind of sweep rests after it is done."""
    return {
        SweepKind.UPDATES: timedelta(seconds=settings.sweep_interval_seconds),
        SweepKind.RECONCILE: timedelta(hours=settings.reconcile_interval_hours),
    }
