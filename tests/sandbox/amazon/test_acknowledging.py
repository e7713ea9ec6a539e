"""Cancelling an order by feed, and the danger of doing so late."""

import pytest

from saleor_amazon_app.sandbox.amazon.changes import change
from saleor_amazon_app.sandbox.amazon.state import State
from tests.sandbox.amazon.amazon import US, Caller, Client
from tests.sandbox.amazon.writing import (
    ACKNOWLEDGE,
    MUG,
    PAN,
    a_sale,
    acknowledgement,
    an_item,
    cancelled_item,
    confirm,
    process,
    refused,
    sell,
    summary,
    told,
)


def test_a_failure_cancels_the_whole_order(state: State, call: Caller) -> None:
    order_id = sell(state, an_item(MUG), an_item(PAN, "60.00", 3)).order_id
    body = acknowledgement(order_id, items=cancelled_item(MUG, "BuyerCanceled"))
    assert summary(process(state, call, ACKNOWLEDGE, body)) == (1, 1, 0, 0)
    order = told(call, order_id)
    assert order["fulfillment"]["fulfillmentStatus"] == "CANCELLED"
    assert "proceeds" not in order
    for item in order["orderItems"]:
        assert item["quantityOrdered"] == 0
        assert item["cancellation"]["cancellationExecution"] == {
            "cancelledBy": "MERCHANT",
            "cancelReason": "BuyerCanceled",
        }


def test_no_item_need_be_named(state: State, call: Caller) -> None:
    order_id = sell(state).order_id
    process(state, call, ACKNOWLEDGE, acknowledgement(order_id))
    assert told(call, order_id)["fulfillment"]["fulfillmentStatus"] == "CANCELLED"


def test_a_buyers_request_stays_visible(state: State, call: Caller) -> None:
    order_id = sell(state).order_id
    change(state, order_id, {"buyer_cancel_reason": "BUYER_CANCELED"})
    process(state, call, ACKNOWLEDGE, acknowledgement(order_id))
    cancellation = told(call, order_id)["orderItems"][0]["cancellation"]
    assert set(cancellation) == {"cancellationRequest", "cancellationExecution"}


def test_other_reasons_than_no_inventory_put_units_back_on_offer(
    state: State, client: Client, call: Caller
) -> None:
    order_id = sell(state, an_item(MUG, "40.00", 2), an_item(PAN)).order_id
    items = cancelled_item(MUG, "PricingError") + cancelled_item(PAN, "NoInventory")
    process(state, call, ACKNOWLEDGE, acknowledgement(order_id, items=items))
    assert client.get("/control/restocked").json == {"A1SELLER": {"SKU-1": 2}}


def test_after_a_shipment_the_whole_order_is_refunded(
    state: State, client: Client, call: Caller
) -> None:
    order_id = sell(state, an_item(MUG, "20.00"), an_item(PAN, "60.00", shipping="5.00")).order_id
    confirm(call, order_id)
    process(state, call, ACKNOWLEDGE, acknowledgement(order_id))
    assert told(call, order_id)["fulfillment"]["fulfillmentStatus"] == "PARTIALLY_SHIPPED"
    (refund,) = client.get("/control/refunds").json
    assert (refund["source"], refund["total"]) == ("double", "85.00")
    (row,) = client.get("/control/orders").json
    assert (row["refunded"], row["refunded_by_mistake"]) == ("85.00", True)


def test_a_cancelled_order_is_not_cancelled_again(state: State, call: Caller) -> None:
    order_id = sell(state).order_id
    bodies = [acknowledgement(order_id), acknowledgement(order_id)]
    assert summary(process(state, call, ACKNOWLEDGE, *bodies)) == (2, 1, 1, 0)


@pytest.mark.parametrize("status", ["PENDING", "PENDING_AVAILABILITY", "CANCELLED"])
def test_orders_in_these_states_are_refused(state: State, call: Caller, status: str) -> None:
    order_id = sell(state).order_id
    change(state, order_id, {"status": status})
    text = refused(process(state, call, ACKNOWLEDGE, acknowledgement(order_id)))
    assert status in text


def test_orders_that_amazon_fulfils_are_refused(state: State, call: Caller) -> None:
    status = {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "AMAZON"}
    body = acknowledgement(sell(state, fulfillment=status).order_id)
    assert "fulfilled by Amazon" in refused(process(state, call, ACKNOWLEDGE, body))


def test_unknown_orders_items_and_other_sellers_orders_are_refused(
    state: State, call: Caller
) -> None:
    state.add_seller("OTHER", "Atzr|other", [US])
    state.put_order("OTHER", a_sale(number=5))
    order_id = sell(state).order_id
    bodies = [
        acknowledgement("111-0000000-0000005"),
        acknowledgement("111-9999999-9999999"),
        acknowledgement(order_id, items=cancelled_item("99999999999999")),
    ]
    assert summary(process(state, call, ACKNOWLEDGE, *bodies)) == (3, 0, 3, 0)
    assert told(call, order_id)["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"


def test_a_success_gives_the_order_the_merchants_number(state: State, call: Caller) -> None:
    order_id = sell(state).order_id
    own = "<MerchantOrderID>ORD-55</MerchantOrderID>"
    process(state, call, ACKNOWLEDGE, acknowledgement(order_id, "Success", own=own))
    order = told(call, order_id)
    assert order["orderAliases"] == [{"aliasId": "ORD-55", "aliasType": "SELLER_ORDER_ID"}]
    assert order["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"
    process(state, call, ACKNOWLEDGE, acknowledgement(order_id, "Success"))
    assert len(told(call, order_id)["orderAliases"]) == 1
