"""What of an order's money Amazon can still give back: by item, and by part of the item.

1. Each part of an item (the goods, shipping, gift wrap, cash-on-delivery fee, others) is a pot of
   what the buyer paid for it: its price after discounts, and the tax on top where tax is added.
2. Tax is a component of its own only where the seller collected it on top of the prices. Prices
   that contain their tax are refunded with it (Amazon refuses a tax component there,
   amzn/selling-partner-api-models#1372). Tax that Amazon collected as marketplace facilitator goes
   back by itself, in proportion to the price; it counts if it is in the order's total.
3. Price components are told before discounts, and discounts are taken back in proportion: of the
   goods and of shipping as promotion adjustments, of other parts within the component.
4. What Amazon shows as refunded by somebody else has no parts: it is taken off all pots in
   proportion. So is whatever cannot be told apart otherwise.
5. A tip is no item's, so no feed can give it back. Nor can a feed give back a tax that Amazon
   collected on goods without a price.
6. Of a partly shipped order only the items of which something has left can be refunded.

Amounts are Decimals in major units of the order's currency, to its minor unit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final, TypeVar

from saleor_amazon_app.mirror.amazon_order import AmazonOrder, OrderItem
from saleor_amazon_app.mirror.ids import OrderItemId
from saleor_amazon_app.mirror.messages import Component, ComponentType, ItemRefund, Refund
from saleor_amazon_app.mirror.money import ZERO, minor_unit, split
from saleor_amazon_app.mirror.reckoning import (
    ITEM,
    OTHER,
    PARTS,
    Charge,
    ItemSums,
    OrderSums,
    TaxReading,
)

PRICES: Final = {
    ITEM: ComponentType.PRINCIPAL,
    "SHIPPING": ComponentType.SHIPPING,
    "GIFT_WRAP": ComponentType.GIFT_WRAP,
    "COD_FEE": ComponentType.COD,
    OTHER: ComponentType.OTHER,
}
TAXES: Final = {
    ITEM: ComponentType.TAX,
    "SHIPPING": ComponentType.SHIPPING_TAX,
    "GIFT_WRAP": ComponentType.GIFT_WRAP_TAX,
    "COD_FEE": ComponentType.COD_TAX,
}
"""The tax of OTHER has no component; it is refunded with the price."""
PROMOTED: Final = (ITEM, "SHIPPING")
"""The parts whose discounts a promotion adjustment can take back."""

K = TypeVar("K")


@dataclass(frozen=True)
class Share:
    """Money of one part: its price after discounts, the tax on top, and the discount."""

    price: Decimal = ZERO
    tax: Decimal = ZERO
    discount: Decimal = ZERO

    @property
    def paid(self) -> Decimal:
        return self.price + self.tax

    def less(self, other: "Share") -> "Share":
        """Subtract, never below zero; where no price is left there is no discount to take back."""
        price = max(self.price - other.price, ZERO)
        discount = max(self.discount - other.discount, ZERO) if price else ZERO
        return Share(price, max(self.tax - other.tax, ZERO), discount)


@dataclass(frozen=True)
class Pot:
    """What is left of one part of an item, in units of ``unit``."""

    left: Share
    unit: Decimal
    tax_by_amazon: bool = False

    def portion(self, amount: Decimal) -> Share:
        """Divide an amount of at most ``left.paid`` into price, tax and discount like the whole."""
        left = self.left
        if amount >= left.paid:
            return left
        price = amount - rounded(left.tax * amount / left.paid, self.unit)
        if self.tax_by_amazon and left.tax and left.price:
            price = self._beside_a_tax(price, amount)
        discount = rounded(left.discount * price / left.price, self.unit) if price else ZERO
        return Share(price, amount - price, discount)

    def _beside_a_tax(self, price: Decimal, amount: Decimal) -> Decimal:
        """Keep some price on both sides: without any, Amazon's tax could not be given back."""
        most = min(self.left.price - self.unit, amount)
        return min(max(price, self.unit), most)

    def without(self, amount: Decimal) -> "Pot":
        return replace(self, left=self.left.less(self.portion(amount)))

    @property
    def by_feed(self) -> "Pot":
        """The pot without a tax of Amazon's that has no price to go back with."""
        stranded = self.tax_by_amazon and not self.left.price
        return replace(self, left=Share()) if stranded else self


