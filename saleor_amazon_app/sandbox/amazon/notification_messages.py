"""Notifications in Amazon's published shapes: its models' folder schemas/notifications."""

import uuid
from decimal import Decimal
from typing import Any, Final

from saleor_amazon_app.sandbox.amazon.order_facts import (
    fulfilled,
    is_own,
    marketplace,
    ordered,
    status,
    unfulfilled,
)
from saleor_amazon_app.sandbox.amazon.records import Feed, Transaction

Json = dict[str, Any]

VERSIONS: Final = {
    "ORDER_CHANGE": "1.0",
    "FEED_PROCESSING_FINISHED": "2020-09-04",
    "TRANSACTION_UPDATE": "1.0",
}
_APPLICATION: Final = "amzn1.sp.solution.sandbox"
_STATUSES: Final = {
    "PENDING_AVAILABILITY": "PendingAvailability",
    "PENDING": "Pending",
    "UNSHIPPED": "Unshipped",
    "PARTIALLY_SHIPPED": "PartiallyShipped",
    "SHIPPED": "Shipped",
    "CANCELLED": "Canceled",
    "UNFULFILLABLE": "Unfulfillable",
}
"""Orders API 2026-01-01 and its elder, whose spellings the notifications kept."""
_REASONS: Final = {
    "BuyerRequestedChange": "Buyer Requested Cancel",
    "OrderStatusChange": "Order Status Change",
}
"""The first is the schema's example; the schema lists none."""


def order_change(order: Json, seller_id: str, change: str) -> Json:
    """Return what is told of an order that changed."""
    return {
        "OrderChangeNotification": {
            "NotificationLevel": "OrderLevel",
            "SellerId": seller_id,
            "AmazonOrderId": order["orderId"],
            "OrderChangeType": change,
            "OrderChangeTrigger": {
                "TimeOfOrderChange": order["lastUpdatedTime"],
                "ChangeReason": _REASONS[change],
            },
            "Summary": _summary(order),
        }
    }


def feed_finished(feed: Feed) -> Json:
    told = {
        "sellerId": feed.seller_id,
        "accountId": f"amzn1.merchant.o.{feed.seller_id}",
        "feedId": feed.feed_id,
        "feedType": feed.feed_type,
        "processingStatus": feed.status,
        "resultFeedDocumentId": feed.report_id,
    }
    known = {name: value for name, value in told.items() if value is not None}
    return {"feedProcessingFinishedNotification": known}


def transaction_update(transaction: Transaction) -> Json:
    body = transaction.body
    total = body["totalAmount"]
    return {
        "TransactionUpdateNotification": {
            "SellingPartnerMetadata": {
                "SellingPartnerId": transaction.seller_id,
                "MarketplaceId": transaction.marketplace_id,
                "AccountType": "PAYABLE",
            },
            "RelatedIdentifiers": [
                {"RelatedIdentifierName": "OrderId", "RelatedIdentifierValue": transaction.order_id}
            ],
            "TransactionType": body["transactionType"],
            "PostedDate": transaction.posted,
            "TotalAmount": {
                "CurrencyAmount": float(Decimal(total["currencyAmount"])),
                "CurrencyCode": total["currencyCode"],
            },
        }
    }


def envelope(kind: str, version: str, payload: Json, subscription_id: str, now: str) -> Json:
    """Wrap a payload; feeds are told of in camelCase, everything else here in PascalCase."""
    told = {
        "NotificationVersion": version,
        "NotificationType": kind,
        "PayloadVersion": version,
        "EventTime": now,
        "Payload": payload,
        "NotificationMetadata": {
            "ApplicationId": _APPLICATION,
            "SubscriptionId": subscription_id,
            "PublishTime": now,
            "NotificationId": str(uuid.uuid4()),
        },
    }
    return _camel(told) if kind == "FEED_PROCESSING_FINISHED" else told


def _camel(told: Json) -> Json:
    return {
        name[0].lower() + name[1:]: _camel(value)
        if name in ("Payload", "NotificationMetadata")
        else value
        for name, value in told.items()
    }


def _summary(order: Json) -> Json:
    items = [_item(item) for item in order["orderItems"]]
    states = [_item_status(item) for item in order["orderItems"]]
    if len(set(states)) > 1:
        items = [told | {"OrderItemStatus": s} for told, s in zip(items, states, strict=True)]
    shipped = sum(item["QuantityShipped"] for item in items)
    return {
        "MarketplaceId": marketplace(order),
        "OrderStatus": _STATUSES[status(order)],
        "PurchaseDate": order["createdTime"],
        "DestinationPostalCode": _postal_code(order),
        "FulfillmentType": "MFN" if is_own(order) else "AFN",
        "OrderType": "StandardOrder",
        "NumberOfItemsShipped": shipped,
        "NumberOfItemsUnshipped": sum(unfulfilled(item) for item in order["orderItems"]),
        "OrderPrograms": [],
        "ShippingPrograms": [],
        "OrderItems": items,
    }


def _item_status(item: Json) -> str:
    """Return an item's state, which is told only where it differs from the others' (the schema)."""
    return "Shipped" if fulfilled(item) and not unfulfilled(item) else "Unshipped"


def _item(item: Json) -> Json:
    return {
        "OrderItemId": item["orderItemId"],
        "SellerSKU": item.get("product", {}).get("sellerSku", ""),
        "SupplySourceId": None,
        "Quantity": ordered(item),
        "QuantityShipped": fulfilled(item),
        "IsBuyerRequestedCancel": asked_to_cancel(item),
    }


def asked_to_cancel(item: Json) -> bool:
    request = item.get("cancellation", {}).get("cancellationRequest", {})
    return bool(request.get("requester") == "BUYER")


def _postal_code(order: Json) -> str | None:
    code: str | None = order.get("recipient", {}).get("deliveryAddress", {}).get("postalCode")
    return code
