"""The tables. Whatever belongs to a tenant derives from ``TenantOwned`` and is scoped by it."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import BigInteger

from saleor_amazon_app.store.types import UtcDateTime


def new_id() -> str:
    return uuid.uuid4().hex


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: String(255),
        datetime: UtcDateTime,
        bytes: LargeBinary,
        list[str]: JSON,
        dict[str, Any]: JSON,
    }


class Tenant(Base):
    """A Saleor shop that installed the app."""

    __tablename__ = "tenants"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    saleor_api_url: Mapped[str] = mapped_column(unique=True)
    app_id: Mapped[str]
    token: Mapped[bytes]
    """The app token, sealed."""
    jwks: Mapped[dict[str, Any]]
    installed_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    """The shop switched the app off; nothing is done for it meanwhile."""
    wipe_at: Mapped[datetime | None]
    """The shop deleted the app; all of it is deleted here at this time, unless it comes back."""
    read_only: Mapped[bool] = mapped_column(default=False)
    """Nothing goes to Amazon; what would have gone waits."""
    read_only_reason: Mapped[str] = mapped_column(Text, default="")
    known_app_url: Mapped[str | None]
    """The app's public address when a person last vouched for it."""
    known_shop_url: Mapped[str | None]
    """The shop's own address when a person last vouched for it."""
    orders_read_until: Mapped[datetime | None]
    """The shop's changed orders have been looked through up to here."""
    orders_read_at: Mapped[datetime | None]
    app_version: Mapped[str | None] = mapped_column(String(32))
    """The version of the app whose webhooks are registered in the shop."""


class TenantOwned(Base):
    """A row that belongs to one tenant and must never be seen by another."""

    __abstract__ = True

    @declared_attr
    def tenant_id(cls) -> Mapped[str]:  # noqa: N805 - SQLAlchemy's way of a mixin column
        return mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), index=True)


class AccountState(StrEnum):
    CONNECTED = "connected"
    AUTHORISATION_LOST = "authorisation_lost"
    PAUSED = "paused"


class Account(TenantOwned):
    """A seller's Amazon account in one region."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("tenant_id", "seller_id", "region"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    region: Mapped[str] = mapped_column(String(2))
    seller_id: Mapped[str] = mapped_column(String(64))
    refresh_token: Mapped[bytes]
    """Amazon's refresh token, sealed."""
    state: Mapped[str] = mapped_column(String(32), default=AccountState.CONNECTED)
    import_from: Mapped[datetime]
    """Orders bought before are left out."""
    connected_at: Mapped[datetime]
    withheld_data: Mapped[list[str]] = mapped_column(default=list)
    """Data sets that Amazon denies this account; the others are still asked for."""
    withheld_checked_at: Mapped[datetime | None]
    refunds_read_until: Mapped[datetime | None]
    """Amazon's list of refunds has been read up to here."""
    refunds_read_at: Mapped[datetime | None]


