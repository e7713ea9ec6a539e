"""Granted refunds: what staff allow to be given back, and what becomes of it.

Saleor 3.23: saleor/graphql/order/mutations/order_grant_refund_create.py and
calculate_order_granted_refund_status in saleor/order/utils.py.
"""

from decimal import Decimal
from typing import Any, Final

from saleor_amazon_app.sandbox.saleor.errors import Refused
from saleor_amazon_app.sandbox.saleor.ids import to_global
from saleor_amazon_app.sandbox.saleor.lookups import key_of, order_of
from saleor_amazon_app.sandbox.saleor.model import (
    GrantedRefund,
    GrantedRefundLine,
    Order,
    Transaction,
    TransactionEvent,
    now,
)
from saleor_amazon_app.sandbox.saleor.money import ZERO, settle
from saleor_amazon_app.sandbox.saleor.state import Principal, State

Input = dict[str, Any]
_STATUSES: Final = {
    "REFUND_REQUEST": "PENDING",
    "REFUND_SUCCESS": "SUCCESS",
    "REFUND_FAILURE": "FAILURE",
    "REFUND_REVERSE": "NONE",
}


def granted_of(transaction: Transaction, type_name: str, reference: str) -> int | None:
    """Find the granted refund an event belongs to: that of the request it answers."""
    if type_name not in _STATUSES:
        return None
    requests = [
        event
        for event in transaction.events
        if (event.type, event.psp_reference) == ("REFUND_REQUEST", reference)
    ]
    return requests[-1].granted_refund_id if requests else None


def events_of(order: Order, refund: GrantedRefund) -> list[TransactionEvent]:
    """Return a granted refund's events, the latest first."""
    found = [e for t in order.transactions for e in t.events if e.granted_refund_id == refund.id]
    return sorted(found, key=lambda e: (e.created_at, e.id), reverse=True)


def follow(order: Order, event: TransactionEvent) -> None:
    """Give the granted refund of an event the status of its latest event.

    Latest is what is dated latest: a success dated before its request leaves the refund pending.
    """
    refund = next((g for g in order.granted_refunds if g.id == event.granted_refund_id), None)
    if refund is None:
        return
    latest = next((e for e in events_of(order, refund) if e.type in _STATUSES), None)
    status = _STATUSES[latest.type] if latest else refund.status
    if status != refund.status:
        refund.status, refund.updated_at = status, now()


def grant(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    """Run orderGrantRefundCreate, which moves no money, and grants add up freely."""
    order, wish = order_of(state, told["id"]), told["input"]
    _check_something_granted(wish)
    shipping = bool(wish.get("grant_refund_for_shipping"))
    lines = _granted_lines(state, order, wish.get("lines") or [])
    if shipping and any(g.shipping_costs_included for g in order.granted_refunds):
        text = "Shipping costs have already been granted."
        raise Refused("grantRefundForShipping", text, "SHIPPING_COSTS_ALREADY_GRANTED")
    token = key_of(wish["transaction_id"], "TransactionItem", "transactionId")
    transaction = next((t for t in order.transactions if t.token == token), None)
    if transaction is None:
        text = f"Couldn't resolve to a node: {wish['transaction_id']}"
        raise Refused("transactionId", text, "NOT_FOUND")
    with state.transaction(order):
        refund = GrantedRefund(
            id=state.next_id(),
            order_id=order.id,
            amount=_granted_amount(order, transaction, lines, wish),
            currency=order.currency,
            reason=wish.get("reason") or "",
            shipping_costs_included=shipping,
            transaction_token=token,
            lines=lines,
            app_id=principal.app_id,
            user_id=principal.user_id,
        )
        order.granted_refunds.append(refund)
        settle(order)
        state.touch(order)
    return {"order": order, "granted_refund": refund}


def _check_something_granted(wish: Input) -> None:
    if (
        wish.get("amount") is None
        and not wish.get("lines")
        and not wish.get("grant_refund_for_shipping")
    ):
        text = "You must provide at least one of `amount`, `lines`, `grantRefundForShipping`."
        fields = ("amount", "lines", "grantRefundForShipping")
        raise Refused.of([{"field": f, "message": text, "code": "REQUIRED"} for f in fields])


def _granted_lines(state: State, order: Order, told: list[Input]) -> list[GrantedRefundLine]:
    lines: list[GrantedRefundLine] = []
    errors: list[dict[str, object]] = []
    by_id = {to_global("OrderLine", line.id): line for line in order.lines}
    for item in told:
        line = by_id.get(item["id"])
        if line is None:
            errors.append(
                _line_error(item["id"], "id", "Could not resolve to a node.", "NOT_FOUND")
            )
            continue
        granted = (g for refund in order.granted_refunds for g in refund.lines)
        left = line.quantity - sum(g.quantity for g in granted if g.line_id == line.id)
        if item["quantity"] > left:
            text = f"Cannot grant refund for more than the available quantity of the line ({left})."
            code = "QUANTITY_GREATER_THAN_AVAILABLE"
            errors.append(_line_error(item["id"], "quantity", text, code))
        lines.append(
            GrantedRefundLine(
                id=state.next_id(),
                order_id=order.id,
                line_id=line.id,
                quantity=item["quantity"],
                reason=item.get("reason"),
            )
        )
    if errors:
        raise Refused("lines", "Provided input for lines is invalid.", "INVALID", lines=errors)
    return lines


def _line_error(line_id: str, field: str, message: str, code: str) -> dict[str, object]:
    return {"line_id": line_id, "field": field, "message": message, "code": code}


def _granted_amount(
    order: Order, transaction: Transaction, lines: list[GrantedRefundLine], wish: Input
) -> Decimal:
    if wish.get("amount") is None:
        amount = sum((order.line(x.line_id).unit_price.gross * x.quantity for x in lines), ZERO)
        if wish.get("grant_refund_for_shipping"):
            amount += order.shipping_price.gross
        return min(amount, transaction.charged)
    if wish["amount"] > transaction.charged:
        text = "Amount cannot be greater than the charged amount of provided transaction."
        raise Refused("amount", text, "AMOUNT_GREATER_THAN_AVAILABLE")
    return Decimal(wish["amount"])
