"""Looks through the shop's changed orders, for what no webhook told.

A changed tracking number or a fulfilment's metadata does not move an order's ``updatedAt`` (source
of Saleor 3.23.28). Orders that this may matter for are compared anew after some hours.
"""

from datetime import datetime, timedelta
from typing import Final

from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.saleor.reading import changed_since
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store.models import Tenant
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.services import Services

_OVERLAP: Final = timedelta(minutes=2)
_AT_ONCE: Final = 500
_UNSEEN: Final = timedelta(hours=6)
_NUMBERS_CHANGE: Final = timedelta(days=3)
"""So long after a shipment was told its number may still be corrected."""
_UNSEEN_AT_ONCE: Final = 100


def watch(services: Services, tenant_id: TenantId) -> int:
    """Mark the mirrored orders that changed in the shop since the last look, or may have.

    Returns how many.
    """
    started = services.now()
    with services.database.system() as session:
        tenant = session.get_one(Tenant, tenant_id)
        since = (tenant.orders_read_until or tenant.installed_at) - _OVERLAP
        tenant.orders_read_at = started
    try:
        marked, until = _mark_changed(services, tenant_id, since)
    except AppFailure as failure:
        record_failure(services, tenant_id, None, "orders", failure)
        return 0
    with services.database.system() as session:
        if until:  # the shop's clock may differ from ours: only its own times move the mark
            session.get_one(Tenant, tenant_id).orders_read_until = until
    return marked + _mark_unseen(services, tenant_id)


def _mark_unseen(services: Services, tenant_id: TenantId) -> int:
    now = services.now()
    with services.database.tenant(tenant_id) as session:
        return ledger.mark_long_unseen(
            session,
            now,
            every=_UNSEEN,
            shipped_since=now - _NUMBERS_CHANGE,
            limit=_UNSEEN_AT_ONCE,
        )


def _mark_changed(
    services: Services, tenant_id: TenantId, since: datetime
) -> tuple[int, datetime | None]:
    """Return how many were marked, and the time of the latest change in the shop's own clock."""
    marked, latest, batch = 0, None, list[str]()
    with services.saleor(tenant_id) as api:
        for reference, updated_at in changed_since(api, since):
            batch.append(reference)
            latest = updated_at
            if len(batch) >= _AT_ONCE:
                marked += _mark(services, tenant_id, batch)
                batch = []
    return marked + _mark(services, tenant_id, batch), latest


def _mark(services: Services, tenant_id: TenantId, references: list[str]) -> int:
    if not references:
        return 0
    with services.database.tenant(tenant_id) as session:
        return ledger.mark_by_reference(session, references, services.now())


def tenants_to_watch(services: Services) -> list[str]:
    """Return the tenants whose shop has not been looked through for a while, across tenants."""
    now, rest = services.now(), timedelta(seconds=services.settings.shop_look_interval_seconds)
    with services.database.system() as session:
        return [
            tenant.id
            for tenant in ledger.working_tenants(session)
            if tenant.orders_read_at is None or now - tenant.orders_read_at >= rest
        ]
