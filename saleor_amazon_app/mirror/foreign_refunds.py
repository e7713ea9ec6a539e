"""Which refunds that Amazon lists are the app's own, and what they mean in Saleor's total."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.reckoning import TaxReading, reckon_by_custom

_SLACK: Final = timedelta(minutes=10)
"""Amazon's clock and the app's may differ."""
_ROUNDING: Final = Decimal("0.02")
"""Tax that Amazon gives back by itself may differ from the app's share by a cent or two."""


_ENDED: Final = ("SHIPPED", "CANCELLED")


def has_news(order: AmazonOrder) -> bool:
    """Tell whether an order that Amazon lists a refund of has to be read anew before it is told.

    Amazon charges when it ships and gives back what was charged: an order that was open when it was
    read has left since, in part at least. Saleor may refuse to fulfil what is not fully paid any
    more (``fulfillmentAllowUnpaid``), so the parcel has to come first.
    """
    return order.status not in _ENDED


@dataclass(frozen=True)
class Listed:
    """A refund that Amazon lists. ``amount`` is what counts in Saleor's total, in major units."""

    id: str
    amount: Decimal
    posted_at: datetime
    intent_id: int | None = None
    told: bool = False
    """Saleor has heard of it as somebody else's; that is not taken back."""


@dataclass(frozen=True)
class Sent:
    """A refund of the app's that Amazon paid out, or may have."""

    intent_id: int
    amount: Decimal
    sent_at: datetime


def match_refunds(listed: Sequence[Listed], sent: Sequence[Sent]) -> dict[str, int]:
    """Return the app's refund for each listed one that is the same, each used once.

    The same is: of the same amount but for Amazon's own rounding of taxes, and not listed as posted
    before it was sent.
    """
    matched = {each.id: each.intent_id for each in listed if each.intent_id}
    live = {each.intent_id for each in sent}
    matched = {id_: intent for id_, intent in matched.items() if intent in live}
    free = [each for each in sent if each.intent_id not in matched.values()]
    for each in sorted(listed, key=lambda one: one.posted_at):
        if each.id in matched or each.told:
            continue
        own = next((s for s in free if _is_same(each, s)), None)
        if own is not None:
            matched[each.id] = own.intent_id
            free.remove(own)
    return matched


def _is_same(listed: Listed, sent: Sent) -> bool:
    return (
        abs(listed.amount - sent.amount) <= _ROUNDING and listed.posted_at >= sent.sent_at - _SLACK
    )


def refunded_amount(
    buyer_amount: Decimal, withheld_tax: Decimal, *, tax_is_withheld: bool
) -> Decimal:
    """Return what a listed refund takes off Saleor's total.

    Where Amazon's tax is no part of the total (``TaxReading.WITHHELD``), what Amazon gave back of
    it is none either.
    """
    return buyer_amount - withheld_tax if tax_is_withheld else buyer_amount


def leaves_tax_out(order: AmazonOrder) -> bool:
    """Tell whether the order's total leaves out a tax that Amazon collected beside it."""
    sums = reckon_by_custom(order)
    return sums is not None and any(item.tax_reading is TaxReading.WITHHELD for item in sums.items)
