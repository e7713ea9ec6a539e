"""Invoices that apps or staff add to an order (Saleor 3.23, saleor/graphql/invoice/mutations)."""

from typing import Any

from saleor_amazon_app.sandbox.saleor.errors import Refused
from saleor_amazon_app.sandbox.saleor.history import record
from saleor_amazon_app.sandbox.saleor.lookups import order_of
from saleor_amazon_app.sandbox.saleor.model import Invoice, now
from saleor_amazon_app.sandbox.saleor.state import Principal, State

Input = dict[str, Any]


def create(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    """InvoiceCreate: its number and its file's address are stored as they are told."""
    order, wish = order_of(state, told["order_id"]), told["input"]
    for name in ("url", "number"):
        if not wish[name]:
            raise Refused(name, f"{name.upper()} cannot be empty.", "REQUIRED")
    if order.status in ("DRAFT", "UNCONFIRMED", "EXPIRED"):
        text = "Cannot create an invoice for draft, unconfirmed or expired order."
        raise Refused("orderId", text, "INVALID_STATUS")
    with state.transaction(order):
        invoice = Invoice(
            id=state.next_id(), number=wish["number"], url=wish["url"], created_at=now()
        )
        order.invoices.append(invoice)
        record(state, order, "INVOICE_GENERATED", principal)
    return {"invoice": invoice}
