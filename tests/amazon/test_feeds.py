"""Feeds from the document to the report, on a scripted and on the simulated Amazon."""

import gzip
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests

from saleor_amazon_app.amazon import feeds
from saleor_amazon_app.amazon.client import SellingPartnerApi
from saleor_amazon_app.amazon.errors import IllegibleReport, OutcomeUnknown, Unavailable
from saleor_amazon_app.amazon.feed_documents import write_feed
from saleor_amazon_app.amazon.feeds import (
    FeedStatus,
    create_feed,
    get_feed,
    get_report,
    recent_feeds,
    upload_document,
)
from saleor_amazon_app.amazon.finances import list_refunds_since, list_transactions
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.amazon.operations import CREATE_FEED_DOCUMENT, GET_FEEDS
from saleor_amazon_app.amazon.reports import read_report
from saleor_amazon_app.mirror.ids import AmazonOrderId
from saleor_amazon_app.mirror.messages import CancelReason, FeedType, OrderCancellation
from saleor_amazon_app.sandbox.amazon import seller_central
from saleor_amazon_app.sandbox.amazon.faults import Fault, FaultKind
from saleor_amazon_app.sandbox.amazon.state import State
from tests.amazon.conftest import STORE, Scripted, Stored
from tests.mirror.amazon_orders import DE, amazon_order
from tests.web_stub import Answer

SELLER = SellerCredentials("account-1", "A1SELLER", "Atzr|token")
DOCUMENTS = CREATE_FEED_DOCUMENT.path
REPORT = f"{DOCUMENTS}/report-1"
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
XML = b"<?xml version='1.0' encoding='UTF-8'?><AmazonEnvelope/>"


def document(number: int = 1, url: str = STORE) -> Answer:
    return Answer(201, json={"feedDocumentId": f"document-{number}", "url": url})


def test_a_document_is_put_without_a_token(scripted: Scripted) -> None:
    scripted.stub.script(DOCUMENTS, document())
    assert upload_document(scripted.api, SELLER, "eu", XML) == "document-1"
    assert b"text/xml; charset=UTF-8" in scripted.stub.requests[-1].body
    (put,) = scripted.store.sent
    assert (put.method, put.url, put.body) == ("PUT", STORE, XML)
    assert put.headers["Content-Type"] == "text/xml; charset=UTF-8"
    assert not {"x-amz-access-token", "Authorization"} & set(put.headers)


@pytest.mark.parametrize(
    "failure",
    [
        Stored(403, b"<Error><Code>AccessDenied</Code></Error>"),
        Stored(500),
        Stored(302, headers={"Location": "https://elsewhere.example/"}),
        Stored(error=requests.ConnectionError(STORE)),
        Stored(error=requests.Timeout(STORE)),
    ],
)
def test_another_document_is_asked_for_when_one_could_not_be_put(
    scripted: Scripted, failure: Stored
) -> None:
    scripted.stub.script(DOCUMENTS, document(1), document(2), document(3))
    scripted.store.answers = [failure, failure, Stored()]
    assert upload_document(scripted.api, SELLER, "eu", XML) == "document-3"
    scripted.store.answers = [failure]
    with pytest.raises(Unavailable) as error:
        upload_document(scripted.api, SELLER, "eu", XML)
    assert "secret" not in str(error.value), "who has the address needs no token"
    assert scripted.stub.count(DOCUMENTS) == 6


@pytest.mark.parametrize("url", ["ftp://store.example/", "file:///etc/passwd", "", None, 5])
def test_only_safe_addresses_are_used(scripted: Scripted, url: Any) -> None:
    scripted.stub.script(DOCUMENTS, document(url=url))
    with pytest.raises(Unavailable):
        upload_document(scripted.api, SELLER, "eu", XML)
    assert scripted.store.sent == []


def test_plain_http_is_for_simulators_only(scripted: Scripted) -> None:
    told = {"url": "http://store.example/1"}
    assert feeds._address(scripted.api, told, CREATE_FEED_DOCUMENT) == told["url"]
    for endpoint in (None, "https://sellingpartnerapi-eu.amazon.com"):
        scripted.api.endpoint = endpoint
        with pytest.raises(Unavailable):
            feeds._address(scripted.api, told, CREATE_FEED_DOCUMENT)


def a_feed(number: int = 1, **more: Any) -> dict[str, Any]:
    told = {
        "feedId": str(number),
        "feedType": "POST_PAYMENT_ADJUSTMENT_DATA",
        "createdTime": "2026-11-02T10:00:00+00:00",
        "processingStatus": "IN_QUEUE",
    }
    return told | more


