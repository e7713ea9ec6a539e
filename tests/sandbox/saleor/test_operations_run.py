"""Every document the app sends is served, and does here what it does at a real Saleor."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, specified_rules, validate
from graphql.validation import NoUnusedFragmentsRule

from saleor_amazon_app import sandbox
from saleor_amazon_app.sandbox.saleor.ids import to_global
from saleor_amazon_app.sandbox.saleor.model import Order
from saleor_amazon_app.sandbox.saleor.served import SCHEMA
from tests.sandbox.saleor.app_server import app_server
from tests.sandbox.saleor.paying import Paid
from tests.sandbox.saleor.shops import Shop, payment

FOLDER = Path(sandbox.__file__).parents[1] / "saleor" / "operations"
DOCUMENTS = sorted(FOLDER.glob("*.graphql"))
ITEM = [{"key": "amazon.orderItemId", "value": "I1"}]


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.graphql").read_text(encoding="utf-8")


def document(name: str) -> str:
    """An operation with the fragments it uses, as the app sends it."""
    text = text_of(name)
    fragments = {"OrderSeen": "order_seen", "WholeOrder": "whole_order"}
    parts = [text_of(file) for fragment, file in fragments.items() if f"...{fragment}" in text]
    return "\n".join([text, *parts])


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_document_is_valid(path: Path) -> None:
    rules = [r for r in specified_rules if r is not NoUnusedFragmentsRule]
    assert validate(SCHEMA, parse(document(path.stem)), rules) == []


class Run:
    """Runs the app's documents against an order of two mugs."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def __call__(self, name: str, **variables: Any) -> Any:
        """Return the payload of the only field."""
        return next(iter(self.shop.ask(document(name), **variables).values()))

    def well(self, name: str, **variables: Any) -> Any:
        told = self(name, **variables)
        assert told["errors"] == []
        return told

    @property
    def order(self) -> Order:
        order = self.shop.state.order_by_reference("111-1")
        assert order
        return order

    @property
    def id(self) -> str:
        return to_global("Order", self.order.id)

    def whole(self) -> Any:
        text = "query Whole($id: ID!) { order(id: $id) { ...WholeOrder } }"
        return self.shop.ask(f"{text}\n{text_of('whole_order')}", id=self.id)["order"]

    def fulfill(self, quantity: int = 2, **more: Any) -> Any:
        stock = {"quantity": quantity, "warehouse": self.shop.warehouse}
        line = to_global("OrderLine", self.order.lines[0].id)
        told = {"lines": [{"orderLineId": line, "stocks": [stock]}], "notifyCustomer": False} | more
        return self.well("FulfillOrder", order=self.id, input=told)["fulfillments"][0]


@pytest.fixture
def run(shop: Shop) -> Run:
    line = shop.line(privateMetadata=ITEM)
    shop.create(shop.order(lines=[line], transactions=[payment()]))
    return Run(shop)


def test_the_whole_order(run: Run) -> None:
    made = run.fulfill(1, trackingNumber="T1")
    told = run.whole()
    line = told["lines"][0]
    assert line.pop("id") == to_global("OrderLine", run.order.lines[0].id)
    assert line == {
        "quantity": 2,
        "quantityToFulfill": 1,
        "variant": {"id": run.shop.variant()},
        "orderItemId": "I1",
    }
    (fulfillment,) = told["fulfillments"]
    assert fulfillment.pop("created")
    assert fulfillment == {
        "id": made["id"],
        "fulfillmentOrder": 1,
        "status": "FULFILLED",
        "trackingNumber": "T1",
        "warehouse": {"slug": "main"},
        "metadata": [],
        "privateMetadata": [],
        "lines": [{"quantity": 1, "orderLine": {"orderItemId": "I1"}}],
    }
    assert told["status"] == "PARTIALLY_FULFILLED"
    assert told["transactions"][0]["chargedAmount"] == {"amount": 25.0}


