"""The items of an order, with their money as Amazon tells it."""

from collections.abc import Sequence
from decimal import Decimal

from saleor_amazon_app.mirror.amazon_order import AmazonOrder, Money, OrderItem
from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.showing.shapes.common import Amount
from saleor_amazon_app.showing.shapes.order import ItemShown
from saleor_amazon_app.store.models import Problem


def show_items(order: AmazonOrder, problems: Sequence[Problem]) -> list[ItemShown]:
    unknown = {p.subject for p in problems if p.kind == ProblemKind.UNKNOWN_SKU}
    return [_item(order, item, unknown) for item in order.order_items]


def _item(order: AmazonOrder, item: OrderItem, unknown: set[str]) -> ItemShown:
    product, condition = item.product, item.product.condition
    told = [condition.condition_type, condition.condition_subtype] if condition else []
    is_over = order.status == "CANCELLED"
    return ItemShown(
        item_id=item.order_item_id,
        sku=product.seller_sku,
        asin=product.asin,
        title=product.title,
        condition=" ".join(dict.fromkeys(word for word in told if word)) or None,
        quantity_ordered=item.quantity_ordered,
        quantity_shipped=item.quantity_shipped,
        quantity_open=0 if is_over else item.quantity_ordered - item.quantity_shipped,
        price=_part(item, "ITEM"),
        tax=_part(item, "TAX"),
        shipping=_part(item, "SHIPPING"),
        gift_wrap=_part(item, "GIFT_WRAP"),
        discount=_positive(_part(item, "DISCOUNT")),
        total=_amount(item.proceeds.proceeds_total) if item.proceeds else None,
        gift_message=item.gift.gift_message if item.gift else None,
        is_unknown_sku=product.seller_sku in unknown,
    )


def _part(item: OrderItem, name: str) -> Amount | None:
    """Add up the breakdowns of a kind; None if Amazon tells none."""
    told = [b.subtotal for b in item.proceeds.breakdowns if b.type == name] if item.proceeds else []
    if not told:
        return None
    total = sum((money.amount for money in told), Decimal(0))
    return Amount(amount=total, currency=told[0].currency_code)


def _positive(amount: Amount | None) -> Amount | None:
    return amount.model_copy(update={"amount": abs(amount.amount)}) if amount else None


def _amount(money: Money | None) -> Amount | None:
    return Amount(amount=money.amount, currency=money.currency_code) if money else None
