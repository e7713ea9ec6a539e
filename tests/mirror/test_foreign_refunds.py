"""Which refunds that Amazon lists are the app's own."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from saleor_amazon_app.mirror.foreign_refunds import Listed, Sent, match_refunds, refunded_amount

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def listed(name: str, amount: str, minutes: int = 5, **more: object) -> Listed:
    at = NOON + timedelta(minutes=minutes)
    return Listed(name, Decimal(amount), at, **more)  # type: ignore[arg-type]


def sent(number: int, amount: str) -> Sent:
    return Sent(number, Decimal(amount), NOON)


@pytest.mark.parametrize(
    ("one", "own"),
    [
        (listed("a", "9.90"), {"a": 1}),
        (listed("a", "9.91"), {"a": 1}),
        (listed("a", "9.95"), {}),
        (listed("a", "9.90", minutes=-60), {}),
        (listed("a", "9.90", told=True), {}),
        (listed("a", "5.00", intent_id=1), {"a": 1}),
        (listed("a", "5.00", intent_id=7), {}),
    ],
)
def test_a_listed_refund_is_the_apps_own_or_not(one: Listed, own: dict[str, int]) -> None:
    assert match_refunds([one], [sent(1, "9.90")]) == own


def test_each_of_the_apps_refunds_stands_for_one_listed() -> None:
    both = [listed("b", "9.90", 6), listed("a", "9.90", 5)]
    assert match_refunds(both, [sent(1, "9.90")]) == {"a": 1}
    assert match_refunds(both, [sent(1, "9.90"), sent(2, "9.90")]) == {"a": 1, "b": 2}


def test_tax_beside_the_total_is_no_part_of_what_is_given_back_of_it() -> None:
    amount, tax = Decimal("10.80"), Decimal("0.80")
    assert refunded_amount(amount, tax, tax_is_withheld=True) == Decimal("10.00")
    assert refunded_amount(amount, tax, tax_is_withheld=False) == Decimal("10.80")
