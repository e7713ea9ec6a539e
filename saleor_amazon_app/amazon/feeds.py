"""Feeds API 2021-06-30: send a document, create a feed of it, follow it, fetch its report.

Sources: the model feeds_2021-06-30.json, and the SP-API page "Feeds API v2021-06-30 use case
guide". The addresses that Amazon gives for documents live for five minutes and are secrets: who
has one needs no token. Neither they nor the contents are logged or kept on disk.
"""

import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message as Headers
from http import HTTPStatus
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import requests
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_random_exponential

from saleor_amazon_app.amazon.client import USER_AGENT, SellingPartnerApi
from saleor_amazon_app.amazon.errors import IllegibleReport, OutcomeUnknown, Unavailable
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.amazon.operations import (
    CREATE_FEED,
    CREATE_FEED_DOCUMENT,
    GET_FEED,
    GET_FEED_DOCUMENT,
    GET_FEEDS,
    Operation,
)
from saleor_amazon_app.amazon.reading import endless, missing, moment, required
from saleor_amazon_app.mirror.messages import FeedType
from saleor_amazon_app.mirror.sentences import say

CONTENT_TYPE: Final = "text/xml; charset=UTF-8"
PDF: Final = "application/pdf"
MOST_REPORT_BYTES: Final = 64 * 1024 * 1024
_CHUNK: Final = 64 * 1024
_TIMEOUT: Final = (5, 60)
_ATTEMPTS: Final = 3
_LONGEST_WAIT: Final = 10.0
_PAGE: Final = "100"
_MOST_PAGES: Final = 50
_GZIP_MAGIC: Final = b"\x1f\x8b"

T = TypeVar("T")


@dataclass(frozen=True)
class FeedStatus:
    """A feed as Amazon tells it.

    ``status`` is IN_QUEUE, IN_PROGRESS, DONE, CANCELLED, FATAL or one yet unknown. DONE means that
    there is a report, not that a message was accepted; after FATAL "some, none, or all" of the
    messages may have been carried out (the model).
    """

    feed_id: str
    feed_type: str
    status: str
    created_at: datetime
    result_document_id: str | None = None


@dataclass(frozen=True)
class ReportFile:
    """A report's bytes, unpacked but not decoded; ``charset`` is of the HTTP content type."""

    content: bytes
    charset: str | None = None


class _TransferFailed(Unavailable):
    """The store of documents did not do its part; a new address may help."""


def upload_document(
    api: SellingPartnerApi,
    seller: SellerCredentials,
    region: str,
    content: bytes,
    content_type: str = CONTENT_TYPE,
) -> str:
    """Send a feed's document to Amazon and return its id.

    The address lives for five minutes, so for another attempt another document is asked for.

    Raises:
        Unavailable: Three documents could not be sent.
    """
    return _persistently(api, lambda: _upload(api, seller, region, content, content_type))


def create_feed(
    api: SellingPartnerApi,
    seller: SellerCredentials,
    region: str,
    feed_type: FeedType,
    marketplace_ids: Iterable[str],
    document_id: str,
    options: Mapping[str, str] | None = None,
) -> str:
    """Have Amazon process a document; returns the feed's id, unique for the seller only.

    ``options`` are what the type of feed wants to be told beside its document.

    Raises:
        OutcomeUnknown: There may be a feed or not; look with ``recent_feeds`` before another try.
    """
    body: dict[str, Any] = {
        "feedType": feed_type.value,
        "marketplaceIds": list(marketplace_ids),
        "inputFeedDocumentId": document_id,
    }
    if options:
        body["feedOptions"] = dict(options)
    answer = api.call(CREATE_FEED, seller, region, body=body)
    if feed_id := answer.get("feedId"):
        return str(feed_id)
    raise OutcomeUnknown(say("amazon.feed_without_id"), code="shape")


def get_feed(
    api: SellingPartnerApi, seller: SellerCredentials, region: str, feed_id: str
) -> FeedStatus:
    """Read how far a feed is.

    Raises:
        NotFound: The seller has no such feed, or had it more than 28 days ago.
    """
    return _status(api.call(GET_FEED, seller, region, path={"feed_id": feed_id}), GET_FEED)


def recent_feeds(
    api: SellingPartnerApi,
    seller: SellerCredentials,
    region: str,
    feed_types: Iterable[FeedType],
    created_since: datetime,
) -> list[FeedStatus]:
    """Return the seller's feeds of some types, whoever made them: all pages or an error.

    Args:
        api: The client.
        seller: Whose feeds.
        region: The seller's region.
        feed_types: Up to ten types.
        created_since: An aware time, at most 28 days back.
    """
    query = {
        "feedTypes": ",".join(feed_type.value for feed_type in feed_types),
        "createdSince": created_since.astimezone(UTC).isoformat(timespec="seconds"),
        "pageSize": _PAGE,
    }
    pages = _feed_pages(api, seller, region, query)
    return [_status(told, GET_FEEDS) for page in pages for told in page]


def get_report(
    api: SellingPartnerApi, seller: SellerCredentials, region: str, document_id: str
) -> ReportFile:
    """Fetch a feed's processing report.

    Raises:
        Unavailable: It could not be fetched in three attempts.
        IllegibleReport: It is above 64 MiB or packed in an unknown way.
    """
    return _persistently(api, lambda: _download(api, seller, region, document_id))


