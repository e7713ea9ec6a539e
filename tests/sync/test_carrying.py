"""What goes between the two sides of mirrored orders, against both simulators."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from saleor_amazon_app.amazon.feed_documents import write_feed
from saleor_amazon_app.amazon.feeds import create_feed, upload_document
from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.ids import AmazonOrderId, OrderItemId
from saleor_amazon_app.mirror.messages import (
    AdjustmentReason,
    CancelledUnits,
    CancelReason,
    FeedType,
    Shipment,
    UnitsCancellation,
)
from saleor_amazon_app.sandbox.amazon import seller_central
from saleor_amazon_app.sandbox.amazon.faults import FaultKind
from saleor_amazon_app.store.models import ForeignRefund, Intent
from saleor_amazon_app.sync import asking, choices, guarding, ledgering
from tests.day import UPS, Day, a_day
from tests.mirror.amazon_orders import DE, item
from tests.shop_world import ShopWorld
from tests.world import SELLER


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


def cancel_the_fulfilment(day: Day, fulfillment_id: str) -> None:
    text = """mutation F($id: ID!, $w: ID!) { orderFulfillmentCancel(id: $id,
      input: {warehouseId: $w}) { errors { message } } }"""
    done = day.mutate("F", text, id=fulfillment_id, w=day.shop.warehouse())
    assert not done["orderFulfillmentCancel"]["errors"]


@pytest.mark.parametrize("arrives", [True, False])
def test_a_cancellation_never_overtakes_a_parcel_that_amazon_does_not_show_yet(
    shop: ShopWorld, *, arrives: bool
) -> None:
    day = a_day(shop)
    shop.fault(FaultKind.DROP_WRITE, count=1)
    made = day.ship(2)
    day.carry()
    cancel_the_fulfilment(day, made)
    day.cancel_in_saleor()
    day.carry()
    assert day.states() == [("shipment", "submitted")]
    if arrives:
        seller_central.ship(shop.amazon, shop.numbered(1), tracking_number=UPS)
    day.carry(16, seconds=90)
    assert not shop.amazon.orders[shop.numbered(1)].refunded_by_mistake
    if arrives:
        assert "cancel_not_possible" in shop.problems()
        assert day.amazon()["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    else:
        assert day.states() == [("shipment", "withdrawn"), ("cancel_order", "accepted")]


def test_a_parcel_waits_for_a_cancellation_that_amazon_may_have(shop: ShopWorld) -> None:
    day = a_day(shop)
    shop.fault(FaultKind.MESSAGE_ERROR, count=1)
    shop.fault(FaultKind.FEED_SLOW, count=1, seconds=600)
    reason = CancelReason.NO_INVENTORY
    asking.cancel(shop.services, shop.tenant_id, shop.numbered(1), reason, "test")
    day.carry()
    day.ship(2)
    day.carry(2)
    assert day.states() == [("cancel_order", "submitted"), ("shipment", "queued")]
    day.carry(12, seconds=90)
    assert day.states() == [("cancel_order", "rejected"), ("shipment", "accepted")]


def test_nobody_may_ask_to_cancel_what_amazon_hears_has_left(shop: ShopWorld) -> None:
    day = a_day(shop)
    shop.fault(FaultKind.DROP_WRITE, count=1)
    day.ship(2)
    day.carry()
    with pytest.raises(Misconfigured, match="parcel of this order has left"):
        asking.cancel(
            shop.services, shop.tenant_id, shop.numbered(1), CancelReason.NO_INVENTORY, "test"
        )


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
    day.carry(2)
    assert shop.problems() == {}
    assert sum("The buyer asks to cancel" in note for note in day.notes()) == 1


def test_a_refund_of_seller_central_is_reported_once(shop: ShopWorld) -> None:
    day = a_day(shop)
    day.ship(2)
    day.carry(3)
    seller_central.refund(shop.amazon, shop.numbered(1), amount="9.80")
    shop.pass_time(minutes=40)
    day.carry(4, minutes=40)
    assert day.saleor()["transactions"][0]["refundedAmount"]["amount"] == Decimal("9.8")


def test_a_refund_that_is_heard_of_before_its_parcel_waits_for_it(shop: ShopWorld) -> None:
    """A shop may refuse to fulfil what is not fully paid: after the refund it were too late."""
    day = a_day(shop)
    shop.allow_unpaid(on=False)
    seller_central.ship(shop.amazon, shop.numbered(1))
    seller_central.refund(shop.amazon, shop.numbered(1), amount="9.80")
    shop.pass_time(minutes=40)
    day.carry(3)
    order = day.saleor()
    assert order["status"] == "FULFILLED"
    assert order["transactions"][0]["refundedAmount"]["amount"] == Decimal("9.8")
    assert shop.problems() == {}


def test_a_refund_is_not_told_as_long_as_its_order_cannot_be_read(shop: ShopWorld) -> None:
    day = a_day(shop)
    seller_central.ship(shop.amazon, shop.numbered(1))
    seller_central.refund(shop.amazon, shop.numbered(1), amount="9.80")
    shop.pass_time(minutes=40)
    shop.fault(FaultKind.SERVER_ERROR, operation="getOrder", count=20)
    day.carry()
    assert day.saleor()["transactions"][0]["refundedAmount"]["amount"] == 0
    shop.amazon.faults.clear()
    day.carry(3, minutes=40)
    assert day.saleor()["transactions"][0]["refundedAmount"]["amount"] == Decimal("9.8")


def test_what_is_shipped_after_a_refund_names_the_shops_own_rule(shop: ShopWorld) -> None:
    day = a_day(shop)
    shop.allow_unpaid(on=False)
    (told,) = day.amazon()["orderItems"]
    one = [{"orderItemId": told["orderItemId"], "quantity": 1}]
    seller_central.ship(shop.amazon, shop.numbered(1), one)
    seller_central.refund(shop.amazon, shop.numbered(1), amount="9.80")
    shop.pass_time(minutes=40)
    day.carry(3)
    seller_central.ship(shop.amazon, shop.numbered(1))
    shop.run()
    day.carry(2)
    assert "Allow fulfillment without payment" in shop.problem_texts()["fulfil_not_possible"]
    shop.allow_unpaid(on=True)
    day.carry(2, minutes=40)
    assert day.saleor()["status"] == "FULFILLED"
    assert shop.problems() == {}


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


def test_another_programs_feed_is_no_proof_that_a_refund_was_paid(shop: ShopWorld) -> None:
    """The call that creates the feed never arrived; just then another program created one."""
    day = a_day(shop)
    day.ship(2)
    day.carry(3)
    shop.fault(FaultKind.DROP, operation="createFeed", count=1)
    asked = asking.RefundAsked(Decimal("29.80"))
    asking.refund(shop.services, shop.tenant_id, shop.numbered(1), asked, "test")
    day.carry()
    create_a_feed_elsewhere(shop)
    day.carry(6, seconds=90)
    assert len(shop.amazon.feeds) == 1
    assert shop.amazon.refunds == []
    assert day.states()[-1] == ("refund", "needs_attention")
    assert day.saleor()["transactions"][0]["refundedAmount"]["amount"] == 0


def create_a_feed_elsewhere(shop: ShopWorld) -> None:
    """Create a feed with one message, all of which Amazon accepts."""
    gone = UnitsCancellation(
        order_id=AmazonOrderId(shop.sell(item(1, quantity=2, total="29.80"), number=2)),
        units=(CancelledUnits(item_id=OrderItemId("00000000000001"), quantity=1),),
        reason=AdjustmentReason.NO_INVENTORY,
    )
    document = write_feed(SELLER, FeedType.ADJUSTMENT, [(1, gone)])
    seller, api = shop.services.seller(shop.account()), shop.services.amazon
    where = upload_document(api, seller, "eu", document)
    create_feed(api, seller, "eu", FeedType.ADJUSTMENT, [DE], where)


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


def test_an_address_that_saleor_cannot_hold_is_one_problem_until_it_can(shop: ShopWorld) -> None:
    day = a_day(shop)
    for country in ("XX", "DE"):
        change = {"countryCode": country, "addressLine1": "Neue Gasse 7"}
        seller_central.change_address(shop.amazon, shop.numbered(1), change)
        shop.run()
        for _ in range(2):
            day.mark()
            day.carry()
        if country == "XX":
            assert shop.problems() == {"address": "country_code"}
            assert sum("no country" in note for note in day.notes()) == 1
    assert shop.problems() == {}
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


def test_a_listed_refund_of_a_cancelled_order_counts_once(shop: ShopWorld) -> None:
    day = a_day(shop)
    seller_central.cancel(shop.amazon, shop.numbered(1), "BUYER")
    shop.run()
    day.carry(2)
    for reference in ("T1", "T2"):
        with shop.services.database.tenant(shop.tenant_id) as session:
            refund = ForeignRefund(
                order_id=shop.row_id(session, 1),
                reference=reference,
                amount="29.80",
                currency="EUR",
                posted_at=shop.services.now(),
            )
            session.add(refund)
        day.mark()
        day.carry()
    payment = day.saleor()["transactions"][0]
    assert payment["refundedAmount"]["amount"] == Decimal("29.8")
    assert payment["chargedAmount"]["amount"] == 0


def test_what_nobody_knew_is_settled_once_amazon_shows_it(shop: ShopWorld) -> None:
    day = a_day(shop)
    shop.fault(FaultKind.FEED_CANCELLED, count=1)
    day.cancel_in_saleor()
    day.carry(6, seconds=90)
    assert "needs_attention" in shop.problems()
    seller_central.cancel(shop.amazon, shop.numbered(1), "MERCHANT")
    shop.run()
    day.carry(2)
    assert shop.problems() == {}
    assert day.states() == [("cancel_order", "accepted")]


def test_a_refused_parcel_that_was_then_told_in_seller_central_is_no_problem(
    shop: ShopWorld,
) -> None:
    day = a_day(shop)
    shop.fault(FaultKind.TRANSIENT_400, operation="confirmShipment", count=3)
    day.ship(2)
    day.carry(5, seconds=60)
    assert "rejected" in shop.problems()
    seller_central.ship(shop.amazon, shop.numbered(1), carrier="UPS", tracking_number=UPS)
    shop.run()
    day.carry(2)
    assert shop.problems() == {}
    assert len(day.amazon()["packages"]) == 1


def test_a_number_changed_twice_in_seller_central_is_followed_twice(shop: ShopWorld) -> None:
    day = a_day(shop)
    day.ship(2)
    day.carry(3)
    for number in ("NEW-1", "NEW-2"):
        packages = [{**p, "trackingNumber": number} for p in day.amazon()["packages"]]
        shop.change(1, packages=packages)
        shop.run()
        day.carry(3)
        assert number in {f["trackingNumber"] for f in day.saleor()["fulfillments"]}
        assert [p["trackingNumber"] for p in day.amazon()["packages"]] == [number]
    assert day.states() == [("shipment", "accepted")]


def test_the_place_that_a_parcel_left_from_is_read_from_saleor(shop: ShopWorld) -> None:
    day = a_day(shop)
    text = "query W { warehouses(first: 9) { edges { node { id slug } } } }"
    nodes = [edge["node"] for edge in day.mutate("W", text)["warehouses"]["edges"]]
    place = next(node["slug"] for node in nodes if node["id"] == shop.warehouse())
    choices.set_word(shop.services, shop.tenant_id, "supply_source", place, "SOURCE-1")
    day.ship(2)
    day.carry(3)
    assert day.states() == [("shipment", "accepted")]
    with shop.services.database.tenant(shop.tenant_id) as session:
        intent = session.scalars(select(Intent)).one()
    message = ledgering.open_message(shop.services.vault, intent)
    assert isinstance(message, Shipment)
    assert message.supply_source_id == "SOURCE-1"


def test_two_equal_refunds_are_two_lines_of_the_history(shop: ShopWorld) -> None:
    day = a_day(shop)
    day.ship(2)
    day.carry(3)
    asked = asking.RefundAsked(Decimal("1.00"))
    for _ in range(2):
        asking.refund(shop.services, shop.tenant_id, shop.numbered(1), asked, "test")
    day.carry(4)
    text = "Amazon accepted the refund: Refund of €1.00, reason GeneralAdjustment."
    assert day.notes().count(text) == 2


APPROVE = """mutation A($id: ID!) { orderFulfillmentApprove(id: $id, notifyCustomer: false)
  { errors { message } } }"""


def test_a_late_approval_is_told_in_time_and_clears_itself(shop: ShopWorld) -> None:
    shop._control("POST", "/settings", {"fulfillment_auto_approve": False})
    ship_by = shop.services.now() + timedelta(hours=30)
    window = {"latestDateTime": ship_by.strftime("%Y-%m-%dT%H:%M:%SZ")}
    fulfillment = {
        "fulfillmentStatus": "UNSHIPPED",
        "fulfilledBy": "MERCHANT",
        "shipByWindow": window,
    }
    day = a_day(shop, fulfillment=fulfillment)
    made = day.ship(2)
    day.carry()
    assert (day.states(), "approval_missing" in shop.problems()) == ([], False)
    shop.pass_time(hours=7)
    day.carry()
    assert shop.problems()["approval_missing"] == made
    assert "Amazon wants the order shipped by" in shop.problem_texts()["approval_missing"]
    shop.pass_time(hours=24)
    day.carry()
    assert "it counts as late" in shop.problem_texts()["approval_missing"]
    assert day.states() == []
    day.mutate("A", APPROVE, id=made)
    day.carry(3)
    assert day.states() == [("shipment", "accepted")]
    assert "approval_missing" not in shop.problems()
