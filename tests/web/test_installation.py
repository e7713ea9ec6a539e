"""The handshake: only listed shops, only proven tokens, and nothing is lost by a failed attempt."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient
from sqlalchemy import select

from saleor_amazon_app.store.models import Tenant
from saleor_amazon_app.sync.services import Services
from saleor_amazon_app.web import create_app
from tests.shop_world import ShopWorld
from tests.web_stub import Answer, WebStub, stub_running
from tests.world import settings_for

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ME = {
    "data": {
        "app": {"id": "QXBwOjE=", "isActive": True, "permissions": []},
        "shop": {"version": "3.23.28"},
    }
}
NOBODY = {"data": {"app": None, "shop": {"version": "3.23.28"}}}
KEYS = {"keys": [{"kid": "1", "kty": "RSA"}]}


@pytest.fixture
def saleor() -> Iterator[WebStub]:
    with stub_running() as stub:
        stub.script("/graphql/", Answer(json=ME))
        stub.script("/.well-known/jwks.json", Answer(json=KEYS))
        yield stub


@pytest.fixture
def client(saleor: WebStub, services: Services, database_url: str, redis_url: str) -> FlaskClient:
    allowed = {"allowed_saleor_urls": f"{saleor.url}/graphql/"}
    services.settings = settings_for("http://127.0.0.1:9", database_url, redis_url, **allowed)
    return create_app(services).test_client()


def register(client: FlaskClient, url: str, token: Any = "token-1") -> Any:
    return client.post("/api/register", json={"auth_token": token}, headers={"Saleor-Api-Url": url})


def tenants(services: Services) -> list[Tenant]:
    with services.database.system() as session:
        return list(session.scalars(select(Tenant)))


def test_a_listed_shop_with_a_good_token_is_installed(
    client: FlaskClient, saleor: WebStub, services: Services
) -> None:
    answer = register(client, f"{saleor.url}/graphql/")
    assert (answer.status_code, answer.json) == (200, {"success": True})
    (tenant,) = tenants(services)
    assert tenant.app_id == "QXBwOjE="
    assert tenant.jwks == KEYS
    assert b"token-1" not in tenant.token, "encrypted at rest"
    assert services.vault.open(tenant.token) == "token-1"
    assert saleor.requests[0].headers.get("Authorization", "") in ("Bearer token-1", "")


@pytest.mark.parametrize("url", ["https://evil.example/graphql/", "", "file:///etc/passwd"])
def test_another_shop_is_refused_before_any_call_goes_out(
    client: FlaskClient, saleor: WebStub, url: str
) -> None:
    answer = register(client, url)
    assert answer.status_code == 403
    assert answer.json["error"]["code"] == "SALEOR_URL_PROHIBITED"
    assert answer.json["success"] is False
    assert saleor.requests == []


@pytest.mark.parametrize("token", [None, "", 5, "x" * 10_000, {"a": 1}])
def test_a_request_without_a_token_is_refused(
    client: FlaskClient, saleor: WebStub, token: Any
) -> None:
    answer = register(client, f"{saleor.url}/graphql/", token)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "NO_TOKEN")
    assert saleor.requests == []


DENIED = {
    "errors": [{"message": "x", "extensions": {"exception": {"code": "PermissionDenied"}}}],
    "data": None,
}


@pytest.mark.parametrize(
    ("graphql", "jwks", "code"),
    [
        (Answer(json=NOBODY), Answer(json=KEYS), "UNKNOWN_APP_ID"),
        (Answer(json=DENIED), Answer(json=KEYS), "UNKNOWN_APP_ID"),
        (Answer(503, text="<html>"), Answer(json=KEYS), "SALEOR_NOT_AVAILABLE"),
        (Answer(json=ME), Answer(404), "JWKS_NOT_AVAILABLE"),
        (Answer(json=ME), Answer(json={"keys": []}), "JWKS_NOT_AVAILABLE"),
        (Answer(json=ME), Answer(text="nonsense"), "JWKS_NOT_AVAILABLE"),
    ],
)
def test_a_token_that_is_not_proven_replaces_nothing(
    client: FlaskClient,
    saleor: WebStub,
    services: Services,
    graphql: Answer,
    jwks: Answer,
    code: str,
) -> None:
    register(client, f"{saleor.url}/graphql/", "good")
    saleor.script("/graphql/", graphql)
    saleor.script("/.well-known/jwks.json", jwks)
    answer = register(client, f"{saleor.url}/graphql/", "bad")
    assert answer.status_code == 401
    assert answer.json["error"]["code"] == code
    assert answer.json["error"]["message"], "Saleor shows this to the person who installs"
    assert services.vault.open(tenants(services)[0].token) == "good"


def test_a_reinstall_renews_the_token_and_keeps_the_tenant(
    client: FlaskClient, saleor: WebStub, services: Services
) -> None:
    register(client, f"{saleor.url}/graphql/", "first")
    before = tenants(services)[0].id
    register(client, f"{saleor.url}/graphql/", "second")
    (tenant,) = tenants(services)
    assert tenant.id == before
    assert services.vault.open(tenant.token) == "second"


def test_a_busy_shop_is_waited_for(client: FlaskClient, saleor: WebStub) -> None:
    """A real one, busy with an import, took more than two seconds."""
    saleor.script("/graphql/", Answer(json=ME, delay=3))
    assert register(client, f"{saleor.url}/graphql/").status_code == 200


def test_a_shop_that_hangs_is_given_up(
    client: FlaskClient, saleor: WebStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saleor_amazon_app.saleor.installing._TIMEOUT", 1)
    saleor.script("/graphql/", Answer(json=ME, delay=3))
    saleor.script("/.well-known/jwks.json", Answer(json=KEYS, delay=3))
    answer = register(client, f"{saleor.url}/graphql/")
    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "SALEOR_NOT_AVAILABLE"


def test_the_manifest_is_served_for_the_shop_that_asks(client: FlaskClient) -> None:
    old, new = (
        client.get("/api/manifest", headers={"Saleor-Schema-Version": version}).get_json()
        for version in ("3.21", "3.23")
    )
    assert old["id"] == new["id"]
    assert "identifier" not in old["extensions"][0]
    assert new["extensions"][0]["identifier"]
    assert new["tokenTargetUrl"] == "http://127.0.0.1:1/api/register"


@pytest.mark.parametrize("path", ["/", "/app", "/app/orders", "/support", "/privacy"])
def test_every_address_of_the_manifest_has_a_page(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers


def test_the_logo_is_a_png(client: FlaskClient) -> None:
    with client.get("/static/logo.png") as answer:
        assert (answer.status_code, answer.content_type) == (200, "image/png")


def test_the_app_is_ready_when_everything_is_there(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (
        200,
        {"database": "ok", "migrations": "ok", "redis": "ok"},
    )


def test_what_is_missing_is_named(client: FlaskClient, services: Services) -> None:
    services.redis.connection_pool.connection_kwargs["port"] = 1
    services.redis.connection_pool.disconnect()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["redis"] == "failed"


def test_a_huge_body_is_refused(client: FlaskClient) -> None:
    answer = client.post("/api/register", data=b"x" * (2 * 1024 * 1024))
    assert answer.status_code in (403, 413)


@pytest.mark.parametrize("version", ["3.21.69", "3.22.67", "3.23.28"])
def test_every_supported_version_installs_the_app(
    shop: ShopWorld, saleor_url: str, web_url: str, version: str
) -> None:
    """And reinstalls it: the shop gives a new id and token, the tenant stays."""
    apps = requests.get(f"{saleor_url}/control/apps", timeout=10).json()
    requests.post(f"{saleor_url}/control/apps/{apps[0]['id']}/delete", timeout=10)
    requests.post(f"{saleor_url}/control/settings", json={"version": version}, timeout=10)
    manifest = {"manifestUrl": f"{web_url}/api/manifest"}
    answer = requests.post(f"{saleor_url}/control/install", json=manifest, timeout=10)
    assert answer.status_code == 201, answer.text
    (tenant,) = tenants(shop.services)
    assert tenant.app_id == answer.json()["id"] != apps[0]["id"]
    shop.sell()
    shop.run()
    assert len(shop.saleor_orders()) == 1


def test_a_version_that_is_not_supported_says_so(
    shop: ShopWorld, saleor_url: str, web_url: str
) -> None:
    requests.post(f"{saleor_url}/control/settings", json={"version": "3.20.9"}, timeout=10)
    manifest = {"manifestUrl": f"{web_url}/api/manifest"}
    answer = requests.post(f"{saleor_url}/control/install", json=manifest, timeout=10)
    assert "Saleor version 3.20.9 is not supported" in answer.json()["message"]
