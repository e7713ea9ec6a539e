"""The operations that the app calls, with Amazon's default usage plans.

Source: the ``x-amzn-RateLimit`` tables in the official models. The rates are requests per second
for each seller and application; a response header may give an account other figures.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Operation:
    """An operation of the Selling Partner API.

    ``rate`` is in requests per second. One that is not ``repeatable`` does its work twice when it
    is sent twice. One that is ``sandbox_only`` is offered by Amazon's sandbox hosts alone. The
    success of one that is ``bare`` says all by its status: there need be nothing in its answer.
    """

    name: str
    method: str
    path: str
    rate: float
    burst: int
    repeatable: bool = True
    sandbox_only: bool = False
    bare: bool = False


SEARCH_ORDERS: Final = Operation("searchOrders", "GET", "/orders/2026-01-01/orders", 0.0056, 20)
GET_ORDER: Final = Operation("getOrder", "GET", "/orders/2026-01-01/orders/{order_id}", 0.5, 30)
GET_PARTICIPATIONS: Final = Operation(
    "getMarketplaceParticipations", "GET", "/sellers/v1/marketplaceParticipations", 0.016, 15
)
CONFIRM_SHIPMENT: Final = Operation(
    "confirmShipment", "POST", "/orders/v0/orders/{order_id}/shipmentConfirmation", 2.0, 10
)
"""Repeatable: the same packageReferenceId edits the package."""
CREATE_FEED_DOCUMENT: Final = Operation(
    "createFeedDocument", "POST", "/feeds/2021-06-30/documents", 0.5, 15
)
"""Repeatable: a document that no feed names does nothing."""
CREATE_FEED: Final = Operation(
    "createFeed", "POST", "/feeds/2021-06-30/feeds", 0.0083, 15, repeatable=False
)
GET_FEED: Final = Operation("getFeed", "GET", "/feeds/2021-06-30/feeds/{feed_id}", 2.0, 15)
GET_FEEDS: Final = Operation("getFeeds", "GET", "/feeds/2021-06-30/feeds", 0.0222, 10)
GET_FEED_DOCUMENT: Final = Operation(
    "getFeedDocument", "GET", "/feeds/2021-06-30/documents/{document_id}", 0.0222, 10
)
LIST_TRANSACTIONS: Final = Operation(
    "listTransactions", "GET", "/finances/2024-06-19/transactions", 0.5, 10
)
CREATE_DESTINATION: Final = Operation(
    "createDestination", "POST", "/notifications/v1/destinations", 1.0, 5
)
"""Repeatable: a second destination for a queue is refused."""
GET_DESTINATIONS: Final = Operation(
    "getDestinations", "GET", "/notifications/v1/destinations", 1.0, 5
)
CREATE_SUBSCRIPTION: Final = Operation(
    "createSubscription", "POST", "/notifications/v1/subscriptions/{type}", 1.0, 5
)
"""Repeatable: a second subscription to a type is refused."""
GET_SUBSCRIPTION: Final = Operation(
    "getSubscription", "GET", "/notifications/v1/subscriptions/{type}", 1.0, 5
)
DELETE_SUBSCRIPTION: Final = Operation(
    "deleteSubscriptionById",
    "DELETE",
    "/notifications/v1/subscriptions/{type}/{subscription_id}",
    1.0,
    5,
)
SEND_TEST_NOTIFICATION: Final = Operation(
    "sendTestNotification",
    "POST",
    "/notifications/v1/subscriptions/{type}/testNotification",
    1.0,
    5,
    sandbox_only=True,
)
