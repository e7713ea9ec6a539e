"""What listTransactions tells of shipments and refunds."""

from collections.abc import Callable
from typing import Any

import pytest

from saleor_amazon_app.sandbox.amazon import seller_central
from saleor_amazon_app.sandbox.amazon.changes import change
from saleor_amazon_app.sandbox.amazon.state import State
from tests.sandbox.amazon.amazon import UK, US, Caller, Client, ago
from tests.sandbox.amazon.test_conformance import faults_of, unknown_fields
from tests.sandbox.amazon.writing import (
    MUG,
    TRANSACTIONS,
    an_item,
    confirm,
    sell,
)

Model = Callable[[str], dict[str, Any]]


def transactions(call: Caller, **query: str) -> list[dict[str, Any]]:
    query.setdefault("postedAfter", ago(days=1))
    answer = call.get(TRANSACTIONS, **query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json["payload"]["transactions"]
    return found


def of_order(call: Caller, order_id: str) -> list[dict[str, Any]]:
    answer = call.get(
        TRANSACTIONS, relatedIdentifierName="ORDER_ID", relatedIdentifierValue=order_id
    )
    found: list[dict[str, Any]] = answer.json["payload"]["transactions"]
    return found


def leaves(told: dict[str, Any]) -> dict[str, float]:
    """The innermost amounts of a transaction's items."""
    found: dict[str, float] = {}
    for group in (each for item in told["items"] for each in item["breakdowns"]):
        for leaf in group["breakdowns"]:
            name = leaf["breakdownType"]
            amount = leaf["breakdownAmount"]["currencyAmount"]
            found[name] = round(found.get(name, 0) + amount, 2)
    return found


def shipped_and_refunded(state: State, call: Caller, *items: dict[str, Any], **kind: Any) -> str:
    order_id = sell(state, *items, **kind).order_id
    seller_central.ship(state, order_id)
    state.clock.advance(60)
    seller_central.refund(state, order_id)
    state.clock.advance(200)
    return order_id


def test_a_refund_is_a_transaction_with_negative_amounts(state: State, call: Caller) -> None:
    order_id = shipped_and_refunded(state, call, an_item(price="20.00", shipping="5.00"))
    shipment, refund = of_order(call, order_id)
    assert (shipment["transactionType"], refund["transactionType"]) == ("Shipment", "Refund")
    assert refund["description"] == "Refund Order"
    assert refund["postedDate"] == "2026-11-23T12:01:00.000Z"
    ids = {
        i["relatedIdentifierName"]: i["relatedIdentifierValue"]
        for i in refund["relatedIdentifiers"]
    }
    assert ids["ORDER_ID"] == order_id
    assert ids["REFUND_ID"] == state.refunds[0].refund_id
    assert leaves(refund) == {
        "OurPricePrincipal": -20,
        "ShippingPrincipal": -5,
        "Commission": 3.75,
        "RefundCommission": -0.75,
    }
    assert refund["totalAmount"] == {"currencyAmount": -22, "currencyCode": "USD"}
    (item,) = refund["items"]
    assert item["contexts"] == [
        {
            "contextType": "ProductContext",
            "asin": "B000000001",
            "sku": "SKU-1",
            "quantityShipped": 1,
            "fulfillmentNetwork": "MFN",
        }
    ]
    sides = {
        b["breakdownType"]: b["breakdownAmount"]["currencyAmount"] for b in refund["breakdowns"]
    }
    assert sides == {"Refunded Sales": -25, "Refunded Expenses": 3}


def test_without_fees_a_refund_is_what_the_buyer_got(
    state: State, client: Client, call: Caller
) -> None:
    client.post("/control/finances/settings", json={"fees": False})
    shipment, refund = of_order(call, shipped_and_refunded(state, call))
    assert refund["totalAmount"]["currencyAmount"] == -20
    assert shipment["totalAmount"]["currencyAmount"] == 20


def test_tax_that_amazon_withholds_is_taken_off_again(state: State, call: Caller) -> None:
    item = an_item(price="20.00", tax="2.00", facilitated=True)
    shipment, refund = of_order(call, shipped_and_refunded(state, call, item))
    assert leaves(shipment)["OurPriceTax"] == 2
    assert leaves(shipment)["MarketplaceFacilitatorTax-Principal"] == -2
    assert leaves(refund)["OurPriceTax"] == -2
    assert leaves(refund)["MarketplaceFacilitatorTax-Principal"] == 2


def test_the_sellers_own_tax_and_promotions_are_told(state: State, call: Caller) -> None:
    item = an_item(price="20.00", tax="1.80", discount="2.00")
    _, refund = of_order(call, shipped_and_refunded(state, call, item))
    told = leaves(refund)
    assert (told["OurPricePrincipal"], told["OurPriceTax"]) == (-20, -1.8)
    assert told["OurPriceDiscount"] == 2


def test_prices_are_told_without_the_tax_they_contain(state: State, call: Caller) -> None:
    item = an_item(price="12.00", tax="2.00", currency="GBP", tax_on_top=False)
    _, refund = of_order(call, shipped_and_refunded(state, call, item, marketplace=UK))
    assert (leaves(refund)["OurPricePrincipal"], leaves(refund)["OurPriceTax"]) == (-10, -2)


def test_each_parcel_is_posted_and_the_parts_add_up(state: State, call: Caller) -> None:
    order_id = sell(state, an_item(MUG, "10.00", 3)).order_id
    state.finance_fees = False
    for number in ("1", "2", "3"):
        confirm(call, order_id, packageReferenceId=number)
    confirm(call, order_id, packageReferenceId="3", trackingNumber="NEW-1")
    state.clock.advance(200)
    amounts = [t["totalAmount"]["currencyAmount"] for t in of_order(call, order_id)]
    assert amounts == [3.33, 3.34, 3.33]


def test_a_transaction_is_seen_late(state: State, client: Client, call: Caller) -> None:
    client.post("/control/finances/settings", json={"delay_seconds": 3600})
    order_id = sell(state).order_id
    seller_central.ship(state, order_id)
    state.clock.advance(3599)
    assert of_order(call, order_id) == []
    state.clock.advance(1)
    call.access_token = None
    assert len(of_order(call, order_id)) == 1


def test_the_last_two_minutes_are_not_told(state: State, call: Caller) -> None:
    seller_central.ship(state, sell(state).order_id)
    state.clock.advance(119)
    assert transactions(call) == []
    state.clock.advance(2)
    assert len(transactions(call)) == 1


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"postedBefore": ago(days=1)},
        {"postedAfter": ago(minutes=1)},
        {"postedAfter": "yesterday"},
        {"postedAfter": ago(days=2), "postedBefore": ago(minutes=1)},
        {"postedAfter": ago(days=2), "postedBefore": ago(days=3)},
        {"postedAfter": ago(days=2), "transactionStatus": "LOST"},
        {"relatedIdentifierName": "ORDER_ID"},
        {"relatedIdentifierName": "REFUND_ID", "relatedIdentifierValue": "1"},
        {"postedAfter": ago(days=2), "nextToken": "made-up"},
    ],
)
def test_searches_that_are_refused(call: Caller, query: dict[str, str]) -> None:
    assert call.get(TRANSACTIONS, **query).status_code == 400


