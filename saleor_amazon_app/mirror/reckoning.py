"""What an order costs: Amazon's breakdowns read into net and gross amounts that add up to the cent.

Amazon does not document how the breakdowns of 2026-01-01 relate to the totals
(amzn/selling-partner-api-models#5297): whether an amount contains its tax, the sign of a discount,
and whether a facilitator's tax is part of the proceeds. So the reading follows the evidence: of the
possible readings the one is taken under which the parts add up to Amazon's own total, with the
marketplace's custom as the tie-breaker. If none does, the order is held; it is never bent to fit.

All amounts are Decimals in major units of the order's currency.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from saleor_amazon_app.mirror.amazon_order import AmazonOrder, Breakdown, Money, OrderItem
from saleor_amazon_app.mirror.marketplaces import find_marketplace
from saleor_amazon_app.mirror.money import ZERO, fits, split
from saleor_amazon_app.mirror.problems import Problem, ProblemKind
from saleor_amazon_app.mirror.sentences import Sum, say

ITEM: Final = "ITEM"
OTHER: Final = "OTHER"
PARTS: Final = (ITEM, "SHIPPING", "GIFT_WRAP", "COD_FEE", OTHER)
"""What a buyer pays for; any category that Amazon adds later counts as OTHER."""


class TaxReading(StrEnum):
    """How the tax relates to the amounts. The values are stored: never rename one."""

    INCLUDED = "included"
    """The amounts contain the tax (Europe, Japan, ...)."""
    ADDED = "added"
    """The tax comes on top (United States, Canada)."""
    WITHHELD = "withheld"
    """Amazon collected the tax beside the proceeds: it is no part of the order's total."""


@dataclass(frozen=True)
class Taxed:
    """An amount without and with its tax."""

    net: Decimal = ZERO
    gross: Decimal = ZERO

    def __add__(self, other: "Taxed") -> "Taxed":
        return Taxed(self.net + other.net, self.gross + other.gross)


@dataclass(frozen=True)
class Charge:
    """What one part of an item costs, after and before discounts."""

    total: Taxed = Taxed()
    undiscounted: Taxed = Taxed()


@dataclass(frozen=True)
class ItemSums:
    """The money of one order item. ``charges`` has one entry for each of ``PARTS``."""

    charges: Mapping[str, Charge]
    tax_reading: TaxReading
    withheld_tax: Decimal = ZERO

    @property
    def line(self) -> Charge:
        return self.charges[ITEM]

    @property
    def beside(self) -> Taxed:
        """Shipping, gift wrap and fees: what Saleor keeps as the order's shipping price."""
        return sum((self.charges[part].total for part in PARTS[1:]), Taxed())

    @property
    def gross(self) -> Decimal:
        return self.line.total.gross + self.beside.gross

    @classmethod
    def free(cls) -> "ItemSums":
        return cls(dict.fromkeys(PARTS, Charge()), TaxReading.INCLUDED)


@dataclass(frozen=True)
class OrderSums:
    """The money of an order; ``total`` is Amazon's grand total and equals the parts' sum."""

    currency: str
    total: Decimal
    items: tuple[ItemSums, ...]
    shipping: Taxed
    tip: Decimal = ZERO


class DoesNotAddUp(Exception):
    """No reading of Amazon's amounts leads to Amazon's total."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class TotalNotTold(Exception):
    """Amazon has not told the order's total yet."""


@dataclass
class _Told:
    """An item's breakdowns, added up by category; discounts are positive numbers."""

    charges: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(PARTS, ZERO))
    discounts: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(PARTS, ZERO))
    taxes: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(PARTS, ZERO))
    discount_tax: Decimal = ZERO
    tax: Decimal = ZERO

    @property
    def base(self) -> Decimal:
        return sum(self.charges.values(), ZERO) - sum(self.discounts.values(), ZERO)


def reckon(order: AmazonOrder, *, prices_include_tax: bool, default_currency: str) -> OrderSums:
    """Reckon an order's money.

    Args:
        order: The order, with its proceeds.
        prices_include_tax: The marketplace's custom; decides only where the evidence does not.
        default_currency: For a replacement without any amount, which is sent for nothing.

    Raises:
        TotalNotTold: Amazon gives no grand total (yet).
        DoesNotAddUp: With the problem to show; both sums are in its message.
    """
    if _is_free(order):
        free = tuple(ItemSums.free() for _ in order.order_items)
        return OrderSums(default_currency, ZERO, free, Taxed())
    currency = _one_currency(order)
    total = _grand_total(order)
    items = tuple(
        _reckon_item(item, currency, prices_include_tax=prices_include_tax)
        for item in order.order_items
    )
    listed = sum((item.gross for item in items), ZERO)
    tip = _beside_the_items(order, total - listed)
    if listed + tip != total:
        raise DoesNotAddUp(_mismatch("", listed + tip, total, currency))
    shipping = sum((item.beside for item in items), Taxed()) + Taxed(tip, tip)
    sums = OrderSums(currency, total, items, shipping, tip)
    _refuse_what_saleor_cannot_hold(sums)
    return sums


