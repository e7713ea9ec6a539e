from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saleor_amazon_app.sandbox.amazon.app import create_app
from saleor_amazon_app.sandbox.amazon.clock import Clock
from saleor_amazon_app.sandbox.amazon.state import State
from tests.sandbox.amazon.amazon import (
    JP,
    NOW,
    SELLER,
    TOKEN,
    UK,
    US,
    Caller,
    Client,
    ago,
    an_order,
    order_id,
)


@pytest.mark.parametrize(
    "query",
    [
        {"lastUpdatedAfter": ""},
        {"createdAfter": ago(days=1), "lastUpdatedAfter": ago(days=1)},
        {"createdAfter": ago(days=1), "lastUpdatedBefore": ago(hours=1)},
        {"lastUpdatedAfter": ago(days=1), "createdBefore": ago(hours=1)},
        {"lastUpdatedAfter": ago(hours=1), "lastUpdatedBefore": ago(hours=2)},
        {"lastUpdatedAfter": ago(hours=1), "lastUpdatedBefore": ago(seconds=119)},
        {"createdAfter": "yesterday"},
        {"createdAfter": ago(days=1), "createdBefore": "TEST_CASE_400"},
        {"createdAfter": [ago(days=1), ago(days=2)]},
        {"maxResultsPerPage": "0"},
        {"maxResultsPerPage": "101"},
        {"maxResultsPerPage": "ten"},
        {"fulfillmentStatuses": "UNSHIPPED,Canceled"},
        {"fulfilledBy": "SELLER"},
        {"includedData": "FULFILLMENT,EVERYTHING"},
        {"marketplaceIds": ",".join([US] * 51)},
        {"paginationToken": "made-up"},
    ],
)
def test_an_invalid_parameter_is_refused(call: Caller, query: dict[str, Any]) -> None:
    answer = call.search(**query)
    assert answer.status_code == 400
    assert answer.json["errors"][0]["code"] == "InvalidInput"


@pytest.mark.parametrize(
    "query",
    [
        {"lastUpdatedAfter": ago(hours=1), "lastUpdatedBefore": ago(hours=1)},
        {"lastUpdatedAfter": ago(hours=1), "lastUpdatedBefore": ago(minutes=2)},
        {"createdAfter": "2026-11-23T08:00:00+01:00"},
        {"maxResultsPerPage": "1"},
        {"maxResultsPerPage": "100"},
        {"marketplaceIds": f"{US},{UK}"},
        {"marketplaceIds": [US, UK]},
        {"includedData": ""},
    ],
)
def test_a_valid_parameter_is_accepted(call: Caller, query: dict[str, Any]) -> None:
    assert call.search(**query).status_code == 200


def test_a_marketplace_that_is_not_the_sellers_is_forbidden(state: State, call: Caller) -> None:
    assert call.search(marketplaceIds=f"{US},A1AM78C64UM0Y8").status_code == 403
    state.sellers[SELLER].denied_marketplaces = frozenset({JP})
    assert call.search(marketplaceIds=JP).status_code == 403
    assert call.search(marketplaceIds=US).status_code == 200


def test_a_data_set_that_the_seller_may_not_read_is_forbidden(state: State, call: Caller) -> None:
    state.put_order(SELLER, an_order())
    state.sellers[SELLER].denied_data_sets = frozenset({"TAX"})
    assert call.search(includedData="BUYER,TAX").status_code == 403
    assert call.order(order_id(1), includedData="TAX").status_code == 403
    assert call.search(includedData="BUYER").status_code == 200


def test_a_range_includes_both_ends(state: State, call: Caller) -> None:
    for number, hours in enumerate((3, 2, 1)):
        state.put_order(SELLER, an_order(number, updated=ago(hours=hours)))
    bounds = {"lastUpdatedAfter": ago(hours=3), "lastUpdatedBefore": ago(hours=2)}
    assert call.ids(**bounds) == [order_id(0), order_id(1)]


@pytest.mark.parametrize("name", ["lastUpdated", "created"])
def test_the_window_ends_two_minutes_ago_and_the_answer_says_so(
    state: State, call: Caller, name: str
) -> None:
    state.put_order(SELLER, an_order(1, updated=ago(minutes=2)))
    state.put_order(SELLER, an_order(2, updated=ago(seconds=119)))
    told = call.search(**{f"{name}After": ago(hours=1)}).json
    assert [o["orderId"] for o in told["orders"]] == [order_id(1)]
    assert told[f"{name}Before"] == ago(minutes=2)
    assert "pagination" not in told


def test_a_search_by_creation_does_not_see_updates(state: State, call: Caller) -> None:
    old = an_order(1, updated=ago(hours=1), createdTime=ago(days=9))
    state.put_order(SELLER, old)
    assert call.ids(createdAfter=ago(days=1)) == []
    assert call.ids(lastUpdatedAfter=ago(days=1)) == [order_id(1)]


