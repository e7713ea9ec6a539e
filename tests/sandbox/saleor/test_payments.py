"""Transactions and their owners."""

from typing import Any

import pytest

from saleor_amazon_app.sandbox.saleor.ids import to_global
from tests.sandbox.saleor.shops import Shop, add_app, payment

SEEN = "id actions chargedAmount { amount } refundedAmount { amount } createdBy { __typename }"
CREATE = f"""mutation Create($id: ID!, $transaction: TransactionCreateInput!) {{
  transactionCreate(id: $id, transaction: $transaction) {{
    transaction {{ {SEEN} }} errors {{ field code message }} }} }}"""
ADOPT = f"""mutation Adopt($id: ID!, $transaction: TransactionUpdateInput!) {{
  transactionUpdate(id: $id, transaction: $transaction) {{
    transaction {{ {SEEN} }} errors {{ field code message }} }} }}"""
REPORT = f"""mutation R($id: ID!, $type: TransactionEventTypeEnum!, $amount: PositiveDecimal) {{
  transactionEventReport(id: $id, type: $type, amount: $amount, pspReference: "R1") {{
    alreadyProcessed transaction {{ {SEEN} }} errors {{ field code }} }} }}"""
GRANT = """mutation Grant($id: ID!, $input: OrderGrantRefundCreateInput!) {
  orderGrantRefundCreate(id: $id, input: $input) {
    grantedRefund { status amount { amount } } errors { field code lines { code } } } }"""


@pytest.fixture
def order(shop: Shop) -> Any:
    shop.create(shop.order(transactions=[payment()]))
    return shop.state.order_by_reference("111-1")


@pytest.fixture
def key(order: Any) -> str:
    return to_global("TransactionItem", order.transactions[0].token)


def test_an_app_adopts_a_transaction_of_nobody(shop: Shop, key: str) -> None:
    told = shop.ask(ADOPT, id=key, transaction={"availableActions": ["REFUND"]})
    transaction = told["transactionUpdate"]["transaction"]
    assert transaction["createdBy"] == {"__typename": "App"}
    assert transaction["actions"] == ["REFUND"]
    assert transaction["chargedAmount"] == {"amount": 25.0}
    assert shop.control("/mails").json() == []


def test_another_apps_transaction_is_closed(shop: Shop, key: str) -> None:
    shop.ask(ADOPT, id=key, transaction={"name": "mine"})
    other = Shop(shop.state, shop.base, add_app(shop.state, identifier="other").token)
    told = other.post(ADOPT, {"id": key, "transaction": {}}).json()
    assert told["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
    assert told["errors"][0]["message"].endswith("OWNER, HANDLE_PAYMENTS")


def test_a_reinstalled_app_keeps_its_transactions(shop: Shop, key: str) -> None:
    shop.ask(ADOPT, id=key, transaction={"name": "mine"})
    again = Shop(shop.state, shop.base, add_app(shop.state).token)
    told = again.ask(ADOPT, id=key, transaction={"name": "still mine"})
    assert not told["transactionUpdate"]["errors"]


def test_a_transaction_can_be_created_twice(shop: Shop) -> None:
    shop.create(shop.order())
    order = shop.state.order_by_reference("111-1")
    assert order
    for status in ("FULL", "OVERCHARGED"):
        told = shop.ask(CREATE, id=to_global("Order", order.id), transaction=payment())
        assert not told["transactionCreate"]["errors"]
        assert order.charge_status == status
    assert [m["kind"] for m in shop.control("/mails").json()] == ["payment_confirmation"] * 2


def test_the_currency_must_be_the_orders(shop: Shop, order: Any) -> None:
    wrong = payment() | {"amountCharged": {"amount": 1, "currency": "EUR"}}
    told = shop.ask(CREATE, id=to_global("Order", order.id), transaction=wrong)
    (error,) = told["transactionCreate"]["errors"]
    assert (error["field"], error["code"]) == ("amountCharged", "INCORRECT_CURRENCY")


def report(shop: Shop, key: str, amount: Any, kind: str = "REFUND_SUCCESS") -> Any:
    return shop.ask(REPORT, id=key, type=kind, amount=amount)["transactionEventReport"]


def test_a_report_counts_once(shop: Shop, order: Any, key: str) -> None:
    first = report(shop, key, 10)
    assert first["alreadyProcessed"] is False
    assert first["transaction"]["refundedAmount"] == {"amount": 10.0}
    assert first["transaction"]["chargedAmount"] == {"amount": 15.0}
    assert first["transaction"]["createdBy"] == {"__typename": "App"}
    assert report(shop, key, 10)["alreadyProcessed"] is True
    (error,) = report(shop, key, 11)["errors"]
    assert (error["field"], error["code"]) == ("pspReference", "INCORRECT_DETAILS")
    assert order.transactions[0].refunded == 10
    assert [m["kind"] for m in shop.control("/mails").json()] == ["order_refunded"]


def test_a_request_is_pending_until_it_succeeds(shop: Shop, order: Any, key: str) -> None:
    report(shop, key, 10, "REFUND_REQUEST")
    transaction = order.transactions[0]
    assert (transaction.refund_pending, transaction.charged) == (10, 15)
    report(shop, key, 10)
    assert (transaction.refund_pending, transaction.refunded, transaction.charged) == (0, 10, 15)


def test_a_success_needs_its_amount_and_a_failure_finds_it(shop: Shop, key: str) -> None:
    assert report(shop, key, None)["errors"] == [{"field": "amount", "code": "REQUIRED"}]
    report(shop, key, 10, "REFUND_REQUEST")
    assert report(shop, key, None, "REFUND_FAILURE")["errors"] == []


def test_a_request_for_action_fails_where_no_app_answers(shop: Shop, order: Any, key: str) -> None:
    told = shop.ask(
        """mutation Refund($id: ID!) { transactionRequestAction(id: $id, actionType: REFUND) {
             errors { code } } }""",
        id=key,
    )
    code = told["transactionRequestAction"]["errors"][0]["code"]
    assert code == "MISSING_TRANSACTION_ACTION_REQUEST_WEBHOOK"
    kinds = [event.type for event in order.transactions[0].events]
    assert kinds == ["CHARGE_SUCCESS", "REFUND_REQUEST", "REFUND_FAILURE"]


def test_granted_refunds_move_no_money(shop: Shop, order: Any, key: str) -> None:
    def grant(**wish: Any) -> Any:
        told = {"transactionId": key} | wish
        id_ = to_global("Order", order.id)
        return shop.ask(GRANT, id=id_, input=told)["orderGrantRefundCreate"]

    line = {"id": to_global("OrderLine", order.lines[0].id), "quantity": 1}
    assert grant(lines=[line])["grantedRefund"] == {"status": "NONE", "amount": {"amount": 10.0}}
    assert [e["code"] for e in grant()["errors"]] == ["REQUIRED"] * 3
    assert grant(amount="26")["errors"][0]["code"] == "AMOUNT_GREATER_THAN_AVAILABLE"
    too_many = grant(lines=[line | {"quantity": 2}])["errors"][0]
    assert too_many["lines"] == [{"code": "QUANTITY_GREATER_THAN_AVAILABLE"}]
    assert order.transactions[0].charged == 25
    assert order.charge_status == "OVERCHARGED"
