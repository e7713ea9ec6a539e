"""Cases in which the money is what matters: taxes, discounts, fees, tips and odd divisions."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from saleor_amazon_app.sandbox.amazon.cases import (
    EUROPE,
    TAX_ON_TOP,
    TAX_WITHIN,
    WITH_CENTS,
    case,
)
from saleor_amazon_app.sandbox.amazon.drafts import Draft
from saleor_amazon_app.sandbox.amazon.pricing import ZERO, line, money
from saleor_amazon_app.sandbox.catalogue import PRODUCTS

Json = dict[str, Any]


@case("several lines and quantities", weight=6)
def several_lines(draft: Draft) -> None:
    count = draft.rng.randrange(2, 5)
    draft.lines = [line(draft.rng, draft.channel, draft.rng.randrange(1, 4)) for _ in range(count)]


@case("three for ten", channels=WITH_CENTS, weight=2)
def three_for_ten(draft: Draft) -> None:
    """The unit price is rounded: three times it is not what the line costs."""
    draft.first.quantity = 3
    draft.first.charges = {"ITEM": Decimal("10.00")}


@case("seven for a thousand yen", channels=("amazon-jp",))
def seven_for_a_thousand(draft: Draft) -> None:
    draft.first.quantity = 7
    draft.first.charges = {"ITEM": Decimal(1000)}


@case("paid shipping", weight=4)
def paid_shipping(draft: Draft) -> None:
    draft.first.charges["SHIPPING"] = draft.money("4.99")


@case("paid shipping on each line", weight=2)
def paid_shipping_on_each_line(draft: Draft) -> None:
    several_lines(draft)
    for number, told in enumerate(draft.lines):
        told.charges["SHIPPING"] = draft.money("3.49") + number


@case("shipping discount", weight=2)
def shipping_discount(draft: Draft) -> None:
    draft.first.charges["SHIPPING"] = draft.money("5.99")
    draft.first.discounts["SHIPPING"] = draft.money("2.00")
    _promote(draft, "Free Shipping Week")


@case("free shipping by discount", weight=2)
def free_shipping(draft: Draft) -> None:
    draft.first.charges["SHIPPING"] = draft.money("5.99")
    draft.first.discounts["SHIPPING"] = draft.money("5.99")
    _promote(draft, "Core Free Shipping")


@case("gift wrap", weight=2)
def gift_wrap(draft: Draft) -> None:
    draft.first.charges["GIFT_WRAP"] = draft.money("3.99")
    gift = {"giftMessage": "Happy birthday!\nWith love, Sam", "giftWrapLevel": "Classic"}
    _pack(draft, {"giftOption": gift})


@case("cash on delivery", channels=("amazon-jp",))
def cash_on_delivery(draft: Draft) -> None:
    draft.first.charges["COD_FEE"] = draft.money("3.30")
    draft.first.extra["fulfillment"] = {
        "shipping": {"shippingConstraints": {"cashOnDelivery": "MANDATORY"}}
    }
    draft.finish.append(_paid_by("CashOnDelivery"))


@case("discount told as negative", weight=3)
def negative_discount(draft: Draft) -> None:
    draft.first.discounts["ITEM"] = draft.money("2.00")
    _promote(draft, "Summer Save")


@case("discount told as positive", weight=2)
def positive_discount(draft: Draft) -> None:
    draft.first.discounts["ITEM"] = draft.money("2.00")
    draft.first.minus = False
    _promote(draft, "Summer Save")


@case("discount on item and shipping")
def mixed_discount(draft: Draft) -> None:
    draft.first.quantity = 2
    draft.first.charges["ITEM"] *= 2
    draft.first.charges["SHIPPING"] = draft.money("4.99")
    draft.first.discounts |= {"ITEM": draft.money("3.33"), "SHIPPING": draft.money("4.99")}
    _promote(draft, "Bundle Deal")


@case("given away by a full discount", channels=TAX_WITHIN)
def full_discount(draft: Draft) -> None:
    """Amazon Vine: the full price and as large a rebate, amzn/selling-partner-api-models#5191."""
    draft.first.discounts["ITEM"] = draft.first.charges["ITEM"]
    _promote(draft, "vine.enrollment")


@case("everything at once", weight=2)
def everything(draft: Draft) -> None:
    several_lines(draft)
    gift_wrap(draft)
    draft.first.charges["SHIPPING"] = draft.money("6.49")
    draft.first.discounts |= {"ITEM": draft.money("1.11"), "SHIPPING": draft.money("6.49")}
    _promote(draft, "Everything Deal")


