"""What the app asks of Amazon is what Amazon's published models allow."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from saleor_amazon_app.amazon.feeds import recent_feeds
from saleor_amazon_app.amazon.finances import list_refunds_since, list_transactions
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.amazon.messaging import GET_ACTIONS, GET_ATTRIBUTES, WRITE
from saleor_amazon_app.amazon.operations import (
    CONFIRM_SHIPMENT,
    CREATE_FEED,
    CREATE_FEED_DOCUMENT,
    GET_FEED,
    GET_FEED_DOCUMENT,
    GET_FEEDS,
    GET_ORDER,
    GET_PARTICIPATIONS,
    LIST_TRANSACTIONS,
    SEARCH_ORDERS,
    Operation,
)
from saleor_amazon_app.amazon.orders import ALL_DATA
from saleor_amazon_app.mirror.amazon_order import read_order
from saleor_amazon_app.mirror.buyer_messages import BuyerMessageKind
from saleor_amazon_app.mirror.messages import FeedType
from saleor_amazon_app.sandbox.amazon.state import State
from tests.amazon.conftest import Scripted
from tests.web_stub import Answer
from tests.world import World

SELLER = SellerCredentials("account-1", "A1SELLER", "Atzr|token")
FEEDS = (CREATE_FEED_DOCUMENT, CREATE_FEED, GET_FEED, GET_FEEDS, GET_FEED_DOCUMENT)
MODELS = {
    SEARCH_ORDERS: "orders_2026-01-01.json",
    GET_ORDER: "orders_2026-01-01.json",
    GET_PARTICIPATIONS: "sellers.json",
    CONFIRM_SHIPMENT: "ordersV0.json",
    LIST_TRANSACTIONS: "finances_2024-06-19.json",
    **dict.fromkeys(FEEDS, "feeds_2021-06-30.json"),
    **dict.fromkeys((GET_ACTIONS, GET_ATTRIBUTES, *WRITE.values()), "messaging.json"),
}
CASES = {
    operation: f"{model.removesuffix('.json')}.{operation.name}"
    for operation, model in MODELS.items()
}
PARAMETERS = {
    "{order_id}": "{orderId}",
    "{feed_id}": "{feedId}",
    "{document_id}": "{feedDocumentId}",
}


def read(path: Path) -> Any:
    return json.loads(path.read_text())


def operation_in(model: Any, operation: Operation) -> Any:
    path = operation.path
    if path not in model["paths"] and path.startswith("/messaging/"):
        path = path.replace("{order_id}", "{amazonOrderId}")
    for ours, theirs in PARAMETERS.items():
        path = path.replace(ours, theirs)
    return model["paths"][path][operation.method.lower()]


@pytest.mark.parametrize("operation", MODELS, ids=lambda o: o.name)
def test_the_operation_is_the_models(operation: Operation, shared: Path) -> None:
    model = read(shared / "amazon" / "models" / MODELS[operation])
    assert operation_in(model, operation)["operationId"] == operation.name


@pytest.mark.parametrize("operation", MODELS, ids=lambda o: o.name)
def test_the_limits_are_amazons(operation: Operation, shared: Path) -> None:
    case = read(shared / "amazon" / "sandbox_cases_and_limits.json")[CASES[operation]]
    assert (operation.rate, operation.burst) == (case["rate"], case["burst"])


@pytest.mark.parametrize("kind", BuyerMessageKind)
def test_the_limits_of_texts_are_amazons(kind: BuyerMessageKind, shared: Path) -> None:
    model = read(shared / "amazon" / "models" / "messaging.json")
    parameters = operation_in(model, WRITE[kind])["parameters"]
    (body,) = [p for p in parameters if p["name"] == "body"]
    definition = model["definitions"][body["schema"]["$ref"].rpartition("/")[2]]
    text = definition["properties"]["text"]
    assert (text["minLength"], text["maxLength"]) == (1, kind.longest)
    assert "Do not include HTML or email addresses" in text["description"]
    assert {p["name"] for p in parameters} == {"amazonOrderId", "marketplaceIds", "body"}


def test_the_queries_for_feeds_and_money_are_in_the_models(
    shared: Path, scripted: Scripted
) -> None:
    scripted.stub.script(GET_FEEDS.path, Answer(json={"feeds": []}))
    scripted.stub.script(LIST_TRANSACTIONS.path, Answer(json={"payload": {}}))
    now = datetime.now(UTC)
    recent_feeds(scripted.api, SELLER, "eu", list(FeedType), now - timedelta(days=1))
    list_transactions(scripted.api, SELLER, "eu", "111-1111111-1111111")
    list_refunds_since(scripted.api, SELLER, "eu", now - timedelta(days=2), now - timedelta(days=1))
    for operation in (GET_FEEDS, LIST_TRANSACTIONS):
        model = read(shared / "amazon" / "models" / MODELS[operation])
        parameters = {p["name"]: p for p in operation_in(model, operation)["parameters"]}
        asked = [r.query for r in scripted.stub.requests if r.path == operation.path]
        assert asked
        assert set().union(*asked) <= set(parameters)
        lists = [p for p in parameters.values() if p["type"] == "array"]
        assert all(p.get("collectionFormat", "csv") == "csv" for p in lists)


def test_all_data_sets_are_asked_for(shared: Path) -> None:
    model = read(shared / "amazon" / "models" / "orders_2026-01-01.json")
    parameters = operation_in(model, SEARCH_ORDERS)["parameters"]
    (included,) = [p for p in parameters if p["name"] == "includedData"]
    assert set(ALL_DATA) == set(included["items"]["enum"])


def test_the_queries_of_a_sweep_are_in_the_model(
    shared: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = read(shared / "amazon" / "models" / "orders_2026-01-01.json")
    parameters = {p["name"]: p for p in operation_in(model, SEARCH_ORDERS)["parameters"]}
    asked: list[dict[str, str]] = []
    send = world.services.amazon.session.request

    def listening(method: str, url: str, **more: Any) -> Any:
        if url.endswith(SEARCH_ORDERS.path):
            asked.append(dict(more["params"]))
        return send(method, url, **more)

    monkeypatch.setattr(world.services.amazon.session, "request", listening)
    for number in range(120):
        world.sell(number=number)
    world.sweep()
    assert len(asked) == 2
    for query in asked:
        assert set(query) <= set(parameters)
        assert len(query["marketplaceIds"].split(",")) <= parameters["marketplaceIds"]["maxItems"]
        assert parameters["marketplaceIds"].get("collectionFormat", "csv") == "csv"
    without_token = {k: v for k, v in asked[1].items() if k != "paginationToken"}
    assert without_token == asked[0], "all other parameters must be repeated"


def test_every_published_example_can_be_read(shared: Path) -> None:
    cases = read(shared / "amazon" / "sandbox_cases_and_limits.json")
    orders = [
        order
        for operation in (SEARCH_ORDERS, GET_ORDER)
        for case in cases[CASES[operation]]["static_cases"]
        if case["status"] == 200
        for order in case["response"].get("orders", [case["response"].get("order")])
    ]
    assert len({read_order(order).order_id for order in orders}) == 6


def test_the_simulated_amazon_has_the_same_limits() -> None:
    limits = State().limits
    for operation in MODELS:
        for _ in range(operation.burst):
            assert limits.take("A1", operation.name)
        assert not limits.take("A1", operation.name)
