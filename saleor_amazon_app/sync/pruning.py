"""Deletes what is kept for a while only: the log of failures, tasks that are over, old files."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.store.desk_models import Task
from saleor_amazon_app.store.models import Activity, InvoiceFile, Tenant
from saleor_amazon_app.sync.services import Services

_EVERY: Final = 3600
"""Seconds."""
_TASKS_ARE_KEPT: Final = timedelta(days=30)
_FILES_ARE_KEPT: Final = timedelta(days=30)
"""Of invoices that Amazon never answered about; with the answer a file goes at once."""


def prune(services: Services) -> None:
    """Delete what is older than each merchant wants it kept, once an hour."""
    if not services.redis.set("pruned", 1, nx=True, ex=_EVERY):
        return
    with services.database.system() as session:
        kept = [(TenantId(t.id), t.activity_days) for t in session.scalars(select(Tenant))]
    for tenant_id, days in kept:
        _prune(services, tenant_id, timedelta(days=days))


def _prune(services: Services, tenant_id: TenantId, kept: timedelta) -> None:
    now = services.now()
    with services.database.tenant(tenant_id) as session:
        for old in (
            delete(Activity).where(Activity.at < now - kept),
            delete(Task).where(Task.finished_at < now - _TASKS_ARE_KEPT),
            delete(InvoiceFile).where(InvoiceFile.kept_at < now - _FILES_ARE_KEPT),
        ):
            session.execute(old.execution_options(synchronize_session=False))
