"""Faults on demand: what has gone wrong at Amazon, made to happen when a test or demo wants it."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, Final

from saleor_amazon_app.sandbox.amazon.clock import normal

TOKEN: Final = "token"
"""Login with Amazon's operation."""


class FaultKind(StrEnum):
    """What goes wrong."""

    THROTTLE = "throttle"
    """429 although the bucket is not empty: other apps and plans count too."""
    SERVER_ERROR = "server_error"
    HTML_503 = "html_503"
    """The gateway in front of Amazon answers with a page, not with JSON."""
    EMPTY_500 = "empty_500"
    TIMEOUT = "timeout"
    """Accepted, never answered; the connection closes after ``seconds``."""
    DROP = "drop"
    """The connection closes without an answer."""
    BROKEN_JSON = "broken_json"
    SLOW = "slow"
    TRANSIENT_400 = "transient_400"
    """InvalidInput for a valid request, for half a day in one region:
    amzn/selling-partner-api-models#5365."""
    FORBIDDEN_DATA_SET = "forbidden_data_set"
    """403 where a role is missing: amzn/selling-partner-api-models#5319, where Amazon refused
    some sellers whatever they asked for; leave ``data_set`` out for that."""
    FORBIDDEN_MARKETPLACE = "forbidden_marketplace"
    """amzn/selling-partner-api-models#5140."""
    HIDE_ORDER = "hide_order"
    """Missing from the search by update time, though getOrder and the search by creation time
    find it: amzn/selling-partner-api-models#3945."""
    STRIP_PII = "strip_pii"
    """A page without names and addresses, and without an error:
    saleweaver/python-amazon-sp-api#425."""
    UNKNOWN_ENUM = "unknown_enum"
    """Values that Amazon may add: the model calls them "possible values" of a plain string."""
    UNKNOWN_FIELD = "unknown_field"
    LOST_ANSWER = "lost_answer"
    """The call is carried out, and the connection closes without an answer."""
    DROP_WRITE = "drop_write"
    """confirmShipment answers 204 and nothing comes of it: amzn/selling-partner-api-models#5232."""
    FEED_HANGS = "feed_hangs"
    """A feed stays IN_PROGRESS, for ever or up to ``until``:
    amzn/selling-partner-api-models#4914."""
    FEED_SLOW = "feed_slow"
    """A feed takes ``seconds`` longer, on the simulated clock."""
    FEED_FATAL = "feed_fatal"
    """Feeds API model: on FATAL "some, none, or all of the operations within the feed may have
    completed"; this is none."""
    FEED_FATAL_PARTLY = "feed_fatal_partly"
    """FATAL too, after the first half of the messages; a single one is carried out."""
    FEED_CANCELLED = "feed_cancelled"
    """A feed is cancelled before its processing begins."""
    MESSAGE_ERROR = "message_error"
    """A feed's message is refused, for a reason that the simulator does not know."""
    MESSAGE_WARNING = "message_warning"
    """A feed's message is carried out, with a warning."""
    REPORT_MISSING = "report_missing"
    """A feed is DONE without a ``resultFeedDocumentId``, which the model does not require."""
    NOTIFICATION_LOST = "notification_lost"
    """Amazon advises "a backup mechanism" against outages and delays of delivery (SP-API page
    "Notifications API v1 Use Case Guide")."""
    NOTIFICATION_TWICE = "notification_twice"
    """Standard queues deliver at least once (SQS developer guide)."""
    NOTIFICATION_LATE = "notification_late"
    """A notification comes ``seconds`` later, on the simulated clock."""
    NOTIFICATION_SWAPPED = "notification_swapped"
    """A notification comes after the one that follows it: standard queues keep no order."""


@dataclass
class Fault:
    """A fault, and when it strikes.

    Args:
        kind: What goes wrong.
        operation: Only this operation, e.g. ``searchOrders``; None for all but ``token``.
        seller_id: Only this seller; None for all.
        count: How often it strikes; None for ever.
        probability: How likely it strikes a call that it could strike.
        data_set: Only calls that include this data set.
        marketplace_id: Only calls that name this marketplace.
        order_id: The order to hide, or only messages and confirmations of this order.
        feed_type: Only feeds of this type, and their messages.
        description: What the report says of a message.
        code: The number that the report gives a message.
        seconds: How long a call takes or hangs, in real seconds; for ``feed_slow`` and
            ``notification_late`` simulated ones.
        until: An ISO 8601 time on the simulated clock at which the fault ends.
    """

    kind: FaultKind
    operation: str | None = None
    seller_id: str | None = None
    count: int | None = None
    probability: float = 1.0
    data_set: str | None = None
    marketplace_id: str | None = None
    order_id: str | None = None
    feed_type: str | None = None
    description: str = "We are unable to process this message."
    code: int = 25
    seconds: float = 1.0
    until: str | None = None

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Fault":
        """Read a fault from the control API.

        Raises:
            ValueError: The kind or a field is not known.
        """
        names = {f.name for f in fields(cls)}
        if unknown := set(told) - names:
            raise ValueError(f"A fault has no {', '.join(sorted(unknown))}.")
        until = told.get("until")
        fixed = {"kind": FaultKind(str(told.get("kind"))), "until": until and normal(until)}
        return cls(**{**told, **fixed})


@dataclass(frozen=True)
class Aim:
    """A call, as far as faults care."""

    operation: str
    seller_id: str | None = None
    data_sets: tuple[str, ...] = ()
    marketplace_ids: tuple[str, ...] = ()
    order_id: str | None = None
    feed_type: str | None = None


@dataclass
class FaultBook:
    """The faults that are due. One seed gives one sequence of strikes."""

    seed: int = 0
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def add(self, fault: Fault) -> None:
        self.faults.append(fault)

    def clear(self) -> None:
        self.faults.clear()
        self._random = random.Random(self.seed)

    def strike(self, kind: FaultKind, aim: Aim, now: str) -> Fault | None:
        """Return the fault of this kind that hits the call, if one does, and count it."""
        for fault in self.faults:
            if fault.kind is kind and _can_hit(fault, aim, now) and self._hits(fault):
                return fault
        return None

    def hides(self, order_id: str, aim: Aim, now: str) -> bool:
        return any(
            fault.kind is FaultKind.HIDE_ORDER
            and fault.order_id == order_id
            and _can_hit(fault, replace(aim, order_id=order_id), now)
            for fault in self.faults
        )

    def _hits(self, fault: Fault) -> bool:
        if fault.probability < 1 and self._random.random() >= fault.probability:
            return False
        if fault.count is not None:
            fault.count -= 1
        return True


def _can_hit(fault: Fault, aim: Aim, now: str) -> bool:
    return (
        _is_meant(fault, aim.operation)
        and fault.seller_id in (None, aim.seller_id)
        and (fault.data_set is None or fault.data_set in aim.data_sets)
        and (fault.marketplace_id is None or fault.marketplace_id in aim.marketplace_ids)
        and fault.order_id in (None, aim.order_id)
        and fault.feed_type in (None, aim.feed_type)
        and (fault.count is None or fault.count > 0)
        and (fault.until is None or now < fault.until)
    )


def _is_meant(fault: Fault, operation: str) -> bool:
    """Login with Amazon is another service: it fails only where a fault names it."""
    return fault.operation == operation or (fault.operation is None and operation != TOKEN)
