"""Notifications are stored, lead to the accounts concerned, and leave the queue last of all."""

import logging
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import structlog
from rq import Queue, SimpleWorker
from sqlalchemy import select, update

from saleor_amazon_app.amazon.notification_messages import read_notification
from saleor_amazon_app.amazon.queue import NotificationQueue
from saleor_amazon_app.demo.processes import free_port
from saleor_amazon_app.logs import configure_logging
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.intents import IntentState
from saleor_amazon_app.mirror.marketplaces import Region
from saleor_amazon_app.sandbox.amazon import seller_central
from saleor_amazon_app.sandbox.amazon.faults import FaultKind
from saleor_amazon_app.store.models import (
    Account,
    AccountState,
    Activity,
    Feed,
    Marketplace,
    OrderLook,
    OrderState,
    SweepKind,
    Tenant,
)
from saleor_amazon_app.store.tenants import save_installation
from saleor_amazon_app.sync import accounts, jobs
from saleor_amazon_app.sync.order_looks import OrderLooks
from saleor_amazon_app.sync.receiving import Receiver
from tests.day import Day, a_day
from tests.mirror.amazon_orders import DE, JP, item
from tests.notified import Notified, feed_finished
from tests.world import SELLER

SHIPPED = {"fulfillmentStatus": "SHIPPED", "fulfilledBy": "MERCHANT"}


def another_tenant(notified: Notified, seller_id: str = SELLER) -> tuple[TenantId, AccountId]:
    """Connect a seller in a second shop."""
    services = notified.shop.services
    with services.database.system() as session:
        tenant_id = save_installation(
            session,
            api_url="http://127.0.0.1:3/graphql/",
            app_id="app",
            token=services.vault.seal("token"),
            jwks={},
            now=services.now(),
        )
    notified.shop.amazon.add_seller("A2OTHER", "Atzr|other", [DE])
    token = "Atzr|token" if seller_id == SELLER else "Atzr|other"
    account_id = accounts.connect_account(
        services, tenant_id, seller_id=seller_id, region=Region.EU, refresh_token=token
    )
    return tenant_id, account_id


# --- orders -------------------------------------------------------------------------------------


def test_a_new_order_comes_in_without_a_sweep(notified: Notified) -> None:
    notified.on()
    notified.shop.sell()
    received = notified.arrive()
    assert (received.messages, received.failure) == (1, None)
    assert len(notified.shop.saleor_orders()) == 1
    assert notified.queue.count() == 0
    assert notified.looks() == []


def test_a_changed_order_follows(notified: Notified) -> None:
    notified.on()
    notified.shop.sell()
    notified.arrive()
    seller_central.ship(notified.shop.amazon, notified.shop.numbered(1))
    notified.arrive()
    assert notified.shop.row().status == "SHIPPED"
    Day(notified.shop).carry(2)
    assert Day(notified.shop).saleor()["status"] == "FULFILLED"


@pytest.mark.parametrize(
    ("prepare", "state"),
    [
        ("bought too early", OrderState.LEFT_OUT),
        ("not mapped", OrderState.BLOCKED),
        ("not imported", OrderState.LEFT_OUT),
        ("pending", OrderState.WAITING),
    ],
)
def test_the_rules_of_a_sweep_hold(notified: Notified, prepare: str, state: OrderState) -> None:
    shop = notified.shop
    more: dict[str, Any] = {}
    match prepare:
        case "bought too early":
            with shop.services.database.tenant(shop.tenant_id) as session:
                session.execute(update(Account).values(import_from=shop.services.now()))
        case "not mapped":
            shop.unmap(DE)
        case "not imported":
            shop.map(DE, import_orders=False)
        case "pending":
            more = {"status": "PENDING"}
    notified.on()
    shop.sell(**more)
    notified.arrive()
    assert shop.row().state == state
    assert shop.saleor_orders() == []


def test_many_notifications_about_an_order_are_one_look(notified: Notified) -> None:
    notified.shop.sell()
    for number in range(12):
        notified.put_order_change(name=f"n{number}")
    assert notified.receive().messages == 12
    assert len(notified.looks()) == 1
    notified.look()
    assert notified.shop.amazon.calls["getOrder", "200"] == 1


