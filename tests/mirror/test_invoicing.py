"""Which orders take an invoice for Amazon, and what is said about it."""

import re
from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.mirror.amazon_order import AmazonOrder, read_order
from saleor_amazon_app.mirror.intents import IntentKind, IntentState, Known
from saleor_amazon_app.mirror.invoicing import (
    MOST_BYTES,
    amounts_of,
    cure_of,
    invoice_message,
    options_of,
    summary,
    warnings_about,
    why_no_pdf,
    why_not_invoiceable,
    why_not_number,
    why_other_total,
)
from saleor_amazon_app.mirror.marketplaces import MARKETPLACES
from saleor_amazon_app.mirror.matching import match
from saleor_amazon_app.mirror.messages import FeedType, InvoiceUpload, feed_type
from saleor_amazon_app.mirror.outcomes import problems
from tests.mirror.amazon_orders import JP, UK, US, amazon_order, breakdown, item, money
from tests.mirror.saleor_orders import saleor_order

PDF = b"%PDF-1.4 ..."


def shipped(*items: Any, **more: Any) -> AmazonOrder:
    return read_order(amazon_order(*items, **({"status": "SHIPPED"} | more)))


def taxed(number: int = 1, total: str = "29.80", vat: str = "4.76", **more: Any) -> Any:
    parts = [breakdown("ITEM", total), breakdown("TAX", vat)]
    return item(number, total=total, breakdowns=parts, **more)


# --- where ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "code"),
    [
        pytest.param({}, "", id="shipped"),
        pytest.param({"by": "AMAZON"}, "", id="shipped by Amazon"),
        pytest.param({"status": "PARTIALLY_SHIPPED"}, "", id="partly shipped"),
        pytest.param({"programs": ["PRIME"]}, "", id="another program"),
        pytest.param({"status": "UNSHIPPED"}, "why_not.invoice_not_shipped", id="open"),
        pytest.param({"status": "PENDING"}, "why_not.invoice_not_shipped", id="pending"),
        pytest.param({"status": "NEW_AT_AMAZON"}, "why_not.invoice_not_shipped", id="unknown"),
        pytest.param({"status": "CANCELLED"}, "why_not.order_cancelled", id="cancelled"),
        pytest.param({"programs": ["INVOICE_BY_AMAZON"]}, "why_not.invoice_by_amazon", id="VCS"),
        pytest.param({"marketplace": US}, "why_not.invoice_store", id="United States"),
        pytest.param({"marketplace": JP}, "why_not.invoice_store", id="Japan"),
        pytest.param({"marketplace": UK}, "", id="United Kingdom"),
        pytest.param(
            {"salesChannel": {"marketplaceId": "A0NEW"}}, "why_not.invoice_store", id="new store"
        ),
    ],
)
def test_an_order_takes_an_invoice_or_says_why_not(more: dict[str, Any], code: str) -> None:
    assert why_not_invoiceable(shipped(**more)).code == code


def test_the_stores_are_those_of_amazons_page() -> None:
    stores = {
        place.country
        for place in MARKETPLACES.values()
        if not why_not_invoiceable(shipped(salesChannel={"marketplaceId": place.id}))
    }
    assert stores == {"DE", "ES", "FR", "GB", "IT", "NL", "PL", "SE"}


# --- number and file ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("R-1", ""),
        ("RE 2026/0001 #7", ""),
        ("Ré.1", ""),
        ("R" * 50, ""),
        ("R" * 51, "invoice.number_too_long"),
        ("", "invoice.number_missing"),
        ("  ", "invoice.number_missing"),
        ("R\n1", "invoice.number_unprintable"),
        ("R\x001", "invoice.number_unprintable"),
    ],
)
def test_a_number_does_or_not(number: str, code: str) -> None:
    assert why_not_number(number).code == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (PDF, ""),
        (b"\xef\xbb\xbf\n" + PDF, ""),
        (PDF + b"x" * (MOST_BYTES - len(PDF)), ""),
        (PDF + b"x" * (MOST_BYTES - len(PDF) + 1), "invoice.file_too_large"),
        (b"", "invoice.file_empty"),
        (b"PK\x03\x04", "invoice.not_pdf"),
        (b"<!doctype html>" + b" " * 2000 + PDF, "invoice.not_pdf"),
    ],
)
def test_a_file_is_a_pdf_or_not(content: bytes, code: str) -> None:
    assert why_no_pdf(content).code == code


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("RE-2026/0001", []),
        ("a,b\\c_d:e;f#g 1", []),
        ("RE.2026", ["invoice.number_unusual"]),
        ("Müller-1", ["invoice.number_unusual"]),
    ],
)
def test_unusual_characters_are_a_warning(number: str, codes: list[str]) -> None:
    assert [each.code for each in warnings_about(shipped(taxed()), number)] == codes


# --- amounts --------------------------------------------------------------------------------------


