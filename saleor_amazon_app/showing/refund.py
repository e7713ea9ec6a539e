"""A refund as it would be sent, for the person who is about to send it."""

from saleor_amazon_app.mirror.messages import Component, ItemRefund
from saleor_amazon_app.showing.shapes.actions import RefundItem, RefundPart, RefundPreview
from saleor_amazon_app.showing.shapes.common import Amount
from saleor_amazon_app.sync.confirmed_refunds import Preview


def show_preview(preview: Preview) -> RefundPreview:
    currency = preview.refund.currency
    titles = {item.order_item_id: item.product.title for item in preview.order.order_items}
    return RefundPreview(
        request_id=preview.request_id,
        digest=preview.digest,
        amount=Amount(amount=preview.refund.amount, currency=currency),
        items=[_item(item, titles.get(item.item_id)) for item in preview.refund.items],
        left_after=Amount(amount=preview.left_after, currency=currency),
        message=preview.message,
    )


def _item(item: ItemRefund, title: str | None) -> RefundItem:
    parts = [_part(component) for component in item.components]
    parts += [
        _part(component, is_promotion=True)
        for share in item.promotions
        for component in share.components
    ]
    return RefundItem(
        item_id=item.item_id,
        title=title,
        quantity=item.quantity,
        reason=item.reason,
        parts=parts,
        tax_by_amazon=item.tax_by_amazon,
        amount=item.amount,
    )


def _part(component: Component, *, is_promotion: bool = False) -> RefundPart:
    return RefundPart(type=component.type, amount=component.amount, is_promotion=is_promotion)
