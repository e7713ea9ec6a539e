"""Installation: is this really a shop's token, and with which keys does the shop sign?"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import requests

from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.saleor.client import SaleorApi
from saleor_amazon_app.saleor.errors import AccessDenied, Unreachable
from saleor_amazon_app.saleor.shop import Self, read_self

_TIMEOUT: Final = 8
"""Seconds to connect, and again to read: a shop that is busy took more than two. Both calls go out
at once, so that the handshake ends within the 18 seconds for which Saleor waits, whatever the shop
does."""


@dataclass(frozen=True)
class Installation:
    """A verified installation of the app in a shop."""

    api_url: str
    app_id: str
    token: str
    jwks: dict[str, Any]
    version: str


def verify_installation(api_url: str, token: str) -> Installation:
    """Prove a token by using it, and fetch the shop's public keys.

    The request that brings the token is not signed: whoever knows the address can send one. Only a
    token with which the shop itself answers may replace one that works.

    Raises:
        AccessDenied: The shop does not know the token.
        Unreachable: The shop or its keys cannot be read.
    """
    with ThreadPoolExecutor(max_workers=2) as pool:
        asked, keys = pool.submit(_ask_who, api_url, token), pool.submit(fetch_jwks, api_url)
        me, jwks = asked.result(), keys.result()
    return Installation(api_url, me.app_id, token, jwks, me.version)


def _ask_who(api_url: str, token: str) -> Self:
    with SaleorApi(api_url, token, timeout=_TIMEOUT) as api:
        me = read_self(api)
    if not me.app_id:
        raise AccessDenied(say("saleor.unknown_token"), code="UNKNOWN_APP_ID")
    return me


def fetch_jwks(api_url: str) -> dict[str, Any]:
    """Fetch the keys with which a shop signs webhooks and user tokens."""
    parts = urlsplit(api_url)
    url = urlunsplit((parts.scheme, parts.netloc, "/.well-known/jwks.json", "", ""))
    try:
        response = requests.get(url, timeout=_TIMEOUT, allow_redirects=False)
        response.raise_for_status()
        jwks = response.json()
    except (requests.RequestException, ValueError):
        raise Unreachable(say("saleor.keys_unreadable"), code="jwks") from None
    if not isinstance(jwks, dict) or not jwks.get("keys"):
        raise Unreachable(say("saleor.no_keys"), code="jwks")
    return jwks