def test_a_feeds_status_may_be_one_yet_unknown(scripted: Scripted) -> None:
    told = a_feed(processingStatus="PAUSED", resultFeedDocumentId="report-1")
    scripted.stub.script("/feeds/2021-06-30/feeds/1", Answer(json=told))
    assert get_feed(scripted.api, SELLER, "eu", "1") == FeedStatus(
        "1",
        "POST_PAYMENT_ADJUSTMENT_DATA",
        "PAUSED",
        datetime(2026, 11, 2, 10, tzinfo=UTC),
        "report-1",
    )


def test_a_feed_without_what_matters_is_an_error(scripted: Scripted) -> None:
    for missing in ("feedId", "createdTime", "processingStatus"):
        feed = a_feed() | {missing: None}
        scripted.stub.script("/feeds/2021-06-30/feeds/1", Answer(json=feed))
        with pytest.raises(Unavailable):
            get_feed(scripted.api, SELLER, "eu", "1")


def test_the_token_of_the_next_page_goes_alone(scripted: Scripted) -> None:
    scripted.stub.script(
        GET_FEEDS.path,
        Answer(json={"feeds": [a_feed(1)], "nextToken": "more"}),
        Answer(json={"feeds": [a_feed(2)]}),
    )
    found = recent_feeds(scripted.api, SELLER, "eu", list(FeedType), SINCE)
    assert [each.feed_id for each in found] == ["1", "2"]
    first, second = (r.query for r in scripted.stub.requests if r.path == GET_FEEDS.path)
    assert first["createdSince"] == "2026-11-01T00:00:00+00:00"
    assert first["feedTypes"].split(",") == [each.value for each in FeedType]
    assert second == {"nextToken": "more"}


