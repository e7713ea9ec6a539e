"""A refund that was asked for in Saleor, divided the way Amazon's payment adjustment wants it.

The rules; what is left of an order, and how its parts are named, is in ``refundable``:

1. Amounts are totals for the units, never unit prices (Seller Central help G200387280,
   amzn/selling-partner-api-models#4405). Positive amounts go to the buyer.
2. The refund is what was asked, exactly, or it is refused. Nothing gets back more than is left of
   it, and all that is left can be refunded, in any number of steps. One thing cannot be had in
   steps: the last minor unit of a price goes together with the rest of the tax that Amazon
   collected on it.
3. Units ask for their share of what the buyer paid for the item's goods; the last units of an item
   ask for whatever is left of its goods. Shipping asks for all that is left beside the goods
   (shipping, gift wrap, fees) of all items. An amount by itself asks for all that is left of the
   order.
4. Less than was asked for is taken in proportion. More is taken up to one minor unit for each unit,
   as Saleor rounds unit prices (20.00 for 3 are 6.67 each): from the rest of the same goods, then
   from the rest of the order in proportion.
5. An item of which nothing is refunded is left out, whatever units were named.
6. Orders that Amazon fulfils are refunded by Amazon.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from saleor_amazon_app.mirror.amazon_order import AmazonOrder, OrderItem
from saleor_amazon_app.mirror.ids import OrderItemId
from saleor_amazon_app.mirror.messages import AdjustmentReason, ItemRefund, PromotionShare, Refund
from saleor_amazon_app.mirror.money import ZERO, fits, minor_unit
from saleor_amazon_app.mirror.reckoning import ITEM, OrderSums
from saleor_amazon_app.mirror.refundable import (
    ItemLeft,
    ItemMoney,
    Left,
    left_to_refund,
    rounded,
    spread,
)
from saleor_amazon_app.mirror.sentences import Sentence, Sum, say

__all__ = [
    "CannotRefund",
    "Left",
    "RefundWish",
    "cost_of",
    "left_to_refund",
    "reason_for",
    "split_refund",
]

_PROMOTION_ID: Final = 80
"""The length of ``MerchantPromotionID`` in the feed."""

_Slot = tuple[OrderItemId, str]
"""An item and one of its parts."""


@dataclass(frozen=True)
class RefundWish:
    """What a merchant asked to give back.

    ``amount`` is what the buyer is to get in all, in major units, with the tax that the order's
    total counts. Without ``units`` and ``shipping`` it is a plain amount.
    """

    amount: Decimal
    units: Mapping[OrderItemId, int] = field(default_factory=dict)
    shipping: bool = False
    """Shipping, gift wrap and fees belong to it."""
    reason: AdjustmentReason = AdjustmentReason.GENERAL_ADJUSTMENT
    reasons: Mapping[OrderItemId, AdjustmentReason] = field(default_factory=dict)
    """Other reasons for single items."""


class CannotRefund(Exception):
    """The refund cannot be made through Amazon; ``message`` says why, in the merchant's words."""

    def __init__(self, message: Sentence) -> None:
        super().__init__(message)
        self.message = message


def split_refund(
    order: AmazonOrder,
    sums: OrderSums,
    wish: RefundWish,
    *,
    reference: str,
    earlier: Sequence[Refund] = (),
    refunded_elsewhere: Decimal = ZERO,
) -> Refund:
    """Divide a refund by items and price components.

    Args:
        order: The order.
        sums: Its money, item by item in the order's own sequence.
        wish: What is to be given back.
        reference: The app's own name of the refund.
        earlier: This app's refunds that Amazon paid out, or may yet.
        refunded_elsewhere: What Amazon shows as refunded beyond these, in major units.

    Raises:
        CannotRefund: The wish cannot be met exactly.
    """
    if order.fulfilled_by != "MERCHANT":
        raise CannotRefund(say("refund.amazon_refunds"))
    left = left_to_refund(order, sums, earlier, refunded_elsewhere)
    _check_amount(wish.amount, left, sums.tip)
    _check_units(wish.units, left)
    amounts = _allot(wish, left)
    items = tuple(
        _item_refund(item, left, amounts, wish)
        for item in order.order_items
        if item.order_item_id in left.items and _of(item, amounts)
    )
    return Refund(order_id=order.order_id, currency=sums.currency, reference=reference, items=items)


