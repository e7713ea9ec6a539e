"""Reads the notifications that Amazon puts into a queue.

They are PascalCase or camelCase, by type, and come bare (SQS) or as the ``detail`` of an event of
EventBridge. Types and fields are open sets; only what leads to something to look at is read, and
nothing that is personal. Source: amzn/selling-partner-api-models, schemas/notifications.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import simplejson

from saleor_amazon_app.amazon.errors import IllegibleNotification
from saleor_amazon_app.amazon.notifications import NotificationType
from saleor_amazon_app.amazon.reading import moment
from saleor_amazon_app.mirror.sentences import say

_LONGEST_ID: Final = 128
_LONGEST_NAME: Final = 64

Json = dict[str, Any]


@dataclass(frozen=True)
class OrderChanged:
    """An order changed, or is new."""

    order_id: str
    marketplace_id: str


@dataclass(frozen=True)
class FeedFinished:
    """A feed came to its end, whichever that was."""

    feed_id: str


@dataclass(frozen=True)
class TransactionPosted:
    """Money moved in the seller's account. ``order_id`` is empty if Amazon names no order."""

    kind: str
    marketplace_id: str
    order_id: str

    @property
    def is_refund(self) -> bool:
        """The same rule as for listed transactions (``amazon.finances``)."""
        return self.kind.strip().lower().startswith("refund")


@dataclass(frozen=True)
class Notification:
    """A notification: which one, of what type, about which seller; never the payload itself.

    ``about`` is None for a type that the app does nothing with.
    """

    notification_id: str
    type: str
    seller_id: str
    published_at: datetime | None
    about: OrderChanged | FeedFinished | TransactionPosted | None

    @property
    def subject(self) -> str:
        """Name what it is about, for lists: the number of an order or of a feed."""
        match self.about:
            case OrderChanged(order_id) | TransactionPosted(_, _, order_id):
                return order_id
            case FeedFinished(feed_id):
                return feed_id
        return ""


def read_notification(body: str) -> Notification:
    """Read a message of the queue.

    Raises:
        IllegibleNotification: It is no notification, or lacks what says where to look.
    """
    told = _envelope(body)
    kind = _text(told, "NotificationType")
    if not kind:
        raise IllegibleNotification(say("queue.no_notification"))
    metadata = _object(told, "NotificationMetadata")
    identity = _text(metadata, "NotificationId") or digest_of(body)
    seller, about = _about(kind, _object(told, "Payload"))
    return Notification(
        identity[:_LONGEST_ID],
        kind[:_LONGEST_NAME],
        seller[:_LONGEST_NAME],
        moment(_text(metadata, "PublishTime")),
        about,
    )


def digest_of(body: str) -> str:
    """Name a message that has no id of its own."""
    return hashlib.sha256(body.encode(errors="surrogatepass")).hexdigest()


def _envelope(body: str) -> Json:
    try:
        told = simplejson.loads(body, use_decimal=True)
    except (ValueError, RecursionError):
        raise IllegibleNotification(say("queue.not_json")) from None
    if not isinstance(told, dict):
        raise IllegibleNotification(say("queue.no_notification"))
    return _object(told, "Detail") or told


def _about(
    kind: str, payload: Json
) -> tuple[str, OrderChanged | FeedFinished | TransactionPosted | None]:
    """Return the seller, and what a notification is about."""
    match kind:
        case NotificationType.ORDER_CHANGE:
            return _order(_object(payload, "OrderChangeNotification"))
        case NotificationType.FEED_PROCESSING_FINISHED:
            return _feed(_object(payload, "FeedProcessingFinishedNotification"))
        case NotificationType.TRANSACTION_UPDATE:
            return _transaction(_object(payload, "TransactionUpdateNotification"))
    return "", None


def _order(told: Json) -> tuple[str, OrderChanged]:
    marketplace = _needed(_object(told, "Summary"), "MarketplaceId")
    changed = OrderChanged(_needed(told, "AmazonOrderId"), marketplace)
    return _needed(told, "SellerId"), changed


def _feed(told: Json) -> tuple[str, FeedFinished]:
    """A vendor's feed has no seller, and leads to nobody."""
    return _text(told, "SellerId"), FeedFinished(_needed(told, "FeedId"))


def _transaction(told: Json) -> tuple[str, TransactionPosted]:
    seller = _object(told, "SellingPartnerMetadata")
    posted = TransactionPosted(
        _text(told, "TransactionType")[:_LONGEST_NAME],
        _needed(seller, "MarketplaceId"),
        _order_of(_field(told, "RelatedIdentifiers")),
    )
    return _needed(seller, "SellingPartnerId"), posted


def _order_of(identifiers: object) -> str:
    """Return the order's number: ``OrderId`` in the example, ``ORDER_ID`` in listTransactions."""
    for each in identifiers if isinstance(identifiers, list) else ():
        name = _text(each, "RelatedIdentifierName") if isinstance(each, dict) else ""
        if name.replace("_", "").casefold() == "orderid":
            return _text(each, "RelatedIdentifierValue")[:_LONGEST_NAME]
    return ""


def _needed(told: Json, name: str) -> str:
    if not (value := _text(told, name)) or len(value) > _LONGEST_NAME:
        raise IllegibleNotification(say("queue.lacks", name=name), code=name)
    return value


def _field(told: Json, name: str) -> object:
    """Return a field whatever its case."""
    wanted = name.casefold()
    return next((value for key, value in told.items() if key.casefold() == wanted), None)


def _object(told: Json, name: str) -> Json:
    value = _field(told, name)
    return value if isinstance(value, dict) else {}


def _text(told: Json, name: str) -> str:
    """Return a text; one with control characters is none, and no database would take it."""
    value = _field(told, name)
    return value if isinstance(value, str) and value.isprintable() else ""
