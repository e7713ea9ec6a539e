"""The control API acts as staff, disturbs webhooks, and tells an order flat."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from saleor_amazon_app.sandbox.saleor.ids import to_global
from saleor_amazon_app.sandbox.saleor.storage import load, save
from tests.sandbox.saleor.app_server import AppServer, app_server
from tests.sandbox.saleor.paying import Paid
from tests.sandbox.saleor.shops import SKU, Shop
from tests.sandbox.saleor.waiting import until

NOTE = """mutation Note($id: ID!, $message: String!) {
  orderNoteAdd(order: $id, input: {message: $message}) {
    event { user { email } } errors { code } } }"""
CHANGED = "subscription { event { ... on OrderUpdated { order { externalReference } } } }"


@pytest.fixture
def app(shop: Shop) -> Iterator[AppServer]:
    with app_server() as server:
        hook = {"name": "changed", "targetUrl": f"{server.base}/hook", "query": CHANGED}
        server.manifest["webhooks"] = [hook]
        told = shop.control("/install", {"manifestUrl": f"{server.base}/manifest"})
        shop.token = told.json()["token"]
        shop.create(shop.order("A"), shop.order("B"))
        yield server


def note(shop: Shop, reference: str) -> Any:
    order = shop.state.order_by_reference(reference)
    assert order
    wish = {"id": to_global("Order", order.id), "message": "x"}
    return shop.control("/act", {"query": NOTE, "variables": wish}).json()


def heard(app: AppServer, wanted: int) -> list[str]:
    until(lambda: len(app.at("/hook")) >= wanted)
    return [call.json["order"]["externalReference"] for call in app.at("/hook")]


def strike(shop: Shop, **told: Any) -> None:
    assert shop.control("/deliveries/faults", told).status_code == 201


def test_staff_may_do_everything(shop: Shop, app: AppServer) -> None:
    told = note(shop, "A")["data"]["orderNoteAdd"]
    assert told == {"event": {"user": {"email": "admin@example.com"}}, "errors": []}


def test_a_document_that_is_not_valid_is_refused_as_by_the_api(shop: Shop) -> None:
    assert shop.control("/act", {"query": "{ nothing }"}).status_code == 400
    assert shop.control("/act", {}).status_code == 400


def test_a_lost_webhook_is_never_sent(shop: Shop, app: AppServer) -> None:
    strike(shop, kind="lose", event="order_updated")
    note(shop, "A")
    note(shop, "B")
    assert heard(app, 1) == ["B"]
    assert shop.control("/deliveries").json()[0]["status"] == "LOST"
    assert shop.control("/deliveries/faults").json() == []


def test_a_repeated_webhook_is_sent_twice_alike(shop: Shop, app: AppServer) -> None:
    strike(shop, kind="repeat", count=1)
    note(shop, "A")
    assert heard(app, 2) == ["A", "A"]
    assert len({c.headers["saleor-signature"] for c in app.at("/hook")}) == 1


def test_a_delayed_webhook_lets_later_ones_pass(shop: Shop, app: AppServer) -> None:
    strike(shop, kind="delay", seconds=3600)
    note(shop, "A")
    note(shop, "B")
    assert heard(app, 1) == ["B"]
    delayed = shop.control("/deliveries").json()[0]
    assert (delayed["payload"]["order"]["externalReference"], delayed["status"]) == ("A", "PENDING")


def test_another_event_is_spared_and_faults_can_be_cleared(shop: Shop, app: AppServer) -> None:
    strike(shop, kind="lose", event="FULFILLMENT_CREATED", count=None)
    note(shop, "A")
    assert heard(app, 1) == ["A"]
    assert shop.control("/deliveries/faults", method="DELETE").status_code == 204
    assert shop.control("/deliveries/faults").json() == []


def test_an_unknown_fault_is_refused(shop: Shop) -> None:
    assert shop.control("/deliveries/faults", {"kind": "burn"}).status_code == 400
    assert shop.control("/deliveries/faults", {"kind": "lose", "x": 1}).status_code == 400


def test_a_request_for_a_refund_is_spared(paid: Paid) -> None:
    strike(paid.shop, kind="lose", count=None)
    paid.refund(10)
    assert paid.settled()["status"] == "SUCCESS"


def test_an_order_is_told_with_all_that_became_of_it(paid: Paid) -> None:
    line = {"id": to_global("OrderLine", paid.order.lines[0].id), "quantity": 1, "reason": "torn"}
    key = paid.granted(lines=[line], reason="sorry")
    paid.settled()
    paid.report("REFUND_SUCCESS", 5, psp="other")
    note(paid.shop, "111-1")
    (told,) = paid.shop.control("/orders").json()
    assert (told["charged"], told["refunded"], told["refundPending"]) == ("10.00", "5.00", "10.00")
    assert told["notes"] == ["x"]
    assert told["grantedRefunds"] == [
        {
            "id": key,
            "amount": "10.00",
            "reason": "sorry",
            "shippingCostsIncluded": False,
            "status": "PENDING",
            "lines": [{"orderItemId": "I1", "sku": SKU, "quantity": 1, "reason": "torn"}],
        }
    ]


def test_a_fulfilment_is_told_with_its_lines(shop: Shop) -> None:
    line = shop.line(privateMetadata=[{"key": "amazon.orderItemId", "value": "I1"}])
    shop.create(shop.sent(lines=[line]))
    order = shop.state.order_by_reference("111-1")
    assert order
    order.fulfillments[0].private_metadata["amazon.carrierCode"] = "UPS"
    (told,) = shop.control("/orders").json()
    assert told["fulfillments"] == [
        {
            "id": to_global("Fulfillment", order.fulfillments[0].id),
            "number": 1,
            "status": "FULFILLED",
            "tracking": "",
            "lines": [{"orderItemId": "I1", "sku": SKU, "quantity": 2}],
            "privateMetadata": {"amazon.carrierCode": "UPS"},
        }
    ]


def test_a_refund_on_its_way_is_kept_when_the_shop_stops(paid: Paid, tmp_path: Path) -> None:
    paid.granted()
    paid.settled()
    save(paid.shop.state, tmp_path / "shop.json")
    kept = load(tmp_path / "shop.json")
    assert kept is not None
    assert kept.orders[paid.order.id] == paid.order
