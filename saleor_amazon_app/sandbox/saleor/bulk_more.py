"""Notes, transactions, invoices and discounts of a row of orderBulkCreate."""

import uuid
from typing import Any, Final

from saleor_amazon_app.sandbox.saleor.bulk_rows import (
    Call,
    Input,
    Row,
    find,
    is_too_late,
    store_metadata,
)
from saleor_amazon_app.sandbox.saleor.errors import Refused
from saleor_amazon_app.sandbox.saleor.model import (
    App,
    Discount,
    HistoryEntry,
    Invoice,
    Order,
    User,
    now,
)
from saleor_amazon_app.sandbox.saleor.payments import (
    MONEY_FIELDS,
    check_input,
    new_event,
    new_transaction,
)

_LONGEST_NOTE: Final = 255
_NOTE_USER_KEYS: Final = {
    "user_id": "id",
    "user_email": "email",
    "user_external_reference": "external_reference",
}


def add_extras(call: Call, row: Row, order: Order, told: Input) -> None:
    for index, note in enumerate(told.get("notes") or []):
        _add_note(call, row, order, note, f"notes.{index}")
    for index, transaction in enumerate(told.get("transactions") or []):
        _add_transaction(call, row, order, transaction, f"transactions.{index}")
    for index, invoice in enumerate(told.get("invoices") or []):
        _add_invoice(call, row, order, invoice, f"invoices.{index}")
    for index, discount in enumerate(told.get("discounts") or []):
        _add_discount(row, order, discount, f"discounts.{index}")


def _add_note(call: Call, row: Row, order: Order, told: Input, path: str) -> None:
    if len(told["message"]) > _LONGEST_NOTE:
        text = f"Note message exceeds character limit: {_LONGEST_NOTE}."
        row.fault(text, f"{path}.message", "NOTE_LENGTH")
        return
    date = told.get("date")
    if date and is_too_late(date):
        row.fault("Note input contains future date.", f"{path}.date", "FUTURE_DATE")
        date = None
    user, app = _author(call, row, told, path)
    entry = HistoryEntry(
        id=call.state.next_id(), type="NOTE_ADDED", date=date or now(), message=told["message"]
    )
    entry.user_id, entry.app_id = (user.id if user else None), (app.id if app else None)
    order.events.append(entry)


def _author(call: Call, row: Row, told: Input, path: str) -> tuple[User | None, App | None]:
    user: User | None = None
    app: App | None = None
    if any(told.get(key) for key in _NOTE_USER_KEYS):
        user = find(call, row, told, "User", _NOTE_USER_KEYS, path)
    if told.get("app_id"):
        app = find(call, row, told, "App", {"app_id": "id"}, path)
    if user and app:
        text = "Note input contains both user and app identifier."
        row.fault(text, path, "TOO_MANY_IDENTIFIERS")
        return None, None
    return user, app


def _add_transaction(call: Call, row: Row, order: Order, told: Input, path: str) -> None:
    """Add a transaction that belongs to nobody, with events that name no payment.

    Saleor 3.23: create_single_transaction passes neither user nor app on.
    """
    try:
        check_input(order.currency, told)
    except Refused as refused:
        for error in refused.rows:
            row.fault(str(error["message"]), path, str(error["code"]))
        return
    transaction = new_transaction(order, told)
    for name, (attribute, event_type) in MONEY_FIELDS.items():
        if money := told.get(name):
            setattr(transaction, attribute, money["amount"])
            event = new_event(call.state, transaction, event_type, money["amount"])
            transaction.events.append(event)
    order.transactions.append(transaction)


def _add_invoice(call: Call, row: Row, order: Order, told: Input, path: str) -> None:
    created: Any = told["created_at"]
    if is_too_late(created):
        row.fault("Invoice input contains future date.", f"{path}.created_at", "FUTURE_DATE")
        created = None
    url = told.get("url")
    if url and not url.startswith(("http://", "https://", "ftp://", "ftps://")):
        row.fault("Invalid URL format.", f"{path}.url", "INVALID")
        url = None
    invoice = Invoice(
        id=call.state.next_id(), number=told.get("number"), url=url, created_at=created
    )
    store_metadata(row, told, invoice, f"{path}.")
    order.invoices.append(invoice)


def _add_discount(row: Row, order: Order, told: Input, path: str) -> None:
    """Add a discount; it explains the totals and changes none."""
    value, kind = told["value"], told["value_type"]
    total = order.undiscounted_total.gross
    if kind == "PERCENTAGE" and value > 100:  # noqa: PLR2004 - per cent
        row.fault("The percentage value cannot be higher than 100.", path, "INVALID")
    elif kind == "FIXED" and value > total:
        text = f"The value cannot be higher than {total} {order.currency}"
        row.fault(text, path, "INVALID")
    order.discounts.append(
        Discount(
            id=str(uuid.uuid4()),
            value_type=kind,
            value=value,
            reason=told.get("reason"),
            currency=order.currency,
        )
    )
