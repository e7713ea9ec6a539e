"""What a task does to each of its orders."""

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import select

from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.intents import MAY_COUNT, IntentKind
from saleor_amazon_app.mirror.messages import CancelReason
from saleor_amazon_app.store.desk_models import Task
from saleor_amazon_app.store.models import Intent, Order
from saleor_amazon_app.sync import asking, refetching, repairs
from saleor_amazon_app.sync.services import Services

Step = Callable[[Services, TenantId, str, Task], None]


def _retry(services: Services, tenant_id: TenantId, number: str, _task: Task) -> None:
    repairs.retry(services, tenant_id, number)


def _fetch(services: Services, tenant_id: TenantId, number: str, _task: Task) -> None:
    with services.database.tenant(tenant_id) as session:
        query = select(Order.account_id).where(Order.amazon_order_id == number)
        account_id = AccountId(session.scalars(query).one())
    refetching.fetch_order(services, tenant_id, account_id, number)


def _cancel(services: Services, tenant_id: TenantId, number: str, task: Task) -> None:
    """Cancel an order, unless that was asked for already: a step may be taken twice."""
    with services.database.tenant(tenant_id) as session:
        query = (
            select(Intent.id)
            .join(Order, Order.id == Intent.order_id)
            .where(
                Order.amazon_order_id == number,
                Intent.kind == IntentKind.CANCEL_ORDER,
                Intent.state.in_(MAY_COUNT),
            )
        )
        if session.scalars(query.limit(1)).first() is not None:
            return
    reason = CancelReason(task.arguments["cancel_reason"])
    asking.cancel(services, tenant_id, number, reason, task.by_name[:64])


def _dismiss(services: Services, tenant_id: TenantId, number: str, task: Task) -> None:
    told = task.arguments
    asking.dismiss(services, tenant_id, number, told["problem"], task.by_name, told["reason"])


STEPS: Final[Mapping[str, Step]] = {
    "retry": _retry,
    "fetch": _fetch,
    "cancel": _cancel,
    "dismiss": _dismiss,
}
