"""What ``saleor-amazon doctor`` says of the work between the two sides of a shop."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.intents import IntentState
from saleor_amazon_app.saleor.shop import read_self
from saleor_amazon_app.saleor.webhooks import outdated_webhooks
from saleor_amazon_app.store.models import FEEDS_AT_AMAZON, Feed, Intent, Tenant
from saleor_amazon_app.sync.findings import Check, Failed, Finding
from saleor_amazon_app.sync.services import Services

_LATE: Final = timedelta(hours=1)
"""A feed goes out every two minutes at most; what waits longer waits for something."""


def examine_mirror(services: Services, tenant_id: TenantId, url: str) -> Iterator[Finding]:
    """Yield the findings about one shop, each with its cure."""
    with services.database.system() as session:
        tenant = session.get_one(Tenant, tenant_id)
    yield _read_only(tenant, url)
    yield _webhooks(tenant_id, url).run(services)
    yield _last_look(services, tenant, url)
    with services.database.tenant(tenant_id) as session:
        yield _queue(session, tenant, url, services.now())
        yield _unknown(session, url)
        yield _hanging(session, url)


def _read_only(tenant: Tenant, url: str) -> Finding:
    cure = (
        "If this app is the one that is to act for the shop: "
        f"`saleor-amazon read-only --saleor-url {url} off`."
    )
    detail = f"on: {tenant.read_only_reason}" if tenant.read_only else "off"
    return Finding(
        f"read-only {url}", not tenant.read_only, detail, cure if tenant.read_only else ""
    )


def _webhooks(tenant_id: TenantId, url: str) -> Check:
    def look(services: Services) -> str:
        with services.saleor(tenant_id) as api:
            version = read_self(api).version
            missing = outdated_webhooks(api, services.settings.base_url, version)
        if missing:
            raise Failed(f"not those of this version: {', '.join(missing)}")
        return "those of this version"

    cure = f"Run `saleor-amazon webhooks sync --saleor-url {url}`."
    return Check(f"webhooks {url}", look, cure)


def _last_look(services: Services, tenant: Tenant, url: str) -> Finding:
    """The look through the shop's changed orders makes up for lost webhooks."""
    at = tenant.orders_read_at
    rest = timedelta(seconds=services.settings.shop_look_interval_seconds)
    late = at is None or services.now() - at > 3 * rest
    detail = f"{at:%Y-%m-%d %H:%M} UTC" if at else "never"
    cure = "See whether the scheduler and a worker run." if late else ""
    return Finding(f"last look {url}", not late, detail, cure)


def _queue(session: Session, tenant: Tenant, url: str, now: datetime) -> Finding:
    """Shipments that wait for a tracking number are on time."""
    waits = Intent.state == IntentState.QUEUED
    count, oldest = _count(session, waits), _oldest_due(session, now)
    late = oldest is not None and now - oldest > _LATE and not tenant.read_only
    detail = f"{count} queued" + (f", the oldest {oldest:%Y-%m-%d %H:%M} UTC" if oldest else "")
    cure = "See the recorded failures of the account, and whether a worker runs." if late else ""
    return Finding(f"to Amazon {url}", not late, detail, cure)


def _oldest_due(session: Session, now: datetime) -> datetime | None:
    query = select(func.min(Intent.asked_at)).where(Intent.state == IntentState.QUEUED)
    due = Intent.next_attempt_at.is_(None) | (Intent.next_attempt_at <= now)
    return session.scalar(query.where(due))


def _unknown(session: Session, url: str) -> Finding:
    count = _count(session, Intent.state == IntentState.NEEDS_ATTENTION)
    cure = f"See `saleor-amazon amazon intents --saleor-url {url} --state needs_attention`."
    return Finding(
        f"unknown outcomes {url}", not count, f"{count} to decide", cure if count else ""
    )


def _hanging(session: Session, url: str) -> Finding:
    query = select(Feed.amazon_feed_id).where(
        Feed.state.in_(FEEDS_AT_AMAZON), Feed.alarmed_at.is_not(None)
    )
    hanging = [id_ or "?" for id_ in session.scalars(query)]
    detail = f"hanging at Amazon: {', '.join(hanging)}" if hanging else "none hangs"
    cure = "Wait, or ask Amazon's seller support; they are not sent again." if hanging else ""
    return Finding(f"feeds {url}", not hanging, detail, cure)


def _count(session: Session, wanted: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Intent).where(wanted)) or 0
