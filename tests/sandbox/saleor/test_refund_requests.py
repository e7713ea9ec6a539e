"""TRANSACTION_REFUND_REQUESTED: the app that owns a payment is asked, and its answer counts."""

from typing import Any

import pytest

from saleor_amazon_app.sandbox.saleor.ids import to_global
from tests.sandbox.saleor.paying import REFUND, Paid, paid
from tests.sandbox.saleor.shops import Shop, add_app
from tests.sandbox.saleor.test_webhooks import verify


def test_the_owner_is_asked_and_nobody_else(paid: Paid) -> None:
    add_app(paid.shop.state, identifier="other").webhooks.append(own_webhook(paid))
    assert paid.refund(7.5) == {"transaction": {"id": paid.key}, "errors": []}
    (call,) = paid.calls()
    paid.settled()
    told = call.json
    assert told.pop("issuedAt")
    assert told == {
        "__typename": "TransactionRefundRequested",
        "version": "3.23.28",
        "recipient": {"id": paid.shop.ask("{ app { id } }")["app"]["id"]},
        "issuingPrincipal": None,
        "action": {"actionType": "REFUND", "amount": 7.5, "currency": "USD"},
        "grantedRefund": None,
        "transaction": {
            "id": paid.key,
            "pspReference": "111-1",
            "order": {
                "id": to_global("Order", paid.order.id),
                "externalReference": "111-1",
                "channel": {"slug": "amazon-us"},
            },
        },
    }
    assert call.headers["saleor-event"] == "transaction_refund_requested"
    verify(paid.shop, call)
    assert len(paid.deliveries()) == 1
    assert [e.type for e in paid.order.events] == ["TRANSACTION_REFUND_REQUESTED"]


def own_webhook(paid: Paid) -> Any:
    apps = paid.shop.state.shop.apps.values()
    return next(w for a in apps for w in a.webhooks)


def test_a_reference_makes_the_amount_pending(paid: Paid) -> None:
    paid.refund(10)
    paid.settled()
    assert paid.kinds == ["REFUND_REQUEST"]
    assert paid.transaction.events[-1].psp_reference == "R1"
    assert paid.amounts == (15, 0, 10)


def test_a_request_nobody_has_named_is_not_pending(paid: Paid) -> None:
    paid.answers({}, status=500)
    paid.refund(10)
    paid.calls()
    assert paid.kinds == ["REFUND_REQUEST"]
    assert paid.amounts == (25, 0, 0)


def test_the_most_that_can_be_asked_for_is_what_is_charged(paid: Paid) -> None:
    paid.refund(99)
    assert paid.calls()[0].json["action"]["amount"] == 25


def test_a_result_at_once_moves_the_money(paid: Paid) -> None:
    paid.answers({"pspReference": "R1", "result": "REFUND_SUCCESS", "message": "done"})
    paid.refund(10)
    paid.settled()
    assert paid.kinds == ["REFUND_REQUEST", "REFUND_SUCCESS"]
    assert paid.amounts == (15, 10, 0)
    assert paid.transaction.events[-1].message == "done"
    assert [m["kind"] for m in paid.shop.control("/mails").json()] == ["order_refunded"]


def test_a_result_may_be_of_another_amount(paid: Paid) -> None:
    paid.answers({"pspReference": "R1", "result": "REFUND_SUCCESS", "amount": "4.00"})
    paid.refund(10)
    paid.settled()
    assert paid.amounts == (21, 4, 0)


