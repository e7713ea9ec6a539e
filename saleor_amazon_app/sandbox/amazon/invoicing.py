"""The feed UPLOAD_VAT_INVOICE: a PDF, and in the feed's options what it is about.

Sources: SP-API pages "Create and Upload Invoices" and, for numbers and texts of errors, "Error
Handling" of the VAT Calculation Service; the report's form is that of issues #2437 and #2777 of
amzn/selling-partner-api-models, number 79525 that of amzn/selling-partner-api-docs#2425. Options
may be in upper or lower case (Amazon's "Invoice Uploader Developer Guide"). Amazon compares the
amounts if there are any; what it says when they differ, or of an order that it does not know, is
published nowhere, so those words are the simulator's and the first of them have no number. A second
invoice for an order is taken too: that Amazon would refuse it is not documented. Not simulated:
credit notes, shipping ids, and the report of the VAT Calculation Service.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from saleor_amazon_app.sandbox.amazon.order_facts import ZERO, amount, marketplace, status
from saleor_amazon_app.sandbox.amazon.records import Feed, UploadedInvoice
from saleor_amazon_app.sandbox.amazon.refusals import Refused
from saleor_amazon_app.sandbox.amazon.reports import Verdict
from saleor_amazon_app.sandbox.amazon.state import State, StoredOrder
from saleor_amazon_app.sandbox.catalogue import SALES_CHANNELS

Json = dict[str, Any]

INVOICE_FEED: Final = "UPLOAD_VAT_INVOICE"
_COUNTRIES: Final = frozenset({"DE", "ES", "FR", "GB", "IT", "NL", "PL", "SE"})
_STORES: Final = frozenset(c.marketplace_id for c in SALES_CHANNELS if c.country in _COUNTRIES)
_PREFIX: Final = "metadata:"
_NEEDED: Final = ("orderid", "invoicenumber")
_TYPES: Final = ("Invoice", "CreditNote")
_NO_PDF: Final = 79503
_MISSING: Final = 79513
_ORDER: Final = 79517
_STORE: Final = 79523
_BY_AMAZON: Final = 79525
_TYPE: Final = 79531
_NO_FILE: Final = 79540
_NUMBERLESS: Final = 0
_HEAD: Final = ("original-record-number", "sku", "error-code", "error-type", "error-message")


def take_invoice(state: State, feed: Feed) -> UploadedInvoice:
    """Judge an invoice; it is kept by whoever asks.

    Raises:
        Refused: Amazon does not take it.
    """
    told = _options(feed)
    if len(feed.marketplace_ids) != 1 or feed.marketplace_ids[0] not in _STORES:
        text = "Provide only one valid marketplace while uploading an invoice."
        raise Refused(text, number=_STORE)
    if missing := [f"{_PREFIX}{name}" for name in _NEEDED if not told.get(name)]:
        raise Refused(f"Please provide {','.join(missing)}", number=_MISSING)
    kind = told.get("documenttype", _TYPES[0])
    if kind not in _TYPES:
        raise Refused(f"The document type {kind} is not supported", number=_TYPE)
    content = _file(state, feed, told)
    stored = _order(state, feed, told["orderid"])
    _compare(stored, told)
    return UploadedInvoice(
        order_id=stored.order_id,
        seller_id=feed.seller_id,
        feed_id=feed.feed_id,
        number=told["invoicenumber"],
        total=told.get("totalamount"),
        vat=told.get("totalvatamount"),
        size=len(content),
        at=str(feed.ended),
    )


def order_id_of(feed: Feed) -> str:
    return _options(feed).get("orderid", "")


def _options(feed: Feed) -> dict[str, str]:
    told: Mapping[str, Any] = feed.options
    return {
        name.lower().removeprefix(_PREFIX): str(value).strip()
        for name, value in told.items()
        if name.lower().startswith(_PREFIX)
    }


def _file(state: State, feed: Feed, told: Mapping[str, str]) -> bytes:
    content = state.documents[feed.document_id].data
    about = f"shipmentId N/A, orderId {told['orderid']} and invoiceNumber {told['invoicenumber']}"
    if not content:
        text = f"Invoice missing in feed submission. Please provide an invoice for {about}"
        raise Refused(text, number=_NO_FILE)
    if not content.startswith(b"%PDF-"):
        raise Refused(f"Invoice uploaded is not pdf for {about}", number=_NO_PDF)
    return content


def _order(state: State, feed: Feed, order_id: str) -> StoredOrder:
    """Find the order: the seller's, of the feed's store, and sent off."""
    stored = state.order_of(feed.seller_id, order_id)
    if stored is None or marketplace(stored.order) not in feed.marketplace_ids:
        raise Refused(f"The order {order_id} is not valid.", number=_ORDER)
    if status(stored.order) not in ("SHIPPED", "PARTIALLY_SHIPPED"):
        raise Refused(f"The order {order_id} has not been dispatched.", number=_ORDER)
    if state.sellers[feed.seller_id].invoiced_by_amazon:
        text = f"Amazon will generate invoice for shipmentId N/A, orderId {order_id}"
        raise Refused(text, number=_BY_AMAZON)
    return stored


def _compare(stored: StoredOrder, told: Mapping[str, str]) -> None:
    """Compare the amounts "to two decimal places", as far as there are any."""
    order = stored.order
    expected = {
        "totalamount": amount(order.get("proceeds", {}).get("grandTotal")),
        "totalvatamount": sum(map(_tax, order["orderItems"]), ZERO),
    }
    for name, wanted in expected.items():
        if name in told and _number(told[name]) != wanted.quantize(Decimal("0.01")):
            text = f"{_PREFIX}{name} {told[name]} does not match Amazon's {wanted}."
            raise Refused(text, number=_NUMBERLESS)


def _tax(item: Json) -> Decimal:
    breakdowns = item.get("proceeds", {}).get("breakdowns", ())
    return sum((amount(b["subtotal"]) for b in breakdowns if b["type"] == "TAX"), ZERO)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def write_report(verdict: Verdict) -> bytes:
    """Write the report on an invoice: a summary, and a table if there is something to say."""
    rows = [(verdict.number, "Error", verdict.error)] if verdict.error else []
    rows += [(number, "Warning", text) for number, text in verdict.warnings]
    lines = [
        "Feed Processing Summary:",
        "\tNumber of records processed\t\t1",
        f"\tNumber of records successful\t\t{0 if verdict.error else 1}",
    ]
    if rows:
        lines += ["", "\t".join(_HEAD)]
        lines += ["\t".join(("1", "", str(code or ""), kind, text)) for code, kind, text in rows]
    return ("\n".join(lines) + "\n").encode()
