"""Has workers look at once at what a request has written down."""

from sqlalchemy import select

from saleor_amazon_app.store.models import Order
from saleor_amazon_app.sync import jobs
from saleor_amazon_app.web.api.auth import tenant_id
from saleor_amazon_app.web.context import services


def wake_import(account_id: str) -> None:
    jobs.wake(services().redis, jobs.import_account, tenant_id(), account_id)


def wake_carrier(amazon_order_id: str) -> None:
    """Have what was asked for about an order carried to Amazon."""
    with services().database.tenant(tenant_id()) as session:
        query = select(Order.account_id).where(Order.amazon_order_id == amazon_order_id)
        account_id = session.scalars(query).one()
    jobs.wake(services().redis, jobs.carry_account, tenant_id(), account_id)


def wake_task(task_id: str) -> None:
    jobs.wake(services().redis, jobs.run_task, tenant_id(), task_id)
