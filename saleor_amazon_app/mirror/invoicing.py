"""Invoices for Amazon: which orders take one, what is said about it, and what the file must be.

Sources: SP-API pages "Create and Upload Invoices" (stores, keys, which amounts are compared) and
"Error Handling" of the VAT Calculation Service (an invoice before the shipment is rejected), the
"Invoice Uploader Developer Guide" (characters), and for the refusal of sellers whose invoices
Amazon writes amzn/selling-partner-api-docs#2425.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.cancelling import CANCELLED
from saleor_amazon_app.mirror.ids import MarketplaceId
from saleor_amazon_app.mirror.marketplaces import find_marketplace
from saleor_amazon_app.mirror.messages import InvoiceUpload
from saleor_amazon_app.mirror.money import ZERO, fits
from saleor_amazon_app.mirror.reckoning import ItemSums, OrderSums, reckon_by_custom
from saleor_amazon_app.mirror.sentences import NOTHING, Sentence, Sum, say

MOST_BYTES: Final = 10 * 1024 * 1024
"""SP-API page "Feeds API best practices"; for invoices Amazon names no limit of its own."""
LONGEST_NUMBER: Final = 50
"""A limit of the app's own: Amazon names none."""
_COUNTRIES: Final = frozenset({"DE", "ES", "FR", "GB", "IT", "NL", "PL", "SE"})
_SHIPPED: Final = frozenset({"SHIPPED", "PARTIALLY_SHIPPED"})
_BY_AMAZON: Final = "INVOICE_BY_AMAZON"
_FACILITATOR: Final = "MARKETPLACE_FACILITATOR"
_MAGIC: Final = b"%PDF-"
_PREAMBLE: Final = 1024
"""Readers look for the magic within so many bytes; what comes before it is passed over."""
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_USUAL: Final = re.compile(r"[A-Za-z0-9 ,/\\_:;#-]*")
_WRITTEN_BY_AMAZON: Final = re.compile(r"\((79509|79525)\)")


@dataclass(frozen=True)
class Amounts:
    """What Amazon is told of an invoice's amounts; both None, and ``why_not``, if nothing is."""

    currency: str
    total: Decimal | None = None
    vat: Decimal | None = None
    why_not: Sentence = NOTHING


def why_not_invoiceable(order: AmazonOrder) -> Sentence:
    """Say why Amazon takes no invoice for an order now; nothing if it may take one.

    Who ships the order does not matter. That Amazon writes a seller's invoices itself is told
    nowhere but in the answer to one.
    """
    marketplace = find_marketplace(order.marketplace_id)
    if marketplace is None or marketplace.country not in _COUNTRIES:
        return say("why_not.invoice_store")
    if order.status == CANCELLED:
        return say("why_not.order_cancelled")
    if order.status not in _SHIPPED:
        return say("why_not.invoice_not_shipped")
    if _BY_AMAZON in order.programs:
        return say("why_not.invoice_by_amazon")
    return NOTHING


def why_not_number(number: str) -> Sentence:
    """Say why an invoice cannot have this number; nothing if it can."""
    if not number.strip():
        return say("invoice.number_missing")
    if len(number) > LONGEST_NUMBER:
        return say("invoice.number_too_long", most=LONGEST_NUMBER)
    return say("invoice.number_unprintable") if _CONTROL.search(number) else NOTHING


