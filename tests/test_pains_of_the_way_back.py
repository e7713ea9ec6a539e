"""The pains of other connectors on the way back to Amazon, each as a test named after it.

The numbers are those of the project's study of its peers: 12 to 16, 23, 24, 25 and 28.
"""

from decimal import Decimal

import pytest

from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.ids import OrderItemId
from saleor_amazon_app.mirror.intents import IntentState
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.sandbox.amazon import seller_central
from saleor_amazon_app.sandbox.amazon.faults import FaultKind
from saleor_amazon_app.store.models import Tenant
from saleor_amazon_app.sync import asking, guarding, invoicing
from tests.day import UPS, Day, a_day
from tests.mirror.amazon_orders import item
from tests.shop_world import ShopWorld
from tests.world import SELLER

FIRST = OrderItemId("00000000000001")


def refund(day: Day, amount: str, units: int = 0) -> None:
    asked = asking.RefundAsked(Decimal(amount), {FIRST: units} if units else {})
    asking.refund(day.shop.services, day.shop.tenant_id, day.shop.numbered(1), asked, "test")


@pytest.mark.parametrize(
    ("tracking", "carrier"),
    [(UPS, "UPS"), ("TBA123456789012", "Amazon Shipping"), ("no form at all", "Other")],
)
def test_pain_12_carrier_and_package_formats(shop: ShopWorld, tracking: str, carrier: str) -> None:
    """amzn/selling-partner-api-models#5094: the package's number has to be a string."""
    day = a_day(shop)
    day.ship(2, tracking=tracking)
    day.carry(3)
    (package,) = day.amazon()["packages"]
    assert package["packageReferenceId"].isdigit()
    assert package["carrier"] == carrier
    assert day.states() == [("shipment", "accepted")]


def test_pain_13_a_204_with_nothing_behind_it(shop: ShopWorld) -> None:
    """amzn/selling-partner-api-models#5232: noticed by reading back, sent again, then told."""
    day = a_day(shop)
    shop.fault(FaultKind.DROP_WRITE)
    day.ship(2)
    day.carry(30, minutes=6)
    assert day.states() == [("shipment", IntentState.NEEDS_ATTENTION)]
    assert "needs_attention" in shop.problems()
    shop.amazon.faults.clear()
    (intent,) = asking.intents(shop.services, shop.tenant_id, None, 10)
    number = intent["id"]
    assert isinstance(number, int)
    asking.send_again(shop.services, shop.tenant_id, number, "test")
    day.carry(3)
    assert day.states() == [("shipment", IntentState.ACCEPTED)]


def test_pain_14_several_parcels_with_two_items_in_parts(shop: ShopWorld) -> None:
    items = (item(1, quantity=3, total="30.00"), item(2, sku="SHOP-01-SLA", quantity=1))
    day = a_day(shop, *items)
    for line, units, tracking in ((0, 1, "T1"), (0, 2, "T2"), (1, 1, "T3")):
        day.ship(units, tracking=tracking, line=line)
    day.carry(4)
    packages = {p["trackingNumber"]: p["packageItems"] for p in day.amazon()["packages"]}
    assert [packages[t][0]["quantity"] for t in ("T1", "T2", "T3")] == [1, 2, 1]
    assert day.amazon()["fulfillment"]["fulfillmentStatus"] == "SHIPPED"


def test_pain_15_refund_amounts_are_capped_and_never_paid_twice(shop: ShopWorld) -> None:
    """amzn/selling-partner-api-models#4405: line totals, not unit prices."""
    day = a_day(shop, item(1, quantity=5, total="50.00"))
    day.ship(5)
    day.carry(3)
    refund(day, "20.00", units=2)
    day.carry(4)
    (paid,) = shop.amazon.refunds
    assert paid.items[0]["components"] == {"Principal": "20.00"}
    with pytest.raises(Exception, match=r"30\.00"):
        refund(day, "30.01")
    refund(day, "30.00")
    day.carry(4)
    assert len(shop.amazon.refunds) == 2
    assert day.saleor()["transactions"][0]["refundedAmount"]["amount"] == 50


def test_pain_15_amazon_has_refunded_first(shop: ShopWorld) -> None:
    day = a_day(shop)
    day.ship(2)
    day.carry(3)
    seller_central.refund(shop.amazon, shop.numbered(1))
    day.carry(2, minutes=40)
    with pytest.raises(Exception, match="can still be refunded"):
        refund(day, "29.80")
    assert day.saleor()["transactions"][0]["refundedAmount"]["amount"] == Decimal("29.8")


