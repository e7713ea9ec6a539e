"""Feeds API 2021-06-30: createFeed, getFeed, getFeeds and cancelFeed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response

from saleor_amazon_app.sandbox.amazon.clock import iso, parse_iso
from saleor_amazon_app.sandbox.amazon.errors import denied, invalid, not_found
from saleor_amazon_app.sandbox.amazon.feed_documents import uploaded
from saleor_amazon_app.sandbox.amazon.gateway import Call, answer, json_body
from saleor_amazon_app.sandbox.amazon.invoicing import INVOICE_FEED
from saleor_amazon_app.sandbox.amazon.limits import CANCEL_FEED, CREATE_FEED, GET_FEED, GET_FEEDS
from saleor_amazon_app.sandbox.amazon.records import Feed
from saleor_amazon_app.sandbox.amazon.signing import seal, unseal
from saleor_amazon_app.sandbox.amazon.state import INVOICING_ROLE, SHIPPING_ROLE, State

Json = dict[str, Any]

ORDER_FEEDS: Final = {
    "POST_ORDER_ACKNOWLEDGEMENT_DATA": "OrderAcknowledgement",
    "POST_PAYMENT_ADJUSTMENT_DATA": "OrderAdjustment",
    "POST_ORDER_FULFILLMENT_DATA": "OrderFulfillment",
}
REMOVED_FEEDS: Final = frozenset(
    (
        *("POST_PRODUCT_DATA", "POST_INVENTORY_AVAILABILITY_DATA", "POST_PRODUCT_PRICING_DATA"),
        *("POST_PRODUCT_IMAGE_DATA", "POST_PRODUCT_RELATIONSHIP_DATA"),
        *("POST_PRODUCT_OVERRIDES_DATA", "POST_FLAT_FILE_INVLOADER_DATA"),
        *("POST_FLAT_FILE_LISTINGS_DATA", "POST_FLAT_FILE_BOOKLOADER_DATA"),
        *("POST_FLAT_FILE_CONVERGENCE_LISTINGS_DATA", "POST_UIEE_BOOKLOADER_DATA"),
        "POST_FLAT_FILE_PRICEANDQUANTITYONLY_UPDATE_DATA",
    )
)
"""FATAL since 2025-07-31, SP-API page "Feeds API best practices"."""
_ROLES: Final = frozenset({SHIPPING_ROLE, "INVENTORY_AND_ORDER_TRACKING"})
"""SP-API page "Order feed type values"."""
_INVOICING: Final = frozenset({INVOICING_ROLE})
"""SP-API page "Tax Invoicing (Restricted) role"."""
_STATUSES: Final = frozenset({"CANCELLED", "DONE", "FATAL", "IN_PROGRESS", "IN_QUEUE"})
_MOST_MARKETPLACES: Final = 25
_MOST_FILTERED: Final = 10
_MOST_RESULTS: Final = 100
_FEW_RESULTS: Final = 10
_RETENTION: Final = timedelta(days=28)
"""The changelog's figure; the model still says 90 days."""
_FIRST_ID: Final = 50_000_019


def blueprint(state: State) -> Blueprint:
    pages = Blueprint("feeds", __name__)

    @pages.post("/feeds/2021-06-30/feeds")
    def create_feed() -> Response:
        return answer(state, CREATE_FEED, _create, HTTPStatus.ACCEPTED)

    @pages.get("/feeds/2021-06-30/feeds")
    def get_feeds() -> Response:
        return answer(state, GET_FEEDS, _list)

    @pages.get("/feeds/2021-06-30/feeds/<feed_id>")
    def get_feed(feed_id: str) -> Response:
        return answer(state, GET_FEED, lambda call: _told(_feed(call, feed_id)))

    @pages.delete("/feeds/2021-06-30/feeds/<feed_id>")
    def cancel_feed(feed_id: str) -> Response:
        return answer(state, CANCEL_FEED, lambda call: _cancel(call, feed_id))

    return pages


def _create(call: Call) -> Json:
    told = json_body()
    kind = _feed_type(call, told.get("feedType"))
    marketplaces = _marketplaces(call, told.get("marketplaceIds"))
    document = uploaded(call, told.get("inputFeedDocumentId"))
    state, now = call.state, call.state.clock.now()
    begins = now + timedelta(seconds=state.feed_delay.queue_seconds)
    feed = Feed(
        call.seller.seller_id,
        _new_id(call),
        kind,
        marketplaces,
        document.document_id,
        created=iso(now),
        begins=iso(begins),
        ends=iso(begins + timedelta(seconds=state.feed_delay.work_seconds)),
        options=_options(told.get("feedOptions")),
    )
    state.feeds[feed.seller_id, feed.feed_id] = feed
    state.on_change()
    return {"feedId": feed.feed_id}


def _options(told: object) -> Json:
    """The model: an object of texts."""
    if told is None:
        return {}
    if not isinstance(told, dict) or not all(isinstance(each, str) for each in told.values()):
        raise invalid("feedOptions takes texts only.")
    return told


def _new_id(call: Call) -> str:
    """Number feeds seller by seller: an id is unique only in combination with a seller's."""
    mine = sum(seller_id == call.seller.seller_id for seller_id, _ in call.state.feeds)
    return str(_FIRST_ID + mine)