def test_a_notification_during_the_look_has_the_order_read_again(notified: Notified) -> None:
    notified.shop.sell()
    notified.put_order_change(name="first")
    notified.receive()
    looks = OrderLooks(notified.shop.services, notified.shop.tenant_id, notified.shop.account_id)
    genuine = looks._look

    def meanwhile(look: OrderLook) -> timedelta | None:
        wait = genuine(look)
        notified.shop.pass_time(seconds=1)
        notified.put_order_change(name="second")
        notified.receive()
        return wait

    looks._look = meanwhile  # type: ignore[method-assign]
    looks.run()
    assert len(notified.looks()) == 1


def test_an_order_that_a_sweep_has_read_since_is_not_read_again(notified: Notified) -> None:
    notified.on()
    notified.shop.sell()
    notified.send()
    notified.receive()
    notified.shop.run()
    before = notified.shop.amazon.calls["getOrder", "200"]
    notified.look()
    assert notified.shop.amazon.calls["getOrder", "200"] == before
    assert notified.looks() == []


def test_an_order_that_amazon_does_not_know_yet_is_asked_for_again(notified: Notified) -> None:
    notified.put_order_change()
    notified.receive()
    notified.look()
    notified.look()
    assert notified.shop.amazon.calls["getOrder", "404"] == 1, "not before its time"
    notified.shop.sell()
    notified.shop.pass_time(minutes=3)
    notified.look()
    assert notified.shop.row().state == OrderState.READY
    assert notified.looks() == []


def test_an_order_that_never_appears_is_left_to_the_sweeps(notified: Notified) -> None:
    notified.put_order_change()
    notified.receive()
    for _ in range(8):
        notified.look()
        notified.shop.pass_time(hours=7)
    assert notified.looks() == []
    assert notified.shop.amazon.calls["getOrder", "404"] == 6


def test_a_used_up_quota_leaves_the_looks_for_the_next_turn(notified: Notified) -> None:
    for number in range(3):
        notified.shop.sell(number=number)
        notified.put_order_change(number, name=str(number))
    notified.receive()
    notified.shop.fault(FaultKind.THROTTLE, operation="getOrder", count=1)
    assert notified.look() == 0
    assert len(notified.looks()) == 3
    assert notified.shop.activities() == [], "to wait is no failure"
    notified.shop.services.redis.flushall()
    assert notified.look() == 3
    assert notified.looks() == []


def test_a_failing_amazon_is_recorded_and_asked_again(notified: Notified) -> None:
    notified.shop.sell()
    notified.put_order_change()
    notified.receive()
    notified.shop.fault(FaultKind.SERVER_ERROR, operation="getOrder", count=4)
    notified.look()
    assert [a.operation for a in notified.shop.activities()] == ["getOrder"]
    notified.shop.pass_time(minutes=1)
    notified.look()
    assert notified.shop.row().state == OrderState.READY


def test_a_lost_authorisation_stops_the_looks(notified: Notified) -> None:
    notified.shop.sell()
    notified.put_order_change()
    notified.receive()
    notified.shop.amazon.sellers[SELLER].revoked = True
    notified.look()
    assert notified.shop.account().state == AccountState.AUTHORISATION_LOST
    assert len(notified.looks()) == 1


# --- once, twice, late, never ---------------------------------------------------------------------


def test_a_repeat_is_known_by_its_id(notified: Notified) -> None:
    notified.shop.sell()
    notified.put_order_change()
    notified.receive()
    notified.look()
    notified.put_order_change()
    notified.put_order_change()
    assert notified.receive().repeats == 2
    (row,) = notified.notifications()
    assert (row.repeats, row.accounts) == (2, 1)
    assert notified.looks() == []


def test_two_workers_store_a_notification_once(notified: Notified) -> None:
    """SQS may give a message to two readers; the second finds it stored."""
    notified.queue.set(VisibilityTimeout="0")
    notified.shop.sell()
    notified.put_order_change()
    queue = NotificationQueue(notified.queue.url)
    first, second = queue.receive(0), queue.receive(0)
    receiver = Receiver(notified.shop.services)
    told = [receiver._store(read_notification(m.body)) for m in (*first, *second)]
    assert told == [1, None]


