"""Giving money back: the record of it, and the transaction that the Finances API tells."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from saleor_amazon_app.sandbox.amazon import ledger
from saleor_amazon_app.sandbox.amazon.ledger import Part, tax_by_amazon, unit
from saleor_amazon_app.sandbox.amazon.order_facts import ZERO, currency, item_of
from saleor_amazon_app.sandbox.amazon.records import Refund
from saleor_amazon_app.sandbox.amazon.state import State, StoredOrder
from saleor_amazon_app.sandbox.amazon.transactions import post_refund

Json = dict[str, Any]


def give_back(
    state: State, stored: StoredOrder, parts: Sequence[Part], *, source: str, at: str
) -> Refund:
    """Give money back. Nothing is checked here; the same call twice gives back twice."""
    items = [_item(state, stored.order, part) for part in parts]
    total, tax = _sum(items, "sum"), _sum(items, "tax_by_amazon")
    refund = Refund(
        refund_id=str(7_000_000_001 + len(state.refunds)),
        seller_id=stored.seller_id,
        order_id=stored.order_id,
        at=at,
        source=source,
        currency=currency(stored.order),
        items=items,
        sum=str(total),
        tax_by_amazon=str(tax),
        total=str(total + tax),
    )
    state.refunds.append(refund)
    post_refund(state, stored, refund)
    state.on_change()
    return refund


def _item(state: State, order: Json, part: Part) -> Json:
    item = item_of(order, part.item_id)
    smallest = unit(order)
    tax = tax_by_amazon(ledger.left(state, order, item), part.sum, smallest)
    return {
        "orderItemId": part.item_id,
        "sku": item.get("product", {}).get("sellerSku"),
        "quantity": part.quantity,
        "adjustmentId": part.adjustment_id,
        "components": _texts(part.components, smallest),
        "promotions": _texts(part.promotions, smallest),
        "sum": str(part.sum.quantize(smallest)),
        "tax_by_amazon": str(tax.quantize(smallest)),
    }


def _texts(sums: dict[str, Decimal], smallest: Decimal) -> dict[str, str]:
    return {name: str(value.quantize(smallest)) for name, value in sums.items()}


def _sum(items: list[Json], name: str) -> Decimal:
    return sum((Decimal(item[name]) for item in items), ZERO)
