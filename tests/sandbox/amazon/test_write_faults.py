"""What goes wrong with writes: lost answers and effects, feeds that hang or end badly."""

from typing import Any

import pytest
import requests

from saleor_amazon_app.sandbox.amazon.app import running
from saleor_amazon_app.sandbox.amazon.state import State
from tests.sandbox.amazon.amazon import Caller, Client, ago, order_id
from tests.sandbox.amazon.test_faults import token
from tests.sandbox.amazon.writing import (
    ACKNOWLEDGE,
    ADJUST,
    FEEDS,
    FULFILL,
    XML,
    acknowledgement,
    confirm,
    confirmation,
    feed,
    fulfillment,
    post,
    process,
    refused,
    report,
    results,
    sell,
    submit,
    summary,
    told,
    upload,
)


def fault(client: Client, kind: str, **fields: Any) -> None:
    answer = client.post("/control/faults", json={"kind": kind, "count": 1} | fields)
    assert answer.status_code == 200, answer.text


def status(call: Caller, number: str) -> str:
    return str(told(call, number)["fulfillment"]["fulfillmentStatus"])


def test_a_confirmation_may_be_answered_and_lost(
    state: State, client: Client, call: Caller
) -> None:
    one, other = sell(state).order_id, sell(state, number=2).order_id
    fault(client, "drop_write", order_id=one)
    assert [confirm(call, each).status_code for each in (other, one)] == [204, 204]
    assert (status(call, one), status(call, other)) == ("UNSHIPPED", "SHIPPED")
    assert len(state.shipments) == 1
    confirm(call, one)
    assert status(call, one) == "SHIPPED"


def test_a_bad_confirmation_is_refused_even_if_its_effect_would_be_lost(
    state: State, client: Client, call: Caller
) -> None:
    fault(client, "drop_write")
    assert confirm(call, sell(state).order_id, trackingNumber=None).status_code == 400


def test_answers_get_lost_though_the_call_was_carried_out(state: State) -> None:
    sell(state)
    with running(state) as base, requests.Session() as session:
        headers = {"x-amz-access-token": token(session, base)}
        path = f"{base}/orders/v0/orders/{order_id(1)}/shipmentConfirmation"
        for operation in ("confirmShipment", "createFeed"):
            lost = {"kind": "lost_answer", "count": 1, "operation": operation}
            session.post(f"{base}/control/faults", json=lost)
        with pytest.raises(requests.ConnectionError):
            session.post(path, json=confirmation(), headers=headers, timeout=5)
        made = session.post(
            f"{base}/feeds/2021-06-30/documents", json={"contentType": XML}, headers=headers
        ).json()
        session.put(made["url"], data=b"<a/>", headers={"Content-Type": XML})
        body = {
            "feedType": FULFILL,
            "marketplaceIds": ["ATVPDKIKX0DER"],
            "inputFeedDocumentId": made["feedDocumentId"],
        }
        with pytest.raises(requests.ConnectionError):
            session.post(f"{base}{FEEDS}", json=body, headers=headers, timeout=5)
        found = session.get(f"{base}{FEEDS}", params={"feedTypes": FULFILL}, headers=headers).json()
        counted = session.get(f"{base}/control/calls").json()["calls"]
    assert len(found["feeds"]) == 1
    assert len(state.shipments) == 1
    assert counted["confirmShipment"] == {"lost_answer": 1}


@pytest.mark.parametrize(
    ("kind", "expected"), [("throttle", 429), ("server_error", 500), ("html_503", 503)]
)
def test_calls_that_write_fail_as_others_do(
    state: State, client: Client, call: Caller, kind: str, expected: int
) -> None:
    number = sell(state).order_id
    fault(client, kind, operation="confirmShipment")
    assert confirm(call, number).status_code == expected
    assert status(call, number) == "UNSHIPPED"
    document = upload(call, "x")
    fault(client, kind, operation="createFeed")
    assert submit(call, FULFILL, document).status_code == expected
    assert state.feeds == {}