@pytest.mark.parametrize("breaks", ["before the store's commit", "before the deletion"])
def test_a_worker_that_stops_leaves_the_message_in_the_queue(
    notified: Notified, monkeypatch: pytest.MonkeyPatch, breaks: str
) -> None:
    notified.queue.set(VisibilityTimeout="0")
    notified.shop.sell()
    notified.put_order_change()

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if breaks == "before the deletion":
            patch.setattr(NotificationQueue, "delete", die)
        else:
            patch.setattr(Receiver, "_lead", die)
        with pytest.raises(KeyboardInterrupt):
            notified.receive()
    assert notified.queue.count() == 1
    assert len(notified.looks()) == (breaks == "before the deletion")
    notified.receive()
    assert notified.queue.count() == 0
    assert len(notified.looks()) == 1


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.NOTIFICATION_LOST,
        FaultKind.NOTIFICATION_TWICE,
        FaultKind.NOTIFICATION_LATE,
        FaultKind.NOTIFICATION_SWAPPED,
    ],
)
def test_whatever_happens_to_notifications_the_end_is_the_same(
    notified: Notified, kind: FaultKind
) -> None:
    notified.on()
    shop = notified.shop
    shop.fault(kind, probability=0.5, seconds=600)
    for number in range(4):
        shop.sell(number=number)
        notified.arrive()
    for number in range(2):
        seller_central.ship(shop.amazon, shop.numbered(number))
        notified.arrive()
    seller_central.cancel(shop.amazon, shop.numbered(2))
    notified.arrive()
    shop.run()
    notified.arrive()
    statuses = [shop.row(number).status for number in range(4)]
    assert statuses == ["SHIPPED", "SHIPPED", "CANCELLED", "UNSHIPPED"]
    assert len({order["externalReference"] for order in shop.saleor_orders()}) >= 3
    assert len(shop.saleor_orders()) == len({o["externalReference"] for o in shop.saleor_orders()})


def test_old_notifications_are_forgotten(notified: Notified) -> None:
    notified.put_order_change()
    notified.receive()
    notified.shop.pass_time(days=15)
    notified.receive()
    assert notified.notifications() == []


# --- whose --------------------------------------------------------------------------------------


def test_a_seller_that_nobody_has_connected_wakes_nobody(notified: Notified) -> None:
    notified.put_order_change(seller_id="A9STRANGER")
    received = notified.receive()
    assert received.nobodys == 1
    assert notified.looks() == []
    assert notified.queue.count() == 0


@pytest.mark.parametrize("marketplace", ["A2EUQ1WTGCTBG2", "none"])
def test_a_marketplace_that_is_not_the_accounts_wakes_nobody(
    notified: Notified, marketplace: str
) -> None:
    notified.put_order_change(marketplace_id=marketplace)
    assert notified.receive().nobodys == 1
    assert notified.looks() == []


def test_a_denied_marketplace_is_not_read(notified: Notified) -> None:
    shop = notified.shop
    with shop.services.database.tenant(shop.tenant_id) as session:
        query = update(Marketplace).where(Marketplace.marketplace_id == JP)
        session.execute(query.values(denied=True))
    notified.put_order_change(marketplace_id=JP)
    assert notified.receive().nobodys == 1


def test_another_tenants_seller_is_another_tenants_business(notified: Notified) -> None:
    tenant_id, account_id = another_tenant(notified, "A2OTHER")
    notified.put_order_change(seller_id="A2OTHER")
    notified.receive()
    (look,) = notified.looks()
    assert (look.tenant_id, look.account_id) == (tenant_id, account_id)
    assert notified.shop.account().notified_at is None


def test_a_seller_connected_by_two_tenants_wakes_both(notified: Notified) -> None:
    tenant_id, account_id = another_tenant(notified)
    notified.shop.sell()
    notified.put_order_change()
    notified.receive()
    assert {look.account_id for look in notified.looks()} == {
        account_id,
        notified.shop.account_id,
    }
    OrderLooks(notified.shop.services, tenant_id, account_id).run()
    (left,) = notified.looks()
    assert left.account_id == notified.shop.account_id


