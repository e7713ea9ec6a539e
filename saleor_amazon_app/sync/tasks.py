"""Work that staff ask for and that runs in the background: the same for many orders, or a sync.

A task and its orders are rows, fixed when it is asked for; the queue only wakes a worker. A worker
claims a task under a lease, does order after order, and records each before it goes on, so that a
task outlives the closed page, the lost queue and the killed worker. What was under way at a crash
is done again: every step is safe to repeat (a cancellation is asked for once, see ``_cancel``).
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.failures import AppFailure, Misconfigured, NotKnown, Remedy
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.store.desk_models import Task, TaskOrder
from saleor_amazon_app.store.models import Order, new_id
from saleor_amazon_app.sync.bulk_steps import STEPS
from saleor_amazon_app.sync.services import Services
from saleor_amazon_app.sync.sync_now import SyncNow

log = structlog.get_logger(__name__)

MOST_ORDERS: Final = 10_000
SYNC: Final = "sync"
_LEASE: Final = timedelta(minutes=5)
_WORKED_AT_ONCE: Final = 600.0
"""Seconds before a worker turns to other work; the next tick goes on."""
QUEUED, RUNNING, DONE, STOPPED = "queued", "running", "done", "stopped"
_OPEN: Final = (QUEUED, RUNNING)


def start(
    services: Services,
    tenant_id: TenantId,
    by: Person,
    kind: str,
    arguments: dict[str, Any],
    which: Sequence[ColumnElement[bool]],
    *,
    expected: int | None = None,
) -> str:
    """Write down a task for the orders that meet the conditions; returns its id.

    Raises:
        Misconfigured: There are none, more than expected, or more than a task may have.
    """
    with services.database.tenant(tenant_id) as session:
        ids = session.scalars(select(Order.id).where(*which).limit(MOST_ORDERS + 1)).all()
        _check_number(len(ids), expected)
        task = _add(services, session, by, kind, arguments, total=len(ids))
        session.add_all(TaskOrder(task_id=task.id, order_id=id_, state="waiting") for id_ in ids)
        return task.id


def start_sync(
    services: Services, tenant_id: TenantId, by: Person, account_ids: Sequence[str]
) -> str:
    """Write down a sync of accounts, unless the same is under way; returns the task's id."""
    with services.database.tenant(tenant_id) as session:
        query = select(Task).where(Task.kind == SYNC, Task.state.in_(_OPEN))
        for task in session.scalars(query):
            if set(account_ids) <= set(task.arguments["accounts"]):
                return task.id
        arguments = {"accounts": list(account_ids)}
        return _add(services, session, by, SYNC, arguments, total=len(account_ids)).id


def stop(services: Services, tenant_id: TenantId, task_id: str) -> None:
    """Have a task stopped before its next step.

    Raises:
        NotKnown: There is no such task.
    """
    with services.database.tenant(tenant_id) as session:
        task = _find(session, task_id)
        if task.state in _OPEN:
            task.stop_asked = True
        if task.state == QUEUED:
            task.state, task.finished_at = STOPPED, services.now()


def open_tasks(services: Services) -> list[tuple[str, str]]:
    """Return (tenant, task) of all that nobody is working on, across tenants."""
    now = services.now()
    with services.database.system() as session:
        query = select(Task.tenant_id, Task.id).where(Task.state.in_(_OPEN), _free(now))
        return [(row[0], row[1]) for row in session.execute(query.order_by(Task.created_at))]


def run(services: Services, tenant_id: TenantId, task_id: str) -> None:
    """Work on a task until it is done, is stopped, or has to wait."""
    claim = _claim(services, tenant_id, task_id)
    if claim is None:
        return
    try:
        if _kind(services, tenant_id, task_id) == SYNC:
            SyncNow(services, tenant_id, task_id).run()
            finished = True
        else:
            finished = _Bulk(services, tenant_id, task_id, claim).run()
    finally:
        _release(services, tenant_id, task_id, claim)
    if finished:
        _finish(services, tenant_id, task_id)


