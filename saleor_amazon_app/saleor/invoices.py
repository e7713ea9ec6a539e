"""An order's invoices in Saleor, and the fetching of their files from wherever these lie.

The address of a file is whatever an app or a member of staff has written, so it is not trusted: the
host's address is resolved once, must be a public one, and is the one that is connected to
(``requests-hardened``, Saleor's own library for this); no redirect is followed, and no more is read
than an invoice may have.
"""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import requests
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress

from saleor_amazon_app.mirror.sentences import Sentence, say
from saleor_amazon_app.saleor.client import SaleorApi
from saleor_amazon_app.saleor.errors import Declined

_TIMEOUT: Final = (5, 10)
_LONGEST: Final = 30.0
"""Seconds for all of a file."""
_CHUNK: Final = 64 * 1024
_WAYS: Final = Config(
    ip_filter_enable=True,
    ip_filter_allow_loopback_ips=False,
    never_redirect=True,
    default_timeout=_TIMEOUT,
)


@dataclass(frozen=True)
class SaleorInvoice:
    """An invoice of Saleor's. ``url`` is empty as long as it has no file."""

    id: str
    number: str
    status: str
    created_at: datetime
    url: str


@dataclass(frozen=True)
class Invoices:
    """An order's invoices, with what the order comes to, in major units."""

    total: Decimal
    currency: str
    listed: tuple[SaleorInvoice, ...]


class FileUnavailable(Declined):
    """The file of an invoice could not be fetched; the message says why, the cure what helps."""


def read_invoices(api: SaleorApi, reference: str) -> Invoices | None:
    """Read an order's invoices, the latest first; None if Saleor has no such order."""
    order = api.run("OrderInvoices", reference=reference)["order"]
    if order is None:
        return None
    total = order["total"]["gross"]
    listed = sorted(map(_invoice, order["invoices"]), key=lambda one: one.created_at, reverse=True)
    return Invoices(Decimal(total["amount"]), total["currency"], tuple(listed))


def _invoice(node: Mapping[str, Any]) -> SaleorInvoice:
    return SaleorInvoice(
        id=node["id"],
        number=node["number"] or "",
        status=node["status"],
        created_at=datetime.fromisoformat(node["createdAt"]),
        url=node["url"] or node["externalUrl"] or "",
    )


def fetch_file(url: str, *, most: int, private_hosts: Collection[str] = ()) -> bytes:
    """Fetch an invoice's file; of one that has more bytes than ``most`` a few more than these.

    Args:
        url: Where it lies.
        most: How many bytes are wanted at most.
        private_hosts: Hosts, with their port if it is not the usual one, that may lie in a private
            network and may be asked without TLS.

    Raises:
        FileUnavailable: It cannot be had, or not safely.
    """
    parts = _split(url)
    is_private = parts.netloc.lower() in private_hosts
    if parts.scheme != "https" and not (is_private and parts.scheme == "http"):
        raise _unavailable(say("invoice.address_unsafe"))
    try:
        with _session(is_private=is_private) as session:
            return _read(session, url, most)
    except InvalidIPAddress:
        cure = say("cure.private_store")
        raise FileUnavailable(say("invoice.address_private"), cure=cure, code="private") from None
    except (requests.RequestException, OSError):
        raise _unavailable(say("invoice.store_silent")) from None


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise _unavailable(say("invoice.address_unsafe")) from None
    return parts


def _session(*, is_private: bool) -> requests.Session:
    """Return a session that takes nothing from the surroundings, neither proxies nor passwords."""
    session = requests.Session() if is_private else HTTPSession(_WAYS)
    session.trust_env = False
    return session


def _read(session: requests.Session, url: str, most: int) -> bytes:
    until = time.monotonic() + _LONGEST
    headers = {"Accept": "application/pdf", "Accept-Encoding": "identity"}
    with session.get(
        url, headers=headers, timeout=_TIMEOUT, stream=True, allow_redirects=False
    ) as answer:
        if answer.status_code != requests.codes.ok:
            raise _unavailable(say("invoice.store_refused", status=str(answer.status_code)))
        content = bytearray()
        for chunk in answer.iter_content(_CHUNK):
            content += chunk
            if len(content) > most:
                break
            if time.monotonic() > until:
                raise _unavailable(say("invoice.store_silent"))
        return bytes(content)


def _unavailable(message: Sentence) -> FileUnavailable:
    return FileUnavailable(message, cure=say("cure.upload_here"), code="no_file")
