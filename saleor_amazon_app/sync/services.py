"""What the jobs need, made once for each process from the settings."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import requests
from redis import Redis
from requests.adapters import HTTPAdapter

from saleor_amazon_app.amazon.client import SellingPartnerApi
from saleor_amazon_app.amazon.lwa import LwaApp, LwaTokens, SellerCredentials
from saleor_amazon_app.amazon.quota import Quota
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.saleor.client import SaleorApi
from saleor_amazon_app.settings import Settings, load_settings
from saleor_amazon_app.store.database import Database
from saleor_amazon_app.store.models import Account, Tenant
from saleor_amazon_app.store.vault import Vault


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Services:
    """The connections of a process. ``now`` is the clock that everything in ``sync`` reads."""

    settings: Settings
    database: Database
    redis: Redis
    vault: Vault
    amazon: SellingPartnerApi
    now: Callable[[], datetime] = utc_now

    @contextmanager
    def saleor(self, tenant_id: TenantId) -> Iterator[SaleorApi]:
        """Open the API of a tenant's shop."""
        with self.database.system() as session:
            tenant = session.get_one(Tenant, tenant_id)
            url, sealed = tenant.saleor_api_url, tenant.token
        with SaleorApi(url, self.vault.open(sealed)) as api:
            yield api

    def seller(self, account: Account) -> SellerCredentials:
        return SellerCredentials(
            key=account.id,
            seller_id=account.seller_id,
            refresh_token=self.vault.open(account.refresh_token),
        )

    def close(self) -> None:
        self.database.dispose()
        self.redis.close()


def build_services(settings: Settings, *, patience: float = 10.0) -> Services:
    """Connect to everything; nothing is reached before it is used.

    Args:
        settings: The program's settings.
        patience: The longest wait for one of Amazon's quotas before a job gives up its turn.
    """
    redis: Redis = Redis.from_url(settings.redis_url)
    vault = Vault([key.get_secret_value() for key in settings.secret_keys])
    session = requests.Session()
    session.mount("https://", HTTPAdapter(pool_maxsize=8))
    client_id = settings.amazon_lwa_client_id
    app = LwaApp(
        client_id,
        settings.amazon_lwa_client_secret.get_secret_value(),
        str(settings.amazon_lwa_endpoint),
    )
    amazon = SellingPartnerApi(
        session=session,
        tokens=LwaTokens(app, session, redis, vault),
        quota=Quota.on(settings.redis_url, redis, client_id),
        endpoint=str(settings.amazon_spapi_endpoint) if settings.amazon_spapi_endpoint else None,
        patience=patience,
    )
    return Services(settings, Database(settings.database_url), redis, vault, amazon)


_building = threading.Lock()


@cache
def _process_services() -> Services:
    return build_services(load_settings())


def process_services() -> Services:
    """Return the services of this process, for jobs that the queue starts by name."""
    with _building:
        return _process_services()
