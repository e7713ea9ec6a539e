"""The events an app of orders subscribes to: installable, delivered, and saying who did it."""

from collections.abc import Iterator
from typing import Any

import pytest

from saleor_amazon_app.sandbox.saleor.ids import to_global
from saleor_amazon_app.sandbox.saleor.model import Order
from tests.sandbox.saleor.app_server import AppServer, app_server
from tests.sandbox.saleor.shops import CANCEL_FULFILLMENT, Shop, payment
from tests.sandbox.saleor.test_stock import CANCEL, FULFILL
from tests.sandbox.saleor.waiting import until

COMMON = """__typename issuedAt version recipient { id }
  issuingPrincipal { __typename ... on App { id } ... on User { id } }"""
SHIPPED = "fulfillment { id status trackingNumber } order { id externalReference }"
ORDER = "order { id externalReference status }"
WANTED = {
    "FulfillmentCreated": f"notifyCustomer {SHIPPED}",
    "FulfillmentApproved": f"notifyCustomer {SHIPPED}",
    "FulfillmentTrackingNumberUpdated": SHIPPED,
    "FulfillmentCanceled": SHIPPED,
    "FulfillmentMetadataUpdated": SHIPPED,
    "OrderCancelled": ORDER,
    "OrderMetadataUpdated": ORDER,
    "AppDeleted": "app { id }",
    "AppStatusChanged": "app { id isActive }",
}
TRACK = """mutation Track($id: ID!) {
  orderFulfillmentUpdateTracking(id: $id, input: {trackingNumber: "T2"}) { errors { code } } }"""
APPROVE = """mutation Approve($id: ID!) {
  orderFulfillmentApprove(id: $id, notifyCustomer: false) { errors { code } } }"""
MARK = """mutation Mark($id: ID!) {
  updatePrivateMetadata(id: $id, input: [{key: "a", value: "1"}]) { errors { code } } }"""


@pytest.fixture
def app(shop: Shop) -> Iterator[AppServer]:
    """An app with one webhook for each event."""
    with app_server() as server:
        server.manifest["webhooks"] = [
            {
                "name": name,
                "targetUrl": f"{server.base}/{name}",
                "query": f"subscription {{ event {{ {COMMON} ... on {name} {{ {fields} }} }} }}",
            }
            for name, fields in WANTED.items()
        ]
        told = shop.control("/install", {"manifestUrl": f"{server.base}/manifest"})
        assert told.status_code == 201, told.text
        shop.token = told.json()["token"]
        shop.create(shop.order(transactions=[payment()]))
        yield server


def heard(app: AppServer, name: str) -> Any:
    until(lambda: bool(app.at(f"/{name}")))
    told = app.at(f"/{name}")[0].json
    assert told.pop("issuedAt")
    assert told.pop("__typename") == name
    assert told.pop("version") == "3.23.28"
    return told


def order_of(shop: Shop) -> Order:
    order = shop.state.order_by_reference("111-1")
    assert order
    return order


def act(shop: Shop, query: str, **variables: Any) -> None:
    told = shop.control("/act", {"query": query, "variables": variables}).json()
    assert next(iter(told["data"].values()))["errors"] == []


def fulfill(shop: Shop) -> str:
    """Fulfil the order as staff; returns the fulfilment's id."""
    order = order_of(shop)
    stock = {"quantity": 2, "warehouse": shop.warehouse}
    line = {"orderLineId": to_global("OrderLine", order.lines[0].id), "stocks": [stock]}
    told = {"lines": [line], "notifyCustomer": False, "trackingNumber": "T1"}
    act(shop, FULFILL, order=to_global("Order", order.id), input=told)
    return to_global("Fulfillment", order.fulfillments[0].id)


def common(shop: Shop) -> Any:
    """What every event of a member of staff says."""
    own = shop.ask("{ app { id } }")["app"]["id"]
    staff = {"__typename": "User", "id": to_global("User", 1)}
    return {"recipient": {"id": own}, "issuingPrincipal": staff}


