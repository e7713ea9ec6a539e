"""The parameters of searchOrders and getOrder, checked by the rules of Orders API 2026-01-01."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from saleor_amazon_app.sandbox.amazon.clock import iso, parse_iso
from saleor_amazon_app.sandbox.amazon.errors import denied, invalid
from saleor_amazon_app.sandbox.amazon.signing import seal, unseal
from saleor_amazon_app.sandbox.amazon.state import Seller

Args = Mapping[str, list[str]]

DATA_SETS: Final = frozenset(
    (
        *("BUYER", "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION"),
        *("FULFILLMENT", "PACKAGES", "TAX", "PAYMENT", "FULFILLMENT_ORDERS"),
    )
)
_STATUSES: Final = frozenset(
    (
        *("PENDING_AVAILABILITY", "PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED"),
        *("SHIPPED", "CANCELLED", "UNFULFILLABLE"),
    )
)
_PARTIES: Final = frozenset({"MERCHANT", "AMAZON"})
_FRESH: Final = timedelta(minutes=2)
"""searchOrders: "at least two minutes before the time of the request"."""
_TOKEN_LIFE: Final = timedelta(hours=24)
_MAY_CHANGE: Final = frozenset({"paginationToken", "maxResultsPerPage", "includedData"})
_MOST_MARKETPLACES: Final = 50
_MOST_RESULTS: Final = 100
_WRONG_TOKEN: Final = (
    "The paginationToken you have submitted is not valid. All parameters must match the original"
    " request except maxResultsPerPage and includedData."
)
"""After amzn/selling-partner-api-sdk#717; the documentation excepts includedData too."""


@dataclass(frozen=True)
class Place:
    """Where a page ended: the last order's time and id."""

    time: str
    order_id: str


@dataclass(frozen=True)
class Search:
    """A valid search. ``by`` names the time field: ``createdTime`` or ``lastUpdatedTime``."""

    by: str
    after: str
    before: str
    marketplaces: frozenset[str]
    statuses: frozenset[str]
    fulfilled_by: frozenset[str]
    data_sets: frozenset[str]
    limit: int
    place: Place | None
    fingerprint: str

    @property
    def before_name(self) -> str:
        return "createdBefore" if self.by == "createdTime" else "lastUpdatedBefore"


def data_sets(args: Args, seller: Seller) -> frozenset[str]:
    """Return the data sets asked for.

    Raises:
        SpApiError: One is unknown (400) or this seller may not read it (403).
    """
    asked = _choices(args, "includedData", DATA_SETS)
    if asked & seller.denied_data_sets:
        raise denied()
    return asked


def search(args: Args, seller: Seller, now: datetime) -> Search:
    """Read a search.

    Raises:
        SpApiError: A parameter is not valid, or the seller may not ask for it.
    """
    family = _family(args)
    after = _time(args, f"{family}After")
    fingerprint = _fingerprint(args)
    place, first_before = _resume(args, fingerprint, now)
    before = first_before or _before(args, family, after, now)
    return Search(
        by="createdTime" if family == "created" else "lastUpdatedTime",
        after=iso(after),
        before=before,
        marketplaces=_marketplaces(args, seller),
        statuses=_choices(args, "fulfillmentStatuses", _STATUSES),
        fulfilled_by=_choices(args, "fulfilledBy", _PARTIES),
        data_sets=data_sets(args, seller),
        limit=_limit(args),
        place=place,
        fingerprint=fingerprint,
    )


def next_token(found: Search, place: Place, now: datetime) -> str:
    """Return a token that knows the search it belongs to, so that a restart does not void it."""
    return seal(
        {
            "search": found.fingerprint,
            "before": found.before,
            "time": place.time,
            "id": place.order_id,
            "until": iso(now + _TOKEN_LIFE),
        }
    )


def _family(args: Args) -> str:
    families = [f for f in ("created", "lastUpdated") if f"{f}After" in args]
    if len(families) != 1:
        raise invalid("Exactly one of createdAfter and lastUpdatedAfter must be provided.")
    other = "lastUpdated" if families == ["created"] else "created"
    if f"{other}Before" in args:
        raise invalid(f"{other}Before cannot be combined with {families[0]}After.")
    return families[0]


def _time(args: Args, name: str) -> datetime:
    try:
        return parse_iso(_single(args, name))
    except ValueError:
        raise invalid(f"{name} is not in ISO 8601 format.") from None


def _single(args: Args, name: str) -> str:
    if len(args[name]) != 1:
        raise invalid(f"{name} takes one value.")
    return args[name][0]


def _before(args: Args, family: str, after: datetime, now: datetime) -> str:
    name, latest = f"{family}Before", now - _FRESH
    if name not in args:
        return iso(latest)
    before = _time(args, name)
    if before > latest:
        raise invalid(f"{name} must be at least two minutes before the time of the request.")
    if before < after:
        raise invalid(f"{name} must be equal to or after {family}After.")
    return iso(before)


def _marketplaces(args: Args, seller: Seller) -> frozenset[str]:
    asked = frozenset(args.get("marketplaceIds", ()))
    if len(args.get("marketplaceIds", ())) > _MOST_MARKETPLACES:
        raise invalid(f"marketplaceIds takes at most {_MOST_MARKETPLACES} values.")
    allowed = frozenset(seller.marketplaces) - seller.denied_marketplaces
    if not asked <= allowed:
        raise denied()
    return asked or allowed


def _choices(args: Args, name: str, known: frozenset[str]) -> frozenset[str]:
    asked = frozenset(args.get(name, ()))
    if unknown := sorted(asked - known):
        raise invalid(f"{name} has no value {unknown[0]}.")
    return asked


def _limit(args: Args) -> int:
    if "maxResultsPerPage" not in args:
        return _MOST_RESULTS
    text = _single(args, "maxResultsPerPage")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_RESULTS):
        raise invalid("maxResultsPerPage must be between 1 and 100.")
    return int(text)


def _resume(args: Args, fingerprint: str, now: datetime) -> tuple[Place | None, str | None]:
    """Return where the last page ended, and the end of the window that its search began with."""
    if "paginationToken" not in args:
        return None, None
    told = unseal(_single(args, "paginationToken"))
    if told is None or told.get("search") != fingerprint or told["until"] <= iso(now):
        raise invalid(message=_WRONG_TOKEN)
    return Place(told["time"], told["id"]), told["before"]


def _fingerprint(args: Args) -> str:
    fixed = {name: sorted(values) for name, values in args.items() if name not in _MAY_CHANGE}
    return hashlib.sha256(json.dumps(fixed, sort_keys=True).encode()).hexdigest()[:16]
