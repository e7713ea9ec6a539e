"""Refunds by feed, and units cancelled before they are shipped."""

from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.sandbox.amazon.changes import change
from saleor_amazon_app.sandbox.amazon.state import State
from tests.sandbox.amazon.amazon import JP, UK, Caller, Client
from tests.sandbox.amazon.writing import (
    ACKNOWLEDGE,
    ADJUST,
    MUG,
    PAN,
    acknowledgement,
    adjusted_item,
    adjustment,
    an_item,
    cancelled_units,
    confirm,
    process,
    refused,
    results,
    sell,
    summary,
    told,
)

NOT_ELIGIBLE = "The requested refund amount for the tax or shipping tax is not eligible"


def shipped(state: State, *items: dict[str, Any], **fields: Any) -> str:
    order_id = sell(state, *items, **fields).order_id
    change(state, order_id, {"status": "SHIPPED"})
    return order_id


def refund(state: State, call: Caller, order_id: str, *items: str) -> Any:
    return process(state, call, ADJUST, adjustment(order_id, *items))


def test_a_part_of_an_item_is_refunded(state: State, client: Client, call: Caller) -> None:
    order_id = shipped(state, an_item(price="20.00"))
    answer = refund(state, call, order_id, adjusted_item(Principal="5.50", quantity=1))
    assert summary(answer) == (1, 1, 0, 0)
    (told_refund,) = client.get("/control/refunds").json
    assert told_refund["order_id"] == order_id
    assert (told_refund["source"], told_refund["sum"]) == ("feed", "5.50")
    (item,) = told_refund["items"]
    assert item["components"] == {"Principal": "5.50"}
    assert (item["orderItemId"], item["sku"], item["quantity"]) == (MUG, "SKU-1", 1)
    (row,) = client.get("/control/orders").json
    assert (row["refunded"], row["status"]) == ("5.50", "SHIPPED")


def test_a_repeated_feed_refunds_again_up_to_the_balance(state: State, call: Caller) -> None:
    order_id = shipped(state, an_item(price="20.00"))
    body = adjustment(order_id, adjusted_item(Principal="8.00"))
    answers = [summary(process(state, call, ADJUST, body))[1] for _ in range(3)]
    assert answers == [1, 1, 0]
    assert [each.sum for each in state.refunds] == ["8.00", "8.00"]


def test_a_restocking_fee_lessens_a_refund(state: State, call: Caller) -> None:
    order_id = shipped(state, an_item(price="20.00"))
    refund(state, call, order_id, adjusted_item(Principal="20.00", RestockingFee="-3.00"))
    assert state.refunds[0].sum == "17.00"


def test_a_promotion_is_taken_back(state: State, call: Caller) -> None:
    order_id = shipped(state, an_item(price="20.00", discount="2.00"))
    text = refused(refund(state, call, order_id, adjusted_item(Principal="20.00")))
    assert "more than is left of the item" in text
    whole = adjusted_item(Principal="20.00", promotions={"Principal": "-2.00"})
    assert summary(refund(state, call, order_id, whole)) == (1, 1, 0, 0)
    assert state.refunds[0].sum == "18.00"


@pytest.mark.parametrize(
    ("sums", "promotions", "complaint"),
    [
        ({"Principal": "20.01"}, None, "Principal is more than is left"),
        ({"Shipping": "5.01"}, None, "Shipping is more than is left"),
        ({"GiftWrap": "1.00"}, None, "GiftWrap is more than is left"),
        ({"Principal": "20.00", "Goodwill": "5.01"}, None, "more than is left of the item"),
        ({"Principal": "1.00", "RestockingFee": "-1.00"}, None, "must be a credit"),
        ({"Principal": "-1.00"}, None, "must be a credit"),
        ({"Principal": "5.00", "RestockingFee": "1.00"}, None, "fee must be negative"),
        ({"Principal": "5.00"}, {"Principal": "1.00"}, "adjustment must be negative"),
        ({"Principal": "5.00"}, {"Principal": "-1.00"}, "promotion is more than is left"),
        ({}, None, "must be a credit"),
    ],
)
def test_what_is_not_left_is_not_refunded(
    state: State,
    call: Caller,
    sums: dict[str, Any],
    promotions: dict[str, str] | None,
    complaint: str,
) -> None:
    order_id = shipped(state, an_item(price="20.00", shipping="5.00"))
    item = adjusted_item(promotions=promotions, **sums)
    assert complaint in refused(refund(state, call, order_id, item))
    assert state.refunds == []


def test_several_entries_of_one_item_are_judged_together(state: State, call: Caller) -> None:
    order_id = shipped(state, an_item(price="20.00"))
    twice = [adjusted_item(Principal="15.00")] * 2
    assert "more than is left" in refused(refund(state, call, order_id, *twice))


