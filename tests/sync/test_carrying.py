"""What goes between the two sides of mirrored orders, against both simulators."""

from datetime import timedelta
from decimal import Decimal

from saleor_amazon_app.mirror.ids import OrderItemId
from saleor_amazon_app.mirror.messages import CancelReason
from saleor_amazon_app.sandbox.amazon import seller_central
from saleor_amazon_app.sandbox.amazon.faults import FaultKind
from saleor_amazon_app.sync import asking, guarding
from tests.day import UPS, a_day
from tests.mirror.amazon_orders import item
from tests.shop_world import ShopWorld


def test_a_shipment_reaches_amazon_and_is_believed_once_amazon_shows_it(shop: ShopWorld) -> None:
    day = a_day(shop)
    day.ship(2)
    day.carry()
    assert day.states() == [("shipment", "submitted")]
    day.carry(2)
    assert day.states() == [("shipment", "accepted")]
    (package,) = day.amazon()["packages"]
    assert (package["trackingNumber"], package["carrier"]) == (UPS, "UPS")
    assert day.amazon()["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert f"Amazon accepted the shipment: 2 units, UPS {UPS}." in day.notes()


def test_three_parcels_and_a_corrected_number(shop: ShopWorld) -> None:
    day = a_day(shop, item(1, quantity=3, total="30.00"))
    ids = [day.ship(1, tracking=f"TRACK{n}") for n in range(3)]
    day.carry(3)
    text = """mutation T($id: ID!) { orderFulfillmentUpdateTracking(id: $id,
      input: {trackingNumber: "TRACK9", notifyCustomer: false}) { errors { message } } }"""
    day.mutate("T", text, id=ids[1])
    day.carry(3)
    packages = day.amazon()["packages"]
    assert sorted(p["trackingNumber"] for p in packages) == ["TRACK0", "TRACK2", "TRACK9"]
    assert [state for _, state in day.states()] == ["accepted"] * 4


def test_nothing_is_told_twice_however_often_it_is_looked_at(shop: ShopWorld) -> None:
    day = a_day(shop)
    day.ship(1)
    for _ in range(5):
        day.mark()
        day.carry()
    assert len(shop.amazon.shipments) == 1


def test_a_dropped_write_is_noticed_and_sent_again(shop: ShopWorld) -> None:
    day = a_day(shop)
    shop.fault(FaultKind.DROP_WRITE, count=1)
    day.ship(2)
    day.carry(12, seconds=120)
    assert day.states() == [("shipment", "accepted")]
    assert len(day.amazon()["packages"]) == 1


def test_an_order_cancelled_in_saleor_is_cancelled_at_amazon(shop: ShopWorld) -> None:
    day = a_day(shop)
    day.cancel_in_saleor()
    day.carry(4)
    assert day.states() == [("cancel_order", "accepted")]
    assert day.amazon()["fulfillment"]["fulfillmentStatus"] == "CANCELLED"
    day.carry(2)
    payment = day.saleor()["transactions"][0]
    assert payment["chargedAmount"]["amount"] == 0
    assert payment["refundedAmount"]["amount"] == Decimal("29.8")


def test_an_order_shipped_at_amazon_meanwhile_is_never_cancelled(shop: ShopWorld) -> None:
    day = a_day(shop)
    seller_central.ship(shop.amazon, shop.numbered(1))
    day.cancel_in_saleor()
    day.carry(4)
    assert day.states() == [("cancel_order", "rejected")]
    assert "cancel_not_possible" in shop.problems()
    assert not shop.amazon.orders[shop.numbered(1)].refunded_by_mistake


def test_a_cancellation_with_a_reason_goes_to_amazon_first(shop: ShopWorld) -> None:
    day = a_day(shop)
    reason = CancelReason.BUYER_CANCELED
    asking.cancel(shop.services, shop.tenant_id, shop.numbered(1), reason, "test")
    day.carry()
    assert day.saleor()["status"] == "UNFULFILLED"
    day.carry(4)
    assert day.saleor()["status"] == "CANCELED"
    assert "Cancelled at Amazon as you asked." in day.notes()


def test_a_parcel_of_seller_central_shows_in_saleor_and_is_not_echoed(shop: ShopWorld) -> None:
    day = a_day(shop)
    sku = day.amazon()["orderItems"][0]
    seller_central.ship(
        shop.amazon,
        shop.numbered(1),
        [{"orderItemId": sku["orderItemId"], "quantity": 1}],
        carrier="DHL",
        tracking_number="003404341",
    )
    shop.run()
    day.carry(3)
    shipped = [f for f in day.saleor()["fulfillments"] if f["status"] == "FULFILLED"]
    assert [(f["trackingNumber"], f["lines"][0]["quantity"]) for f in shipped] == [("003404341", 1)]
    assert day.states() == []
    assert "Shipped at Amazon: 1 unit, DHL 003404341." in day.notes()


def test_a_cancellation_at_amazon_cancels_in_saleor_and_releases_the_units(
    shop: ShopWorld,
) -> None:
    day = a_day(shop)
    allocated = shop.stock("SHOP-01-NAT")[1]
    seller_central.cancel(shop.amazon, shop.numbered(1), "BUYER", "CHANGED_MIND")
    shop.run()
    day.carry(2)
    assert day.saleor()["status"] == "CANCELED"
    assert shop.stock("SHOP-01-NAT")[1] == allocated - 2
    assert "Cancelled at Amazon by the buyer (CHANGED_MIND)." in day.notes()


def test_a_cancellation_at_amazon_of_what_is_shipped_in_saleor_is_a_problem(
    shop: ShopWorld,
) -> None:
    day = a_day(shop)
    seller_central.cancel(shop.amazon, shop.numbered(1), "AMAZON")
    day.ship(2)
    shop.run()
    day.carry(2)
    assert "cancelled_at_amazon" in shop.problems()
    assert day.states() == [("shipment", "withdrawn")]


def test_a_buyers_wish_to_cancel_is_flagged_and_may_be_dismissed(shop: ShopWorld) -> None:
    day = a_day(shop)
    seller_central.request_cancel(shop.amazon, shop.numbered(1), "ORDERED_BY_MISTAKE")
    shop.run()
    day.carry()
    assert shop.problems() == {"cancel_requested": "ORDERED_BY_MISTAKE"}
    asking.dismiss(shop.services, shop.tenant_id, shop.numbered(1), "cancel_requested")
    day.mark()
    day.carry()
    assert shop.problems() == {}


def test_a_refund_of_seller_central_is_reported_once(shop: ShopWorld) -> None:
    day = a_day(shop)
    day.ship(2)
    day.carry(3)
    seller_central.refund(shop.amazon, shop.numbered(1), amount="9.80")
    shop.pass_time(minutes=40)
    day.carry(4, minutes=40)
    assert day.saleor()["transactions"][0]["refundedAmount"]["amount"] == Decimal("9.8")


def test_a_refund_is_paid_out_once_and_then_shows_in_saleor(shop: ShopWorld) -> None:
    day = a_day(shop)
    day.ship(2)
    day.carry(3)
    asked = asking.RefundAsked(Decimal("14.90"), {OrderItemId("00000000000001"): 1})
    asking.refund(shop.services, shop.tenant_id, shop.numbered(1), asked, "test")
    assert day.saleor()["transactions"][0]["refundedAmount"]["amount"] == 0
    day.carry(4)
    assert day.states()[-1] == ("refund", "accepted")
    assert day.saleor()["transactions"][0]["refundedAmount"]["amount"] == Decimal("14.9")
    day.carry(4, minutes=40)
    assert len(shop.amazon.refunds) == 1
    assert day.saleor()["transactions"][0]["refundedAmount"]["amount"] == Decimal("14.9")


def test_a_refund_of_unknown_outcome_is_never_sent_again_by_itself(shop: ShopWorld) -> None:
    day = a_day(shop)
    day.ship(2)
    day.carry(3)
    shop.fault(FaultKind.LOST_ANSWER, operation="createFeed", count=1)
    asked = asking.RefundAsked(Decimal("29.80"))
    asking.refund(shop.services, shop.tenant_id, shop.numbered(1), asked, "test")
    day.carry(12, seconds=90)
    assert len(shop.amazon.feeds) == 1
    assert day.states()[-1] == ("refund", "accepted")
    assert len(shop.amazon.refunds) == 1


def test_a_feed_that_breaks_off_is_looked_into_before_anything_is_said(shop: ShopWorld) -> None:
    day = a_day(shop)
    day.ship(2)
    day.carry(3)
    shop.fault(FaultKind.FEED_FATAL, count=1)
    asked = asking.RefundAsked(Decimal("29.80"))
    asking.refund(shop.services, shop.tenant_id, shop.numbered(1), asked, "test")
    day.carry(6, seconds=90)
    assert day.states()[-1] == ("refund", "needs_attention")
    assert "needs_attention" in shop.problems()
    assert shop.amazon.refunds == []
    day.carry(6, minutes=40)
    assert len(shop.amazon.feeds) == 1


def test_a_feed_that_hangs_raises_an_alarm_and_is_not_resubmitted(shop: ShopWorld) -> None:
    day = a_day(shop)
    shop.fault(FaultKind.FEED_HANGS)
    day.cancel_in_saleor()
    day.carry(40, minutes=10)
    assert day.states() == [("cancel_order", "submitted")]
    assert "feed_hangs" in shop.problems()
    assert len(shop.amazon.feeds) == 1


def test_a_message_that_amazon_rejects_is_a_problem_in_its_words(shop: ShopWorld) -> None:
    day = a_day(shop)
    shop.fault(FaultKind.MESSAGE_ERROR, count=1, description="Not today.")
    day.cancel_in_saleor()
    day.carry(4)
    assert day.states() == [("cancel_order", "rejected")]
    assert any("Not today." in note for note in day.notes())
    assert "cancel_not_possible" in shop.problems()


def test_a_changed_address_is_carried_over(shop: ShopWorld) -> None:
    day = a_day(shop)
    seller_central.change_address(shop.amazon, shop.numbered(1), {"addressLine1": "Neue Gasse 7"})
    shop.run()
    day.carry()
    assert shop.saleor_order()["shippingAddress"]["streetAddress1"] == "Neue Gasse 7"


def test_read_only_keeps_everything_here_until_it_is_switched_off(shop: ShopWorld) -> None:
    day = a_day(shop)
    day.carry()
    guarding.set_read_only(shop.services, shop.tenant_id, on=True)
    day.ship(2)
    day.carry(3)
    assert day.states() == [("shipment", "queued")]
    assert shop.amazon.shipments == []
    guarding.set_read_only(shop.services, shop.tenant_id, on=False)
    day.carry(3)
    assert day.states() == [("shipment", "accepted")]


def test_pass_of_time_alone_changes_nothing(shop: ShopWorld) -> None:
    day = a_day(shop)
    before = shop.calls()
    shop.pass_time(seconds=timedelta(days=1).total_seconds())
    day.carry()
    assert day.states() == []
    assert day.notes()[:1]
    assert shop.calls().get("WholeOrders") == before.get("WholeOrders")
