"""What is wrong with a feed's document as a whole, or with one of its messages."""

import pytest

from saleor_amazon_app.sandbox.amazon.feed_schemas import BODIES
from saleor_amazon_app.sandbox.amazon.feed_xml import DocumentRejected, read
from saleor_amazon_app.sandbox.amazon.state import State
from tests.sandbox.amazon.amazon import SELLER, Caller, order_id
from tests.sandbox.amazon.writing import (
    ACKNOWLEDGE,
    MUG,
    acknowledgement,
    adjusted_item,
    adjustment,
    cancelled_item,
    cancelled_units,
    envelope,
    feed,
    fulfillment,
    process,
    refused,
    report,
    results,
    sell,
    shipped_item,
    submit,
    summary,
    upload,
)

ORDER = order_id(1)
GOOD = envelope("OrderAcknowledgement", acknowledgement(ORDER))


def fault_of(body: str) -> str:
    """Return what breaks the schema in a message, if anything does."""
    kind = next(name for name in BODIES if body.startswith(f"<{name}>"))
    (message,) = read(envelope(kind, body).encode(), SELLER, kind)
    return message.fault


def whole(state: State, call: Caller, content: str | bytes) -> tuple[str, str, str]:
    """Send a document; return the report's status, and its only result's number and text."""
    feed_id = submit(call, ACKNOWLEDGE, upload(call, content)).json["feedId"]
    state.clock.advance(15)
    assert feed(call, feed_id)["processingStatus"] == "DONE"
    told = report(call, feed_id)
    assert summary(told) == (1, 0, 1, 0)
    ((message_id, code, number, text),) = results(told)
    assert (message_id, code) == ("0", "Error")
    return told.findtext("Message/ProcessingReport/StatusCode", ""), number, text


def test_a_document_that_is_not_well_formed(state: State, call: Caller) -> None:
    status, number, text = whole(state, call, GOOD.replace("</StatusCode>", ""))
    assert (status, number) == ("Complete", "5001")
    assert text.startswith("XML Parsing Fatal Error at Line 1")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b'<?xml version="1.0" encoding="x"?><a/>'])
def test_documents_that_are_no_xml(state: State, call: Caller, content: bytes) -> None:
    assert whole(state, call, content)[1] == "5001"


def test_a_byte_order_mark_is_not_taken(state: State, call: Caller) -> None:
    _, number, text = whole(state, call, "\ufeff" + GOOD)
    assert number == "50001"
    assert "ill-formed at the Amazon Envelope XML level" in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("AmazonEnvelope", "Envelope"),
        ("<DocumentVersion>1.01</DocumentVersion>", ""),
        ("1.01", "one"),
        ("<Header>", "<Header><Extra/>"),
        ("<AmazonEnvelope ", '<AmazonEnvelope xmlns="urn:x" '),
        ("<AmazonEnvelope ", '<AmazonEnvelope version="1" '),
        ("</Message>", "</Message><Footer/>"),
        ("<Message>", "loose text<Message>"),
    ],
)
def test_an_envelope_must_be_right(state: State, call: Caller, old: str, new: str) -> None:
    assert whole(state, call, GOOD.replace(old, new))[1] == "50001"


def test_a_feed_without_messages_is_refused(state: State, call: Caller) -> None:
    assert whole(state, call, envelope("OrderAcknowledgement"))[1] == "50001"


def test_the_message_type_must_fit_the_feed_type(state: State, call: Caller) -> None:
    status, _, text = whole(state, call, envelope("OrderFulfillment", fulfillment(ORDER)))
    assert status == "Rejected"
    assert text.startswith("We are unable to process the XML feed")


def test_the_merchant_must_be_the_seller(state: State, call: Caller) -> None:
    body = acknowledgement(sell(state).order_id)
    content = envelope("OrderAcknowledgement", body, seller="My Store")
    assert whole(state, call, content)[0] == "Rejected"


def test_another_charset_is_read_as_declared() -> None:
    own = "<MerchantOrderID>\u6ce8\u6587</MerchantOrderID>"
    body = acknowledgement(ORDER, "Success", own=own)
    text = envelope("OrderAcknowledgement", body).replace("UTF-8", "Shift_JIS")
    (message,) = read(text.encode("shift_jis"), SELLER, "OrderAcknowledgement")
    assert message.body is not None
    assert message.body.findtext("MerchantOrderID") == "\u6ce8\u6587"


@pytest.mark.parametrize(
    "body",
    [
        acknowledgement(ORDER, items=cancelled_item() + cancelled_item("20000000000002")),
        acknowledgement(ORDER, "Success", own="<MerchantOrderID>1</MerchantOrderID>"),
        adjustment(ORDER, adjusted_item(Principal="9.99", RestockingFee="-1")),
        adjustment(ORDER, adjusted_item(Principal="9", promotions={"Principal": "-1.00"})),
        adjustment(ORDER, cancelled_units(MUG, 1), action="Cancel"),
        fulfillment(ORDER),
        fulfillment(ORDER, shipped_item(MUG, 2)),
        fulfillment(ORDER).replace("UPS<", "Kleiner Bote<"),
    ],
)
def test_messages_that_keep_to_the_schema(body: str) -> None:
    assert fault_of(body) == ""


