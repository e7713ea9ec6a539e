"""What the simulator answers, against Amazon's own model."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from jsonschema import Draft4Validator

from saleor_amazon_app.sandbox.amazon.generator import generate
from saleor_amazon_app.sandbox.amazon.limits import PLANS
from saleor_amazon_app.sandbox.amazon.query import DATA_SETS
from saleor_amazon_app.sandbox.amazon.state import State
from tests.sandbox.amazon.amazon import (
    ALL_DATA,
    LONG_AGO,
    SELLER,
    Caller,
    Client,
    an_order,
    order_id,
)

Model = Callable[[str], dict[str, Any]]
ORDERS = "models/orders_2026-01-01.json"


def faults_of(model: dict[str, Any], definition: str, body: Any) -> list[str]:
    schema = {"$ref": f"#/definitions/{definition}", "definitions": model["definitions"]}
    return [error.message for error in Draft4Validator(schema).iter_errors(body)]


def unknown_fields(model: dict[str, Any], definition: str, body: Any) -> set[str]:
    """Return the fields that the model does not have, all the way down."""
    known = model["definitions"][definition].get("properties")
    if not isinstance(body, dict) or known is None:
        return set()
    strange = {f"{definition}.{name}" for name in set(body) - set(known)}
    for name, part in body.items():
        strange |= _unknown_in(model, known.get(name, {}), part)
    return strange


def _unknown_in(model: dict[str, Any], schema: dict[str, Any], part: Any) -> set[str]:
    if ref := schema.get("$ref"):
        return unknown_fields(model, ref.rsplit("/", 1)[1], part)
    if isinstance(part, list):
        return {name for each in part for name in _unknown_in(model, schema["items"], each)}
    return set()


@pytest.mark.parametrize("data", ["", "FULFILLMENT", "PROCEEDS,RECIPIENT", ALL_DATA])
def test_pages_of_generated_orders_conform(
    state: State, call: Caller, model: Model, yesterday: datetime, data: str
) -> None:
    published = model(ORDERS)
    for each in generate(21, 200, day=yesterday):
        state.put_order(SELLER, each.order, later=each.later)
    query: dict[str, str] = {"includedData": data}
    told: dict[str, Any] = {"pagination": {}}
    while "pagination" in told:
        told = call.search(**query).json
        assert faults_of(published, "SearchOrdersResponse", told) == []
        assert unknown_fields(published, "SearchOrdersResponse", told) == set()
        query["paginationToken"] = told.get("pagination", {}).get("nextToken", "")


def test_single_orders_and_what_amazon_tells_of_them_later_conform(
    state: State, call: Caller, model: Model, yesterday: datetime
) -> None:
    published = model(ORDERS)
    for each in generate(22, 100, day=yesterday):
        for order in filter(None, (each.order, each.later)):
            state.put_order(SELLER, order)
            state.limits.reset()
            told = call.order(order["orderId"], includedData=ALL_DATA).json
            assert faults_of(published, "GetOrderResponse", told) == []
            assert unknown_fields(published, "GetOrderResponse", told) == set()


def test_errors_conform(client: Client, call: Caller, state: State, model: Model) -> None:
    published = model(ORDERS)
    answers = [
        call.search(createdAfter="TEST_CASE_400"),
        call.search(marketplaceIds="OTHER"),
        call.order("none"),
        client.get("/orders/2026-01-01/orders"),
    ]
    for kind in ("throttle", "server_error"):
        client.post("/control/faults", json={"kind": kind, "count": 1})
        answers.append(call.search())
    assert [a.status_code for a in answers] == [400, 403, 404, 403, 429, 500]
    responses = published["paths"]["/orders/2026-01-01/orders"]["get"]["responses"]
    for answer in answers:
        assert faults_of(published, "ErrorList", answer.json) == []
        assert unknown_fields(published, "ErrorList", answer.json) == set()
        assert str(answer.status_code) in responses
        assert answer.headers["x-amzn-RequestId"]


def test_the_sellers_marketplaces_conform(call: Caller, model: Model) -> None:
    told = call.get("/sellers/v1/marketplaceParticipations").json
    published = model("models/sellers.json")
    assert faults_of(published, "GetMarketplaceParticipationsResponse", told) == []
    assert len(told["payload"]) == 9
    british = [p["marketplace"] for p in told["payload"] if p["marketplace"]["countryCode"] == "GB"]
    assert british[0]["domainName"] == "www.amazon.co.uk"


def test_the_usage_plans_are_the_models(model: Model) -> None:
    published = model("sandbox_cases_and_limits.json")
    for name, operation in (
        ("searchOrders", "orders_2026-01-01.searchOrders"),
        ("getOrder", "orders_2026-01-01.getOrder"),
        ("getMarketplaceParticipations", "sellers.getMarketplaceParticipations"),
    ):
        told = published[operation]
        assert (PLANS[name].rate, PLANS[name].burst) == (told["rate"], told["burst"])


def test_the_data_sets_are_the_models(model: Model) -> None:
    parameters = model(ORDERS)["paths"]["/orders/2026-01-01/orders"]["get"]["parameters"]
    (included,) = (each for each in parameters if each["name"] == "includedData")
    assert set(included["items"]["enum"]) == DATA_SETS


def test_the_published_examples_become_orders(
    state: State, client: Client, call: Caller, model: Model
) -> None:
    cases = model("sandbox_cases_and_limits.json")
    body = {"seller_id": SELLER, "cases": cases}
    assert client.post("/control/static-cases", json=body).json["put"] == 6
    told = call.search(includedData=ALL_DATA, lastUpdatedAfter="2024-01-01T00:00:00Z").json
    assert len(told["orders"]) == 6
    brazilian = call.order("171-9876543-2109876", includedData="RECIPIENT").json["order"]
    assert brazilian["recipient"]["deliveryAddress"]["extendedFields"]["streetNumber"] == "123"


def test_an_order_that_the_model_does_not_know_is_told_as_it_was_put(
    state: State, call: Caller
) -> None:
    state.put_order(SELLER, an_order(1, surprise=1))
    assert call.order(order_id(1)).json["order"]["surprise"] == 1
    assert call.ids(lastUpdatedAfter=LONG_AGO) == [order_id(1)]
