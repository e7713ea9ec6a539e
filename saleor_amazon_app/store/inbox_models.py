"""The tables of what comes in by itself: from Saleor, and from Amazon."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.store.base import Attempted, Base, TenantOwned, new_id


class DeliveryState(StrEnum):
    """What became of a webhook delivery. The values are stored: never rename one."""

    WAITING = "waiting"
    DONE = "done"
    DROPPED = "dropped"


class Delivery(Attempted, TenantOwned):
    """A webhook that Saleor delivered: stored before it is answered, handled afterwards."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("tenant_id", "event", "body_hash"),
        Index("ix_deliveries_work", "state", "next_attempt_at"),
        Index("ix_deliveries_received", "tenant_id", "received_at"),
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
    handled_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(Text, default="")


class Notification(Base):
    """A notification that came through the app's queue, so that a repeat of it is known.

    It belongs to no tenant: several may have connected its seller, or none. Its payload is not
    kept, since it holds personal data and only says where to look.
    """

    __tablename__ = "notifications"

    id: Mapped[str] = mapped_column(String(128), primary_key=True)
    """Amazon's NotificationId."""
    type: Mapped[str] = mapped_column(String(64))
    seller_id: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64))
    """The number of the order or feed that it is about."""
    published_at: Mapped[datetime | None]
    received_at: Mapped[datetime] = mapped_column(index=True)
    seen_at: Mapped[datetime]
    """When it, or a repeat of it, came last."""
    repeats: Mapped[int] = mapped_column(default=0)
    accounts: Mapped[int] = mapped_column(default=0)
    """How many connected accounts it led to."""


class OrderLook(Attempted, TenantOwned):
    """An order that is to be read from Amazon soon, known or not: one row however often told.

    Without a number it stands for all of the account's refunds.
    """

    __tablename__ = "order_looks"
    __table_args__ = (
        UniqueConstraint("account_id", "amazon_order_id"),
        Index("ix_order_looks_work", "account_id", "next_attempt_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    amazon_order_id: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime]
    """When a notification about it came last."""
    refunds: Mapped[bool] = mapped_column(default=False)
    """Its refunds are to be read as well."""