def test_a_list_of_feeds_is_whole_or_an_error(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted.stub.script(GET_FEEDS.path, Answer(json={}))
    with pytest.raises(Unavailable):
        recent_feeds(scripted.api, SELLER, "eu", list(FeedType), SINCE)
    monkeypatch.setattr(feeds, "_MOST_PAGES", 3)
    scripted.stub.script(GET_FEEDS.path, Answer(json={"feeds": [], "nextToken": "again"}))
    with pytest.raises(Unavailable, match="does not end"):
        recent_feeds(scripted.api, SELLER, "eu", list(FeedType), SINCE)


def told(**more: Any) -> Answer:
    return Answer(json={"feedDocumentId": "report-1", "url": STORE} | more)


@pytest.mark.parametrize(
    ("answer", "stored"),
    [
        pytest.param(told(), Stored(content=XML), id="plain"),
        pytest.param(
            told(compressionAlgorithm="GZIP"), Stored(content=gzip.compress(XML)), id="gzip"
        ),
        pytest.param(
            told(compressionAlgorithm="GZIP"),
            Stored(content=gzip.compress(XML), headers={"Content-Encoding": "gzip"}),
            id="gzip that HTTP unpacks",
        ),
    ],
)
def test_a_report_is_unpacked(scripted: Scripted, answer: Answer, stored: Stored) -> None:
    stored.headers["Content-Type"] = "text/xml; charset=Shift_JIS"
    scripted.stub.script(REPORT, answer)
    scripted.store.answers = [stored]
    report = get_report(scripted.api, SELLER, "eu", "report-1")
    assert (report.content, report.charset) == (XML, "shift_jis")
    assert "x-amz-access-token" not in scripted.store.sent[-1].headers


def test_a_charset_that_is_not_named_is_not_guessed(scripted: Scripted) -> None:
    scripted.stub.script(REPORT, told())
    scripted.store.answers = [Stored(content=XML, headers={"Content-Type": "text/xml"})]
    assert get_report(scripted.api, SELLER, "eu", "report-1").charset is None


def test_a_damaged_or_expired_report_is_fetched_again(scripted: Scripted) -> None:
    packed = gzip.compress(XML)
    scripted.stub.script(REPORT, told(compressionAlgorithm="GZIP"))
    scripted.store.answers = [Stored(403), Stored(content=packed[:-9]), Stored(content=packed)]
    assert get_report(scripted.api, SELLER, "eu", "report-1").content == XML
    scripted.store.answers = [Stored(content=packed[:-9])]
    with pytest.raises(Unavailable):
        get_report(scripted.api, SELLER, "eu", "report-1")


def test_a_report_has_a_size_that_memory_can_hold(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "MOST_REPORT_BYTES", 1000)
    scripted.stub.script(REPORT, told(compressionAlgorithm="GZIP"))
    for content in (gzip.compress(b"x" * 1001), b"x" * 1001):
        scripted.store.answers = [Stored(content=content)]
        with pytest.raises(IllegibleReport, match="larger"):
            get_report(scripted.api, SELLER, "eu", "report-1")


def test_an_unknown_packing_is_said(scripted: Scripted) -> None:
    scripted.stub.script(REPORT, told(compressionAlgorithm="ZSTD"))
    scripted.store.answers = [Stored(content=XML)]
    with pytest.raises(IllegibleReport):
        get_report(scripted.api, SELLER, "eu", "report-1")


# --- on the simulated Amazon --------------------------------------------------------------------


def put_order(amazon: State) -> AmazonOrderId:
    stamps = {"createdTime": "2026-01-01T00:00:00Z", "lastUpdatedTime": "2026-01-01T00:00:00Z"}
    amazon.put_order("A1SELLER", amazon_order(**stamps))
    (order_id,) = (stored.order_id for stored in amazon.orders_of("A1SELLER"))
    return AmazonOrderId(order_id)


def cancellation(amazon: State, order_id: AmazonOrderId) -> bytes:
    items = [item["orderItemId"] for item in amazon.orders[order_id].order["orderItems"]]
    message = OrderCancellation(
        order_id=order_id, item_ids=tuple(items), reason=CancelReason.NO_INVENTORY
    )
    return write_feed("A1SELLER", FeedType.ACKNOWLEDGEMENT, [(4, message)])


def test_a_cancellation_reaches_the_simulated_amazon(
    simulated: SellingPartnerApi, amazon: State
) -> None:
    order_id = put_order(amazon)
    content = cancellation(amazon, order_id)
    document_id = upload_document(simulated, SELLER, "eu", content)
    kind = FeedType.ACKNOWLEDGEMENT
    feed_id = create_feed(simulated, SELLER, "eu", kind, [DE], document_id)
    amazon.clock.advance(timedelta(hours=2).total_seconds())
    feed = get_feed(simulated, SELLER, "eu", feed_id)
    assert feed.status == "DONE"
    assert feed.result_document_id
    file = get_report(simulated, SELLER, "eu", feed.result_document_id)
    report = read_report(file.content, file.charset)
    assert report.verdict(4, sent=1).accepted is True, report
    assert amazon.orders[order_id].order["fulfillment"]["fulfillmentStatus"] == "CANCELLED"


def test_a_feed_whose_answer_was_lost_is_found_again(
    simulated: SellingPartnerApi, amazon: State
) -> None:
    order_id = put_order(amazon)
    document_id = upload_document(simulated, SELLER, "eu", cancellation(amazon, order_id))
    amazon.faults.add(Fault(FaultKind.LOST_ANSWER, operation="createFeed", count=1))
    kind = FeedType.ACKNOWLEDGEMENT
    with pytest.raises(OutcomeUnknown):
        create_feed(simulated, SELLER, "eu", kind, [DE], document_id)
    since = amazon.clock.now() - timedelta(minutes=5)
    found = recent_feeds(simulated, SELLER, "eu", [kind], since)
    assert [feed.feed_type for feed in found] == [kind.value]


def test_the_simulated_amazon_tells_of_no_money_where_none_moved(
    simulated: SellingPartnerApi, amazon: State
) -> None:
    order_id = put_order(amazon)
    assert list_transactions(simulated, SELLER, "eu", order_id) == []
    after = amazon.clock.now() - timedelta(days=30)
    assert list_refunds_since(simulated, SELLER, "eu", after) == []


def test_a_refund_made_in_seller_central_is_read_as_what_the_buyer_got(
    simulated: SellingPartnerApi, amazon: State
) -> None:
    order_id = put_order(amazon)
    seller_central.ship(amazon, order_id)
    made = seller_central.refund(amazon, order_id)
    after = amazon.clock.now() - timedelta(minutes=1)
    amazon.clock.advance(timedelta(days=3).total_seconds())
    (refund,) = list_refunds_since(simulated, SELLER, "eu", after)
    assert (refund.order_id, refund.refund_id) == (order_id, made.refund_id)
    assert refund.buyer_amount == Decimal(made.total)
    assert refund.amount != -refund.buyer_amount, "Amazon's fees are in it"