def test_a_message_is_carried_out_whole_or_not_at_all(state: State, call: Caller) -> None:
    order_id = shipped(state, an_item(MUG), an_item(PAN, "60.00"))
    items = adjusted_item(MUG, Principal="1.00"), adjusted_item(PAN, Principal="61.00")
    answer = refund(state, call, order_id, *items)
    assert refused(answer)
    assert answer.findtext(".//AdditionalInfo/AmazonOrderItemCode") == PAN
    assert state.refunds == []


@pytest.mark.parametrize("marketplace", [UK, JP])
def test_where_prices_contain_the_tax_there_is_none_to_refund(
    state: State, call: Caller, marketplace: str
) -> None:
    currency = {UK: "GBP", JP: "JPY"}[marketplace]
    item = an_item(price="2000", tax="300", currency=currency, tax_on_top=False)
    order_id = shipped(state, item, marketplace=marketplace)
    taxed = adjusted_item(Principal="100", Tax="20", currency=currency)
    assert refused(refund(state, call, order_id, taxed)) == NOT_ELIGIBLE
    gross = adjusted_item(Principal="2000", currency=currency)
    assert summary(refund(state, call, order_id, gross)) == (1, 1, 0, 0)
    assert state.refunds[0].tax_by_amazon in ("0", "0.00")


def test_the_sellers_own_sales_tax_is_refunded_by_the_seller(state: State, call: Caller) -> None:
    order_id = shipped(state, an_item(price="20.00", tax="2.00"))
    over = adjusted_item(Principal="20.00", Tax="2.01")
    assert "Tax is more than is left" in refused(refund(state, call, order_id, over))
    refund(state, call, order_id, adjusted_item(Principal="20.00", Tax="2.00"))
    assert (state.refunds[0].sum, state.refunds[0].tax_by_amazon) == ("22.00", "0.00")


def test_tax_that_amazon_collected_is_refunded_by_amazon_in_proportion(
    state: State, client: Client, call: Caller
) -> None:
    order_id = shipped(state, an_item(price="20.00", tax="1.99", facilitated=True))
    taxed = adjusted_item(Principal="10.00", Tax="1.00")
    assert refused(refund(state, call, order_id, taxed)) == NOT_ELIGIBLE
    for _ in range(2):
        refund(state, call, order_id, adjusted_item(Principal="10.00"))
    assert [r.tax_by_amazon for r in state.refunds] == ["1.00", "0.99"]
    (row,) = client.get("/control/orders").json
    assert row["refunded"] == "21.99"


def test_the_currency_is_the_orders(state: State, call: Caller) -> None:
    order_id = shipped(state)
    item = adjusted_item(Principal="1.00", currency="EUR")
    assert "EUR" in refused(refund(state, call, order_id, item))


@pytest.mark.parametrize("status", ["PENDING", "UNSHIPPED", "CANCELLED"])
def test_only_shipped_orders_are_refunded(state: State, call: Caller, status: str) -> None:
    order_id = sell(state).order_id
    change(state, order_id, {"status": status})
    assert status in refused(refund(state, call, order_id, adjusted_item(Principal="1.00")))


def test_only_shipped_items_and_quantities_are_refunded(state: State, call: Caller) -> None:
    order_id = sell(state, an_item(MUG, "40.00", 2), an_item(PAN, "60.00")).order_id
    confirm(call, order_id)
    for item in (
        adjusted_item(MUG, Principal="40.00", quantity=2),
        adjusted_item(PAN, Principal="1.00", quantity=1),
        adjusted_item(PAN, Principal="1.00"),
    ):
        assert "more than was shipped" in refused(refund(state, call, order_id, item))
    item = adjusted_item(MUG, Principal="20.00", quantity=1)
    assert summary(refund(state, call, order_id, item)) == (1, 1, 0, 0)


def test_orders_that_amazon_fulfils_and_unknown_ones_are_refused(
    state: State, call: Caller
) -> None:
    status = {"fulfillmentStatus": "SHIPPED", "fulfilledBy": "AMAZON"}
    order_id = sell(state, fulfillment=status).order_id
    bodies = [
        adjustment(each, adjusted_item(Principal="1.00"))
        for each in (order_id, "111-9999999-9999999")
    ]
    assert summary(process(state, call, ADJUST, *bodies)) == (2, 0, 2, 0)


def test_an_order_may_be_named_by_the_merchants_number(state: State, call: Caller) -> None:
    order_id = shipped(state)
    own = "<MerchantOrderID>ORD-7</MerchantOrderID>"
    process(state, call, ACKNOWLEDGE, acknowledgement(order_id, "Success", own=own))
    body = adjustment(order_id, adjusted_item(Principal="1.00"))
    body = body.replace(f"<AmazonOrderID>{order_id}</AmazonOrderID>", own)
    assert summary(process(state, call, ADJUST, body)) == (1, 1, 0, 0)


