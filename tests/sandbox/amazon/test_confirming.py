"""confirmShipment: what it takes, what it refuses, and what becomes of the order."""

from collections.abc import Callable
from typing import Any

import pytest

from saleor_amazon_app.sandbox.amazon.changes import change
from saleor_amazon_app.sandbox.amazon.state import State
from tests.sandbox.amazon.amazon import JP, NOW, SELLER, UK, US, Caller, Client, ago
from tests.sandbox.amazon.test_conformance import faults_of, unknown_fields
from tests.sandbox.amazon.writing import (
    MUG,
    PAN,
    a_sale,
    an_item,
    confirm,
    confirmation,
    sell,
    told,
)

Model = Callable[[str], dict[str, Any]]


def two_mugs_and_a_pan(state: State) -> str:
    return sell(state, an_item(MUG, "40.00", 2), an_item(PAN, "60.00")).order_id


def test_a_confirmed_order_is_shipped_and_shows_its_package(state: State, call: Caller) -> None:
    order_id = sell(state).order_id
    state.clock.advance(60)
    answer = confirm(call, order_id, shippingMethod="Ground")
    assert (answer.status_code, answer.data) == (204, b"")
    order = told(call, order_id)
    assert order["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert order["lastUpdatedTime"] == "2026-11-23T12:01:00.000Z"
    assert order["orderItems"][0]["fulfillment"] == {
        "quantityFulfilled": 1,
        "quantityUnfulfilled": 0,
    }
    assert order["packages"] == [
        {
            "packageReferenceId": "1",
            "createdTime": "2026-11-23T12:01:00.000Z",
            "packageStatus": {"status": "SHIPPED"},
            "carrier": "UPS",
            "shipTime": ago(hours=1),
            "shippingService": "Ground",
            "trackingNumber": "1Z999AA10123456784",
            "packageItems": [{"orderItemId": MUG, "quantity": 1}],
        }
    ]


def test_packages_go_out_one_by_one(state: State, call: Caller) -> None:
    order_id = two_mugs_and_a_pan(state)
    confirm(call, order_id)
    order = told(call, order_id)
    assert order["fulfillment"]["fulfillmentStatus"] == "PARTIALLY_SHIPPED"
    rest = [{"orderItemId": MUG, "quantity": 1}, {"orderItemId": PAN, "quantity": 1}]
    assert confirm(call, order_id, packageReferenceId="2", orderItems=rest).status_code == 204
    order = told(call, order_id)
    assert order["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert [p["packageReferenceId"] for p in order["packages"]] == ["1", "2"]


def test_the_same_reference_edits_its_package(state: State, call: Caller) -> None:
    order_id = two_mugs_and_a_pan(state)
    confirm(call, order_id)
    both = [{"orderItemId": MUG, "quantity": 2}]
    assert confirm(call, order_id, trackingNumber="NEW-1", orderItems=both).status_code == 204
    (package,) = told(call, order_id)["packages"]
    assert package["trackingNumber"] == "NEW-1"
    assert package["packageItems"] == both
    assert [s.count for s in state.shipments] == [1, 2]


def test_a_package_of_a_shipped_order_can_still_be_edited(state: State, call: Caller) -> None:
    order_id = sell(state).order_id
    confirm(call, order_id)
    assert confirm(call, order_id, trackingNumber="NEW-1").status_code == 204
    assert told(call, order_id)["fulfillment"]["fulfillmentStatus"] == "SHIPPED"


def test_an_edit_that_takes_units_out_opens_the_order_again(state: State, call: Caller) -> None:
    order_id = sell(state, an_item(MUG, "40.00", 2)).order_id
    confirm(call, order_id, orderItems=[{"orderItemId": MUG, "quantity": 2}])
    confirm(call, order_id)
    assert told(call, order_id)["fulfillment"]["fulfillmentStatus"] == "PARTIALLY_SHIPPED"


def test_another_carrier_goes_by_its_name(state: State, call: Caller) -> None:
    order_id = sell(state).order_id
    confirm(call, order_id, carrierCode="Other", carrierName="Bike Courier")
    assert told(call, order_id)["packages"][0]["carrier"] == "Bike Courier"


def test_transparency_codes_are_kept(state: State, call: Caller) -> None:
    order_id = sell(state).order_id
    items = [{"orderItemId": MUG, "quantity": 1, "transparencyCodes": ["AZ:1"]}]
    confirm(call, order_id, orderItems=items)
    assert told(call, order_id)["packages"][0]["packageItems"] == items


@pytest.mark.parametrize(
    ("detail", "complaint"),
    [
        ({"packageReferenceId": 1}, "Invalid type [packageDetail.packageReferenceId]"),
        ({"packageReferenceId": "0"}, "must be a positive numeric value"),
        ({"packageReferenceId": "A1"}, "must be a positive numeric value"),
        ({"packageReferenceId": None}, "packageReferenceId is required"),
        ({"carrierCode": None}, "carrierCode is required"),
        ({"trackingNumber": None}, "trackingNumber is required"),
        ({"shipDate": None}, "shipDate is required"),
        ({"orderItems": None}, "orderItems is required"),
        ({"orderItems": []}, "orderItems is empty"),
        ({"orderItems": {"orderItemId": MUG, "quantity": 1}}, "[packageDetail.orderItems]"),
        ({"orderItems": [{"orderItemId": MUG}]}, "quantity is required"),
        ({"orderItems": [{"orderItemId": MUG, "quantity": "1"}]}, "orderItems[0].quantity]"),
        ({"orderItems": [{"orderItemId": "9", "quantity": 1}]}, "OrderItemId is invalid"),
        ({"orderItems": [{"orderItemId": MUG, "quantity": 3}]}, "Failed to create package"),
        ({"carrierCode": "Other"}, "carrierName is required"),
        ({"shipDate": "02/21/2022"}, "ISO 8601"),
        ({"shipDate": "2026-11-23"}, "has no time"),
        ({"shipDate": ago(minutes=-6)}, "in the future"),
        ({"shipDate": ago(days=3)}, "before the order"),
    ],
)
def test_what_is_wrong_with_a_confirmation(
    state: State, call: Caller, detail: dict[str, Any], complaint: str
) -> None:
    order_id = sell(state, an_item(MUG, "40.00", 2)).order_id
    answer = confirm(call, order_id, **detail)
    (error,) = answer.json["errors"]
    assert (answer.status_code, error["code"]) == (400, "InvalidInput")
    assert complaint in error["message"] + error["details"]
    assert state.shipments == []


def test_a_clock_five_minutes_ahead_is_forgiven(state: State, call: Caller) -> None:
    assert confirm(call, sell(state).order_id, shipDate=ago(minutes=-4)).status_code == 204


def test_an_order_shipped_whole_takes_no_new_package(state: State, call: Caller) -> None:
    order_id = sell(state).order_id
    confirm(call, order_id)
    (error,) = confirm(call, order_id, packageReferenceId="2").json["errors"]
    assert error["message"].startswith("Failed to create package")
    assert "PackageToUpdateNotFound" in error["details"]


@pytest.mark.parametrize("status", ["PENDING", "PENDING_AVAILABILITY", "CANCELLED"])
def test_orders_in_these_states_cannot_be_confirmed(
    state: State, call: Caller, status: str
) -> None:
    order_id = sell(state).order_id
    change(state, order_id, {"status": status})
    assert confirm(call, order_id).status_code == 400


@pytest.mark.parametrize("program", ["FBM_SHIP_PLUS", "AMAZON_EASY_SHIP", "DELIVERY_BY_AMAZON"])
def test_orders_that_amazon_confirms_itself_are_refused(
    state: State, call: Caller, program: str
) -> None:
    assert confirm(call, sell(state, programs=[program]).order_id).status_code == 400


def test_orders_that_amazon_fulfils_are_refused(state: State, call: Caller) -> None:
    status = {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "AMAZON"}
    assert confirm(call, sell(state, fulfillment=status).order_id).status_code == 400


def test_the_marketplace_must_be_the_orders(state: State, call: Caller) -> None:
    order_id = sell(state).order_id
    assert confirm(call, order_id, confirmation() | {"marketplaceId": UK}).status_code == 400


def test_cash_on_delivery_is_for_japan(state: State, call: Caller) -> None:
    abroad = confirmation() | {"codCollectionMethod": "DirectPayment"}
    assert confirm(call, sell(state).order_id, abroad).status_code == 400
    japanese = sell(state, an_item(currency="JPY", price="2000"), marketplace=JP)
    body = abroad | {"marketplaceId": JP}
    assert confirm(call, japanese.order_id, body).status_code == 204


def test_another_sellers_order_is_unknown(state: State, call: Caller) -> None:
    state.add_seller("OTHER", "Atzr|other", [US])
    order = a_sale(number=5)
    state.put_order("OTHER", order)
    assert confirm(call, order["orderId"]).status_code == 404
    assert confirm(call, "111-0000000-9999999").status_code == 404


def test_no_json_is_refused(state: State, call: Caller) -> None:
    path = f"/orders/v0/orders/{sell(state).order_id}/shipmentConfirmation"
    assert call.send("POST", path, [1]).status_code == 400


def test_ten_confirmations_at_once_are_the_most(state: State, call: Caller) -> None:
    order_id = sell(state).order_id
    statuses = [confirm(call, order_id).status_code for _ in range(11)]
    assert statuses == [204] * 10 + [429]


def test_what_was_kept_back_is_told_once_an_order_ships(state: State, call: Caller) -> None:
    early = a_sale()
    whole = early | {"buyer": {"buyerCompanyName": "Ada Ltd"}}
    state.put_order(SELLER, early, later=whole)
    confirm(call, early["orderId"])
    assert told(call, early["orderId"])["buyer"] == {"buyerCompanyName": "Ada Ltd"}


def test_amazons_own_example_is_taken_and_its_bad_date_refused(
    state: State, call: Caller, model: Model
) -> None:
    cases = model("sandbox_cases_and_limits.json")["ordersV0.confirmShipment"]["static_cases"]
    for case in cases:
        given = case["request"]["parameters"]
        body = given["body"]["value"]
        ordered = an_item(body["packageDetail"]["orderItems"][0]["orderItemId"])
        order = a_sale(ordered) | {
            "orderId": given["orderId"]["value"],
            "createdTime": "2022-02-10T00:00:00Z",
        }
        state.put_order(SELLER, order)
        assert confirm(call, order["orderId"], body).status_code == case["status"]


def test_answers_conform(state: State, call: Caller, client: Client, model: Model) -> None:
    published = model("models/ordersV0.json")
    order_id = sell(state).order_id
    answers = [confirm(call, order_id, trackingNumber=None), confirm(call, "none")]
    client.post("/control/faults", json={"kind": "server_error", "count": 1})
    answers.append(confirm(call, order_id))
    assert [answer.status_code for answer in answers] == [400, 404, 500]
    for answer in answers:
        assert faults_of(published, "ConfirmShipmentErrorResponse", answer.json) == []
    assert confirm(call, order_id).status_code == 204
    orders = model("models/orders_2026-01-01.json")
    shown = {"order": told(call, order_id)}
    assert faults_of(orders, "GetOrderResponse", shown) == []
    assert unknown_fields(orders, "GetOrderResponse", shown) == set()


def test_an_order_never_goes_back_in_time(state: State, call: Caller) -> None:
    order = a_sale() | {"lastUpdatedTime": ago(hours=-1)}
    state.put_order(SELLER, order)
    confirm(call, order["orderId"])
    assert told(call, order["orderId"])["lastUpdatedTime"] > NOW.isoformat()
