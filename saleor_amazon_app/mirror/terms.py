"""What the merchant chose for the work that goes back to Amazon, for one marketplace."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from saleor_amazon_app.mirror.messages import AdjustmentReason, CancelReason


@dataclass(frozen=True)
class Terms:
    """The merchant's choices. Words are compared without regard to case."""

    carriers: Mapping[str, str] = field(default_factory=dict)
    """The merchant's names of carriers, with Amazon's codes or names for them."""
    default_carrier: str | None = None
    tracking_wait: timedelta = timedelta(hours=4)
    """How long a shipment waits for its tracking number, at most until the ship-by date."""
    ship_without_tracking: bool = True
    """What becomes of it then: sent without a number, or a problem."""
    supply_sources: Mapping[str, str] = field(default_factory=dict)
    """Amazon's ids of the merchant's places, by the slugs of Saleor's warehouses."""
    cancel_reason: CancelReason = CancelReason.NO_INVENTORY
    refund_reason: AdjustmentReason = AdjustmentReason.GENERAL_ADJUSTMENT
    refund_reasons: Mapping[str, AdjustmentReason] = field(default_factory=dict)
