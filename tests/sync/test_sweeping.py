"""Sweeps: everything at Amazon is read and stored once, whatever happens on the way."""

from datetime import timedelta
from typing import Any

import pytest

from saleor_amazon_app.amazon.orders import search_orders
from saleor_amazon_app.mirror.ids import AccountId
from saleor_amazon_app.sandbox.amazon.faults import FaultKind
from saleor_amazon_app.store.accounts import get_account, list_marketplaces
from saleor_amazon_app.store.models import AccountState, OrderState, SweepKind
from saleor_amazon_app.sync import sweeping
from saleor_amazon_app.sync.filing import Filing
from saleor_amazon_app.sync.sweeping import SweepEnd
from tests.mirror.amazon_orders import DE, JP, US, item
from tests.world import World


def test_an_order_is_stored_and_found_ready(world: World) -> None:
    world.sell()
    report = world.sweep()
    assert (report.end, report.orders, report.changed) == (SweepEnd.DONE, 1, 1)
    row = world.row()
    assert (row.state, row.status, row.total_minor, row.currency) == (
        OrderState.READY,
        "UNSHIPPED",
        1490,
        "EUR",
    )


def test_what_is_stored_cannot_be_read_without_the_key(world: World) -> None:
    world.sell()
    world.sweep()
    assert b"Mustermann" not in world.row().payload
    assert "Mustermann" in str(world.services.vault.open_json(world.row().payload))


def test_one_search_carries_all_marketplaces(world: World) -> None:
    world.sell(number=1)
    world.sell(item(currency="USD"), number=2, marketplace=US)
    world.sell(item(total="1990", currency="JPY"), number=3, marketplace=JP)
    assert world.sweep().orders == 3
    assert world.amazon.calls["searchOrders", "200"] == 1


def test_the_watermark_is_amazons_own_and_windows_overlap(world: World) -> None:
    world.sweep()
    first = world.sweep_row().watermark
    assert first is not None
    assert timedelta(minutes=1) < world.services.now() - first < timedelta(minutes=4)
    asked: list[dict[str, str]] = []

    def listening(*given: Any) -> Any:
        asked.append(given[3])
        return search_orders(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweeping, "search_orders", listening)
        world.sweep_all()
    overlap = timedelta(seconds=world.services.settings.sweep_overlap_seconds)
    assert asked[0]["lastUpdatedAfter"] == (first - overlap).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_pages_follow_each_other_to_the_end(world: World) -> None:
    for number in range(250):
        world.sell(number=number)
    report = world.sweep()
    assert (report.pages, report.orders, len(world.rows())) == (3, 250, 250)


def test_a_second_look_changes_nothing(world: World) -> None:
    world.sell()
    world.sweep()
    assert world.sweep_all().changed == 0
    assert len(world.rows()) == 1


