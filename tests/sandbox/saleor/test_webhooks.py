"""Webhooks: signed, with the real headers and bodies, retried by the real rules."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest
import requests

from saleor_amazon_app.sandbox.saleor.ids import to_global
from tests.sandbox.saleor.app_server import AppServer, Call, app_server
from tests.sandbox.saleor.shops import Shop, payment
from tests.sandbox.saleor.test_stock import CANCEL, fulfill

EVENTS = """subscription { event { __typename issuedAt version recipient { id }
  issuingPrincipal { __typename ... on App { id } ... on User { id } }
  ... on OrderBulkCreated { orders { externalReference } }
  ... on OrderCancelled { order { externalReference status } }
  ... on FulfillmentCreated {
    notifyCustomer fulfillment { trackingNumber } shipped: order { externalReference } }
  ... on FulfillmentCanceled { fulfillment { status } shipped: order { externalReference } }
} }"""
LEAVING = "subscription { event { ... on AppDeleted { app { id } } } }"


@pytest.fixture
def app(shop: Shop) -> Iterator[AppServer]:
    with app_server() as server:
        server.manifest["webhooks"] = [
            {
                "name": "all",
                "targetUrl": f"{server.base}/hook",
                "query": EVENTS,
                "customHeaders": {"X-Probe": "1"},
            },
            {"name": "leaving", "targetUrl": f"{server.base}/leaving", "query": LEAVING},
        ]
        told = shop.control("/install", {"manifestUrl": f"{server.base}/manifest"})
        shop.token = told.json()["token"]
        yield server


def eventually(count: Callable[[], int], wanted: int) -> None:
    deadline = time.monotonic() + 5
    while count() < wanted and time.monotonic() < deadline:
        time.sleep(0.01)
    assert count() == wanted


def hooks(app: AppServer, wanted: int) -> list[Call]:
    eventually(lambda: len(app.at("/hook")), wanted)
    return app.at("/hook")


def test_a_webhook_is_signed_and_tells_who_did_it(shop: Shop, app: AppServer) -> None:
    shop.create(shop.order("A"), shop.order("B"))
    (call,) = hooks(app, 1)
    own = shop.ask("{ app { id } }")["app"]["id"]
    told = call.json
    assert told.pop("issuedAt")
    assert told == {
        "__typename": "OrderBulkCreated",
        "version": "3.23.28",
        "recipient": {"id": own},
        "issuingPrincipal": {"__typename": "App", "id": own},
        "orders": [{"externalReference": "A"}, {"externalReference": "B"}],
    }
    wanted = {
        "saleor-event": "order_bulk_created",
        "x-saleor-event": "order_bulk_created",
        "saleor-api-url": f"{shop.base}/graphql/",
        "saleor-domain": shop.base.removeprefix("http://"),
        "content-type": "application/json",
        "x-probe": "1",
    }
    assert wanted.items() <= call.headers.items()
    assert "saleor-schema-version" not in call.headers
    verify(shop, call)


def verify(shop: Shop, call: Call) -> None:
    signature = call.headers["saleor-signature"]
    assert signature == call.headers["x-saleor-signature"]
    assert ".." in signature
    keys = requests.get(f"{shop.base}/.well-known/jwks.json", timeout=5).json()["keys"]
    header = jwt.get_unverified_header(signature)
    assert header == {
        "alg": "RS256",
        "b64": False,
        "crit": ["b64"],
        "kid": keys[0]["kid"],
        "typ": "JWT",
    }
    key = jwt.PyJWK(keys[0])
    jwt.api_jws.decode(signature, key, algorithms=["RS256"], detached_payload=call.body)
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.api_jws.decode(signature, key, algorithms=["RS256"], detached_payload=call.body + b" ")


def test_fulfilments_and_cancellations_are_told(shop: Shop, app: AppServer) -> None:
    shop.create(shop.order("111-1", transactions=[payment()]))
    fulfill(shop, None, trackingNumber="T1", notifyCustomer=False)
    shop.reserve("B")
    order = shop.state.order_by_reference("B")
    assert order
    shop.ask(CANCEL, id=to_global("Order", order.id))
    told = {c.json["__typename"]: c.json for c in hooks(app, 5)}
    assert set(told) == {
        "OrderBulkCreated",
        "FulfillmentCreated",
        "FulfillmentCanceled",
        "OrderCancelled",
    }
    assert told["FulfillmentCreated"]["fulfillment"] == {"trackingNumber": "T1"}
    assert told["FulfillmentCreated"]["notifyCustomer"] is False
    assert told["OrderCancelled"]["order"] == {"externalReference": "B", "status": "CANCELED"}


@pytest.mark.parametrize(
    ("status", "attempts", "end"), [(500, 6, "FAILED"), (400, 1, "FAILED"), (302, 1, "FAILED")]
)
def test_only_server_errors_are_tried_again(
    shop: Shop, app: AppServer, status: int, attempts: int, end: str
) -> None:
    shop.control("/settings", {"clock_speed": 10000})
    app.on_webhook = lambda _call: (status, {})
    shop.create(shop.order())
    calls = hooks(app, attempts)
    assert len({call.body for call in calls}) == 1
    assert len({call.headers["saleor-signature"] for call in calls}) == 1

    def deliveries() -> Any:
        return shop.control("/deliveries").json()

    eventually(lambda: int(deliveries()[0]["status"] == end), 1)
    assert len(deliveries()[0]["attempts"]) == attempts


def test_a_second_try_that_succeeds_ends_it(shop: Shop, app: AppServer) -> None:
    shop.control("/settings", {"clock_speed": 10000})
    app.on_webhook = lambda _call: (500 if len(app.at("/hook")) < 2 else 200, {})
    shop.create(shop.order())
    hooks(app, 2)
    eventually(lambda: int(shop.control("/deliveries").json()[0]["status"] == "SUCCESS"), 1)
    assert len(shop.control("/deliveries").json()[0]["attempts"]) == 2


def test_an_app_that_is_deleted_hears_of_it_last(shop: Shop, app: AppServer) -> None:
    key = shop.ask("{ app { id } }")["app"]["id"]
    shop.control(f"/apps/{key}/delete", {})
    eventually(lambda: len(app.at("/leaving")), 1)
    assert app.at("/leaving")[0].json == {"app": {"id": key}}


def test_an_app_changes_its_own_webhooks(shop: Shop, app: AppServer) -> None:
    query = "subscription { event { ... on OrderUpdated { order { id } } } }"
    told = shop.ask(
        """mutation New($input: WebhookCreateInput!) { webhookCreate(input: $input) {
             webhook { id asyncEvents { eventType } } errors { code } } }""",
        input={"name": "n", "targetUrl": f"{app.base}/new", "query": query},
    )["webhookCreate"]
    assert told["webhook"]["asyncEvents"] == [{"eventType": "ORDER_UPDATED"}]
    changed = shop.ask(
        """mutation Change($id: ID!, $input: WebhookUpdateInput!) {
             webhookUpdate(id: $id, input: $input) {
               webhook { isActive } errors { field code } } }""",
        id=told["webhook"]["id"],
        input={"isActive": False},
    )
    assert changed["webhookUpdate"] == {"webhook": {"isActive": False}, "errors": []}
