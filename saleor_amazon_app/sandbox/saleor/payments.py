"""Transactions: made, changed, reported on, and who owns them.

Saleor 3.23: saleor/graphql/payment/mutations/transaction and saleor/payment.
"""

import uuid
from decimal import Decimal
from typing import Any, Final

from saleor_amazon_app.sandbox.saleor.amounts import recalculate
from saleor_amazon_app.sandbox.saleor.errors import PermissionDenied, Refused
from saleor_amazon_app.sandbox.saleor.lookups import order_of, payment_of
from saleor_amazon_app.sandbox.saleor.model import (
    HistoryEntry,
    Order,
    Transaction,
    TransactionEvent,
    now,
)
from saleor_amazon_app.sandbox.saleor.money import ZERO, quantized, refunded, settle
from saleor_amazon_app.sandbox.saleor.state import Happening, Principal, State

Input = dict[str, Any]
MONEY_FIELDS: Final = {
    "amount_authorized": ("authorized", "AUTHORIZATION_SUCCESS"),
    "amount_charged": ("charged", "CHARGE_SUCCESS"),
    "amount_refunded": ("refunded", "REFUND_SUCCESS"),
    "amount_canceled": ("canceled", "CANCEL_SUCCESS"),
}
_TEXTS: Final = ("name", "message", "psp_reference", "external_url")
_LONGEST_MESSAGE: Final = 512
_MANUAL: Final = "Manual adjustment of the transaction."


# --- shared with orderBulkCreate ----------------------------------------------------------------


def check_input(currency: str, told: Input) -> None:
    """Check what a transaction's input says.

    Raises:
        Refused: It is not accepted.
    """
    text = f"Currency needs to be the same as for order: {currency}"
    rows: list[dict[str, object]] = [
        {"field": name, "message": text, "code": "INCORRECT_CURRENCY"}
        for name in MONEY_FIELDS
        if told.get(name) and told[name]["currency"] != currency
    ]
    if rows:
        raise Refused.of(rows)
    for name, spoken in (("metadata", "metadata"), ("private_metadata", "privateMetadata")):
        if any(not item["key"].strip() for item in told.get(name) or []):
            raise Refused("transaction", f"{spoken} key cannot be empty.", "METADATA_KEY_REQUIRED")
    url = told.get("external_url")
    if url is not None and not url.startswith(("http://", "https://", "ftp://", "ftps://")):
        raise Refused("transaction", "Invalid format of `externalUrl`.", "INVALID")


def new_transaction(order: Order, told: Input) -> Transaction:
    made = Transaction(token=str(uuid.uuid4()), order_id=order.id, currency=order.currency)
    _fill(made, told)
    return made


def new_event(
    state: State,
    transaction: Transaction,
    type_name: str,
    amount: Decimal,
    principal: Principal | None = None,
) -> TransactionEvent:
    """Make the event of an amount that an input states: it names no payment."""
    return TransactionEvent(
        id=state.next_id(),
        type=type_name,
        amount=quantized(amount, transaction.currency),
        currency=transaction.currency,
        message=_MANUAL,
        app_id=principal.app_id if principal else None,
        user_id=principal.user_id if principal else None,
    )


def _fill(transaction: Transaction, told: Input) -> None:
    for name in _TEXTS:
        if name in told:
            setattr(transaction, name, told[name] or "")
    if told.get("available_actions") is not None:
        transaction.actions = sorted(set(told["available_actions"]))
    for name, target in (
        ("metadata", transaction.metadata),
        ("private_metadata", transaction.private_metadata),
    ):
        target.update({item["key"]: item["value"] for item in told.get(name) or []})


# --- mutations ----------------------------------------------------------------------------------


