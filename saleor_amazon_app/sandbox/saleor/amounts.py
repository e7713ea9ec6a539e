"""A transaction's amounts, added up from its events.

Saleor 3.23: saleor/payment/transaction_item_calculations.py. Events with a pspReference are taken
together by that reference; events without one are adjustments that stand for themselves.
"""

from decimal import Decimal
from typing import Final

from saleor_amazon_app.sandbox.saleor.model import Transaction, TransactionEvent
from saleor_amazon_app.sandbox.saleor.money import ZERO

_ADJUSTED: Final = {
    "AUTHORIZATION_SUCCESS": ("authorized", 1),
    "CHARGE_SUCCESS": ("charged", 1),
    "CHARGE_BACK": ("charged", -1),
    "REFUND_SUCCESS": ("refunded", 1),
    "REFUND_REVERSE": ("charged", 1),
    "CANCEL_SUCCESS": ("canceled", 1),
}
_TAKEN_FROM: Final = {
    "authorized": None,
    "charged": "authorized",
    "refunded": "charged",
    "canceled": "authorized",
}
_FAMILIES: Final = {
    "AUTHORIZATION": "authorized",
    "CHARGE": "charged",
    "REFUND": "refunded",
    "CANCEL": "canceled",
}
_Named = dict[str, TransactionEvent]


def recalculate(transaction: Transaction) -> None:
    """Set the amounts. Only what is authorised is kept from falling below zero."""
    for name in (*_TAKEN_FROM, "refund_pending"):
        setattr(transaction, name, ZERO)
    counted = _counted(transaction)
    for event in counted:
        if not event.psp_reference:
            _adjust(transaction, event)
    for (family, _), named in _grouped(counted).items():
        _apply(transaction, family, named)
    transaction.authorized = max(transaction.authorized, ZERO)


def _counted(transaction: Transaction) -> list[TransactionEvent]:
    """An adjustment makes all earlier events of the authorisation void."""
    counted = sorted((e for e in transaction.events if e.counts), key=lambda e: e.created_at)
    places = [i for i, e in enumerate(counted) if e.type == "AUTHORIZATION_ADJUSTMENT"]
    last = places[-1] if places else 0
    return [e for i, e in enumerate(counted) if i >= last or not e.type.startswith("AUTHORIZ")]


def _adjust(transaction: Transaction, event: TransactionEvent) -> None:
    if event.type == "AUTHORIZATION_ADJUSTMENT":
        transaction.authorized = event.amount
    elif event.type in _ADJUSTED:
        name, sign = _ADJUSTED[event.type]
        _add(transaction, name, sign * event.amount)


def _grouped(events: list[TransactionEvent]) -> dict[tuple[str, str], _Named]:
    """Group by family and reference; of two events of one kind the later one counts."""
    groups: dict[tuple[str, str], _Named] = {}
    for event in events:
        family, _, kind = event.type.partition("_")
        if event.psp_reference and family in _FAMILIES:
            groups.setdefault((family, event.psp_reference), {})[kind] = event
    return groups


def _apply(transaction: Transaction, family: str, named: _Named) -> None:
    name = _FAMILIES[family]
    source = _TAKEN_FROM[name]
    if adjustment := named.get("ADJUSTMENT"):
        transaction.authorized = adjustment.amount
    if back := named.get("BACK"):
        _add(transaction, "charged", -back.amount)
    if reverse := named.get("REVERSE"):
        _add(transaction, "charged", reverse.amount)
        _add(transaction, "refunded", -reverse.amount)
    counted = _success(named) or _pending(named)
    if counted is None:
        return
    if counted.type.endswith("_SUCCESS"):
        _add(transaction, name, counted.amount)
    elif family == "REFUND":
        _add(transaction, "refund_pending", counted.amount)
    if source:
        _add(transaction, source, -counted.amount)


def _success(named: _Named) -> TransactionEvent | None:
    success, failure = named.get("SUCCESS"), named.get("FAILURE")
    if success and failure and success.created_at <= failure.created_at:
        return None
    return success


def _pending(named: _Named) -> TransactionEvent | None:
    return None if "SUCCESS" in named or "FAILURE" in named else named.get("REQUEST")


def _add(transaction: Transaction, name: str, amount: Decimal) -> None:
    setattr(transaction, name, getattr(transaction, name) + amount)
