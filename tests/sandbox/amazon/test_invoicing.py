"""The feed of invoices at the simulated Amazon: its checks, its report, what it keeps."""

import gzip
from typing import Any

import pytest

from saleor_amazon_app.sandbox.amazon.state import INVOICING_ROLE, State
from tests.sandbox.amazon.amazon import SELLER, UK, US, Caller, Client
from tests.sandbox.amazon.writing import DOCUMENTS, FEEDS, an_item, feed, sell, upload

PDF = b"%PDF-1.7 ..."
KIND = "UPLOAD_VAT_INVOICE"
Json = dict[str, Any]


def an_order(state: State, **fulfillment: Any) -> str:
    items = [an_item(price="20.00", currency="GBP", tax_on_top=False, tax="3.33")]
    told = {"fulfillmentStatus": "SHIPPED", "fulfilledBy": "MERCHANT"} | fulfillment
    return sell(state, *items, marketplace=UK, fulfillment=told).order_id


def options(order_id: str, **changes: str) -> Json:
    told = {
        "orderid": order_id,
        "invoicenumber": "R-1",
        "totalamount": "20.00",
        "totalvatamount": "3.33",
        "documenttype": "Invoice",
    }
    return {f"metadata:{name}": value for name, value in (told | changes).items() if value}


def send(
    state: State,
    call: Caller,
    told: Json,
    content: bytes = PDF,
    marketplaces: tuple[str, ...] = (UK,),
) -> str:
    """Upload an invoice, wait for its end, and return the report."""
    document = upload(call, content, "application/pdf")
    body = {
        "feedType": KIND,
        "marketplaceIds": list(marketplaces),
        "inputFeedDocumentId": document,
        "feedOptions": told,
    }
    feed_id = call.send("POST", FEEDS, body).json["feedId"]
    state.clock.advance(60)
    done = feed(call, feed_id)
    assert done["processingStatus"] == "DONE"
    made = call.send("GET", f"{DOCUMENTS}/{done['resultFeedDocumentId']}").json
    packed = call.client.get(made["url"]).data
    return gzip.decompress(packed).decode()


def test_an_invoice_is_taken_and_kept(state: State, call: Caller, client: Client) -> None:
    order_id = an_order(state)
    told = send(state, call, options(order_id))
    assert told == (
        "Feed Processing Summary:\n"
        "\tNumber of records processed\t\t1\n"
        "\tNumber of records successful\t\t1\n"
    )
    (kept,) = client.get("/control/invoices").json
    del kept["at"], kept["feed_id"]
    assert kept == {
        "order_id": order_id,
        "seller_id": SELLER,
        "number": "R-1",
        "total": "20.00",
        "vat": "3.33",
        "size": len(PDF),
    }


def test_keys_may_be_in_any_case_and_amounts_left_out(state: State, call: Caller) -> None:
    order_id = an_order(state)
    send(state, call, {"metadata:OrderId": order_id, "METADATA:InvoiceNumber": "R-1"})
    assert [(i.number, i.total) for i in state.invoices] == [("R-1", None)]


@pytest.mark.parametrize(
    ("changes", "number", "words"),
    [
        ({"orderid": ""}, "79513", "Please provide metadata:orderid"),
        ({"invoicenumber": ""}, "79513", "Please provide metadata:invoicenumber"),
        ({"documenttype": "Receipt"}, "79531", "The document type Receipt is not supported"),
        ({"orderid": "026-0000000-0000000"}, "79517", "is not valid"),
        ({"totalamount": "20.01"}, "", "does not match"),
        ({"totalvatamount": "x"}, "", "does not match"),
    ],
)
def test_what_is_wrong_with_the_options_is_told(
    state: State, call: Caller, changes: dict[str, str], number: str, words: str
) -> None:
    told = send(state, call, options(an_order(state), **changes))
    row = told.splitlines()[-1].split("\t")
    assert (row[:4], words in row[4]) == (["1", "", number, "Error"], True)
    assert "successful\t\t0" in told
    assert state.invoices == []


@pytest.mark.parametrize(("content", "number"), [(b"<html>", "79503"), (b"", "79540")])
def test_what_is_no_pdf_is_refused(state: State, call: Caller, content: bytes, number: str) -> None:
    assert f"\t{number}\tError" in send(state, call, options(an_order(state)), content)


@pytest.mark.parametrize("marketplaces", [(US,), (UK, US)])
def test_one_store_that_has_invoices_is_named(
    state: State, call: Caller, marketplaces: tuple[str, ...]
) -> None:
    told = send(state, call, options(an_order(state)), marketplaces=marketplaces)
    assert "\t79523\tError" in told


def test_an_order_that_has_not_left_takes_none(state: State, call: Caller) -> None:
    order_id = an_order(state, fulfillmentStatus="UNSHIPPED")
    assert "\t79517\tError" in send(state, call, options(order_id))


def test_a_seller_whose_invoices_amazon_writes_uploads_none(
    state: State, call: Caller, client: Client
) -> None:
    path = f"/control/sellers/{SELLER}/invoicing"
    assert client.post(path, json={"by_amazon": True}).json == {"by_amazon": True}
    told = send(state, call, options(an_order(state)))
    assert "\t79525\tError\tAmazon will generate invoice for" in told


def test_its_role_is_needed(state: State, call: Caller) -> None:
    state.sellers[SELLER].roles -= {INVOICING_ROLE}
    body = {
        "feedType": KIND,
        "marketplaceIds": [UK],
        "inputFeedDocumentId": upload(call, PDF, "application/pdf"),
        "feedOptions": options("1"),
    }
    assert call.send("POST", FEEDS, body).status_code == 403


@pytest.mark.parametrize("told", [["x"], {"metadata:totalamount": 20.0}])
def test_options_are_texts(state: State, call: Caller, told: Any) -> None:
    body = {
        "feedType": KIND,
        "marketplaceIds": [UK],
        "inputFeedDocumentId": upload(call, PDF, "application/pdf"),
        "feedOptions": told,
    }
    assert call.send("POST", FEEDS, body).status_code == 400