def _check_amount(amount: Decimal, left: Left, tip: Decimal) -> None:
    asked = Sum(amount, left.currency)
    if amount <= 0:
        raise CannotRefund(say("refund.not_above_zero", amount=asked))
    if not fits(amount, left.currency):
        raise CannotRefund(say("refund.too_fine", amount=str(amount), currency=left.currency))
    if amount > left.total:
        rest, beside = Sum(left.total, left.currency), Sum(tip, left.currency)
        if not tip:
            raise CannotRefund(say("refund.above_rest", amount=asked, left=rest))
        raise CannotRefund(say("refund.above_rest_and_tip", amount=asked, left=rest, tip=beside))


def _check_units(units: Mapping[OrderItemId, int], left: Left) -> None:
    for item_id, count in units.items():
        item = left.items.get(item_id)
        if item is None:
            raise CannotRefund(say("refund.no_such_units", item=item_id))
        if count <= 0:
            raise CannotRefund(say("refund.units_not_above_zero", item=item_id))
        if count > item.units:
            told = {"units": count, "left": item.units, "ordered": item.quantity}
            raise CannotRefund(say("refund.too_many_units", item=item_id, **told))


def _allot(wish: RefundWish, left: Left) -> dict[_Slot, Decimal]:
    """Return how much of the amount is taken from which part of which item.

    Raises:
        CannotRefund: The amount is above what the wish names, by more than rounding explains.
    """
    held = {(id_, part): p.left.paid for id_, i in left.items.items() for part, p in i.pots.items()}
    named = {slot: _named(slot, paid, wish, left) for slot, paid in held.items()}
    excess = wish.amount - sum(named.values(), ZERO)
    if excess > sum(wish.units.values()) * minor_unit(left.currency):
        raise CannotRefund(_too_much(wish, left, wish.amount - excess))
    goods = {(item_id, ITEM) for item_id in wish.units}
    same_goods = {s: held[s] - named[s] if s in goods else ZERO for s in held}
    return _poured(wish.amount, held, (named, same_goods), left.currency)


def _poured(
    amount: Decimal,
    held: Mapping[_Slot, Decimal],
    rooms: Sequence[Mapping[_Slot, Decimal]],
    currency: str,
) -> dict[_Slot, Decimal]:
    """Fill one room after the other, each in proportion, and last whatever else is held."""
    taken = dict.fromkeys(held, ZERO)
    for room in (*rooms, None):
        limits = {slot: held[slot] - taken[slot] for slot in held} if room is None else room
        poured = min(amount, sum(limits.values(), ZERO))
        more = spread(poured, limits, currency)
        taken = {slot: taken[slot] + more[slot] for slot in held}
        amount -= poured
    return taken


def _named(slot: _Slot, paid: Decimal, wish: RefundWish, left: Left) -> Decimal:
    """Return how much of a part the wish asks for, of what is left of it."""
    item_id, part = slot
    if not wish.units and not wish.shipping:
        return paid
    if part != ITEM:
        return paid if wish.shipping else ZERO
    item = left.items[item_id]
    return min(_for_units(item, wish.units.get(item_id, 0), left.currency), paid)


def cost_of(units: Mapping[OrderItemId, int], left: Left, *, shipping: bool) -> Decimal:
    """Return what units and shipping ask for; without either, all that is left of the order."""
    wish = RefundWish(ZERO, units, shipping=shipping)
    named = (
        _named((id_, part), pot.left.paid, wish, left)
        for id_, item in left.items.items()
        for part, pot in item.pots.items()
    )
    return sum(named, ZERO)


def _for_units(item: ItemLeft, units: int, currency: str) -> Decimal:
    if units and units == item.units:
        return item.pots[ITEM].left.paid
    return rounded(item.line * units / item.quantity, minor_unit(currency))


def _too_much(wish: RefundWish, left: Left, named: Decimal) -> Sentence:
    what = "_and_".join(["units"] * bool(wish.units) + ["shipping"] * wish.shipping)
    sums = {"amount": wish.amount, "named": named, "left": left.total}
    told = {name: Sum(amount, left.currency) for name, amount in sums.items()}
    return say(f"refund.above_{what}", **told)


