"""What intents ask Amazon for, in the merchant's words."""

from collections.abc import Mapping
from decimal import Decimal

from saleor_amazon_app.mirror.ids import OrderItemId
from saleor_amazon_app.mirror.messages import AdjustmentReason
from saleor_amazon_app.mirror.sentences import Sentence, Sum, Term, say


def refund_of(amount: Decimal, currency: str, reason: AdjustmentReason) -> Sentence:
    """Write a refund of an amount in major units."""
    term = Term("refund_reasons", reason)
    return say("summary.refund", amount=Sum(amount, currency), reason=term)


def cancelled_units(units: Mapping[OrderItemId, int], reason: AdjustmentReason) -> Sentence:
    """Write the cancellation of some units of an order."""
    term = Term("refund_reasons", reason)
    return say("summary.cancel_units", units=units_of_items(units), reason=term)


def units_of_items(units: Mapping[OrderItemId, int]) -> list[Sentence]:
    """Write units by item; items without any are left out."""
    return [
        say("summary.units_of_item", item=item, units=count)
        for item, count in units.items()
        if count > 0
    ]
