"""Payments: what is reported, granted and asked for."""

from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.saleor.acting import Report, report_event
from saleor_amazon_app.saleor.errors import Declined
from saleor_amazon_app.saleor.reasons import with_chosen_reasons
from saleor_amazon_app.saleor.shop import read_self
from tests.contract.shops import GROSS, ContractShop
from tests.mirror.amazon_orders import item

GRANT = """
mutation Grant($order: ID!, $input: OrderGrantRefundCreateInput!) {
  orderGrantRefundCreate(id: $order, input: $input) {
    grantedRefund { id amount { amount } } errors { field code message }
  }
}"""
ASK = """
mutation Ask($id: ID!, $amount: PositiveDecimal) {
  transactionRequestAction(id: $id, actionType: REFUND, amount: $amount) {
    errors { field code message }
  }
}"""
REASONS = "query Reasons { refundSettings { reasonReferenceType { id } } }"
PAGES = """
query Pages($types: [ID!]) {
  pages(first: 1, filter: {pageTypes: $types}) { edges { node { id title } } }
}"""
CHARGE = """
query Charge($r: String!) {
  order(externalReference: $r) {
    chargeStatus totalCharged { amount } totalRefunded { amount }
    transactions { actions externalUrl refundPendingAmount { amount } }
  }
}"""


def payment(shop: ContractShop) -> Any:
    found = shop.order().payment
    assert found is not None
    return found


def report(shop: ContractShop, amount: str, **more: Any) -> None:
    told = {"type": "REFUND_SUCCESS", "reference": "amazon-refund-1"} | more
    report_event(shop.api, payment(shop).id, Report(amount=Decimal(amount), **told))


def test_a_refund_that_is_reported_counts_once(shop: ContractShop) -> None:
    shop.sell()
    report(shop, "10.00", message="Refunded at Amazon.", url="https://sellercentral.example/o/1")
    report(shop, "10.00", message="Refunded at Amazon.")
    assert payment(shop).refunded == Decimal("10.00")
    assert payment(shop).charged == GROSS - 10
    order = shop.ask(CHARGE, r=shop.reference())["order"]
    assert order["chargeStatus"] == "PARTIAL"


def test_the_same_refund_with_another_amount_is_declined(shop: ContractShop) -> None:
    shop.sell()
    report(shop, "10.00")
    with pytest.raises(Declined) as failure:
        report(shop, "11.00")
    assert failure.value.code == "INCORRECT_DETAILS"
    assert payment(shop).refunded == Decimal("10.00")
    assert shop.ask(CHARGE, r=shop.reference())["order"]["totalRefunded"]["amount"] == 10


def test_a_refund_of_everything_leaves_nothing_charged(shop: ContractShop) -> None:
    shop.sell()
    report(shop, str(GROSS))
    order = shop.ask(CHARGE, r=shop.reference())["order"]
    assert (order["chargeStatus"], order["totalCharged"]["amount"]) == ("NONE", 0)


def test_a_failed_refund_changes_no_amount(shop: ContractShop) -> None:
    shop.sell()
    report(shop, "10.00", type="REFUND_FAILURE", message="Amazon refuses.")
    assert (payment(shop).charged, payment(shop).refunded) == (GROSS, 0)
    assert [e.type for e in payment(shop).events if e.reference] == ["REFUND_FAILURE"]


@pytest.mark.parametrize("refundable", [True, False])
def test_refunds_are_offered_only_where_amazon_lets_one(
    shop: ContractShop, refundable: bool
) -> None:
    shop.sell()
    report(shop, "10.00", refundable=refundable)
    (transaction,) = shop.ask(CHARGE, r=shop.reference())["order"]["transactions"]
    assert transaction["actions"] == ["REFUND"]


def test_a_granted_refund_names_lines_units_and_reasons(shop: ContractShop) -> None:
    seen = shop.sell()
    line = {"id": shop.order().lines[0].id, "quantity": 1, "reason": "arrived damaged"}
    wish = {
        "lines": [line],
        "reason": "customer return",
        "grantRefundForShipping": True,
        "transactionId": payment(shop).id,
    }
    made = shop.ask(GRANT, order=seen.id, input=wish)["orderGrantRefundCreate"]
    assert made["errors"] == []
    (grant,) = shop.order().grants
    assert grant.amount == Decimal(str(made["grantedRefund"]["amount"]["amount"]))
    assert (grant.reason, grant.with_shipping) == ("customer return", True)
    item = shop.order().lines[0].item_id
    assert (dict(grant.units), dict(grant.reasons)) == ({item: 1}, {item: "arrived damaged"})


def test_a_line_that_is_granted_with_no_unit_is_not_refunded(shop: ContractShop) -> None:
    """The Dashboard's page for returns names all lines of the order."""
    seen = shop.sell(item(1), item(2, sku="SHOP-02-NAT", quantity=3, total="29.85"))
    first, second = sorted(shop.order().lines, key=lambda line: line.item_id)
    lines = [{"id": first.id, "quantity": 1}, {"id": second.id, "quantity": 0}]
    wish = {"lines": lines, "amount": 14.9, "transactionId": payment(shop).id}
    made = shop.ask(GRANT, order=seen.id, input=wish)["orderGrantRefundCreate"]
    assert made["errors"] == []
    (grant,) = shop.order().grants
    assert dict(grant.units) == {first.item_id: 1}


def test_nobody_to_ask_for_a_refund_is_said_at_once(shop: ContractShop) -> None:
    shop.sell()
    told = shop.ask(ASK, id=payment(shop).id, amount=5)["transactionRequestAction"]
    assert [error["code"] for error in told["errors"]] == [
        "MISSING_TRANSACTION_ACTION_REQUEST_WEBHOOK"
    ]
    assert payment(shop).refunded == 0


@pytest.mark.not_simulated("it has, like many a shop, no list of reasons")
def test_a_chosen_reason_is_read(shop: ContractShop) -> None:
    page = _a_reason(shop)
    seen = shop.sell()
    line = {"id": shop.order().lines[0].id, "quantity": 1, "reasonReference": page["id"]}
    wish = {
        "lines": [line],
        "reasonReference": page["id"],
        "transactionId": payment(shop).id,
    }
    made = shop.ask(GRANT, order=seen.id, input=wish)["orderGrantRefundCreate"]
    assert made["errors"] == []
    report(shop, "5.00", type="REFUND_REQUEST")
    (grant,) = with_chosen_reasons(shop.api, shop.order()).grants
    assert grant.reason == page["title"]
    assert list(grant.reasons.values()) == [page["title"]]


def _a_reason(shop: ContractShop) -> Any:
    if shop.kind == "real" and read_self(shop.api).version.startswith("3.21."):
        pytest.skip("Saleor 3.21 knows no lists of reasons")
    chosen = shop.ask(REASONS)["refundSettings"]["reasonReferenceType"]
    if chosen is None:
        pytest.skip("the shop's settings name no list of reasons")
    pages = shop.ask(PAGES, types=[chosen["id"]])["pages"]["edges"]
    return pages[0]["node"]
