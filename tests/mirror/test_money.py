"""Splitting money: no minor unit is lost or made."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from saleor_amazon_app.mirror.money import fits, minor_unit, split, words

CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "GBP", "TRY"])


@given(
    st.integers(-(10**7), 10**7),
    st.lists(st.integers(0, 10**6).map(Decimal), min_size=1, max_size=12),
    CURRENCIES,
)
def test_the_parts_make_the_whole_in_whole_minor_units(
    minor: int, weights: list[Decimal], currency: str
) -> None:
    amount = minor * minor_unit(currency)
    parts = split(amount, weights, currency)
    assert sum(parts) == amount
    assert all(fits(part, currency) for part in parts)
    if any(weights):
        assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if not weight)


def test_leftover_cents_go_to_the_heaviest() -> None:
    assert split(Decimal("0.05"), [Decimal(1), Decimal(3), Decimal(2)], "EUR") == [
        Decimal("0.00"),
        Decimal("0.03"),
        Decimal("0.02"),
    ]


def test_words_are_for_people() -> None:
    assert words(Decimal(1990), "JPY") == "¥1,990"
    assert words(Decimal("12.3"), "USD") == "$12.30"