def test_an_upload_can_fail(client: Client, call: Caller) -> None:
    fault(client, "html_503", operation="uploadFeedDocument")
    made = call.send("POST", "/feeds/2021-06-30/documents", {"contentType": XML}).json
    sent = [client.open(made["url"], method="PUT", data=b"x", content_type=XML) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [503, 200]


def test_a_feed_can_hang_until_a_time_or_until_it_is_resumed(
    state: State, client: Client, call: Caller
) -> None:
    first, second = sell(state).order_id, sell(state, number=2).order_id
    fault(client, "feed_hangs", until=ago(hours=-1))
    feed_id = post(call, ACKNOWLEDGE, acknowledgement(first))
    fault(client, "feed_hangs")
    other_id = post(call, ACKNOWLEDGE, acknowledgement(second))
    state.clock.advance(3000)
    found = [feed(call, each)["processingStatus"] for each in (feed_id, other_id)]
    assert found == ["IN_PROGRESS"] * 2
    state.clock.advance(600)
    call.access_token = None
    assert (status(call, first), status(call, second)) == ("CANCELLED", "UNSHIPPED")
    resumed = client.post(f"/control/feeds/A1SELLER/{other_id}/resume").json
    assert (resumed["status"], status(call, second)) == ("DONE", "CANCELLED")


def test_a_feed_can_be_slow(state: State, client: Client, call: Caller) -> None:
    fault(client, "feed_slow", seconds=600)
    feed_id = post(call, ACKNOWLEDGE, acknowledgement(sell(state).order_id))
    state.clock.advance(614)
    assert feed(call, feed_id)["processingStatus"] == "IN_PROGRESS"
    state.clock.advance(1)
    assert feed(call, feed_id)["processingStatus"] == "DONE"


@pytest.mark.parametrize(
    ("kind", "end", "cancelled"),
    [
        ("feed_fatal", "FATAL", []),
        ("feed_fatal_partly", "FATAL", [1, 2]),
        ("feed_cancelled", "CANCELLED", []),
    ],
)
def test_feeds_that_end_badly_have_done_nothing_or_a_half(
    state: State, client: Client, call: Caller, kind: str, end: str, cancelled: list[int]
) -> None:
    numbers = [sell(state, number=n).order_id for n in (1, 2, 3)]
    fault(client, kind, feed_type=ACKNOWLEDGE)
    feed_id = post(call, ACKNOWLEDGE, *(acknowledgement(each) for each in numbers))
    state.clock.advance(15)
    ended = feed(call, feed_id)
    assert ended["processingStatus"] == end
    assert "resultFeedDocumentId" not in ended
    gone = [n for n, each in enumerate(numbers, 1) if status(call, each) == "CANCELLED"]
    assert gone == cancelled


def test_a_fault_may_be_for_another_type_of_feed(
    state: State, client: Client, call: Caller
) -> None:
    order_id = sell(state).order_id
    fault(client, "feed_fatal", feed_type=ADJUST)
    process(state, call, ACKNOWLEDGE, acknowledgement(order_id))
    assert status(call, order_id) == "CANCELLED"


def test_a_message_can_be_refused_for_a_reason_of_ones_own(
    state: State, client: Client, call: Caller
) -> None:
    one, other = sell(state).order_id, sell(state, number=2).order_id
    fault(client, "message_error", order_id=other, description="Try tomorrow.", code=18125)
    answer = process(state, call, FULFILL, fulfillment(one), fulfillment(other))
    assert summary(answer) == (2, 1, 1, 0)
    assert results(answer) == [("2", "Error", "18125", "Try tomorrow.")]
    assert (status(call, one), status(call, other)) == ("SHIPPED", "UNSHIPPED")


def test_a_message_can_get_a_warning(state: State, client: Client, call: Caller) -> None:
    number = sell(state).order_id
    fault(client, "message_warning", description="Odd.")
    answer = process(state, call, FULFILL, fulfillment(number))
    assert summary(answer) == (1, 1, 0, 1)
    assert results(answer) == [("1", "Warning", "25", "Odd.")]
    assert status(call, number) == "SHIPPED"


def test_a_feed_may_be_done_without_a_report(state: State, client: Client, call: Caller) -> None:
    number = sell(state).order_id
    fault(client, "report_missing")
    feed_id = post(call, ACKNOWLEDGE, acknowledgement(number))
    state.clock.advance(15)
    assert feed(call, feed_id)["processingStatus"] == "DONE"
    assert "resultFeedDocumentId" not in feed(call, feed_id)
    assert status(call, number) == "CANCELLED"


def test_reports_come_in_another_charset(state: State, client: Client, call: Caller) -> None:
    client.post("/control/feeds/settings", json={"report_charset": "Shift_JIS"})
    fault(client, "message_error", description="\u6ce8\u6587\u304c \u00fc")
    feed_id = post(call, ACKNOWLEDGE, acknowledgement(sell(state).order_id))
    state.clock.advance(15)
    document = state.documents[feed(call, feed_id)["resultFeedDocumentId"]]
    assert document.content_type == "text/xml; charset=Shift_JIS"
    (shown,) = client.get("/control/feeds").json
    assert shown["report"].startswith('<?xml version="1.0" encoding="Shift_JIS"?>')
    assert "\u6ce8\u6587\u304c &#252;" in shown["report"]
    assert client.post("/control/feeds/settings", json={"report_charset": "x"}).status_code == 400


def test_a_report_says_what_became_of_each_message(state: State, call: Caller) -> None:
    number = sell(state).order_id
    feed_id = post(call, FULFILL, fulfillment(number), fulfillment("111-9999999-9999999"))
    state.clock.advance(15)
    answer = report(call, feed_id)
    assert answer.findtext("Header/DocumentVersion") == "1.02"
    assert answer.findtext("Header/MerchantIdentifier") == "A1SELLER"
    assert answer.findtext("MessageType") == "ProcessingReport"
    inner = "Message/ProcessingReport"
    assert answer.findtext(f"{inner}/DocumentTransactionID") == feed_id
    assert answer.findtext(f"{inner}/StatusCode") == "Complete"
    assert summary(answer) == (2, 1, 1, 0)
    assert refused_order(answer) == "111-9999999-9999999"


def refused_order(answer: Any) -> str:
    return str(answer.findtext(".//AdditionalInfo/AmazonOrderID"))


def test_a_refused_message_changes_nothing(state: State, call: Caller) -> None:
    number = sell(state, programs=["FBM_SHIP_PLUS"]).order_id
    before = told(call, number)
    assert refused(process(state, call, FULFILL, fulfillment(number)))
    assert told(call, number) == before
