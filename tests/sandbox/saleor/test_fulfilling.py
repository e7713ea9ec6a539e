"""Fulfilments: refusals, approval, tracking, mails."""

from typing import Any

import pytest

from saleor_amazon_app.sandbox.saleor.ids import to_global
from tests.sandbox.saleor.shops import CANCEL_FULFILLMENT, Shop, payment
from tests.sandbox.saleor.test_stock import FULFILL, fulfill, stock_input

APPROVE = """mutation Approve($id: ID!) {
  orderFulfillmentApprove(id: $id, notifyCustomer: false) {
    order { status } fulfillment { status } errors { field code message } } }"""
TRACK = """mutation Track($id: ID!, $notify: Boolean) {
  orderFulfillmentUpdateTracking(id: $id, input: {trackingNumber: "T1", notifyCustomer: $notify}) {
    fulfillment { trackingNumber } errors { code } } }"""


@pytest.fixture
def order(shop: Shop) -> Any:
    shop.create(shop.order(transactions=[payment()]))
    return shop.state.order_by_reference("111-1")


def fulfillment_id(order: Any) -> str:
    return to_global("Fulfillment", order.fulfillments[-1].id)


def test_a_part_then_the_rest(shop: Shop, order: Any) -> None:
    assert fulfill(shop, order, 1)["order"]["status"] == "PARTIALLY_FULFILLED"
    too_many = fulfill(shop, order, 2)["errors"][0]
    assert (too_many["field"], too_many["code"]) == ("orderLineId", "FULFILL_ORDER_LINE")
    assert too_many["message"] == "Only 1 item remaining to fulfill."
    assert too_many["orderLines"] == [to_global("OrderLine", order.lines[0].id)]
    assert fulfill(shop, order, 1)["order"]["status"] == "FULFILLED"


def test_the_customer_is_told_unless_that_is_switched_off(shop: Shop, order: Any) -> None:
    fulfill(shop, order, 1, notifyCustomer=False)
    assert shop.control("/mails").json() == []
    fulfill(shop, order, 1)
    (mail,) = shop.control("/mails").json()
    assert (mail["kind"], mail["to"]) == ("fulfillment_confirmation", "buyer@amazon.invalid")


def test_an_unpaid_order_can_be_fulfilled_unless_the_shop_forbids_it(shop: Shop) -> None:
    shop.create(shop.order())
    assert fulfill(shop, None, 1)["errors"] == []
    shop.control("/settings", {"fulfillment_allow_unpaid": False})
    (error,) = fulfill(shop, None)["errors"]
    assert (error["field"], error["code"]) == ("order", "CANNOT_FULFILL_UNPAID_ORDER")


def test_nothing_and_twice_the_same_are_refused(shop: Shop, order: Any) -> None:
    assert fulfill(shop, order, 0)["errors"][0]["code"] == "ZERO_QUANTITY"
    told = stock_input(shop, order, 1)
    told["input"]["lines"] *= 2
    errors = shop.ask(FULFILL, **told)["orderFulfill"]["errors"]
    assert errors[0]["code"] == "DUPLICATED_INPUT_ITEM"


def test_a_fulfilment_that_waits_takes_no_stock_until_it_is_approved(
    shop: Shop, order: Any
) -> None:
    shop.control("/settings", {"fulfillment_auto_approve": False})
    told = fulfill(shop, order)
    assert told["fulfillments"][0]["status"] == "WAITING_FOR_APPROVAL"
    assert (told["order"]["status"], shop.levels()) == ("UNFULFILLED", (400, 0))
    approved = shop.ask(APPROVE, id=fulfillment_id(order))["orderFulfillmentApprove"]
    assert approved["order"]["status"] == "FULFILLED"
    assert shop.levels() == (398, 0)
    again = shop.ask(APPROVE, id=fulfillment_id(order))["orderFulfillmentApprove"]
    assert again["errors"][0]["code"] == "INVALID"


def test_taking_back_one_that_waits_needs_no_warehouse(shop: Shop, order: Any) -> None:
    shop.control("/settings", {"fulfillment_auto_approve": False})
    fulfill(shop, order)
    told = shop.ask(CANCEL_FULFILLMENT, id=fulfillment_id(order))["orderFulfillmentCancel"]
    assert told["fulfillment"]["status"] == "CANCELED"
    assert shop.levels() == (400, 0)


def test_taking_back_what_was_sent_needs_a_warehouse(shop: Shop) -> None:
    shop.create(shop.sent())
    key = fulfillment_id(shop.state.order_by_reference("111-1"))
    (error,) = shop.ask(CANCEL_FULFILLMENT, id=key)["orderFulfillmentCancel"]["errors"]
    assert (error["field"], error["code"]) == ("warehouseId", "REQUIRED")


def test_taking_back_twice_is_refused(shop: Shop) -> None:
    order = shop.reserve()
    told = shop.ask(CANCEL_FULFILLMENT, id=fulfillment_id(order), warehouse=shop.warehouse)
    (error,) = told["orderFulfillmentCancel"]["errors"]
    assert error["code"] == "CANNOT_CANCEL_FULFILLMENT"
    assert shop.levels() == (400, 2)


def test_an_imported_fulfilment_has_no_warehouse(shop: Shop) -> None:
    shop.create(shop.sent())
    told = shop.ask(
        '{ order(externalReference: "111-1") { fulfillments { status warehouse { id } } } }'
    )
    assert told["order"]["fulfillments"] == [{"status": "FULFILLED", "warehouse": None}]


@pytest.mark.parametrize(("notify", "mails"), [(False, 0), (True, 1)])
def test_tracking(shop: Shop, notify: bool, mails: int) -> None:
    shop.create(shop.sent())
    key = fulfillment_id(shop.state.order_by_reference("111-1"))
    told = shop.ask(TRACK, id=key, notify=notify)["orderFulfillmentUpdateTracking"]
    assert told["fulfillment"]["trackingNumber"] == "T1"
    assert len(shop.control("/mails").json()) == mails


def test_ids_of_nothing_and_of_something_else_are_refused(shop: Shop) -> None:
    cases = {"Fulfillment": "NOT_FOUND", "Order": "GRAPHQL_ERROR"}
    for type_name, code in cases.items():
        told = shop.ask(CANCEL_FULFILLMENT, id=to_global(type_name, 9))["orderFulfillmentCancel"]
        assert told["errors"][0]["code"] == code
