"""The table of files that are to go to Amazon."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saleor_amazon_app.store.base import TenantOwned, new_id


class InvoiceFile(TenantOwned):
    """A PDF on its way to Amazon; it is deleted once Amazon has answered."""

    __tablename__ = "invoice_files"
    __table_args__ = (UniqueConstraint("order_id", "reference"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    reference: Mapped[str] = mapped_column(String(24))
    """Of the message (``mirror.messages.InvoiceUpload``)."""
    content: Mapped[bytes]
    """Sealed."""
    kept_at: Mapped[datetime]
