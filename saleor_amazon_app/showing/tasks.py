"""Background work as people see it."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.failures import NotKnown
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.sentences import recall, say
from saleor_amazon_app.showing.sentences import show_sentence, show_words
from saleor_amazon_app.showing.shapes.actions import (
    AccountProgress,
    Task,
    TaskFailure,
    TaskKind,
    TaskReason,
    Tasks,
    TaskState,
)
from saleor_amazon_app.store.desk_models import Task as TaskRow
from saleor_amazon_app.store.desk_models import TaskOrder
from saleor_amazon_app.store.models import Order
from saleor_amazon_app.store.sentences import sentence_of
from saleor_amazon_app.sync.services import Services

_LATEST = 20
_FAILURES = 100
_REASONS = 10


def show_task(services: Services, tenant_id: TenantId, task_id: str) -> Task:
    """Return a task with its progress.

    Raises:
        NotKnown: There is no such task.
    """
    with services.database.tenant(tenant_id) as session:
        row = session.scalar(select(TaskRow).where(TaskRow.id == task_id))
        if row is None:
            raise NotKnown(say("refused.no_task"), code="no_task")
        return _task(session, row)


def list_tasks(services: Services, tenant_id: TenantId) -> Tasks:
    with services.database.tenant(tenant_id) as session:
        query = select(TaskRow).order_by(TaskRow.created_at.desc(), TaskRow.id).limit(_LATEST)
        return Tasks(items=[_task(session, row) for row in session.scalars(query).all()])


def _task(session: Session, row: TaskRow) -> Task:
    return Task(
        id=row.id,
        kind=TaskKind(row.kind),
        state=TaskState(row.state),
        total=row.total,
        done=row.done,
        failed=row.failed,
        failures=_failures(session, row.id) if row.failed else [],
        reasons=_reasons(session, row.id) if row.failed else [],
        accounts=[_progress(told) for told in row.accounts],
        asked_by=row.by_name,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def _failures(session: Session, task_id: str) -> list[TaskFailure]:
    query = (
        select(Order.amazon_order_id, TaskOrder)
        .join(TaskOrder, TaskOrder.order_id == Order.id)
        .where(TaskOrder.task_id == task_id, TaskOrder.state == "failed")
        .order_by(TaskOrder.id)
        .limit(_FAILURES)
    )
    return [
        TaskFailure(amazon_order_id=number, message=show_sentence(sentence_of(row, "message")))
        for number, row in session.execute(query)
    ]


def _reasons(session: Session, task_id: str) -> list[TaskReason]:
    count = func.count().label("count")
    query = (
        select(count, func.max(TaskOrder.id))
        .where(TaskOrder.task_id == task_id, TaskOrder.state == "failed")
        .group_by(TaskOrder.message)
        .order_by(count.desc(), TaskOrder.message)
        .limit(_REASONS)
    )
    found = [(number, session.get_one(TaskOrder, id_)) for number, id_ in session.execute(query)]
    return [
        TaskReason(orders=number, message=show_sentence(sentence_of(row, "message")))
        for number, row in found
    ]


def _progress(told: dict[str, Any]) -> AccountProgress:
    message = recall(told["message"], told.get("message_said"))
    shown = {name: value for name, value in told.items() if name != "message_said"}
    return AccountProgress(**shown | {"message": show_words(message)})