def test_the_amounts_are_amazons_with_gift_wrap_shipping_and_discounts() -> None:
    parts = [
        breakdown("ITEM", "20.00"),
        breakdown("SHIPPING", "5.00"),
        breakdown("GIFT_WRAP", "2.00"),
        breakdown("DISCOUNT", "-3.00", ITEM="-3.00"),
        breakdown("TAX", "3.83", ITEM="2.71", SHIPPING="0.80", GIFT_WRAP="0.32"),
    ]
    order = shipped(item(1, total="24.00", breakdowns=parts), taxed(2, "10.00", "1.60"))
    amounts = amounts_of(order)
    assert (amounts.total, amounts.vat, amounts.currency) == (
        Decimal("34.00"),
        Decimal("5.43"),
        "EUR",
    )
    assert amounts.why_not == ""


def parcel(reference: str) -> Any:
    return {"packageReferenceId": reference, "packageItems": []}


@pytest.mark.parametrize(
    ("order", "code"),
    [
        pytest.param(shipped(taxed(), packages=[parcel("1")]), "", id="one parcel"),
        pytest.param(
            shipped(taxed(), packages=[parcel("1"), parcel("2")]),
            "invoice.amounts_by_parcel",
            id="two parcels",
        ),
        pytest.param(
            shipped(taxed(), status="PARTIALLY_SHIPPED"), "invoice.amounts_by_parcel", id="partly"
        ),
        pytest.param(
            shipped(taxed(tax={"taxCollections": [{"model": "MARKETPLACE_FACILITATOR"}]})),
            "invoice.amounts_by_amazon",
            id="Amazon collects",
        ),
        pytest.param(shipped(taxed(), total="1.00"), "invoice.amounts_unknown", id="no sum"),
        pytest.param(shipped(taxed(), proceeds=None), "invoice.amounts_unknown", id="no total"),
    ],
)
def test_amounts_are_told_only_where_they_are_the_shipments(order: AmazonOrder, code: str) -> None:
    message = invoice_message(order, "R-1", PDF, "0" * 24)
    assert amounts_of(order).why_not.code == code
    assert [each.code for each in warnings_about(order, "R-1")] == ([code] if code else [])
    assert (message.total is None) == (message.vat is None) == bool(code)
    assert ("metadata:totalamount" in options_of(message)) == (not code)


def test_the_options_are_those_of_amazons_guide() -> None:
    message = invoice_message(shipped(taxed(total="1029.80")), " R-1 ", PDF, "0" * 24)
    assert options_of(message) == {
        "metadata:orderid": "302-1234567-1234567",
        "metadata:invoicenumber": "R-1",
        "metadata:documenttype": "Invoice",
        "metadata:totalamount": "1029.80",
        "metadata:totalvatamount": "4.76",
    }
    assert all(re.fullmatch(r"[ -~]*", value) for value in options_of(message).values())
    assert feed_type(message) is FeedType.INVOICE
    assert summary(message) == "R-1, €1,029.80"


@pytest.mark.parametrize(
    ("total", "currency", "code"),
    [
        ("29.80", "EUR", ""),
        ("29.8", "EUR", ""),
        ("29.81", "EUR", "invoice.total_differs"),
        ("29.80", "GBP", "invoice.total_differs"),
    ],
)
def test_saleors_total_is_amazons_or_it_is_said(total: str, currency: str, code: str) -> None:
    assert why_other_total(shipped(taxed()), Decimal(total), currency).code == code


def test_what_amazon_does_not_tell_cannot_differ() -> None:
    order = shipped(taxed(), proceeds={"grandTotal": money("1.00")})
    assert why_other_total(order, Decimal("29.80"), "EUR") == ""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Amazon will generate invoice for shipmentId N/A (79525)", "cure.own_invoices"),
        ("Invoice Upload API is in a closed beta. (79509)", "cure.own_invoices"),
        ("The order is not valid. (79517)", ""),
        ("79525", ""),
    ],
)
def test_some_rejections_have_a_cure(words: str, code: str) -> None:
    assert cure_of(words).code == code


# --- problems -------------------------------------------------------------------------------------


def known(number: int, state: IntentState, name: str = "R-1") -> Known:
    message = InvoiceUpload(
        order_id="302-1234567-1234567",
        marketplace_id="A1PA6795UKMFR9",
        number=name,
        currency="EUR",
        reference=f"{number:024x}",
        sha256="",
        size=1,
    )
    key = f"invoice:{message.reference}"
    return Known(number, key, IntentKind.INVOICE, "T3JkZXI6MQ==", state, name, message)


REJECTED, ACCEPTED, UNKNOWN, QUEUED = (
    IntentState.REJECTED,
    IntentState.ACCEPTED,
    IntentState.NEEDS_ATTENTION,
    IntentState.QUEUED,
)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([REJECTED], ["rejected"]),
        ([REJECTED, QUEUED], []),
        ([REJECTED, ACCEPTED], []),
        ([ACCEPTED, REJECTED], ["rejected"]),
        ([REJECTED, REJECTED], ["rejected", "rejected"]),
        ([UNKNOWN], ["needs_attention"]),
        ([UNKNOWN, ACCEPTED], ["needs_attention"]),
    ],
)
def test_a_rejection_is_over_once_another_invoice_went(
    states: list[IntentState], expected: list[str]
) -> None:
    order, saleor = shipped(taxed()), saleor_order({})
    told = [known(number, state) for number, state in enumerate(states, 1)]
    found = problems(told, saleor, order, match(order, saleor, told))
    assert [problem.kind for problem in found] == expected
