"""What happens at Amazon without the app, by hand or by Amazon itself."""

from pathlib import Path
from typing import Any

import pytest

from saleor_amazon_app.sandbox.amazon import seller_central
from saleor_amazon_app.sandbox.amazon.clock import Clock
from saleor_amazon_app.sandbox.amazon.feed_processing import settle
from saleor_amazon_app.sandbox.amazon.refusals import Refused
from saleor_amazon_app.sandbox.amazon.state import State
from saleor_amazon_app.sandbox.amazon.storage import as_json, load, save
from tests.sandbox.amazon.amazon import NOW, Caller, Client, ago
from tests.sandbox.amazon.writing import (
    ACKNOWLEDGE,
    MUG,
    PAN,
    acknowledgement,
    an_item,
    confirm,
    post,
    sell,
    told,
)


def act(client: Client, order_id: str, what: str, body: dict[str, Any] | None = None) -> Any:
    return client.post(f"/control/orders/{order_id}/{what}", json=body or {})


def test_a_parcel_is_confirmed_by_hand(state: State, client: Client, call: Caller) -> None:
    order_id = sell(state, an_item(MUG, "40.00", 2), an_item(PAN)).order_id
    confirm(call, order_id)
    items = [{"orderItemId": PAN, "quantity": 1}]
    body = {"items": items, "carrier": "DHL", "trackingNumber": "JD01"}
    made = act(client, order_id, "ship", body).json
    assert (made["reference"], made["source"]) == ("2", "seller_central")
    package = told(call, order_id)["packages"][1]
    assert (package["carrier"], package["trackingNumber"]) == ("DHL", "JD01")
    assert act(client, order_id, "ship").json["items"] == [{"orderItemId": MUG, "quantity": 1}]
    assert told(call, order_id)["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert act(client, order_id, "ship").status_code == 400


@pytest.mark.parametrize("by", ["BUYER", "MERCHANT", "AMAZON"])
def test_an_order_is_cancelled_by_somebody(
    state: State, client: Client, call: Caller, by: str
) -> None:
    order_id = sell(state).order_id
    state.clock.advance(60)
    assert act(client, order_id, "cancel", {"by": by, "reason": "Why not"}).json["status"] == (
        "CANCELLED"
    )
    order = told(call, order_id)
    execution = order["orderItems"][0]["cancellation"]["cancellationExecution"]
    assert execution == {"cancelledBy": by, "cancelReason": "Why not"}
    assert order["lastUpdatedTime"] == "2026-11-23T12:01:00.000Z"
    assert act(client, order_id, "cancel", {"by": "CAT"}).status_code == 400


def test_all_that_is_left_is_refunded(state: State, client: Client) -> None:
    item = an_item(price="20.00", shipping="5.00", discount="2.00", tax="1.50")
    order_id = sell(state, item, an_item(PAN, "60.00")).order_id
    act(client, order_id, "refund", {"amount": "30.00"})
    rest = act(client, order_id, "refund", {"by": "AMAZON"}).json
    assert (rest["sum"], rest["source"]) == ("54.50", "amazon")
    (row,) = client.get("/control/orders").json
    assert row["refunded"] == row["grand_total"]["amount"] == "84.50"
    assert row["refunded_by_mistake"] is False
    assert act(client, order_id, "refund").status_code == 400


def test_amounts_of_items_are_refunded(state: State, client: Client) -> None:
    order_id = sell(state, an_item(price="20.00", shipping="5.00"), an_item(PAN)).order_id
    items = [{"orderItemId": MUG, "amount": "22.00"}]
    (told_item,) = act(client, order_id, "refund", {"items": items}).json["items"]
    assert told_item["components"] == {"Principal": "20.00", "Shipping": "2.00"}
    assert act(client, order_id, "refund", {"items": items}).status_code == 400
    assert act(client, order_id, "refund", {"amount": "99"}).status_code == 400
    assert act(client, order_id, "refund", {"by": "BUYER"}).status_code == 400


def test_a_buyer_asks_to_cancel(state: State, client: Client, call: Caller) -> None:
    order_id = sell(state).order_id
    act(client, order_id, "request-cancel", {"reason": "Ordered twice"})
    (item,) = told(call, order_id)["orderItems"]
    assert item["cancellation"]["cancellationRequest"]["cancelReason"] == "Ordered twice"


def test_the_address_and_the_ship_by_time_change(
    state: State, client: Client, call: Caller
) -> None:
    address = {"city": "Austin", "addressLine1": "1 Made-up St", "addressLine2": "Flat 2"}
    order_id = sell(state, recipient={"deliveryAddress": address}).order_id
    state.clock.advance(60)
    act(client, order_id, "address", {"addressLine1": "2 Other St", "addressLine2": None})
    act(client, order_id, "ship-by", {"latest": "2026-11-30T23:00:00Z"})
    order = told(call, order_id)
    changed = {"city": "Austin", "addressLine1": "2 Other St"}
    assert order["recipient"]["deliveryAddress"] == changed
    window = order["fulfillment"]["shipByWindow"]
    assert window["latestDateTime"] == "2026-11-30T23:00:00.000Z"
    assert order["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"
    assert order["lastUpdatedTime"] == "2026-11-23T12:01:00.000Z"


@pytest.mark.parametrize("what", ["ship", "cancel", "refund", "request-cancel", "address"])
def test_an_unknown_order_is_not_found(client: Client, what: str) -> None:
    assert act(client, "none", what).status_code == 404


def test_in_one_process_the_same_is_a_function(state: State) -> None:
    order_id = sell(state).order_id
    seller_central.request_cancel(state, order_id)
    shipment = seller_central.ship(state, order_id, carrier="DHL", tracking_number="JD01")
    assert (shipment.carrier, shipment.tracking) == ("DHL", "JD01")
    with pytest.raises(Refused):
        seller_central.ship(state, order_id)
    assert seller_central.refund(state, order_id).total == "20.00"


def test_feeds_go_on_in_one_process_when_they_are_asked_to(state: State, call: Caller) -> None:
    stored = sell(state)
    post(call, ACKNOWLEDGE, acknowledgement(stored.order_id))
    state.clock.advance(15)
    settle(state)
    assert state.orders[stored.order_id].order["fulfillment"]["fulfillmentStatus"] == "CANCELLED"


def test_all_of_it_outlives_a_restart(state: State, call: Caller, tmp_path: Path) -> None:
    order_id, other = sell(state).order_id, sell(state, number=2).order_id
    seller_central.ship(state, order_id)
    seller_central.refund(state, order_id, amount="5.00")
    body = acknowledgement(
        other,
        items=f"<Item><AmazonOrderItemCode>{MUG}</AmazonOrderItemCode>"
        "<CancelReason>PricingError</CancelReason></Item>",
    )
    post(call, ACKNOWLEDGE, body)
    state.report_charset = "Shift_JIS"
    save(state, tmp_path / "amazon.json")
    again = load(tmp_path / "amazon.json")
    for name in (
        *("orders", "feeds", "documents", "shipments", "refunds", "transactions"),
        *("settings", "restocked"),
    ):
        assert as_json(again)[name] == as_json(state)[name]
    again.clock = Clock(0, NOW)
    again.clock.advance(15)
    settle(again)
    assert again.orders[other].order["fulfillment"]["fulfillmentStatus"] == "CANCELLED"
    assert again.restocked == {"A1SELLER": {"SKU-1": 1}}


def test_a_file_of_an_older_version_is_read(state: State, tmp_path: Path) -> None:
    sell(state, updated_at=ago(days=1))
    save(state, tmp_path / "amazon.json")
    text = (tmp_path / "amazon.json").read_text()
    for name in ("feeds", "documents", "settings", "shipments", "refunds", "restocked"):
        text = text.replace(f'"{name}": ', f'"old_{name}": ')
    (tmp_path / "amazon.json").write_text(text)
    assert load(tmp_path / "amazon.json").feed_delay.queue_seconds == 5
