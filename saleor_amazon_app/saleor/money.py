"""What an order costs in Saleor, and what of it was paid and given back."""

from dataclasses import dataclass
from decimal import Decimal

from saleor_amazon_app.mirror.money import ZERO
from saleor_amazon_app.saleor.client import SaleorApi


@dataclass(frozen=True)
class OrderMoney:
    """Amounts are gross, in major units; ``paid`` counts what was given back later too."""

    currency: str
    goods: Decimal
    shipping: Decimal
    tax: Decimal
    total: Decimal
    paid: Decimal
    refunded: Decimal


def read_money(api: SaleorApi, reference: str) -> OrderMoney | None:
    """Read an order's money by Amazon's number; None if the shop has no such order."""
    order = api.run("OrderMoney", reference=reference)["order"]
    if order is None:
        return None
    payments = order["transactions"]
    refunded = sum((Decimal(p["refundedAmount"]["amount"]) for p in payments), ZERO)
    charged = sum((Decimal(p["chargedAmount"]["amount"]) for p in payments), ZERO)
    return OrderMoney(
        currency=order["total"]["gross"]["currency"],
        goods=Decimal(order["subtotal"]["gross"]["amount"]),
        shipping=Decimal(order["shippingPrice"]["gross"]["amount"]),
        tax=Decimal(order["total"]["tax"]["amount"]),
        total=Decimal(order["total"]["gross"]["amount"]),
        paid=charged + refunded,
        refunded=refunded,
    )