def test_the_whole_order_shows_a_granted_refund_on_its_way(paid: Paid) -> None:
    key = paid.granted(
        lines=[{"id": to_global("OrderLine", paid.order.lines[0].id), "quantity": 1}]
    )
    paid.settled()
    (refund,) = Run(paid.shop).whole()["grantedRefunds"]
    assert refund == {
        "id": key,
        "reason": "",
        "shippingCostsIncluded": False,
        "amount": {"amount": 10.0},
        "lines": [{"quantity": 1, "reason": None, "orderLine": {"orderItemId": "I1"}}],
        "transactionEvents": [{"pspReference": "R1"}],
    }


def test_a_fulfilment_waits_until_it_is_approved(run: Run) -> None:
    run.shop.control("/settings", {"fulfillment_auto_approve": False})
    made = run.fulfill()
    assert (made["status"], run.order.status) == ("WAITING_FOR_APPROVAL", "UNFULFILLED")
    run.well("ApproveFulfillment", id=made["id"])
    assert (run.order.fulfillments[0].status, run.order.status) == ("FULFILLED", "FULFILLED")
    assert run.shop.levels() == (398, 0)
    (error,) = run("ApproveFulfillment", id=made["id"])["errors"]
    assert error["code"] == "INVALID"


def test_a_tracking_number_is_changed_without_a_mail(run: Run) -> None:
    made = run.fulfill(trackingNumber="T1")
    run.well("ChangeTracking", id=made["id"], tracking="T2")
    assert run.order.fulfillments[0].tracking_number == "T2"
    assert run.shop.control("/mails").json() == []


def test_an_order_is_cancelled_once(run: Run) -> None:
    run.well("CancelOrder", id=run.id)
    (error,) = run("CancelOrder", id=run.id)["errors"]
    assert error == {
        "field": "order",
        "message": "This order can't be canceled.",
        "code": "CANNOT_CANCEL_ORDER",
    }
    assert run.whole()["status"] == "CANCELED"


def test_a_note_is_found_in_the_history(run: Run) -> None:
    run.well("AddNote", order=run.id, message="Sent to Amazon.")
    assert {"type": "NOTE_ADDED", "message": "Sent to Amazon."} in run("OrderNotes", id=run.id)[
        "events"
    ]


def test_an_order_is_changed(run: Run) -> None:
    run.well("ChangeOrder", id=run.id, input={"userEmail": "new@amazon.invalid"})
    assert run.whole()["userEmail"] == "new@amazon.invalid"


def test_private_metadata_is_set_on_orders_lines_and_fulfilments(run: Run) -> None:
    made = run.fulfill()
    line = to_global("OrderLine", run.order.lines[0].id)
    for key in (run.id, line, made["id"]):
        run.well("SetPrivateMetadata", id=key, input=[{"key": "a", "value": "1"}])
    told = run.whole()
    assert told["privateMetadata"] == [{"key": "a", "value": "1"}]
    assert told["fulfillments"][0]["privateMetadata"] == [{"key": "a", "value": "1"}]
    assert run.order.lines[0].private_metadata == {"amazon.orderItemId": "I1", "a": "1"}


def test_a_refund_is_reported_once(run: Run) -> None:
    told = {
        "id": run.whole()["transactions"][0]["id"],
        "type": "REFUND_SUCCESS",
        "amount": 5,
        "reference": "R1",
        "message": "Refunded in Seller Central.",
        "url": "https://sellercentral.amazon.com/",
        "time": datetime.now(UTC).isoformat(),
        "actions": ["REFUND"],
    }
    assert run.well("ReportTransactionEvent", **told)["alreadyProcessed"] is False
    assert run.well("ReportTransactionEvent", **told)["alreadyProcessed"] is True
    (transaction,) = run.whole()["transactions"]
    assert transaction["refundedAmount"] == {"amount": 5.0}
    assert transaction["chargedAmount"] == {"amount": 20.0}
    assert [e["type"] for e in transaction["events"]] == ["REFUND_SUCCESS", "CHARGE_SUCCESS"]
    assert transaction["events"][0] == {
        "type": "REFUND_SUCCESS",
        "pspReference": "R1",
        "message": "Refunded in Seller Central.",
        "amount": {"amount": 5.0},
    }
    assert run.order.transactions[0].actions == ["REFUND"]
    assert run.well("ReportTransactionEvent", **told | {"reference": "R2", "actions": None})
    assert run.order.transactions[0].actions == ["REFUND"]