def _persistently(api: SellingPartnerApi, attempt: Callable[[], T]) -> T:
    """Try a transfer three times. What the API itself answers has been retried already."""
    retrying = Retrying(
        retry=retry_if_exception_type(_TransferFailed),
        wait=wait_random_exponential(multiplier=0.5, max=_LONGEST_WAIT),
        stop=stop_after_attempt(_ATTEMPTS),
        sleep=api.sleep,
        reraise=True,
    )
    return retrying(attempt)


def _upload(
    api: SellingPartnerApi,
    seller: SellerCredentials,
    region: str,
    content: bytes,
    content_type: str,
) -> str:
    answer = api.call(CREATE_FEED_DOCUMENT, seller, region, body={"contentType": content_type})
    document_id = required(answer, "feedDocumentId", CREATE_FEED_DOCUMENT.name)
    url = _address(api, answer, CREATE_FEED_DOCUMENT)
    # The content type is part of what the address was signed for.
    headers = {"Content-Type": content_type, "User-Agent": USER_AGENT}
    try:
        response = api.session.put(
            url, data=content, headers=headers, timeout=_TIMEOUT, allow_redirects=False
        )
    except requests.RequestException as error:
        raise _TransferFailed(say("amazon.store_silent"), code=type(error).__name__) from None
    if not HTTPStatus.OK <= response.status_code < HTTPStatus.MULTIPLE_CHOICES:
        raise _TransferFailed(
            say("amazon.store_refused", status=str(response.status_code)),
            code=str(response.status_code),
        )
    return document_id


def _feed_pages(
    api: SellingPartnerApi, seller: SellerCredentials, region: str, query: dict[str, str]
) -> Iterator[list[dict[str, Any]]]:
    """Yield the pages; with ``nextToken`` no other parameter is allowed (the model)."""
    for _ in range(_MOST_PAGES):
        answer = api.call(GET_FEEDS, seller, region, query=query)
        feeds = answer.get("feeds")
        if not isinstance(feeds, list):
            raise missing("feeds", GET_FEEDS.name)
        yield feeds
        if not (token := answer.get("nextToken")):
            return
        query = {"nextToken": str(token)}
    raise endless(GET_FEEDS.name)


def _status(told: object, operation: Operation) -> FeedStatus:
    feed = told if isinstance(told, dict) else {}
    created = moment(feed.get("createdTime"))
    if created is None:
        raise missing("createdTime", operation.name)
    return FeedStatus(
        feed_id=required(feed, "feedId", operation.name),
        feed_type=required(feed, "feedType", operation.name),
        status=required(feed, "processingStatus", operation.name),
        created_at=created,
        result_document_id=feed.get("resultFeedDocumentId") or None,
    )


def _download(
    api: SellingPartnerApi, seller: SellerCredentials, region: str, document_id: str
) -> ReportFile:
    path = {"document_id": document_id}
    answer = api.call(GET_FEED_DOCUMENT, seller, region, path=path)
    url = _address(api, answer, GET_FEED_DOCUMENT)
    try:
        with api.session.get(
            url,
            headers={"User-Agent": USER_AGENT},
            timeout=_TIMEOUT,
            stream=True,
            allow_redirects=False,
        ) as response:
            content, charset = _body(response), _charset(response)
    except requests.RequestException as error:
        raise _TransferFailed(say("amazon.store_no_report"), code=type(error).__name__) from None
    return ReportFile(_unpacked(content, answer.get("compressionAlgorithm")), charset)


def _body(response: requests.Response) -> bytes:
    if response.status_code != HTTPStatus.OK:
        raise _TransferFailed(
            say("amazon.store_report_refused", status=str(response.status_code)),
            code=str(response.status_code),
        )
    content = bytearray()
    for chunk in response.iter_content(_CHUNK):
        content += chunk
        _check_size(len(content))
    return bytes(content)


def _charset(response: requests.Response) -> str | None:
    """Return the charset that was named; HTTP's old default of Latin-1 is none."""
    headers = Headers()
    headers["Content-Type"] = response.headers.get("Content-Type", "")
    return headers.get_content_charset()


def _unpacked(content: bytes, algorithm: object) -> bytes:
    """Unpack a report, unless HTTP has done so already because of its Content-Encoding."""
    if not algorithm or (algorithm == "GZIP" and not content.startswith(_GZIP_MAGIC)):
        return content
    if algorithm != "GZIP":
        raise IllegibleReport(say("amazon.report_packed"))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            unpacked = file.read(MOST_REPORT_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise _TransferFailed(say("amazon.report_damaged"), code=type(error).__name__) from None
    _check_size(len(unpacked))
    return unpacked


def _check_size(size: int) -> None:
    if size > MOST_REPORT_BYTES:
        raise IllegibleReport(say("amazon.report_too_large"))


def _address(api: SellingPartnerApi, answer: dict[str, Any], operation: Operation) -> str:
    """Return the address that Amazon gives, if nobody can read along there.

    An endpoint of plain HTTP is a simulator, whose addresses may be of the same kind.
    """
    url = required(answer, "url", operation.name)
    schemes = {"https", urlsplit(api.endpoint or "https:").scheme}
    if urlsplit(url).scheme not in schemes:
        raise Unavailable(say("amazon.store_unsafe"), code="url")
    return url