def test_more_than_180_days_are_empty(state: State, call: Caller) -> None:
    shipped_and_refunded(state, call)
    assert len(transactions(call, postedAfter=ago(days=179))) == 2
    assert transactions(call, postedAfter=ago(days=181)) == []


def test_transactions_are_found_by_time_status_and_marketplace(state: State, call: Caller) -> None:
    pounds = an_item(currency="GBP")
    shipped_and_refunded(state, call, pounds, marketplace=UK)
    assert len(transactions(call, marketplaceId=UK)) == 2
    assert transactions(call, transactionStatus="DEFERRED") == []
    assert len(transactions(call, postedAfter=ago(seconds=-30))) == 1
    assert len(transactions(call, postedBefore=ago(seconds=-60))) == 1


def test_in_the_us_naming_the_marketplace_hides_the_merchants_own_orders(
    state: State, call: Caller
) -> None:
    shipped_and_refunded(state, call)
    assert len(transactions(call)) == 2
    assert transactions(call, marketplaceId=US) == []


def test_another_sellers_transactions_are_not_told(state: State, call: Caller) -> None:
    shipped_and_refunded(state, call)
    state.add_seller("OTHER", "Atzr|other", [US])
    assert transactions(Caller(call.client, "Atzr|other")) == []


def test_transactions_come_in_pages_of_which_some_are_empty(
    state: State, client: Client, call: Caller
) -> None:
    settings = {"page_size": 1, "empty_pages": True}
    client.post("/control/finances/settings", json=settings)
    shipped_and_refunded(state, call)
    query, sizes = {"postedAfter": ago(days=1)}, []
    while True:
        payload = call.get(TRANSACTIONS, **query).json["payload"]
        sizes.append(len(payload["transactions"]))
        if "nextToken" not in payload:
            break
        query["nextToken"] = payload["nextToken"]
    assert sizes == [0, 1, 1]
    changed = {"postedAfter": ago(days=2), "nextToken": query["nextToken"]}
    assert call.get(TRANSACTIONS, **changed).status_code == 400


def test_an_order_shipped_by_what_happens_to_it_has_no_money_twice(
    state: State, call: Caller
) -> None:
    order_id = sell(state).order_id
    change(state, order_id, {"status": "SHIPPED"})
    state.clock.advance(200)
    assert [t["transactionType"] for t in of_order(call, order_id)] == ["Shipment"]


def test_answers_conform(state: State, call: Caller, model: Model) -> None:
    published = model("models/finances_2024-06-19.json")
    item = an_item(price="20.00", tax="2.00", discount="1.00", shipping="3.00")
    shipped_and_refunded(state, call, item)
    told = call.get(TRANSACTIONS, postedAfter=ago(days=1)).json
    assert faults_of(published, "ListTransactionsResponse", told) == []
    strange = unknown_fields(published, "ListTransactionsResponse", told)
    # The model composes Context of several definitions.
    assert {name for name in strange if not name.startswith("Context.")} == set()
    error = call.get(TRANSACTIONS).json
    assert faults_of(published, "ErrorList", error) == []


def test_amazons_bad_example_is_refused_in_its_words(call: Caller, model: Model) -> None:
    cases = model("sandbox_cases_and_limits.json")["finances_2024-06-19.listTransactions"]
    (bad,) = (case for case in cases["static_cases"] if case["status"] == 400)
    query = {name: told["value"] for name, told in bad["request"]["parameters"].items()}
    assert call.get(TRANSACTIONS, **query).json == bad["response"]
