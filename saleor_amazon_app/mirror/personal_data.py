"""How long an order's personal data is kept, and what is left of the order afterwards.

Amazon's Data Protection Policy lets personal data be kept for 30 days after delivery. What is left
is named field by field, so that whatever Amazon adds to its orders one day goes as well.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.cancelling import CANCELLED
from saleor_amazon_app.mirror.messages import BuyerMessage, Message

KEPT_FOR: Final = timedelta(days=30)
"""After an order is over its personal data is kept so long."""
AT_MOST: Final = timedelta(days=60)
"""The same where somebody may still need it, and Amazon does not say that all is delivered."""
MESSAGES_KEPT: Final = timedelta(days=2)
"""A message to the buyer is sent within a day or not at all; until then its text is needed."""

_OPEN: Final = ("PENDING_AVAILABILITY", "PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED")
_CODE: Final = re.compile(r"[A-Za-z]+(_[A-Za-z]+)*")


@dataclass(frozen=True)
class End:
    """When an order is over, as far as Amazon tells."""

    at: datetime
    is_delivered: bool = False


def end_of(order: AmazonOrder, known: datetime | None = None) -> End:
    """Return when an order is over; of two possible moments always the earlier.

    Amazon tells that parcels are delivered and orders cancelled, but not when: it cannot have been
    after the order's last update, nor is it taken to have been after the latest delivery date. What
    was shipped without a promise (by Amazon) counts from its purchase.

    Args:
        order: As Amazon tells it.
        known: The end by what was told before. Later updates of an order that is shipped or
            cancelled never put it off.
    """
    promised = order.deliver_by or order.ship_by
    is_delivered = _is_delivered(order)
    if is_delivered or order.status == CANCELLED:
        at = min(order.last_updated_time, promised or order.last_updated_time)
    else:
        at = promised or _without_a_promise(order)
    return End(min(at, known) if known and order.status not in _OPEN else at, is_delivered)


def _is_delivered(order: AmazonOrder) -> bool:
    told = [package.package_status for package in order.packages]
    all_there = all(status is not None and status.status == "DELIVERED" for status in told)
    return order.status == "SHIPPED" and bool(told) and all_there


def _without_a_promise(order: AmazonOrder) -> datetime:
    return order.last_updated_time if order.status in _OPEN else order.created_time


def due_at(end: End, *, is_needed: bool, messaged_at: datetime | None = None) -> datetime:
    """Return when an order's personal data is to be deleted.

    Args:
        end: The end of the order.
        is_needed: Something of it is still to be done, or waits for a person.
        messaged_at: When somebody last wrote to the buyer through the app.
    """
    kept = AT_MOST if is_needed and not end.is_delivered else KEPT_FOR
    due = end.at + kept
    return max(due, messaged_at + MESSAGES_KEPT) if messaged_at else due


# --- what is left ---------------------------------------------------------------------------------

Keeping = bool | Callable[[object], bool] | Mapping[str, "Keeping"]
"""What is kept of a field: all, what passes a test, or its fields by name."""


def is_code(value: object) -> bool:
    """Tell a reason that is a code from a buyer's own words, which may be personal."""
    return isinstance(value, str) and len(value) <= 60 and bool(_CODE.fullmatch(value))  # noqa: PLR2004


LEFT_OF_ITEM: Final[Mapping[str, Keeping]] = {
    "orderItemId": True,
    "quantityOrdered": True,
    "measurement": True,
    "associatedOrderItems": True,
    "programs": True,
    "product": {
        "asin": True,
        "title": True,
        "sellerSku": True,
        "condition": True,
        "price": True,
    },
    "proceeds": True,
    "expense": True,
    "promotion": True,
    "cancellation": {
        "cancellationRequest": {"requester": True, "cancelReason": is_code},
        "cancellationExecution": {"cancelledBy": True, "cancelReason": is_code},
    },
    "fulfillment": {
        "quantityFulfilled": True,
        "quantityUnfulfilled": True,
        "packing": {"giftOption": {"giftWrapLevel": True}, "serialNumberRequirement": True},
        "shipping": True,
    },
    "tax": True,
}
LEFT_OF_ORDER: Final[Mapping[str, Keeping]] = {
    "orderId": True,
    "orderAliases": True,
    "createdTime": True,
    "lastUpdatedTime": True,
    "programs": True,
    "associatedOrders": True,
    "salesChannel": True,
    "recipient": {"deliveryAddress": {"countryCode": True, "addressType": True}},
    "proceeds": True,
    "payment": {"paymentExecutions": {"paymentMethod": True, "paymentAmount": True}},
    "tax": {"taxInvoicing": True},
    "fulfillment": True,
    "orderItems": LEFT_OF_ITEM,
    "packages": {
        "packageReferenceId": True,
        "createdTime": True,
        "packageStatus": True,
        "carrier": True,
        "shipTime": True,
        "shippingService": True,
        "trackingNumber": True,
        "packageItems": True,
    },
    "fulfillmentOrders": True,
}
"""Fields of Amazon's model ``orders_2026-01-01`` that say nothing of the buyer but the country."""


def without_personal_data(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is left of an order's payload; lists and fields keep their places."""
    left: dict[str, Any] = _left(payload, LEFT_OF_ORDER)
    return left


def _left(value: Any, keeping: Mapping[str, Keeping]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [_left(each, keeping) for each in value]
    if not isinstance(value, Mapping):
        return None if value is None else {}
    kept = ((name, part, keeping.get(name, False)) for name, part in value.items())
    return {
        name: part if not isinstance(how, Mapping) else _left(part, how)
        for name, part, how in kept
        if (how(part) if callable(how) else how)
    }


def holds_personal_data(message: Message | None) -> bool:
    """Tell whether a message to Amazon holds more than numbers, amounts and reasons."""
    return isinstance(message, BuyerMessage)
