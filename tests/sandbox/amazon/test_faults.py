import time
from typing import Any

import pytest
import requests

from saleor_amazon_app.sandbox.amazon.app import running
from saleor_amazon_app.sandbox.amazon.faults import Aim, Fault, FaultBook, FaultKind
from saleor_amazon_app.sandbox.amazon.state import State
from tests.sandbox.amazon.amazon import (
    ALL_DATA,
    JP,
    NOW,
    SEARCH,
    SELLER,
    TOKEN,
    US,
    Caller,
    Client,
    a_rich_order,
    ago,
    an_order,
    order_id,
)


def fault(client: Client, kind: str, **fields: Any) -> None:
    answer = client.post("/control/faults", json={"kind": kind, "count": 1} | fields)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("throttle", 429, "QuotaExceeded"),
        ("server_error", 500, "InternalFailure"),
        ("transient_400", 400, "InvalidInput"),
        ("forbidden_data_set", 403, "Unauthorized"),
        ("forbidden_marketplace", 403, "Unauthorized"),
    ],
)
def test_a_refusal_strikes_as_often_as_told(
    client: Client, call: Caller, kind: str, status: int, code: str
) -> None:
    fault(client, kind, count=2)
    for _ in range(2):
        answer = call.search()
        assert (answer.status_code, answer.json["errors"][0]["code"]) == (status, code)
    assert call.search().status_code == 200


@pytest.mark.parametrize(
    ("kind", "fields", "hit", "missed"),
    [
        ("throttle", {"operation": "searchOrders"}, "search", "order"),
        ("transient_400", {"data_set": "FULFILLMENT"}, "FULFILLMENT,BUYER", "BUYER"),
        ("forbidden_data_set", {"data_set": "TAX"}, "TAX,BUYER", "BUYER"),
    ],
)
def test_a_fault_strikes_only_what_it_is_aimed_at(
    state: State,
    client: Client,
    call: Caller,
    kind: str,
    fields: dict[str, str],
    hit: str,
    missed: str,
) -> None:
    state.put_order(SELLER, an_order())

    def status(what: str) -> int:
        if what == "order":
            return int(call.order(order_id(1)).status_code)
        return int(call.search(includedData="" if what == "search" else what).status_code)

    fault(client, kind, **fields)
    assert status(missed) == 200
    assert status(hit) >= 400


def test_a_marketplace_can_become_forbidden(client: Client, call: Caller) -> None:
    fault(client, "forbidden_marketplace", marketplace_id=JP, count=None)
    assert call.search(marketplaceIds=US).status_code == 200
    assert call.search(marketplaceIds=f"{US},{JP}").status_code == 403
    client.delete("/control/faults")
    assert call.search(marketplaceIds=f"{US},{JP}").status_code == 200


def test_a_fault_can_be_one_sellers_alone(state: State, client: Client, call: Caller) -> None:
    state.add_seller("OTHER", "Atzr|other", [US])
    fault(client, "server_error", seller_id="OTHER")
    assert call.search().status_code == 200
    assert Caller(client, "Atzr|other").search().status_code == 500


def test_bodies_that_are_no_json(client: Client, call: Caller) -> None:
    fault(client, "html_503", operation="searchOrders")
    page = call.search()
    assert (page.status_code, page.mimetype) == (503, "text/html")
    fault(client, "empty_500", operation="searchOrders")
    empty = call.search()
    assert (empty.status_code, empty.data) == (500, b"")
    fault(client, "broken_json", operation="searchOrders")
    broken = call.search()
    assert broken.status_code == 200
    with pytest.raises(ValueError, match=r"."):
        broken.get_json()


def test_an_order_can_be_hidden_from_the_search_by_update(
    state: State, client: Client, call: Caller
) -> None:
    state.put_order(SELLER, an_order())
    fault(client, "hide_order", order_id=order_id(1), count=None, until=ago(hours=-1))
    assert call.ids() == []
    assert call.ids(createdAfter=ago(days=1)) == [order_id(1)]
    assert call.order(order_id(1)).status_code == 200
    state.clock.advance(3600)
    call.access_token = None
    assert call.ids() == [order_id(1)]


