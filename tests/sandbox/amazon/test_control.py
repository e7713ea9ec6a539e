from typing import Any

import pytest

from saleor_amazon_app.sandbox.amazon.state import State
from tests.sandbox.amazon.amazon import (
    ALL_DATA,
    SELLER,
    US,
    Caller,
    Client,
    a_rich_order,
    an_order,
    order_id,
)


def change(client: Client, number: int = 1, **told: Any) -> None:
    answer = client.post(f"/control/orders/{order_id(number)}/status", json=told)
    assert answer.status_code == 200, answer.text


def order(call: Caller, number: int = 1) -> dict[str, Any]:
    told: dict[str, Any] = call.order(order_id(number), includedData=ALL_DATA).json["order"]
    return told


def test_sellers_are_added_and_replaced(client: Client) -> None:
    told = {"seller_id": "B", "refresh_token": "Atzr|b", "marketplaces": [US], "roles": []}
    assert client.post("/control/sellers", json=told).json["roles"] == []
    assert Caller(client, "Atzr|b").search().status_code == 200
    client.post("/control/sellers", json=told | {"refresh_token": "Atzr|c"})
    assert Caller(client, "Atzr|b").token().status_code == 400
    assert len(client.get("/control/sellers").json) == 2


def test_orders_are_put_bare_or_with_what_is_expected_of_them(client: Client, call: Caller) -> None:
    envelope = {"order": an_order(2), "case": "odd", "expected": "blocked", "why": "Odd."}
    body = {"seller_id": SELLER, "orders": [an_order(1), envelope]}
    assert client.post("/control/orders", json=body).json == {"put": 2}
    rows = {row["order_id"]: row for row in client.get("/control/orders").json}
    assert rows[order_id(1)]["expected"] == "imported"
    assert rows[order_id(2)]["case"] == "odd"
    assert client.get("/control/orders?seller_id=nobody").json == []
    assert len(call.ids()) == 2


def test_generated_orders_are_yesterdays_and_found_at_once(client: Client, call: Caller) -> None:
    body = {"seller_id": SELLER, "seed": 5, "count": 100}
    told = client.post("/control/generate", json=body).json
    assert (told["put"], told["day"]) == (100, "2026-11-22")
    assert sum(told["expected"].values()) == 100
    assert len(call.ids()) == 100


def test_a_change_of_status_moves_the_time_of_the_last_update(
    state: State, client: Client, call: Caller
) -> None:
    state.put_order(SELLER, a_rich_order())
    state.clock.advance(60)
    change(client, status="SHIPPED", packages=[{"packageReferenceId": "9"}])
    told = order(call)
    assert told["lastUpdatedTime"] == state.now_text()
    assert told["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert told["orderItems"][0]["fulfillment"]["quantityFulfilled"] == 1
    assert told["packages"] == [{"packageReferenceId": "9"}]
    assert call.ids() == []
    state.clock.advance(120)
    assert call.ids() == [order_id(1)]


def test_a_cancelled_order_loses_its_quantities_and_money(
    state: State, client: Client, call: Caller
) -> None:
    state.put_order(SELLER, a_rich_order())
    change(client, status="CANCELLED", cancelled_by="MERCHANT")
    told = order(call)
    assert "proceeds" not in told
    item = told["orderItems"][0]
    assert item["quantityOrdered"] == 0
    assert item["cancellation"]["cancellationExecution"]["cancelledBy"] == "MERCHANT"


def test_a_buyer_may_ask_to_cancel(state: State, client: Client, call: Caller) -> None:
    state.put_order(SELLER, an_order())
    change(client, buyer_cancel_reason="Too late")
    request = order(call)["orderItems"][0]["cancellation"]["cancellationRequest"]
    assert request == {"requester": "BUYER", "cancelReason": "Too late"}


def test_quantities_and_fields_can_be_changed(state: State, client: Client, call: Caller) -> None:
    state.put_order(SELLER, a_rich_order())
    items = [{"orderItemId": "1", "quantityOrdered": 5, "quantityFulfilled": 2}]
    change(client, items=items, patch={"programs": ["PRIME"], "payment": None})
    told = order(call)
    fulfillment = told["orderItems"][0]["fulfillment"]
    assert (fulfillment["quantityFulfilled"], fulfillment["quantityUnfulfilled"]) == (2, 3)
    assert told["programs"] == ["PRIME"]
    assert "payment" not in told


@pytest.mark.parametrize("told", [{"status": "UNSHIPPED"}, {"release": True}])
def test_what_amazon_kept_back_is_told_once_payment_is_through(
    state: State, client: Client, call: Caller, told: dict[str, Any]
) -> None:
    pending = an_order(1, fulfillment={"fulfillmentStatus": "PENDING", "fulfilledBy": "MERCHANT"})
    state.put_order(SELLER, pending, expected="waiting", later=a_rich_order())
    assert "proceeds" not in order(call)
    change(client, **told)
    assert order(call)["proceeds"]["grandTotal"]["amount"] == "9.00"
    assert order(call)["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"


def test_calls_are_counted_and_the_count_is_reset(client: Client, call: Caller) -> None:
    call.search()
    call.order("none")
    told = client.get("/control/calls").json
    assert told["by_operation"] == {"token": 1, "searchOrders": 1, "getOrder": 1}
    assert told["by_status"] == {"200": 2, "404": 1}
    assert told["calls"]["getOrder"] == {"404": 1}
    client.delete("/control/calls")
    assert client.get("/control/calls").json["calls"] == {}


def test_the_clock_is_moved_and_sped_up(client: Client) -> None:
    told = client.post("/control/clock", json={"advance_seconds": 60}).json
    assert told == {"now": "2026-11-23T12:01:00.000Z", "speed": 0}
    assert client.post("/control/clock", json={"speed": 30}).json["speed"] == 30
    assert client.post("/control/clock", json={"speed": -1}).status_code == 400


def test_the_limits_can_be_refilled(client: Client, call: Caller) -> None:
    for _ in range(21):
        last = call.search()
    assert last.status_code == 429
    client.delete("/control/limits")
    assert call.search().status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/control/sellers", {"seller_id": "x"}, 400),
        ("POST", "/control/sellers/nobody/revoke", None, 404),
        ("POST", "/control/orders", {"seller_id": "nobody", "orders": []}, 404),
        ("POST", "/control/orders/none/status", {"status": "SHIPPED"}, 404),
        ("POST", "/control/generate", {"seller_id": SELLER, "day": "soon"}, 400),
        ("POST", "/control/faults", [], 400),
        ("GET", "/control/orders/none", None, 404),
    ],
)
def test_mistakes_are_answered_with_a_sentence(
    client: Client, method: str, path: str, body: Any, status: int
) -> None:
    answer = client.open(path, method=method, json=body)
    assert answer.status_code == status
    assert answer.json["error"]
