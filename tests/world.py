"""A world for the jobs: real database and Redis, simulated Amazon, one connected account."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from redis import Redis
from sqlalchemy import select

from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.marketplaces import Region
from saleor_amazon_app.sandbox.amazon.app import running as amazon_running
from saleor_amazon_app.sandbox.amazon.faults import Fault, FaultKind
from saleor_amazon_app.sandbox.amazon.state import CLIENT_ID, CLIENT_SECRET, State
from saleor_amazon_app.settings import Settings
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.database import Database
from saleor_amazon_app.store.models import Account, Activity, Marketplace, Order, Sweep, SweepKind
from saleor_amazon_app.store.sweeps import get_sweep
from saleor_amazon_app.store.tenants import save_installation
from saleor_amazon_app.sync import accounts, passes
from saleor_amazon_app.sync.services import Services, build_services
from saleor_amazon_app.sync.sweeping import SweepReport
from tests.mirror.amazon_orders import DE, JP, UK, US, amazon_order

SELLER = "A1SELLER"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MARKETPLACES = (DE, JP, UK, US)


@dataclass
class World:
    """The app, the simulated Amazon, and handles for tests to act and look."""

    services: Services
    amazon: State
    tenant_id: TenantId
    account_id: AccountId

    def numbered(self, number: int) -> str:
        return f"302-{number:07d}-1234567"

    def sell(self, *items: Any, number: int = 1, **more: Any) -> str:
        """Put an order into Amazon, updated a moment ago; returns its number."""
        now = self.amazon.clock.now()
        stamps = {
            "orderId": self.numbered(number),
            "createdTime": _iso(now - timedelta(hours=2)),
            "lastUpdatedTime": _iso(now - timedelta(hours=1)),
        }
        told = amazon_order(*items, **(stamps | more))
        withheld = [name for name, value in told.items() if value is None]
        self.amazon.put_order(SELLER, {k: v for k, v in told.items() if k not in withheld})
        return self.numbered(number)

    def change(self, number: int, **changes: Any) -> None:
        """Change an order at Amazon, as of now."""
        stored = self.amazon.orders[self.numbered(number)]
        order = stored.order | changes | {"lastUpdatedTime": _iso(self.amazon.clock.now())}
        self.amazon.put_order(SELLER, order)

    def pass_time(self, **time: float) -> None:
        self.amazon.clock.advance(timedelta(**time).total_seconds())

    def fault(self, kind: FaultKind, **details: Any) -> None:
        self.amazon.faults.add(Fault(kind, **details))

    def sweep(self, kind: SweepKind = SweepKind.UPDATES) -> SweepReport:
        return passes.sweep(self.services, self.tenant_id, self.account_id, kind)

    def sweep_all(self, kind: SweepKind = SweepKind.UPDATES) -> SweepReport:
        """Sweep after Amazon's two minutes, with a full quota."""
        self.services.redis.flushall()
        self.pass_time(minutes=10)
        return self.sweep(kind)

    def row(self, number: int = 1) -> Order:
        with self.services.database.tenant(self.tenant_id) as session:
            row = order_store.find_order(session, self.numbered(number))
            assert row is not None
            return row

    def rows(self) -> list[Order]:
        return self._all(Order)

    def activities(self) -> list[Activity]:
        return self._all(Activity)

    def problems(self, number: int = 1) -> dict[str, str]:
        """Return the open problems of an order: kind to subject."""
        with self.services.database.tenant(self.tenant_id) as session:
            found = order_store.open_problems(session, self.row_id(session, number))
            return {problem.kind: problem.subject for problem in found}

    def problem_texts(self, number: int = 1) -> dict[str, str]:
        """Return what the open problems of an order say, by kind."""
        with self.services.database.tenant(self.tenant_id) as session:
            found = order_store.open_problems(session, self.row_id(session, number))
            return {problem.kind: problem.message for problem in found}

    def row_id(self, session: Any, number: int) -> str:
        row = order_store.find_order(session, self.numbered(number))
        assert row is not None
        return row.id

    def sweep_row(self, kind: SweepKind = SweepKind.UPDATES) -> Sweep:
        with self.services.database.tenant(self.tenant_id) as session:
            return get_sweep(session, self.account_id, kind)

    def account(self) -> Account:
        (account,) = self._all(Account)
        assert isinstance(account, Account)
        return account

    def map_without_saleor(self) -> None:
        """Map all marketplaces as if a shop had been asked."""
        currencies = {DE: "EUR", JP: "JPY", UK: "GBP", US: "USD"}
        with self.services.database.tenant(self.tenant_id) as session:
            for row in session.scalars(select(Marketplace)):
                row.channel, row.currency = "amazon", currencies[row.marketplace_id]
                row.warehouse_id, row.shipping_method_id, row.tax_class_id = "w", "m", "t"

    def _all(self, kind: Any) -> list[Any]:
        with self.services.database.tenant(self.tenant_id) as session:
            return list(session.scalars(select(kind)))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def amazon() -> State:
    state = State()
    state.add_seller(SELLER, "Atzr|token", MARKETPLACES)
    return state


@pytest.fixture
def amazon_url(amazon: State) -> Iterator[str]:
    with amazon_running(amazon) as url:
        yield url


def settings_for(amazon_url: str, database_url: str, redis_url: str, **more: Any) -> Settings:
    told: dict[str, Any] = {
        "app_base_url": "http://127.0.0.1:1",
        "database_url": database_url,
        "redis_url": redis_url,
        "secret_keys": Fernet.generate_key().decode(),
        "allowed_saleor_urls": "http://127.0.0.1:2/graphql/",
        "amazon_lwa_client_id": CLIENT_ID,
        "amazon_lwa_client_secret": CLIENT_SECRET,
        "amazon_lwa_endpoint": f"{amazon_url}/auth/o2/token",
        "amazon_spapi_endpoint": amazon_url,
    }
    return Settings(**(told | more))


@pytest.fixture
def services(
    database: Database,
    database_url: str,
    redis: Redis,
    redis_url: str,
    amazon: State,
    amazon_url: str,
) -> Iterator[Services]:
    made = build_services(settings_for(amazon_url, database_url, redis_url), patience=0)
    made.amazon.sleep = lambda _seconds: None
    made.now = amazon.clock.now
    yield made
    made.close()


@pytest.fixture
def world(services: Services, amazon: State) -> World:
    """A tenant without a real shop: enough for everything on Amazon's side."""
    with services.database.system() as session:
        tenant_id = save_installation(
            session,
            api_url="http://127.0.0.1:2/graphql/",
            app_id="app",
            token=services.vault.seal("token"),
            jwks={},
            now=services.now(),
        )
    account_id = accounts.connect_account(
        services,
        tenant_id,
        seller_id=SELLER,
        region=Region.EU,
        refresh_token="Atzr|token",
        import_from=LONG_AGO,
    )
    made = World(services, amazon, tenant_id, account_id)
    made.map_without_saleor()
    return made
