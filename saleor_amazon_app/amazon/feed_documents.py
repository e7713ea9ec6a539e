"""The XML documents of the three feeds on orders; invoices go as they are.

Sources: the public copies of Amazon's schemas amzn-envelope, amzn-header, OrderAcknowledgement,
OrderFulfillment and OrderAdjustment in abuzuhri/Amazon-SP-API-CSharp, and the SP-API page "Order
feed type values". No element has a namespace, and the order of elements is the schema's.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from babel.numbers import get_currency_precision
from lxml import etree

from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.messages import (
    Component,
    ComponentType,
    FeedType,
    ItemRefund,
    Message,
    OrderCancellation,
    PackedUnits,
    PromotionShare,
    Refund,
    Shipment,
    UnitsCancellation,
    feed_type,
)
from saleor_amazon_app.mirror.sentences import quote, say

MOST_BYTES: Final = 10 * 1024 * 1024
"""10 MiB, SP-API page "Feeds API best practices"."""
_TYPES: Final = {
    FeedType.ACKNOWLEDGEMENT: "OrderAcknowledgement",
    FeedType.ADJUSTMENT: "OrderAdjustment",
    FeedType.FULFILLMENT: "OrderFulfillment",
}
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_STRING: Final = 50
_PROMOTION_ID: Final = 80
_MOST_TRANSPARENCY_CODES: Final = 10
_MOST_DIGITS: Final = 20
_MOST_FRACTION_DIGITS: Final = 2
_PROMOTION_TYPES: Final = (ComponentType.PRINCIPAL, ComponentType.SHIPPING)
_FORBIDDEN: Final = re.compile(r"[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, once tabs and line ends have become blanks."""

_Node = etree._Element  # noqa: SLF001 - lxml has no public name for the type


class FeedTooLarge(AppFailure):
    """The messages make a document above Amazon's 10 MiB; spread them over several feeds."""


class Unwritable(AppFailure):
    """A message cannot be said in a feed; ``message_id`` names it, 0 the whole document."""

    def __init__(self, message: str, message_id: int = 0) -> None:
        super().__init__(message)
        self.message_id = message_id


def write_feed(
    seller_id: str, feed_type: FeedType, messages: Sequence[tuple[int, Message]]
) -> bytes:
    """Write a feed's document, in UTF-8.

    Texts become one line, without characters that XML forbids, cut to the schema's lengths.
    Amounts are never rounded: what does not fit is ``Unwritable``.

    Args:
        seller_id: The seller's merchant token.
        feed_type: The feed that all messages belong to.
        messages: Each with its MessageID, a positive number that no other has; in their order.

    Raises:
        FeedTooLarge: The document is above 10 MiB.
        Unwritable: A message breaks the schema or belongs to another feed.
    """
    _check_numbers([number for number, _ in messages])
    root = _envelope(seller_id, _TYPES[feed_type])
    for number, message in messages:
        _add_message(root, feed_type, number, message)
    document = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    if len(document) > MOST_BYTES:
        raise FeedTooLarge(say("amazon.feed_too_large", messages=len(messages)))
    return document


def _check_numbers(numbers: list[int]) -> None:
    if not numbers:
        raise Unwritable("A feed needs a message.")
    if len(set(numbers)) != len(numbers) or min(numbers) < 1:
        raise Unwritable("The messages of a feed need numbers of their own.")


def _envelope(seller_id: str, message_type: str) -> _Node:
    root = etree.Element("AmazonEnvelope", nsmap={"xsi": _XSI})
    root.set(f"{{{_XSI}}}noNamespaceSchemaLocation", "amzn-envelope.xsd")
    header = etree.SubElement(root, "Header")
    _text(header, "DocumentVersion", "1.01")
    _text(header, "MerchantIdentifier", seller_id)
    _text(root, "MessageType", message_type)
    return root


def _add_message(root: _Node, kind: FeedType, number: int, message: Message) -> None:
    if feed_type(message) is not kind:
        raise Unwritable(f"Message {number} belongs to another feed.", number)
    node = etree.SubElement(root, "Message")
    _text(node, "MessageID", str(number))
    try:
        _write_body(etree.SubElement(node, _TYPES[kind]), message)
    except ValueError as error:
        told = quote(error.args[0]) if error.args else quote(str(error))
        raise Unwritable(say("amazon.unwritable", error=told), number) from None


def _write_body(body: _Node, message: Message) -> None:
    _text(body, "AmazonOrderID", message.order_id)
    match message:
        case Shipment():
            _shipment(body, message)
        case OrderCancellation():
            _order_cancellation(body, message)
        case UnitsCancellation():
            _units_cancellation(body, message)
        case Refund():
            _refund(body, message)


