"""Notifications are read whatever their case and envelope, and whatever is new in them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_amazon_app.amazon.errors import IllegibleNotification
from saleor_amazon_app.amazon.notification_messages import (
    FeedFinished,
    OrderChanged,
    TransactionPosted,
    read_notification,
)

ORDER = {"SellerId": "A1", "AmazonOrderId": "302-1", "Summary": {"MarketplaceId": "M1"}}
SELLER = {"SellingPartnerId": "A1", "MarketplaceId": "M1", "AccountType": "PAYABLE"}
MONEY = {"SellingPartnerMetadata": SELLER, "TransactionType": "Refund"}
METADATA = {"NotificationId": "n-1", "PublishTime": "2026-11-24T12:00:00Z"}


def told(kind: str, **payload: Any) -> dict[str, Any]:
    return {"NotificationType": kind, "Payload": payload, "NotificationMetadata": METADATA}


def camel(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name[0].lower() + name[1:]: camel(each) for name, each in value.items()}
    return value


def related(name: str, value: str) -> list[dict[str, str]]:
    return [{"RelatedIdentifierName": name, "RelatedIdentifierValue": value}]


ORDER_CHANGE = told("ORDER_CHANGE", OrderChangeNotification=ORDER)
FEED = told(
    "FEED_PROCESSING_FINISHED", FeedProcessingFinishedNotification={"SellerId": "A1", "FeedId": "9"}
)


@pytest.mark.parametrize(
    ("body", "about"),
    [
        (ORDER_CHANGE, OrderChanged("302-1", "M1")),
        (camel(ORDER_CHANGE), OrderChanged("302-1", "M1")),
        (FEED, FeedFinished("9")),
        (camel(FEED), FeedFinished("9")),
        (told("TRANSACTION_UPDATE", TransactionUpdateNotification=MONEY), ("Refund", "M1", "")),
        (
            told(
                "TRANSACTION_UPDATE",
                TransactionUpdateNotification=MONEY
                | {"RelatedIdentifiers": related("OrderId", "302-1")},
            ),
            ("Refund", "M1", "302-1"),
        ),
        (
            told(
                "TRANSACTION_UPDATE",
                TransactionUpdateNotification=MONEY
                | {
                    "RelatedIdentifiers": [
                        *related("REFUND_ID", "7"),
                        "?",
                        *related("ORDER_ID", "302-1"),
                    ]
                },
            ),
            ("Refund", "M1", "302-1"),
        ),
        (told("ANY_OFFER_CHANGED", AnyOfferChangedNotification={}), None),
    ],
)
def test_what_a_notification_is_about(body: Any, about: Any) -> None:
    expected = TransactionPosted(*about) if isinstance(about, tuple) else about
    read = read_notification(json.dumps(body))
    assert read.about == expected
    assert read.seller_id == ("A1" if about else "")
    assert (read.notification_id, read.type) == ("n-1", body.get("NotificationType", read.type))
    assert read.published_at is not None


def test_an_event_of_eventbridge_holds_the_same_notification() -> None:
    event = {
        "version": "0",
        "id": "another-id",
        "detail-type": "ORDER_CHANGE",
        "source": "aws.partner/sellingpartnerapi.amazon.com/123/amzn1.sellerapps.app.x",
        "detail": ORDER_CHANGE,
    }
    assert read_notification(json.dumps(event)) == read_notification(json.dumps(ORDER_CHANGE))


def test_new_fields_do_no_harm() -> None:
    order = ORDER | {"Surprise": [1, {"a": None}], "Summary": {"MarketplaceId": "M1", "x": 1}}
    body = told("ORDER_CHANGE", OrderChangeNotification=order) | {"Novelty": {}}
    assert read_notification(json.dumps(body)).subject == "302-1"


def test_without_an_id_the_body_names_it() -> None:
    body = {k: v for k, v in ORDER_CHANGE.items() if k != "NotificationMetadata"}
    first, again = (read_notification(json.dumps(body)) for _ in range(2))
    other = read_notification(json.dumps(body | {"x": 1}))
    assert first.notification_id == again.notification_id != other.notification_id


def test_a_vendors_feed_has_no_seller() -> None:
    body = told("FEED_PROCESSING_FINISHED", FeedProcessingFinishedNotification={"FeedId": "9"})
    read = read_notification(json.dumps(body))
    assert (read.seller_id, read.subject) == ("", "9")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        "5",
        "{}",
        '{"NotificationType": 5}',
        '{"NotificationType": "ORDER\\u0000CHANGE"}',
        json.dumps(told("ORDER_CHANGE")),
        json.dumps(told("ORDER_CHANGE", OrderChangeNotification=ORDER | {"Summary": None})),
        json.dumps(told("ORDER_CHANGE", OrderChangeNotification=ORDER | {"SellerId": "\0"})),
        json.dumps(told("ORDER_CHANGE", OrderChangeNotification=ORDER | {"AmazonOrderId": 5})),
        json.dumps(told("ORDER_CHANGE", OrderChangeNotification=ORDER | {"SellerId": "A" * 65})),
        json.dumps(told("FEED_PROCESSING_FINISHED", FeedProcessingFinishedNotification=[])),
    ],
)
def test_what_leads_nowhere_is_illegible(body: str) -> None:
    with pytest.raises(IllegibleNotification):
        read_notification(body)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
_KINDS = st.sampled_from(["ORDER_CHANGE", "FEED_PROCESSING_FINISHED", "TRANSACTION_UPDATE", "x"])
_NAMES = (
    "OrderChangeNotification",
    "feedProcessingFinishedNotification",
    "TransactionUpdateNotification",
)
_NEARLY = st.fixed_dictionaries(
    {"NotificationType": _KINDS},
    optional={
        "payload": st.dictionaries(st.sampled_from(_NAMES), _JSON),
        "NotificationMetadata": _JSON,
    },
)


@given(_JSON | _NEARLY)
def test_nothing_that_comes_breaks_the_reader(body: Any) -> None:
    try:
        read = read_notification(json.dumps(body))
    except IllegibleNotification:
        return
    assert 0 < len(read.notification_id) <= 128
    assert 0 < len(read.type) <= 64
    assert len(read.subject) <= 64


@given(st.text())
def test_nor_does_any_text(body: str) -> None:
    with pytest.raises(IllegibleNotification):
        read_notification(body)


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("OrderChange", "903-8868176-2219830"),
        ("FeedProcessingFinished", "53347018456"),
        ("TransactionUpdate", "8129762527551"),
        ("ReportProcessingFinished", ""),
    ],
)
def test_amazons_published_examples_are_read(shared: Path, name: str, subject: str) -> None:
    path = shared / "amazon" / "schemas" / "notifications" / f"{name}Notification.json"
    for example in json.loads(path.read_text("utf-8"))["examples"]:
        read = read_notification(json.dumps(example))
        assert read.subject == subject
        assert read.notification_id.startswith("d0e9e693")
