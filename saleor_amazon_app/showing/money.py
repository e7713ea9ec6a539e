"""An order's money on both sides, row by row, with any difference."""

from decimal import Decimal

from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.intents import UNDER_WAY, IntentKind, IntentState
from saleor_amazon_app.mirror.money import ZERO, fits, minor_unit
from saleor_amazon_app.mirror.reckoning import OrderSums, reckon_by_custom
from saleor_amazon_app.mirror.sentences import NOTHING, Sentence, say
from saleor_amazon_app.saleor.money import OrderMoney, read_money
from saleor_amazon_app.showing.order import find
from saleor_amazon_app.showing.sentences import show_words
from saleor_amazon_app.showing.shapes.order import MoneyComparison, MoneyRow
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store.models import ForeignRefund, Intent, OrderState
from saleor_amazon_app.sync.filing import open_order
from saleor_amazon_app.sync.services import Services

Sides = dict[str, Decimal | None]


def compare_money(services: Services, tenant_id: TenantId, amazon_order_id: str) -> MoneyComparison:
    """Put both sides beside one another; Saleor is asked now.

    Raises:
        NotKnown: There is no such order.
        SaleorFailure: Saleor could not be asked.
    """
    with services.database.tenant(tenant_id) as session:
        row = find(session, amazon_order_id)
        intents = ledger.intents_of(session, [row.id])[row.id]
        foreign = ledger.foreign_refunds(session, [row.id])[row.id]
    order = open_order(services.vault, row)
    saleor = None
    if row.state in (OrderState.CREATED, OrderState.IMPORTED):
        with services.saleor(tenant_id) as api:
            saleor = read_money(api, amazon_order_id)
    refunds = [intent for intent in intents if intent.kind == IntentKind.REFUND]
    amazon = _amazon(order, _refunded(refunds, foreign)) if order else {}
    currency = row.currency or (saleor.currency if saleor else None)
    rows = [
        _row(name, _exact(amazon.get(name), currency), _exact(value, currency))
        for name, value in _saleor(saleor).items()
    ]
    return MoneyComparison(
        currency=currency,
        rows=rows,
        agrees=all(not each.difference for each in rows),
        refunds_under_way=_sum(refunds, UNDER_WAY),
        explanation=show_words(_explanation(order, in_saleor=saleor is not None)),
    )


def _exact(amount: Decimal | None, currency: str | None) -> Decimal | None:
    """Write an amount to the currency's minor unit, unless that would round it."""
    if amount is None or currency is None or not fits(amount, currency):
        return amount
    return amount.quantize(minor_unit(currency))


def _row(name: str, amazon: Decimal | None, saleor: Decimal | None) -> MoneyRow:
    difference = None if amazon is None or saleor is None else saleor - amazon
    return MoneyRow(name=name, amazon=amazon, saleor=saleor, difference=difference)


def _amazon(order: AmazonOrder, refunded: Decimal) -> Sides:
    sums = reckon_by_custom(order)
    total = order.grand_total.amount if order.grand_total else None
    parts = _parts(sums) if sums else {}
    return parts | {"total": total, "paid": total, "refunded": refunded}


def _parts(sums: OrderSums) -> Sides:
    lines = [item.line.total for item in sums.items]
    goods = sum((line.gross for line in lines), ZERO)
    net = sum((line.net for line in lines), ZERO) + sums.shipping.net
    return {"goods": goods, "shipping": sums.shipping.gross, "tax": sums.total - net}


def _saleor(money: OrderMoney | None) -> Sides:
    names = ("goods", "shipping", "tax", "total", "paid", "refunded")
    return {name: getattr(money, name) if money else None for name in names}


def _refunded(refunds: list[Intent], foreign: list[ForeignRefund]) -> Decimal:
    """Add up what Amazon has paid back: the app's own refunds, and those of Seller Central."""
    elsewhere = sum((Decimal(r.amount) for r in foreign if not r.intent_id), ZERO)
    return elsewhere + _sum(refunds, {IntentState.ACCEPTED})


def _sum(refunds: list[Intent], states: set[IntentState] | frozenset[IntentState]) -> Decimal:
    return sum((Decimal(r.amount or 0) for r in refunds if r.state in states), ZERO)


def _explanation(order: AmazonOrder | None, *, in_saleor: bool) -> Sentence:
    if order is None:
        return say("money.illegible")
    if not in_saleor:
        return say("money.not_in_saleor")
    if reckon_by_custom(order) is None:
        return say("money.parts_unknown")
    return NOTHING
