"""Feeds and their documents: the way from an upload to a report, on the simulated clock."""

from collections.abc import Callable
from typing import Any

import pytest

from saleor_amazon_app.sandbox.amazon.limits import PLANS
from saleor_amazon_app.sandbox.amazon.state import State
from tests.sandbox.amazon.amazon import JP, NOW, UK, US, Caller, Client, ago
from tests.sandbox.amazon.test_conformance import faults_of, unknown_fields
from tests.sandbox.amazon.writing import (
    ACKNOWLEDGE,
    ADJUST,
    DOCUMENTS,
    FEEDS,
    FULFILL,
    XML,
    acknowledgement,
    envelope,
    feed,
    post,
    report,
    sell,
    submit,
    told,
    upload,
)

Model = Callable[[str], dict[str, Any]]


def a_cancellation(state: State, call: Caller) -> str:
    return post(call, ACKNOWLEDGE, acknowledgement(sell(state).order_id))


def test_a_feed_waits_is_worked_on_and_is_done(state: State, call: Caller) -> None:
    feed_id = a_cancellation(state, call)
    assert feed(call, feed_id) == {
        "feedId": feed_id,
        "feedType": ACKNOWLEDGE,
        "marketplaceIds": [US],
        "createdTime": "2026-11-23T12:00:00.000Z",
        "processingStatus": "IN_QUEUE",
    }
    state.clock.advance(5)
    assert feed(call, feed_id)["processingStatus"] == "IN_PROGRESS"
    assert feed(call, feed_id)["processingStartTime"] == "2026-11-23T12:00:05.000Z"
    state.clock.advance(10)
    done = feed(call, feed_id)
    assert done["processingStatus"] == "DONE"
    assert done["processingEndTime"] == "2026-11-23T12:00:15.000Z"
    assert done["resultFeedDocumentId"]


def test_its_effect_has_the_time_of_its_end_however_late_one_looks(
    state: State, call: Caller
) -> None:
    order_id = sell(state).order_id
    post(call, ACKNOWLEDGE, acknowledgement(order_id))
    state.clock.advance(600)
    order = told(call, order_id)
    assert order["fulfillment"]["fulfillmentStatus"] == "CANCELLED"
    assert order["lastUpdatedTime"] == "2026-11-23T12:00:15.000Z"


def test_how_long_feeds_take_can_be_set(state: State, client: Client, call: Caller) -> None:
    client.post("/control/feeds/settings", json={"queue_seconds": 60, "work_seconds": 0})
    feed_id = a_cancellation(state, call)
    state.clock.advance(59)
    assert feed(call, feed_id)["processingStatus"] == "IN_QUEUE"
    state.clock.advance(1)
    assert feed(call, feed_id)["processingStatus"] == "DONE"


def test_an_upload_needs_no_token_and_ends_after_five_minutes(
    state: State, client: Client, call: Caller
) -> None:
    url = call.send("POST", DOCUMENTS, {"contentType": XML}).json["url"]
    state.clock.advance(299)
    assert client.open(url, method="PUT", data=b"<a/>", content_type=XML).status_code == 200
    state.clock.advance(1)
    late = client.open(url, method="PUT", data=b"<a/>", content_type=XML)
    assert (late.status_code, late.mimetype) == (403, "application/xml")


@pytest.mark.parametrize("kind", ["text/xml", "text/xml; charset=utf-8", "application/xml", None])
def test_an_upload_must_have_the_content_type_that_was_signed_for(
    client: Client, call: Caller, kind: str | None
) -> None:
    url = call.send("POST", DOCUMENTS, {"contentType": XML}).json["url"]
    assert client.open(url, method="PUT", data=b"<a/>", content_type=kind).status_code == 403


def test_an_address_serves_its_purpose_only(client: Client, call: Caller) -> None:
    url = call.send("POST", DOCUMENTS, {"contentType": XML}).json["url"]
    assert client.get(url).status_code == 403
    assert client.open(f"{url}x", method="PUT", data=b"", content_type=XML).status_code == 403


def test_a_document_needs_a_content_type(call: Caller) -> None:
    assert call.send("POST", DOCUMENTS, {}).status_code == 400


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"feedType": None}, 400),
        ({"feedType": "POST_DREAMS"}, 400),
        ({"marketplaceIds": None}, 400),
        ({"marketplaceIds": []}, 400),
        ({"marketplaceIds": [US] * 26}, 400),
        ({"marketplaceIds": ["ELSEWHERE"]}, 403),
        ({"inputFeedDocumentId": None}, 400),
        ({"inputFeedDocumentId": "badDocumentId"}, 400),
    ],
)
def test_what_a_feed_must_name(call: Caller, change: dict[str, Any], status: int) -> None:
    body = {"feedType": FULFILL, "marketplaceIds": [US], "inputFeedDocumentId": upload(call, "x")}
    assert call.send("POST", FEEDS, body | change).status_code == status