def test_a_failure_needs_no_reference(paid: Paid) -> None:
    paid.answers({"result": "REFUND_FAILURE", "message": "no", "actions": []})
    paid.refund(10)
    paid.settled()
    assert paid.kinds == ["REFUND_REQUEST", "REFUND_FAILURE"]
    assert paid.amounts == (25, 0, 0)
    assert paid.transaction.actions == []


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ({}, "Missing value for field: pspReference. Input: {}."),
        ({"pspReference": 5}, "Incorrect value (5) for field: pspReference."),
        ({"pspReference": "R1", "result": "CHARGE_SUCCESS"}, "Missing or invalid value for"),
        ({"pspReference": "R1", "result": "REFUND_SUCCESS", "amount": "x"}, "Incorrect value (x)"),
        ({"pspReference": "R1", "result": "REFUND_SUCCESS", "time": "x"}, "Incorrect value (x)"),
    ],
)
def test_an_answer_that_says_nothing_is_a_failure(paid: Paid, told: Any, text: str) -> None:
    paid.answers(told)
    paid.refund(10)
    paid.settled()
    assert paid.kinds == ["REFUND_REQUEST", "REFUND_FAILURE"]
    assert paid.transaction.events[-1].message.startswith(text)
    assert paid.amounts == (25, 0, 0)


def test_the_status_of_an_answer_does_not_matter_below_500(paid: Paid) -> None:
    paid.answers({"pspReference": "R1"}, status=400)
    paid.refund(10)
    assert paid.settled()["status"] == "FAILED"
    assert paid.amounts == (15, 0, 10)


def test_a_server_error_is_tried_again_and_then_a_failure(paid: Paid) -> None:
    paid.shop.control("/settings", {"clock_speed": 100000})
    paid.answers({"pspReference": "R1"}, status=503)
    paid.refund(10)
    assert len(paid.settled()["attempts"]) == 6
    first, *others = (call.body for call in paid.calls(6))
    assert first
    assert others == [b""] * 5, "as the real one does it"
    assert paid.transaction.events[-1].message == "Failed to delivery request."
    assert paid.kinds == ["REFUND_REQUEST", "REFUND_FAILURE"]


def test_an_app_that_cannot_be_reached_has_failed_at_once(paid: Paid) -> None:
    own_webhook(paid).target_url = "http://127.0.0.1:9/refund"
    paid.refund(10)
    assert len(paid.settled()["attempts"]) == 1
    assert paid.kinds == ["REFUND_REQUEST", "REFUND_FAILURE"]


def test_an_app_that_was_installed_again_is_found_by_its_identifier(paid: Paid) -> None:
    paid.transaction.app_id = 0
    assert paid.refund(10)["errors"] == []


@pytest.mark.parametrize("why", ["nobody owns it", "inactive", "no webhook", "not allowed"])
def test_without_a_listening_owner_it_has_failed(paid: Paid, why: str) -> None:
    app = paid.shop.state.shop.apps[paid.transaction.app_id or 0]
    if why == "nobody owns it":
        paid.transaction.app_id = paid.transaction.app_identifier = None
    app.is_active = why != "inactive"
    own_webhook(paid).is_active = why != "no webhook"
    if why == "not allowed":
        app.permissions.remove("HANDLE_PAYMENTS")
    (error,) = paid.refund(10)["errors"]
    assert error["code"] == "MISSING_TRANSACTION_ACTION_REQUEST_WEBHOOK"
    assert paid.kinds == ["REFUND_REQUEST", "REFUND_FAILURE"]
    assert paid.transaction.events[-1].message == error["message"]
    assert paid.amounts == (25, 0, 0)


def test_a_subscription_to_something_else_yields_no_payload(shop: Shop) -> None:
    query = "subscription { event { ... on OrderUpdated { order { id } } } }"
    with paid(shop, query) as order:
        own_webhook(order).events.append("TRANSACTION_REFUND_REQUESTED")
        assert order.refund(10)["errors"] == []
        assert order.transaction.events[-1].message == "Cannot generate a payload for the action."


def test_the_same_result_twice_counts_once(paid: Paid) -> None:
    paid.answers({"pspReference": "R1", "result": "REFUND_SUCCESS"})
    paid.report("REFUND_SUCCESS", 10)
    paid.refund(10)
    paid.settled()
    assert paid.amounts == (15, 10, 0)


def test_only_staff_and_apps_that_handle_payments_may_ask(paid: Paid) -> None:
    poor = Shop(paid.shop.state, paid.shop.base, add_app(paid.shop.state, "MANAGE_ORDERS").token)
    told = poor.post(REFUND, {"id": paid.key}).json()
    assert told["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