def _feed_type(call: Call, kind: object) -> str:
    if not isinstance(kind, str) or not kind:
        raise invalid("feedType is required.")
    if kind not in ORDER_FEEDS and kind not in REMOVED_FEEDS and kind != INVOICE_FEED:
        raise invalid(f"The feed type {kind} is not known to this simulator.")
    if not call.seller.roles & (_INVOICING if kind == INVOICE_FEED else _ROLES):
        raise denied()
    return kind


def _marketplaces(call: Call, told: object) -> list[str]:
    if not (isinstance(told, list) and 1 <= len(told) <= _MOST_MARKETPLACES):
        raise invalid("marketplaceIds takes 1 to 25 values.")
    allowed = set(call.seller.marketplaces) - call.seller.denied_marketplaces
    if not allowed.issuperset(map(str, told)):
        raise denied()
    return [str(each) for each in told]


def _feed(call: Call, feed_id: str) -> Feed:
    """Find a feed. The sandbox answers 400 to an id that cannot be one."""
    if not feed_id.isdigit():
        raise invalid("The feed's id is not valid.")
    feed = call.state.feeds.get((call.seller.seller_id, feed_id))
    if feed is None:
        raise not_found(feed_id, "feed")
    return feed


def _told(feed: Feed) -> Json:
    told: Json = {
        "feedId": feed.feed_id,
        "feedType": feed.feed_type,
        "marketplaceIds": feed.marketplace_ids,
        "createdTime": feed.created,
        "processingStatus": feed.status,
        "processingStartTime": feed.started,
        "processingEndTime": feed.ended,
        "resultFeedDocumentId": feed.report_id,
    }
    return {name: value for name, value in told.items() if value is not None}


def _cancel(call: Call, feed_id: str) -> None:
    """The model: only feeds with status IN_QUEUE can be cancelled."""
    feed = _feed(call, feed_id)
    if feed.status != "IN_QUEUE":
        raise invalid(f"A feed in status {feed.status} cannot be cancelled.")
    feed.status, feed.ended = "CANCELLED", call.state.now_text()
    call.state.on_change()


def _list(call: Call) -> Json:
    asked, start = _asked(call)
    found = [feed for feed in _newest_first(call) if _matches(feed, asked)]
    page = found[start : start + asked["size"]]
    body: Json = {"feeds": [_told(feed) for feed in page]}
    if len(found) > start + len(page):
        body["nextToken"] = seal({"feeds": asked, "start": start + len(page)})
    return body


def _asked(call: Call) -> tuple[Json, int]:
    """Return what to look for. With nextToken "any other parameters will cause" a failure."""
    args = call.args
    if "nextToken" not in args:
        return _filters(call), 0
    told = unseal(args["nextToken"][0])
    if len(args) > 1 or told is None or "feeds" not in told:
        raise invalid("nextToken is not valid, or not the only parameter.")
    asked: Json = told["feeds"]
    return asked, int(told["start"])


def _filters(call: Call) -> Json:
    args, now = call.args, call.state.clock.now()
    for name in ("feedTypes", "marketplaceIds"):
        if len(args.get(name, ())) > _MOST_FILTERED:
            raise invalid(f"{name} takes at most {_MOST_FILTERED} values.")
    if "feedTypes" not in args:
        raise invalid("Either feedTypes or nextToken is required.")
    if unknown := set(args.get("processingStatuses", ())) - _STATUSES:
        raise invalid(f"processingStatuses has no value {min(unknown)}.")
    return {
        "types": args["feedTypes"],
        "marketplaces": args.get("marketplaceIds", []),
        "statuses": args.get("processingStatuses", []),
        "since": iso(max(_time(args, "createdSince", now - _RETENTION), now - _RETENTION)),
        "until": iso(_time(args, "createdUntil", now)),
        "size": _page_size(args),
    }


def _time(args: dict[str, list[str]], name: str, otherwise: datetime) -> datetime:
    if name not in args:
        return otherwise
    try:
        return parse_iso(args[name][0])
    except ValueError:
        raise invalid(f"{name} is not in ISO 8601 format.") from None


def _page_size(args: dict[str, list[str]]) -> int:
    text = args.get("pageSize", [str(_FEW_RESULTS)])[0]
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_RESULTS):
        raise invalid("pageSize must be between 1 and 100.")
    return int(text)


def _newest_first(call: Call) -> Iterable[Feed]:
    mine = (feed for feed in call.state.feeds.values() if feed.seller_id == call.seller.seller_id)
    return sorted(mine, key=lambda feed: (feed.created, int(feed.feed_id)), reverse=True)


def _matches(feed: Feed, asked: Json) -> bool:
    return (
        feed.feed_type in asked["types"]
        and (not asked["statuses"] or feed.status in asked["statuses"])
        and (not asked["marketplaces"] or not _disjoint(feed, asked["marketplaces"]))
        and asked["since"] <= feed.created <= asked["until"]
    )


def _disjoint(feed: Feed, marketplaces: list[str]) -> bool:
    return set(feed.marketplace_ids).isdisjoint(marketplaces)