def test_a_document_must_be_uploaded_and_ones_own(state: State, call: Caller) -> None:
    empty = call.send("POST", DOCUMENTS, {"contentType": XML}).json["feedDocumentId"]
    assert submit(call, FULFILL, empty).status_code == 400
    state.add_seller("OTHER", "Atzr|other", [US])
    other = Caller(call.client, "Atzr|other")
    assert submit(other, FULFILL, upload(call, "x")).status_code == 400


def test_a_seller_without_the_roles_cannot_send_order_feeds(state: State, call: Caller) -> None:
    state.add_seller("TAX", "Atzr|tax", [US], roles=["TAX_INVOICING"])
    other = Caller(call.client, "Atzr|tax")
    assert submit(other, FULFILL, upload(other, "x")).status_code == 403


def test_feed_types_that_amazon_removed_are_fatal(state: State, call: Caller) -> None:
    feed_id = submit(call, "POST_PRODUCT_DATA", upload(call, "x")).json["feedId"]
    state.clock.advance(15)
    assert feed(call, feed_id)["processingStatus"] == "FATAL"


def test_ids_are_unique_only_for_one_seller(state: State, call: Caller) -> None:
    state.add_seller("OTHER", "Atzr|other", [US])
    other = Caller(call.client, "Atzr|other")
    ids = [submit(who, FULFILL, upload(who, "x")).json["feedId"] for who in (call, other, call)]
    assert ids[0] == ids[1] != ids[2]
    state.clock.advance(5)
    call.send("DELETE", f"{FEEDS}/{ids[2]}")
    assert other.send("GET", f"{FEEDS}/{ids[2]}").status_code == 404


def test_a_feed_can_be_cancelled_while_it_waits(state: State, call: Caller) -> None:
    feed_id = a_cancellation(state, call)
    answer = call.send("DELETE", f"{FEEDS}/{feed_id}")
    assert (answer.status_code, answer.data) == (200, b"")
    assert feed(call, feed_id)["processingStatus"] == "CANCELLED"
    state.clock.advance(60)
    assert state.feeds[("A1SELLER", feed_id)].status == "CANCELLED"
    assert call.send("DELETE", f"{FEEDS}/{feed_id}").status_code == 400


def test_feeds_are_found_by_type_state_marketplace_and_time(state: State, call: Caller) -> None:
    first = a_cancellation(state, call)
    state.clock.advance(60)
    document = upload(call, envelope("OrderAdjustment"))
    second = submit(call, ADJUST, document, UK).json["feedId"]
    third = submit(call, ACKNOWLEDGE, upload(call, "x"), UK, JP).json["feedId"]

    def found(**query: Any) -> list[str]:
        query.setdefault("feedTypes", f"{ACKNOWLEDGE},{ADJUST}")
        answer = call.get(FEEDS, **query)
        assert answer.status_code == 200, answer.text
        return [each["feedId"] for each in answer.json["feeds"]]

    assert found() == [third, second, first]
    assert found(feedTypes=ADJUST) == [second]
    assert found(processingStatuses="DONE,FATAL") == [first]
    assert found(marketplaceIds=JP) == [third]
    assert found(createdSince=ago(seconds=-30)) == [third, second]
    assert found(createdUntil=ago(seconds=-30)) == [first]


def test_feeds_come_in_pages(state: State, call: Caller) -> None:
    ids = [a_cancellation(state, call) for _ in range(3)]
    answer = call.get(FEEDS, feedTypes=ACKNOWLEDGE, pageSize=2).json
    assert [each["feedId"] for each in answer["feeds"]] == ids[:0:-1]
    rest = call.get(FEEDS, nextToken=answer["nextToken"]).json
    assert [each["feedId"] for each in rest["feeds"]] == ids[:1]
    assert "nextToken" not in rest
    both = call.get(FEEDS, nextToken=answer["nextToken"], feedTypes=ACKNOWLEDGE)
    assert both.status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"feedTypes": ",".join(["A"] * 11)},
        {"feedTypes": "A", "processingStatuses": "BAD_VALUE,DONE"},
        {"feedTypes": "A", "createdSince": "yesterday"},
        {"feedTypes": "A", "pageSize": "101"},
        {"nextToken": "made-up"},
    ],
)
def test_searches_that_are_refused(call: Caller, query: dict[str, str]) -> None:
    assert call.get(FEEDS, **query).status_code == 400


def test_feeds_are_forgotten_after_four_weeks(state: State, call: Caller) -> None:
    a_cancellation(state, call)
    state.clock.advance(28 * 86_400 + 1)
    call.access_token = None
    assert call.get(FEEDS, feedTypes=ACKNOWLEDGE, createdSince=ago(days=60)).json["feeds"] == []


