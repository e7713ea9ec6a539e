"""What ``saleor-amazon doctor`` looks at: one finding each, with the cure."""

import time
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import requests
from rq import Worker
from rq.cron import CronScheduler
from sqlalchemy import select, text

from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.saleor.shop import read_self
from saleor_amazon_app.store import migrating
from saleor_amazon_app.store.accounts import as_mapping, list_accounts, list_marketplaces
from saleor_amazon_app.store.models import SweepKind, Tenant
from saleor_amazon_app.store.orders import recent_lags
from saleor_amazon_app.store.sweeps import get_sweep
from saleor_amazon_app.sync import mailing, notification_checks
from saleor_amazon_app.sync.findings import Check, Failed, Finding
from saleor_amazon_app.sync.mirror_checks import examine_mirror
from saleor_amazon_app.sync.services import Services

_CLOCK_TOLERANCE: Final = 30
"""Seconds. Amazon refuses windows that end less than two minutes before its own time."""
_LONGEST_LAG: Final = 3600
"""Seconds. A sweep comes every five minutes; Amazon itself has been hours late."""
_PERMISSIONS: Final = frozenset({"MANAGE_ORDERS", "MANAGE_ORDERS_IMPORT", "HANDLE_PAYMENTS"})


def _database(services: Services) -> str:
    with services.database.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    return str(services.database.engine.dialect.name)


def _migrations(services: Services) -> str:
    if waiting := migrating.pending(services.database.engine):
        raise Failed(f"{len(waiting)} pending: {', '.join(waiting)}")
    return "up to date"


def _redis(services: Services) -> str:
    info: Any = services.redis.info("server")
    return f"Redis {info.get('redis_version', '?')}"


def _clock(services: Services) -> str:
    """Compare with Amazon's clock, by the Date header of whatever Login with Amazon answers."""
    endpoint = str(services.settings.amazon_lwa_endpoint)
    before = time.time()
    answer = requests.head(endpoint, timeout=5, allow_redirects=False)
    if not (told := answer.headers.get("Date")):
        return "not told by Amazon"
    off = parsedate_to_datetime(told).timestamp() - (before + time.time()) / 2
    if abs(off) > _CLOCK_TOLERANCE:
        raise Failed(f"{abs(off):.0f} s {'behind' if off > 0 else 'ahead of'} Amazon's")
    return "in step with Amazon's"


def _workers(services: Services) -> str:
    if not (workers := Worker.count(connection=services.redis)):
        raise Failed("none is running")
    return f"{workers} running"


def _scheduler(services: Services) -> str:
    if not (schedulers := CronScheduler.all(services.redis)):
        raise Failed("none is running")
    return f"{len(schedulers)} running"


LOCAL: Final = (
    Check("database", _database, "Check DATABASE_URL, and that the server runs."),
    Check("migrations", _migrations, "Run `saleor-amazon migrate`."),
    Check("redis", _redis, "Check REDIS_URL, and that the server runs."),
)
"""What a single process needs before it can do anything."""

PROCESSES: Final = (
    Check("clock", _clock, "Set the machine's clock by NTP; check AMAZON_LWA_ENDPOINT."),
    Check("workers", _workers, "Start `saleor-amazon worker`."),
    Check("scheduler", _scheduler, "Start `saleor-amazon schedule`."),
)


def _mail_server(services: Services) -> str:
    mailing.greet(services)
    return f"is there; notices come from {services.settings.notices_from}"


MAIL_SERVER: Final = Check("mail server", _mail_server, "Check SMTP_URL and NOTICES_FROM.")


def examine(services: Services) -> Iterator[Finding]:
    """Yield all findings; the tenants' only if the database can be used."""
    local = [check.run(services) for check in LOCAL]
    yield from local
    for check in PROCESSES:
        yield check.run(services)
    if services.settings.can_mail:
        yield MAIL_SERVER.run(services)
    if all(finding.ok for finding in local):
        yield from notification_checks.queue(services)
        yield from _tenants(services)


def _tenants(services: Services) -> Iterator[Finding]:
    with services.database.system() as session:
        tenants = [(TenantId(t.id), t.saleor_api_url) for t in session.scalars(select(Tenant))]
    if not tenants:
        cure = f"Install the app in a shop from {services.settings.base_url}/api/manifest."
        yield Finding("shops", ok=False, detail="none has installed the app", cure=cure)
    for tenant_id, url in tenants:
        yield _saleor_check(tenant_id, url).run(services)
        yield from examine_mirror(services, tenant_id, url)
        yield from _accounts(services, tenant_id)


def _saleor_check(tenant_id: TenantId, url: str) -> Check:
    def look(services: Services) -> str:
        with services.saleor(tenant_id) as api:
            me = read_self(api)
        if missing := _PERMISSIONS - me.permissions:
            raise Failed(f"permissions are missing: {', '.join(sorted(missing))}")
        return f"Saleor {me.version} accepts the token"

    return Check(f"saleor {url}", look, "Install the app again in this shop.")


def _accounts(services: Services, tenant_id: TenantId) -> Iterator[Finding]:
    with services.database.tenant(tenant_id) as session:
        accounts = list_accounts(session)
        sellers = [(account, services.seller(account)) for account in accounts]
        marketplaces = {a.id: list_marketplaces(session, a.id) for a in accounts}
        sweeps = {a.id: get_sweep(session, a.id, SweepKind.UPDATES) for a in accounts}
    if not accounts:
        cure = "Run `saleor-amazon connect`."
        yield Finding("amazon", ok=False, detail="no account is connected", cure=cure)
    for account, seller in sellers:
        name = f"amazon {account.seller_id} ({account.region})"

        def look(services: Services, seller: Any = seller) -> str:  # noqa: ANN401
            services.amazon.tokens.forget(seller)
            services.amazon.tokens.access_token(seller)
            return "Amazon accepts the authorisation"

        yield Check(name, look, "Connect the account again.").run(services)
        sweep = sweeps[account.id]
        yield Finding(
            f"{name} sweep",
            ok=sweep.failure is None,
            detail=sweep.failure or f"last done {sweep.finished_at or 'never'}",
            cure="It is tried again by itself." if sweep.failure else "",
        )
        yield _lag(services, tenant_id, account.id, name)
        yield notification_checks.account(services, tenant_id, account, name)
        for row in marketplaces[account.id]:
            if not as_mapping(row):
                cure = f"Run `saleor-amazon map --marketplace {row.marketplace_id}`."
                yield Finding(f"{name} {row.marketplace_id}", False, "is not mapped", cure)


def _lag(services: Services, tenant_id: TenantId, account_id: str, name: str) -> Finding:
    """Judge how late orders come in: Amazon has listed orders hours late before."""
    with services.database.tenant(tenant_id) as session:
        lags = recent_lags(session, account_id, services.now() - timedelta(days=1))
    if not lags:
        return Finding(f"{name} lag", ok=True, detail="no order in the last 24 hours")
    late = lags[min(int(len(lags) * 0.95), len(lags) - 1)]
    return Finding(
        f"{name} lag",
        ok=late <= _LONGEST_LAG,
        detail=f"95 % of the last 24 hours' orders came in within {late} s of Amazon's last word",
        cure="" if late <= _LONGEST_LAG else "See whether workers run, and the sweep's failures.",
    )
