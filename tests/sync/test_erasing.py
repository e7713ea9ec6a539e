"""Personal data is deleted in time, wherever it is kept, and does not come back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from saleor_amazon_app.mirror.buyer_messages import BuyerMessageKind
from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.mirror.search_words import WordKind, name_words
from saleor_amazon_app.sandbox.amazon import seller_central
from saleor_amazon_app.showing.money import compare_money
from saleor_amazon_app.showing.order import show_order
from saleor_amazon_app.store.inbox import receive
from saleor_amazon_app.store.models import (
    Base,
    Delivery,
    DeliveryState,
    Intent,
    Order,
    OrderState,
    OrderWord,
    Problem,
    Tenant,
)
from saleor_amazon_app.store.searching import having, search_key
from saleor_amazon_app.sync import asking, contacting, erasing, facts, inbox, refetching
from saleor_amazon_app.sync import repairs as repairing
from saleor_amazon_app.sync.erasing import Eraser
from tests.day import Day, a_day
from tests.mirror.amazon_orders import ADDRESS, Json, item
from tests.shop_world import ShopWorld
from tests.world import World

BY = Person("VXNlcjox", "staff@shop.example")
SECRET = "Geheimnis"
KIND = BuyerMessageKind.ORDER_DETAILS
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def windows(world: World, **by: float) -> Json:
    """Windows of an order that is to be delivered so long from now."""
    until = (world.services.now() + timedelta(**by)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"shipByWindow": {"latestDateTime": until}, "deliverByWindow": {"latestDateTime": until}}


def personal(world: World, status: str = "UNSHIPPED") -> Json:
    """An order that names the secret wherever Amazon tells of a buyer; to be delivered in a day."""
    fulfillment = {"fulfillmentStatus": status, "fulfilledBy": "MERCHANT"}
    return {
        "buyer": {"buyerName": f"Erika {SECRET}", "buyerEmail": f"{SECRET}@amazon.example"},
        "recipient": {
            "deliveryAddress": ADDRESS | {"name": f"Erika {SECRET}", "addressLine1": SECRET},
            "deliveryPreference": {"addressInstruction": SECRET},
        },
        "fulfillment": fulfillment | windows(world, days=1),
    }


def gift() -> Json:
    packing = {"giftOption": {"giftMessage": SECRET}}
    return item(fulfillment={"quantityFulfilled": 0, "quantityUnfulfilled": 1, "packing": packing})


def pass_days(world: World, days: float) -> int:
    """Let time pass, and the hour of deletion come."""
    world.pass_time(days=days)
    return Eraser(world.services, world.tenant_id).run()


def everything(world: World) -> str:
    """Return the whole database as text, what is sealed opened."""
    return "\n".join(_values(world))


def _values(world: World) -> list[str]:
    with world.services.database.system() as session:
        return [
            _plain(world, value)
            for table in Base.metadata.sorted_tables
            for row in session.execute(select(table))
            for value in row
        ]


def _plain(world: World, value: Any) -> str:
    if not isinstance(value, bytes):
        return str(value)
    try:
        return world.services.vault.open(value)
    except Misconfigured:
        return value.hex()


def is_found(world: World, word: str = SECRET) -> bool:
    """Tell whether the order is found by a name."""
    with world.services.database.tenant(world.tenant_id) as session:
        key = search_key(session, world.services.vault, world.tenant_id)
        words = [*name_words(word), *name_words(word, WordKind.RECIPIENT)]
        return any(session.scalars(having(key, each)).first() for each in words)


def finish(world: World, number: int = 1) -> None:
    """Bring an order to its end as far as the app is concerned, without a shop."""
    with world.services.database.tenant(world.tenant_id) as session:
        row = session.scalars(select(Order).order_by(Order.amazon_order_id)).all()[number - 1]
        row.state = OrderState.IMPORTED


# --- a whole life ---------------------------------------------------------------------------------


def with_traces(shop: ShopWorld) -> Day:
    """An order that has left traces of its buyer wherever it can."""
    day = a_day(shop, gift(), **personal(shop))
    contacting.ask(
        shop.services,
        shop.tenant_id,
        shop.numbered(1),
        request_id="0" * 24,
        kind=KIND,
        text=f"Dear {SECRET}",
        by=BY,
    )
    day.ship(1)
    day.carry(4)
    with shop.services.database.tenant(shop.tenant_id) as session:
        row = session.scalars(select(Order)).one()
        row.address_fix = shop.services.vault.seal_json({"name": SECRET})
        problem = Problem(order_id=row.id, kind="cancel_requested", subject="", message="Asked.")
        problem.opened_at = shop.services.now()
        session.add(problem)
    asking.dismiss(
        shop.services,
        shop.tenant_id,
        shop.numbered(1),
        "cancel_requested",
        BY.name,
        f"{SECRET} rang",
    )
    body = f'{{"order": {{"externalReference": "{shop.numbered(1)}", "odd": "{SECRET}"}}}}'
    services = shop.services
    inbox_args = (services.database, services.vault, shop.tenant_id, "ORDER_CANCELLED")
    receive(*inbox_args, body.encode(), services.now())
    inbox.Inbox(services, shop.tenant_id).run()
    day.carry(2)
    return day


def test_nothing_personal_is_left_anywhere(shop: ShopWorld) -> None:
    day = with_traces(shop)
    assert set(day.states()) == {("buyer_message", "accepted"), ("shipment", "accepted")}
    before = everything(shop)
    assert before.count(SECRET) >= 10
    assert is_found(shop)
    assert pass_days(shop, 31.5) == 1
    assert SECRET not in everything(shop)
    assert "Mustermann" not in everything(shop)
    assert not is_found(shop)


def test_what_the_app_needs_stays(shop: ShopWorld) -> None:
    with_traces(shop)
    services, tenant_id, number = shop.services, shop.tenant_id, shop.numbered(1)
    before = show_order(services, tenant_id, number)
    money = compare_money(services, tenant_id, number)
    pass_days(shop, 31.5)
    after = show_order(services, tenant_id, number)
    assert (after.items[0].total, after.packages, after.order.total) == (
        before.items[0].total,
        before.packages,
        before.order.total,
    )
    assert [i.state for i in after.intents] == [i.state for i in before.intents]
    assert compare_money(services, tenant_id, number) == money
    assert after.permits.refund == before.permits.refund
    assert after.erased_at == shop.row().erased_at
    assert after.timeline[0].message.code == "history.personal_data_deleted"
    assert (after.buyer.name, after.shipping.address_is_withheld) == (None, False)


def test_a_later_reading_does_not_bring_it_back(shop: ShopWorld) -> None:
    day = with_traces(shop)
    pass_days(shop, 31.5)
    assert SECRET in str(day.amazon())
    shop.change(1, programs=["PRIME"])
    shop.sweep_all()
    refetching.fetch_order(shop.services, shop.tenant_id, shop.account_id, shop.numbered(1))
    day.mark()
    day.carry(2)
    assert shop.row().is_prime
    assert SECRET not in everything(shop)
    assert shop.row().erase_at is None
    assert shop.row().erased_at


# --- when -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "done"), [(30.9, 0), (31.1, 1)])
def test_thirty_days_after_the_latest_delivery(world: World, days: float, done: int) -> None:
    world.sell(**personal(world, "SHIPPED"))
    world.sweep()
    finish(world)
    assert pass_days(world, days) == done
    assert (SECRET in everything(world)) is not bool(done)


def test_what_amazon_calls_delivered_counts_from_then(world: World) -> None:
    delivered = [{"packageReferenceId": "1", "packageStatus": {"status": "DELIVERED"}}]
    told = personal(world, "SHIPPED")
    later = told["fulfillment"] | windows(world, days=20)
    world.sell(**(told | {"packages": delivered, "fulfillment": later}))
    world.sweep()
    finish(world)
    assert pass_days(world, 30) == 1


def test_a_cancelled_order_counts_from_its_cancellation(world: World) -> None:
    told = personal(world, "CANCELLED")
    world.sell(**told)
    world.sweep()
    assert pass_days(world, 30) == 1
    assert SECRET not in everything(world)


@pytest.mark.parametrize(
    "hold",
    [
        {"status": "UNSHIPPED"},
        {"state": OrderState.CREATED},
        {"problem": True},
    ],
)
def test_what_is_still_needed_waits_but_not_for_ever(world: World, hold: Any) -> None:
    world.sell(**personal(world, hold.get("status", "SHIPPED")))
    world.sweep()
    finish(world)
    with world.services.database.tenant(world.tenant_id) as session:
        row = session.scalars(select(Order)).one()
        row.state = hold.get("state", row.state)
        if "problem" in hold:
            problem = Problem(order_id=row.id, kind="rejected", subject="", message="No.")
            problem.opened_at = world.services.now()
            session.add(problem)
    assert pass_days(world, 31.5) == 0
    assert pass_days(world, 29) == 0
    assert SECRET in everything(world)
    assert pass_days(world, 1) == 1
    assert SECRET not in everything(world)


def test_an_order_that_goes_on_after_all_gets_its_data_back(world: World) -> None:
    world.sell(**personal(world))
    world.sweep()
    finish(world)
    assert pass_days(world, 62) == 1
    world.change(1, fulfillment=personal(world)["fulfillment"])
    world.sweep_all()
    row = world.row()
    assert (row.erased_at, SECRET in everything(world)) == (None, True)
    assert row.erase_at == row.over_at + timedelta(days=30)  # type: ignore[operator]


def test_what_a_worker_holds_is_left_to_the_next_pass(world: World) -> None:
    world.sell(**personal(world, "SHIPPED"))
    world.sweep()
    finish(world)
    world.pass_time(days=32)
    with world.services.database.tenant(world.tenant_id) as session:
        row = session.scalars(select(Order)).one()
        row.claim, row.claimed_until = "x", world.services.now() + timedelta(minutes=5)
    assert Eraser(world.services, world.tenant_id).run() == 0
    assert pass_days(world, 0.01) == 1


def test_what_cannot_be_read_is_deleted_all_the_same(world: World) -> None:
    world.sell(**personal(world), createdTime=None)
    world.sweep()
    assert world.row().state == OrderState.BLOCKED
    assert pass_days(world, 31) == 0
    assert pass_days(world, 30) == 1
    assert SECRET not in everything(world)


# --- after that -----------------------------------------------------------------------------------


@on_sqlite
def test_a_message_written_later_goes_two_days_after(shop: ShopWorld) -> None:
    day = a_day(shop, **personal(shop))
    seller_central.ship(shop.amazon, shop.numbered(1))
    shop.sweep_all()
    day.carry(3)
    assert pass_days(shop, 32) == 1
    contacting.ask(
        shop.services,
        shop.tenant_id,
        shop.numbered(1),
        request_id="1" * 24,
        kind=KIND,
        text=f"Dear {SECRET}",
        by=BY,
    )
    assert pass_days(shop, 1.9) == 0
    assert SECRET in everything(shop)
    assert pass_days(shop, 0.2) == 1
    assert SECRET not in everything(shop)
    (intent,) = [i for i in intents(shop) if i.kind == "buyer_message"]
    assert (intent.state, intent.message) == ("withdrawn", None)


def intents(world: World) -> list[Intent]:
    with world.services.database.tenant(world.tenant_id) as session:
        return list(session.scalars(select(Intent)))


@on_sqlite
def test_an_address_cannot_be_repaired_any_more(world: World) -> None:
    world.sell(**personal(world))
    world.sweep()
    pass_days(world, 62)
    with pytest.raises(Misconfigured) as refused:
        repairing.repair_address(
            world.services, world.tenant_id, world.numbered(1), {"name": SECRET}
        )
    assert refused.value.code == "personal_data_deleted"


# --- many -----------------------------------------------------------------------------------------


@on_sqlite
def test_batches_of_one_tenant_and_a_turn_an_hour(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "_AT_ONCE", 2)
    for number in range(1, 6):
        world.sell(number=number, **personal(world, "CANCELLED"))
    world.sweep()
    assert erasing.tenants_due(world.services) == []
    world.pass_time(days=30)
    assert erasing.tenants_due(world.services) == [world.tenant_id]
    assert erasing.tenants_due(world.services) == []
    assert Eraser(world.services, world.tenant_id).run() == 5
    world.services.redis.flushall()
    assert erasing.tenants_due(world.services) == []


def test_another_tenants_orders_are_not_touched(world: World) -> None:
    world.sell(**personal(world, "CANCELLED"))
    world.sweep()
    with world.services.database.system() as session:
        ids = list(session.scalars(select(Tenant.id)))
    world.pass_time(days=40)
    assert Eraser(world.services, type(world.tenant_id)("f" * 32)).run() == 0
    assert ids == [world.tenant_id]
    assert SECRET in everything(world)


def test_orders_of_an_older_version_get_their_date(world: World) -> None:
    world.sell(**personal(world, "CANCELLED"))
    world.sweep()
    with world.services.database.tenant(world.tenant_id) as session:
        row = session.scalars(select(Order)).one()
        row.facts_version, row.over_at, row.erase_at = 1, None, None
    assert facts.bring_up_to_date(world.services, world.tenant_id) == 1
    assert pass_days(world, 30) == 1


@pytest.mark.parametrize(("state", "kept"), [(DeliveryState.WAITING, 1), (DeliveryState.DONE, 0)])
def test_webhooks_that_are_dealt_with_are_deleted(
    world: World, state: DeliveryState, kept: int
) -> None:
    services = world.services
    receive(services.database, services.vault, world.tenant_id, "X", b"{}", services.now())
    with services.database.tenant(world.tenant_id) as session:
        session.scalars(select(Delivery)).one().state = state
    pass_days(world, 29)
    assert count(world, Delivery) == 1
    pass_days(world, 2)
    assert count(world, Delivery) == kept
    assert count(world, OrderWord) == 0


def count(world: World, kind: Any) -> int:
    with world.services.database.tenant(world.tenant_id) as session:
        return len(session.scalars(select(kind)).all())
