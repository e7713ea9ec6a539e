"""Refunds: what was asked in Saleor, exactly, in the components that Amazon takes."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from saleor_amazon_app.mirror.amazon_order import AmazonOrder, read_order
from saleor_amazon_app.mirror.ids import OrderItemId
from saleor_amazon_app.mirror.messages import AdjustmentReason as Reason
from saleor_amazon_app.mirror.messages import ComponentType, ItemRefund, Refund
from saleor_amazon_app.mirror.money import fits
from saleor_amazon_app.mirror.reckoning import OrderSums, TaxReading, reckon
from saleor_amazon_app.mirror.refundable import ItemMoney
from saleor_amazon_app.mirror.refunding import (
    CannotRefund,
    RefundWish,
    left_to_refund,
    reason_for,
    split_refund,
)
from tests.mirror.amazon_orders import CA, CURRENCY, DE, JP, UK, US, amazon_order, breakdown, item

D = Decimal
ZERO = D(0)
FACILITATED = {"taxCollections": [{"model": "MARKETPLACE_FACILITATOR"}]}
FIRST, SECOND = OrderItemId(f"{1:014d}"), OrderItemId(f"{2:014d}")
Units = dict[int, int]
Told = dict[str, Any]


class Refunds:
    """An order and the refunds made of it."""

    def __init__(self, payload: dict[str, Any], elsewhere: object = 0) -> None:
        self.order: AmazonOrder = read_order(payload)
        inclusive = self.order.marketplace_id not in (US, CA)
        currency = CURRENCY[str(self.order.marketplace_id)]
        self.sums: OrderSums = reckon(
            self.order, prices_include_tax=inclusive, default_currency=currency
        )
        self.made: list[Refund] = []
        self.elsewhere = D(str(elsewhere))

    @property
    def left(self) -> Decimal:
        return left_to_refund(self.order, self.sums, self.made, self.elsewhere).total

    def refund(
        self, amount: object, units: Units | None = None, *, shipping: bool = False, **more: Any
    ) -> Refund:
        named = {OrderItemId(f"{number:014d}"): count for number, count in (units or {}).items()}
        return self.make(RefundWish(D(str(amount)), named, shipping, **more))

    def make(self, wish: RefundWish) -> Refund:
        made = split_refund(
            self.order,
            self.sums,
            wish,
            reference=f"refund-{len(self.made)}",
            earlier=self.made,
            refunded_elsewhere=self.elsewhere,
        )
        self.made.append(made)
        return made


def order_of(
    *parts: tuple[dict[str, Any], object], marketplace: str = DE, quantity: int = 1, **more: Any
) -> dict[str, Any]:
    """An order of one item for each pair of breakdowns and total."""
    currency = CURRENCY[marketplace]
    items = [
        item(
            number,
            quantity=quantity,
            total=total,
            breakdowns=[part_of(kind, amount, currency) for kind, amount in by.items()],
            currency=currency,
            **more,
        )
        for number, (by, total) in enumerate(parts, start=1)
    ]
    return amazon_order(*items, marketplace=marketplace, status="SHIPPED")


def part_of(kind: str, amount: Any, currency: str) -> dict[str, Any]:
    """A breakdown from its amount, or from its amount and its details."""
    whole, details = amount if isinstance(amount, tuple) else (amount, {})
    return breakdown(kind, whole, currency, **details)


def told(refunded: ItemRefund) -> Told:
    """Return an item's refund in short: components, promotions with a minus, Amazon's tax."""
    each: Told = {part.type.value: str(part.amount) for part in refunded.components}
    for share in refunded.promotions:
        each |= {f"-{part.type.value}": str(part.amount) for part in share.components}
    if refunded.tax_by_amazon:
        each["by Amazon"] = str(refunded.tax_by_amazon)
    return each


# --- components, case by case -------------------------------------------------------------------

TAXED = {
    "ITEM": "40.00",
    "SHIPPING": "8.00",
    "GIFT_WRAP": "4.00",
    "TAX": ("5.20", {"ITEM": "4.00", "SHIPPING": "0.80", "GIFT_WRAP": "0.40"}),
}
WITH_FEES = {"ITEM": "20.00", "COD_FEE": "3.00", "MOON_FEE": "1.00"}
PROMOTED = {
    "ITEM": "20.00",
    "SHIPPING": "4.00",
    "DISCOUNT": ("-6.00", {"ITEM": "-5.00", "SHIPPING": "-1.00"}),
}


@pytest.mark.parametrize(
    ("marketplace", "parts", "total", "more", "wish", "expected"),
    [
        pytest.param(
            US,
            TAXED,
            "57.20",
            {"quantity": 2},
            (22, {1: 1}),
            {"Principal": "20.00", "Tax": "2.00"},
            id="US, tax added: one of two units",
        ),
        pytest.param(
            US,
            TAXED,
            "57.20",
            {"quantity": 2},
            ("57.20", {1: 2}, True),
            {
                "Principal": "40.00",
                "Shipping": "8.00",
                "GiftWrap": "4.00",
                "Tax": "4.00",
                "ShippingTax": "0.80",
                "GiftWrapTax": "0.40",
            },
            id="US, tax added: all units with shipping and gift wrap",
        ),
        pytest.param(
            US,
            TAXED,
            "57.20",
            {"quantity": 2},
            ("13.20", {}, True),
            {"Shipping": "8.00", "GiftWrap": "4.00", "ShippingTax": "0.80", "GiftWrapTax": "0.40"},
            id="US, tax added: what is beside the goods",
        ),
        pytest.param(
            US,
            TAXED,
            "57.20",
            {"quantity": 5},
            ("17.60", {1: 2}),
            {"Principal": "16.00", "Tax": "1.60"},
            id="US, tax added: two of five units",
        ),
        pytest.param(
            US,
            {"ITEM": "39.98", "TAX": ("3.80", {"ITEM": "3.80"})},
            "43.78",
            {"quantity": 2, "tax": FACILITATED},
            ("21.89", {1: 1}),
            {"Principal": "19.99", "by Amazon": "1.90"},
            id="US, tax by the facilitator in the proceeds",
        ),
        pytest.param(
            US,
            {"ITEM": "39.98", "TAX": ("3.80", {"ITEM": "3.80"})},
            "39.98",
            {"quantity": 2, "tax": FACILITATED},
            ("19.99", {1: 1}),
            {"Principal": "19.99"},
            id="US, tax by the facilitator beside the proceeds",
        ),
        pytest.param(
            US,
            {
                "ITEM": "20.00",
                "SHIPPING": "5.00",
                "OTHER": "2.00",
                "TAX": ("2.20", {"ITEM": "2.00", "OTHER": "0.20"}),
            },
            "29.20",
            {"tax": FACILITATED},
            ("7.20", {}, True),
            {"Shipping": "5.00", "Other": "2.00", "by Amazon": "0.20"},
            id="US, tax by the facilitator, of the part that it is on",
        ),
        pytest.param(
            US,
            {"ITEM": "20.00", "OTHER": "2.00", "TAX": ("2.20", {"ITEM": "2.00", "OTHER": "0.20"})},
            "24.20",
            {},
            ("24.20",),
            {"Principal": "20.00", "Other": "2.20", "Tax": "2.00"},
            id="US, tax added: that of other fees goes with them",
        ),
        pytest.param(
            UK,
            {"ITEM": "134.00", "TAX": ("22.33", {"ITEM": "22.33"})},
            "134.00",
            {"tax": FACILITATED},
            ("134", {1: 1}),
            {"Principal": "134.00"},
            id="UK, tax in the prices, collected by Amazon",
        ),
        pytest.param(
            DE,
            {
                "ITEM": "119.00",
                "SHIPPING": "5.95",
                "TAX": ("19.95", {"ITEM": "19.00", "SHIPPING": "0.95"}),
            },
            "124.95",
            {},
            ("124.95", {1: 1}, True),
            {"Principal": "119.00", "Shipping": "5.95"},
            id="DE, tax in the prices",
        ),
        pytest.param(
            JP,
            {
                "ITEM": "5980",
                "COD_FEE": "330",
                "TAX": ("573", {"ITEM": "543", "COD_FEE": "30"}),
            },
            "6310",
            {"quantity": 3},
            ("1993", {1: 1}),
            {"Principal": "1993"},
            id="JP, tax in the prices, no decimals",
        ),
        pytest.param(
            DE,
            WITH_FEES,
            "24.00",
            {},
            ("4", {}, True),
            {"COD": "3.00", "Other": "1.00"},
            id="fees, one of which is new",
        ),
        pytest.param(
            DE,
            PROMOTED,
            "18.00",
            {"quantity": 2},
            ("7.50", {1: 1}),
            {"Principal": "10.00", "-Principal": "-2.50"},
            id="promotion: in proportion",
        ),
        pytest.param(
            DE,
            PROMOTED,
            "18.00",
            {"quantity": 2},
            ("18.00", {1: 2}, True),
            {
                "Principal": "20.00",
                "Shipping": "4.00",
                "-Principal": "-5.00",
                "-Shipping": "-1.00",
            },
            id="promotion: all of it",
        ),
        pytest.param(
            DE,
            {"ITEM": "20.00", "SHIPPING": "4.00", "DISCOUNT": ("-4.00", {"SHIPPING": "-4.00"})},
            "20.00",
            {},
            ("20.00",),
            {"Principal": "20.00"},
            id="promotion: free shipping is not refunded",
        ),
        pytest.param(
            DE,
            {"ITEM": "20.00", "GIFT_WRAP": "4.00", "DISCOUNT": ("-1.00", {"GIFT_WRAP": "-1.00"})},
            "23.00",
            {},
            ("3.00", {}, True),
            {"GiftWrap": "3.00"},
            id="promotion: of gift wrap, within its component",
        ),
    ],
)
def test_components(
    marketplace: str,
    parts: dict[str, Any],
    total: str,
    more: dict[str, Any],
    wish: tuple[Any, ...],
    expected: Told,
) -> None:
    refunds = Refunds(order_of((parts, total), marketplace=marketplace, **more))
    amount, units, shipping = (*wish, {}, False)[:3] if len(wish) < 3 else wish
    made = refunds.refund(amount, units, shipping=shipping)
    assert told(made.items[0]) == expected
    assert made.amount == D(amount)


def test_a_refund_names_order_item_units_reason_and_the_apps_own_reference() -> None:
    refunds = Refunds(order_of(({"ITEM": "10.00"}, "10.00"), ({"ITEM": "5.00"}, "5.00")))
    made = refunds.refund(
        15,
        {1: 1, 2: 1},
        reason=Reason.CUSTOMER_RETURN,
        reasons={SECOND: Reason.DIFFERENT_ITEM},
    )
    assert (made.order_id, made.currency, made.reference) == (
        "302-1234567-1234567",
        "EUR",
        "refund-0",
    )
    assert [(i.item_id, i.quantity, i.reason) for i in made.items] == [
        (FIRST, 1, Reason.CUSTOMER_RETURN),
        (SECOND, 1, Reason.DIFFERENT_ITEM),
    ]


@pytest.mark.parametrize(
    ("promotion", "expected"),
    [
        ({"breakdowns": [{"promotionId": None}, {"promotionId": "PLM-1"}]}, "PLM-1"),
        ({"breakdowns": [{"promotionId": "x" * 81}]}, "x" * 80),
        ({"breakdowns": None}, ""),
        (None, ""),
        ("illegible", ""),
        ({"breakdowns": [7]}, ""),
    ],
)
def test_a_promotion_is_named_if_amazon_told_its_id(promotion: Any, expected: str) -> None:
    refunds = Refunds(order_of((PROMOTED, "18.00"), promotion=promotion))
    (share,) = refunds.refund("18.00").items[0].promotions
    assert share.promotion_id == expected


# --- units --------------------------------------------------------------------------------------


def test_the_last_units_take_what_is_left() -> None:
    refunds = Refunds(order_of(({"ITEM": "10.00"}, "10.00"), quantity=3))
    made = [refunds.refund(amount, {1: 1}) for amount in ("3.33", "3.33", "3.34")]
    assert [told(each.items[0])["Principal"] for each in made] == ["3.33", "3.33", "3.34"]
    assert refunds.left == 0


def test_less_than_the_units_cost_is_scaled_down() -> None:
    refunds = Refunds(order_of((TAXED, "57.20"), marketplace=US, quantity=2))
    made = refunds.refund("11.00", {1: 1})
    assert told(made.items[0]) == {"Principal": "10.00", "Tax": "1.00"}
    assert made.items[0].quantity == 1


def test_what_was_kept_of_earlier_units_goes_with_the_last() -> None:
    refunds = Refunds(order_of(({"ITEM": "20.00"}, "20.00"), quantity=2))
    refunds.refund("6.00", {1: 1})
    refunds.refund("14.00", {1: 1})
    assert refunds.left == 0


def test_saleors_rounding_of_unit_prices_is_taken_from_the_rest_of_the_order() -> None:
    parts = {"ITEM": "20.00", "SHIPPING": "5.00"}
    refunds = Refunds(order_of((parts, "25.00"), ({"ITEM": "1.00"}, "1.00"), quantity=3))
    made = refunds.refund("20.01", {1: 3})
    assert told(made.items[0]) == {"Principal": "20.00", "Shipping": "0.01"}
    assert made.amount == D("20.01")


def test_saleors_rounding_is_taken_from_the_other_units_first() -> None:
    parts = {"ITEM": "20.00", "SHIPPING": "50.00"}
    refunds = Refunds(order_of((parts, "70.00"), quantity=3))
    assert told(refunds.refund("6.68", {1: 1}).items[0]) == {"Principal": "6.68"}


def test_saleors_rounding_is_refused_if_nothing_else_is_left() -> None:
    refunds = Refunds(order_of(({"ITEM": "20.00"}, "20.00"), quantity=3))
    with pytest.raises(CannotRefund, match=r"€20\.01 is more .* €20\.00"):
        refunds.refund("20.01", {1: 3})


def test_more_than_rounding_is_refused_even_if_the_order_has_it() -> None:
    parts = {"ITEM": "20.00", "SHIPPING": "5.00"}
    refunds = Refunds(order_of((parts, "25.00"), quantity=3))
    with pytest.raises(CannotRefund, match=r"these units: €20\.00\. .* €25\.00 of this order"):
        refunds.refund("20.04", {1: 3})


@pytest.mark.parametrize(
    ("marketplace", "parts", "total", "steps", "expected"),
    [
        pytest.param(
            US,
            {"ITEM": "20.00", "TAX": ("1.65", {"ITEM": "1.65"})},
            "21.65",
            [("7.22", 1), ("14.43", 2)],
            [
                {"Principal": "6.67", "Tax": "0.55"},
                {"Principal": "13.33", "Tax": "1.10"},
            ],
            id="tax on top: one came back, then two",
        ),
        pytest.param(
            JP,
            {"ITEM": "1000"},
            "1000",
            [("333", 1), ("333", 1), ("334", 1)],
            [{"Principal": "333"}, {"Principal": "333"}, {"Principal": "334"}],
            id="yen, one by one",
        ),
        pytest.param(
            DE,
            {"ITEM": "30.00", "DISCOUNT": ("-3.01", {"ITEM": "-3.01"})},
            "26.99",
            [("9.00", 1), ("17.99", 2)],
            [
                {"Principal": "10.00", "-Principal": "-1.00"},
                {"Principal": "20.00", "-Principal": "-2.01"},
            ],
            id="a discount that does not divide",
        ),
        pytest.param(
            DE,
            {"ITEM": "20.00", "SHIPPING": "5.00"},
            "25.00",
            [("6.67", 1), ("13.34", 2), ("4.99", 0)],
            [
                {"Principal": "6.67"},
                {"Principal": "13.33", "Shipping": "0.01"},
                {"Shipping": "4.99"},
            ],
            id="at Saleor's rounded prices, then all that is left as an amount",
        ),
    ],
)
def test_a_partial_return_and_the_rest_are_right_to_the_minor_unit(
    marketplace: str,
    parts: dict[str, Any],
    total: str,
    steps: list[tuple[str, int]],
    expected: list[Told],
) -> None:
    payload = order_of((parts, total), marketplace=marketplace, quantity=3)
    refunds = Refunds(payload)
    made = [refunds.refund(amount, {1: units} if units else None) for amount, units in steps]
    assert [told(each.items[0]) for each in made] == expected
    assert [each.amount for each in made] == [D(amount) for amount, _ in steps]
    assert [each.items[0].quantity for each in made] == [units or None for _, units in steps]
    assert refunds.left == 0


def test_units_of_one_item_leave_the_others_alone() -> None:
    refunds = Refunds(order_of(({"ITEM": "10.00"}, "10.00"), ({"ITEM": "5.00"}, "5.00")))
    assert [i.item_id for i in refunds.refund("5.00", {2: 1}).items] == [SECOND]


def test_shipping_is_refunded_of_all_items_and_has_no_quantity() -> None:
    parts = {"ITEM": "10.00", "SHIPPING": "2.00"}
    refunds = Refunds(order_of((parts, "12.00"), (parts, "12.00")))
    made = refunds.refund("14.00", {1: 1}, shipping=True)
    assert [(told(i), i.quantity) for i in made.items] == [
        ({"Principal": "10.00", "Shipping": "2.00"}, 1),
        ({"Shipping": "2.00"}, None),
    ]


# --- plain amounts ------------------------------------------------------------------------------


def test_a_plain_amount_is_spread_over_all_that_is_left() -> None:
    parts = {"ITEM": "10.00", "SHIPPING": "5.00"}
    refunds = Refunds(order_of((parts, "15.00"), ({"ITEM": "30.00"}, "30.00")))
    made = refunds.refund("9.00")
    assert [told(i) for i in made.items] == [
        {"Principal": "2.00", "Shipping": "1.00"},
        {"Principal": "6.00"},
    ]
    assert all(i.quantity is None for i in made.items)


def test_a_cent_goes_to_one_component() -> None:
    parts = {"ITEM": "10.00", "SHIPPING": "5.00"}
    refunds = Refunds(order_of((parts, "15.00"), ({"ITEM": "30.00"}, "30.00")))
    assert [told(i) for i in refunds.refund("0.01").items] == [{"Principal": "0.01"}]


def test_all_that_is_left_is_exactly_all() -> None:
    refunds = Refunds(order_of((TAXED, "57.20"), (PROMOTED, "18.00"), marketplace=US))
    refunds.refund("19.99")
    refunds.refund(refunds.left)
    assert refunds.left == 0
    assert sum(each.amount for each in refunds.made) == D("75.20")


def test_what_was_refunded_elsewhere_is_no_longer_left() -> None:
    parts = {"ITEM": "20.00", "SHIPPING": "5.00"}
    refunds = Refunds(order_of((parts, "25.00"), quantity=2), elsewhere="5.00")
    assert refunds.left == D("20.00")
    assert told(refunds.refund("20.00").items[0]) == {"Principal": "16.00", "Shipping": "4.00"}
    with pytest.raises(CannotRefund, match=r"€0\.00"):
        refunds.refund("0.01")


def test_more_refunded_elsewhere_than_was_paid_leaves_nothing() -> None:
    assert Refunds(amazon_order(), elsewhere="99").left == 0


def test_a_tip_cannot_be_refunded_by_feed() -> None:
    payload = amazon_order(item(total="10.00"), total="13.00")
    payload["proceeds"]["breakdowns"] = [breakdown("DELIVERY_TIP", "3.00")]
    refunds = Refunds(payload)
    assert refunds.left == D("10.00")
    with pytest.raises(CannotRefund, match=r"€10\.00\. The tip of €3\.00"):
        refunds.refund("13.00")


# --- Amazon's own tax ---------------------------------------------------------------------------


def test_amazons_tax_follows_the_price_in_any_number_of_steps() -> None:
    parts = {"ITEM": "39.98", "TAX": ("3.80", {"ITEM": "3.80"})}
    refunds = Refunds(order_of((parts, "43.78"), marketplace=US, quantity=2, tax=FACILITATED))
    made = [told(refunds.refund(amount).items[0]) for amount in ("2.00", "20.00", "21.78")]
    assert made == [
        {"Principal": "1.83", "by Amazon": "0.17"},
        {"Principal": "18.26", "by Amazon": "1.74"},
        {"Principal": "19.89", "by Amazon": "1.89"},
    ]
    assert refunds.left == 0


def test_the_last_cent_of_a_price_goes_with_the_rest_of_amazons_tax() -> None:
    parts = {"ITEM": "0.02", "TAX": ("0.01", {"ITEM": "0.01"})}
    refunds = Refunds(order_of((parts, "0.03"), marketplace=US, tax=FACILITATED))
    refunds.refund("0.01")
    with pytest.raises(CannotRefund, match=r"only be refunded whole.*\$0\.02"):
        refunds.refund("0.01")
    assert told(refunds.refund("0.02").items[0]) == {"Principal": "0.01", "by Amazon": "0.01"}


def test_amazons_tax_on_what_cost_nothing_cannot_be_refunded_by_feed() -> None:
    parts = {"ITEM": "5.00", "DISCOUNT": "-5.00", "TAX": ("0.40", {"ITEM": "0.40"})}
    refunds = Refunds(order_of((parts, "0.40"), marketplace=US, tax=FACILITATED))
    assert refunds.left == 0


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "units", "words"),
    [
        ("0", {}, r"above zero"),
        ("-1", {}, r"above zero"),
        ("1.001", {}, r"1\.001 is finer than EUR"),
        ("14.91", {}, r"€14\.91 is more .*: €14\.90\.$"),
        ("1.00", {1: 3}, r"3 units of item 0+1 .*: 2 of 2\."),
        ("1.00", {1: 0}, r"above zero"),
        ("1.00", {7: 1}, r"Item 0+7 has no units"),
    ],
)
def test_refused(amount: str, units: Units, words: str) -> None:
    refunds = Refunds(order_of(({"ITEM": "14.90"}, "14.90"), quantity=2))
    with pytest.raises(CannotRefund, match=words) as refused:
        refunds.refund(amount, units)
    assert refused.value.message == str(refused.value)


def test_units_that_were_refunded_are_used_up() -> None:
    refunds = Refunds(order_of(({"ITEM": "14.90"}, "14.90"), quantity=2))
    refunds.refund("1.00", {1: 1})
    with pytest.raises(CannotRefund, match="1 of 2"):
        refunds.refund("1.00", {1: 2})


def test_an_item_without_units_has_nothing() -> None:
    refunds = Refunds(amazon_order(item(total="10.00"), item(2, total="5.00")))
    gone = [each.model_copy(update={"quantity_ordered": 0}) for each in refunds.order.order_items]
    items = (refunds.order.order_items[0], gone[1])
    refunds.order = refunds.order.model_copy(update={"order_items": items})
    assert refunds.left == D("10.00")
    with pytest.raises(CannotRefund):
        refunds.refund("1.00", {2: 1})


def test_a_replacement_that_cost_nothing_has_nothing() -> None:
    replaced = [{"orderId": "1", "associationType": "REPLACEMENT_ORIGINAL_ID"}]
    refunds = Refunds(amazon_order(item(total="0.00"), associatedOrders=replaced))
    with pytest.raises(CannotRefund, match=r"€0\.00"):
        refunds.refund("1.00")


@pytest.mark.parametrize("by", ["AMAZON", ""])
def test_amazon_refunds_what_it_fulfils(by: str) -> None:
    with pytest.raises(CannotRefund, match="Amazon fulfils this order"):
        Refunds(amazon_order(by=by)).refund("1.00")


# --- what does not fit the order as it is read now ----------------------------------------------


def refund_of(*components: tuple[ComponentType, str], item_id: OrderItemId = FIRST) -> Refund:
    parts = tuple({"type": kind, "amount": amount} for kind, amount in components)
    one = {"item_id": item_id, "reason": Reason.OTHER, "components": parts}
    return Refund.model_validate(
        {"order_id": "302-1234567-1234567", "currency": "EUR", "reference": "x", "items": [one]}
    )


@pytest.mark.parametrize(
    "components",
    [
        [(ComponentType.GOODWILL, "3.00")],
        [(ComponentType.PRINCIPAL, "3.00")],
        [(ComponentType.SHIPPING, "3.00")],
        [(ComponentType.PRINCIPAL, "5.00"), (ComponentType.RESTOCKING_FEE, "-2.00")],
    ],
)
def test_whatever_was_refunded_earlier_is_used_up(
    components: list[tuple[ComponentType, str]],
) -> None:
    parts = {"ITEM": "10.00", "SHIPPING": "2.00"}
    refunds = Refunds(order_of((parts, "12.00")))
    refunds.made = [refund_of(*components)]
    assert refunds.left <= D("9.00")
    refunds.refund(refunds.left)
    assert refunds.left == 0


def test_a_part_below_zero_is_a_discount_on_the_others() -> None:
    parts = {"ITEM": "10.00", "SHIPPING": "5.00", "OTHER": "-3.00"}
    refunds = Refunds(order_of((parts, "12.00")))
    made = refunds.refund("12.00")
    assert told(made.items[0]) == {"Principal": "10.00", "Shipping": "5.00", "-Principal": "-3.00"}


def test_an_item_below_zero_is_taken_off_the_others() -> None:
    below = {"ITEM": "0.00", "OTHER": "-3.00"}
    parts = {"ITEM": "10.00", "SHIPPING": "5.00"}
    refunds = Refunds(order_of((parts, "15.00"), (below, "-3.00")))
    assert [told(i) for i in refunds.refund("12.00").items] == [
        {"Principal": "8.00", "Shipping": "4.00"}
    ]


# --- reasons ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CustomerReturn", Reason.CUSTOMER_RETURN),
        (" productoutofstock ", Reason.PRODUCT_OUT_OF_STOCK),
        ("other", Reason.OTHER),
        ("Kulanz  wegen VERSPÄTUNG", Reason.CARRIER_CREDIT_DECISION),
        ("returned, our fault", Reason.PRICE_ERROR),
        ("The buyer returned it, damaged", Reason.CUSTOMER_RETURN),
        ("Rücksendung", Reason.CUSTOMER_RETURN),
        ("teruggestuurd door koper", Reason.CUSTOMER_RETURN),
        ("arrived damaged", Reason.GENERAL_ADJUSTMENT),
        ("Gerät ist defekt", Reason.GENERAL_ADJUSTMENT),
        ("wrong item sent", Reason.DIFFERENT_ITEM),
        ("falscher Artikel", Reason.DIFFERENT_ITEM),
        ("out of stock", Reason.NO_INVENTORY),
        ("Storno durch den Kunden", Reason.CUSTOMER_CANCEL),
        ("Annahme verweigert", Reason.REFUSED_DELIVERY),
        ("Umtausch", Reason.EXCHANGE),
        ("verkeerde prijs", Reason.PRICE_ERROR),
        ("tax return of the unreturned", Reason.CUSTOMER_RETURN),
        ("unreturned", Reason.ABANDONED),
        ("", Reason.ABANDONED),
    ],
)
def test_reason(text: str, expected: Reason) -> None:
    table: Mapping[str, Reason] = {
        "verspätung": Reason.CARRIER_CREDIT_DECISION,
        "Our Fault": Reason.PRICE_ERROR,
        " ": Reason.EXCHANGE,
    }
    assert reason_for(text, table, Reason.ABANDONED) is expected


# --- properties ---------------------------------------------------------------------------------

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
KINDS = ("ITEM", "SHIPPING", "GIFT_WRAP", "COD_FEE", "OTHER")
minor = st.integers(0, 30_000) | st.integers(0, 30)


@st.composite
def orders(draw: st.DrawFn) -> dict[str, Any]:
    """An order of any money that adds up, with its tax read in any way."""
    marketplace = draw(st.sampled_from([US, DE, JP]))
    items = [draw(items_of(marketplace, number)) for number in range(1, draw(st.integers(2, 4)))]
    return amazon_order(*items, marketplace=marketplace, status="SHIPPED")


@st.composite
def items_of(draw: st.DrawFn, marketplace: str, number: int) -> dict[str, Any]:
    unit = D(1) if marketplace == JP else D("0.01")
    parts = {kind: draw(minor) * unit for kind in draw(st.sets(st.sampled_from(KINDS)))}
    parts["ITEM"] = draw(minor) * unit
    off = {kind: draw(share_of(amount, unit)) for kind, amount in parts.items()}
    off = {kind: amount for kind, amount in off.items() if draw(st.booleans()) and amount}
    rate = draw(st.sampled_from([D(0), D("0.07"), D("0.19"), D("0.3")]))
    taxes = {
        kind: ((amount - off.get(kind, ZERO)) * rate).quantize(unit)
        for kind, amount in parts.items()
    }
    base, tax = sum(parts.values()) - sum(off.values()), sum(taxes.values())
    kinds = list(parts.items())
    cur = CURRENCY[marketplace]
    by = [breakdown(kind, amount, cur) for kind, amount in kinds]
    if off:
        by.append(breakdown("DISCOUNT", -sum(off.values()), cur, **off))
    by.append(breakdown("TAX", tax, cur, **taxes))
    on_top = marketplace == US and draw(st.booleans())
    more: dict[str, Any] = {"tax": FACILITATED} if draw(st.booleans()) else {}
    total = base + tax if on_top else base
    count = draw(st.integers(1, 7))
    return item(number, quantity=count, total=total, breakdowns=by, currency=cur, **more)


def share_of(amount: Decimal, unit: Decimal) -> st.SearchStrategy[Decimal]:
    return st.integers(0, int(amount / unit)).map(lambda n: n * unit)


@st.composite
def wishes(draw: st.DrawFn, refunds: Refunds) -> RefundWish:
    """A wish that may or may not be met; small amounts come often."""
    unit = D(1) if refunds.sums.currency == "JPY" else D("0.01")
    most = max(int(refunds.left / unit), 1)
    amount = draw(st.integers(1, most) | st.integers(1, min(most, 20)) | st.just(most)) * unit
    ids = [each.order_item_id for each in refunds.order.order_items]
    units = draw(st.dictionaries(st.sampled_from(ids), st.integers(1, 4), max_size=2))
    return RefundWish(amount, units, draw(st.booleans()))


def tried(refunds: Refunds, wish: RefundWish) -> Refund | None:
    try:
        return refunds.make(wish)
    except CannotRefund:
        return None


def check(refunds: Refunds, made: Refund, wish: RefundWish, before: Decimal) -> None:
    assert made.amount == wish.amount <= before
    for each in made.items:
        assert (
            sum(p.amount for p in each.components)
            + sum(p.amount for share in each.promotions for p in share.components)
            == each.amount - each.tax_by_amazon
        )
        assert each.amount - each.tax_by_amazon > 0
        assert each.components
        assert all(part.amount > 0 for part in each.components)
        assert all(p.amount < 0 for share in each.promotions for p in share.components)
        amounts = [part.amount for part in each.components]
        assert all(-int(amount.as_tuple().exponent) <= 2 for amount in amounts)
        assert all(fits(amount, made.currency) for amount in amounts)
    check_components(refunds, refunds.made)


def check_components(refunds: Refunds, made: Sequence[Refund]) -> None:
    """No component of any item has been refunded above what was charged."""
    charged = left_to_refund(refunds.order, refunds.sums, ()).items
    for item_id, item_left in charged.items():
        money: ItemMoney = item_left.money
        mine = [each for refund in made for each in refund.items if each.item_id == item_id]
        limits = {part.type: part.amount for part in money.components}
        for kind in ComponentType:
            given = sum(p.amount for each in mine for p in each.components if p.type == kind)
            assert given <= limits.get(kind, ZERO)
        assert sum(each.tax_by_amazon for each in mine) <= money.amazons_tax
        assert sum(each.amount for each in mine) <= money.amount


@patient
@given(st.data())
def test_any_sequence_of_refunds_is_exact_and_ends_at_zero(data: st.DataObject) -> None:
    refunds = Refunds(data.draw(orders()))
    paid = refunds.left
    for _ in range(data.draw(st.integers(0, 6))):
        before = refunds.left
        wish = data.draw(wishes(refunds))
        made = tried(refunds, wish)
        if made:
            check(refunds, made, wish, before)
        assert refunds.left == paid - sum(each.amount for each in refunds.made)
    assume(refunds.left)
    refunds.refund(refunds.left)
    check_components(refunds, refunds.made)
    assert refunds.left == 0
    assert sum(each.amount for each in refunds.made) == paid


@patient
@given(st.data())
def test_with_refunds_made_elsewhere_never_more_than_was_paid(data: st.DataObject) -> None:
    refunds = Refunds(data.draw(orders()))
    paid = refunds.left
    unit = D(1) if refunds.sums.currency == "JPY" else D("0.01")
    for _ in range(data.draw(st.integers(1, 4))):
        refunds.elsewhere += data.draw(share_of(refunds.left, unit))
        before, wish = refunds.left, data.draw(wishes(refunds))
        if before and (made := tried(refunds, wish)):
            check(refunds, made, wish, before)
        assert refunds.left + refunds.elsewhere + sum(r.amount for r in refunds.made) <= paid
    if refunds.left:
        refunds.refund(refunds.left)
    assert refunds.left == 0


@patient
@given(st.data())
def test_plain_amounts_are_refused_only_where_amazons_tax_stands_in_the_way(
    data: st.DataObject,
) -> None:
    refunds = Refunds(data.draw(orders()))
    assume(refunds.left)
    unit = D(1) if refunds.sums.currency == "JPY" else D("0.01")
    added = any(each.tax_reading is TaxReading.ADDED for each in refunds.sums.items)
    amount = data.draw(share_of(refunds.left - unit, unit)) + unit
    made = tried(refunds, RefundWish(amount))
    assert made or added
