"""What the app asks of Amazon is what Amazon's published models allow."""

import json
from pathlib import Path
from typing import Any

import pytest

from saleor_amazon_app.amazon.operations import (
    GET_ORDER,
    GET_PARTICIPATIONS,
    SEARCH_ORDERS,
    Operation,
)
from saleor_amazon_app.amazon.orders import ALL_DATA
from saleor_amazon_app.mirror.amazon_order import read_order
from saleor_amazon_app.sandbox.amazon.state import State
from tests.world import World

MODELS = {
    SEARCH_ORDERS: "orders_2026-01-01.json",
    GET_ORDER: "orders_2026-01-01.json",
    GET_PARTICIPATIONS: "sellers.json",
}
CASES = {
    SEARCH_ORDERS: "orders_2026-01-01.searchOrders",
    GET_ORDER: "orders_2026-01-01.getOrder",
    GET_PARTICIPATIONS: "sellers.getMarketplaceParticipations",
}


def read(path: Path) -> Any:
    return json.loads(path.read_text())


def operation_in(model: Any, operation: Operation) -> Any:
    path = operation.path.replace("{order_id}", "{orderId}")
    return model["paths"][path][operation.method.lower()]


@pytest.mark.parametrize("operation", MODELS, ids=lambda o: o.name)
def test_the_operation_is_the_models(operation: Operation, shared: Path) -> None:
    model = read(shared / "amazon" / "models" / MODELS[operation])
    assert operation_in(model, operation)["operationId"] == operation.name


@pytest.mark.parametrize("operation", MODELS, ids=lambda o: o.name)
def test_the_limits_are_amazons(operation: Operation, shared: Path) -> None:
    case = read(shared / "amazon" / "sandbox_cases_and_limits.json")[CASES[operation]]
    assert (operation.rate, operation.burst) == (case["rate"], case["burst"])


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
