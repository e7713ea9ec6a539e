"""What a payment app reports about a transaction, what staff ask of it, and granted refunds.

Saleor 3.23: transaction_event_report.py, transaction_request_action.py and
order_grant_refund_create.py.
"""

from decimal import Decimal
from typing import Any, Final

from saleor_amazon_app.sandbox.saleor.amounts import recalculate
from saleor_amazon_app.sandbox.saleor.errors import Refused
from saleor_amazon_app.sandbox.saleor.ids import to_global
from saleor_amazon_app.sandbox.saleor.lookups import key_of, order_of, payment_of
from saleor_amazon_app.sandbox.saleor.model import (
    GrantedRefund,
    GrantedRefundLine,
    Order,
    Transaction,
    TransactionEvent,
    now,
)
from saleor_amazon_app.sandbox.saleor.money import ZERO, quantized, settle
from saleor_amazon_app.sandbox.saleor.payments import (
    Input,
    adopt,
    check_access,
    settle_payment,
    values_of,
)
from saleor_amazon_app.sandbox.saleor.state import Principal, State

_LONGEST_MESSAGE: Final = 512
_NEVER_THE_SAME: Final = ("AUTHORIZATION_ACTION_REQUIRED", "CHARGE_ACTION_REQUIRED", "INFO")
_DEDUCED_FROM: Final = {
    "CHARGE_FAILURE": ("CHARGE_SUCCESS", "CHARGE_REQUEST", "AUTHORIZATION_SUCCESS"),
    "REFUND_FAILURE": ("REFUND_SUCCESS", "REFUND_REQUEST", "CHARGE_SUCCESS", "CHARGE_REQUEST"),
    "CANCEL_FAILURE": ("CANCEL_SUCCESS", "CANCEL_REQUEST", "AUTHORIZATION_SUCCESS"),
    "AUTHORIZATION_FAILURE": ("AUTHORIZATION_SUCCESS", "AUTHORIZATION_REQUEST"),
    "REFUND_REVERSE": ("REFUND_SUCCESS",),
    "CHARGE_BACK": ("CHARGE_SUCCESS",),
}
_GIVES_REFERENCE: Final = (
    "AUTHORIZATION_REQUEST",
    "AUTHORIZATION_SUCCESS",
    "CHARGE_REQUEST",
    "CHARGE_SUCCESS",
)


def report(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    """transactionEventReport: the same type and pspReference a second time changes nothing."""
    order, transaction = payment_of(state, told.get("id"), told.get("token"))
    check_access(transaction, principal)
    event = _event(state, transaction, told, principal)
    with state.transaction(order):
        known = _known(transaction, event)
        if known is None:
            _add(state, order, transaction, event, told, principal)
        elif known.amount == event.amount and told.get("available_actions") is not None:
            transaction.actions = sorted(set(told["available_actions"]))
        elif known.amount != event.amount:
            _note_failure(transaction, event)
    if known and known.amount != event.amount:
        text = (
            "The transaction with provided `pspReference` and `type` already exists "
            "with different amount."
        )
        raise Refused("pspReference", text, "INCORRECT_DETAILS")
    return {
        "already_processed": known is not None,
        "transaction": transaction,
        "transaction_event": known or event,
    }


def _event(
    state: State, transaction: Transaction, told: Input, principal: Principal
) -> TransactionEvent:
    return TransactionEvent(
        id=state.next_id(),
        type=told["type"],
        amount=quantized(_amount(transaction, told), transaction.currency),
        currency=transaction.currency,
        psp_reference=told["psp_reference"],
        message=(told.get("message") or "")[:_LONGEST_MESSAGE],
        external_url=told.get("external_url") or "",
        created_at=told.get("time") or now(),
        app_id=principal.app_id,
        user_id=principal.user_id,
    )


def _amount(transaction: Transaction, told: Input) -> Decimal:
    if told.get("amount") is not None:
        return Decimal(told["amount"])
    kind = told["type"]
    if kind == "INFO":
        return ZERO
    if kind not in _DEDUCED_FROM:
        text = f"The `amount` field is required for {kind} event."
        raise Refused("amount", text, "REQUIRED")
    for event in reversed(transaction.events):
        if event.psp_reference == told["psp_reference"] and event.type in _DEDUCED_FROM[kind]:
            return event.amount
    raise Refused("amount", f"Unable to deduce the amount for {kind} event.", "REQUIRED")


def _known(transaction: Transaction, event: TransactionEvent) -> TransactionEvent | None:
    if event.type in _NEVER_THE_SAME:
        return None
    same = (event.type, event.psp_reference)
    return next((e for e in transaction.events if (e.type, e.psp_reference) == same), None)


def _note_failure(transaction: Transaction, event: TransactionEvent) -> None:
    event.type = f"{event.type.split('_')[0]}_FAILURE"
    event.counts = False
    event.message = (
        "The transaction with provided `pspReference` and `type` already exists "
        "with different amount."
    )
    transaction.events.append(event)


def _add(
    state: State,
    order: Order,
    transaction: Transaction,
    event: TransactionEvent,
    told: Input,
    principal: Principal,
) -> None:
    before = values_of(transaction)
    transaction.events.append(event)
    if event.type in _GIVES_REFERENCE and not transaction.psp_reference:
        transaction.psp_reference = event.psp_reference
    if told.get("available_actions") is not None:
        transaction.actions = sorted(set(told["available_actions"]))
    for name in ("metadata", "private_metadata"):
        items = told.get(f"transaction_{name}") or []
        getattr(transaction, name).update({i["key"]: i["value"] for i in items})
    recalculate(transaction)
    adopt(transaction, principal)
    transaction.modified_at = now()
    settle_payment(state, order, transaction, before, principal)


def request_action(state: State, _principal: Principal, told: Input) -> dict[str, Any]:
    """transactionRequestAction, where no app answers: a request and its failure are noted.

    The simulator delivers no synchronous webhooks, so no app ever answers.
    """
    order, transaction = payment_of(state, told.get("id"), told.get("token"))
    limits = {"REFUND": transaction.charged, "CHARGE": transaction.authorized}
    most = limits.get(told["action_type"], transaction.authorized)
    amount = min(told.get("amount") or most, most)
    with state.transaction(order):
        for outcome in ("REQUEST", "FAILURE"):
            event = TransactionEvent(
                id=state.next_id(),
                type=f"{told['action_type']}_{outcome}",
                amount=amount,
                currency=transaction.currency,
                counts=False,
            )
            transaction.events.append(event)
    text = "No app or plugin is configured to handle payment action requests."
    raise Refused(None, text, "MISSING_TRANSACTION_ACTION_REQUEST_WEBHOOK")


# --- granted refunds ----------------------------------------------------------------------------


def grant_refund(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    """orderGrantRefundCreate: moves no money, and grants add up freely."""
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