def reckon_by_custom(order: AmazonOrder) -> OrderSums | None:
    """Reckon an order by its marketplace's custom; None where that leads to nothing."""
    marketplace = find_marketplace(order.marketplace_id)
    if marketplace is None:
        return None
    try:
        return reckon(
            order,
            prices_include_tax=marketplace.prices_include_tax,
            default_currency=marketplace.currency,
        )
    except (DoesNotAddUp, TotalNotTold):
        return None


def _one_currency(order: AmazonOrder) -> str:
    """Return the order's currency, after a look at every amount in it."""
    amounts = list(_amounts(order))
    currencies = {money.currency_code for money in amounts}
    if not currencies:
        raise TotalNotTold
    if len(currencies) > 1:
        names = ", ".join(sorted(currencies))
        text = say("problem.mixed_currencies", currencies=names)
        raise DoesNotAddUp(Problem(ProblemKind.CURRENCY, text))
    currency = currencies.pop()
    for money in amounts:
        if not fits(money.amount, currency):
            text = say("problem.too_fine", amount=str(money.amount), currency=currency)
            raise DoesNotAddUp(Problem(ProblemKind.AMOUNT, text))
    return currency


def _amounts(order: AmazonOrder) -> Iterable[Money]:
    if order.proceeds:
        yield from (b.subtotal for b in order.proceeds.breakdowns)
        if order.proceeds.grand_total:
            yield order.proceeds.grand_total
    for item in order.order_items:
        yield from _item_amounts(item)


def _item_amounts(item: OrderItem) -> Iterable[Money]:
    if item.product.price and item.product.price.unit_price and item.quantity_ordered:
        yield item.product.price.unit_price
    if not item.proceeds:
        return
    if item.proceeds.proceeds_total:
        yield item.proceeds.proceeds_total
    for breakdown in item.proceeds.breakdowns:
        yield breakdown.subtotal
        yield from (d.value for d in breakdown.detailed_breakdowns if d.value)


def _is_free(order: AmazonOrder) -> bool:
    without_proceeds = not any(item.proceeds for item in order.order_items)
    return bool(order.replaces) and without_proceeds and order.grand_total is None


def _grand_total(order: AmazonOrder) -> Decimal:
    if order.grand_total is None:
        raise TotalNotTold
    return order.grand_total.amount


def _beside_the_items(order: AmazonOrder, missing: Decimal) -> Decimal:
    """Return what the order charges beside its items (a tip), if that is what they lack.

    Amazon's model: DELIVERY_TIP "is charged separately and not attributed to a specific item".
    """
    if not missing or not order.proceeds:
        return ZERO
    own = [b for b in order.proceeds.breakdowns if b.type == "DELIVERY_TIP"]
    tip = sum((b.subtotal.amount for b in own), ZERO)
    return tip if tip == missing else ZERO


def _reckon_item(item: OrderItem, currency: str, *, prices_include_tax: bool) -> ItemSums:
    told = _tell(item)
    total = item.proceeds.proceeds_total if item.proceeds else None
    reading, tax = _read_tax(
        told,
        total.amount if total else None,
        currency=currency,
        name=item.order_item_id,
        prices_include_tax=prices_include_tax,
    )
    counted = ZERO if reading is TaxReading.WITHHELD else tax
    taxes = _taxes_by_part(told, counted, currency, reading)
    charges = {part: _charge(told, part, taxes[part], reading) for part in PARTS}
    withheld = tax if reading is TaxReading.WITHHELD else ZERO
    return ItemSums(charges, reading, withheld)


def _tell(item: OrderItem) -> _Told:
    told = _Told()
    breakdowns = item.proceeds.breakdowns if item.proceeds else ()
    for breakdown in breakdowns:
        _add_breakdown(told, breakdown)
    if not any(b.type not in ("TAX", "DISCOUNT") for b in breakdowns):
        told.charges[ITEM] = _price_without_breakdown(item, told)
    _move_excess_discounts(told)
    return told


def _add_breakdown(told: _Told, breakdown: Breakdown) -> None:
    amount = breakdown.subtotal.amount
    match breakdown.type:
        case "TAX":
            told.tax += amount
            _add_tax_details(told, breakdown)
        case "DISCOUNT":
            _add_discount(told, breakdown)
        case _:
            told.charges[_part(breakdown.type)] += amount


def _part(name: str | None) -> str:
    return name if name in PARTS else OTHER


def _add_tax_details(told: _Told, breakdown: Breakdown) -> None:
    for detail in breakdown.detailed_breakdowns:
        if not detail.value:
            continue
        if detail.subtype == "DISCOUNT":
            told.discount_tax += abs(detail.value.amount)
        else:
            told.taxes[_part(detail.subtype)] += detail.value.amount


def _add_discount(told: _Told, breakdown: Breakdown) -> None:
    """Add a discount by what it is given on; what Amazon does not attribute is on the item."""
    details = [d for d in breakdown.detailed_breakdowns if d.value]
    whole = abs(breakdown.subtotal.amount)
    attributed = sum((abs(d.value.amount) for d in details if d.value), ZERO)
    if attributed <= whole:
        for detail in details:
            if detail.value:
                told.discounts[_part(detail.subtype)] += abs(detail.value.amount)
        whole -= attributed
    told.discounts[ITEM] += whole