@dataclass(frozen=True)
class ItemMoney:
    """An item's money by part, and how the feed names it."""

    shares: Mapping[str, Share]
    tax_by_amazon: bool = False

    @property
    def components(self) -> tuple[Component, ...]:
        """Prices before discounts, and the seller's taxes; nothing that is zero."""
        prices = _told(PRICES, {p: s.price + s.discount for p, s in self.shares.items()})
        own = {} if self.tax_by_amazon else {p: s.tax for p, s in self.shares.items()}
        return (*prices, *_told(TAXES, own))

    @property
    def promotions(self) -> tuple[Component, ...]:
        """The discounts, as negative amounts."""
        return tuple(_told(PRICES, {p: -s.discount for p, s in self.shares.items()}))

    @property
    def amazons_tax(self) -> Decimal:
        return sum((s.tax for s in self.shares.values()), ZERO) if self.tax_by_amazon else ZERO

    @property
    def amount(self) -> Decimal:
        return sum((share.paid for share in self.shares.values()), ZERO)


@dataclass(frozen=True)
class ItemLeft:
    """What is left of an item. ``line`` is what the buyer paid for its goods at first."""

    id: OrderItemId
    quantity: int
    units: int
    line: Decimal
    pots: Mapping[str, Pot]

    @property
    def money(self) -> ItemMoney:
        by_amazon = any(pot.tax_by_amazon for pot in self.pots.values())
        return ItemMoney({part: pot.left for part, pot in self.pots.items()}, by_amazon)


@dataclass(frozen=True)
class Left:
    """What is left of an order; the tip is not in it. Items without units are not either."""

    currency: str
    items: Mapping[OrderItemId, ItemLeft]

    @property
    def total(self) -> Decimal:
        return sum((item.money.amount for item in self.items.values()), ZERO)


def left_to_refund(
    order: AmazonOrder,
    sums: OrderSums,
    earlier: Sequence[Refund],
    refunded_elsewhere: Decimal = ZERO,
) -> Left:
    """Return what can still be refunded.

    Args:
        order: The order.
        sums: Its money, item by item in the order's own sequence.
        earlier: This app's refunds that Amazon paid out, or may yet.
        refunded_elsewhere: What Amazon shows as refunded beyond these, in major units.
    """
    accounts = {
        item.order_item_id: _Account(item, told, _of_item(earlier, item), sums.currency)
        for item, told in zip(order.order_items, sums.items, strict=True)
        if item.quantity_ordered > 0 and _has_shipped(order, item)
    }
    pots = {(id_, part): pot for id_, acc in accounts.items() for part, pot in acc.pots().items()}
    rest = sum((account.rest for account in accounts.values()), -refunded_elsewhere)
    pots = _brought_down(pots, rest, sums.currency)
    items = {
        id_: account.left({part: pots[id_, part].by_feed for part in PARTS})
        for id_, account in accounts.items()
    }
    return Left(sums.currency, items)


def _has_shipped(order: AmazonOrder, item: OrderItem) -> bool:
    """Amazon refunds what has left; of a partly shipped order the rest is still to be cancelled."""
    return order.status != "PARTIALLY_SHIPPED" or item.quantity_shipped > 0


def _of_item(refunds: Iterable[Refund], item: OrderItem) -> list[ItemRefund]:
    told = (each for refund in refunds for each in refund.items)
    return [each for each in told if each.item_id == item.order_item_id]


