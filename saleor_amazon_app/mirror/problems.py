"""What can hold an order back, in the merchant's words, each with its cure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


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
    SHIPMENT_UNDONE = "shipment_undone"
    CANCEL_NOT_POSSIBLE = "cancel_not_possible"
    CANCELLED_AT_AMAZON = "cancelled_at_amazon"
    CANCEL_REQUESTED = "cancel_requested"
    UNITS_CANCELLED = "units_cancelled"
    FULFIL_NOT_POSSIBLE = "fulfil_not_possible"
    REFUND_NOT_POSSIBLE = "refund_not_possible"
    FEED_HANGS = "feed_hangs"
    GONE_FROM_SALEOR = "gone_from_saleor"


CURES: Final = {
    ProblemKind.UNKNOWN_SKU: (
        "Create a variant with this SKU in Saleor, or map the SKU to an existing variant."
    ),
    ProblemKind.ADDRESS: "Repair the named fields of the address.",
    ProblemKind.ADDRESS_WITHHELD: (
        "Check in Seller Central that the app has the role Direct-to-Consumer Delivery."
    ),
    ProblemKind.TOTAL_MISMATCH: "Compare the order in Seller Central; its parts do not add up.",
    ProblemKind.AMOUNT: "Compare the order in Seller Central; Saleor cannot hold such an amount.",
    ProblemKind.UNREADABLE: "Fetch the order again; if it stays so, report it with its number.",
    ProblemKind.UNMAPPED_MARKETPLACE: "Map the marketplace to a channel (saleor-amazon map).",
    ProblemKind.MAPPING: "Map the marketplace again: what it pointed to is gone from Saleor.",
    ProblemKind.CURRENCY: "Map the marketplace to a channel with the order's currency.",
    ProblemKind.REFUSED_BY_SALEOR: "Mend what Saleor names, then retry the order.",
    ProblemKind.DIFFERS_IN_SALEOR: "Compare the order in Saleor with Seller Central.",
    ProblemKind.NOT_RESERVED: (
        "Give the variant stock in the mapped warehouse; the units of this order are not held."
    ),
    ProblemKind.REJECTED: "Mend what Amazon names and send it again, or do it in Seller Central.",
    ProblemKind.NEEDS_ATTENTION: (
        "Look at the order in Seller Central. If it was done there, settle it as done; "
        "if not, send it again."
    ),
    ProblemKind.TRACKING_MISSING: "Add the tracking number to the fulfilment in Saleor.",
    ProblemKind.SHIPMENT_UNDONE: (
        "Amazon cannot undo a shipment. Fulfil the units again in Saleor, or refund the buyer."
    ),
    ProblemKind.CANCEL_NOT_POSSIBLE: (
        "Ship the order all the same, or refund it; in Seller Central it may still be cancelled."
    ),
    ProblemKind.CANCELLED_AT_AMAZON: (
        "Stop the parcel if it can still be stopped; else ask the buyer, or claim at Amazon."
    ),
    ProblemKind.CANCEL_REQUESTED: (
        "Cancel the order at Amazon (reason BuyerCanceled), or ship it all the same."
    ),
    ProblemKind.UNITS_CANCELLED: "Do not ship these units; Saleor cannot take them off the order.",
    ProblemKind.FULFIL_NOT_POSSIBLE: "Mend what Saleor names; the app tries again by itself.",
    ProblemKind.REFUND_NOT_POSSIBLE: "Compare the refunds in Saleor with Seller Central.",
    ProblemKind.FEED_HANGS: "Wait, or ask Amazon's seller support about it; it is not resent.",
    ProblemKind.GONE_FROM_SALEOR: "The order was deleted in Saleor; work on it in Seller Central.",
}

OF_THE_MIRROR: Final = frozenset(
    {
        ProblemKind.REJECTED,
        ProblemKind.NEEDS_ATTENTION,
        ProblemKind.TRACKING_MISSING,
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
"""Problems of orders that are in Saleor: found by comparing both sides, closed the same way."""


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
    def cure(self) -> str:
        return CURES[self.kind]

    def __str__(self) -> str:
        return f"{self.message} {self.cure}"