def test_a_report_is_compressed_and_its_address_ends(
    state: State, client: Client, call: Caller
) -> None:
    feed_id = a_cancellation(state, call)
    state.clock.advance(15)
    assert report(call, feed_id).tag == "AmazonEnvelope"
    path = f"{DOCUMENTS}/{feed(call, feed_id)['resultFeedDocumentId']}"
    url = call.send("GET", path).json["url"]
    assert client.get(url).headers["Content-Encoding"] == "identity"
    asked = call.get(path, enableContentEncodingUrlHeader="true").json["url"]
    assert client.get(asked).headers["Content-Encoding"] == "gzip"
    state.clock.advance(300)
    assert client.get(url).status_code == 403


def test_what_was_uploaded_can_be_read_back(client: Client, call: Caller) -> None:
    document = upload(call, "what I sent")
    answer = call.send("GET", f"{DOCUMENTS}/{document}").json
    assert "compressionAlgorithm" not in answer
    assert client.get(answer["url"]).text == "what I sent"


def test_unknown_feeds_and_documents(call: Caller) -> None:
    unknown = "0356cf79-b8b0-4226-b4b9-0ee058ea5760"
    assert call.send("GET", f"{FEEDS}/badFeedId1").status_code == 400
    assert call.send("GET", f"{FEEDS}/404").status_code == 404
    assert call.send("DELETE", f"{FEEDS}/BADID1").status_code == 400
    assert call.send("GET", f"{DOCUMENTS}/badDocumentId1").status_code == 400
    assert call.send("GET", f"{DOCUMENTS}/{unknown}").status_code == 404


def test_fifteen_feeds_at_once_are_the_most(state: State, call: Caller) -> None:
    document = upload(call, "x")
    statuses = [submit(call, FULFILL, document).status_code for _ in range(16)]
    assert statuses == [202] * 15 + [429]
    state.clock.advance(121)
    assert submit(call, FULFILL, document).status_code == 202


def test_the_usage_plans_are_the_models(model: Model) -> None:
    published = model("sandbox_cases_and_limits.json")
    for model_name, operations in (
        ("ordersV0", ["confirmShipment"]),
        ("finances_2024-06-19", ["listTransactions"]),
        (
            "feeds_2021-06-30",
            [
                *("createFeedDocument", "getFeedDocument", "createFeed"),
                *("getFeed", "getFeeds", "cancelFeed"),
            ],
        ),
    ):
        for name in operations:
            told = published[f"{model_name}.{name}"]
            assert (PLANS[name].rate, PLANS[name].burst) == (told["rate"], told["burst"])


def test_answers_conform(state: State, call: Caller, model: Model) -> None:
    published = model("models/feeds_2021-06-30.json")
    made = call.send("POST", DOCUMENTS, {"contentType": XML})
    created = submit(call, ACKNOWLEDGE, upload(call, envelope("OrderAcknowledgement", "")))
    feed_id = created.json["feedId"]
    state.clock.advance(15)
    one = call.send("GET", f"{FEEDS}/{feed_id}")
    several = call.get(FEEDS, feedTypes=ACKNOWLEDGE)
    document = call.send("GET", f"{DOCUMENTS}/{one.json['resultFeedDocumentId']}")
    for answer, definition, status in (
        (made, "CreateFeedDocumentResponse", 201),
        (created, "CreateFeedResponse", 202),
        (one, "Feed", 200),
        (several, "GetFeedsResponse", 200),
        (document, "FeedDocument", 200),
        (call.send("GET", f"{FEEDS}/x"), "ErrorList", 400),
    ):
        assert answer.status_code == status
        assert faults_of(published, definition, answer.json) == []
        assert unknown_fields(published, definition, answer.json) == set()


def test_amazons_bad_examples_are_refused(call: Caller, model: Model) -> None:
    cases = model("sandbox_cases_and_limits.json")
    for name in ("createFeed", "createFeedDocument"):
        for case in cases[f"feeds_2021-06-30.{name}"]["static_cases"]:
            path = FEEDS if name == "createFeed" else DOCUMENTS
            body = case["request"]["parameters"]["body"]["value"]
            if case["status"] == 400:
                assert call.send("POST", path, body).status_code == 400


def test_the_control_api_shows_feeds_with_document_and_report(
    state: State, client: Client, call: Caller
) -> None:
    a_cancellation(state, call)
    state.clock.advance(15)
    (shown,) = client.get("/control/feeds").json
    assert (shown["type"], shown["status"]) == (ACKNOWLEDGE, "DONE")
    assert "<OrderAcknowledgement>" in shown["document"]
    assert "ProcessingReport" in shown["report"]
    assert [message["result"] for message in shown["messages"]] == ["ok"]
    assert state.clock.now() > NOW