@dataclass(frozen=True)
class _Account:
    """One item: what the buyer paid and what was given back."""

    item: OrderItem
    sums: ItemSums
    refunds: Sequence[ItemRefund]
    currency: str

    @property
    def tax_by_amazon(self) -> bool:
        collections = self.item.tax.tax_collections if self.item.tax else ()
        facilitated = any(each.model == "MARKETPLACE_FACILITATOR" for each in collections)
        return facilitated and self.sums.tax_reading is TaxReading.ADDED

    @property
    def rest(self) -> Decimal:
        """What is left in all; below zero if more was given back, or discounted, than paid."""
        return self.sums.gross - sum((refund.amount for refund in self.refunds), ZERO)

    def pots(self) -> dict[str, Pot]:
        """Return the pots. Those above what is left in all give way in proportion."""
        charged = {part: self._charged(part) for part in PARTS}
        used = self._used()
        left = {part: share.less(used[part]) for part, share in charged.items()}
        if self.tax_by_amazon:
            left = self._with_amazons_tax(charged, left)
        unit = minor_unit(self.currency)
        pots = {part: Pot(share, unit, self.tax_by_amazon) for part, share in left.items()}
        return _brought_down(pots, self.rest, self.currency)

    def left(self, pots: Mapping[str, Pot]) -> ItemLeft:
        ordered = self.item.quantity_ordered
        units = max(ordered - sum(refund.quantity or 0 for refund in self.refunds), 0)
        line = self.sums.line.total.gross
        return ItemLeft(self.item.order_item_id, ordered, units, line, pots)

    def _charged(self, part: str) -> Share:
        charge = self.sums.charges[part]
        tax = self._tax(part, charge)
        price = charge.total.gross - tax
        discount = charge.undiscounted.gross - charge.total.gross if part in PROMOTED else ZERO
        unit = minor_unit(self.currency)
        told = (rounded(amount, unit) for amount in (price, tax, discount))
        return Share(*told).less(Share())

    def _tax(self, part: str, charge: Charge) -> Decimal:
        """Return the tax on top of the price, where it is not refunded as part of the price."""
        apart = self.sums.tax_reading is TaxReading.ADDED
        named = part != OTHER or self.tax_by_amazon
        return max(charge.total.gross - charge.total.net, ZERO) if apart and named else ZERO

    def _used(self) -> dict[str, Share]:
        moved = _added(part for refund in self.refunds for part in refund.components)
        given = _added(
            part for each in self.refunds for share in each.promotions for part in share.components
        )
        return {
            part: Share(
                moved.get(PRICES[part], ZERO) + given.get(PRICES[part], ZERO),
                moved.get(TAXES[part], ZERO) if part in TAXES else ZERO,
                -given.get(PRICES[part], ZERO),
            )
            for part in PARTS
        }

    def _with_amazons_tax(
        self, charged: Mapping[str, Share], left: Mapping[str, Share]
    ) -> dict[str, Share]:
        """Attribute the rest of Amazon's tax to the parts, as it follows their prices.

        A refund tells the tax of the whole item only, so the parts' taxes are reckoned anew; they
        add up to what the refunds have left of the tax.
        """
        unit = minor_unit(self.currency)
        taxes = {part: _like_the_price(charged[part], share, unit) for part, share in left.items()}
        whole = sum((share.tax for share in charged.values()), ZERO)
        missing = max(whole - sum((r.tax_by_amazon for r in self.refunds), ZERO), ZERO)
        missing -= sum(taxes.values(), ZERO)
        room = taxes
        if missing > 0:
            room = {p: s.tax - taxes[p] if s.price else ZERO for p, s in left.items()}
        missing = min(missing, sum(room.values(), ZERO))
        more = spread(missing, room, self.currency)
        return {part: replace(share, tax=taxes[part] + more[part]) for part, share in left.items()}


def rounded(amount: Decimal, unit: Decimal) -> Decimal:
    return amount.quantize(unit, ROUND_HALF_UP)


def spread(amount: Decimal, over: Mapping[K, Decimal], currency: str) -> dict[K, Decimal]:
    """Spread an amount in proportion; of at most the sum, nothing gets more than its own."""
    exact = rounded(amount, minor_unit(currency))
    return dict(zip(over, split(exact, list(over.values()), currency), strict=True))


def _brought_down(pots: Mapping[K, Pot], to: Decimal, currency: str) -> dict[K, Pot]:
    """Take off in proportion what the pots hold above a sum."""
    held = {key: pot.left.paid for key, pot in pots.items()}
    excess = sum(held.values(), ZERO) - max(to, ZERO)
    off = spread(max(excess, ZERO), held, currency)
    return {key: pot.without(off[key]) if off[key] else pot for key, pot in pots.items()}


def _like_the_price(charged: Share, left: Share, unit: Decimal) -> Decimal:
    if not left.price:
        return ZERO
    return (charged.tax * left.price / charged.price).quantize(unit, ROUND_DOWN)


def _told(
    types: Mapping[str, ComponentType], amounts: Mapping[str, Decimal]
) -> tuple[Component, ...]:
    return tuple(
        Component(type=types[part], amount=amount)
        for part, amount in amounts.items()
        if amount and part in types
    )


def _added(components: Iterable[Component]) -> dict[ComponentType, Decimal]:
    sums: dict[ComponentType, Decimal] = {}
    for told in components:
        sums[told.type] = sums.get(told.type, ZERO) + told.amount
    return sums