@case("no tax", weight=2)
def no_tax(draft: Draft) -> None:
    draft.first.taxed = False


@case("facilitator tax within the total", channels=("amazon-us",), weight=2)
def facilitator_tax_within(draft: Draft) -> None:
    draft.first.facilitated = True


@case("facilitator tax beside the total", channels=("amazon-us",), weight=2)
def facilitator_tax_beside(draft: Draft) -> None:
    draft.first.facilitated = True
    draft.first.tax_in_total = False


@case("facilitator tax in Europe", channels=EUROPE)
def facilitator_tax_in_europe(draft: Draft) -> None:
    draft.first.facilitated = True


@case("tip within the total", channels=("amazon-us",))
def tip_within(draft: Draft) -> None:
    """The model: DELIVERY_TIP is charged separately and not attributed to an item."""
    draft.tip = Decimal("5.00")


@case("tip beside the total", channels=("amazon-us",))
def tip_beside(draft: Draft) -> None:
    draft.tip, draft.tip_in_total = Decimal("5.00"), False


@case("points", channels=("amazon-jp",))
def points(draft: Draft) -> None:
    number = int(draft.first.charges["ITEM"] / 100)
    granted = {"pointsNumber": number, "pointsMonetaryValue": money(Decimal(number), "JPY")}
    draft.first.extra["expense"] = {"pointsCost": {"pointsGranted": granted}}


@case("thirty lines")
def thirty_lines(draft: Draft) -> None:
    draft.lines = [line(draft.rng, draft.channel, 1 + n % 3) for n in range(30)]
    for told, product in zip(draft.lines, PRODUCTS, strict=False):
        told.product = product


@case("same product on two lines")
def same_product_twice(draft: Draft) -> None:
    draft.lines.append(line(draft.rng, draft.channel))
    draft.lines[1].product = draft.first.product
    draft.lines[1].charges = dict(draft.first.charges)


@case("replacement without proceeds")
def replacement_without_proceeds(draft: Draft) -> None:
    _replace(draft)
    draft.priced = False


@case("replacement with zero proceeds")
def replacement_with_zero(draft: Draft) -> None:
    _replace(draft)
    draft.first.charges = {"ITEM": ZERO}
    draft.first.taxed = False


@case("item partly cancelled", weight=2)
def partly_cancelled(draft: Draft) -> None:
    several_lines(draft)
    gone = draft.lines[-1]
    gone.quantity, gone.charges = 0, {"ITEM": ZERO}
    execution = {"cancelledBy": "BUYER", "cancelReason": "BUYER_CANCELED"}
    gone.extra["cancellation"] = {"cancellationExecution": execution}


@case(
    "total off by a cent",
    channels=WITH_CENTS,
    expected="blocked",
    why="The items do not add up to the grand total.",
)
def off_by_a_cent(draft: Draft) -> None:
    def change(order: Json) -> None:
        grand = order["proceeds"]["grandTotal"]
        grand["amount"] = str(Decimal(grand["amount"]) + Decimal("0.01"))

    draft.finish.append(change)


@case("illegible amount", expected="blocked", why="An amount is no number.")
def illegible_amount(draft: Draft) -> None:
    def change(order: Json) -> None:
        order["orderItems"][0]["proceeds"]["breakdowns"][0]["subtotal"]["amount"] = "abc"

    draft.finish.append(change)


@case("sales tax on shipping and gift wrap", channels=TAX_ON_TOP, weight=2)
def sales_tax_on_everything(draft: Draft) -> None:
    gift_wrap(draft)
    draft.first.charges["SHIPPING"] = Decimal("7.25")
    draft.first.facilitated = True


def _promote(draft: Draft, name: str) -> None:
    draft.first.extra["promotion"] = {"breakdowns": [{"promotionId": f"PLM-{name}"}]}


def _pack(draft: Draft, packing: Json) -> None:
    draft.first.extra["fulfillment"] = {"packing": packing}


def _replace(draft: Draft) -> None:
    original = f"111-{draft.rng.randrange(10**7):07d}-{draft.rng.randrange(10**7):07d}"
    association = {"orderId": original, "associationType": "REPLACEMENT_ORIGINAL_ID"}
    draft.extra["associatedOrders"] = [association]


def _paid_by(method: str) -> Callable[[Json], None]:
    def change(order: Json) -> None:
        total = order["proceeds"]["grandTotal"]
        execution = {"paymentMethod": method, "paymentAmount": dict(total)}
        order["payment"] = {"paymentExecutions": [execution]}

    return change
