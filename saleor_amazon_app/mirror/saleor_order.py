"""A mirrored order as Saleor shows it now: what the rules compare with Amazon's order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from saleor_amazon_app.mirror.drafting import TRANSACTION_NAME
from saleor_amazon_app.mirror.facts import FULFILLED_BY, IMPORTED_FULFILLMENTS, RESERVATION
from saleor_amazon_app.mirror.ids import OrderItemId, SaleorOrderId

FULFILLED: Final = "FULFILLED"
CANCELED: Final = "CANCELED"
WAITING_FOR_APPROVAL: Final = "WAITING_FOR_APPROVAL"

Units = Mapping[OrderItemId, int]


@dataclass(frozen=True)
class SaleorLine:
    id: str
    item_id: OrderItemId
    quantity: int
    to_fulfill: int
    variant_id: str


@dataclass(frozen=True)
class SaleorFulfillment:
    """A fulfilment; ``words`` are its metadata, private before public, below ``amazon.``."""

    id: str
    number: int
    status: str
    created_at: datetime
    tracking: str
    units: Units
    words: Mapping[str, str]
    warehouse: str = ""
    """The slug of the warehouse that it left from; Saleor knows none of imported ones."""


@dataclass(frozen=True)
class TransactionEvent:
    type: str
    amount: Decimal
    reference: str
    message: str = ""
    by: str = ""
    """Of a request: who made it, where it was asked for and told."""


@dataclass(frozen=True)
class SaleorTransaction:
    id: str
    name: str
    charged: Decimal
    refunded: Decimal
    events: tuple[TransactionEvent, ...]


@dataclass(frozen=True)
class GrantedRefund:
    """A refund that the merchant granted; ``references`` are those of the requests made for it."""

    id: str
    amount: Decimal
    reason: str
    with_shipping: bool
    units: Units
    reasons: Mapping[OrderItemId, str]
    references: tuple[str, ...]


@dataclass(frozen=True)
class SaleorOrder:
    """All of an order that the mirror reads. Amounts are gross, in major units."""

    id: SaleorOrderId
    number: str
    status: str
    reference: str
    total: Decimal
    currency: str
    email: str
    facts: Mapping[str, str]
    """The private metadata of ``mirror.facts``."""
    lines: tuple[SaleorLine, ...]
    fulfillments: tuple[SaleorFulfillment, ...]
    transactions: tuple[SaleorTransaction, ...]
    grants: tuple[GrantedRefund, ...]

    @property
    def is_cancelled(self) -> bool:
        return self.status == CANCELED

    @property
    def fulfilled_by(self) -> str:
        return self.facts.get(FULFILLED_BY, "")

    @property
    def payment(self) -> SaleorTransaction | None:
        """Amazon's payment, as the import recorded it."""
        return next((t for t in self.transactions if t.name == TRANSACTION_NAME), None)

    @property
    def shipped(self) -> tuple[SaleorFulfillment, ...]:
        """The fulfilments that stand for parcels, without the one that held stock."""
        return tuple(
            f
            for f in self.fulfillments
            if f.status == FULFILLED and f.number != number(self.facts.get(RESERVATION))
        )

    @property
    def has_active_fulfillment(self) -> bool:
        active = (FULFILLED, WAITING_FOR_APPROVAL)
        return any(f.status in active for f in self.fulfillments)

    def is_imported(self, fulfillment: SaleorFulfillment) -> bool:
        """Tell whether a fulfilment came with the import: Amazon knew of it first."""
        return fulfillment.number <= number(self.facts.get(IMPORTED_FULFILLMENTS))


def number(text: str | None) -> int:
    """Read a number from metadata, which a merchant may have written over; else 0."""
    return int(text) if text and text.isascii() and text.isdigit() else 0
