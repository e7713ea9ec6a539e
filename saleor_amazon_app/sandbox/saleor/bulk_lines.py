"""The lines and fulfilments of a row of orderBulkCreate.

Saleor 3.23: create_single_order_line, make_order_line_calculations, create_single_fulfillment.
"""

import uuid
from decimal import Decimal
from typing import Final

from saleor_amazon_app.sandbox.saleor.bulk_rows import (
    Call,
    Input,
    Row,
    find,
    is_too_late,
    store_metadata,
)
from saleor_amazon_app.sandbox.saleor.model import (
    Fulfillment,
    FulfillmentLine,
    Line,
    Order,
    TaxClass,
    Taxed,
    Variant,
)
from saleor_amazon_app.sandbox.saleor.money import ZERO, divided, quantized

_VARIANT_KEYS: Final = {
    "variant_id": "id",
    "variant_external_reference": "external_reference",
    "variant_sku": "sku",
}


def taxed(told: Input) -> Taxed:
    return Taxed(net=told["net"], gross=told["gross"])


def add_lines(call: Call, row: Row, order: Order, told: list[Input]) -> None:
    """Add the lines; one that cannot be made is critical."""
    for index, line_input in enumerate(told):
        path = f"lines.{index}"
        variant = find(call, row, line_input, "ProductVariant", _VARIANT_KEYS, path)
        if variant is None and not line_input.get("product_name"):
            text = "Order line input must contain product name when no variant provided."
            row.fault(text, path, "REQUIRED", critical=True)
            continue
        warehouse = find(call, row, line_input, "Warehouse", {"warehouse": "id"}, path)
        if warehouse is None:
            row.critical = True
            continue
        # Without taxClassId this always ends in an error: a key that is absent counts as unknown.
        tax_class = find(call, row, line_input, "TaxClass", {"tax_class_id": "id"}, path)
        if not _prices_hold(row, line_input, path):
            row.critical = True
            continue
        line = _line(call, order, line_input, variant, tax_class)
        _check_unit_discount(row, line, path)
        if is_too_late(line.created_at):
            text = "Order line input contains future date."
            row.fault(text, f"{path}.created_at", "FUTURE_DATE")
        store_metadata(row, line_input, line, f"{path}.")
        row.lines.append((line, warehouse.id))


def _prices_hold(row: Row, told: Input, path: str) -> bool:
    total, before = taxed(told["total_price"]), taxed(told["undiscounted_total_price"])
    if told["quantity"] < 1:
        text = "Invalid quantity. Must be integer greater then or equal to 1."
        row.fault(text, f"{path}.quantity", "INVALID_QUANTITY", critical=True)
    too_much = "Net price can't be greater then gross price."
    for price, name in ((total, "total_price"), (before, "undiscounted_total_price")):
        if price.gross < price.net:
            row.fault(too_much, f"{path}.{name}", "PRICE_ERROR", critical=True)
    if before.gross < total.gross or before.net < total.net:
        text = "Total price can't be greater then undiscounted total price."
        row.fault(text, f"{path}.undiscounted_total_price", "PRICE_ERROR", critical=True)
    # Once a row is critical, all its further lines fail too, without an error of their own.
    return not row.critical


def _line(
    call: Call, order: Order, told: Input, variant: Variant | None, tax_class: TaxClass | None
) -> Line:
    quantity, total = told["quantity"], taxed(told["total_price"])
    before = taxed(told["undiscounted_total_price"])
    unit = divided(total, quantity, order.currency)
    unit_before = divided(before, quantity, order.currency)
    product = call.state.shop.products[variant.product_id] if variant else None
    return Line(
        id=str(uuid.uuid4()),
        order_id=order.id,
        product_name=told.get("product_name") or (product.name if product else ""),
        variant_name=told.get("variant_name") or (variant.name if variant else ""),
        translated_product_name=told.get("translated_product_name") or "",
        translated_variant_name=told.get("translated_variant_name") or "",
        product_sku=told.get("product_sku"),
        variant_id=variant.id if variant else None,
        is_shipping_required=told["is_shipping_required"],
        is_gift_card=told["is_gift_card"],
        created_at=told["created_at"],
        currency=order.currency,
        quantity=quantity,
        unit_price=unit,
        undiscounted_unit_price=unit_before,
        total_price=total,
        undiscounted_total_price=before,
        unit_discount=unit_before.net - unit.net,
        unit_discount_reason=told.get("unit_discount_reason"),
        unit_discount_value=told.get("unit_discount_value") or ZERO,
        unit_discount_type=told.get("unit_discount_type"),
        tax_rate=_tax_rate(told, total),
        tax_class_id=tax_class.id if tax_class else None,
        tax_class_name=told.get("tax_class_name"),
    )