def test_the_shop_tells_its_own_address(run: Run) -> None:
    assert run("ShopAddress") == {"domain": {"url": f"{run.shop.base}/"}}


# --- what has changed ---------------------------------------------------------------------------


def changed(run: Run, since: datetime, first: int = 100, after: str | None = None) -> Any:
    return run("ChangedOrders", since=since.isoformat(), first=first, after=after)


def references(page: Any) -> list[str]:
    return [edge["node"]["externalReference"] for edge in page["edges"]]


def test_changed_orders_come_oldest_change_first_and_once(run: Run) -> None:
    """Cursors hold values: a change between two pages makes no other order go missing."""
    start = datetime.now(UTC) - timedelta(minutes=1)
    run.shop.create(*(run.shop.order(name) for name in ("A", "B", "C")))
    first = changed(run, start, first=2)
    assert references(first) == ["111-1", "A"]
    assert first["pageInfo"]["hasNextPage"] is True
    run.well("AddNote", order=run.id, message="changed meanwhile")
    second = changed(run, start, first=2, after=first["pageInfo"]["endCursor"])
    assert references(second) == ["B", "C"]
    last = changed(run, start, first=2, after=second["pageInfo"]["endCursor"])
    assert references(last) == ["111-1"]
    assert last["pageInfo"]["hasNextPage"] is False


def test_what_makes_an_order_a_changed_one(run: Run) -> None:
    made = run.fulfill()
    since = datetime.now(UTC)
    run.well("ChangeTracking", id=made["id"], tracking="T2")
    run.well("SetPrivateMetadata", id=made["id"], input=[{"key": "a", "value": "1"}])
    assert references(changed(run, since)) == []
    run.well("AddNote", order=run.id, message="x")
    assert references(changed(run, since)) == ["111-1"]


# --- webhooks of the app's own ------------------------------------------------------------------


def test_an_app_keeps_its_own_webhooks_in_order(run: Run) -> None:
    with app_server() as server:
        query = "subscription { event { ... on OrderCancelled { order { id } } } }"
        wish = {"name": "n", "targetUrl": f"{server.base}/hook", "query": query}
        run.well("CreateWebhook", input=wish)
        (webhook,) = run("OwnWebhooks")["webhooks"]
        key = webhook.pop("id")
        assert webhook == {
            "name": "n",
            "isActive": True,
            "targetUrl": f"{server.base}/hook",
            "subscriptionQuery": query,
        }
        run.well("UpdateWebhook", id=key, input={"isActive": False})
        assert run("OwnWebhooks")["webhooks"][0]["isActive"] is False


# --- what the app asks when it is set up ---------------------------------------------------------


def test_an_import_finds_what_it_needs(run: Run) -> None:
    assert run("AppSelf")["isActive"] is True
    told = run.shop.ask(document("Setup"))
    assert told["warehouses"]["edges"][0]["node"]["id"] == run.shop.warehouse
    for name, variables in (
        ("VariantsBySku", {"skus": ["SHOP-01-NAT"]}),
        ("VariantsById", {"ids": [run.shop.variant()]}),
    ):
        (edge,) = run(name, **variables)["edges"]
        assert edge["node"]["sku"] == "SHOP-01-NAT"
    imported = run(
        "ImportOrders",
        orders=[run.shop.order("A")],
        errorPolicy="REJECT_FAILED_ROWS",
        stockUpdatePolicy="UPDATE",
    )
    assert imported["results"][0]["order"]["externalReference"] == "A"
