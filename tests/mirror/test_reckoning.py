"""Money: whatever Amazon tells, the parts add up to Amazon's total or the order is held."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_amazon_app.mirror.amazon_order import read_order
from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.mirror.reckoning import (
    DoesNotAddUp,
    OrderSums,
    Taxed,
    TaxReading,
    TotalNotTold,
    reckon,
)
from tests.mirror.amazon_orders import DE, JP, US, amazon_order, breakdown, item, money

D = Decimal


def reckoned(payload: dict[str, Any], *, inclusive: bool = True) -> OrderSums:
    return reckon(read_order(payload), prices_include_tax=inclusive, default_currency="EUR")


def line(payload: dict[str, Any], *, inclusive: bool = True) -> Taxed:
    return reckoned(payload, inclusive=inclusive).items[0].line.total


def test_prices_that_include_the_tax() -> None:
    parts = [breakdown("ITEM", "119.00"), breakdown("TAX", "19.00", ITEM="19.00")]
    sums = reckoned(amazon_order(item(total="119.00", breakdowns=parts)))
    assert sums.items[0].tax_reading is TaxReading.INCLUDED
    assert sums.items[0].line.total == Taxed(D("100.00"), D("119.00"))


def test_prices_to_which_tax_is_added() -> None:
    parts = [breakdown("ITEM", "39.99", "USD"), breakdown("TAX", "10.00", "USD")]
    payload = amazon_order(item(total="49.99", breakdowns=parts, currency="USD"), marketplace=US)
    sums = reckoned(payload, inclusive=False)
    assert sums.items[0].tax_reading is TaxReading.ADDED
    assert sums.items[0].line.total == Taxed(D("39.99"), D("49.99"))


def test_the_evidence_wins_over_the_marketplaces_custom() -> None:
    """An EU order whose total only fits if the tax comes on top is read that way."""
    parts = [breakdown("ITEM", "100.00"), breakdown("TAX", "19.00", ITEM="19.00")]
    sums = reckoned(amazon_order(item(total="119.00", breakdowns=parts)), inclusive=True)
    assert sums.items[0].tax_reading is TaxReading.ADDED
    assert sums.items[0].line.total == Taxed(D("100.00"), D("119.00"))


def test_a_facilitators_tax_beside_the_proceeds_is_no_part_of_the_total() -> None:
    parts = [breakdown("ITEM", "20.00", "USD"), breakdown("TAX", "1.65", "USD", ITEM="1.65")]
    payload = amazon_order(item(total="20.00", breakdowns=parts, currency="USD"), marketplace=US)
    sums = reckoned(payload, inclusive=False)
    assert sums.total == D("20.00")
    assert sums.items[0].line.total == Taxed(D("20.00"), D("20.00"))
    assert sums.items[0].withheld_tax == D("1.65")


def test_shipping_wrap_and_fees_are_kept_beside_the_line_each_with_its_tax() -> None:
    parts = [
        breakdown("ITEM", "20.00", "USD"),
        breakdown("SHIPPING", "5.00", "USD"),
        breakdown("GIFT_WRAP", "3.00", "USD"),
        breakdown("COD_FEE", "2.00", "USD"),
        breakdown(
            "TAX", "2.55", "USD", ITEM="1.70", SHIPPING="0.43", GIFT_WRAP="0.25", COD_FEE="0.17"
        ),
    ]
    payload = amazon_order(item(total="32.55", breakdowns=parts, currency="USD"), marketplace=US)
    sums = reckoned(payload, inclusive=False)
    assert sums.items[0].line.total == Taxed(D("20.00"), D("21.70"))
    assert sums.shipping == Taxed(D("10.00"), D("10.85"))
    assert sums.items[0].charges["GIFT_WRAP"].total == Taxed(D("3.00"), D("3.25"))


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_discount_is_a_discount_whatever_its_sign(sign: str) -> None:
    parts = [
        breakdown("ITEM", "20.00"),
        breakdown("SHIPPING", "4.00"),
        breakdown("DISCOUNT", f"{sign}6.00", ITEM=f"{sign}2.00", SHIPPING=f"{sign}4.00"),
    ]
    sums = reckoned(amazon_order(item(total="18.00", breakdowns=parts)))
    assert sums.items[0].line.total.gross == D("18.00")
    assert sums.items[0].line.undiscounted.gross == D("20.00")
    assert sums.shipping.gross == 0


@pytest.mark.parametrize(
    ("tax", "why"),
    [("1.60", "the discount's tax is already taken off"), ("2.00", "it is not yet taken off")],
)
def test_tax_on_discounts_is_taken_off_once(tax: str, why: str) -> None:
    parts = [
        breakdown("ITEM", "20.00", "USD"),
        breakdown("DISCOUNT", "-4.00", "USD"),
        breakdown("TAX", tax, "USD", ITEM="2.00", DISCOUNT="-0.40"),
    ]
    payload = amazon_order(item(total="17.60", breakdowns=parts, currency="USD"), marketplace=US)
    assert line(payload, inclusive=False) == Taxed(D("16.00"), D("17.60")), why


def test_a_discount_above_the_goods_price_goes_on_to_the_shipping() -> None:
    parts = [
        breakdown("ITEM", "5.00"),
        breakdown("SHIPPING", "4.00"),
        breakdown("DISCOUNT", "-7.00"),
    ]
    sums = reckoned(amazon_order(item(total="2.00", breakdowns=parts)))
    assert (sums.items[0].line.total.gross, sums.shipping.gross) == (D("0.00"), D("2.00"))


def test_a_category_that_amazon_adds_later_counts() -> None:
    parts = [breakdown("ITEM", "10.00"), breakdown("MOON_FEE", "1.00")]
    sums = reckoned(amazon_order(item(total="11.00", breakdowns=parts)))
    assert sums.shipping.gross == D("1.00")


def test_yen_have_no_decimals() -> None:
    payload = amazon_order(item(total="1990", currency="JPY", quantity=3), marketplace=JP)
    assert reckoned(payload).total == 1990


def test_an_amount_finer_than_the_currency_is_held() -> None:
    payload = amazon_order(item(total="1990.5", currency="JPY"), marketplace=JP)
    with pytest.raises(DoesNotAddUp) as held:
        reckoned(payload)
    assert held.value.problem.kind is ProblemKind.AMOUNT


def test_a_tip_is_charged_beside_the_items() -> None:
    payload = amazon_order(item(total="10.00"), total="13.00")
    payload["proceeds"]["breakdowns"] = [breakdown("DELIVERY_TIP", "3.00")]
    sums = reckoned(payload)
    assert (sums.tip, sums.shipping) == (D("3.00"), Taxed(D("3.00"), D("3.00")))


def test_a_tip_that_the_total_leaves_out_is_left_out() -> None:
    payload = amazon_order(item(total="10.00"), total="10.00")
    payload["proceeds"]["breakdowns"] = [breakdown("DELIVERY_TIP", "3.00")]
    assert reckoned(payload).shipping.gross == 0


def test_a_cent_off_is_held_and_both_sums_are_shown() -> None:
    with pytest.raises(DoesNotAddUp) as held:
        reckoned(amazon_order(item(total="10.00"), item(2, total="5.00"), total="15.01"))
    assert held.value.problem.kind is ProblemKind.TOTAL_MISMATCH
    assert "€15.00" in held.value.problem.message
    assert "€15.01" in held.value.problem.message


def test_an_item_whose_parts_do_not_make_its_total_is_held() -> None:
    parts = [breakdown("ITEM", "10.00"), breakdown("SHIPPING", "1.00")]
    with pytest.raises(DoesNotAddUp):
        reckoned(amazon_order(item(total="10.50", breakdowns=parts)))


def test_two_currencies_in_one_order_are_held() -> None:
    with pytest.raises(DoesNotAddUp) as held:
        reckoned(amazon_order(item(total="10.00"), item(2, total="1.00", currency="USD")))
    assert held.value.problem.kind is ProblemKind.CURRENCY


def test_a_negative_price_is_held() -> None:
    parts = [breakdown("ITEM", "1.00"), breakdown("DISCOUNT", "-2.00")]
    with pytest.raises(DoesNotAddUp) as held:
        reckoned(amazon_order(item(total="-1.00", breakdowns=parts)))
    assert held.value.problem.kind is ProblemKind.AMOUNT


def test_without_a_grand_total_the_order_waits() -> None:
    payload = amazon_order()
    payload["proceeds"] = None
    with pytest.raises(TotalNotTold):
        reckoned(payload)


def test_a_replacement_without_amounts_costs_nothing() -> None:
    replaced = [{"orderId": "1", "associationType": "REPLACEMENT_ORIGINAL_ID"}]
    free = item()
    del free["proceeds"]
    payload = amazon_order(free, associatedOrders=replaced)
    payload["proceeds"] = None
    sums = reckoned(payload)
    assert (sums.total, sums.items[0].line.total, sums.currency) == (D(0), Taxed(), "EUR")


def test_a_replacement_with_zero_amounts_costs_nothing() -> None:
    replaced = [{"orderId": "1", "associationType": "REPLACEMENT_ORIGINAL_ID"}]
    assert reckoned(amazon_order(item(total="0.00"), associatedOrders=replaced)).total == 0


# --- properties ---------------------------------------------------------------------------------

cents = st.integers(min_value=0, max_value=1_000_000).map(lambda n: D(n).scaleb(-2))


@st.composite
def items_of_any_money(draw: st.DrawFn) -> tuple[dict[str, Any], bool]:
    """An item whose parts make its total, under one of Amazon's two customs."""
    inclusive = draw(st.booleans())
    parts = {kind: draw(cents) for kind in ("ITEM", "SHIPPING", "GIFT_WRAP", "COD_FEE")}
    off = draw(st.decimals(min_value=0, max_value=1, places=2))
    discount = (sum(parts.values()) * off).quantize(D("0.01"))
    base = sum(parts.values()) - discount
    rate = draw(st.decimals(min_value=0, max_value=D("0.3"), places=3))
    tax = (base * rate / (1 + rate) if inclusive else base * rate).quantize(D("0.01"))
    told = [breakdown(kind, amount) for kind, amount in parts.items()]
    told += [breakdown("DISCOUNT", -discount), breakdown("TAX", tax, ITEM=tax)]
    total = base if inclusive else base + tax
    return item(total=total, breakdowns=told, quantity=draw(st.integers(1, 99))), inclusive