@pytest.mark.parametrize("pause", ["paused_at", "wipe_at"])
def test_a_shop_that_has_switched_the_app_off_is_not_woken(notified: Notified, pause: str) -> None:
    with notified.shop.services.database.system() as session:
        tenant = session.get_one(Tenant, notified.shop.tenant_id)
        setattr(tenant, pause, notified.shop.services.now())
    notified.put_order_change()
    assert notified.receive().nobodys == 1


# --- feeds and money ----------------------------------------------------------------------------


def test_a_finished_feed_is_looked_at_at_once(notified: Notified) -> None:
    notified.on()
    day = a_day(notified.shop)
    notified.arrive()
    day.cancel_in_saleor()
    day.carry(1, seconds=16)
    with notified.shop.services.database.tenant(notified.shop.tenant_id) as session:
        session.execute(update(Feed).values(next_look_at=notified.shop.services.now() + _DAY))
    day.carry(1)
    assert day.states() == [("cancel_order", IntentState.SUBMITTED)]
    notified.arrive()
    day.carry(1)
    assert day.states() == [("cancel_order", IntentState.ACCEPTED)]


_DAY = timedelta(days=1)


def test_a_feed_of_another_seller_with_the_same_number_is_left_alone(notified: Notified) -> None:
    """A feed's id is unique only in combination with a seller's."""
    day = a_day(notified.shop)
    day.cancel_in_saleor()
    day.carry(1)
    services = notified.shop.services
    with services.database.tenant(notified.shop.tenant_id) as session:
        feed = session.scalars(select(Feed)).one()
        feed.next_look_at = later = services.now() + _DAY
        number = feed.amazon_feed_id or ""
    notified.queue.put(feed_finished(number, "A2OTHER"))
    notified.queue.put(feed_finished("77"))
    assert notified.receive().nobodys == 2
    with services.database.tenant(notified.shop.tenant_id) as session:
        assert session.scalars(select(Feed)).one().next_look_at == later


def test_a_refund_in_seller_central_is_read_as_soon_as_amazon_lists_it(notified: Notified) -> None:
    notified.on()
    day = a_day(notified.shop)
    day.ship(2)
    day.carry(3)
    notified.arrive()
    notified.shop.pass_time(seconds=30)
    seller_central.refund(notified.shop.amazon, notified.shop.numbered(1), amount="5.00")
    notified.send()
    notified.receive()
    assert notified.look() == 0, "Amazon lists nothing of the last two minutes"
    notified.shop.pass_time(minutes=5)
    assert notified.look() == 1
    day.carry(1)
    refunded = day.saleor()["transactions"][0]["refundedAmount"]["amount"]
    assert refunded == Decimal(5)
    assert notified.looks() == []


def test_a_refund_that_is_not_listed_yet_is_looked_for_again(notified: Notified) -> None:
    notified.on()
    day = a_day(notified.shop)
    day.ship(2)
    day.carry(3)
    notified.arrive()
    notified.shop.amazon.finance_delay = 300
    seller_central.refund(notified.shop.amazon, notified.shop.numbered(1), amount="5.00")
    notified.send()
    notified.receive()
    for _ in range(3):
        notified.shop.pass_time(minutes=5)
        notified.look()
    assert notified.looks() == []
    day.carry(1)
    assert day.saleor()["transactions"][0]["refundedAmount"]["amount"] == Decimal(5)


def test_sales_and_fees_have_nothing_read(notified: Notified) -> None:
    notified.on()
    day = a_day(notified.shop)
    notified.arrive()
    seller_central.ship(notified.shop.amazon, notified.shop.numbered(1))
    notified.send()
    notified.receive()
    assert [look.refunds for look in notified.looks()] == [False]
    assert day.states() == []


def test_a_refund_of_no_named_order_has_the_accounts_refunds_read(notified: Notified) -> None:
    day = a_day(notified.shop)
    day.ship(2)
    day.carry(3)
    seller_central.refund(notified.shop.amazon, notified.shop.numbered(1), amount="5.00")
    seller = {"SellingPartnerId": SELLER, "MarketplaceId": DE}
    told = {"SellingPartnerMetadata": seller, "TransactionType": "Refund"}
    notified.queue.put(
        {
            "NotificationType": "TRANSACTION_UPDATE",
            "Payload": {"TransactionUpdateNotification": told},
        }
    )
    notified.receive()
    assert notified.look() == 0, "Amazon lists nothing of the last two minutes"
    notified.shop.pass_time(minutes=5)
    assert notified.look() == 1
    day.carry(1)
    assert day.saleor()["transactions"][0]["refundedAmount"]["amount"] == Decimal(5)
    assert notified.looks() == []


