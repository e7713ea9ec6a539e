"""Why a refund cannot be made through Amazon, in English."""

from typing import Final

REFUNDS: Final = {
    "refund.amazon_refunds": (
        "Amazon fulfils this order and refunds it itself. Ask for the refund in Seller Central."
    ),
    "refund.not_above_zero": "A refund is above zero, and {amount} is not.",
    "refund.too_fine": "{amount} is finer than {currency} can be paid.",
    "refund.above_rest": ("{amount} is more than can still be refunded of this order: {left}."),
    "refund.above_rest_and_tip": (
        "{amount} is more than can still be refunded of this order: {left}. "
        "The tip of {tip} can only be refunded by Amazon."
    ),
    "refund.no_such_units": "Item {item} has no units in this order at Amazon.",
    "refund.units_not_above_zero": "The units of item {item} to refund must be above zero.",
    "refund.too_many_units": (
        "{units} units of item {item} are more than can still be refunded: {left} of {ordered}."
    ),
    "refund.above_units": (
        "{amount} is more than can still be refunded for these units: {named}. "
        "Without naming them, {left} of this order can be refunded."
    ),
    "refund.above_shipping": (
        "{amount} is more than can still be refunded for shipping: {named}. "
        "Without naming them, {left} of this order can be refunded."
    ),
    "refund.above_units_and_shipping": (
        "{amount} is more than can still be refunded for these units and shipping: {named}. "
        "Without naming them, {left} of this order can be refunded."
    ),
    "refund.only_whole": (
        "What is left of item {item} can only be refunded whole, with the tax "
        "that Amazon gives back itself: {amount}."
    ),
    "refund.amounts": (
        "Amazon's amounts for this order do not add up. Refund it in Seller Central; "
        "it will show here."
    ),
    "refund.cancelled": "The order was cancelled at Amazon, so the buyer is not charged for it.",
    "refund.not_shipped": (
        "Amazon refunds shipped orders only, and this one is {status}. "
        "Cancel it instead: the buyer is not charged then."
    ),
    "refund.units_not_shipped": (
        "Of item {item} only {shipped} units have shipped. "
        "Cancel the others instead: the buyer is not charged for them then."
    ),
    "refund.units_refunded_one": (
        "Of item {item} only {shipped} units have shipped, and {count} of them is refunded. "
        "Cancel the others instead: the buyer is not charged for them then."
    ),
    "refund.units_refunded_other": (
        "Of item {item} only {shipped} units have shipped, and {count} of them are refunded. "
        "Cancel the others instead: the buyer is not charged for them then."
    ),
    "refund.no_such_item": "The order has no item {item}.",
}
"""Why a refund cannot be made through Amazon."""
