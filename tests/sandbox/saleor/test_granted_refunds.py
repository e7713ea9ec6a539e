"""Granted refunds: asked for line by line, and followed until the money has moved."""

from datetime import UTC, datetime, timedelta
from typing import Any

from saleor_amazon_app.sandbox.saleor.ids import to_global
from tests.sandbox.saleor.paying import REFUND_GRANTED, Paid

GRANTED = """query Granted($id: ID!) { order(id: $id) { grantedRefunds {
  id reason shippingCostsIncluded status amount { amount }
  lines { quantity reason orderLine { item: privateMetafield(key: "amazon.orderItemId") } }
  transactionEvents { type pspReference } transaction { id } } } }"""


def seen(paid: Paid) -> Any:
    told = paid.shop.ask(GRANTED, id=to_global("Order", paid.order.id))
    (refund,) = told["order"]["grantedRefunds"]
    return refund


def line(paid: Paid, quantity: int = 1, **more: Any) -> Any:
    return {"id": to_global("OrderLine", paid.order.lines[0].id), "quantity": quantity} | more


def test_the_app_is_told_the_lines(paid: Paid) -> None:
    wish = {"amount": None, "lines": [line(paid, reason="torn")], "reason": "sorry"}
    key = paid.granted(**wish, grantRefundForShipping=True)
    told = paid.calls()[0].json
    assert told["action"]["amount"] == 15
    assert told["grantedRefund"] == {
        "id": key,
        "reason": "sorry",
        "shippingCostsIncluded": True,
        "lines": [
            {
                "quantity": 1,
                "reason": "torn",
                "orderLine": {"id": line(paid)["id"], "item": "I1"},
            }
        ],
    }


def test_it_is_pending_until_the_app_reports(paid: Paid) -> None:
    key = paid.granted(lines=[line(paid)])
    paid.settled()
    assert seen(paid) == {
        "id": key,
        "reason": "",
        "shippingCostsIncluded": False,
        "status": "PENDING",
        "amount": {"amount": 10.0},
        "lines": [{"quantity": 1, "reason": None, "orderLine": {"item": "I1"}}],
        "transactionEvents": [{"type": "REFUND_REQUEST", "pspReference": "R1"}],
        "transaction": {"id": paid.key},
    }
    assert paid.amounts == (15, 0, 10)
    paid.report("REFUND_SUCCESS", 10)
    assert seen(paid)["status"] == "SUCCESS"
    assert [e["type"] for e in seen(paid)["transactionEvents"]] == [
        "REFUND_SUCCESS",
        "REFUND_REQUEST",
    ]
    assert paid.amounts == (15, 10, 0)


def test_a_reported_failure_gives_the_pending_amount_back(paid: Paid) -> None:
    paid.granted()
    paid.settled()
    paid.report("REFUND_FAILURE", 10)
    assert seen(paid)["status"] == "FAILURE"
    assert paid.amounts == (25, 0, 0)


def test_a_failed_one_can_be_asked_for_again(paid: Paid) -> None:
    paid.answers({"result": "REFUND_FAILURE", "message": "not now"})
    key = paid.granted()
    paid.settled()
    assert seen(paid)["status"] == "FAILURE"
    paid.answers({"pspReference": "R2", "result": "REFUND_SUCCESS"})
    assert paid.act(REFUND_GRANTED, id=key)["errors"] == []
    paid.settled()
    assert seen(paid)["status"] == "SUCCESS"


def test_one_under_way_or_done_is_refused(paid: Paid) -> None:
    key = paid.granted()
    paid.settled()
    (error,) = paid.act(REFUND_GRANTED, id=key)["errors"]
    assert (error["field"], error["code"]) == ("grantedRefundId", "REFUND_IS_PENDING")
    paid.report("REFUND_SUCCESS", 10)
    (error,) = paid.act(REFUND_GRANTED, id=key)["errors"]
    assert error["code"] == "REFUND_ALREADY_PROCESSED"


def test_more_than_is_left_is_refused(paid: Paid) -> None:
    key = paid.grant(amount="20")["grantedRefund"]["id"]
    paid.report("REFUND_SUCCESS", 10)
    (error,) = paid.act(REFUND_GRANTED, id=key)["errors"]
    assert error["code"] == "AMOUNT_GREATER_THAN_AVAILABLE"


def test_an_unknown_one_is_refused(paid: Paid) -> None:
    (error,) = paid.act(REFUND_GRANTED, id=to_global("OrderGrantedRefund", 5))["errors"]
    assert (error["field"], error["code"]) == ("grantedRefundId", "NOT_FOUND")


def test_without_a_listening_owner_it_has_failed(paid: Paid) -> None:
    paid.transaction.app_id = paid.transaction.app_identifier = None
    key = paid.grant(amount="10")["grantedRefund"]["id"]
    (error,) = paid.act(REFUND_GRANTED, id=key)["errors"]
    assert error["code"] == "MISSING_TRANSACTION_ACTION_REQUEST_WEBHOOK"
    assert seen(paid)["status"] == "FAILURE"
    assert paid.kinds == ["REFUND_REQUEST", "REFUND_FAILURE"]


def test_a_report_of_another_reference_leaves_it_alone(paid: Paid) -> None:
    paid.granted()
    paid.settled()
    paid.report("REFUND_SUCCESS", 3, psp="elsewhere")
    assert seen(paid)["status"] == "PENDING"
    assert paid.amounts == (12, 3, 10)


def test_a_success_dated_before_its_request_leaves_it_pending(paid: Paid) -> None:
    """Saleor goes by the events' dates, not by the order in which they come in."""
    paid.granted()
    paid.settled()
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    paid.report("REFUND_SUCCESS", 10, time=yesterday)
    assert paid.amounts == (15, 10, 0)
    assert seen(paid)["status"] == "PENDING"


def test_a_report_counts_once_and_is_told(paid: Paid) -> None:
    told: list[str] = []
    paid.shop.state.tell = lambda happening: told.append(happening.event)
    assert paid.report("REFUND_SUCCESS", 25)["alreadyProcessed"] is False
    assert paid.report("REFUND_SUCCESS", 25)["alreadyProcessed"] is True
    assert paid.report("REFUND_SUCCESS", 24)["errors"][0]["code"] == "INCORRECT_DETAILS"
    assert told == ["ORDER_REFUNDED", "ORDER_UPDATED", "ORDER_FULLY_REFUNDED"]
    assert paid.amounts == (0, 25, 0)
    assert [m["kind"] for m in paid.shop.control("/mails").json()] == ["order_refunded"]
