"""What is asked of the app a transaction belongs to, and what its answer does.

Saleor 3.23: saleor/graphql/payment/mutations/transaction, saleor/payment/gateway.py for the
request, create_transaction_event_from_request_and_webhook_response in saleor/payment/utils.py for
the answer, saleor/webhook/response_schemas/transaction.py for its shape.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, DecimalException
from typing import Any, Final

from saleor_amazon_app.sandbox.saleor.amounts import recalculate
from saleor_amazon_app.sandbox.saleor.errors import Refused
from saleor_amazon_app.sandbox.saleor.history import record
from saleor_amazon_app.sandbox.saleor.ids import InvalidId, from_global
from saleor_amazon_app.sandbox.saleor.lookups import payment_of
from saleor_amazon_app.sandbox.saleor.model import (
    App,
    GrantedRefund,
    Order,
    Transaction,
    TransactionEvent,
    now,
)
from saleor_amazon_app.sandbox.saleor.money import quantized
from saleor_amazon_app.sandbox.saleor.payments import Input, settle_payment, values_of
from saleor_amazon_app.sandbox.saleor.refunds import follow
from saleor_amazon_app.sandbox.saleor.reports import OTHER_AMOUNT, known_event
from saleor_amazon_app.sandbox.saleor.state import Happening, Principal, Requested, State

_ACTIONS: Final = ("CHARGE", "REFUND", "CANCEL")
_WEBHOOKS: Final = {
    "CHARGE": "TRANSACTION_CHARGE_REQUESTED",
    "REFUND": "TRANSACTION_REFUND_REQUESTED",
    "CANCEL": "TRANSACTION_CANCELATION_REQUESTED",
}
_ENTRIES: Final = {
    "CHARGE": "TRANSACTION_CHARGE_REQUESTED",
    "REFUND": "TRANSACTION_REFUND_REQUESTED",
    "CANCEL": "TRANSACTION_CANCEL_REQUESTED",
}
_NOBODY: Final = "No app or plugin is configured to handle payment action requests."
_MISSING: Final = "MISSING_TRANSACTION_ACTION_REQUEST_WEBHOOK"
NOT_DELIVERED: Final = "Failed to delivery request."
NO_PAYLOAD: Final = "Cannot generate a payload for the action."
_LONGEST_MESSAGE: Final = 512


# --- asking -------------------------------------------------------------------------------------


def request_action(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    """Run transactionRequestAction: never more is asked for than there is."""
    order, transaction = payment_of(state, told.get("id"), told.get("token"))
    action = told["action_type"]
    most = transaction.charged if action == "REFUND" else transaction.authorized
    wish = quantized(told.get("amount") or most, transaction.currency)
    event = _request(state, transaction, action, min(wish, most))
    event.app_id, event.user_id = principal.app_id, principal.user_id
    _ask(state, principal, order, transaction, event)
    return {"transaction": transaction}


def request_granted(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    """Run transactionRequestRefundForGrantedRefund, on the transaction of the granted refund."""
    order, refund = _refund_of(state, told["granted_refund_id"])
    transaction = next(t for t in order.transactions if t.token == refund.transaction_token)
    _check_refund(refund, transaction)
    event = _request(state, transaction, "REFUND", refund.amount or transaction.charged)
    event.granted_refund_id = refund.id
    _ask(state, principal, order, transaction, event)
    return {"transaction": transaction}


def _refund_of(state: State, text: str) -> tuple[Order, GrantedRefund]:
    field = "granted_refund_id"
    try:
        key = from_global(text, "OrderGrantedRefund")[1]
    except InvalidId as error:
        raise Refused(field, str(error), "GRAPHQL_ERROR") from error
    for order in list(state.shop.orders.values()):
        for refund in order.granted_refunds:
            if str(refund.id) == key:
                return order, refund
    raise Refused(field, f"Couldn't resolve to a node: {text}", "NOT_FOUND")


def _check_refund(refund: GrantedRefund, transaction: Transaction) -> None:
    """Refuse what is under way, done, or more than there is.

    Raises:
        Refused: It is one of these.
    """
    field = "granted_refund_id"
    if refund.status == "PENDING":
        text = "The refund request is already in progress."
        raise Refused(field, text, "REFUND_IS_PENDING")
    if refund.status == "SUCCESS":
        text = "The granted refund is already processed."
        raise Refused(field, text, "REFUND_ALREADY_PROCESSED")
    if transaction.charged < refund.amount:
        text = (
            f"The granted refund amount {refund.amount} is greater than available charged amount "
            f"on transactionItem ({transaction.charged})."
        )
        raise Refused(field, text, "AMOUNT_GREATER_THAN_AVAILABLE")


def _request(
    state: State, transaction: Transaction, action: str, amount: Decimal
) -> TransactionEvent:
    """Make the event of a request: it counts as pending once the app has named it."""
    return TransactionEvent(
        id=state.next_id(),
        type=f"{action}_REQUEST",
        amount=amount,
        currency=transaction.currency,
        counts=False,
    )


def _ask(
    state: State,
    principal: Principal,
    order: Order,
    transaction: Transaction,
    event: TransactionEvent,
) -> None:
    """Note the request and have it delivered; without a listening owner it has failed.

    Raises:
        Refused: No app listens.
    """
    action = event.type.removesuffix("_REQUEST")
    owner = _owner(state, transaction, _WEBHOOKS[action])
    with state.transaction(order):
        transaction.events.append(event)
        if owner:
            asked = Requested(
                action, event.amount, event.currency, event.id, event.granted_refund_id
            )
            # Saleor 3.23: trigger_transaction_request names no requestor, so that the payload's
            # issuingPrincipal is null whoever asks.
            happening = Happening(
                _WEBHOOKS[action],
                order_ids=(order.id,),
                transaction_token=transaction.token,
                app_id=owner.id,
                action=asked,
            )
            state.happen(happening)
            reference = transaction.psp_reference
            record(state, order, _ENTRIES[action], principal, reference=reference)
        else:
            _fail(state, transaction, event, _NOBODY)
        follow(order, event)
    if owner is None:
        raise Refused(None, _NOBODY, _MISSING)


def _owner(state: State, transaction: Transaction, webhook: str) -> App | None:
    """Find the app by its id, else by its identifier; it must be active and listen."""
    active = [app for app in state.shop.apps.values() if app.is_active]
    same = [a for a in active if a.id == transaction.app_id]
    identifier = transaction.app_identifier
    same += [a for a in active if identifier and a.identifier == identifier]
    if not same or "HANDLE_PAYMENTS" not in same[0].permissions:
        return None
    listens = any(w.is_active and webhook in w.events for w in same[0].webhooks)
    return same[0] if listens else None


def _fail(state: State, transaction: Transaction, event: TransactionEvent, cause: str) -> None:
    """Note a failure that Saleor itself finds; it changes no amount."""
    failure = TransactionEvent(
        id=state.next_id(),
        type=event.type.replace("_REQUEST", "_FAILURE"),
        amount=event.amount,
        currency=event.currency,
        psp_reference=event.psp_reference,
        message=cause,
        counts=False,
        granted_refund_id=event.granted_refund_id,
    )
    transaction.events.append(failure)


# --- the answer ---------------------------------------------------------------------------------


class Unreadable(Exception):
    """The app's answer says nothing that can be used; the text is kept with the failure."""