# --- failures -----------------------------------------------------------------------------------


def activities(notified: Notified) -> list[Activity]:
    return [a for a in notified.shop.activities() if a.operation == "receiveMessage"]


@pytest.mark.parametrize("fault", ["deleted", "unreachable"])
def test_a_dead_queue_is_a_visible_failure_once_an_hour(notified: Notified, fault: str) -> None:
    notified.on()
    if fault == "deleted":
        notified.queue.delete()
    else:
        url = f"http://127.0.0.1:{free_port()}/123456789012/q"
        settings = notified.shop.services.settings
        update_ = {"amazon_notifications_queue_url": url}
        notified.shop.services.settings = settings.model_copy(update=update_)
    for _ in range(3):
        assert notified.receive().failure is not None
    (row,) = activities(notified)
    assert "queue of notifications cannot be read" in row.message
    notified.shop.sell()
    notified.shop.run()
    assert len(notified.shop.saleor_orders()) == 1, "sweeps go on"
    notified.shop.services.redis.delete("notifications:failure")
    notified.receive()
    assert len(activities(notified)) == 2


def test_an_illegible_message_is_recorded_and_does_not_block_the_others(
    notified: Notified,
) -> None:
    notified.on()
    notified.shop.sell()
    notified.queue.put("no JSON: Ada Lovelace, 10115 Berlin")
    notified.queue.put({"NotificationType": "ORDER_CHANGE", "Payload": {}})
    notified.send()
    received = notified.receive()
    assert (received.messages, received.illegible) == (3, 2)
    notified.look()
    assert notified.shop.row().state == OrderState.READY
    assert notified.queue.count() == 0
    told = [row.message for row in activities(notified)]
    assert told
    assert "Ada" not in " ".join(told)


def test_nothing_personal_is_stored_or_logged(
    notified: Notified, capfd: pytest.CaptureFixture[str]
) -> None:
    """At DEBUG AWS's client would log the messages, postal codes and all."""
    configure_logging("DEBUG")
    try:
        notified.put_order_change(seller_id="A9STRANGER", name="a")
        notified.put_order_change(name="b")
        notified.receive()
        told = capfd.readouterr()
    finally:
        logging.getLogger().setLevel(logging.WARNING)
        structlog.reset_defaults()
    assert "notification for nobody" in told.err, "something was logged"
    stored = [
        str(value)
        for row in (*notified.notifications(), *notified.looks())
        for value in vars(row).values()
    ]
    assert "10115" not in " ".join((*stored, told.out, told.err))


# --- by jobs alone ------------------------------------------------------------------------------


def test_a_tick_brings_a_new_order_in_within_a_minute(
    notified: Notified, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = notified.shop
    monkeypatch.setattr(jobs, "process_services", lambda: shop.services)
    notified.on()
    shop.run()
    shop.sweep_all(SweepKind.RECONCILE)
    shop.sweep_all(SweepKind.UPDATES)
    shop.services.redis.flushall()
    shop.sell(item())
    shop.change(1)
    notified.send()
    searched = shop.amazon.calls["searchOrders", "200"]
    jobs.tick()
    queue = Queue(jobs.QUEUE, connection=shop.services.redis)
    names = [str(job.func_name).rpartition(".")[2] for job in queue.jobs]
    assert names[0] == "receive_notifications"
    SimpleWorker([queue], connection=queue.connection).work(burst=True, logging_level="WARNING")
    assert shop.row().state == OrderState.IMPORTED
    assert shop.row().lag_seconds is not None
    assert shop.amazon.calls["searchOrders", "200"] == searched, "no sweep was due"


def test_without_a_queue_nothing_is_received(notified: Notified) -> None:
    settings = notified.shop.services.settings
    update_ = {"amazon_notifications_queue_url": ""}
    notified.shop.services.settings = settings.model_copy(update=update_)
    failure = notified.receive().failure
    assert failure is not None
    assert "AMAZON_NOTIFICATIONS_QUEUE_URL" in failure.cure
