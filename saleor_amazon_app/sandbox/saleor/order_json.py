"""What the control API tells of an order: flat, and in the words of a test."""

from decimal import Decimal
from typing import Any, Final

from saleor_amazon_app.sandbox.saleor.ids import to_global
from saleor_amazon_app.sandbox.saleor.model import (
    Fulfillment,
    FulfillmentLine,
    GrantedRefund,
    GrantedRefundLine,
    Line,
    Order,
)
from saleor_amazon_app.sandbox.saleor.money import ZERO, charged, quantized, refunded
from saleor_amazon_app.sandbox.saleor.state import State

Json = dict[str, Any]
ITEM_ID: Final = "amazon.orderItemId"
"""The private metadata key of an order line that names Amazon's item."""


def _text(amount: Decimal, currency: str) -> str:
    return str(quantized(amount, currency))


def order_json(state: State, order: Order) -> Json:
    currency = order.currency
    pending = sum((t.refund_pending for t in order.transactions), ZERO)
    return {
        "id": to_global("Order", order.id),
        "number": str(order.number),
        "externalReference": order.external_reference,
        "channel": order.channel_slug,
        "status": order.status,
        "total": _text(order.total.gross, currency),
        "net": _text(order.total.net, currency),
        "shipping": _text(order.shipping_price.gross, currency),
        "currency": currency,
        "created": order.created.isoformat(),
        "userEmail": order.user_email,
        "chargeStatus": order.charge_status,
        "charged": _text(charged(order), currency),
        "refunded": _text(refunded(order), currency),
        "refundPending": _text(pending, currency),
        "lines": [_line(state, line) for line in order.lines],
        "fulfillments": [_fulfillment(order, made) for made in order.fulfillments],
        "grantedRefunds": [_refund(order, refund) for refund in order.granted_refunds],
        "transactions": [to_global("TransactionItem", t.token) for t in order.transactions],
        "notes": [e.message or "" for e in order.events if e.type == "NOTE_ADDED"],
        "metadata": order.metadata,
        "privateMetadata": order.private_metadata,
    }


def _line(state: State, line: Line) -> Json:
    variant = state.shop.variants.get(line.variant_id or 0)
    return {
        "id": to_global("OrderLine", line.id),
        "orderItemId": line.private_metadata.get(ITEM_ID),
        "sku": line.product_sku,
        "variantSku": variant.sku if variant else None,
        "quantity": line.quantity,
        "quantityFulfilled": line.quantity_fulfilled,
        "allocated": sum(a.quantity for a in line.allocations),
        "total": _text(line.total_price.gross, line.currency),
    }


def _fulfillment(order: Order, made: Fulfillment) -> Json:
    return {
        "id": to_global("Fulfillment", made.id),
        "number": made.fulfillment_order,
        "status": made.status,
        "tracking": made.tracking_number,
        "lines": [_part(order, line) for line in made.lines],
        "privateMetadata": made.private_metadata,
    }


def _refund(order: Order, refund: GrantedRefund) -> Json:
    return {
        "id": to_global("OrderGrantedRefund", refund.id),
        "amount": _text(refund.amount, refund.currency),
        "reason": refund.reason,
        "shippingCostsIncluded": refund.shipping_costs_included,
        "status": refund.status,
        "lines": [_part(order, line) | {"reason": line.reason} for line in refund.lines],
    }


def _part(order: Order, part: FulfillmentLine | GrantedRefundLine) -> Json:
    line = order.line(part.line_id)
    return {
        "orderItemId": line.private_metadata.get(ITEM_ID),
        "sku": line.product_sku,
        "quantity": part.quantity,
    }
