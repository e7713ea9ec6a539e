"""One row of orderBulkCreate, from its input to an order that could be stored.

Saleor 3.23: create_single_order and what it calls.
"""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from saleor_amazon_app.sandbox.saleor import addresses
from saleor_amazon_app.sandbox.saleor.addresses import BadAddress
from saleor_amazon_app.sandbox.saleor.bulk_lines import add_fulfillments, add_lines, taxed
from saleor_amazon_app.sandbox.saleor.bulk_more import add_extras
from saleor_amazon_app.sandbox.saleor.bulk_rows import (
    Call,
    Input,
    Row,
    find,
    is_too_late,
    store_metadata,
)
from saleor_amazon_app.sandbox.saleor.errors import Crash
from saleor_amazon_app.sandbox.saleor.model import (
    Address,
    Channel,
    Order,
    ShippingMethod,
    TaxClass,
    Taxed,
    User,
)
from saleor_amazon_app.sandbox.saleor.money import ZERO

_NOTHING: Final = Taxed(net=ZERO, gross=ZERO)
_USER_KEYS: Final = {"id": "id", "email": "email", "external_reference": "external_reference"}


@dataclass
class _Related:
    """The records an order belongs to."""

    user: User | None = None
    channel: Channel | None = None
    billing: Address | None = None
    shipping: Address | None = None
    method: ShippingMethod | None = None
    tax_class: TaxClass | None = None
    needs_shipping: bool = False


def build(call: Call, told: Input) -> Row:
    """Check a row and build its order; ``row.order`` stays None after a critical error."""
    row = Row()
    _check_head(call, row, told)
    if row.critical:
        return row
    # The number is taken as soon as the order is begun, so a rejected row leaves a gap.
    number = call.state.next_order_number()
    related = _relate(call, row, told)
    if row.critical or not related.channel:
        return row
    order = _empty_order(told, number, related, related.channel)
    add_lines(call, row, order, told["lines"])
    order.lines = [line for line, _ in row.lines]
    if not row.critical:
        add_fulfillments(call, row, order, told.get("fulfillments") or [])
    if not row.critical:
        _add_up(row, order, told.get("delivery_method") or {}, related)
    if not row.critical:
        _finish(call, row, order, told)
    return row


def _check_head(call: Call, row: Row, told: Input) -> None:
    if is_too_late(told["created_at"]):
        row.fault("Order input contains future date.", "created_at", "FUTURE_DATE")
    weight = told.get("weight")
    if weight is not None and weight < 0:
        row.fault("Order can't have negative weight.", "weight", "INVALID")
    reference = told.get("external_reference")
    if reference and reference in call.taken:
        text = f"Order with external_reference: {reference} already exists."
        row.fault(text, "external_reference", "UNIQUE", critical=True)
    channel = next((c for c in call.state.shop.channels if c.slug == told["channel"]), None)
    if channel and channel.currency_code.lower() != told["currency"].lower():
        text = "Currency from input doesn't match channel's currency."
        row.fault(text, "currency", "INCORRECT_CURRENCY", critical=True)


def _relate(call: Call, row: Row, told: Input) -> _Related:
    related = _Related(
        user=_user(call, row, told["user"]),
        channel=find(call, row, told, "Channel", {"channel": "slug"}),
        billing=_address(call, row, told["billing_address"], "billing"),
    )
    if told.get("shipping_address"):
        related.shipping = _address(call, row, told["shipping_address"], "shipping")
    if told.get("voucher_code"):
        find(call, row, told, "VoucherCode", {"voucher_code": "code"})
    for code in told.get("gift_cards") or []:
        row.fault(f"Gift card with code {code} doesn't exist.", "gift_cards.0", "NOT_FOUND")
    row.critical = row.critical or not related.channel or not related.billing
    related.needs_shipping = any(line["is_shipping_required"] for line in told["lines"])
    if related.needs_shipping:
        _delivery(call, row, told.get("delivery_method") or {}, related)
    return related


def _user(call: Call, row: Row, told: Input) -> User | None:
    """An e-mail of nobody is fine: the order then belongs to no account."""
    user: User | None = find(call, row, told, "User", _USER_KEYS, "user")
    if user is None and told.get("email") and row.errors[-1].code == "NOT_FOUND":
        row.errors.pop()
    return user


def _address(call: Call, row: Row, told: Input, kind: str) -> Address | None:
    try:
        address = addresses.clean(told, call.state.next_id())
    except BadAddress:
        # Saleor does not say why.
        row.fault(f"Invalid {kind} address.", f"{kind}_address", "INVALID")
        return None
    store_metadata(row, told, address, f"{kind}_address.")
    return address