def _price_without_breakdown(item: OrderItem, told: _Told) -> Decimal:
    discount = sum(told.discounts.values(), ZERO)
    if item.proceeds and item.proceeds.proceeds_total:
        return item.proceeds.proceeds_total.amount + discount
    price = item.product.price.unit_price if item.product.price else None
    return price.amount * item.quantity_ordered if price and item.proceeds else ZERO


def _move_excess_discounts(told: _Told) -> None:
    """A discount larger than its part is carried over to the parts that have room."""
    for part in PARTS:
        excess = told.discounts[part] - told.charges[part]
        for other in PARTS:
            if excess <= 0:
                break
            room = max(told.charges[other] - told.discounts[other], ZERO)
            moved = min(room, excess)
            told.discounts[other] += moved
            told.discounts[part] -= moved
            excess -= moved


def _read_tax(
    told: _Told, total: Decimal | None, *, currency: str, name: str, prices_include_tax: bool
) -> tuple[TaxReading, Decimal]:
    """Find the reading of the tax under which the parts make Amazon's total, and the tax itself."""
    custom = TaxReading.INCLUDED if prices_include_tax else TaxReading.ADDED
    candidates = _possible_taxes(told)
    if total is None:
        return custom, candidates[0]
    added = next((tax for tax in candidates if told.base + tax == total), None)
    if told.base == total and (prices_include_tax or added is None):
        return (custom if prices_include_tax or not told.tax else TaxReading.WITHHELD), candidates[
            0
        ]
    if added is not None:
        return TaxReading.ADDED, added
    raise DoesNotAddUp(_mismatch(name, told.base + told.tax, total, currency))


def _possible_taxes(told: _Told) -> tuple[Decimal, ...]:
    """The tax as told, and the same less the tax on discounts where that is not yet taken off."""
    before_discounts = sum(told.taxes.values(), ZERO)
    if told.discount_tax and told.tax == before_discounts:
        return told.tax - told.discount_tax, told.tax
    return (told.tax,)


def _taxes_by_part(
    told: _Told, tax: Decimal, currency: str, reading: TaxReading
) -> dict[str, Decimal]:
    """Attribute a tax to the parts as Amazon details it, less the discounts' share.

    Details that do not add up to the tax, or that give a part more tax than it can hold, are
    dropped, and the tax is split in proportion to what the parts cost.
    """
    weights = [told.discounts[part] for part in PARTS]
    off = split(told.discount_tax, weights, currency)
    taxes = {part: max(told.taxes[part] - o, ZERO) for part, o in zip(PARTS, off, strict=True)}
    costs = {part: max(told.charges[part] - told.discounts[part], ZERO) for part in PARTS}
    holds = all(_holds(costs[part], taxes[part], reading) for part in PARTS)
    if holds and sum(taxes.values(), ZERO) == tax:
        return taxes
    return dict(zip(PARTS, split(tax, list(costs.values()), currency), strict=True))


def _holds(cost: Decimal, tax: Decimal, reading: TaxReading) -> bool:
    """A price can contain no more tax than itself, and what costs nothing bears none."""
    return tax <= cost if reading is TaxReading.INCLUDED else bool(cost) or not tax


def _charge(told: _Told, part: str, tax: Decimal, reading: TaxReading) -> Charge:
    amount, discount = told.charges[part], told.discounts[part]
    after = amount - discount
    match reading:
        case TaxReading.ADDED:
            total, before = Taxed(after, after + tax), Taxed(amount, amount + tax)
        case TaxReading.INCLUDED:
            total, before = Taxed(after - tax, after), Taxed(amount - tax, amount)
        case TaxReading.WITHHELD:
            total, before = Taxed(after, after), Taxed(amount, amount)
    return Charge(total, before)


def _mismatch(item: str, parts: Decimal, total: Decimal, currency: str) -> Problem:
    """Tell of an item, or without its name of all the order's items."""
    told, wanted = Sum(parts, currency), Sum(total, currency)
    if not item:
        text = say("problem.order_mismatch", parts=told, total=wanted)
    else:
        text = say("problem.item_mismatch", item=item, parts=told, total=wanted)
    return Problem(ProblemKind.TOTAL_MISMATCH, text)


def _refuse_what_saleor_cannot_hold(sums: OrderSums) -> None:
    """Saleor takes no negative amount (``PositiveDecimal``) and no net above its gross."""
    held = [charge for item in sums.items for charge in (item.line.total, item.line.undiscounted)]
    for taxed in (*held, sums.shipping):
        if not ZERO <= taxed.net <= taxed.gross:
            net, gross = Sum(taxed.net, sums.currency), Sum(taxed.gross, sums.currency)
            text = say("problem.no_price", net=net, gross=gross)
            raise DoesNotAddUp(Problem(ProblemKind.AMOUNT, text))
