"""The shops that installed the app."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.store.models import Tenant


def save_installation(
    session: Session,
    *,
    api_url: str,
    app_id: str,
    token: bytes,
    jwks: dict[str, Any],
    now: datetime,
) -> TenantId:
    """Remember an installation; a reinstall renews the token and keeps the tenant's data.

    ``session`` is a system session, ``token`` is sealed.
    """
    tenant = find_tenant(session, api_url)
    if tenant is None:
        tenant = Tenant(saleor_api_url=api_url)
        session.add(tenant)
    tenant.app_id, tenant.token, tenant.jwks, tenant.installed_at = app_id, token, jwks, now
    tenant.paused_at = tenant.wipe_at = tenant.app_version = tenant.dashboard_origin = None
    tenant.orders_read_at = None  # the shop went on while the app was away
    session.flush()
    return TenantId(tenant.id)


def find_tenant(session: Session, api_url: str) -> Tenant | None:
    return session.scalar(select(Tenant).where(Tenant.saleor_api_url == api_url))
