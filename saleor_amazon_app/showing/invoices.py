"""Invoices for Amazon, as people look at them."""

from decimal import Decimal

from saleor_amazon_app.saleor.invoices import SaleorInvoice
from saleor_amazon_app.showing.sentences import show_sentence, show_words
from saleor_amazon_app.showing.shapes.common import Amount
from saleor_amazon_app.showing.shapes.invoices import (
    InvoiceChoices,
    InvoiceOption,
    InvoicePreview,
    SaleorInvoiceShown,
)
from saleor_amazon_app.sync.invoicing import Choices, Preview


def show_choices(found: Choices) -> InvoiceChoices:
    amounts = found.amounts
    return InvoiceChoices(
        saleor=[_listed(invoice) for invoice in found.listed],
        total=_amount(amounts.total, amounts.currency),
        vat=_amount(amounts.vat, amounts.currency),
        why_no_amounts=show_words(amounts.why_not),
    )


def _listed(invoice: SaleorInvoice) -> SaleorInvoiceShown:
    return SaleorInvoiceShown(
        id=invoice.id,
        number=invoice.number,
        created_at=invoice.created_at,
        has_file=bool(invoice.url),
    )


def _amount(amount: Decimal | None, currency: str) -> Amount | None:
    return None if amount is None else Amount(amount=amount, currency=currency)


def show_preview(found: Preview) -> InvoicePreview:
    message = found.message
    return InvoicePreview(
        request_id=found.request_id,
        digest=found.digest,
        number=message.number,
        total=message.total,
        vat=message.vat,
        currency=message.currency,
        size=message.size,
        options=[InvoiceOption(name=name, value=value) for name, value in found.options.items()],
        warnings=[show_sentence(warning) for warning in found.warnings],
    )