def _shipment(body: _Node, message: Shipment) -> None:
    _text(body, "MerchantFulfillmentID", message.reference)
    _text(body, "FulfillmentDate", _time(message.shipped_at))
    data = etree.SubElement(body, "FulfillmentData")
    _text(data, "CarrierCode", message.carrier_code)
    if message.carrier_code == "Other":
        _optional(data, "CarrierName", message.carrier_name)
    _optional(data, "ShippingMethod", message.shipping_method)
    _optional(data, "ShipperTrackingNumber", message.tracking_number)
    if message.cash_on_delivery:
        _text(body, "CODCollectionMethod", "DirectPayment")
    for units in message.units:
        _packed(etree.SubElement(body, "Item"), units)


def _packed(item: _Node, units: PackedUnits) -> None:
    if len(units.transparency_codes) > _MOST_TRANSPARENCY_CODES:
        raise ValueError(say("amazon.transparency_codes"))
    _text(item, "AmazonOrderItemCode", units.item_id)
    _text(item, "Quantity", str(units.quantity))
    for code in units.transparency_codes:
        _text(item, "TransparencyCode", code, None)


def _order_cancellation(body: _Node, message: OrderCancellation) -> None:
    """``Failure`` ends the whole order; every item gives the reason."""
    _text(body, "StatusCode", "Failure")
    for item_id in message.item_ids:
        item = etree.SubElement(body, "Item")
        _text(item, "AmazonOrderItemCode", item_id)
        _text(item, "CancelReason", message.reason.value)


def _units_cancellation(body: _Node, message: UnitsCancellation) -> None:
    _text(body, "ActionType", "Cancel")
    for units in message.units:
        item = etree.SubElement(body, "AdjustedItem")
        _text(item, "AmazonOrderItemCode", units.item_id)
        _text(item, "AdjustmentReason", message.reason.value)
        _text(item, "QuantityCancelled", str(units.quantity))


def _refund(body: _Node, message: Refund) -> None:
    _text(body, "ActionType", "Refund")
    for told in message.items:
        _adjusted(etree.SubElement(body, "AdjustedItem"), told, message)


def _adjusted(item: _Node, told: ItemRefund, message: Refund) -> None:
    """Write an item's refund.

    Each ``Component`` has a wrapper of its own (abuzuhri/Amazon-SP-API-CSharp#268, #582), and
    amounts are for all units together (Seller Central help G200387280).
    """
    _text(item, "AmazonOrderItemCode", told.item_id)
    _optional(item, "MerchantAdjustmentItemID", message.reference)
    _text(item, "AdjustmentReason", told.reason.value)
    if told.components:
        prices = etree.SubElement(item, "ItemPriceAdjustments")
        _components(prices, told.components, message.currency)
    for share in told.promotions:
        _promotion(item, share, message.currency)
    if told.quantity:
        _text(item, "Quantity", str(told.quantity))


def _promotion(item: _Node, share: PromotionShare, currency: str) -> None:
    """Write a promotion's part; its claim code is left out, as orders do not tell it."""
    if any(part.type not in _PROMOTION_TYPES for part in share.components):
        raise ValueError(say("amazon.promotion_parts"))
    if not share.components:
        return
    node = etree.SubElement(item, "PromotionAdjustments")
    _optional(node, "MerchantPromotionID", share.promotion_id, _PROMOTION_ID)
    _components(node, share.components, currency)


def _components(parent: _Node, components: Iterable[Component], currency: str) -> None:
    for told in components:
        node = etree.SubElement(parent, "Component")
        _text(node, "Type", told.type.value)
        _text(node, "Amount", amount_text(told.amount, currency)).set("currency", currency)


def amount_text(amount: Decimal, currency: str) -> str:
    """Write an amount with the currency's own fraction digits, of which the schema takes two.

    Raises:
        ValueError: The amount is finer than that, or longer than 20 digits.
    """
    digits = min(get_currency_precision(currency), _MOST_FRACTION_DIGITS)
    if amount.adjusted() + 1 + digits > _MOST_DIGITS:
        raise ValueError(say("amazon.too_many_digits"))
    exact = amount.quantize(Decimal(1).scaleb(-digits))
    if exact != amount:
        raise ValueError(say("amazon.amount_too_fine", currency=currency))
    # A zero loses its sign here.
    return format(exact + 0, "f")


def _time(moment: datetime) -> str:
    """Write a time with ``T`` (abuzuhri/Amazon-SP-API-CSharp#199) and an offset."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _optional(parent: _Node, name: str, text: str, longest: int = _STRING) -> None:
    if line := _line(text, longest):
        _text(parent, name, line, longest)


def _text(parent: _Node, name: str, text: str, longest: int | None = _STRING) -> _Node:
    node = etree.SubElement(parent, name)
    node.text = _line(text, longest)
    return node


def _line(text: str, longest: int | None) -> str:
    """Return a single line that XML can hold and the schema takes."""
    return _FORBIDDEN.sub("", " ".join(text.split()))[:longest].strip()
