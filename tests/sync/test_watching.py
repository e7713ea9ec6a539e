"""What no webhook told: changed orders are looked through, and quiet ones compared now and then."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from saleor_amazon_app.sandbox.amazon import seller_central
from saleor_amazon_app.store.models import Order, Tenant
from saleor_amazon_app.sync import reconciling, watching
from saleor_amazon_app.sync.inbox import Inbox
from tests.day import UPS, Day, a_day
from tests.mirror.amazon_orders import item
from tests.shop_world import ShopWorld

RETRACK = """mutation T($id: ID!, $number: String!) { orderFulfillmentUpdateTracking(id: $id,
  input: {trackingNumber: $number, notifyCustomer: false}) { errors { message } } }"""
SAY = """mutation M($id: ID!, $input: [MetadataInput!]!) {
  updatePrivateMetadata(id: $id, input: $input) { errors { message } } }"""


@pytest.fixture
def day(shop: ShopWorld) -> Day:
    """A shipped order, known to Amazon, in a shop that loses every webhook from now on."""
    made = a_day(shop)
    made.ship(2)
    made.carry(3)
    look(made)
    shop._control("POST", "/deliveries/faults", {"kind": "lose", "count": None})
    return made


def seen_all(shop: ShopWorld) -> None:
    """Let the look through the changed orders find nothing: their changes are long seen."""
    with shop.services.database.system() as session:
        later = shop.services.now() + timedelta(days=30)
        session.get_one(Tenant, shop.tenant_id).orders_read_until = later


def look(day: Day) -> int:
    """Do what the jobs do about a shop: its inbox, its changed orders."""
    Inbox(day.shop.services, day.shop.tenant_id).run()
    seen_all(day.shop)
    found = watching.watch(day.shop.services, day.shop.tenant_id)
    day.carry(3)
    return found


def staff(day: Day, query: str, **variables: Any) -> None:
    told = day.shop._control("POST", "/act", {"query": query, "variables": variables})
    assert "errors" not in told, told


def fulfillment_of(day: Day) -> str:
    made = [f for f in day.saleor()["fulfillments"] if f["status"] == "FULFILLED"]
    return str(made[0]["id"])


def test_a_tracking_number_whose_webhook_was_lost_still_reaches_amazon(day: Day) -> None:
    staff(day, RETRACK, id=fulfillment_of(day), number="1Z999AA10999999999")
    assert look(day) == 0
    assert day.amazon()["packages"][0]["trackingNumber"] == UPS
    day.shop.pass_time(hours=6)
    assert look(day) == 1
    assert day.amazon()["packages"][0]["trackingNumber"] == "1Z999AA10999999999"


def test_a_carrier_whose_webhook_was_lost_still_reaches_amazon(day: Day) -> None:
    words = [{"key": "amazon.carrierCode", "value": "GLS"}]
    staff(day, SAY, id=fulfillment_of(day), input=words)
    day.shop.pass_time(hours=6)
    look(day)
    assert day.amazon()["packages"][0]["carrier"] == "GLS"


def compared(shop: ShopWorld, number: int) -> Any:
    return shop.row(number).compared_at


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_orders_that_it_may_matter_for_are_compared_anew(shop: ShopWorld) -> None:
    for number in (1, 2, 3):
        shop.sell(item(1, quantity=2, total="29.80"), number=number)
    shop.sell(number=4, by="AMAZON")
    shop.run()
    day = Day(shop)
    day.ship(2, number=2)
    seller_central.cancel(shop.amazon, shop.numbered(3), "BUYER")
    shop.run()
    day.carry(3)
    look(day)
    before = shop.services.now()
    shop.pass_time(hours=7)
    assert look(day) == 2
    assert [compared(shop, number) > before for number in (1, 2, 3)] == [True, True, False]
    shop.pass_time(days=4)
    assert look(day) == 1, "the shipment is told for good"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_pass_compares_no_more_than_a_hundred_and_the_longest_unseen_first(
    shop: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_UNSEEN_AT_ONCE", 2)
    for number in (1, 2, 3):
        shop.sell(number=number)
    shop.run()
    long_ago = shop.services.now() - timedelta(days=9)
    with shop.services.database.tenant(shop.tenant_id) as session:
        session.execute(update(Order).values(reconcile_at=None, compared_at=long_ago))
        rows = session.scalars(select(Order).order_by(Order.amazon_order_id)).all()
        rows[0].compared_at = long_ago + timedelta(days=1)
        rows[2].compared_at = None
    day = Day(shop)
    look(day)
    seen = [compared(shop, number) > long_ago + timedelta(days=2) for number in (1, 2, 3)]
    assert seen == [False, True, True]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_order_that_is_gone_from_saleor_is_not_looked_for_all_the_time(
    shop: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = a_day(shop)
    day.carry()
    monkeypatch.setattr(reconciling, "read_orders", lambda _api, _references: {})
    shop.pass_time(hours=7)
    assert [look(day), look(day)] == [1, 0]
    assert "gone_from_saleor" in shop.problems()