def test_a_change_is_seen(world: World) -> None:
    world.sell(status="PENDING")
    world.sweep()
    assert world.row().state == OrderState.WAITING
    released = {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT"}
    world.change(1, fulfillment=released)
    world.sweep_all()
    assert world.row().state == OrderState.READY


def test_an_older_reading_that_arrives_late_is_ignored(world: World) -> None:
    world.sell(status="UNSHIPPED")
    world.sweep()
    late = world.amazon.orders[world.numbered(1)].order | {
        "lastUpdatedTime": "2026-01-01T00:00:00Z",
        "fulfillment": {"fulfillmentStatus": "PENDING", "fulfilledBy": "MERCHANT"},
    }
    with world.services.database.tenant(world.tenant_id) as session:
        account = get_account(session, world.account_id)
        filing = Filing(session, account, world.services.vault, world.services.now())
        assert filing.file([late]) == 0
    assert world.row().status == "UNSHIPPED"


def test_a_change_of_an_order_in_saleor_is_recorded_and_not_decided_upon(world: World) -> None:
    world.sell()
    world.sweep()
    with world.services.database.tenant(world.tenant_id) as session:
        session.merge(world.row()).state = OrderState.IMPORTED
    world.change(1, fulfillment={"fulfillmentStatus": "CANCELLED", "fulfilledBy": "MERCHANT"})
    world.sweep_all()
    row = world.row()
    assert (row.state, row.status) == (OrderState.IMPORTED, "CANCELLED")
    assert row.note == "Amazon reports CANCELLED (was UNSHIPPED)."


def test_orders_older_than_the_connection_are_left_out(world: World) -> None:
    with world.services.database.tenant(world.tenant_id) as session:
        account = get_account(session, world.account_id)
        account.import_from = world.services.now() - timedelta(hours=1)
    world.sell()
    world.sweep()
    assert [row.state for row in world.rows()] == [OrderState.LEFT_OUT]


def test_an_order_without_a_number_is_recorded_and_stops_nothing(world: World) -> None:
    world.sell()
    readable = world.amazon.orders[world.numbered(1)].order
    with world.services.database.tenant(world.tenant_id) as session:
        account = get_account(session, world.account_id)
        filing = Filing(session, account, world.services.vault, world.services.now())
        nameless = {**readable, "orderId": None}
        assert filing.file([nameless, None, "?", readable]) == 1
    assert len(world.rows()) == 1
    assert "3 orders without a number" in world.activities()[0].message


# --- one at a time, resumable -------------------------------------------------------------------


def crash(*_: Any, **__: Any) -> Any:
    raise KeyboardInterrupt


def test_a_worker_killed_between_pages_is_taken_over_where_it_stopped(world: World) -> None:
    for number in range(250):
        world.sell(number=number)
    sweeper = sweeping.Sweeper(world.services, world.tenant_id, world.account_id)
    sweeper.on_page = crash
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweeper, "_release", lambda: None)
        with pytest.raises(KeyboardInterrupt):
            sweeper.run()
    assert len(world.rows()) == 100
    assert world.sweep().end is SweepEnd.BUSY, "until the lease has run out"
    world.pass_time(minutes=11)
    world.sweep()
    assert len(world.rows()) == 250
    assert world.amazon.calls["searchOrders", "200"] == 3, "no page is read twice"


def test_a_worker_killed_before_a_page_is_stored_reads_it_again(world: World) -> None:
    for number in range(150):
        world.sell(number=number)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweeping.Sweeper, "_store", crash)
        with pytest.raises(KeyboardInterrupt):
            world.sweep()
    assert world.rows() == []
    assert world.sweep_row().watermark is None
    world.sweep()
    assert len(world.rows()) == 150


def test_an_expired_paging_token_starts_the_window_over(world: World) -> None:
    for number in range(150):
        world.sell(number=number)
    sweeper = sweeping.Sweeper(world.services, world.tenant_id, world.account_id)
    sweeper.on_page = crash
    with pytest.raises(KeyboardInterrupt):
        sweeper.run()
    world.pass_time(hours=25)
    world.sweep()
    assert len(world.rows()) == 150
    assert world.sweep_row().window is None


def test_two_sweeps_at_once_are_one(world: World) -> None:
    world.sell()
    inner = []
    sweeper = sweeping.Sweeper(world.services, world.tenant_id, world.account_id)
    sweeper.on_page = lambda _: inner.append(world.sweep().end)
    sweeper.run()
    assert inner == [SweepEnd.BUSY]


# --- faults -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.SERVER_ERROR,
        FaultKind.HTML_503,
        FaultKind.EMPTY_500,
        FaultKind.BROKEN_JSON,
        FaultKind.DROP,
        FaultKind.TRANSIENT_400,
    ],
)
def test_a_fault_that_lasts_moves_no_watermark_and_shows(world: World, kind: FaultKind) -> None:
    world.sell()
    world.fault(kind, operation="searchOrders")
    report = world.sweep()
    assert report.end is SweepEnd.FAILED
    assert world.sweep_row().watermark is None
    assert world.sweep_row().failures == 1
    assert world.activities()[0].operation == "searchOrders"
    world.amazon.faults.clear()
    world.sweep_all()
    assert len(world.rows()) == 1
    assert world.sweep_row().failure is None


