"""What a buyer has paid for an order and not got back, in the terms of its grand total."""

from decimal import Decimal
from typing import Any

from saleor_amazon_app.sandbox.amazon.cancelling import counts_tax
from saleor_amazon_app.sandbox.amazon.order_facts import ZERO, amount, item_of
from saleor_amazon_app.sandbox.amazon.records import Refund
from saleor_amazon_app.sandbox.amazon.state import State, StoredOrder

Json = dict[str, Any]


def paid(state: State, stored: StoredOrder) -> Decimal:
    """Return the grand total less what went back; a cancelled order costs nothing.

    Tax that Amazon gives back by itself counts where the total contains it.
    """
    grand = amount(stored.order.get("proceeds", {}).get("grandTotal"))
    mine = (each for each in state.refunds if each.order_id == stored.order_id)
    return grand - sum((_off(stored.order, refund) for refund in mine), ZERO) if grand else ZERO


def _off(order: Json, refund: Refund) -> Decimal:
    return sum((_off_item(order, told) for told in refund.items), ZERO)


def _off_item(order: Json, told: Json) -> Decimal:
    proceeds = item_of(order, told["orderItemId"]).get("proceeds", {})
    by_amazon = Decimal(told["tax_by_amazon"]) if counts_tax(order, proceeds) else ZERO
    return Decimal(told["sum"]) + by_amazon
