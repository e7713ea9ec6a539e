"""Amazon's usage plans: a token bucket for each seller and operation.

Source: SP-API page "Usage Plans and Rate Limits"; the figures are those of the operations'
descriptions in the official models.
"""

from dataclasses import dataclass
from typing import Final

from saleor_amazon_app.sandbox.amazon.clock import Clock


@dataclass(frozen=True)
class UsagePlan:
    """How often an operation may be called: ``rate`` a second, ``burst`` at once."""

    rate: float
    burst: int


SEARCH_ORDERS: Final = "searchOrders"
GET_ORDER: Final = "getOrder"
GET_PARTICIPATIONS: Final = "getMarketplaceParticipations"
CONFIRM_SHIPMENT: Final = "confirmShipment"
CREATE_DOCUMENT: Final = "createFeedDocument"
GET_DOCUMENT: Final = "getFeedDocument"
CREATE_FEED: Final = "createFeed"
GET_FEED: Final = "getFeed"
GET_FEEDS: Final = "getFeeds"
CANCEL_FEED: Final = "cancelFeed"
LIST_TRANSACTIONS: Final = "listTransactions"
GET_DESTINATIONS: Final = "getDestinations"
CREATE_DESTINATION: Final = "createDestination"
GET_SUBSCRIPTION: Final = "getSubscription"
CREATE_SUBSCRIPTION: Final = "createSubscription"
DELETE_SUBSCRIPTION: Final = "deleteSubscriptionById"
SEND_TEST: Final = "sendTestNotification"
GET_MESSAGING_ACTIONS: Final = "getMessagingActionsForOrder"
GET_ATTRIBUTES: Final = "GetAttributes"
WRITE: Final = {
    "confirmCustomizationDetails": "confirmCustomizationDetails",
    "confirmDeliveryDetails": "createConfirmDeliveryDetails",
    "confirmOrderDetails": "createConfirmOrderDetails",
    "confirmServiceDetails": "createConfirmServiceDetails",
    "digitalAccessKey": "createDigitalAccessKey",
    "unexpectedProblem": "createUnexpectedProblem",
}
"""The operations that write to a buyer, by the names of the actions."""
_MESSAGING: Final = (GET_MESSAGING_ACTIONS, GET_ATTRIBUTES, *WRITE.values())
_NOTIFICATIONS: Final = (
    *(GET_DESTINATIONS, CREATE_DESTINATION, GET_SUBSCRIPTION, CREATE_SUBSCRIPTION),
    *(DELETE_SUBSCRIPTION, SEND_TEST),
)

PLANS: Final = {
    SEARCH_ORDERS: UsagePlan(0.0056, 20),
    GET_ORDER: UsagePlan(0.5, 30),
    GET_PARTICIPATIONS: UsagePlan(0.016, 15),
    CONFIRM_SHIPMENT: UsagePlan(2, 10),
    CREATE_DOCUMENT: UsagePlan(0.5, 15),
    GET_DOCUMENT: UsagePlan(0.0222, 10),
    CREATE_FEED: UsagePlan(0.0083, 15),
    GET_FEED: UsagePlan(2, 15),
    GET_FEEDS: UsagePlan(0.0222, 10),
    CANCEL_FEED: UsagePlan(2, 15),
    LIST_TRANSACTIONS: UsagePlan(0.5, 10),
    **dict.fromkeys((*_NOTIFICATIONS, *_MESSAGING), UsagePlan(1, 5)),
}


@dataclass
class _Bucket:
    tokens: float
    filled_at: float


class Limits:
    """Counts calls against the usage plans, on the simulated clock.

    ``pace`` is how many times more calls a second are allowed than documented. SP-API page "Usage
    Plans and Rate Limits": dynamic plans follow a seller's business, and the header tells the rate.
    """

    def __init__(self, clock: Clock, pace: float = 1.0) -> None:
        self._clock = clock
        self.pace = pace
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def take(self, seller_id: str, operation: str) -> bool:
        """Take a token for a call; False if there is none left."""
        bucket = self._filled(seller_id, operation)
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True

    def left(self, seller_id: str, operation: str) -> int:
        return int(self._filled(seller_id, operation).tokens)

    def reset(self) -> None:
        self._buckets.clear()

    def real_rate(self, operation: str) -> float | None:
        """Return the rate in real seconds, or None on a clock that stands still.

        Orders has dynamic usage plans: the rate that a response's header tells replaces the
        documented one. So a client that obeys the header speeds up with the clock.
        """
        return PLANS[operation].rate * self.pace * self._clock.speed or None

    def _filled(self, seller_id: str, operation: str) -> _Bucket:
        plan, now = PLANS[operation], self._clock.monotonic()
        fresh = _Bucket(plan.burst, now)
        bucket = self._buckets.setdefault((seller_id, operation), fresh)
        gained = (now - bucket.filled_at) * plan.rate * self.pace
        bucket.tokens = min(plan.burst, bucket.tokens + gained)
        bucket.filled_at = now
        return bucket
