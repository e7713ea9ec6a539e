"""Figures of the overview: what counts as sold, in whose day, and what waits."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from rq import Queue, SimpleWorker

from saleor_amazon_app.store.models import Account, AccountState, OrderState, Sweep
from saleor_amazon_app.sync.jobs import QUEUE
from tests.mirror.amazon_orders import UK, item
from tests.web.api.conftest import NOW, Desk


def sold(desk: Desk, n: int, moment: str, total: str = "10.00", **more: Any) -> None:
    ago = (NOW - datetime.fromisoformat(moment)).total_seconds() / 3600
    desk.file(n, item(total=total, currency=more.pop("currency", "EUR")), hours_ago=ago, **more)


def turnover(rows: list[Any]) -> dict[str, tuple[Decimal, int]]:
    return {row["currency"]: (Decimal(row["revenue"]), row["orders"]) for row in rows}


def test_revenue_leaves_out_what_was_not_sold_and_tells_what_is_held(desk: Desk) -> None:
    sold(desk, 1, "2026-11-24T10:00:00+00:00")
    sold(desk, 2, "2026-11-23T10:00:00+00:00", "5.50")
    sold(desk, 3, "2026-11-23T10:00:00+00:00", "7.00", status="CANCELLED")
    sold(desk, 4, "2026-11-23T10:00:00+00:00", "8.00", status="UNFULFILLABLE", by="AMAZON")
    sold(desk, 5, "2026-11-23T10:00:00+00:00", "9.00")
    desk.change(5, state=OrderState.BLOCKED)
    sold(desk, 6, "2026-11-01T10:00:00+00:00", "100.00")
    sold(desk, 7, "2026-09-01T10:00:00+00:00", "1000.00")
    sold(desk, 8, "2026-01-01T10:00:00+00:00", "7777.00")
    sold(desk, 9, "2026-11-22T10:00:00+00:00", "3.00", currency="GBP", marketplace=UK)
    desk.file(10, proceeds=None)
    week, month, whole = desk.get("/figures")["periods"]
    assert turnover(week["turnover"]) == {"EUR": (Decimal("15.50"), 2), "GBP": (Decimal(3), 1)}
    assert turnover(week["held"]) == {"EUR": (Decimal(9), 1)}
    assert turnover(month["turnover"])["EUR"] == (Decimal("115.50"), 3)
    assert turnover(whole["turnover"])["EUR"] == (Decimal("1115.50"), 4), "since the connection"
    assert [p["days"] for p in (week, month, whole)] == [7, 30, None]


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", "2026-11-22"),
        ("Europe/Berlin", "2026-11-23"),
        ("America/Los_Angeles", "2026-11-22"),
        ("Asia/Kolkata", "2026-11-23"),
        ("Asia/Kathmandu", "2026-11-23"),
    ],
)
def test_a_sale_counts_on_the_persons_own_day(desk: Desk, zone: str, day: str) -> None:
    sold(desk, 1, "2026-11-22T23:30:00+00:00")
    daily = desk.get("/figures", timezone=zone)["daily"]
    assert [d["day"] for d in daily if d["turnover"]] == [day]


def test_the_series_has_no_gaps_and_ends_today(desk: Desk) -> None:
    sold(desk, 1, "2026-11-20T10:00:00+00:00")
    sold(desk, 2, "2026-11-20T18:00:00+00:00")
    shown = desk.get("/figures", days=7, timezone="Europe/Berlin")
    assert [d["day"][-2:] for d in shown["daily"]] == ["18", "19", "20", "21", "22", "23", "24"]
    assert turnover(shown["daily"][2]["turnover"]) == {"EUR": (Decimal(20), 2)}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_empty_shop_has_figures_too(desk: Desk) -> None:
    shown = desk.get("/figures")
    assert all(p["turnover"] == [] for p in shown["periods"])
    assert len(shown["daily"]) == 30
    over = desk.get("/overview")
    assert (over["problems"], over["recent"]) == ([], [])
    assert over["shipments"] == {"open": 0, "late": 0, "due_today": 0}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_overview_counts_what_presses(desk: Desk) -> None:
    def due(moment: str, **more: Any) -> dict[str, Any]:
        told = {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT"} | more
        return {"fulfillment": told | {"shipByWindow": {"latestDateTime": moment}}}

    desk.file(1, **due("2026-11-24T11:00:00Z"))
    desk.file(2, **due("2026-11-24T22:00:00Z"))
    desk.file(3, **due("2026-11-26T22:00:00Z"))
    desk.file(4, **due("2026-11-24T11:00:00Z", fulfilledBy="AMAZON"))
    desk.file(5, **due("2026-11-24T11:00:00Z", fulfillmentStatus="SHIPPED"))
    over = desk.get("/overview")
    assert over["shipments"] == {"open": 3, "late": 1, "due_today": 1}
    assert [o["amazon_order_id"] for o in over["recent"]] == [desk.number(n) for n in range(1, 6)]
    assert over["read_only"] == {"on": False, "reason": None, "waiting": 0}


@pytest.mark.parametrize(
    ("state", "authorised", "shown"),
    [
        (AccountState.CONNECTED, NOW - timedelta(days=10), "connected"),
        (AccountState.CONNECTED, NOW - timedelta(days=340), "to_be_renewed"),
        (AccountState.CONNECTED, None, "connected"),
        (AccountState.PAUSED, NOW - timedelta(days=340), "paused"),
        (AccountState.AUTHORISATION_LOST, NOW, "authorisation_lost"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_account_is_shown_in_its_state(
    desk: Desk, state: AccountState, authorised: datetime | None, shown: str
) -> None:
    with desk.services.database.tenant(desk.tenant_id) as session:
        account = session.query(Account).one()
        account.state, account.authorised_at = state, authorised
        for sweep in session.query(Sweep):
            sweep.finished_at = NOW - timedelta(seconds=100)
    (account_shown,) = desk.get("/overview")["accounts"]
    assert account_shown["state"] == shown
    assert (account_shown["next_sync_at"] is None) == (state != AccountState.CONNECTED)
    if state == AccountState.CONNECTED:
        next_sync = datetime.fromisoformat(account_shown["next_sync_at"]).astimezone(UTC)
        assert next_sync == NOW + timedelta(seconds=200)
    names = [m["marketplace"]["name"] for m in account_shown["marketplaces"]]
    assert names == ["Amazon.co.uk", "Amazon.de"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_checklist_leads_to_the_first_order(desk: Desk) -> None:
    steps = {step["key"]: step for step in desk.get("/checklist")["steps"]}
    assert [key for key, step in steps.items() if step["done"]] == ["account", "mapping"]
    missing = steps["workers"]["detail"]["params"]["sentences"]
    assert [each["code"] for each in missing] == ["step.no_worker", "step.no_scheduler"]
    assert steps["mapping"]["detail"]["code"] == "step.mapped"
    assert steps["sync"]["detail"] is None
    desk.file(1)
    desk.change(1, state=OrderState.IMPORTED)
    assert desk.get("/checklist")["done"]
    assert desk.get("/overview")["checklist_is_done"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_checklist_sees_a_worker(desk: Desk) -> None:
    redis = desk.services.redis
    worker = SimpleWorker([Queue(QUEUE, connection=redis)], connection=redis)
    worker.register_birth()  # type: ignore[no-untyped-call]
    steps = {step["key"]: step for step in desk.get("/checklist")["steps"]}
    assert steps["workers"]["detail"]["code"] == "step.no_scheduler"
