"""When an Amazon order becomes a Saleor order."""

from datetime import UTC, datetime, timedelta

import pytest

from saleor_amazon_app.mirror.amazon_order import read_order
from saleor_amazon_app.mirror.creation import Action, decide
from tests.mirror.amazon_orders import amazon_order

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
CREATE, WAIT, LEAVE_OUT = Action.CREATE, Action.WAIT, Action.LEAVE_OUT


@pytest.mark.parametrize(
    ("by", "status", "action"),
    [
        ("MERCHANT", "PENDING_AVAILABILITY", WAIT),
        ("MERCHANT", "PENDING", WAIT),
        ("MERCHANT", "UNSHIPPED", CREATE),
        ("MERCHANT", "PARTIALLY_SHIPPED", CREATE),
        ("MERCHANT", "SHIPPED", CREATE),
        ("MERCHANT", "CANCELLED", LEAVE_OUT),
        ("MERCHANT", "UNFULFILLABLE", LEAVE_OUT),
        ("AMAZON", "PENDING_AVAILABILITY", WAIT),
        ("AMAZON", "PENDING", WAIT),
        ("AMAZON", "UNSHIPPED", WAIT),
        ("AMAZON", "PARTIALLY_SHIPPED", WAIT),
        ("AMAZON", "SHIPPED", CREATE),
        ("AMAZON", "CANCELLED", LEAVE_OUT),
        ("AMAZON", "UNFULFILLABLE", LEAVE_OUT),
        ("MERCHANT", "A_STATUS_OF_2031", WAIT),
        ("A_ROBOT", "UNSHIPPED", WAIT),
        ("", "", WAIT),
    ],
)
def test_the_creation_table(by: str, status: str, action: Action) -> None:
    order = read_order(amazon_order(by=by, status=status))
    assert decide(order, import_from=LONG_AGO).action is action


def test_every_decision_has_a_reason_in_words() -> None:
    for status in ("PENDING", "UNSHIPPED", "CANCELLED", "A_STATUS_OF_2031"):
        reason = decide(read_order(amazon_order(status=status)), import_from=LONG_AGO).reason
        assert reason.endswith(".")


def test_an_order_bought_before_the_start_date_is_left_out() -> None:
    order = read_order(amazon_order())
    late = order.created_time + timedelta(seconds=1)
    assert decide(order, import_from=late).action is LEAVE_OUT
    assert decide(order, import_from=order.created_time).action is CREATE


def test_an_order_that_amazon_only_ships_for_another_shop_is_left_out() -> None:
    payload = amazon_order(by="AMAZON", status="SHIPPED")
    payload["salesChannel"]["channelName"] = "NON_AMAZON"
    assert decide(read_order(payload), import_from=LONG_AGO).action is LEAVE_OUT
