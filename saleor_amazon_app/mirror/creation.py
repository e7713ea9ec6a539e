"""When an Amazon order becomes an order in Saleor: one table, and the few rules around it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from saleor_amazon_app.mirror.amazon_order import AmazonOrder


class Action(StrEnum):
    """What to do with an order that is not in Saleor yet."""

    CREATE = "create"
    WAIT = "wait"
    LEAVE_OUT = "leave_out"


@dataclass(frozen=True)
class Decision:
    """An action with its reason in the merchant's words."""

    action: Action
    reason: str


_NOT_PAID: Final = Decision(Action.WAIT, "Amazon has not released the order yet: payment pending.")
_PREORDER: Final = Decision(Action.WAIT, "Pre-order: Amazon has not released it yet.")
_AMAZON_SHIPS: Final = Decision(
    Action.WAIT, "Fulfilled by Amazon: imported once Amazon has shipped it."
)
_CANCELLED: Final = Decision(Action.LEAVE_OUT, "Cancelled before it came to Saleor.")
_UNFULFILLABLE: Final = Decision(Action.LEAVE_OUT, "Amazon cannot fulfil it.")
_TO_SHIP: Final = Decision(Action.CREATE, "Released by Amazon, to be shipped by the merchant.")
_PARTLY_SHIPPED: Final = Decision(Action.CREATE, "Partly shipped by the merchant.")
_SHIPPED: Final = Decision(Action.CREATE, "Already shipped by the merchant.")
_SHIPPED_BY_AMAZON: Final = Decision(Action.CREATE, "Shipped by Amazon.")

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

_ELSEWHERE: Final = Decision(
    Action.LEAVE_OUT, "Not sold on Amazon: Amazon only fulfils it for another shop."
)
_TOO_OLD: Final = Decision(Action.LEAVE_OUT, "Bought before the import's start date.")
_UNTOLD: Final = Decision(Action.WAIT, "Amazon has not told the order's status.")


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
    return known or Decision(
        Action.WAIT,
        f"Amazon reports {order.status} by {order.fulfilled_by}, which is new to this version.",
    )
