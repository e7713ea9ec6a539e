"""The queue only wakes workers: what is due comes from the store, and nothing is queued twice."""

from datetime import timedelta

import pytest
from rq import Queue, SimpleWorker
from sqlalchemy import update

from saleor_amazon_app.mirror.marketplaces import Region
from saleor_amazon_app.store.models import Account, Order, OrderState, SweepKind, Tenant
from saleor_amazon_app.sync import accounts, jobs
from tests.day import Day
from tests.mirror.amazon_orders import item
from tests.shop_world import ShopWorld


@pytest.fixture
def queue(shop: ShopWorld, monkeypatch: pytest.MonkeyPatch) -> Queue:
    """The queue, worked off in this process with the world's services."""
    monkeypatch.setattr(jobs, "process_services", lambda: shop.services)
    looked_through(shop, in_days=3)
    shop.services.redis.flushall()
    return Queue(jobs.QUEUE, connection=shop.services.redis)


def looked_through(shop: ShopWorld, *, in_days: int) -> None:
    """Say when shop and refunds were looked through last; the sweeps are the subject."""
    at = shop.services.now() + timedelta(days=in_days)
    with shop.services.database.system() as session:
        session.get_one(Tenant, shop.tenant_id).orders_read_at = at
    with shop.services.database.tenant(shop.tenant_id) as session:
        session.get_one(Account, shop.account_id).refunds_read_at = at


def names(queue: Queue) -> list[str]:
    return sorted(str(job.func_name).rpartition(".")[2] for job in queue.jobs)


def work(queue: Queue) -> None:
    SimpleWorker([queue], connection=queue.connection).work(burst=True, logging_level="WARNING")


def test_a_tick_queues_the_sweeps_that_are_due(queue: Queue) -> None:
    jobs.tick()
    assert names(queue) == ["sweep_account", "sweep_account"], "by update and by purchase date"


def test_the_same_work_is_not_queued_twice(queue: Queue) -> None:
    jobs.tick()
    jobs.tick()
    assert len(queue) == 2


def test_refunds_are_read_in_an_account_in_which_nothing_else_happens(
    shop: ShopWorld, queue: Queue
) -> None:
    jobs.tick()
    assert "carry_account" not in names(queue)
    with shop.services.database.tenant(shop.tenant_id) as session:
        session.get_one(Account, shop.account_id).refunds_read_at = None
    jobs.tick()
    assert "carry_account" in names(queue)
    work(queue)
    assert shop.account().refunds_read_at


def test_a_tick_has_the_shop_looked_through_for_lost_webhooks(
    shop: ShopWorld, queue: Queue
) -> None:
    """A fulfilment of which no webhook told still reaches Amazon."""
    shop.sell(item(1, quantity=2, total="29.80"))
    jobs.tick()
    work(queue)
    with shop.services.database.tenant(shop.tenant_id) as session:
        session.execute(update(Order).values(reconcile_at=None))
    day = Day(shop)
    day.ship(2)
    with shop.services.database.tenant(shop.tenant_id) as session:
        session.execute(update(Order).values(reconcile_at=None))
    looked_through(shop, in_days=-1)
    for _ in range(4):
        jobs.tick()
        work(queue)
        shop.pass_time(seconds=20)
    assert day.states() == [("shipment", "accepted")]
    assert len(shop.amazon.shipments) == 1


def test_orders_come_in_by_ticks_alone(shop: ShopWorld, queue: Queue) -> None:
    shop.sell()
    jobs.tick()
    work(queue)
    assert shop.row().state == OrderState.IMPORTED
    assert len(shop.saleor_orders()) == 1


def test_a_finished_sweep_rests_for_its_interval(shop: ShopWorld, queue: Queue) -> None:
    jobs.tick()
    work(queue)
    jobs.tick()
    assert names(queue) == []
    shop.pass_time(seconds=shop.services.settings.sweep_interval_seconds + 1)
    jobs.tick()
    assert len(queue) == 1, "the look by purchase date rests for a day"


def test_a_lost_queue_loses_nothing(shop: ShopWorld, queue: Queue) -> None:
    shop.sell()
    shop.sweep()
    jobs.tick()
    shop.services.redis.flushall()
    jobs.tick()
    work(queue)
    assert shop.row().state == OrderState.IMPORTED


def test_a_sweep_that_failed_is_tried_again_after_a_while(shop: ShopWorld, queue: Queue) -> None:
    shop.amazon.sellers["A1SELLER"].denied_data_sets = frozenset({"FULFILLMENT", "PROCEEDS"})
    shop.sweep(SweepKind.UPDATES)
    shop.sweep(SweepKind.RECONCILE)
    jobs.tick()
    assert names(queue) == []
    shop.pass_time(minutes=5)
    jobs.tick()
    assert len(queue) == 2


def test_a_lost_authorisation_is_not_asked_for_again(shop: ShopWorld, queue: Queue) -> None:
    shop.amazon.sellers["A1SELLER"].revoked = True
    shop.sweep()
    shop.pass_time(days=1)
    jobs.tick()
    assert names(queue) == ["tell_problems"], "the Dashboard is told, Amazon is not asked"


def test_a_renewed_authorisation_is_used_at_once(shop: ShopWorld, queue: Queue) -> None:
    seller = shop.amazon.sellers["A1SELLER"]
    seller.revoked = True
    shop.sweep()
    seller.revoked = False
    accounts.connect_account(
        shop.services,
        shop.tenant_id,
        seller_id="A1SELLER",
        region=Region.EU,
        refresh_token="Atzr|token",
    )
    jobs.tick()
    assert names(queue) == ["sweep_account", "sweep_account"]


def test_missing_skus_are_looked_for_no_more_often_than_orders(
    shop: ShopWorld, queue: Queue
) -> None:
    shop.sell(item(sku="NEW-1"))
    shop.run()
    queue.connection.flushall()
    jobs.tick()
    jobs.tick()
    assert names(queue).count("import_account") == 1
    work(queue)
    jobs.tick()
    assert "import_account" not in names(queue)


def test_the_cron_queues_ticks(shop: ShopWorld, queue: Queue) -> None:
    cron = jobs.scheduler(shop.services.redis)
    assert len(cron.enqueue_jobs()) == 1
    assert names(queue) == ["tick"]
    assert cron.enqueue_jobs() == [], "not before its interval is over"
    shop.sell()
    work(queue)
    assert shop.row().state == OrderState.IMPORTED


def test_the_intervals_are_the_settings(shop: ShopWorld) -> None:
    found = jobs.intervals(shop.services.settings)
    assert found == {
        SweepKind.UPDATES: timedelta(seconds=300),
        SweepKind.RECONCILE: timedelta(hours=24),
    }