@given(items_of_any_money())
def test_the_sum_always_equals_amazons(told: tuple[dict[str, Any], bool]) -> None:
    payload, inclusive = told
    sums = reckoned(amazon_order(payload, marketplace=DE), inclusive=inclusive)
    lines = sum(i.line.total.gross for i in sums.items)
    assert (
        lines + sums.shipping.gross
        == sums.total
        == D(payload["proceeds"]["proceedsTotal"]["amount"])
    )
    for taxed in (sums.items[0].line.total, sums.items[0].line.undiscounted, sums.shipping):
        assert 0 <= taxed.net <= taxed.gross
    assert sums.items[0].line.total.gross <= sums.items[0].line.undiscounted.gross
    assert sums.items[0].line.total.net <= sums.items[0].line.undiscounted.net


@given(st.data())
def test_any_money_at_all_adds_up_or_is_held(data: st.DataObject) -> None:
    """Amounts that mean nothing: never a silent difference, never another error."""
    kinds = st.sampled_from(["ITEM", "SHIPPING", "TAX", "DISCOUNT", "OTHER", "NEW"])
    amounts = st.integers(-500, 500).map(lambda n: D(n).scaleb(-2))
    told = [
        breakdown(kind, amount)
        for kind, amount in data.draw(st.lists(st.tuples(kinds, amounts), max_size=5))
    ]
    payload = item(total=data.draw(amounts))
    payload["proceeds"]["breakdowns"] = told
    order = amazon_order(payload, total=data.draw(amounts))
    order["proceeds"]["grandTotal"] = money(data.draw(amounts))
    try:
        sums = reckoned(order, inclusive=data.draw(st.booleans()))
    except DoesNotAddUp:
        return
    assert sums.items[0].line.total.gross + sums.shipping.gross == sums.total
