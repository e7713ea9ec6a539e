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
}


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
