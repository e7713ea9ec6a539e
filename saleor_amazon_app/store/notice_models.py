"""The tables of notices by e-mail to the merchant's staff."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from saleor_amazon_app.store.base import Attempted, Claimed, TenantOwned, new_id
from saleor_amazon_app.store.sentences import keep_if_any


class NoticeSettings(TenantOwned):
    """What a shop's staff want to be told by e-mail; without a row nothing."""

    __tablename__ = "notice_settings"

    tenant_id: Mapped[str] = mapped_column(
        ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True
    )
    is_on: Mapped[bool] = mapped_column(default=False)
    causes: Mapped[list[str]]
    """Of ``mirror.notices.Cause``."""
    pace: Mapped[str] = mapped_column(String(16))
    hour: Mapped[int]
    """Of a daily mail, in the time zone."""
    timezone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))


class NoticeRecipient(Claimed, Attempted, TenantOwned):
    """An address of the merchant's staff, and what it has been told."""

    __tablename__ = "notice_recipients"
    __table_args__ = (UniqueConstraint("tenant_id", "address"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    address: Mapped[str] = mapped_column(String(254))
    told: Mapped[list[str]]
    """The keys of what still stands and was told; see ``mirror.notices``."""
    sent_at: Mapped[datetime | None]
    """When the mail server took the last notice."""
    looked_at: Mapped[datetime | None]
    """When it was last seen whether there is something new."""
    failed_at: Mapped[datetime | None]
    """When a mail failed, as long as none has gone out since."""
    failure: Mapped[str | None] = mapped_column(Text)
    failure_said: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @validates("failure")
    def _keep(self, name: str, text: str | None) -> str | None:
        return keep_if_any(self, name, text)