def test_personal_data_can_drop_out_of_one_page(state: State, client: Client, call: Caller) -> None:
    state.put_order(SELLER, a_rich_order())
    fault(client, "strip_pii")
    stripped, whole = (call.search(includedData=ALL_DATA).json["orders"][0] for _ in range(2))
    assert "addressLine1" not in stripped["recipient"]["deliveryAddress"]
    assert "buyerName" not in stripped["buyer"]
    assert whole["recipient"]["deliveryAddress"]["addressLine1"]


def test_amazon_can_add_values_and_fields(state: State, client: Client, call: Caller) -> None:
    state.put_order(SELLER, a_rich_order())
    fault(client, "unknown_enum")
    fault(client, "unknown_field")
    order = call.search(includedData=ALL_DATA).json["orders"][0]
    assert "PROGRAM_OF_TOMORROW" in order["programs"]
    assert order["fulfillment"]["fulfillmentServiceLevel"] == "BY_DRONE"
    assert order["promiseHints"]
    assert order["orderItems"][0]["futureField"]


def test_login_with_amazon_can_fail_too(client: Client, call: Caller) -> None:
    fault(client, "server_error", operation="token")
    assert call.token().status_code == 500
    fault(client, "html_503", operation="token")
    assert call.token().mimetype == "text/html"
    assert call.token().status_code == 200


@pytest.mark.parametrize("told", [{"kind": "earthquake"}, {"kind": "drop", "force": 9}, {}])
def test_an_unknown_fault_is_refused(client: Client, told: dict[str, Any]) -> None:
    assert client.post("/control/faults", json=told).status_code == 400


def test_a_probability_gives_the_same_strikes_each_time() -> None:
    def strikes() -> list[bool]:
        book = FaultBook(seed=4, faults=[Fault(FaultKind.DROP, probability=0.4)])
        return [bool(book.strike(FaultKind.DROP, Aim("x"), "")) for _ in range(200)]

    assert strikes() == strikes()
    assert 50 < sum(strikes()) < 110


def test_connections_drop_hang_and_drag(state: State) -> None:
    state.put_order(SELLER, an_order())
    with running(state) as base, requests.Session() as session:
        headers = {"x-amz-access-token": token(session, base)}

        def get() -> requests.Response:
            url = f"{base}{SEARCH}/{order_id(1)}"
            return session.get(url, headers=headers, timeout=5)

        for kind, seconds in (("drop", 0.0), ("timeout", 0.2)):
            told = {"kind": kind, "count": 1, "seconds": seconds, "operation": "getOrder"}
            session.post(f"{base}/control/faults", json=told)
            began = time.monotonic()
            with pytest.raises(requests.ConnectionError):
                get()
            assert time.monotonic() - began >= seconds
        slow = {"kind": "slow", "count": 1, "seconds": 0.2, "operation": "getOrder"}
        session.post(f"{base}/control/faults", json=slow)
        began = time.monotonic()
        assert get().status_code == 200
        assert time.monotonic() - began >= 0.2
        counted = session.get(f"{base}/control/calls").json()["calls"]["getOrder"]
        assert counted == {"drop": 1, "timeout": 1, "200": 1}


def token(session: requests.Session, base: str) -> str:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": TOKEN,
        "client_id": "amzn1.application-oa2-client.sandbox",
        "client_secret": "sandbox-secret",
    }
    return str(session.post(f"{base}/auth/o2/token", data=form).json()["access_token"])


def test_a_fault_ends_at_its_time() -> None:
    book = FaultBook(faults=[Fault(FaultKind.THROTTLE, until=ago(hours=1))])
    assert book.strike(FaultKind.THROTTLE, Aim("x"), ago(hours=2))
    assert not book.strike(FaultKind.THROTTLE, Aim("x"), NOW.isoformat())
