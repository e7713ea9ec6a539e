"""Work in the background: bulk actions and sync now, with progress."""

from http import HTTPStatus
from typing import Any

from flask import Response
from sqlalchemy import ColumnElement, select

from saleor_amazon_app.mirror.failures import Misconfigured, NotKnown
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.showing.filtering import filtering
from saleor_amazon_app.showing.shapes.actions import BulkAsk, SyncAsk, Task, TaskKind, Tasks
from saleor_amazon_app.showing.tasks import list_tasks as show_tasks
from saleor_amazon_app.showing.tasks import show_task
from saleor_amazon_app.store.models import Account, AccountState, Order
from saleor_amazon_app.sync import tasks
from saleor_amazon_app.sync.asking import refuse_to_dismiss
from saleor_amazon_app.web.api.auth import Permission, caller, tenant_id
from saleor_amazon_app.web.api.paths import IdPath
from saleor_amazon_app.web.api.routing import Resource, answer, needs
from saleor_amazon_app.web.api.waking import wake_task
from saleor_amazon_app.web.context import services

api = Resource("tasks", __name__)


@api.get("/tasks", responses={200: Tasks})
@needs(Permission.SEE)
def list_tasks() -> Response:
    """List the latest tasks, the newest first."""
    return answer(show_tasks(services(), tenant_id()))


@api.get("/tasks/<id>", responses={200: Task})
@needs(Permission.SEE)
def get_task(path: IdPath) -> Response:
    """Show how far a task has come."""
    return answer(show_task(services(), tenant_id(), path.id))


@api.post("/tasks", responses={202: Task})
@needs(Permission.SEE)
def start_bulk(body: BulkAsk) -> Response:
    """Do the same for many orders, in the background."""
    task_id = tasks.start(
        services(),
        tenant_id(),
        caller().person,
        body.kind,
        _arguments(body),
        _which(body),
        expected=body.expected,
    )
    return _begun(task_id)


@api.post("/tasks/<id>/stop", responses={200: Task})
@needs(Permission.SEE)
def stop_task(path: IdPath) -> Response:
    """Stop a task before its next order."""
    tasks.stop(services(), tenant_id(), path.id)
    return answer(show_task(services(), tenant_id(), path.id))


@api.post("/sync", responses={202: Task})
@needs(Permission.SEE)
def sync_now(body: SyncAsk) -> Response:
    """Sweep, import and compare now, in the background."""
    task_id = tasks.start_sync(services(), tenant_id(), caller().person, _accounts(body))
    return _begun(task_id)


def _begun(task_id: str) -> Response:
    wake_task(task_id)
    return answer(show_task(services(), tenant_id(), task_id), HTTPStatus.ACCEPTED)


def _arguments(body: BulkAsk) -> dict[str, Any]:
    """Return what each order's step needs.

    Raises:
        Misconfigured: Something is missing.
    """
    match body.kind:
        case TaskKind.CANCEL:
            if body.cancel_reason is None or body.expected is None:
                raise Misconfigured(say("refused.cancel_wants"), code="missing")
            return {"cancel_reason": body.cancel_reason.value}
        case TaskKind.DISMISS:
            if body.problem is None or not body.reason.strip():
                raise Misconfigured(say("refused.dismiss_wants"), code="missing")
            refuse_to_dismiss(body.problem, in_saleor=True)
            return {"problem": body.problem.value, "reason": body.reason}
        case TaskKind.SYNC:
            raise Misconfigured(say("refused.sync_elsewhere"), code="missing")
    return {}


def _which(body: BulkAsk) -> list[ColumnElement[bool]]:
    if bool(body.amazon_order_ids) == (body.filter is not None):
        raise Misconfigured(say("refused.orders_or_filter"), code="missing")
    if body.filter is None:
        return [Order.amazon_order_id.in_(body.amazon_order_ids)]
    with services().database.tenant(tenant_id()) as session:
        conditions = filtering(services(), session, tenant_id()).conditions(body.filter)
    if not conditions:
        raise Misconfigured(say("refused.all_orders"), code="no_filter")
    return conditions


def _accounts(body: SyncAsk) -> list[str]:
    with services().database.tenant(tenant_id()) as session:
        query = select(Account.id).where(Account.state == AccountState.CONNECTED)
        found = list(session.scalars(query.order_by(Account.connected_at)))
    if body.account_id is not None:
        found = [id_ for id_ in found if id_ == body.account_id]
    if not found:
        raise NotKnown(
            say("refused.no_account_to_sync"),
            cure=say("refused.connect_or_resume"),
            code="no_account",
        )
    return found