def test_pain_16_cancellations_that_cross(shop: ShopWorld) -> None:
    """The buyer asks, the merchant ships in Seller Central, and cancels in Saleor."""
    day = a_day(shop)
    seller_central.request_cancel(shop.amazon, shop.numbered(1), "ORDERED_BY_MISTAKE")
    shop.run()
    day.carry()
    assert "cancel_requested" in shop.problems()
    seller_central.ship(shop.amazon, shop.numbered(1))
    day.cancel_in_saleor()
    day.carry(3)
    assert shop.amazon.refunds == []
    assert "cancel_not_possible" in shop.problems()


@pytest.mark.parametrize(
    ("by_amazon", "state", "words"),
    [
        (False, IntentState.ACCEPTED, ""),
        (True, IntentState.REJECTED, "Amazon will generate invoice for shipmentId N/A, orderId"),
    ],
)
def test_pain_23_an_invoice_whose_result_nobody_saw(
    shop: ShopWorld, by_amazon: bool, state: IntentState, words: str
) -> None:
    """amzn/selling-partner-api-models#2437 (keys without their prefix) and docs#2425: each upload
    ends accepted, or refused in Amazon's words; where there can be none it is said beforehand."""
    shop.sell(item(2), number=2)
    day = a_day(shop, item(1, total="29.80", shipped=1), status="SHIPPED")
    shop.amazon.sellers[SELLER].invoiced_by_amazon = by_amazon
    upload_invoice(day)
    day.carry(4, minutes=6)
    (intent,) = asking.intents(shop.services, shop.tenant_id, None, 10)
    assert (intent["kind"], intent["state"]) == ("invoice", state)
    assert words in str(intent["answer"])
    with pytest.raises(Misconfigured, match="once the order has shipped"):
        upload_invoice(day, number=2)


def upload_invoice(day: Day, number: int = 1) -> None:
    shop, asked = day.shop, invoicing.Asked("R-1", b"%PDF-1.7")
    order = shop.numbered(number)
    seen = invoicing.preview(shop.services, shop.tenant_id, order, asked)
    named = {"request_id": seen.request_id, "digest": seen.digest}
    by = Person("VXNlcjox", "staff@shop.example")
    invoicing.ask(shop.services, shop.tenant_id, order, asked, **named, by=by)


def test_pain_24_half_a_mirror(shop: ShopWorld) -> None:
    """Deliveries, tracking and the order's end follow, not the sale alone."""
    day = a_day(shop)
    seller_central.ship(shop.amazon, shop.numbered(1), tracking_number="T1")
    shop.run()
    day.carry(2)
    order = day.saleor()
    assert order["status"] == "FULFILLED"
    assert "T1" in {f["trackingNumber"] for f in order["fulfillments"]}
    assert shop.amazon.orders[shop.numbered(1)].order["packages"]
    assert day.states() == []


def test_pain_25_feeds_cancelled_or_stuck(shop: ShopWorld) -> None:
    """amzn/selling-partner-api-models#4914: a person hears of it; nothing is resubmitted."""
    day = a_day(shop)
    shop.fault(FaultKind.FEED_CANCELLED)
    day.cancel_in_saleor()
    day.carry(12, minutes=5)
    assert day.states() == [("cancel_order", IntentState.NEEDS_ATTENTION)]
    assert len(shop.amazon.feeds) == 1


@pytest.mark.parametrize("what", ["known_app_url", "known_shop_url"])
def test_pain_28_a_copied_shop_acts_on_nothing(shop: ShopWorld, what: str) -> None:
    day = a_day(shop)
    day.carry()
    with shop.services.database.system() as session:
        setattr(session.get_one(Tenant, shop.tenant_id), what, "https://the-original.example")
    day.ship(2)
    day.carry(3)
    assert shop.amazon.shipments == []
    assert day.states() == [("shipment", IntentState.QUEUED)]
    with shop.services.database.system() as session:
        tenant = session.get_one(Tenant, shop.tenant_id)
        assert tenant.read_only
        assert "the-original" in tenant.read_only_reason
    guarding.set_read_only(shop.services, shop.tenant_id, on=False)
    day.carry(3)
    assert day.states() == [("shipment", IntentState.ACCEPTED)]
