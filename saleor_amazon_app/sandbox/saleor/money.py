"""Amounts: rounding to a currency's places, and what an order's payments add up to."""

from decimal import Decimal
from functools import cache

from babel.numbers import get_currency_precision

from saleor_amazon_app.sandbox.saleor.model import Order, Taxed

ZERO = Decimal(0)


@cache
def _places(currency: str) -> Decimal:
    return Decimal(10) ** -get_currency_precision(currency)


def quantized(amount: Decimal, currency: str) -> Decimal:
    """Round to the currency's places, halves to even (Saleor 3.23: saleor/core/prices.py)."""
    return amount.quantize(_places(currency))


def divided(total: Taxed, quantity: int, currency: str) -> Taxed:
    """Return the rounded price of one; the total stays what it was, so a cent may be lost here."""
    return Taxed(
        net=quantized(total.net / quantity, currency),
        gross=quantized(total.gross / quantity, currency),
    )


def charged(order: Order) -> Decimal:
    return sum((t.charged for t in order.transactions), ZERO)


def authorized(order: Order) -> Decimal:
    return sum((t.authorized for t in order.transactions), ZERO)


def refunded(order: Order) -> Decimal:
    return sum((t.refunded for t in order.transactions), ZERO)


def granted(order: Order) -> Decimal:
    return sum((g.amount for g in order.granted_refunds), ZERO)


def settle(order: Order) -> None:
    """Recompute both payment statuses (Saleor 3.23: update_order_charge_status and its twin)."""
    due = quantized(max(order.total.gross - granted(order), ZERO), order.currency)
    order.charge_status = _charge_status(quantized(charged(order), order.currency), due)
    covered = quantized(charged(order) + authorized(order), order.currency)
    order.authorize_status = _authorize_status(covered, due, order.total.gross)


def _charge_status(paid: Decimal, due: Decimal) -> str:
    if paid == due:
        return "FULL"
    if paid <= 0:
        return "NONE"
    return "PARTIAL" if paid < due else "OVERCHARGED"


def _authorize_status(covered: Decimal, due: Decimal, total: Decimal) -> str:
    if covered == 0:
        return "FULL" if total == 0 else "NONE"
    return "FULL" if covered >= due else "PARTIAL"
