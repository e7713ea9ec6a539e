from datetime import timedelta

import pytest

from saleor_amazon_app.sandbox.amazon.clock import Clock, iso, parse_iso
from saleor_amazon_app.sandbox.amazon.limits import PLANS, Limits
from saleor_amazon_app.sandbox.amazon.state import State
from tests.sandbox.amazon.amazon import NOW, SELLER, Caller, an_order, order_id


def test_a_frozen_clock_moves_only_when_it_is_advanced() -> None:
    clock = Clock(0, NOW)
    assert clock.now() == NOW
    clock.advance(90)
    assert clock.now() == NOW + timedelta(seconds=90)
    assert clock.monotonic() == 90


def test_a_fast_clock_runs_fast_and_goes_on_from_where_it_was() -> None:
    clock = Clock(100_000, NOW)
    while clock.now() < NOW + timedelta(seconds=60):
        continue
    clock.freeze()
    stopped = clock.now()
    clock.set_speed(1)
    assert clock.now() - stopped < timedelta(seconds=10)


def test_a_clock_cannot_run_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        Clock().set_speed(-1)
    with pytest.raises(ValueError, match="backwards"):
        Clock().advance(-1)


def test_times_are_written_in_utc_with_milliseconds() -> None:
    assert iso(parse_iso("2026-11-23T13:00:00+01:00")) == "2026-11-23T12:00:00.000Z"
    assert parse_iso("2026-11-23T12:00:00") == NOW


@pytest.mark.parametrize(
    ("operation", "rate", "burst"),
    [
        ("searchOrders", 0.0056, 20),
        ("getOrder", 0.5, 30),
        ("getMarketplaceParticipations", 0.016, 15),
    ],
)
def test_the_usage_plans_are_amazons(operation: str, rate: float, burst: int) -> None:
    assert (PLANS[operation].rate, PLANS[operation].burst) == (rate, burst)


def test_a_bucket_is_spent_and_refills_at_its_rate() -> None:
    clock = Clock(0, NOW)
    limits = Limits(clock)
    assert all(limits.take("a", "searchOrders") for _ in range(20))
    assert not limits.take("a", "searchOrders")
    clock.advance(178)
    assert not limits.take("a", "searchOrders")
    clock.advance(1)
    assert limits.take("a", "searchOrders")
    assert limits.take("b", "searchOrders")
    assert limits.take("a", "getOrder")


def test_a_bucket_never_holds_more_than_its_burst() -> None:
    clock = Clock(0, NOW)
    limits = Limits(clock)
    clock.advance(10**6)
    assert limits.left("a", "getOrder") == 30


def test_a_call_beyond_the_quota_gets_429_without_a_rate_limit(state: State, call: Caller) -> None:
    state.clock.set_speed(0.001)
    for _ in range(20):
        assert call.search().status_code == 200
    refused = call.search()
    assert refused.status_code == 429
    assert refused.json == {
        "errors": [
            {
                "code": "QuotaExceeded",
                "message": "You exceeded your quota for the requested resource.",
                "details": "",
            }
        ]
    }
    assert "x-amzn-RateLimit-Limit" not in refused.headers
    assert refused.headers["x-amzn-RequestId"]


def test_the_header_tells_the_rate_in_real_time(state: State, call: Caller) -> None:
    state.put_order(SELLER, an_order())
    state.clock.set_speed(100)
    assert call.search().headers["x-amzn-RateLimit-Limit"] == "0.56"
    assert call.order("none").headers["x-amzn-RateLimit-Limit"] == "50"
    assert call.search(maxResultsPerPage=0).headers["x-amzn-RateLimit-Limit"] == "0.56"
    state.clock.freeze()
    assert "x-amzn-RateLimit-Limit" not in call.order(order_id(1)).headers


def test_refusals_spend_the_quota_too(state: State, call: Caller) -> None:
    for _ in range(30):
        assert call.order("none").status_code == 404
    assert call.order("none").status_code == 429