@dataclass(frozen=True)
class Answer:
    """What an app's answer says; the result is empty where it will be reported later."""

    reference: str | None
    result: str = ""
    amount: Decimal | None = None
    time: datetime | None = None
    url: str = ""
    message: str = ""
    actions: list[str] | None = None


def failed(state: State, happening: Happening, cause: str) -> None:
    """Note that a request came to nothing."""
    with state.lock:
        found = _asked_for(state, happening)
        if found is None:
            return
        order, transaction, event = found
        with state.transaction(order):
            _fail(state, transaction, event, cause)
            follow(order, event)


def answered(state: State, happening: Happening, app: App, told: object) -> None:
    """Take an app's answer, parsed from JSON. Its HTTP status does not matter, short of 500."""
    if not isinstance(told, dict):
        # Saleor 3.23: the worker's task ends with an AttributeError; nothing is written.
        return
    try:
        with state.lock:
            _settle_answer(state, happening, told, Principal(app=app))
    except Unreadable as error:
        failed(state, happening, str(error)[:_LONGEST_MESSAGE])


def _settle_answer(
    state: State, happening: Happening, told: dict[str, Any], principal: Principal
) -> None:
    found = _asked_for(state, happening)
    if found is None:
        return
    order, transaction, event = found
    answer = read_answer(told, event.type.removesuffix("_REQUEST"))
    with state.transaction(order):
        _take(state, order, transaction, event, answer, principal)


