"""The operations that the app calls, with Amazon's default usage plans.

Source: the ``x-amzn-RateLimit`` tables in the official models. The rates are requests per second
for each seller and application; a response header may give an account other figures.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Operation:
    """An operation of the Selling Partner API."""

    name: str
    method: str
    path: str
    rate: float
    burst: int


SEARCH_ORDERS: Final = Operation("searchOrders", "GET", "/orders/2026-01-01/orders", 0.0056, 20)
GET_ORDER: Final = Operation("getOrder", "GET", "/orders/2026-01-01/orders/{order_id}", 0.5, 30)
GET_PARTICIPATIONS: Final = Operation(
    "getMarketplaceParticipations", "GET", "/sellers/v1/marketplaceParticipations", 0.016, 15
)
