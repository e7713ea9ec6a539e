"""What a payment app reports about a transaction.

Saleor 3.23: saleor/graphql/payment/mutations/transaction/transaction_event_report.py.
"""

from decimal import Decimal
from typing import Any, Final

from saleor_amazon_app.sandbox.saleor.amounts import recalculate
from saleor_amazon_app.sandbox.saleor.errors import Refused
from saleor_amazon_app.sandbox.saleor.lookups import payment_of
from saleor_amazon_app.sandbox.saleor.model import Order, Transaction, TransactionEvent, now
from saleor_amazon_app.sandbox.saleor.money import ZERO, quantized
from saleor_amazon_app.sandbox.saleor.payments import (
    Input,
    adopt,
    check_access,
    settle_payment,
    values_of,
)
from saleor_amazon_app.sandbox.saleor.refunds import follow, granted_of
from saleor_amazon_app.sandbox.saleor.state import Happening, Principal, State

_LONGEST_MESSAGE: Final = 512
OTHER_AMOUNT: Final = (
    "The transaction with provided `pspReference` and `type` already exists with different amount."
)
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
        known = known_event(transaction, event)
        if known is None:
            _add(state, order, transaction, event, told, principal)
        elif known.amount == event.amount and told.get("available_actions") is not None:
            transaction.actions = sorted(set(told["available_actions"]))
        elif known.amount != event.amount:
            _note_failure(order, transaction, event)
    if known and known.amount != event.amount:
        raise Refused("pspReference", OTHER_AMOUNT, "INCORRECT_DETAILS")
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
        granted_refund_id=granted_of(transaction, told["type"], told["psp_reference"]),
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


def known_event(transaction: Transaction, event: TransactionEvent) -> TransactionEvent | None:
    if event.type in _NEVER_THE_SAME:
        return None
    same = (event.type, event.psp_reference)
    return next((e for e in transaction.events if (e.type, e.psp_reference) == same), None)


def _note_failure(order: Order, transaction: Transaction, event: TransactionEvent) -> None:
    event.type = f"{event.type.split('_')[0]}_FAILURE"
    event.counts = False
    event.message = OTHER_AMOUNT
    transaction.events.append(event)
    follow(order, event)


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
        if items:
            _tell_metadata(state, order, transaction, principal)
    recalculate(transaction)
    adopt(transaction, principal)
    transaction.modified_at = now()
    settle_payment(state, order, transaction, before, principal)
    follow(order, event)


def _tell_metadata(
    state: State, order: Order, transaction: Transaction, principal: Principal
) -> None:
    told = Happening(
        "TRANSACTION_ITEM_METADATA_UPDATED",
        principal,
        (order.id,),
        transaction_token=transaction.token,
    )
    state.happen(told)