class _Bulk:
    """One worker's turn at a task of many orders."""

    def __init__(self, services: Services, tenant_id: TenantId, task_id: str, claim: str) -> None:
        self._services, self._tenant_id = services, tenant_id
        self._task_id, self._claim = task_id, claim
        self._is_lost = False

    def run(self) -> bool:
        """Do order after order; tells whether nothing is left."""
        self._take_up_what_was_dropped()
        until = time.monotonic() + _WORKED_AT_ONCE
        while time.monotonic() < until:
            found = self._next()
            if found is None:
                return not self._is_lost
            if not self._do(*found):
                return False
        return False

    def _take_up_what_was_dropped(self) -> None:
        with self._services.database.tenant(self._tenant_id) as session:
            session.execute(
                update(TaskOrder)
                .where(TaskOrder.task_id == self._task_id, TaskOrder.state == "started")
                .values(state="waiting")
                .execution_options(synchronize_session=False)
            )

    def _next(self) -> tuple[Task, int, str] | None:
        """Mark the next order as started, and keep the lease; None when the task is to end."""
        with self._services.database.tenant(self._tenant_id) as session:
            task = _find(session, self._task_id, lock=True)
            self._is_lost = task.claim != self._claim
            if task.stop_asked or self._is_lost:
                return None
            task.claimed_until = self._services.now() + _LEASE
            row = session.scalar(
                select(TaskOrder)
                .where(TaskOrder.task_id == self._task_id, TaskOrder.state == "waiting")
                .order_by(TaskOrder.id)
                .limit(1)
            )
            if row is None:
                return None
            row.state = "started"
            number = session.get_one(Order, row.order_id).amazon_order_id
            return task, row.id, number

    def _do(self, task: Task, row_id: int, number: str) -> bool:
        """Do one order; tells whether the next may be done at once."""
        try:
            STEPS[task.kind](self._services, self._tenant_id, number, task)
        except AppFailure as failure:
            if failure.remedy is Remedy.WAIT:
                self._record(row_id, "waiting", "")
                return False
            self._record(row_id, "failed", failure.said)
        else:
            self._record(row_id, "done", "")
        return True

    def _record(self, row_id: int, state: str, message: str) -> None:
        with self._services.database.tenant(self._tenant_id) as session:
            row = session.get_one(TaskOrder, row_id)
            row.state, row.message = state, message
            task = _find(session, self._task_id, lock=True)
            task.done += state == "done"
            task.failed += state == "failed"


def _add(
    services: Services,
    session: Session,
    by: Person,
    kind: str,
    arguments: dict[str, Any],
    *,
    total: int,
) -> Task:
    task = Task(
        kind=kind,
        state=QUEUED,
        arguments=arguments,
        total=total,
        done=0,
        failed=0,
        accounts=[],
        by_id=by.id[:128],
        by_name=by.name[:255],
        created_at=services.now(),
    )
    session.add(task)
    session.flush()
    return task


def _check_number(count: int, expected: int | None) -> None:
    if not count:
        raise Misconfigured(say("refused.no_orders"), code="no_orders")
    if count > MOST_ORDERS:
        raise Misconfigured(
            say("refused.too_many_orders", most=MOST_ORDERS),
            cure=say("refused.narrow"),
            code="too_many",
        )
    if expected is not None and count > expected:
        raise Misconfigured(
            say("refused.more_than_expected", found=count, expected=expected),
            cure=say("refused.look_again"),
            code="more_than_expected",
        )


def _find(session: Session, task_id: str, *, lock: bool = False) -> Task:
    query = select(Task).where(Task.id == task_id)
    task = session.scalar(query.with_for_update() if lock else query)
    if task is None:
        raise NotKnown(say("refused.no_task"), code="no_task")
    return task


def _kind(services: Services, tenant_id: TenantId, task_id: str) -> str:
    with services.database.tenant(tenant_id) as session:
        return _find(session, task_id).kind


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(Task.claimed_until.is_(None), Task.claimed_until <= now)


def _claim(services: Services, tenant_id: TenantId, task_id: str) -> str | None:
    """Claim a task for this worker; None if it is over or another worker has it."""
    name, now = new_id(), services.now()
    with services.database.tenant(tenant_id) as session:
        session.execute(
            update(Task)
            .where(Task.id == task_id, Task.state.in_(_OPEN), _free(now))
            .values(claim=name, claimed_until=now + _LEASE, state=RUNNING)
            .execution_options(synchronize_session=False)
        )
        task = session.scalar(select(Task).where(Task.id == task_id, Task.claim == name))
        if task is None:
            return None
        task.started_at = task.started_at or now
        return name


def _release(services: Services, tenant_id: TenantId, task_id: str, claim: str) -> None:
    with services.database.tenant(tenant_id) as session:
        task = _find(session, task_id, lock=True)
        if task.claim == claim:
            task.claim = task.claimed_until = None


def _finish(services: Services, tenant_id: TenantId, task_id: str) -> None:
    with services.database.tenant(tenant_id) as session:
        task = _find(session, task_id, lock=True)
        task.state = STOPPED if task.stop_asked else DONE
        task.finished_at = services.now()
        log.info("task over", task=task_id, kind=task.kind, done=task.done, failed=task.failed)
