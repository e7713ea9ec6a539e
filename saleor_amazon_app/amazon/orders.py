"""Orders API 2026-01-01: search and single orders, with every data set."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from saleor_amazon_app.amazon.client import SellingPartnerApi
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.amazon.operations import GET_ORDER, SEARCH_ORDERS
from saleor_amazon_app.amazon.reading import missing

ESSENTIAL_DATA: Final = ("PROCEEDS", "FULFILLMENT")
"""Without these an order can be neither judged nor reckoned."""
OPTIONAL_DATA: Final = (
    "TAX",
    "PAYMENT",
    "FULFILLMENT_ORDERS",
    "EXPENSE",
    "PROMOTION",
    "CANCELLATION",
    "PACKAGES",
    "BUYER",
    "RECIPIENT",
)
"""What a missing role may deny, the likeliest first (amzn/selling-partner-api-models#5319)."""
ALL_DATA: Final = ESSENTIAL_DATA + OPTIONAL_DATA


@dataclass(frozen=True)
class OrdersPage:
    """A page of a search, as Amazon gave it."""

    orders: list[dict[str, Any]]
    next_token: str | None
    before: str | None
    """Amazon's ``lastUpdatedBefore`` or ``createdBefore``: the window's safe end."""


def search_orders(
    api: SellingPartnerApi,
    seller: SellerCredentials,
    region: str,
    query: Mapping[str, str],
    token: str | None = None,
) -> OrdersPage:
    """Read one page. ``query`` must be the same for all pages of a window (Amazon's rule)."""
    asked = dict(query) | ({"paginationToken": token} if token else {})
    answer = api.call(SEARCH_ORDERS, seller, region, query=asked)
    orders = answer.get("orders")
    if not isinstance(orders, list):
        raise missing("orders", SEARCH_ORDERS.name)
    pagination = answer.get("pagination") or {}
    before = answer.get("lastUpdatedBefore") or answer.get("createdBefore")
    return OrdersPage(orders, pagination.get("nextToken") or None, before)


def get_order(
    api: SellingPartnerApi,
    seller: SellerCredentials,
    region: str,
    order_id: str,
    included_data: tuple[str, ...] = ALL_DATA,
) -> dict[str, Any]:
    """Read one order.

    Raises:
        NotFound: The seller has no such order.
    """
    query = {"includedData": ",".join(included_data)}
    answer = api.call(GET_ORDER, seller, region, path={"order_id": order_id}, query=query)
    order = answer.get("order")
    if not isinstance(order, dict):
        raise missing("order", GET_ORDER.name)
    return order
