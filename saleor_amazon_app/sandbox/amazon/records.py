"""What the simulated Amazon keeps beside orders: feeds, their documents, parcels and money."""

import base64
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class FeedDelay:
    """How long a feed waits and how long it is worked on, in simulated seconds."""

    queue_seconds: float = 5.0
    work_seconds: float = 10.0


@dataclass
class FeedDocument:
    """A document to be processed, or a processing report. ``content`` is in base64."""

    seller_id: str
    document_id: str
    content_type: str
    content: str | None = None
    compressed: bool = False

    def keep(self, data: bytes) -> None:
        self.content = base64.b64encode(data).decode()

    @property
    def data(self) -> bytes:
        return base64.b64decode(self.content or "")


@dataclass
class BuyerMessage:
    """A message that a buyer was sent through the Messaging API."""

    order_id: str
    seller_id: str
    kind: str
    text: str
    at: str


@dataclass
class UploadedInvoice:
    """An invoice that Amazon has taken. The amounts are as they were told, if they were."""

    order_id: str
    seller_id: str
    feed_id: str
    number: str
    total: str | None
    vat: str | None
    size: int
    at: str


@dataclass
class Feed:
    """A feed. ``begins`` and ``ends`` are planned, ``started`` and ``ended`` came true.

    ``ends`` is None while a feed hangs without an end in sight.
    """

    seller_id: str
    feed_id: str
    feed_type: str
    marketplace_ids: list[str]
    document_id: str
    created: str
    begins: str
    ends: str | None
    options: Json = field(default_factory=dict)
    status: str = "IN_QUEUE"
    started: str | None = None
    ended: str | None = None
    report_id: str | None = None
    delayed: bool = False
    messages: list[Json] = field(default_factory=list)
    """What became of each message."""


@dataclass
class Shipment:
    """A parcel that Amazon was told of; ``count`` is how often, under this reference."""

    seller_id: str
    order_id: str
    at: str
    source: str
    """confirmShipment, feed or seller_central"""
    reference: str
    carrier: str
    tracking: str
    items: list[Json]
    count: int = 1


@dataclass
class Refund:
    """Money that went back to a buyer. Amounts are positive, as texts.

    ``total`` is ``sum``, which the seller gave, and ``tax_by_amazon``, which Amazon added.
    """

    refund_id: str
    seller_id: str
    order_id: str
    at: str
    source: str
    """feed, seller_central, amazon, or double: a whole order's money for its cancelling"""
    currency: str
    items: list[Json]
    sum: str
    tax_by_amazon: str
    total: str


@dataclass
class Transaction:
    """A transaction of the Finances API; amounts are texts until they are told."""

    seller_id: str
    order_id: str
    marketplace_id: str
    own: bool
    """Whether the merchant fulfils the order."""
    posted: str
    seen_from: str
    body: Json


@dataclass
class Destination:
    """A queue to which the app has notifications sent."""

    destination_id: str
    name: str
    resource: Json


@dataclass
class Subscription:
    """A seller's subscription to a type of notifications.

    ``seen`` is what has been told already, or was so when the subscription began: by the number
    of the order, feed or transaction.
    """

    subscription_id: str
    seller_id: str
    type: str
    payload_version: str
    destination_id: str
    directive: Json | None = None
    seen: Json = field(default_factory=dict)


@dataclass
class Outgoing:
    """A notification on its way, or what became of it.

    ``outcome`` is ``waiting``, ``held`` (until another one has overtaken it), ``sent``, ``lost``
    by a fault, or why it could not be put into the queue.
    """

    type: str
    subject: str
    arn: str
    due: str
    body: str
    outcome: str = "waiting"
