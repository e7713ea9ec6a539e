"""The discounts of an order's line, as Saleor tells them."""

from typing import Any, Final

from graphql import GraphQLError

from saleor_amazon_app.sandbox.saleor.ids import to_global
from saleor_amazon_app.sandbox.saleor.model import Line
from saleor_amazon_app.sandbox.saleor.money import quantized

_STORED_WITHOUT_TYPE: Final = "FIXED"


def discounts_of(line: Line) -> list[dict[str, Any]]:
    """Return what the line's price was lowered by: nothing, or one discount given by hand.

    Saleor 3.23: create_single_order_line makes it of the difference between the net unit prices.
    """
    if line.unit_discount <= 0:
        return []
    return [
        {
            "id": to_global("OrderLineDiscount", line.id),
            "type": "MANUAL",
            "name": None,
            "value_type": line.unit_discount_type,
            "value": line.unit_discount_value,
            "reason": line.unit_discount_reason,
            "total": _amount(line, line.quantity),
            "unit": _amount(line, 1),
        }
    ]


def _amount(line: Line, quantity: int) -> dict[str, Any]:
    amount = quantized(line.unit_discount * quantity, line.currency)
    return {"amount": amount, "currency": line.currency}


def value_type(discount: dict[str, Any]) -> str:
    """Return the discount's type; one that was imported without a type has none that can be told.

    Saleor 3.23.28 stores ``FIXED`` for it, the enum's name in place of its value ``fixed``.
    """
    told: str | None = discount["value_type"]
    if told is None:
        message = 'Expected a value of type "DiscountValueTypeEnum" but received: '
        raise GraphQLError(message + _STORED_WITHOUT_TYPE)
    return told