def _tax_rate(told: Input, total: Taxed) -> Decimal | None:
    given: Decimal | None = told.get("tax_rate")
    if given is None and total.net > 0:
        return total.gross / total.net - 1
    return given


def _check_unit_discount(row: Row, line: Line, path: str) -> None:
    """A discount's value and type, where both are given, must explain the net unit price."""
    value, before = line.unit_discount_value, line.undiscounted_unit_price.net
    if not value or not line.unit_discount_type:
        return
    if line.unit_discount_type == "PERCENTAGE":
        value = before * value / 100
    after = quantized(max(before - value, ZERO), line.currency)
    if after != line.unit_price.net:
        text = "Provided discount value doesn't match with provided line amounts."
        row.fault(text, f"{path}.unit_discount_value", "PRICE_ERROR")


def add_fulfillments(call: Call, row: Row, order: Order, told: list[Input]) -> None:
    """Add the fulfilments, each at once FULFILLED; one that cannot be made is critical."""
    for index, fulfillment_input in enumerate(told):
        fulfillment = Fulfillment(
            id=call.state.next_id(),
            order_id=order.id,
            fulfillment_order=len(order.fulfillments) + 1,
            status="FULFILLED",
            tracking_number=fulfillment_input.get("tracking_code") or "",
        )
        for number, line_input in enumerate(fulfillment_input.get("lines") or []):
            path = f"fulfillments.{index}.lines.{number}"
            line = _fulfillment_line(call, row, line_input, path)
            if line is None:
                row.critical = True
                break
            fulfillment.lines.append(line)
        else:
            order.fulfillments.append(fulfillment)
            _count(row, fulfillment)


def _count(row: Row, fulfillment: Fulfillment) -> None:
    for line in fulfillment.lines:
        row.fulfilled.setdefault(line.line_id, []).append(line.quantity)


def _fulfillment_line(call: Call, row: Row, told: Input, path: str) -> FulfillmentLine | None:
    variant = find(call, row, told, "ProductVariant", _VARIANT_KEYS, path)
    warehouse = find(call, row, told, "Warehouse", {"warehouse": "id"}, path)
    if warehouse is None:
        return None
    index = told["order_line_index"]
    if index < 0:
        text = "Order line index can't be negative."
        row.fault(text, f"{path}.order_line_index", "NEGATIVE_INDEX")
        return None
    if index >= len(row.lines):
        text = f"There is no order line with index: {index}."
        row.fault(text, f"{path}.order_line_index", "NO_RELATED_ORDER_LINE")
        return None
    line, line_warehouse = row.lines[index]
    if line_warehouse != warehouse.id:
        text = "Fulfillment line's warehouse is different then order line's warehouse."
        row.fault(text, f"{path}.warehouse", "ORDER_LINE_FULFILLMENT_LINE_MISMATCH")
        return None
    if (variant.id if variant else None) != line.variant_id:
        text = "Fulfillment line's product variant is different then order line's product variant."
        row.fault(text, f"{path}.variant_id", "ORDER_LINE_FULFILLMENT_LINE_MISMATCH")
        return None
    key = call.state.next_id()
    return FulfillmentLine(
        id=key, line_id=line.id, order_id=line.order_id, quantity=told["quantity"]
    )