def test_the_merchants_id_of_an_adjustment_is_kept(state: State, call: Caller) -> None:
    item = adjusted_item(Principal="1.00").replace(
        "<AdjustmentReason>",
        "<MerchantAdjustmentItemID>RF-1</MerchantAdjustmentItemID><AdjustmentReason>",
    )
    refund(state, call, shipped(state), item)
    assert state.refunds[0].items[0]["adjustmentId"] == "RF-1"


def cancel(state: State, call: Caller, order_id: str, *items: str) -> Any:
    return process(state, call, ADJUST, adjustment(order_id, *items, action="Cancel"))


def adds_up(order: dict[str, Any]) -> bool:
    items = [item["proceeds"]["proceedsTotal"]["amount"] for item in order["orderItems"]]
    return sum(map(Decimal, items)) == Decimal(order["proceeds"]["grandTotal"]["amount"])


def test_units_are_cancelled_with_their_share_of_the_money(state: State, call: Caller) -> None:
    mugs = an_item(MUG, "10.00", 3, shipping="3.00", discount="1.00", tax="0.80")
    order_id = sell(state, mugs, an_item(PAN, "60.00")).order_id
    assert summary(cancel(state, call, order_id, cancelled_units(MUG, 1))) == (1, 1, 0, 0)
    order = told(call, order_id)
    item = order["orderItems"][0]
    assert (item["quantityOrdered"], item["fulfillment"]["quantityUnfulfilled"]) == (2, 2)
    told_parts = {b["type"]: b["subtotal"]["amount"] for b in item["proceeds"]["breakdowns"]}
    assert told_parts == {"ITEM": "6.67", "SHIPPING": "2.00", "DISCOUNT": "-0.67", "TAX": "0.53"}
    assert item["proceeds"]["proceedsTotal"]["amount"] == "8.53"
    assert "cancellation" not in item
    assert adds_up(order)
    parts = {b["type"]: b["subtotal"]["amount"] for b in order["proceeds"]["breakdowns"]}
    assert parts["ITEM"] == "66.67"


def test_an_item_cancelled_whole_says_so(state: State, call: Caller) -> None:
    order_id = sell(state, an_item(MUG), an_item(PAN, "60.00")).order_id
    cancel(state, call, order_id, cancelled_units(MUG, 1, "CouldNotShip"))
    order = told(call, order_id)
    assert order["orderItems"][0]["cancellation"]["cancellationExecution"] == {
        "cancelledBy": "MERCHANT",
        "cancelReason": "CouldNotShip",
    }
    assert order["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"
    assert order["proceeds"]["grandTotal"]["amount"] == "60.00"
    assert adds_up(order)
    assert state.restocked == {"A1SELLER": {"SKU-1": 1}}


def test_cancelling_what_is_left_completes_the_order(state: State, call: Caller) -> None:
    order_id = sell(state, an_item(MUG), an_item(PAN, "60.00")).order_id
    confirm(call, order_id)
    cancel(state, call, order_id, cancelled_units(PAN, 1))
    assert told(call, order_id)["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert state.restocked == {}


def test_a_whole_order_is_not_cancelled_this_way(state: State, call: Caller) -> None:
    order_id = sell(state, an_item(MUG), an_item(PAN, "60.00")).order_id
    answer = cancel(state, call, order_id, cancelled_units(MUG, 1), cancelled_units(PAN, 1))
    assert "acknowledgement feed" in refused(answer)


@pytest.mark.parametrize(
    "item",
    [
        cancelled_units(MUG, 3),
        cancelled_units(MUG, 2) + cancelled_units(MUG, 1),
        adjusted_item(MUG, Principal="1.00"),
        cancelled_units("99999999999999", 1),
    ],
)
def test_cancellations_that_are_refused(state: State, call: Caller, item: str) -> None:
    order_id = sell(state, an_item(MUG, "40.00", 2), an_item(PAN, "60.00")).order_id
    ((_, code, _, _),) = results(cancel(state, call, order_id, item))
    assert code == "Error"
    assert told(call, order_id)["orderItems"][0]["quantityOrdered"] == 2


def test_shipped_units_are_not_cancelled(state: State, call: Caller) -> None:
    order_id = sell(state, an_item(MUG, "40.00", 2), an_item(PAN, "60.00")).order_id
    confirm(call, order_id)
    assert refused(cancel(state, call, order_id, cancelled_units(MUG, 2)))
    assert refused(cancel(state, call, shipped(state, number=2), cancelled_units(MUG, 1)))


def test_a_refund_names_no_units_to_cancel(state: State, call: Caller) -> None:
    answer = refund(state, call, shipped(state), cancelled_units(MUG, 1))
    assert "action type Cancel" in refused(answer)
