"""The table of the merchant's templates of messages to buyers."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.store.base import TenantOwned, new_id


class MessageTemplate(TenantOwned):
    """A text with holes, for one kind of message; see ``mirror.message_templates``."""

    __tablename__ = "message_templates"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(32))
    """Of ``mirror.buyer_messages.BuyerMessageKind``."""
    language: Mapped[str] = mapped_column(String(35), default="")
    """A tag such as ``de-DE``; empty for any."""
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
