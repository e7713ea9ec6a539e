"""What the Saleor order and its lines remember of Amazon, as private metadata.

Private, because public metadata can be read by anyone who has the order's id. The keys are the
contract with the rest of the app and with the merchant's own automation: never rename one.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

import simplejson

from saleor_amazon_app.mirror.amazon_order import AmazonOrder, OrderItem
from saleor_amazon_app.mirror.reckoning import ItemSums, OrderSums

ORDER_ID: Final = "amazon.orderId"
STATUS: Final = "amazon.status"
FULFILLED_BY: Final = "amazon.fulfilledBy"
RESERVATION: Final = "amazon.reservation"
"""The number of the order's fulfilment that only serves to reserve stock and is to be cancelled."""
RESERVATION_WAREHOUSE: Final = "amazon.reservationWarehouse"
"""Where it holds the stock; Saleor names no warehouse on fulfilments of imported orders."""
IMPORTED_FULFILLMENTS: Final = "amazon.importedFulfillments"
"""How many fulfilments the order was imported with, that of the reservation among them."""
ORDER_ITEM_ID: Final = "amazon.orderItemId"
SHIP_BY: Final = "amazon.shipBy"
CANCEL_REASON: Final = "amazon.cancelReason"
"""Written by the merchant's automation: why the order is cancelled (one of Amazon's codes)."""
CANCEL_REQUESTED: Final = "amazon.cancelRequested"
"""The buyer asks to cancel; the value is the reason, ``yes`` or ``withdrawn``."""
WISH_WITHDRAWN: Final = "withdrawn"

CARRIER: Final = "amazon.carrierCode"
"""On a fulfilment, by the merchant: the carrier's name or Amazon's code for it."""
SHIPPING_METHOD: Final = "amazon.shippingMethod"
TRANSPARENCY_CODES: Final = "amazon.transparencyCodes"
"""On a fulfilment: ``item id:code``, or codes alone where it has one item; commas between."""
PACKAGE: Final = "amazon.package"
"""On a fulfilment: Amazon's reference of the package that it stands for."""
FOLLOWED: Final = "amazon.tracking"
"""On a fulfilment: the tracking number that was last taken over from Amazon."""

MetadataInput = list[dict[str, str]]


def order_facts(order: AmazonOrder, sums: OrderSums, *, seller_id: str) -> dict[str, str]:
    """Return the order's facts; what Amazon does not tell is left out."""
    window = order.fulfillment.ship_by_window if order.fulfillment else None
    told = {
        ORDER_ID: order.order_id,
        "amazon.sellerId": seller_id,
        "amazon.marketplaceId": order.marketplace_id,
        "amazon.marketplace": order.sales_channel.marketplace_name,
        STATUS: order.status,
        FULFILLED_BY: order.fulfilled_by,
        "amazon.serviceLevel": order.fulfillment and order.fulfillment.fulfillment_service_level,
        "amazon.programs": ",".join(order.programs),
        "amazon.purchasedAt": moment(order.created_time),
        "amazon.shipFrom": moment(window.earliest_date_time if window else None),
        SHIP_BY: moment(order.ship_by),
        "amazon.deliverBy": moment(order.deliver_by),
        "amazon.purchaseOrderNumber": order.buyer and order.buyer.buyer_purchase_order_number,
        "amazon.sellerOrderId": _seller_order_id(order),
        "amazon.replacementOf": order.replaces,
        "amazon.total": str(sums.total),
        "amazon.taxReading": _tax_readings(sums),
        "amazon.taxRegistrations": ",".join(_business_registrations(order)),
        "amazon.iossNumbers": ",".join(sorted(_ioss_numbers(order))),
    }
    return {key: str(value) for key, value in told.items() if value}


def line_facts(item: OrderItem, sums: ItemSums) -> dict[str, str]:
    """Return an order line's facts: its identity at Amazon and its money by category."""
    condition, gift = item.product.condition, item.gift
    told = {
        ORDER_ITEM_ID: item.order_item_id,
        "amazon.sellerSku": item.product.seller_sku,
        "amazon.asin": item.product.asin,
        "amazon.condition": condition and condition.condition_type,
        "amazon.programs": ",".join(item.programs),
        "amazon.giftWrap": gift and gift.gift_wrap_level,
        "amazon.giftMessage": gift and gift.gift_message,
        "amazon.taxReading": sums.tax_reading,
        "amazon.taxCollectedBy": ",".join(_tax_collectors(item)),
        "amazon.withheldTax": str(sums.withheld_tax) if sums.withheld_tax else None,
        "amazon.money": _money(sums),
    }
    return {key: str(value) for key, value in told.items() if value}


def as_metadata(facts: Mapping[str, str]) -> MetadataInput:
    return [{"key": key, "value": value} for key, value in facts.items()]


def moment(value: datetime | None) -> str | None:
    """Write a moment the way Amazon does: ``2026-11-23T10:00:00Z``."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def _seller_order_id(order: AmazonOrder) -> str | None:
    ids = [a.alias_id for a in order.order_aliases if a.alias_type == "SELLER_ORDER_ID"]
    return ids[0] if ids else None


def _tax_readings(sums: OrderSums) -> str:
    return ",".join(sorted({item.tax_reading for item in sums.items}))


def _business_registrations(order: AmazonOrder) -> Iterator[str]:
    """Yield a business buyer's tax numbers; a private person's (CPF, CST) stay out of Saleor."""
    for registration in order.tax.tax_registrations if order.tax else ():
        business = registration.tax_registration_type in ("BUSINESS", "VAT", "CNPJ")
        if registration.entity_type == "BUYER" and business:
            yield f"{registration.tax_registration_type}:{registration.tax_registration_number}"


def _ioss_numbers(order: AmazonOrder) -> set[str]:
    shippings = (item.fulfillment and item.fulfillment.shipping for item in order.order_items)
    abroad = (shipping.international_shipping for shipping in shippings if shipping)
    return {a.ioss_number for a in abroad if a and a.ioss_number}


def _tax_collectors(item: OrderItem) -> Iterator[str]:
    for collection in item.tax.tax_collections if item.tax else ():
        yield f"{collection.model}:{collection.responsible_party or ''}".rstrip(":")


def _money(sums: ItemSums) -> str:
    """Write an item's charges as ``{"ITEM": {"net": "8.00", "gross": "9.60"}, ...}``."""
    told = {
        part: {"net": str(charge.total.net), "gross": str(charge.total.gross)}
        for part, charge in sums.charges.items()
        if charge.undiscounted.gross
    }
    return simplejson.dumps(told) if told else ""