def shipment(shop: Shop, tracking: str = "T1", status: str = "FULFILLED") -> Any:
    order = order_of(shop)
    key = to_global("Fulfillment", order.fulfillments[0].id)
    return common(shop) | {
        "fulfillment": {"id": key, "status": status, "trackingNumber": tracking},
        "order": {"id": to_global("Order", order.id), "externalReference": "111-1"},
    }


def test_a_fulfilment_is_told(shop: Shop, app: AppServer) -> None:
    fulfill(shop)
    told = shipment(shop) | {"notifyCustomer": False}
    assert heard(app, "FulfillmentCreated") == told
    assert heard(app, "FulfillmentApproved") == told
    assert heard(app, "FulfillmentTrackingNumberUpdated") == shipment(shop)


def test_an_approval_is_told(shop: Shop, app: AppServer) -> None:
    shop.control("/settings", {"fulfillment_auto_approve": False})
    key = fulfill(shop)
    heard(app, "FulfillmentTrackingNumberUpdated")
    assert not app.at("/FulfillmentCreated")
    act(shop, APPROVE, id=key)
    told = shipment(shop) | {"notifyCustomer": False}
    assert heard(app, "FulfillmentApproved") == told
    assert heard(app, "FulfillmentCreated") == told


def test_a_changed_tracking_number_is_told(shop: Shop, app: AppServer) -> None:
    act(shop, TRACK, id=fulfill(shop))
    until(lambda: len(app.at("/FulfillmentTrackingNumberUpdated")) == 2)
    numbers = {
        call.json["fulfillment"]["trackingNumber"]
        for call in app.at("/FulfillmentTrackingNumberUpdated")
    }
    assert numbers == {"T1", "T2"}


def test_a_fulfilment_taken_back_is_told(shop: Shop, app: AppServer) -> None:
    act(shop, CANCEL_FULFILLMENT, id=fulfill(shop), warehouse=shop.warehouse)
    assert heard(app, "FulfillmentCanceled") == shipment(shop, status="CANCELED")


def test_a_fulfilments_metadata_is_told(shop: Shop, app: AppServer) -> None:
    act(shop, MARK, id=fulfill(shop))
    assert heard(app, "FulfillmentMetadataUpdated") == shipment(shop)


@pytest.mark.parametrize(
    ("query", "name", "status"),
    [
        (CANCEL, "OrderCancelled", "CANCELED"),
        (MARK, "OrderMetadataUpdated", "UNFULFILLED"),
    ],
)
def test_what_happens_to_an_order_is_told(
    shop: Shop, app: AppServer, query: str, name: str, status: str
) -> None:
    key = to_global("Order", order_of(shop).id)
    act(shop, query, id=key)
    order = {"id": key, "externalReference": "111-1", "status": status}
    assert heard(app, name) == common(shop) | {"order": order}


def test_what_an_app_does_itself_is_told_as_its_own(shop: Shop, app: AppServer) -> None:
    shop.ask(MARK, id=to_global("Order", order_of(shop).id))
    told = heard(app, "OrderMetadataUpdated")
    assert told["issuingPrincipal"] == {"__typename": "App"} | told["recipient"]


def test_an_app_hears_of_its_own_fate(shop: Shop, app: AppServer) -> None:
    told = common(shop)
    key = told["recipient"]["id"]
    shop.control(f"/apps/{key}/deactivate", {})
    state = {"id": key, "isActive": False}
    assert heard(app, "AppStatusChanged") == told | {"app": state}
    shop.control(f"/apps/{key}/delete", {})
    assert heard(app, "AppDeleted") == told | {"app": {"id": key}}


def test_an_app_without_the_permission_hears_nothing(shop: Shop, app: AppServer) -> None:
    own = next(a for a in shop.state.shop.apps.values() if a.webhooks)
    own.permissions.remove("MANAGE_ORDERS")
    fulfill(shop)
    assert {d["event"] for d in shop.control("/deliveries").json()} == set()


def test_metadata_is_no_update_of_the_order(shop: Shop, app: AppServer) -> None:
    told: list[str] = []
    shop.state.tell = lambda happening: told.append(happening.event)
    for _ in range(2):
        shop.ask(MARK, id=to_global("Order", order_of(shop).id))
    assert told == ["ORDER_METADATA_UPDATED"]
