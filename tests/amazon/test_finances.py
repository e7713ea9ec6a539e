"""What Amazon tells of the money: exact amounts, all pages, refunds known as such."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from saleor_amazon_app.amazon import finances
from saleor_amazon_app.amazon.errors import Refused, Unavailable
from saleor_amazon_app.amazon.finances import (
    FinancialItem,
    FinancialTransaction,
    list_refunds_since,
    list_transactions,
)
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.amazon.operations import LIST_TRANSACTIONS
from tests.amazon.conftest import Scripted
from tests.web_stub import Answer

SELLER = SellerCredentials("account-1", "A1SELLER", "Atzr|token")
ORDER = "111-1111111-1111111"


def refund(**more: Any) -> dict[str, Any]:
    told = {
        "transactionId": "T1",
        "transactionType": "Refund",
        "transactionStatus": "RELEASED",
        "description": "Refund Order",
        "postedDate": "2026-11-02T10:00:00.123Z",
        "totalAmount": {"currencyCode": "USD", "currencyAmount": "AMOUNT"},
        "relatedIdentifiers": [
            {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": ORDER},
            {"relatedIdentifierName": "REFUND_ID", "relatedIdentifierValue": "R1"},
        ],
        "items": [
            {
                "totalAmount": {"currencyCode": "USD", "currencyAmount": -8},
                "contexts": [
                    {"contextType": "AmazonPayContext"},
                    {
                        "contextType": "ProductContext",
                        "asin": "B07",
                        "sku": "sku-12",
                        "quantityShipped": 1,
                    },
                ],
            }
        ],
    }
    return told | more


def page(*transactions: Any, **more: Any) -> Answer:
    body = {"payload": {"transactions": list(transactions)} | more}
    return Answer(text=json.dumps(body).replace('"AMOUNT"', "-12345678901234567.89"))


def test_a_transaction_is_read_exactly(scripted: Scripted) -> None:
    scripted.stub.script(LIST_TRANSACTIONS.path, page(refund()))
    (read,) = list_transactions(scripted.api, SELLER, "na", ORDER)
    assert read == FinancialTransaction(
        "T1",
        "Refund",
        "RELEASED",
        "Refund Order",
        datetime(2026, 11, 2, 10, 0, 0, 123000, tzinfo=UTC),
        Decimal("-12345678901234567.89"),
        "USD",
        ORDER,
        "R1",
        (FinancialItem("sku-12", "B07", 1, Decimal(-8)),),
    )
    assert read.is_refund
    query = {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": ORDER}
    assert scripted.stub.requests[-1].query == query


def test_pages_repeat_the_query_and_may_be_empty(scripted: Scripted) -> None:
    scripted.stub.script(
        LIST_TRANSACTIONS.path,
        page(nextToken="2"),
        page(refund(), nextToken="3"),
        page(refund(transactionType="Shipment"), {}, None),
    )
    after = datetime.now(UTC) - timedelta(days=3)
    before = after + timedelta(days=1)
    found = list_refunds_since(scripted.api, SELLER, "na", after, before)
    assert [each.order_id for each in found] == [ORDER]
    queries = [r.query for r in scripted.stub.requests if r.path == LIST_TRANSACTIONS.path]
    assert [query.pop("nextToken", None) for query in queries] == [None, "2", "3"]
    assert queries[0] == queries[1] == queries[2]
    assert set(queries[0]) == {"postedAfter", "postedBefore"}


@pytest.mark.parametrize(
    ("kind", "is_refund"),
    [
        ("Refund", True),
        ("REFUND_RETROCHARGE", True),
        ("Shipment", False),
        ("Chargeback", False),
        ("ServiceFee", False),
        ("", False),
    ],
)
def test_refunds_are_known_by_their_type(scripted: Scripted, kind: str, *, is_refund: bool) -> None:
    scripted.stub.script(LIST_TRANSACTIONS.path, page(refund(transactionType=kind)))
    (read,) = list_transactions(scripted.api, SELLER, "na", ORDER)
    assert read.is_refund is is_refund


def test_missing_fields_break_nothing(scripted: Scripted) -> None:
    odd = refund(totalAmount={"currencyAmount": "x"}, items=[{}, 1], postedDate=7)
    scripted.stub.script(LIST_TRANSACTIONS.path, page({}, odd))
    bare, read = list_transactions(scripted.api, SELLER, "na", ORDER)
    assert bare == FinancialTransaction("", "", "", "", None, Decimal(0), "")
    assert (read.amount, read.currency, read.posted_at) == (Decimal(0), "", None)
    assert read.items == (FinancialItem("", "", None, Decimal(0)),)


def test_a_list_is_whole_or_an_error(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    scripted.stub.script(LIST_TRANSACTIONS.path, Answer(json={"transactions": []}))
    with pytest.raises(Unavailable, match="missing"):
        list_transactions(scripted.api, SELLER, "na", ORDER)
    monkeypatch.setattr(finances, "_MOST_PAGES", 3)
    scripted.stub.script(LIST_TRANSACTIONS.path, page(nextToken="again"))
    with pytest.raises(Unavailable, match="does not end"):
        list_transactions(scripted.api, SELLER, "na", ORDER)


def test_a_period_too_long_is_not_taken_for_one_without_refunds(scripted: Scripted) -> None:
    now = datetime.now(UTC)
    with pytest.raises(ValueError, match="180"):
        list_refunds_since(scripted.api, SELLER, "na", now - timedelta(days=181))
    after = now - timedelta(days=400)
    with pytest.raises(ValueError, match="180"):
        list_refunds_since(scripted.api, SELLER, "na", after, after + timedelta(days=181))


def test_a_refused_query_is_an_error(scripted: Scripted) -> None:
    error = {"code": "InvalidInput", "message": "Start date", "details": "Start date"}
    scripted.stub.script(LIST_TRANSACTIONS.path, Answer(400, json={"errors": [error]}))
    with pytest.raises(Refused, match=r"400: \"Start date\"$"):
        list_refunds_since(scripted.api, SELLER, "na", datetime.now(UTC))


def test_the_published_example_can_be_read(shared: Path, scripted: Scripted) -> None:
    cases = json.loads((shared / "amazon" / "sandbox_cases_and_limits.json").read_text())
    case = cases["finances_2024-06-19.listTransactions"]["static_cases"][0]
    case["response"]["payload"].pop("nextToken")
    scripted.stub.script(LIST_TRANSACTIONS.path, Answer(json=case["response"]))
    (read,) = list_transactions(scripted.api, SELLER, "na", "8129762527551")
    assert (read.type, read.amount) == ("Shipment", Decimal(10))


def parts(name: str, amount: str, *inner: Any) -> dict[str, Any]:
    money = {"currencyCode": "USD", "currencyAmount": float(amount)}
    return {"breakdownType": name, "breakdownAmount": money, "breakdowns": list(inner)}


FEES = parts("AmazonFees", "2.40", parts("Commission", "3.00"), parts("RefundCommission", "-0.60"))
CHARGES = parts("ProductCharges", "-20.00", parts("OurPricePrincipal", "-20.00"))
TAX = parts(
    "Tax",
    "0",
    parts("OurPriceTax", "-1.65"),
    parts("MarketplaceFacilitatorTax-Principal", "1.65"),
)


@pytest.mark.parametrize(
    ("breakdowns", "withheld", "buyer"),
    [
        pytest.param({"items": [{"breakdowns": [CHARGES, FEES, TAX]}]}, "1.65", "21.65", id="item"),
        pytest.param({"items": [{"breakdowns": [CHARGES, FEES]}]}, "0", "20.00", id="no tax"),
        pytest.param(
            {"items": [], "breakdowns": [parts("Refunded Expenses", "2.40", FEES)]},
            "0",
            "20.00",
            id="of the transaction only",
        ),
        pytest.param({"items": [], "breakdowns": []}, "0", "17.60", id="none"),
    ],
)
def test_what_the_buyer_got_is_without_amazons_part(
    scripted: Scripted, breakdowns: Any, withheld: str, buyer: str
) -> None:
    net = {"currencyCode": "USD", "currencyAmount": -17.6}
    answer = Answer(json={"payload": {"transactions": [refund(totalAmount=net) | breakdowns]}})
    scripted.stub.script(LIST_TRANSACTIONS.path, answer)
    (read,) = list_transactions(scripted.api, SELLER, "na", ORDER)
    assert (read.withheld_tax, read.buyer_amount) == (Decimal(withheld), Decimal(buyer))
