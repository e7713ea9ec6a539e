"""The tables of what goes to Amazon, and of what Amazon made of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from saleor_amazon_app.store.base import Attempted, Claimed, TenantOwned, new_id
from saleor_amazon_app.store.sentences import keep


class FeedState(StrEnum):
    """How far a feed has come. The values are stored: never rename one."""

    READY = "ready"
    """Written, not yet sent."""
    SENDING = "sending"
    """Being created at Amazon; after a crash its outcome is unknown."""
    SUBMITTED = "submitted"
    ADOPTED = "adopted"
    """The answer to its creation got lost, and Amazon lists one feed that this can be."""
    DONE = "done"
    """Its report has been read and each message judged."""
    FAILED = "failed"
    """It never reached Amazon, or Amazon cancelled it or broke on it."""


FEEDS_AT_AMAZON = (FeedState.SUBMITTED, FeedState.ADOPTED)
OPEN_FEEDS = (FeedState.READY, FeedState.SENDING, *FEEDS_AT_AMAZON)


class Feed(Claimed, TenantOwned):
    """A document of messages to Amazon, and what became of it."""

    __tablename__ = "feeds"
    __table_args__ = (Index("ix_feeds_work", "account_id", "state", "next_look_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    feed_type: Mapped[str] = mapped_column(String(64))
    document: Mapped[bytes]
    """The XML, sealed; of an invoice, whose file is in ``invoice_files``, the feed's options."""
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


class Intent(Claimed, Attempted, TenantOwned):
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
    asked_name: Mapped[str | None] = mapped_column(String(128))
    """Of what was asked in Saleor: the member of staff or app, where Saleor tells."""
    asked_at: Mapped[datetime]
    message: Mapped[bytes | None]
    """What is sent (``mirror.messages``), sealed JSON; none where nothing can be."""
    summary: Mapped[str] = mapped_column(Text)
    """The same in the merchant's words, without personal data."""
    summary_said: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    amount: Mapped[str] = mapped_column(String(32), default="")
    """Of a refund: what the buyer gets, in major units."""
    feed_id: Mapped[str | None] = mapped_column(ForeignKey("feeds.id"), index=True)
    looks: Mapped[int] = mapped_column(default=0)
    """How often Amazon was asked in vain whether it has been carried out."""
    sent_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    """Amazon's words, or why a person is needed."""
    answer_said: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    saleor_told_at: Mapped[datetime | None]
    """Of a refund: when Saleor's transaction heard of the outcome."""

    @validates("summary", "answer")
    def _keep(self, name: str, text: str) -> str:
        return keep(self, name, text)


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