def test_filters_choose_by_marketplace_status_and_party(state: State, call: Caller) -> None:
    in_uk = {"channelName": "AMAZON", "marketplaceId": UK}
    fba = {"fulfillmentStatus": "SHIPPED", "fulfilledBy": "AMAZON"}
    state.put_order(SELLER, an_order(1))
    state.put_order(SELLER, an_order(2, salesChannel=in_uk))
    state.put_order(SELLER, an_order(3, fulfillment=fba))
    assert call.ids(marketplaceIds=UK) == [order_id(2)]
    assert call.ids(fulfillmentStatuses="SHIPPED,PENDING") == [order_id(3)]
    assert call.ids(fulfilledBy="MERCHANT") == [order_id(1), order_id(2)]
    assert len(call.ids()) == 3


def test_nobody_sees_the_orders_of_another_seller(state: State, call: Caller) -> None:
    state.add_seller("OTHER", "Atzr|other", [US])
    state.put_order("OTHER", an_order(7))
    assert call.ids() == []
    answer = call.order(order_id(7))
    assert (answer.status_code, answer.json["errors"][0]["code"]) == (404, "NotFound")


def pages(call: Caller, **query: Any) -> list[list[str]]:
    found: list[list[str]] = []
    token: dict[str, str] = {}
    while True:
        told = call.search(**query, **token).json
        found.append([order["orderId"] for order in told["orders"]])
        if "pagination" not in told:
            return found
        token = {"paginationToken": told["pagination"]["nextToken"]}


def test_pages_hold_every_order_once(state: State, call: Caller) -> None:
    for number in range(25):
        state.put_order(SELLER, an_order(number, updated=ago(minutes=60 - number // 3)))
    found = pages(call, maxResultsPerPage=10)
    assert [len(page) for page in found] == [10, 10, 5]
    assert [one for page in found for one in page] == [order_id(n) for n in range(25)]


def test_a_full_last_page_has_no_token(state: State, call: Caller) -> None:
    for number in range(10):
        state.put_order(SELLER, an_order(number))
    assert [len(page) for page in pages(call, maxResultsPerPage=5)] == [5, 5]


def first_token(call: Caller, **query: Any) -> str:
    return str(call.search(**query).json["pagination"]["nextToken"])


def test_a_token_wants_the_same_search_again(state: State, call: Caller) -> None:
    for number in range(3):
        state.put_order(SELLER, an_order(number))
    token = first_token(call, marketplaceIds=US, maxResultsPerPage=1)
    again = {"marketplaceIds": US, "paginationToken": token}
    assert call.ids(**again) == [order_id(1), order_id(2)]
    assert call.ids(**again, maxResultsPerPage=1, includedData="BUYER") == [order_id(1)]
    for other in (
        {"marketplaceIds": UK},
        {"lastUpdatedAfter": ago(days=3)},
        {"fulfilledBy": "MERCHANT"},
        {"lastUpdatedBefore": ago(minutes=3)},
    ):
        assert call.search(**(again | other)).status_code == 400


def test_a_token_lives_for_a_day(state: State, call: Caller) -> None:
    state.put_order(SELLER, an_order(1))
    state.put_order(SELLER, an_order(2))
    token = first_token(call, maxResultsPerPage=1)
    state.clock.advance(24 * 3600 - 1)
    call.access_token = None
    assert call.ids(paginationToken=token) == [order_id(2)]
    state.clock.advance(1)
    assert call.search(paginationToken=token).status_code == 400


def test_a_token_keeps_the_window_of_its_first_page(state: State, call: Caller) -> None:
    state.put_order(SELLER, an_order(1))
    state.put_order(SELLER, an_order(2))
    token = first_token(call, maxResultsPerPage=1)
    state.clock.advance(600)
    state.put_order(SELLER, an_order(3, updated=ago(minutes=-5)))
    told = call.search(paginationToken=token).json
    assert [order["orderId"] for order in told["orders"]] == [order_id(2)]
    assert told["lastUpdatedBefore"] == ago(minutes=2)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    changed=st.lists(st.integers(0, 19), max_size=8),
    size=st.integers(3, 7),
    new=st.integers(0, 3),
)
def test_orders_that_change_between_pages_shift_none_of_the_others(
    changed: list[int], size: int, new: int
) -> None:
    state = State(Clock(0, NOW))
    state.add_seller(SELLER, TOKEN, [US])
    for number in range(20):
        state.put_order(SELLER, an_order(number, updated=ago(minutes=90 - number)))
    call = Caller(Client(create_app(state)))
    first = call.search(maxResultsPerPage=size).json
    found = [order["orderId"] for order in first["orders"]]
    for number in changed:
        state.put_order(SELLER, an_order(number, updated=ago(seconds=30)))
    for number in range(new):
        state.put_order(SELLER, an_order(50 + number, updated=ago(seconds=10)))
    token = first["pagination"]["nextToken"]
    found += [one for page in pages_from(call, token, size) for one in page]
    assert len(found) == len(set(found))
    assert set(found) >= {order_id(n) for n in range(20) if n not in changed}
    state.clock.advance(300)
    window = {"lastUpdatedAfter": first["lastUpdatedBefore"]}
    later = {order_id(n) for n in changed} | {order_id(50 + n) for n in range(new)}
    assert set(call.ids(**window)) == later


def pages_from(call: Caller, token: str, size: int) -> list[list[str]]:
    found = []
    next_one: str | None = token
    while next_one:
        told = call.search(maxResultsPerPage=size, paginationToken=next_one).json
        found.append([order["orderId"] for order in told["orders"]])
        next_one = told.get("pagination", {}).get("nextToken")
    return found
