"""Invoices that go to Amazon: what there is, what would be sent."""

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from saleor_amazon_app.showing.shapes.actions import Ask
from saleor_amazon_app.showing.shapes.common import Amount, Sentence, Shape

MOST_BODY = 15 * 1024 * 1024
"""Bytes of a request: a file of 10 MiB in base64, and what stands around it."""


class SaleorInvoiceShown(Shape):
    """One of the order's invoices in Saleor."""

    id: str
    number: str
    created_at: datetime
    has_file: bool


class InvoiceChoices(Shape):
    """What there is to send, and what an invoice of the order has to come to."""

    saleor: list[SaleorInvoiceShown]
    """The latest first."""
    total: Amount | None
    """With VAT; None if Amazon is told no amounts."""
    vat: Amount | None
    why_no_amounts: Sentence | None


class InvoiceAsk(Ask):
    """An invoice for Amazon: a file, or one of the order's invoices in Saleor."""

    number: str = Field(default="", max_length=250)
    """As it is printed on the invoice. Of one of Saleor's it is Saleor's, unless given here."""
    file: str | None = Field(default=None, max_length=MOST_BODY)
    """A PDF in base64."""
    saleor_invoice_id: str = Field(default="", max_length=128)


class InvoiceConfirmed(InvoiceAsk):
    """An invoice that was looked at in a preview: nothing else is sent."""

    request_id: str = Field(pattern=r"^[0-9a-f]{24}$")
    """Of the preview. The same one twice is one invoice."""
    digest: str = Field(max_length=64)
    """Of the preview: the invoice is refused if it would now be another."""


class InvoiceOption(Shape):
    """One thing that Amazon is told beside the file, by Amazon's name."""

    name: str
    value: str


class InvoicePreview(Shape):
    """Exactly what would be sent."""

    request_id: str
    digest: str
    number: str
    total: Decimal | None
    """With VAT, in major units; None if Amazon is told no amounts."""
    vat: Decimal | None
    currency: str
    size: int
    """Of the file, in bytes."""
    options: list[InvoiceOption]
    warnings: list[Sentence]
    """What to look at once more; nothing of it keeps the invoice from being sent."""