def _delivery(call: Call, row: Row, told: Input, related: _Related) -> None:
    warehouse = None
    if told.get("warehouse_id") and told.get("shipping_method_id"):
        text = "Can't provide both warehouse and shipping method IDs."
        row.fault(text, "delivery_method", "TOO_MANY_IDENTIFIERS")
    if told.get("warehouse_id"):
        path = "delivery_method.warehouse_id"
        warehouse = find(call, row, told, "Warehouse", {"warehouse_id": "id"}, path)
    if told.get("shipping_method_id"):
        path = "delivery_method.shipping_method_id"
        keys = {"shipping_method_id": "id"}
        related.method = find(call, row, told, "ShippingMethod", keys, path)
        path = "delivery_method.shipping_tax_class_id"
        keys = {"shipping_tax_class_id": "id"}
        related.tax_class = find(call, row, told, "TaxClass", keys, path)
    if not warehouse and not related.method:
        text = "No delivery method provided."
        row.fault(text, "delivery_method", "REQUIRED", critical=True)


def _empty_order(told: Input, number: int, related: _Related, channel: Channel) -> Order:
    delivery = (told.get("delivery_method") or {}) if related.needs_shipping else {}
    return Order(
        id=str(uuid.uuid4()),
        number=number,
        channel_slug=channel.slug,
        status="UNFULFILLED",
        currency=told["currency"],
        external_reference=told.get("external_reference"),
        user_id=related.user.id if related.user else None,
        user_email=(related.user.email if related.user else told["user"].get("email")) or "",
        created=told["created_at"],
        billing_address=related.billing,
        shipping_address=related.shipping,
        shipping_method_id=related.method.id if related.method else None,
        shipping_method_name=delivery.get("shipping_method_name"),
        shipping_tax_class_id=related.tax_class.id if related.tax_class else None,
        shipping_tax_class_name=delivery.get("shipping_tax_class_name"),
        shipping_price=_NOTHING,
        subtotal=_NOTHING,
        total=_NOTHING,
        undiscounted_total=_NOTHING,
        customer_note=told.get("customer_note") or "",
        language_code=told["language_code"],
        # The input's displayGrossPrices is ignored: the channel's tax configuration decides.
        display_gross_prices=channel.display_gross_prices,
    )


def _add_up(row: Row, order: Order, told: Input, related: _Related) -> None:
    """Compute the totals. Without a line that needs shipping the delivery's price is dropped."""
    order.shipping_tax_rate = told.get("shipping_tax_rate") or ZERO
    if related.method:
        _set_shipping_price(row, order, told, related.method)
    order.subtotal = sum((line.total_price for line in order.lines), _NOTHING)
    before = sum((line.undiscounted_total_price for line in order.lines), _NOTHING)
    order.total = order.subtotal + order.shipping_price
    order.undiscounted_total = before + order.shipping_price


def _set_shipping_price(row: Row, order: Order, told: Input, method: ShippingMethod) -> None:
    if not told.get("shipping_price"):
        gross = method.price * (1 + order.shipping_tax_rate)
        order.shipping_price = Taxed(net=method.price, gross=gross)
        return
    price = order.shipping_price = taxed(told["shipping_price"])
    order.shipping_tax_rate = price.gross / price.net - 1 if price.net else Decimal(0)
    if price.gross < price.net:
        text = "Net price can't be greater than gross price."
        row.fault(text, "delivery_method.shipping_price", "PRICE_ERROR", critical=True)


def _finish(call: Call, row: Row, order: Order, told: Input) -> None:
    add_extras(call, row, order, told)
    if "status" not in told:
        raise Crash("KeyError", "status: nullable in the schema, needed by the code")
    _check_status(row, told["status"])
    order.status = told["status"]
    store_metadata(row, told, order)
    row.order = order


def _check_status(row: Row, status: str) -> None:
    ordered = sum(line.quantity for line, _ in row.lines)
    fulfilled = sum(sum(quantities) for quantities in row.fulfilled.values())
    wrong = (
        (fulfilled == 0 and status in ("PARTIALLY_FULFILLED", "FULFILLED"))
        or (0 < fulfilled < ordered and status in ("FULFILLED", "UNFULFILLED"))
        or (fulfilled == ordered and status in ("PARTIALLY_FULFILLED", "UNFULFILLED"))
    )
    if wrong:
        row.fault("Invalid order status.", "status", "INVALID")
