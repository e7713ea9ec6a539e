"""Parcels told by feed: the same as confirmShipment."""

import pytest

from saleor_amazon_app.sandbox.amazon.state import State
from tests.sandbox.amazon.amazon import Caller, Client, ago
from tests.sandbox.amazon.writing import (
    FULFILL,
    MUG,
    PAN,
    acknowledgement,
    an_item,
    confirm,
    fulfillment,
    process,
    refused,
    results,
    sell,
    shipped_item,
    summary,
    told,
)


def test_a_parcel_told_by_feed_is_one_told_by_call(
    state: State, client: Client, call: Caller
) -> None:
    order_id = sell(state, an_item(MUG, "40.00", 2)).order_id
    answer = process(state, call, FULFILL, fulfillment(order_id, shipped_item(MUG, 1)))
    assert summary(answer) == (1, 1, 0, 0)
    order = told(call, order_id)
    assert order["fulfillment"]["fulfillmentStatus"] == "PARTIALLY_SHIPPED"
    (package,) = order["packages"]
    assert package["packageReferenceId"] == "7"
    assert (package["carrier"], package["shippingService"]) == ("UPS", "Ground")
    (shipment,) = client.get("/control/shipments").json
    assert (shipment["source"], shipment["items"]) == ("feed", package["packageItems"])


def test_without_items_the_whole_order_is_in_the_parcel(state: State, call: Caller) -> None:
    order_id = sell(state, an_item(MUG, "40.00", 2), an_item(PAN)).order_id
    process(state, call, FULFILL, fulfillment(order_id))
    assert told(call, order_id)["fulfillment"]["fulfillmentStatus"] == "SHIPPED"


def test_without_a_quantity_all_units_are(state: State, call: Caller) -> None:
    order_id = sell(state, an_item(MUG, "40.00", 2), an_item(PAN)).order_id
    codes = "<TransparencyCode>AZ:1</TransparencyCode>"
    item = shipped_item(MUG).replace("<Quantity>1</Quantity>", codes)
    process(state, call, FULFILL, fulfillment(order_id, item))
    (package,) = told(call, order_id)["packages"]
    assert package["packageItems"] == [
        {"orderItemId": MUG, "quantity": 2, "transparencyCodes": ["AZ:1"]}
    ]


def test_a_package_confirmed_by_call_is_edited_by_feed(state: State, call: Caller) -> None:
    order_id = sell(state).order_id
    confirm(call, order_id, packageReferenceId="7")
    process(state, call, FULFILL, fulfillment(order_id, shipped_item(), "NEW-12345"))
    (package,) = told(call, order_id)["packages"]
    assert package["trackingNumber"] == "NEW-12345"


def test_a_parcel_without_reference_gets_the_next(state: State, call: Caller) -> None:
    order_id = sell(state, an_item(MUG, "40.00", 2)).order_id
    confirm(call, order_id, packageReferenceId="4")
    own = "<MerchantFulfillmentID>7</MerchantFulfillmentID>"
    body = fulfillment(order_id, shipped_item()).replace(own, "")
    process(state, call, FULFILL, body)
    assert [p["packageReferenceId"] for p in told(call, order_id)["packages"]] == ["4", "5"]


def test_an_odd_tracking_number_is_a_warning_only(state: State, call: Caller) -> None:
    order_id = sell(state).order_id
    answer = process(state, call, FULFILL, fulfillment(order_id, tracking="??"))
    assert summary(answer) == (1, 1, 0, 1)
    ((_, code, _, _),) = results(answer)
    assert code == "Warning"
    assert told(call, order_id)["fulfillment"]["fulfillmentStatus"] == "SHIPPED"


def test_another_carrier_needs_a_name(state: State, call: Caller) -> None:
    order_id = sell(state).order_id
    body = fulfillment(order_id).replace(">UPS<", ">Other<")
    assert "CarrierName" in refused(process(state, call, FULFILL, body))
    named = body.replace("Code><Shi", "Code><CarrierName>Bike</CarrierName><Shi")
    process(state, call, FULFILL, named)
    assert told(call, order_id)["packages"][0]["carrier"] == "Bike"


@pytest.mark.parametrize("when", [ago(hours=-1), ago(days=3)])
def test_a_parcel_leaves_after_the_order_and_before_now(
    state: State, call: Caller, when: str
) -> None:
    body = fulfillment(sell(state).order_id).replace(ago(hours=1), when)
    assert "ship date" in refused(process(state, call, FULFILL, body))


def test_what_confirm_shipment_refuses_the_feed_refuses(state: State, call: Caller) -> None:
    order_id = sell(state, programs=["FBM_SHIP_PLUS"]).order_id
    assert "FBM_SHIP_PLUS" in refused(process(state, call, FULFILL, fulfillment(order_id)))
    other = sell(state, number=2).order_id
    body = fulfillment(other, shipped_item(MUG, 2))
    assert "Failed to create package" in refused(process(state, call, FULFILL, body))


def test_a_message_of_another_kind_is_an_error_of_its_own(state: State, call: Caller) -> None:
    order_id = sell(state).order_id
    bodies = [fulfillment(order_id), acknowledgement(order_id), fulfillment(order_id)]
    assert summary(process(state, call, FULFILL, *bodies)) == (3, 2, 1, 0)
    assert [shipment.count for shipment in state.shipments] == [1, 2]