class Marketplace(TenantOwned):
    """A marketplace in which an account sells, and its place in Saleor once it is mapped."""

    __tablename__ = "marketplaces"
    __table_args__ = (UniqueConstraint("account_id", "marketplace_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    marketplace_id: Mapped[str] = mapped_column(String(32))
    denied: Mapped[bool] = mapped_column(default=False)
    """Amazon answers 403 for this marketplace."""
    channel: Mapped[str | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    warehouse_id: Mapped[str | None]
    shipping_method_id: Mapped[str | None]
    tax_class_id: Mapped[str | None]
    import_orders: Mapped[bool] = mapped_column(default=True)
    hold_stock: Mapped[bool] = mapped_column(default=True)
    buyer_email: Mapped[str] = mapped_column(String(32), default="placeholder")
    without_address: Mapped[bool] = mapped_column(default=False)
    default_carrier: Mapped[str | None]
    """For shipments whose carrier is neither told nor recognised."""
    tracking_wait_hours: Mapped[int] = mapped_column(default=4)
    """How long a shipment without a tracking number is held, at most until the ship-by date."""
    ship_without_tracking: Mapped[bool] = mapped_column(default=True)
    """What becomes of it then: sent without one, or raised as a problem."""
    cancel_reason: Mapped[str] = mapped_column(String(64), default="NoInventory")
    """For orders that were cancelled in Saleor without a reason."""
    refund_reason: Mapped[str] = mapped_column(String(64), default="GeneralAdjustment")


class SweepKind(StrEnum):
    """Which of Amazon's two time indexes a sweep reads."""

    UPDATES = "updates"
    """By last update: the everyday sweep."""
    RECONCILE = "reconcile"
    """By creation: finds what the list of updates missed."""


class Sweep(TenantOwned):
    """How far an account has been read. One row for each kind; its lease keeps sweeps single."""

    __tablename__ = "sweeps"
    __table_args__ = (UniqueConstraint("account_id", "kind"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    watermark: Mapped[datetime | None]
    """Everything up to here has been read and stored."""
    window: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The query of the window being read, to be repeated with each page."""
    next_token: Mapped[str | None] = mapped_column(Text)
    token_at: Mapped[datetime | None]
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(Text)
    failures: Mapped[int] = mapped_column(default=0)


class OrderState(StrEnum):
    """How far an order has come. The values are stored: never rename one."""

    WAITING = "waiting"
    """Amazon has not released it, or has not told all of it."""
    READY = "ready"
    CREATING = "creating"
    """Claimed by a worker; after the lease has run out its outcome is unknown."""
    CREATED = "created"
    """In Saleor, with steps left to do."""
    IMPORTED = "imported"
    BLOCKED = "blocked"
    """Waits for a person; its problems say why."""
    LEFT_OUT = "left_out"


class Order(TenantOwned):
    """An Amazon order, kept from its first sight; at most one Saleor order comes of it."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("account_id", "amazon_order_id"),
        Index("ix_orders_work", "account_id", "state", "next_attempt_at"),
        Index("ix_orders_purchased", "tenant_id", "purchased_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    amazon_order_id: Mapped[str] = mapped_column(String(64))
    marketplace_id: Mapped[str | None] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(64), default="")
    """Amazon's fulfilment status, as told."""
    fulfilled_by: Mapped[str] = mapped_column(String(32), default="")
    purchased_at: Mapped[datetime | None]
    amazon_updated_at: Mapped[datetime | None]
    ship_by: Mapped[datetime | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    total_minor: Mapped[int | None] = mapped_column(BigInteger)
    """Amazon's grand total in minor units."""
    payload: Mapped[bytes]
    """Amazon's JSON, sealed: it holds personal data."""
    address_fix: Mapped[bytes | None]
    """The merchant's repair of the address, sealed JSON."""

    state: Mapped[str] = mapped_column(String(16), default=OrderState.WAITING)
    note: Mapped[str] = mapped_column(Text, default="")
    """The latest thing that happened, in the merchant's words."""
    claim: Mapped[str | None] = mapped_column(String(64))
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]
    first_seen_at: Mapped[datetime]

    saleor_order_id: Mapped[str | None] = mapped_column(String(128))
    saleor_number: Mapped[str | None] = mapped_column(String(32))
    mirrored_at: Mapped[datetime | None]
    lag_seconds: Mapped[int | None]
    """Seconds from Amazon's last word on the order to its being in Saleor; none for a backfill."""
    mirrored_status: Mapped[str | None] = mapped_column(String(64))
    """Amazon's status when the order was drafted; a later one is work for the mirror."""
    reconcile_at: Mapped[datetime | None] = mapped_column(index=True)
    """When both sides are to be compared next; None while nothing has changed on either."""
    read_at: Mapped[datetime | None]
    """When the payload was last read from Amazon."""
    address_mark: Mapped[str | None] = mapped_column(String(32))
    """A digest of Amazon's address as Saleor has it, to notice when it changes."""


class Problem(TenantOwned):
    """Something that keeps an order from Saleor, open until it is cured."""

    __tablename__ = "problems"
    __table_args__ = (Index("ix_problems_open", "tenant_id", "kind", "subject", "closed_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(default="")
    message: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    dismissed_at: Mapped[datetime | None]
    """A person has seen to it: it is not opened again for the same subject."""


class OrderEvent(TenantOwned):
    """One line of an order's history: what happened, when, and at whose hand."""

    __tablename__ = "order_events"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(16))
    """``amazon``, ``saleor``, ``app`` or ``merchant``."""
    message: Mapped[str] = mapped_column(Text)
    for_saleor: Mapped[bool] = mapped_column(default=False)
    """It belongs into the history of the Saleor order too."""
    tried_at: Mapped[datetime | None]
    """Sent to Saleor with an unknown outcome: to be looked for before it is sent again."""
    told_at: Mapped[datetime | None]
    """Seen in the Saleor order's history."""


class DeliveryState(StrEnum):
    """What became of a webhook delivery. The values are stored: never rename one."""

    WAITING = "waiting"
    DONE = "done"
    DROPPED = "dropped"


class Delivery(TenantOwned):
    """A webhook that Saleor delivered: stored before it is answered, handled afterwards."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("tenant_id", "event", "body_hash"),
        Index("ix_deliveries_work", "state", "next_attempt_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    event: Mapped[str] = mapped_column(String(64))
    body_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the body: Saleor repeats a delivery byte for byte and gives it no id."""
    body: Mapped[bytes]
    """Sealed."""
    received_at: Mapped[datetime]
    repeats: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(16), default=DeliveryState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]
    handled_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(Text, default="")


class FeedState(StrEnum):
    """How far a feed has come. The values are stored: never rename one."""

    READY = "ready"
    """Written, not yet sent."""
    SENDING = "sending"
    """Being created at Amazon; after a crash its outcome is unknown."""
    SUBMITTED = "submitted"
    DONE = "done"
    """Its report has been read and each message judged."""
    FAILED = "failed"
    """It never reached Amazon, or Amazon cancelled it or broke on it."""


class Feed(TenantOwned):
    """A document of messages to Amazon, and what became of it."""

    __tablename__ = "feeds"
    __table_args__ = (Index("ix_feeds_work", "account_id", "state", "next_look_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    feed_type: Mapped[str] = mapped_column(String(64))
    document: Mapped[bytes]
    """The XML, sealed."""
    messages: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default=FeedState.READY)
    amazon_feed_id: Mapped[str | None] = mapped_column(String(64))
    amazon_status: Mapped[str] = mapped_column(String(32), default="")
    report: Mapped[bytes | None]
    """Amazon's processing report, sealed."""
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    """Just before createFeed was called."""
    submitted_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    next_look_at: Mapped[datetime | None]
    looks: Mapped[int] = mapped_column(default=0)
    alarmed_at: Mapped[datetime | None]
    """When a person was told that it hangs."""
    claim: Mapped[str | None] = mapped_column(String(64))
    claimed_until: Mapped[datetime | None]


class Intent(TenantOwned):
    """One thing to tell Amazon, written before anything is sent. See ``mirror.intents``."""

    __tablename__ = "intents"
    __table_args__ = (
        UniqueConstraint("order_id", "key"),
        Index("ix_intents_work", "account_id", "state", "next_attempt_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    """Also the number of its message in a feed."""
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(128))
    """Names the thing, so that it cannot be asked for twice."""
    subject: Mapped[str] = mapped_column(String(128), default="")
    """What it is about in Saleor: a fulfilment, a transaction."""
    state: Mapped[str] = mapped_column(String(16))
    asked_by: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime]
    message: Mapped[bytes | None]
    """What is sent (``mirror.messages``), sealed JSON; none where nothing can be."""
    summary: Mapped[str] = mapped_column(Text)
    """The same in the merchant's words, without personal data."""
    amount: Mapped[str] = mapped_column(String(32), default="")
    """Of a refund: what the buyer gets, in major units."""
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]
    claim: Mapped[str | None] = mapped_column(String(64))
    claimed_until: Mapped[datetime | None]
    feed_id: Mapped[str | None] = mapped_column(ForeignKey("feeds.id"), index=True)
    looks: Mapped[int] = mapped_column(default=0)
    """How often Amazon was asked in vain whether it has been carried out."""
    sent_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    """Amazon's words, or why a person is needed."""
    saleor_told_at: Mapped[datetime | None]
    """Of a refund: when Saleor's transaction heard of the outcome."""


class ForeignRefund(TenantOwned):
    """A refund that Amazon shows and this app did not send, and its place in Saleor."""

    __tablename__ = "foreign_refunds"
    __table_args__ = (UniqueConstraint("order_id", "reference"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    reference: Mapped[str] = mapped_column(String(128))
    """Amazon's transaction id."""
    amount: Mapped[str] = mapped_column(String(32))
    currency: Mapped[str] = mapped_column(String(3))
    posted_at: Mapped[datetime]
    intent_id: Mapped[int | None] = mapped_column(ForeignKey("intents.id", ondelete="CASCADE"))
    """The app's own refund that it turned out to be."""
    told_at: Mapped[datetime | None]
    """When Saleor's transaction heard of it."""


class WordMapping(TenantOwned):
    """The merchant's own words for Amazon's: names of carriers, reasons of refunds."""

    __tablename__ = "word_mappings"
    __table_args__ = (UniqueConstraint("tenant_id", "kind", "word"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(16))
    """``carrier`` or ``refund_reason``."""
    word: Mapped[str] = mapped_column(String(128))
    code: Mapped[str] = mapped_column(String(128))


class SkuMapping(TenantOwned):
    """A seller's SKU that stands for a variant whatever the variant's own SKU is."""

    __tablename__ = "sku_mappings"
    __table_args__ = (UniqueConstraint("tenant_id", "seller_sku"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    seller_sku: Mapped[str] = mapped_column(String(128))
    variant_id: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[datetime]


class Activity(TenantOwned):
    """A failure in talking to either side, without personal data: nothing fails in silence."""

    __tablename__ = "activities"
    __table_args__ = (Index("ix_activities_recent", "tenant_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    side: Mapped[str] = mapped_column(String(16))
    operation: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(128), default="")
    message: Mapped[str] = mapped_column(Text)
