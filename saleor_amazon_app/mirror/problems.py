"""What can hold an order back, in the merchant's words, each with its cure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from saleor_amazon_app.mirror.sentences import Sentence, quote, say


class ProblemKind(StrEnum):
    """Why an order waits for a person. The values are stored: never rename one."""

    UNKNOWN_SKU = "unknown_sku"
    ADDRESS = "address"
    ADDRESS_WITHHELD = "address_withheld"
    TOTAL_MISMATCH = "total_mismatch"
    AMOUNT = "amount"
    UNREADABLE = "unreadable"
    UNMAPPED_MARKETPLACE = "unmapped_marketplace"
    MAPPING = "mapping"
    CURRENCY = "currency"
    REFUSED_BY_SALEOR = "refused_by_saleor"
    DIFFERS_IN_SALEOR = "differs_in_saleor"
    NOT_RESERVED = "not_reserved"
    REJECTED = "rejected"
    NEEDS_ATTENTION = "needs_attention"
    TRACKING_MISSING = "tracking_missing"
    APPROVAL_MISSING = "approval_missing"
    SHIPMENT_UNDONE = "shipment_undone"
    CANCEL_NOT_POSSIBLE = "cancel_not_possible"
    CANCELLED_AT_AMAZON = "cancelled_at_amazon"
    CANCEL_REQUESTED = "cancel_requested"
    UNITS_CANCELLED = "units_cancelled"
    FULFIL_NOT_POSSIBLE = "fulfil_not_possible"
    REFUND_NOT_POSSIBLE = "refund_not_possible"
    FEED_HANGS = "feed_hangs"
    GONE_FROM_SALEOR = "gone_from_saleor"


OF_THE_MIRROR: Final = frozenset(
    {
        ProblemKind.ADDRESS,
        ProblemKind.REJECTED,
        ProblemKind.NEEDS_ATTENTION,
        ProblemKind.TRACKING_MISSING,
        ProblemKind.APPROVAL_MISSING,
        ProblemKind.SHIPMENT_UNDONE,
        ProblemKind.CANCEL_NOT_POSSIBLE,
        ProblemKind.CANCELLED_AT_AMAZON,
        ProblemKind.CANCEL_REQUESTED,
        ProblemKind.UNITS_CANCELLED,
        ProblemKind.FULFIL_NOT_POSSIBLE,
        ProblemKind.REFUND_NOT_POSSIBLE,
        ProblemKind.FEED_HANGS,
        ProblemKind.GONE_FROM_SALEOR,
    }
)
"""Problems of orders that are in Saleor: found by comparing both sides, closed the same way.

An address is one of them, since Amazon may change it to one that Saleor cannot hold.
"""

_FOUND_IN_SALEOR: Final = OF_THE_MIRROR | {
    ProblemKind.DIFFERS_IN_SALEOR,
    ProblemKind.NOT_RESERVED,
}
"""Problems that an order can have although it is in Saleor; two are found when it is imported."""


def may_dismiss(kind: str, *, in_saleor: bool) -> bool:
    """Tell whether a person may set a problem aside.

    Not one that keeps its order out of Saleor: without it nothing would say that the order waits.
    """
    return in_saleor and kind in _FOUND_IN_SALEOR


def may_retry(kind: str, *, in_saleor: bool) -> bool:
    """Tell whether the order can be tried again once the problem is cured.

    An order that is in Saleor is compared by itself, and its problems close when they are cured.
    """
    return not in_saleor and (kind == ProblemKind.ADDRESS or kind not in _FOUND_IN_SALEOR)


def is_of_orders_in_saleor(kind: str) -> bool:
    """Tell whether the orders with such a problem are in Saleor, as a rule.

    A bad address mostly keeps an order out; Amazon seldom changes it to one.
    """
    return kind in _FOUND_IN_SALEOR - {ProblemKind.ADDRESS}


def cure_of(kind: ProblemKind) -> Sentence:
    """Say what a person can do about such a problem."""
    return say(f"cure.{kind}")


@dataclass(frozen=True)
class Problem:
    """One reason why an order waits for a person.

    ``subject`` is what the problem is about (an SKU, a field, a marketplace id), so that problems
    can be grouped and found again once cured. Neither it nor ``message`` holds personal data.
    """

    kind: ProblemKind
    message: str
    subject: str = ""

    @property
    def cure(self) -> Sentence:
        return cure_of(self.kind)

    @property
    def with_cure(self) -> Sentence:
        """What is wrong, and what to do about it."""
        return say("problem.with_cure", problem=quote(self.message), cure=self.cure)

    def __str__(self) -> str:
        return str(self.with_cure)