def _asked_for(
    state: State, happening: Happening
) -> tuple[Order, Transaction, TransactionEvent] | None:
    found = state.payment(happening.transaction_token or "")
    if found is None or happening.action is None:
        return None
    order, transaction = found
    key = happening.action.event_id
    return next(((order, transaction, e) for e in transaction.events if e.id == key), None)


def _take(
    state: State,
    order: Order,
    transaction: Transaction,
    event: TransactionEvent,
    answer: Answer,
    principal: Principal,
) -> None:
    if answer.reference is not None:
        event.psp_reference, event.counts = answer.reference, True
    if answer.result and not _add_result(state, transaction, event, answer, principal):
        _fail(state, transaction, event, OTHER_AMOUNT)
        follow(order, event)
        return
    before = values_of(transaction)
    recalculate(transaction)
    if answer.actions is not None:
        transaction.actions = sorted(set(answer.actions))
    transaction.modified_at = now()
    settle_payment(state, order, transaction, before, principal)
    follow(order, event)


def _add_result(
    state: State,
    transaction: Transaction,
    event: TransactionEvent,
    answer: Answer,
    principal: Principal,
) -> bool:
    """Add the result's event unless it is known; False where it is known with another amount."""
    result = TransactionEvent(
        id=state.next_id(),
        type=answer.result,
        amount=answer.amount or event.amount,
        currency=event.currency,
        psp_reference=answer.reference or "",
        message=answer.message,
        external_url=answer.url,
        created_at=answer.time or now(),
        granted_refund_id=event.granted_refund_id,
        app_id=principal.app_id,
    )
    known = known_event(transaction, result)
    if known is None:
        transaction.events.append(result)
    return known is None or known.amount == result.amount


# --- its shape ----------------------------------------------------------------------------------


def read_answer(told: dict[str, Any], action: str) -> Answer:
    """Read an answer: a reference alone, or a result with what belongs to it.

    Raises:
        Unreadable: With a text like the real server's.
    """
    possible = (f"{action}_SUCCESS", f"{action}_FAILURE")
    result = told.get("result")
    if result is not None and result not in possible:
        raise Unreadable(
            f"Missing or invalid value for `result`: {result}. "
            f"Possible values: {', '.join(possible)}."
        )
    reference = _reference(told, needed=result != possible[1])
    if result is None:
        return Answer(reference, actions=_actions(told))
    return Answer(
        reference,
        result,
        amount=_amount(told),
        time=_time(told),
        url=_url(told),
        message=str(told.get("message") or "")[:_LONGEST_MESSAGE],
        actions=_actions(told),
    )


def _incorrect(told: dict[str, Any], field: str, why: str) -> Unreadable:
    return Unreadable(f"Incorrect value ({told[field]}) for field: {field}. Error: {why}.")


def _reference(told: dict[str, Any], *, needed: bool) -> str | None:
    if "pspReference" not in told and needed:
        raise Unreadable(f"Missing value for field: pspReference. Input: {told}.")
    reference = told.get("pspReference")
    if reference is None and not needed:
        return None
    if not isinstance(reference, str):
        raise _incorrect(told, "pspReference", "Input should be a valid string")
    return reference


def _amount(told: dict[str, Any]) -> Decimal | None:
    if told.get("amount") is None:
        return None
    try:
        return Decimal(str(told["amount"])).quantize(Decimal("0.001"))
    except DecimalException as error:
        raise _incorrect(told, "amount", "Input should be a valid decimal") from error


def _time(told: dict[str, Any]) -> datetime | None:
    if told.get("time") is None:
        return None
    try:
        time = datetime.fromisoformat(str(told["time"]))
    except ValueError as error:
        raise _incorrect(told, "time", "Value error, Expected ISO 8601 format") from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _url(told: dict[str, Any]) -> str:
    url = str(told.get("externalUrl") or "")
    if url and not url.startswith(("http://", "https://")):
        raise _incorrect(told, "externalUrl", "URL scheme should be 'http' or 'https'")
    return url


def _actions(told: dict[str, Any]) -> list[str] | None:
    """Return the actions; names nobody knows are left out."""
    actions = told.get("actions")
    if actions is None:
        return None
    if not isinstance(actions, list):
        raise _incorrect(told, "actions", "Input should be a valid list")
    return [action for action in actions if action in _ACTIONS]