def why_no_pdf(content: bytes) -> Sentence:
    """Say why a file cannot be sent; nothing if it is a PDF that Amazon may take."""
    if not content:
        return say("invoice.file_empty")
    if len(content) > MOST_BYTES:
        return say("invoice.file_too_large", most=MOST_BYTES // (1024 * 1024))
    return NOTHING if _MAGIC in content[:_PREAMBLE] else say("invoice.not_pdf")


def amounts_of(order: AmazonOrder) -> Amounts:
    """Return what an invoice of the order has to come to, as Amazon will compare it.

    Amazon compares with one shipment, and rejects what differs in the second decimal. Where the
    order's own amounts are not those of the shipment it is told none, which it allows.
    """
    marketplace = find_marketplace(order.marketplace_id)
    currency = marketplace.currency if marketplace else ""
    sums = reckon_by_custom(order)
    if sums is None:
        return Amounts(currency, why_not=say("invoice.amounts_unknown"))
    if why := next(_why_without_amounts(order), NOTHING):
        return Amounts(sums.currency, why_not=why)
    return Amounts(sums.currency, sums.total, vat_of(sums))


def _why_without_amounts(order: AmazonOrder) -> Iterator[Sentence]:
    if order.status != "SHIPPED" or len(order.packages) > 1:
        yield say("invoice.amounts_by_parcel")
    collections = (c for item in order.order_items if item.tax for c in item.tax.tax_collections)
    if any(collection.model == _FACILITATOR for collection in collections):
        yield say("invoice.amounts_by_amazon")


def vat_of(sums: OrderSums) -> Decimal:
    """Return the tax that an order's prices contain, in major units."""
    return sum((_vat_of_item(item) for item in sums.items), ZERO)


def _vat_of_item(item: ItemSums) -> Decimal:
    return item.line.total.gross - item.line.total.net + item.beside.gross - item.beside.net


def why_other_total(order: AmazonOrder, total: Decimal, currency: str) -> Sentence:
    """Say that an order in Saleor comes to another total than Amazon's; nothing if to the same.

    Amazon would reject its invoice. What Amazon does not tell cannot differ.
    """
    theirs = reckon_by_custom(order)
    if theirs is None or (theirs.total, theirs.currency) == (total, currency):
        return NOTHING
    amazon = Sum(theirs.total, theirs.currency)
    return say("invoice.total_differs", saleor=Sum(total, currency), amazon=amazon)


def invoice_message(
    order: AmazonOrder, number: str, content: bytes, reference: str
) -> InvoiceUpload:
    """Return what goes to Amazon with a file. ``reference`` is the request's."""
    amounts = amounts_of(order)
    return InvoiceUpload(
        order_id=order.order_id,
        marketplace_id=MarketplaceId(order.marketplace_id or ""),
        number=number.strip(),
        currency=amounts.currency,
        total=amounts.total,
        vat=amounts.vat,
        reference=reference,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )


def warnings_about(order: AmazonOrder, number: str) -> list[Sentence]:
    """Return what a person should know before an invoice goes; none of it holds it back."""
    found = [amounts_of(order).why_not]
    if not _USUAL.fullmatch(number.strip()):
        found.append(say("invoice.number_unusual"))
    return [each for each in found if each]


def summary(message: InvoiceUpload) -> Sentence:
    """Write an invoice in the merchant's words."""
    if message.total is None:
        return say("summary.invoice_number", number=message.number)
    amount = Sum(message.total, message.currency)
    return say("summary.invoice", number=message.number, amount=amount)


def options_of(message: InvoiceUpload) -> dict[str, str]:
    """Return the feed's options; their keys may be in upper or lower case (the guide)."""
    told = {
        "metadata:orderid": str(message.order_id),
        "metadata:invoicenumber": message.number,
        "metadata:documenttype": "Invoice",
    }
    if message.total is not None and message.vat is not None:
        told["metadata:totalamount"] = _written(message.total, message.currency)
        told["metadata:totalvatamount"] = _written(message.vat, message.currency)
    return told


def _written(amount: Decimal, currency: str) -> str:
    if not fits(amount, currency):
        raise ValueError(f"An amount in {currency} is finer than its smallest coin.")
    return f"{amount:.2f}"


def cure_of(words: str) -> Sentence:
    """Say what helps against a rejection in Amazon's words; nothing if only they can tell."""
    return say("cure.own_invoices") if _WRITTEN_BY_AMAZON.search(words) else NOTHING