@pytest.mark.parametrize(
    ("body", "old", "new"),
    [
        (acknowledgement(ORDER), ORDER, "111-1"),
        (acknowledgement(ORDER), "Failure", "failure"),
        (acknowledgement(ORDER), "<StatusCode>Failure</StatusCode>", ""),
        (acknowledgement(ORDER, items=cancelled_item()), MUG, "1"),
        (acknowledgement(ORDER, items=cancelled_item()), "NoInventory", "NoStock"),
        (acknowledgement(ORDER), "</Order", "<Note>x</Note></Order"),
        (acknowledgement(ORDER, own="<MerchantOrderID>" + "x" * 51 + "</MerchantOrderID>"), "", ""),
        (adjustment(ORDER, adjusted_item(Principal="1")), "<Component>", ""),
        (adjustment(ORDER, adjusted_item(Principal="1")), "CustomerReturn", "ProductOutOfStock"),
        (adjustment(ORDER, adjusted_item(Principal="1.005")), "", ""),
        (adjustment(ORDER, adjusted_item(Principal="ten")), "", ""),
        (adjustment(ORDER, adjusted_item(Principal="1", currency="XXX")), "", ""),
        (adjustment(ORDER, adjusted_item(Pricipal="1")), "", ""),
        (adjustment(ORDER, adjusted_item(promotions={"Tax": "-1"})), "", ""),
        (adjustment(ORDER), "", ""),
        (adjustment(ORDER, cancelled_units(MUG, 0)), "", ""),
        (fulfillment(ORDER), "T", " "),
        (fulfillment(ORDER), ">UPS<", ">Ups<"),
        (fulfillment(ORDER), "<MerchantFulfillmentID>7", "<MerchantFulfillmentID>A7"),
        (fulfillment(ORDER, shipped_item(MUG, 0)), "", ""),
    ],
)
def test_messages_that_break_the_schema(body: str, old: str, new: str) -> None:
    broken = body.replace(old, new)
    if (old, new) == ("<Component>", ""):
        broken = broken.replace("</Component>", "")
    if (old, new) == ("T", " "):
        broken = body.replace("2026-11-23T", "2026-11-23 ")
    assert fault_of(broken)


def test_elements_must_come_in_their_order() -> None:
    code = f"<AmazonOrderItemCode>{MUG}</AmazonOrderItemCode>"
    reason = "<CancelReason>NoInventory</CancelReason>"
    assert not fault_of(acknowledgement(ORDER, items=f"<Item>{code}{reason}</Item>"))
    assert fault_of(acknowledgement(ORDER, items=f"<Item>{reason}{code}</Item>"))


def test_an_item_is_named_in_one_way_only() -> None:
    both = adjusted_item(Principal="1").replace(
        "<AdjustmentReason>",
        "<MerchantOrderItemID>1</MerchantOrderItemID><AdjustmentReason>",
    )
    assert fault_of(adjustment(ORDER, both))


def test_a_message_that_breaks_the_schema_is_error_5000_and_others_go_on(
    state: State, call: Caller
) -> None:
    good, bad = sell(state).order_id, sell(state, number=2).order_id
    bodies = acknowledgement(bad, "Maybe"), acknowledgement(good)
    told = process(state, call, ACKNOWLEDGE, *bodies)
    assert summary(told) == (2, 1, 1, 0)
    ((message_id, code, number, text),) = results(told)
    assert (message_id, code, number) == ("1", "Error", "5000")
    assert text.startswith("This is a malformed or invalid XML document.")


def test_message_ids_are_unique() -> None:
    text = envelope("OrderAcknowledgement", acknowledgement(ORDER), acknowledgement(ORDER))
    text = text.replace("<MessageID>2<", "<MessageID>1<")
    first, second = read(text.encode(), SELLER, "OrderAcknowledgement")
    assert (first.fault, "not unique" in second.fault) == ("", True)


def test_a_message_holds_what_its_type_names(state: State, call: Caller) -> None:
    assert "is expected" in refused(process(state, call, ACKNOWLEDGE, fulfillment(ORDER)))


def test_an_empty_message_does_not_hurt(state: State, call: Caller) -> None:
    assert "is expected" in refused(process(state, call, ACKNOWLEDGE, ""))


def test_reading_raises_what_the_report_says() -> None:
    with pytest.raises(DocumentRejected) as caught:
        read(b"<a>", SELLER, "OrderAcknowledgement")
    assert caught.value.number == 5001
