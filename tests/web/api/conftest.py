"""A shop's staff at the API: tokens signed with the shop's own key, orders filed as Amazon's."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from flask.testing import FlaskClient
from jwt.algorithms import RSAAlgorithm
from werkzeug.test import TestResponse

from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.store.accounts import get_account
from saleor_amazon_app.store.models import Account, Marketplace, Order, Sweep, SweepKind
from saleor_amazon_app.store.tenants import save_installation
from saleor_amazon_app.sync.filing import Filing
from saleor_amazon_app.sync.services import Services
from saleor_amazon_app.web import create_app
from tests.mirror.amazon_orders import DE, UK, amazon_order
from tests.world import settings_for

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
EVERYTHING = ("MANAGE_ORDERS", "HANDLE_PAYMENTS", "MANAGE_APPS")


@dataclass(frozen=True)
class Key:
    """A shop's key pair."""

    private: rsa.RSAPrivateKey
    kid: str

    @property
    def jwks(self) -> dict[str, Any]:
        told = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
        return {"keys": [told | {"kid": self.kid, "use": "sig", "alg": "RS256"}]}


def make_key(kid: str) -> Key:
    return Key(rsa.generate_private_key(public_exponent=65537, key_size=2048), kid)


@pytest.fixture(scope="session")
def keys() -> dict[str, Key]:
    return {name: make_key(name) for name in ("one", "two")}


@dataclass
class Desk:
    """A member of staff of one shop, calling the API."""

    services: Services
    client: FlaskClient
    tenant_id: TenantId
    account_id: AccountId
    api_url: str
    key: Key
    permissions: tuple[str, ...] = EVERYTHING
    claims: dict[str, Any] = field(default_factory=dict)

    def token(self, **changes: Any) -> str:
        now = int(time.time())
        claims = {
            "iat": now,
            "exp": now + 300,
            "owner": "saleor",
            "iss": self.api_url,
            "type": "thirdparty",
            "app": "QXBwOjE=",
            "user_id": "VXNlcjox",
            "email": "staff@shop.example",
            "is_staff": True,
            "permissions": [],
            "user_permissions": list(self.permissions),
        }
        told = {k: v for k, v in (claims | self.claims | changes).items() if v is not None}
        return jwt.encode(told, self.key.private, "RS256", headers={"kid": self.key.kid})

    def call(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {more.pop('token', None) or self.token()}"}
        url = path if path.startswith("/api") else f"/api/v1{path}"
        return self.client.open(url, method=method, headers=headers, **more)

    def get(self, path: str, **query: Any) -> Any:
        """Get what must be there; a list among the arguments is repeated."""
        answer = self.call("GET", path, query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.json if answer.is_json else answer.text

    def post(self, path: str, body: Any = None) -> Any:
        return self.sent("POST", path, body)

    def put(self, path: str, body: Any) -> Any:
        return self.sent("PUT", path, body)

    def sent(self, method: str, path: str, body: Any) -> Any:
        answer = self.call(method, path, json={} if body is None else body)
        assert answer.status_code < 300, answer.text
        return answer.json

    def refused(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Call what must be refused; returns the problem."""
        more = {} if method == "GET" else {"json": {} if body is None else body}
        answer = self.call(method, path, query_string=query, **more)
        assert answer.status_code >= 400, answer.text
        assert answer.content_type == "application/problem+json"
        assert answer.json is not None
        assert answer.json["status"] == answer.status_code
        return answer.json

    # --- the shop's orders ----------------------------------------------------------------------

    def number(self, n: int) -> str:
        return f"302-{n:07d}-1234567"

    def file(self, n: int, *items: Any, hours_ago: float | None = None, **more: Any) -> str:
        """File an order as a sweep does; the ``n``-th was bought ``n`` hours ago."""
        ago = timedelta(hours=n if hours_ago is None else hours_ago)
        bought = self.services.now() - ago
        stamps = {
            "orderId": self.number(n),
            "createdTime": bought.isoformat(),
            "lastUpdatedTime": bought.isoformat(),
        }
        with self.services.database.tenant(self.tenant_id) as session:
            account = get_account(session, self.account_id)
            Filing(session, account, self.services.vault, self.services.now()).file(
                [amazon_order(*items, **(stamps | more))]
            )
        return self.number(n)

    def change(self, n: int, **columns: Any) -> None:
        """Set columns of an order's row, as jobs that are not run here would."""
        with self.services.database.tenant(self.tenant_id) as session:
            row = session.query(Order).filter_by(amazon_order_id=self.number(n)).one()
            for name, value in columns.items():
                setattr(row, name, value)

    def row(self, n: int) -> Order:
        with self.services.database.tenant(self.tenant_id) as session:
            return session.query(Order).filter_by(amazon_order_id=self.number(n)).one()

    def listed(self, **query: Any) -> list[int]:
        """Return which orders a list shows, by their ``n``."""
        return [int(o["amazon_order_id"][4:11]) for o in self.get("/orders", **query)["items"]]


@pytest.fixture
def clock(services: Services) -> datetime:
    services.now = lambda: NOW
    return NOW


@pytest.fixture
def make_desk(
    services: Services, clock: datetime, database_url: str, redis_url: str, keys: dict[str, Key]
) -> Callable[..., Desk]:
    """Return a maker of desks, each of a shop of its own."""
    endpoint = str(services.settings.amazon_spapi_endpoint)
    urls = "http://one.example/graphql/,http://two.example/graphql/"
    services.settings = settings_for(
        endpoint,
        database_url,
        redis_url,
        allowed_saleor_urls=urls,
        amazon_application_id="amzn1.sp.solution.1",
    )
    client = create_app(services).test_client()

    def make(name: str = "one", **more: Any) -> Desk:
        url = f"http://{name}.example/graphql/"
        key = keys[name]
        with services.database.system() as session:
            tenant_id = save_installation(
                session,
                api_url=url,
                app_id="QXBwOjE=",
                token=services.vault.seal("token"),
                jwks=key.jwks,
                now=clock,
            )
        account_id = _account(services, tenant_id, clock)
        return Desk(services, client, tenant_id, account_id, url, key, **more)

    return make


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()


def _account(services: Services, tenant_id: TenantId, now: datetime) -> AccountId:
    with services.database.tenant(tenant_id) as session:
        account = Account(
            seller_id="A1SELLER",
            region="eu",
            refresh_token=services.vault.seal("Atzr|token"),
            connected_at=now - timedelta(days=100),
            import_from=now - timedelta(days=100),
            withheld_data=[],
        )
        session.add(account)
        session.flush()
        for marketplace in (DE, UK):
            session.add(
                Marketplace(
                    account_id=account.id,
                    marketplace_id=marketplace,
                    channel="amazon",
                    currency={DE: "EUR", UK: "GBP"}[marketplace],
                    warehouse_id="w",
                    shipping_method_id="m",
                    tax_class_id="t",
                )
            )
        session.add_all(Sweep(account_id=account.id, kind=kind, failures=0) for kind in SweepKind)
        return AccountId(account.id)
