from typing import Any

import pytest

from saleor_amazon_app.sandbox.amazon.state import SHIPPING_ROLE, TAX_ROLES, State
from tests.sandbox.amazon.amazon import (
    ALL_DATA,
    SELLER,
    UK,
    US,
    Caller,
    a_rich_order,
    ago,
    order_id,
)

BASIC = {"orderId", "createdTime", "lastUpdatedTime", "salesChannel", "programs", "orderItems"}
BASIC_ITEM = {"orderItemId", "quantityOrdered", "product"}


def shown(call: Caller, data: str = ALL_DATA) -> dict[str, Any]:
    order: dict[str, Any] = call.order(order_id(1), includedData=data).json["order"]
    assert call.search(includedData=data).json["orders"] == [order]
    return order


@pytest.mark.parametrize(
    ("data_set", "of_order", "of_item"),
    [
        ("", set(), set()),
        ("BUYER", {"buyer"}, set()),
        ("RECIPIENT", {"recipient"}, set()),
        ("PROCEEDS", {"proceeds"}, {"proceeds"}),
        ("EXPENSE", set(), {"expense"}),
        ("PROMOTION", set(), {"promotion"}),
        ("CANCELLATION", set(), {"cancellation"}),
        ("FULFILLMENT", {"fulfillment"}, {"fulfillment"}),
        ("PACKAGES", {"packages"}, set()),
        ("TAX", {"tax"}, {"tax"}),
        ("PAYMENT", {"payment"}, set()),
        ("FULFILLMENT_ORDERS", {"fulfillmentOrders"}, set()),
    ],
)
def test_a_data_set_brings_its_fields_and_no_others(
    state: State, call: Caller, data_set: str, of_order: set[str], of_item: set[str]
) -> None:
    state.put_order(SELLER, a_rich_order())
    order = shown(call, data_set)
    assert set(order) == BASIC | of_order
    assert set(order["orderItems"][0]) == BASIC_ITEM | of_item


def test_the_shipping_role_unlocks_everything_of_a_merchants_order(
    state: State, call: Caller
) -> None:
    state.sellers[SELLER].roles = frozenset({SHIPPING_ROLE})
    state.put_order(SELLER, a_rich_order())
    order = shown(call)
    assert {"buyerName", "buyerEmail"} <= set(order["buyer"])
    assert order["recipient"]["deliveryAddress"]["phone"]
    assert order["orderItems"][0]["product"]["customization"]
    assert order["orderItems"][0]["fulfillment"]["packing"]["giftOption"]["giftMessage"]


def test_without_a_role_personal_data_is_left_out_without_a_word(
    state: State, call: Caller
) -> None:
    state.sellers[SELLER].roles = frozenset()
    state.put_order(SELLER, a_rich_order())
    order = shown(call)
    assert order["buyer"] == {"buyerCompanyName": "Ada Ltd"}
    address = order["recipient"]["deliveryAddress"]
    assert set(address) == {"city", "stateOrRegion", "countryCode"}
    assert "customization" not in order["orderItems"][0]["product"]
    packing = order["orderItems"][0]["fulfillment"]["packing"]
    assert packing["giftOption"] == {"giftWrapLevel": "1"}


@pytest.mark.parametrize(("marketplace", "named"), [(UK, True), (US, False)])
def test_tax_roles_unlock_the_name_but_not_in_the_united_states(
    state: State, call: Caller, marketplace: str, named: bool
) -> None:
    state.sellers[SELLER].roles = TAX_ROLES
    order = a_rich_order()
    order["salesChannel"]["marketplaceId"] = marketplace
    state.put_order(SELLER, order)
    buyer = shown(call)["buyer"]
    assert ("buyerName" in buyer) is named
    assert "buyerEmail" not in buyer


def test_of_fba_orders_amazon_tells_no_phone_no_mail_and_no_packages(
    state: State, call: Caller
) -> None:
    state.put_order(SELLER, a_rich_order(fulfilledBy="AMAZON", fulfillmentStatus="SHIPPED"))
    order = shown(call)
    assert "packages" not in order
    assert "buyerEmail" not in order["buyer"]
    assert "phone" not in order["recipient"]["deliveryAddress"]


@pytest.mark.parametrize("status", ["PENDING", "CANCELLED"])
def test_a_buyers_mail_is_told_only_while_there_is_something_to_ship(
    state: State, call: Caller, status: str
) -> None:
    state.put_order(SELLER, a_rich_order(fulfillmentStatus=status))
    assert "buyerEmail" not in shown(call)["buyer"]


@pytest.mark.parametrize(("delivered", "told"), [(ago(days=1), False), (ago(days=-1), True)])
def test_the_phone_goes_after_the_latest_delivery_date(
    state: State, call: Caller, delivered: str, told: bool
) -> None:
    order = a_rich_order(fulfillmentStatus="SHIPPED")
    order["fulfillment"]["deliverByWindow"] = {"latestDateTime": delivered}
    state.put_order(SELLER, order)
    assert ("phone" in shown(call)["recipient"]["deliveryAddress"]) is told


def test_telling_an_order_does_not_change_it(state: State, call: Caller) -> None:
    state.sellers[SELLER].roles = frozenset()
    state.put_order(SELLER, a_rich_order())
    shown(call, "")
    assert state.orders[order_id(1)].order == a_rich_order()