def create(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    """transactionCreate: the same pspReference twice makes two transactions."""
    order, wish = order_of(state, told["id"]), told["transaction"]
    check_input(order.currency, wish)
    with state.transaction(order):
        transaction = new_transaction(order, wish)
        _own(transaction, principal)
        transaction.user_id = principal.user_id
        order.transactions.append(transaction)
        _adjust(state, transaction, wish, principal)
        if spoken := told.get("transaction_event"):
            _speak(state, order, transaction, spoken, principal)
        _settle(state, order, transaction, (ZERO, ZERO, ZERO), principal)
        state.index(order)
    return {"transaction": transaction}


def update(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    """transactionUpdate: a transaction of nobody becomes the calling app's."""
    order, transaction = payment_of(state, told.get("id"), told.get("token"))
    check_access(transaction, principal)
    wish = told.get("transaction") or {}
    check_input(transaction.currency, wish)
    _check_reference(state, transaction, wish.get("psp_reference"))
    with state.transaction(order):
        before = _values(transaction)
        if wish:
            adopt(transaction, principal)
            _fill(transaction, wish)
            transaction.modified_at = now()
            _adjust(state, transaction, wish, principal)
        if spoken := told.get("transaction_event"):
            _speak(state, order, transaction, spoken, principal)
        _settle(state, order, transaction, before, principal)
    return {"transaction": transaction}


def check_access(transaction: Transaction, principal: Principal) -> None:
    """Let the owner pass, and anyone where nobody owns it.

    Raises:
        PermissionDenied: It is another app's.
    """
    owned_by_app = transaction.app_id or transaction.app_identifier
    if not transaction.user_id and not owned_by_app:
        return
    app = principal.app
    if app and (
        transaction.app_id == app.id
        or (transaction.app_identifier and transaction.app_identifier == app.identifier)
    ):
        return
    if principal.user and transaction.user_id:
        return
    raise PermissionDenied(["OWNER", "HANDLE_PAYMENTS"])


def adopt(transaction: Transaction, principal: Principal) -> None:
    if not transaction.user_id and not (transaction.app_id or transaction.app_identifier):
        _own(transaction, principal)


def _own(transaction: Transaction, principal: Principal) -> None:
    if principal.app:
        transaction.app_id = principal.app.id
        transaction.app_identifier = principal.app.identifier


def _check_reference(state: State, transaction: Transaction, reference: str | None) -> None:
    if not reference or reference == transaction.psp_reference:
        return
    orders = list(state.shop.orders.values())
    if any(t.psp_reference == reference for o in orders for t in o.transactions):
        text = "Transaction with provided `pspReference` already exists."
        raise Refused("transaction", text, "UNIQUE")


def _adjust(state: State, transaction: Transaction, told: Input, principal: Principal) -> None:
    """Write the events that lead from the amounts there are to the amounts told."""
    wanted = {n: told[n]["amount"] for n in MONEY_FIELDS if told.get(n)}
    if not wanted:
        return
    for name, amount in wanted.items():
        attribute, event_type = MONEY_FIELDS[name]
        missing = quantized(amount, transaction.currency) - getattr(transaction, attribute)
        if missing:
            event = new_event(state, transaction, event_type, missing, principal)
            transaction.events.append(event)
    recalculate(transaction)


def _speak(
    state: State, order: Order, transaction: Transaction, told: Input, principal: Principal
) -> None:
    message, reference = told.get("message") or "", told.get("psp_reference") or ""
    event = new_event(state, transaction, "INFO", ZERO, principal)
    event.message, event.psp_reference = message[:_LONGEST_MESSAGE], reference
    transaction.events.append(event)
    order.events.append(
        HistoryEntry(
            id=state.next_id(),
            type="TRANSACTION_EVENT",
            message=message,
            reference=reference,
            app_id=principal.app_id,
            user_id=principal.user_id,
        )
    )


Values = tuple[Decimal, Decimal, Decimal]


def _values(transaction: Transaction) -> Values:
    return transaction.authorized, transaction.charged, transaction.refunded


def _settle(
    state: State, order: Order, transaction: Transaction, before: Values, principal: Principal
) -> None:
    """Bring the order up to date, and tell customer and apps what changed.

    Saleor 3.23: order_transaction_updated. A refund is always told to the customer, a charge that
    pays the order in full too; there is no way to keep either mail back.
    """
    settle(order)
    state.touch(order)
    events: list[str] = []
    if transaction.authorized != before[0] or transaction.charged < before[1]:
        events.append("ORDER_UPDATED")
    if transaction.charged > before[1]:
        events = _charged(state, order, principal)
    if transaction.refunded > before[2]:
        state.mail("order_refunded", order)
        events = [e for e in events if e != "ORDER_UPDATED"] + ["ORDER_REFUNDED", "ORDER_UPDATED"]
        if refunded(order) >= order.total.gross:
            events.append("ORDER_FULLY_REFUNDED")
    for event in events:
        state.happen(Happening(event, principal, (order.id,)))


def _charged(state: State, order: Order, principal: Principal) -> list[str]:
    if order.charge_status not in ("FULL", "OVERCHARGED"):
        return ["ORDER_PAID", "ORDER_UPDATED"]
    entry = HistoryEntry(
        id=state.next_id(),
        type="ORDER_FULLY_PAID",
        app_id=principal.app_id,
        user_id=principal.user_id,
    )
    order.events.append(entry)
    state.mail("payment_confirmation", order)
    return ["ORDER_PAID", "ORDER_FULLY_PAID", "ORDER_UPDATED"]


settle_payment = _settle
values_of = _values
