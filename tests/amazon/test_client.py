"""The Selling Partner API client: no failure looks like an empty answer, no quota is overrun."""

import threading
import time
from decimal import Decimal
from typing import Any

import pytest
import requests
from redis import Redis

from saleor_amazon_app.amazon.client import SellingPartnerApi
from saleor_amazon_app.amazon.errors import (
    AppCredentialsRefused,
    AuthorisationLost,
    Forbidden,
    NotFound,
    Refused,
    Throttled,
    Unavailable,
)
from saleor_amazon_app.amazon.lwa import LwaApp, LwaTokens, SellerCredentials
from saleor_amazon_app.amazon.operations import GET_ORDER, SEARCH_ORDERS, Operation
from saleor_amazon_app.amazon.orders import get_order, search_orders
from saleor_amazon_app.amazon.quota import Quota
from saleor_amazon_app.mirror.failures import Remedy
from saleor_amazon_app.store.vault import Vault
from tests.web_stub import Answer, WebStub, stub_running

SELLER = SellerCredentials("account-1", "A1SELLER", "Atzr|token")
TOKEN = Answer(json={"access_token": "Atza|1", "expires_in": 3600, "token_type": "bearer"})
EMPTY = Answer(json={"orders": [], "lastUpdatedBefore": "2026-11-23T10:00:00Z"})


@pytest.fixture
def amazon(redis: Redis, redis_url: str, vault: Vault) -> Any:
    """A client whose Amazon answers what the test scripts, and the waits it asked for."""
    with stub_running() as stub:
        stub.script("/auth/o2/token", TOKEN)
        yield stub, api_on(stub, redis, redis_url, vault)


def api_on(stub: WebStub, redis: Redis, redis_url: str, vault: Vault) -> SellingPartnerApi:
    session = requests.Session()
    app = LwaApp("client", "secret", f"{stub.url}/auth/o2/token")
    tokens = LwaTokens(app, session, redis, vault)
    stub.waits = []
    return SellingPartnerApi(
        session, tokens, Quota.on(redis_url, redis, "client"), stub.url, sleep=stub.waits.append
    )


def search(api: SellingPartnerApi) -> Any:
    return search_orders(api, SELLER, "eu", {"lastUpdatedAfter": "2026-11-20T00:00:00Z"})


PASSING = [
    pytest.param(Answer(503, text="<html>Service Unavailable</html>"), id="an HTML 503"),
    pytest.param(Answer(500, text=""), id="an empty 500"),
    pytest.param(Answer(200, text='{"orders": [{"orderId"'), id="broken JSON"),
    pytest.param(Answer(200, text="<html>welcome</html>"), id="HTML with status 200"),
    pytest.param(Answer(200, text="[]"), id="a list where an object belongs"),
    pytest.param(
        Answer(502, json={"errors": [{"code": "InternalFailure", "message": "x"}]}), id="502"
    ),
]


@pytest.mark.parametrize("fault", PASSING)
def test_a_passing_fault_is_tried_again(amazon: Any, fault: Answer) -> None:
    stub, api = amazon
    stub.script(SEARCH_ORDERS.path, fault, fault, EMPTY)
    assert search(api).orders == []
    assert stub.count(SEARCH_ORDERS.path) == 3
    assert len(stub.waits) == 2


@pytest.mark.parametrize("fault", PASSING)
def test_a_lasting_fault_is_an_error_and_never_an_empty_list(amazon: Any, fault: Answer) -> None:
    stub, api = amazon
    stub.script(SEARCH_ORDERS.path, fault)
    with pytest.raises(Unavailable) as error:
        search(api)
    assert error.value.remedy is Remedy.RETRY


def test_a_dropped_connection_is_tried_again(amazon: Any) -> None:
    stub, api = amazon
    stub.script(SEARCH_ORDERS.path, Answer(drop=True), EMPTY)
    assert search(api).orders == []


def test_a_page_without_its_list_is_an_error(amazon: Any) -> None:
    stub, api = amazon
    stub.script(SEARCH_ORDERS.path, Answer(json={"pagination": {}}))
    with pytest.raises(Unavailable):
        search(api)


@pytest.mark.parametrize(("status", "error"), [(400, Refused), (403, Forbidden), (404, NotFound)])
def test_what_amazon_refuses_is_not_repeated(
    amazon: Any, status: int, error: type[Exception]
) -> None:
    stub, api = amazon
    stub.script(
        SEARCH_ORDERS.path, Answer(status, json={"errors": [{"code": "C", "message": "M"}]})
    )
    with pytest.raises(error, match="M"):
        search(api)
    assert stub.count(SEARCH_ORDERS.path) == 1


def test_amounts_are_exact_even_where_amazon_sends_numbers(amazon: Any) -> None:
    stub, api = amazon
    text = '{"order": {"orderId": "1", "orderItems": [{"measurement": {"value": 0.1}}]}}'
    stub.script("/orders/2026-01-01/orders/1", Answer(text=text))
    order = get_order(api, SELLER, "eu", "1")
    assert order["orderItems"][0]["measurement"]["value"] == Decimal("0.1")


