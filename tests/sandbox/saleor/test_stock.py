"""Stocks and allocations move as at the real server."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.sandbox.saleor.shops import IMPORT, OTHER, SKU, Shop

FULFILL = """mutation Fulfill($order: ID!, $input: OrderFulfillInput!) {
  orderFulfill(order: $order, input: $input) {
    order { status } fulfillments { status warehouse { id } }
    errors { field code message warehouse orderLines } } }"""
CANCEL = """mutation Cancel($id: ID!) { orderCancel(id: $id) {
  order { status chargeStatus } errors { field code message } } }"""


def set_stock(shop: Shop, quantity: int | None, sku: str = SKU) -> None:
    assert shop.control("/stocks", {"sku": sku, "quantity": quantity}).status_code == 200


def test_an_unfulfilled_import_reserves_nothing(shop: Shop) -> None:
    shop.create(shop.order())
    assert shop.levels() == (400, 0)


@pytest.mark.parametrize(("stock", "left"), [("UPDATE", 398), ("FORCE", 398), ("SKIP", 400)])
def test_a_fulfilled_import_lowers_the_stock(shop: Shop, stock: str, left: int) -> None:
    assert shop.create(shop.sent(), stock=stock)["count"] == 1
    assert shop.levels() == (left, 0)


def test_taking_the_fulfilment_back_reserves(shop: Shop) -> None:
    order = shop.reserve()
    assert shop.levels() == (400, 2)
    assert order.status == "UNFULFILLED"
    assert [e.type for e in order.events] == ["FULFILLMENT_CANCELED", "FULFILLMENT_RESTOCKED_ITEMS"]


@pytest.mark.parametrize(
    ("policy", "created", "left"), [("UPDATE", 0, 1), ("FORCE", 1, -1), ("SKIP", 1, 1)]
)
def test_too_few_units(shop: Shop, policy: str, created: int, left: int) -> None:
    set_stock(shop, 1)
    told = shop.create(shop.sent(), stock=policy)
    assert told["count"] == created
    assert shop.levels()[0] == left
    if not created:
        (error,) = told["results"][0]["errors"]
        assert (error["path"], error["code"]) == ("lines.0", "INSUFFICIENT_STOCK")


def test_the_rows_of_a_call_share_what_there_is(shop: Shop) -> None:
    set_stock(shop, 3)
    told = shop.create(shop.order("A"), shop.order("B"))
    assert [r["order"] is not None for r in told["results"]] == [True, False]


@pytest.mark.parametrize("policy", ["UPDATE", "FORCE"])
def test_without_a_stock_row_even_force_refuses(shop: Shop, policy: str) -> None:
    set_stock(shop, None)
    (error,) = shop.create(shop.order(), stock=policy)["results"][0]["errors"]
    assert error["code"] == "NON_EXISTING_STOCK"


def test_when_every_row_is_rejected_missing_stock_is_told_as_noise(shop: Shop) -> None:
    order = shop.order(lines=[shop.line(taxClassId=None)])
    errors = shop.create(order)["results"][0]["errors"]
    assert [e["code"] for e in errors] == ["NOT_FOUND", "NON_EXISTING_STOCK"]


def test_a_rejected_row_still_lowers_stock_it_shares_with_a_good_row(shop: Shop) -> None:
    bad = shop.sent("bad")
    bad["lines"][0]["taxClassId"] = None
    told = shop.create(shop.sent("good"), bad)
    assert [r["order"] is not None for r in told["results"]] == [True, False]
    assert shop.levels() == (396, 0)


def test_a_rejected_row_leaves_other_variants_alone(shop: Shop) -> None:
    bad = shop.sent("bad", lines=[shop.line(OTHER, taxClassId=None)])
    bad["fulfillments"][0]["lines"][0]["variantId"] = shop.variant(OTHER)
    shop.create(shop.sent("good"), bad)
    assert (shop.levels(), shop.levels(OTHER)) == ((398, 0), (410, 0))


def test_more_fulfilled_than_ordered(shop: Shop) -> None:
    order = shop.sent(status="UNFULFILLED")
    order["fulfillments"][0]["lines"][0]["quantity"] = 3
    errors = shop.create(order)["results"][0]["errors"]
    assert "INVALID_QUANTITY" in [e["code"] for e in errors]


def stock_input(shop: Shop, order: Any, quantity: int = 2, **more: Any) -> dict[str, Any]:
    line = shop.ask('{ order(externalReference: "111-1") { id lines { id } } }')["order"]
    stocks = [{"quantity": quantity, "warehouse": shop.warehouse}]
    lines = [{"orderLineId": line["lines"][0]["id"], "stocks": stocks}]
    return {"order": line["id"], "input": {"lines": lines} | more}


def fulfill(shop: Shop, order: Any, quantity: int = 2, **more: Any) -> Any:
    return shop.ask(FULFILL, **stock_input(shop, order, quantity, **more))["orderFulfill"]


def test_fulfilling_uses_the_allocation_up(shop: Shop) -> None:
    told = fulfill(shop, shop.reserve())
    assert told["order"]["status"] == "FULFILLED"
    assert told["fulfillments"][0]["warehouse"]["id"] == shop.warehouse
    assert shop.levels() == (398, 0)


def test_cancelling_releases_the_allocation_refunds_nothing_and_writes_a_mail(shop: Shop) -> None:
    order = shop.reserve()
    told = shop.ask('{ order(externalReference: "111-1") { id } }')["order"]
    assert shop.ask(CANCEL, id=told["id"])["orderCancel"]["order"]["status"] == "CANCELED"
    assert shop.levels() == (400, 0)
    assert [m["kind"] for m in shop.control("/mails").json()] == ["order_canceled"]
    again = shop.ask(CANCEL, id=told["id"])["orderCancel"]["errors"]
    assert again == [
        {
            "field": "order",
            "code": "CANNOT_CANCEL_ORDER",
            "message": "This order can't be canceled.",
        }
    ]
    assert order.charge_status == "NONE"


def test_a_fulfilled_order_cannot_be_cancelled(shop: Shop) -> None:
    shop.create(shop.sent())
    key = shop.ask('{ order(externalReference: "111-1") { id } }')["order"]["id"]
    assert shop.ask(CANCEL, id=key)["orderCancel"]["errors"][0]["code"] == "CANNOT_CANCEL_ORDER"


def test_stock_that_others_reserved_is_not_there(shop: Shop) -> None:
    shop.reserve("other")
    shop.create(shop.order())
    set_stock(shop, 2)
    told = fulfill(shop, None)
    assert told["errors"][0]["code"] == "INSUFFICIENT_STOCK"
    assert told["errors"][0]["warehouse"] == shop.warehouse
    assert shop.levels() == (2, 2)
    made = shop.state.order_by_reference("111-1")
    assert made
    assert (made.fulfillments, made.lines[0].quantity_fulfilled) == ([], 0)
    assert fulfill(shop, None, allowStockToBeExceeded=True)["order"]["status"] == "FULFILLED"
    assert shop.levels() == (0, 2)


def test_two_calls_at_the_same_time_with_one_reference_make_one_order(shop: Shop) -> None:
    shop.control("/settings", {"import_seconds_per_order": 0.3})
    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(shop.post, IMPORT, {"orders": [shop.order("B")]}) for _ in range(4)]
        answers = [future.result().json() for future in futures]
    codes = [a["errors"][0]["extensions"]["exception"]["code"] for a in answers if "errors" in a]
    assert codes == ["IntegrityError"] * 3
    assert len(shop.state.shop.orders) == 1
