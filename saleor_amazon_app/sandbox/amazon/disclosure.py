"""Which parts of an order an answer contains: the data sets asked for, and what the roles allow.

Sources: Orders API 2026-01-01 model (``includedData``) and SP-API page "Access Orders PII".
What a role does not allow is left out without a word.
"""

import copy
from collections.abc import Iterable
from typing import Any, Final

from saleor_amazon_app.sandbox.amazon.state import SHIPPING_ROLE, TAX_ROLES, Seller

Json = dict[str, Any]

_ORDER_PARTS: Final = {
    "buyer": "BUYER",
    "recipient": "RECIPIENT",
    "proceeds": "PROCEEDS",
    "fulfillment": "FULFILLMENT",
    "packages": "PACKAGES",
    "tax": "TAX",
    "payment": "PAYMENT",
    "fulfillmentOrders": "FULFILLMENT_ORDERS",
}
_ITEM_PARTS: Final = {
    "proceeds": "PROCEEDS",
    "expense": "EXPENSE",
    "promotion": "PROMOTION",
    "cancellation": "CANCELLATION",
    "fulfillment": "FULFILLMENT",
    "tax": "TAX",
}
_ADDRESS_PII: Final = (
    *("name", "addressLine1", "addressLine2", "addressLine3"),
    *("postalCode", "phone", "extendedFields"),
)
_MAILABLE: Final = ("UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED")
_TAX_ROLE_IS_NOT_ENOUGH: Final = ("ATVPDKIKX0DER", "A1VC38T7YXB528", "A19VAU5U5O7RUS")
"""US, JP, SG: there the tax roles do not unlock the buyer's name."""


def disclose(order: Json, data_sets: Iterable[str], seller: Seller, now: str) -> Json:
    """Return a copy of an order as this seller's app may see it."""
    shown = copy.deepcopy(order)
    _withhold_packages(shown)
    _withhold_pii(shown, seller, now)
    wanted = frozenset(data_sets)
    _keep(shown, _ORDER_PARTS, wanted)
    for item in shown["orderItems"]:
        _keep(item, _ITEM_PARTS, wanted)
    return shown


def strip_pii(order: Json) -> None:
    """Take personal data out of an order."""
    order.get("buyer", {}).pop("buyerName", None)
    order.get("buyer", {}).pop("buyerEmail", None)
    _strip_address(order)
    _strip_items(order)


def _keep(part: Json, data_sets: dict[str, str], wanted: frozenset[str]) -> None:
    for name, data_set in data_sets.items():
        if data_set not in wanted:
            part.pop(name, None)


def _withhold_packages(order: Json) -> None:
    """Packages are for merchant-fulfilled orders, fulfilment orders for Easy Ship (the model)."""
    if _fulfilled_by(order) != "MERCHANT":
        order.pop("packages", None)
    if "AMAZON_EASY_SHIP" not in order.get("programs", ()):
        order.pop("fulfillmentOrders", None)


def _withhold_pii(order: Json, seller: Seller, now: str) -> None:
    buyer = order.get("buyer", {})
    if not _may_read_email(order, seller):
        buyer.pop("buyerEmail", None)
    if not _may_read_name(order, seller):
        buyer.pop("buyerName", None)
    if SHIPPING_ROLE not in seller.roles:
        _strip_address(order)
        _strip_items(order)
    if _phone_is_past(order, now):
        _address(order).pop("phone", None)


def _may_read_email(order: Json, seller: Seller) -> bool:
    own = _fulfilled_by(order) == "MERCHANT"
    return own and _status(order) in _MAILABLE and SHIPPING_ROLE in seller.roles


def _may_read_name(order: Json, seller: Seller) -> bool:
    marketplace = order["salesChannel"].get("marketplaceId")
    by_tax = bool(seller.roles & TAX_ROLES) and marketplace not in _TAX_ROLE_IS_NOT_ENOUGH
    by_shipping = SHIPPING_ROLE in seller.roles and _fulfilled_by(order) == "MERCHANT"
    return by_tax or by_shipping


def _phone_is_past(order: Json, now: str) -> bool:
    """The model: phone is suppressed for FBA, and for shipped orders past their delivery date."""
    if _fulfilled_by(order) != "MERCHANT":
        return True
    window = order.get("fulfillment", {}).get("deliverByWindow", {})
    latest = window.get("latestDateTime")
    return _status(order) == "SHIPPED" and latest is not None and latest < now


def _strip_address(order: Json) -> None:
    address = _address(order)
    for name in _ADDRESS_PII:
        address.pop(name, None)


def _strip_items(order: Json) -> None:
    for item in order["orderItems"]:
        item.get("product", {}).pop("customization", None)
        packing = item.get("fulfillment", {}).get("packing", {})
        packing.get("giftOption", {}).pop("giftMessage", None)


def _address(order: Json) -> Json:
    address: Json = order.get("recipient", {}).get("deliveryAddress", {})
    return address


def _fulfilled_by(order: Json) -> str | None:
    party: str | None = order.get("fulfillment", {}).get("fulfilledBy")
    return party


def _status(order: Json) -> str | None:
    status: str | None = order.get("fulfillment", {}).get("fulfillmentStatus")
    return status