def test_a_400_in_the_middle_of_a_window_skips_nothing(world: World) -> None:
    for number in range(250):
        world.sell(number=number)
    sweeper = sweeping.Sweeper(world.services, world.tenant_id, world.account_id)
    sweeper.on_page = lambda _: world.fault(
        FaultKind.TRANSIENT_400, operation="searchOrders", count=1
    )
    assert sweeper.run().end is SweepEnd.FAILED
    world.amazon.faults.clear()
    world.sweep_all()
    assert len(world.rows()) == 250


def test_a_used_up_quota_pauses_and_goes_on_later(world: World) -> None:
    for number in range(150):
        world.sell(number=number)
    sweeper = sweeping.Sweeper(world.services, world.tenant_id, world.account_id)
    sweeper.on_page = lambda _: world.fault(FaultKind.THROTTLE, operation="searchOrders", count=1)
    report = sweeper.run()
    assert report.end is SweepEnd.PAUSED
    not_before = world.sweep_row().not_before
    assert not_before is not None
    assert not_before - world.services.now() > timedelta(seconds=150)
    assert world.activities() == [], "a full quota is no failure"
    world.amazon.faults.clear()
    world.sweep_all()
    assert len(world.rows()) == 150


def test_a_lost_authorisation_stops_the_account_and_says_so(world: World) -> None:
    world.amazon.sellers["A1SELLER"].revoked = True
    world.services.redis.flushall()
    report = world.sweep()
    assert report.end is SweepEnd.FAILED
    assert world.account().state == AccountState.AUTHORISATION_LOST
    assert "Authorise the app again" in world.activities()[0].message


# --- denied parts -------------------------------------------------------------------------------


def test_a_denied_data_set_is_left_out_and_the_rest_is_read(world: World) -> None:
    world.sell()
    world.amazon.sellers["A1SELLER"].denied_data_sets = frozenset({"TAX"})
    assert world.sweep().end is SweepEnd.DONE
    assert world.account().withheld_data == ["TAX"]
    assert "Read without TAX." in world.activities()[0].message
    before = world.amazon.calls["searchOrders", "403"]
    world.sweep_all()
    assert world.amazon.calls["searchOrders", "403"] == before, "it is not asked for each time"
    world.pass_time(days=1)
    world.amazon.sellers["A1SELLER"].denied_data_sets = frozenset()
    world.sweep_all()
    assert world.amazon.calls["searchOrders", "403"] == before


def test_any_single_denied_data_set_is_found(world: World) -> None:
    world.sell()
    world.amazon.sellers["A1SELLER"].denied_data_sets = frozenset({"BUYER"})
    assert world.sweep().end is SweepEnd.DONE
    assert world.account().withheld_data == ["BUYER"]


def test_a_denied_marketplace_does_not_stop_the_others(world: World) -> None:
    world.sell(number=1, marketplace=DE)
    world.amazon.sellers["A1SELLER"].denied_marketplaces = frozenset({JP})
    assert world.sweep().end is SweepEnd.DONE
    assert world.row(1).state == OrderState.READY
    with world.services.database.tenant(world.tenant_id) as session:
        rows = list_marketplaces(session, AccountId(world.account_id))
        assert [row.marketplace_id for row in rows if row.denied] == [JP]


def test_an_account_that_is_denied_everything_fails_visibly(world: World) -> None:
    world.fault(FaultKind.FORBIDDEN_DATA_SET, operation="searchOrders")
    assert world.sweep().end is SweepEnd.FAILED
    assert world.activities()


# --- reconcile ----------------------------------------------------------------------------------


def test_the_second_look_by_purchase_date_has_its_own_window(world: World) -> None:
    world.sell()
    assert world.sweep(SweepKind.RECONCILE).orders == 1
    assert world.sweep_row(SweepKind.UPDATES).watermark is None
    assert world.sweep_row(SweepKind.RECONCILE).finished_at is not None