def _of(item: OrderItem, amounts: Mapping[_Slot, Decimal]) -> Decimal:
    mine = (amount for (id_, _), amount in amounts.items() if id_ == item.order_item_id)
    return sum(mine, ZERO)


def _item_refund(
    item: OrderItem, left: Left, amounts: Mapping[_Slot, Decimal], wish: RefundWish
) -> ItemRefund:
    id_ = item.order_item_id
    mine = left.items[id_]
    shares = {part: pot.portion(amounts[id_, part]) for part, pot in mine.pots.items()}
    money = ItemMoney(shares, mine.money.tax_by_amazon)
    if not money.components:
        whole = Sum(mine.money.amount, left.currency)
        raise CannotRefund(say("refund.only_whole", item=id_, amount=whole))
    promotions = money.promotions
    return ItemRefund(
        item_id=id_,
        reason=wish.reasons.get(id_, wish.reason),
        quantity=wish.units.get(id_),
        components=money.components,
        promotions=(_promotion(item, money),) if promotions else (),
        tax_by_amazon=money.amazons_tax,
    )


def _promotion(item: OrderItem, money: ItemMoney) -> PromotionShare:
    told = item.promotion.breakdowns if item.promotion else ()
    first = next((each.promotion_id for each in told if each.promotion_id), "")
    return PromotionShare(promotion_id=first[:_PROMOTION_ID], components=money.promotions)


_WORDS: Final = {
    AdjustmentReason.EXCHANGE: r"exchange|umtausch|umgetauscht|omruil|geruild",
    AdjustmentReason.REFUSED_DELIVERY: r"refused|annahme verweiger|geweigerd",
    AdjustmentReason.UNDELIVERABLE: r"undeliver|unzustellbar|onbestelbaar",
    AdjustmentReason.CUSTOMER_ADDRESS_INCORRECT: (
        r"(wrong|incorrect) address|falsche adresse|(verkeerd|onjuist) adres"
    ),
    AdjustmentReason.PRICE_ERROR: (
        r"pric(e|ing) error|wrong price|preisfehler|falscher preis|prijsfout|verkeerde prijs"
    ),
    AdjustmentReason.DIFFERENT_ITEM: (
        r"(wrong|different) (item|product|article)|falsche[rs]? (artikel|produkt|ware)"
        r"|falschlieferung|verkeerde? (artikel|product)"
    ),
    AdjustmentReason.NO_INVENTORY: (
        r"out of stock|sold out|nicht vorrätig|ausverkauft|niet op voorraad|uitverkocht"
    ),
    AdjustmentReason.COULD_NOT_SHIP: (
        r"(could not|cannot|can't) (be )?ship|nicht (lieferbar|versendbar)|niet leverbaar"
    ),
    AdjustmentReason.CUSTOMER_CANCEL: r"cancel|storn|annul|geannuleerd",
    AdjustmentReason.CUSTOMER_RETURN: (
        r"return|retour|rücksendung|zurückge|rückgabe|widerruf|terugge"
    ),
    AdjustmentReason.GENERAL_ADJUSTMENT: (
        r"damaged|defect|broken|faulty|beschädigt|defekt|kaputt|beschadigd|kapot"
    ),
}
"""Beginnings of words in English, German and Dutch; the first that matches counts.

Amazon has no reason for damaged goods. They are a general adjustment, unless they came back.
"""


def reason_for(
    text: str, table: Mapping[str, AdjustmentReason], default: AdjustmentReason
) -> AdjustmentReason:
    """Return Amazon's reason for a reason in free words, whatever their case.

    In this order: the name of one of Amazon's codes, the merchant's own words (the first that the
    text contains), usual words in English, German and Dutch, ``default``.
    """
    said = " ".join(text.casefold().split())
    code = next((reason for reason in AdjustmentReason if reason.casefold() == said), None)
    own = (reason for term, reason in table.items() if _is_in(term, said))
    usual = (reason for reason, begin in _WORDS.items() if re.search(rf"\b(?:{begin})", said))
    return code or next(own, None) or next(usual, default)


def _is_in(term: str, said: str) -> bool:
    wanted = " ".join(term.casefold().split())
    return bool(wanted) and wanted in said
