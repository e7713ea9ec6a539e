"""Invoices through the API: a look at what would go, and then exactly that."""

import base64
from typing import Any

import pytest

from saleor_amazon_app.sync import guarding
from tests.mirror.amazon_orders import breakdown, item
from tests.shop_world import ShopWorld
from tests.sync.test_invoices import PDF, invoice_in_saleor, taken
from tests.web.api.staff import Staff

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

INVOICE = {"number": "R-1", "file": base64.b64encode(PDF).decode()}


@pytest.fixture
def staff(shop: ShopWorld) -> Staff:
    made = Staff(shop)
    parts = [breakdown("ITEM", "29.80"), breakdown("TAX", "4.76")]
    shop.sell(item(quantity=2, total="29.80", shipped=2, breakdowns=parts), status="SHIPPED")
    shop.run()
    return made


def preview(staff: Staff, **changes: Any) -> Any:
    return staff.post(f"{staff.path()}/invoices/preview", INVOICE | changes)


def send(staff: Staff, **changes: Any) -> Any:
    seen = preview(staff, **changes)
    named = {"request_id": seen["request_id"], "digest": seen["digest"]}
    return staff.post(f"{staff.path()}/invoices", INVOICE | changes | named)


def test_an_invoice_goes_as_it_was_seen_and_shows_what_became_of_it(staff: Staff) -> None:
    seen = preview(staff)
    assert (seen["number"], seen["total"], seen["vat"], seen["currency"]) == (
        "R-1",
        "29.80",
        "4.76",
        "EUR",
    )
    assert (seen["size"], seen["warnings"]) == (len(PDF), [])
    assert {"name": "metadata:invoicenumber", "value": "R-1"} in seen["options"]
    assert staff.order()["intents"] == []
    shown = send(staff)
    (intent,) = shown["intents"]
    assert (intent["kind"], intent["state"]) == ("invoice", "queued")
    assert intent["summary"]["code"] == "summary.invoice"
    assert shown["timeline"][0]["message"]["code"] == "history.invoice_asked"
    assert "@" in shown["timeline"][0]["by"]
    staff.day.carry(4, minutes=5)
    assert staff.order()["intents"][0]["state"] == "accepted"
    assert taken(staff.day) == [("R-1", "29.80", "4.76", len(PDF))]


def test_what_there_is_to_send_is_shown(staff: Staff) -> None:
    invoice_id = invoice_in_saleor(staff.day, "https://files.example/1.pdf")
    shown = staff.get(f"{staff.path()}/invoices")
    (listed,) = shown["saleor"]
    assert (listed["id"], listed["number"], listed["has_file"]) == (invoice_id, "SAL-7", True)
    assert shown["total"] == {"amount": "29.80", "currency": "EUR"}
    assert shown["vat"] == {"amount": "4.76", "currency": "EUR"}
    assert shown["why_no_amounts"] is None


def test_a_file_that_cannot_be_had_is_saleors_side(staff: Staff) -> None:
    invoice_id = invoice_in_saleor(staff.day, "https://127.0.0.1:1/1.pdf")
    body = {"saleor_invoice_id": invoice_id}
    problem = staff.refused("POST", f"{staff.path()}/invoices/preview", body)
    assert (problem["status"], problem["side"], problem["code"]) == (502, "saleor", "private")
    assert problem["sentence"]["code"] == "invoice.address_private"
    assert problem["cure_sentence"]["code"] == "cure.private_store"


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"number": ""}, "number", "invoice.number_missing"),
        ({"file": ""}, "file", "invoice.file_empty"),
        ({"file": "not base64!"}, "file", "invoice.file_unreadable"),
        ({"file": "aGVsbG8="}, "file", "invoice.not_pdf"),
        ({"file": None}, "file", "invoice.file_missing"),
    ],
)
def test_what_does_not_do_is_told_at_its_field(
    staff: Staff, changes: dict[str, Any], field: str, code: str
) -> None:
    problem = staff.refused("POST", f"{staff.path()}/invoices/preview", INVOICE | changes)
    assert (problem["status"], problem["code"]) == (422, "not_fitting")
    (fault,) = problem["fields"]
    assert (fault["field"], fault["sentence"]["code"]) == (field, code)


def test_a_large_file_passes_where_other_requests_may_not_be_large(staff: Staff) -> None:
    large = base64.b64encode(PDF + b"\n" * 2_000_000).decode()
    assert preview(staff, file=large)["size"] == len(PDF) + 2_000_000
    shown = send(staff, file=large)
    assert shown["intents"][0]["state"] == "queued"
    body = {"kind": "unexpectedProblem", "text": "x" * 2_000_000}
    problem = staff.refused("POST", f"{staff.path()}/messages/preview", body)
    assert problem["status"] == 413


def test_a_file_above_amazons_limit_is_refused_in_words(staff: Staff) -> None:
    large = base64.b64encode(PDF + b"\n" * 10 * 1024 * 1024).decode()
    problem = staff.refused("POST", f"{staff.path()}/invoices/preview", INVOICE | {"file": large})
    assert problem["fields"][0]["sentence"]["code"] == "invoice.file_too_large"


def test_what_cannot_be_had_says_why_before_anybody_asks(staff: Staff) -> None:
    assert staff.order()["permits"]["invoice"] == {"allowed": True, "why_not": None}
    guarding.set_read_only(staff.shop.services, staff.shop.tenant_id, on=True)
    permit = staff.order()["permits"]["invoice"]
    assert (permit["allowed"], permit["why_not"]["code"]) == (False, "why_not.read_only")
    problem = staff.refused("POST", f"{staff.path()}/invoices/preview", INVOICE)
    assert (problem["status"], problem["code"]) == (409, "read_only")


def test_a_rejected_invoice_is_not_offered_again_without_its_file(staff: Staff) -> None:
    (seller,) = staff.shop.amazon.sellers.values()
    seller.invoiced_by_amazon = True
    send(staff)
    staff.day.carry(4, minutes=5)
    (intent,) = staff.order()["intents"]
    assert (intent["state"], intent["may_send_again"]) == ("rejected", False)
    assert "79525" in intent["answer"]["text"]
    (problem,) = staff.order()["problems"]
    assert problem["kind"] == "rejected"
