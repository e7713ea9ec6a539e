"""Webhooks: what is taken, what is refused, and that nothing is lost in between."""

import json
from typing import Any

import jwt
import pytest
import requests
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.saleor import webhooks as own
from saleor_amazon_app.sandbox.saleor.keys import KeyRing, new_private_key
from saleor_amazon_app.store.models import Delivery, Tenant
from saleor_amazon_app.store.tenants import save_installation
from saleor_amazon_app.sync import webhooks as syncing
from saleor_amazon_app.sync.services import Services
from saleor_amazon_app.web import create_app, keys
from saleor_amazon_app.web import webhooks as web
from tests.shop_world import ShopWorld

URL = "http://127.0.0.1:2/graphql/"
KEYS, OTHER = KeyRing(new_private_key()), KeyRing(new_private_key())


def body(**changes: Any) -> bytes:
    told = {
        "__typename": "OrderCancelled",
        "issuedAt": "2026-11-23T10:00:00Z",
        "recipient": {"id": "app"},
        "issuingPrincipal": {"__typename": "User", "id": "staff"},
        "order": {"id": "o", "externalReference": "302-1"},
    }
    return json.dumps(told | changes).encode()


class Shop:
    """A shop that delivers to the app."""

    def __init__(self, services: Services, client: FlaskClient, tenant_id: TenantId) -> None:
        self.services, self.client, self.tenant_id = services, client, tenant_id

    def deliver(
        self,
        told: bytes | None = None,
        *,
        slug: str = "order-cancelled",
        keys: KeyRing = KEYS,
        **headers: str,
    ) -> Any:
        told = body() if told is None else told
        given = {
            "Saleor-Event": slug.replace("-", "_"),
            "Saleor-Api-Url": URL,
            "Saleor-Signature": keys.signature_of(told),
        }
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        given = {name: value for name, value in given.items() if value}
        path = f"/api/webhooks/saleor/{slug}"
        return self.client.post(path, data=told, headers=given, content_type="application/json")

    def stored(self) -> list[Delivery]:
        with self.services.database.tenant(self.tenant_id) as session:
            return list(session.scalars(select(Delivery)))


@pytest.fixture
def shop_(services: Services) -> Shop:
    with services.database.system() as session:
        tenant_id = save_installation(
            session,
            api_url=URL,
            app_id="app",
            token=services.vault.seal("token"),
            jwks=KEYS.jwks(),
            now=services.now(),
        )
    return Shop(services, create_app(services).test_client(), tenant_id)


def test_a_genuine_delivery_is_stored_and_answered(shop_: Shop) -> None:
    assert shop_.deliver().status_code == 200
    (delivery,) = shop_.stored()
    assert (delivery.event, delivery.state) == ("ORDER_CANCELLED", "waiting")
    assert b"302-1" not in delivery.body


def test_a_repeat_is_recognised_by_its_body(shop_: Shop) -> None:
    for _ in range(3):
        assert shop_.deliver().status_code == 200
    (delivery,) = shop_.stored()
    assert delivery.repeats == 2


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"Saleor_Signature": ""}, 400),
        ({"Saleor_Api_Url": ""}, 400),
        ({"Saleor_Event": ""}, 400),
        ({"Saleor_Event": "order_updated"}, 400),
        ({"Saleor_Api_Url": "http://127.0.0.1:3/graphql/"}, 401),
        ({"Saleor_Signature": "a..b"}, 401),
        ({"slug": "no-such-event"}, 404),
        ({"keys": OTHER}, 401),
        ({"told": body(recipient={"id": "another app"})}, 403),
        ({"told": body(recipient=None)}, 403),
        ({"told": b"[1]"}, 403),
        ({"told": b"not json"}, 400),
        ({"told": b'{"x":"' + b"x" * 600_000 + b'"}'}, 413),
    ],
)
def test_what_is_not_right_is_refused_for_good(
    shop_: Shop, changes: dict[str, Any], status: int
) -> None:
    assert shop_.deliver(**changes).status_code == status
    assert shop_.stored() == []


