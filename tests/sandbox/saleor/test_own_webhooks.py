"""An app makes, changes and deletes its own webhooks."""

from typing import Any

import pytest

from saleor_amazon_app.sandbox.saleor.ids import to_global
from tests.sandbox.saleor.paying import REQUESTED
from tests.sandbox.saleor.shops import Shop, add_app

CREATE = """mutation New($input: WebhookCreateInput!) {
  webhookCreate(input: $input) { webhook { id } errors { field code } } }"""
DELETE = """mutation Delete($id: ID!) {
  webhookDelete(id: $id) { webhook { id name } errors { field code } } }"""
SEEN = """{ app { webhooks { id name isActive targetUrl subscriptionQuery
  asyncEvents { eventType } syncEvents { eventType } } } }"""
CANCELLED = "subscription { event { ... on OrderCancelled { order { id } } } }"
BOTH = "subscription { event { ... on OrderPaid { order { id } } ... on Nothing { id } } }"


def create(shop: Shop, query: str) -> Any:
    wish = {"name": "n", "targetUrl": "http://app.example/hook", "query": query}
    return shop.ask(CREATE, input=wish)["webhookCreate"]


def seen(shop: Shop) -> Any:
    return shop.ask(SEEN)["app"]["webhooks"]


@pytest.mark.parametrize(
    ("query", "kind", "event"),
    [
        (CANCELLED, "asyncEvents", "ORDER_CANCELLED"),
        (REQUESTED, "syncEvents", "TRANSACTION_REFUND_REQUESTED"),
    ],
)
def test_an_event_is_asynchronous_or_synchronous(
    shop: Shop, query: str, kind: str, event: str
) -> None:
    key = create(shop, query)["webhook"]["id"]
    nothing: dict[str, list[Any]] = {"asyncEvents": [], "syncEvents": []}
    assert seen(shop) == [
        {
            "id": key,
            "name": "n",
            "isActive": True,
            "targetUrl": "http://app.example/hook",
            "subscriptionQuery": query,
        }
        | nothing
        | {kind: [{"eventType": event}]}
    ]


def test_a_webhook_is_deleted(shop: Shop) -> None:
    key = create(shop, CANCELLED)["webhook"]["id"]
    told = shop.ask(DELETE, id=key)["webhookDelete"]
    assert told == {"webhook": {"id": key, "name": "n"}, "errors": []}
    assert seen(shop) == []
    assert shop.ask(DELETE, id=key)["webhookDelete"]["errors"][0]["code"] == "NOT_FOUND"


def test_another_apps_webhook_is_not_found_but_staff_may_delete_it(shop: Shop) -> None:
    key = create(shop, CANCELLED)["webhook"]["id"]
    other = Shop(shop.state, shop.base, add_app(shop.state, identifier="other").token)
    assert other.ask(DELETE, id=key)["webhookDelete"]["errors"][0]["field"] == "id"
    told = shop.control("/act", {"query": DELETE, "variables": {"id": key}}).json()
    assert told["data"]["webhookDelete"]["errors"] == []
    assert seen(shop) == []


def test_a_query_that_is_not_valid_is_refused(shop: Shop) -> None:
    assert create(shop, BOTH)["errors"][0]["field"] == "query"
    assert shop.ask(DELETE, id=to_global("Webhook", 5))["webhookDelete"]["webhook"] is None
