"""The files of invoices: kept sealed from the request until Amazon has answered."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from saleor_amazon_app.store.invoice_models import InvoiceFile
from saleor_amazon_app.store.vault import Vault


def keep_file(
    session: Session, vault: Vault, order_id: str, reference: str, content: bytes, now: datetime
) -> None:
    sealed = vault.seal_bytes(content)
    session.add(InvoiceFile(order_id=order_id, reference=reference, content=sealed, kept_at=now))


def open_file(session: Session, vault: Vault, order_id: str, reference: str) -> bytes | None:
    """Return a file; None once it is kept no longer."""
    query = select(InvoiceFile.content).where(
        InvoiceFile.order_id == order_id, InvoiceFile.reference == reference
    )
    sealed = session.scalar(query)
    return vault.open_bytes(sealed) if sealed else None


def has_file(session: Session, order_id: str, reference: str) -> bool:
    query = select(InvoiceFile.id).where(
        InvoiceFile.order_id == order_id, InvoiceFile.reference == reference
    )
    return session.scalar(query) is not None


def drop_file(session: Session, order_id: str, reference: str) -> None:
    session.execute(
        delete(InvoiceFile)
        .where(InvoiceFile.order_id == order_id, InvoiceFile.reference == reference)
        .execution_options(synchronize_session=False)
    )
