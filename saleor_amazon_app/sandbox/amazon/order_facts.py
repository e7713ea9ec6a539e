"""What rules ask about an order: who fulfils it, how far it is, in which currency it was paid."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from saleor_amazon_app.sandbox.amazon.clock import normal
from saleor_amazon_app.sandbox.amazon.refusals import Refused
from saleor_amazon_app.sandbox.amazon.state import StoredOrder
from saleor_amazon_app.sandbox.catalogue import SALES_CHANNELS

Json = dict[str, Any]

ZERO: Final = Decimal(0)
_TAX_INCLUSIVE: Final = frozenset(
    channel.marketplace_id for channel in SALES_CHANNELS if channel.prices_include_tax
)


def status(order: Json) -> str:
    return str(order.get("fulfillment", {}).get("fulfillmentStatus"))


def is_own(order: Json) -> bool:
    """Tell whether the merchant fulfils an order: Amazon's own cannot be touched by feed or API."""
    return bool(order.get("fulfillment", {}).get("fulfilledBy") == "MERCHANT")


def marketplace(order: Json) -> str:
    return str(order["salesChannel"].get("marketplaceId", ""))


def includes_tax(order: Json) -> bool:
    return marketplace(order) in _TAX_INCLUSIVE


def is_facilitated(item: Json) -> bool:
    """Tell whether Amazon collects and remits an item's tax."""
    collections = item.get("tax", {}).get("taxCollections", ())
    return any(each.get("model") == "MARKETPLACE_FACILITATOR" for each in collections)


def ordered(item: Json) -> int:
    return int(item["quantityOrdered"])


def fulfilled(item: Json) -> int:
    return int(item.get("fulfillment", {}).get("quantityFulfilled", 0))


def unfulfilled(item: Json) -> int:
    return ordered(item) - fulfilled(item)


def any_fulfilled(order: Json) -> bool:
    return any(fulfilled(item) for item in order["orderItems"])


def item_of(order: Json, item_id: str) -> Json:
    """Return an order's item.

    Raises:
        Refused: There is none; words of jlevers/selling-partner-api#528.
    """
    for item in order["orderItems"]:
        if item["orderItemId"] == item_id:
            found: Json = item
            return found
    raise Refused("OrderItemId is invalid", f"There is no item {item_id}.", item_id=item_id)


def amount(money: Json | None) -> Decimal:
    """Read an amount; one that is missing or illegible counts as nothing."""
    try:
        return Decimal(str((money or {}).get("amount", "0")))
    except InvalidOperation:
        return ZERO


def currency(order: Json) -> str:
    for money in _moneys(order):
        return str(money.get("currencyCode", ""))
    return ""


def _moneys(order: Json) -> Iterator[Json]:
    if grand := order.get("proceeds", {}).get("grandTotal"):
        yield grand
    for item in order["orderItems"]:
        if total := item.get("proceeds", {}).get("proceedsTotal"):
            yield total


def touch(stored: StoredOrder, at: str) -> None:
    """Every change of an order moves its update time, which never runs back."""
    order = stored.order
    order["lastUpdatedTime"] = max(normal(order["lastUpdatedTime"]), at)