def test_the_token_is_cached_sealed_and_shared(amazon: Any, redis: Redis) -> None:
    stub, api = amazon
    stub.script(SEARCH_ORDERS.path, EMPTY)
    search(api)
    search(api)
    assert stub.count("/auth/o2/token") == 1
    cached: Any = redis.get("lwa:account-1")
    assert b"Atza" not in cached


def test_twenty_workers_refresh_the_token_once(amazon: Any) -> None:
    stub, api = amazon
    stub.script("/auth/o2/token", Answer(json={"access_token": "a"}, delay=0.2))
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(api.tokens.access_token(SELLER)))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["a"] * 20
    assert stub.count("/auth/o2/token") == 1


def test_an_expired_access_token_is_renewed_once(amazon: Any) -> None:
    stub, api = amazon
    expired = Answer(
        403,
        json={
            "errors": [
                {
                    "code": "Unauthorized",
                    "message": "Access to requested resource is denied.",
                    "details": "The access token you provided has expired.",
                }
            ]
        },
    )
    stub.script(SEARCH_ORDERS.path, expired, EMPTY)
    assert search(api).orders == []
    assert stub.count("/auth/o2/token") == 2


@pytest.mark.parametrize(
    ("code", "error"),
    [("invalid_grant", AuthorisationLost), ("invalid_client", AppCredentialsRefused)],
)
def test_a_lost_authorisation_needs_a_person(
    amazon: Any, code: str, error: type[Exception]
) -> None:
    stub, api = amazon
    stub.script("/auth/o2/token", Answer(400, json={"error": code}))
    with pytest.raises(error) as raised:
        search(api)
    assert raised.value.remedy is Remedy.PERSON  # type: ignore[attr-defined]
    assert raised.value.cure  # type: ignore[attr-defined]
    assert stub.count("/auth/o2/token") == 1


# --- quota --------------------------------------------------------------------------------------


def spend(api: SellingPartnerApi, operation: Operation, calls: int) -> None:
    for _ in range(calls):
        api.quota.acquire(operation, "A1SELLER", patience=0, sleep=time.sleep)


def test_the_burst_is_amazons_and_no_call_more(amazon: Any) -> None:
    _, api = amazon
    spend(api, SEARCH_ORDERS, 20)
    with pytest.raises(Throttled) as error:
        spend(api, SEARCH_ORDERS, 1)
    assert 170 < error.value.retry_after <= 179, "one search in 178.6 seconds"


def test_each_operation_and_seller_has_a_bucket_of_its_own(amazon: Any) -> None:
    _, api = amazon
    spend(api, SEARCH_ORDERS, 20)
    spend(api, GET_ORDER, 30)
    api.quota.acquire(SEARCH_ORDERS, "A2OTHER", patience=0, sleep=time.sleep)
    for operation in (SEARCH_ORDERS, GET_ORDER):
        with pytest.raises(Throttled):
            spend(api, operation, 1)


def test_processes_share_the_bucket(
    amazon: Any, redis: Redis, redis_url: str, vault: Vault
) -> None:
    stub, api = amazon
    spend(api, SEARCH_ORDERS, 12)
    other = api_on(stub, redis, redis_url, vault)
    spend(other, SEARCH_ORDERS, 8)
    with pytest.raises(Throttled):
        spend(api, SEARCH_ORDERS, 1)


def test_a_short_wait_is_waited_out(amazon: Any) -> None:
    _, api = amazon
    spend(api, GET_ORDER, 30)
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        time.sleep(seconds)

    api.quota.acquire(GET_ORDER, "A1SELLER", patience=5, sleep=wait)
    assert 1 < sum(waits) <= 2.1


def test_amazons_header_changes_the_rate(amazon: Any) -> None:
    stub, api = amazon
    faster = Answer(json=EMPTY.json, headers={"x-amzn-RateLimit-Limit": "0.5"})
    stub.script(SEARCH_ORDERS.path, faster)
    search(api)
    spend(api, SEARCH_ORDERS, 19)
    with pytest.raises(Throttled) as error:
        spend(api, SEARCH_ORDERS, 1)
    assert error.value.retry_after <= 2


def test_a_429_empties_the_bucket_for_everybody(amazon: Any) -> None:
    stub, api = amazon
    stub.script(
        SEARCH_ORDERS.path, Answer(429, json={"errors": [{"code": "QuotaExceeded"}]}), EMPTY
    )
    with pytest.raises(Throttled) as error:
        search(api)
    assert error.value.retry_after > 170
    with pytest.raises(Throttled):
        spend(api, SEARCH_ORDERS, 1)
    assert stub.count(SEARCH_ORDERS.path) == 1


def test_paging_repeats_the_query_with_the_token(amazon: Any) -> None:
    stub, api = amazon
    stub.script(SEARCH_ORDERS.path, EMPTY)
    query = {"lastUpdatedAfter": "2026-11-20T00:00:00Z", "marketplaceIds": "A,B"}
    search_orders(api, SELLER, "eu", query, "next")
    assert stub.requests[-1].query == query | {"paginationToken": "next"}