def test_other_methods_are_not_allowed(shop_: Shop) -> None:
    assert shop_.client.get("/api/webhooks/saleor/order-cancelled").status_code == 405


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_only_rs256_counts(shop_: Shop, algorithm: str) -> None:
    secret = "" if algorithm == "none" else str(KEYS.jwks()["keys"][0]["n"])
    headers = {"kid": KEYS.kid, "crit": ["b64"]}
    forged = jwt.api_jws.encode(
        body(), secret, algorithm=algorithm, headers=headers, is_payload_detached=True
    )
    assert shop_.deliver(Saleor_Signature=forged).status_code == 401


def test_a_changed_key_is_fetched_once_and_a_flood_fetches_no_more(
    shop_: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []

    def fetch(url: str) -> dict[str, Any]:
        fetched.append(url)
        return OTHER.jwks()

    monkeypatch.setattr(keys, "fetch_jwks", fetch)
    assert shop_.deliver(keys=OTHER).status_code == 200
    stranger = KeyRing(new_private_key())
    assert [shop_.deliver(keys=stranger).status_code for _ in range(5)] == [401] * 5
    assert fetched == [URL]


def test_what_cannot_be_stored_is_asked_for_again(
    shop_: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bool:
        raise OperationalError("insert", {}, Exception("disk full"))

    with monkeypatch.context() as broken:
        broken.setattr(web, "receive", fail)
        assert shop_.deliver().status_code == 503
    assert shop_.deliver().status_code == 200
    assert len(shop_.stored()) == 1


def test_the_apps_own_doing_is_no_news(shop_: Shop) -> None:
    told = body(issuingPrincipal={"__typename": "App", "id": "app"})
    assert shop_.deliver(told).json == {"status": "echo"}
    assert shop_.stored() == []


def test_a_request_for_a_refund_gets_the_same_reference_each_time(shop_: Shop) -> None:
    slug = "transaction-refund-requested"
    first, again = (shop_.deliver(slug=slug).json for _ in range(2))
    other = shop_.deliver(body(issuedAt="2026-11-23T10:00:01Z"), slug=slug).json
    assert first == again == {"pspReference": own.refund_reference(body())}
    assert other != first


def test_an_installed_shop_gets_this_versions_webhooks(
    shop: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = {webhook.event for webhook in own.definitions("3.23")}
    (app,) = requests.get(f"{shop.saleor_url}/control/apps", timeout=5).json()
    assert {event for webhook in app["webhooks"] for event in webhook["events"]} == events
    assert syncing.sync(shop.services, shop.tenant_id).updated == []
    wider = [
        own.Webhook(w.event, w.query.replace("version\n", "version\n    __typename\n"))
        if w.event == "ORDER_CANCELLED"
        else w
        for w in own.definitions("3.23")
    ]
    monkeypatch.setattr(own, "definitions", lambda _version: wider)
    assert syncing.sync(shop.services, shop.tenant_id).updated == ["Order cancelled"]
    assert syncing.sync(shop.services, shop.tenant_id).updated == []


def test_older_shops_are_not_asked_for_events_that_they_deny() -> None:
    assert {w.event for w in own.definitions("3.23")} - {
        w.event for w in own.definitions("3.22")
    } == {"APP_DELETED", "APP_STATUS_CHANGED"}


def test_a_copy_of_the_app_leaves_the_shops_webhooks_alone(shop: ShopWorld) -> None:
    with shop.services.database.system() as session:
        session.get_one(Tenant, shop.tenant_id).known_app_url = "https://the-real-one.example"
    syncing.keep_current(shop.services, shop.tenant_id)
    with shop.services.database.system() as session:
        tenant = session.get_one(Tenant, shop.tenant_id)
        assert tenant.read_only
        assert tenant.app_version is None


def test_a_refund_asked_for_again_without_its_body_fails_with_words(shop_: Shop) -> None:
    """Saleor 3.23.28 sends its second try of a request empty, and signs it so."""
    answer = shop_.deliver(b"", slug="transaction-refund-requested")
    assert answer.status_code == 200
    assert answer.json["result"] == "REFUND_FAILURE"
    assert "Ask for the refund again" in answer.json["message"]
    assert shop_.stored() == []


def test_an_empty_body_is_believed_only_with_the_shops_signature(shop_: Shop) -> None:
    answer = shop_.deliver(b"", slug="transaction-refund-requested", keys=OTHER)
    assert answer.status_code == 401
    assert shop_.deliver(b"", slug="order-cancelled").status_code == 400
