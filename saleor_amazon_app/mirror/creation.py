"""When an Amazon order becomes an order in Saleor: one table, and the few rules around it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.sentences import Sentence, Term, say


class Action(StrEnum):
    """What to do with an order that is not in Saleor yet."""

    CREATE = "create"
    WAIT = "wait"
    LEAVE_OUT = "leave_out"


@dataclass(frozen=True)
class Decision:
    """An action with its reason in the merchant's words."""

    action: Action
    reason: Sentence


_NOT_PAID: Final = Decision(Action.WAIT, say("decision.not_paid"))
_PREORDER: Final = Decision(Action.WAIT, say("decision.preorder"))
_AMAZON_SHIPS: Final = Decision(Action.WAIT, say("decision.amazon_ships"))
_CANCELLED: Final = Decision(Action.LEAVE_OUT, say("decision.cancelled"))
_UNFULFILLABLE: Final = Decision(Action.LEAVE_OUT, say("decision.unfulfillable"))
_TO_SHIP: Final = Decision(Action.CREATE, say("decision.to_ship"))
_PARTLY_SHIPPED: Final = Decision(Action.CREATE, say("decision.partly_shipped"))
_SHIPPED: Final = Decision(Action.CREATE, say("decision.shipped"))
_SHIPPED_BY_AMAZON: Final = Decision(Action.CREATE, say("decision.shipped_by_amazon"))

CREATION_TABLE: Final = {
    ("MERCHANT", "PENDING_AVAILABILITY"): _PREORDER,
    ("MERCHANT", "PENDING"): _NOT_PAID,
    ("MERCHANT", "UNSHIPPED"): _TO_SHIP,
    ("MERCHANT", "PARTIALLY_SHIPPED"): _PARTLY_SHIPPED,
    ("MERCHANT", "SHIPPED"): _SHIPPED,
    ("MERCHANT", "CANCELLED"): _CANCELLED,
    ("MERCHANT", "UNFULFILLABLE"): _UNFULFILLABLE,
    ("AMAZON", "PENDING_AVAILABILITY"): _PREORDER,
    ("AMAZON", "PENDING"): _NOT_PAID,
    ("AMAZON", "UNSHIPPED"): _AMAZON_SHIPS,
    ("AMAZON", "PARTIALLY_SHIPPED"): _AMAZON_SHIPS,
    ("AMAZON", "SHIPPED"): _SHIPPED_BY_AMAZON,
    ("AMAZON", "CANCELLED"): _CANCELLED,
    ("AMAZON", "UNFULFILLABLE"): _UNFULFILLABLE,
}
"""(fulfilled by, Amazon's status) to what is done with an order that is not in Saleor."""

_ELSEWHERE: Final = Decision(Action.LEAVE_OUT, say("decision.elsewhere"))
_TOO_OLD: Final = Decision(Action.LEAVE_OUT, say("decision.too_old"))
_UNTOLD: Final = Decision(Action.WAIT, say("decision.untold"))


def decide(order: AmazonOrder, *, import_from: datetime) -> Decision:
    """Decide what happens with an order that is not in Saleor.

    A status or a fulfiller that this version does not know makes the order wait: it stays visible
    and is decided again at its next change.
    """
    if order.sales_channel.channel_name == "NON_AMAZON":
        return _ELSEWHERE
    if order.created_time < import_from:
        return _TOO_OLD
    if not order.status or not order.fulfilled_by:
        return _UNTOLD
    known = CREATION_TABLE.get((order.fulfilled_by, order.status))
    status = Term("statuses", order.status)
    reason = say("decision.unknown_status", status=status, fulfilled_by=order.fulfilled_by)
    return known or Decision(Action.WAIT, reason)
