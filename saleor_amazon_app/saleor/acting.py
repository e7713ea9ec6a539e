"""What the app does to a mirrored order in Saleor.

Nothing here makes Saleor notify the buyer by choice; where Saleor always writes (a cancelled order,
a refund), the caller has to see to it that the order's e-mail address reaches nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from saleor_amazon_app.mirror.facts import as_metadata, moment
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.saleor.client import SaleorApi, safe_message
from saleor_amazon_app.saleor.errors import Declined

_NOTE: Final = 255
_MESSAGE: Final = 512
_TRACKING: Final = 255
_CURES: Final = {"CANNOT_FULFILL_UNPAID_ORDER": say("cure.unpaid_in_saleor")}
"""What a merchant can do about what Saleor declines, by Saleor's code."""


@dataclass(frozen=True)
class FulfilledLine:
    line_id: str
    quantity: int


def fulfill(
    api: SaleorApi,
    order_id: str,
    lines: Sequence[FulfilledLine],
    *,
    warehouse_id: str,
    tracking: str,
) -> str:
    """Fulfil lines without telling the customer; returns the fulfilment's id.

    A shop that approves fulfilments by hand leaves it waiting: Amazon's parcel has left already,
    so it is approved at once.

    Raises:
        Declined: Saleor does not allow it.
    """
    stocks = [
        {
            "orderLineId": line.line_id,
            "stocks": [{"quantity": line.quantity, "warehouse": warehouse_id}],
        }
        for line in lines
    ]
    wish = {
        "lines": stocks,
        "notifyCustomer": False,
        "allowStockToBeExceeded": True,
        "trackingNumber": tracking[:_TRACKING],
    }
    done = _do(api, "FulfillOrder", "orderFulfill", order=order_id, input=wish)
    made = done["fulfillments"][0]
    if made["status"] == "WAITING_FOR_APPROVAL":
        _do(api, "ApproveFulfillment", "orderFulfillmentApprove", id=made["id"])
    return str(made["id"])


def change_tracking(api: SaleorApi, fulfillment_id: str, tracking: str) -> None:
    number = tracking[:_TRACKING]
    field = "orderFulfillmentUpdateTracking"
    _do(api, "ChangeTracking", field, id=fulfillment_id, tracking=number)


def cancel_order(api: SaleorApi, order_id: str) -> None:
    """Cancel an order; its units are released. Saleor writes a mail to the order's address."""
    _do(api, "CancelOrder", "orderCancel", id=order_id)


def change_order(api: SaleorApi, order_id: str, changes: Mapping[str, Any]) -> None:
    """Change what ``OrderUpdateInput`` holds: addresses, the e-mail address."""
    _do(api, "ChangeOrder", "orderUpdate", id=order_id, input=dict(changes))


def set_facts(api: SaleorApi, node_id: str, facts: Mapping[str, str]) -> None:
    """Write private metadata of an order or a fulfilment."""
    wish = as_metadata(facts)
    _do(api, "SetPrivateMetadata", "updatePrivateMetadata", id=node_id, input=wish)


@dataclass(frozen=True)
class Report:
    """What became of a transaction's money. ``reference`` and ``type`` together name the event."""

    type: str
    """``REFUND_SUCCESS`` or ``REFUND_FAILURE``."""
    amount: Decimal
    """In major units."""
    reference: str
    message: str = ""
    url: str = ""
    at: datetime | None = None
    refundable: bool = True
    """Whether refunds are offered on the transaction; not where Amazon fulfils and refunds."""


def report_event(api: SaleorApi, transaction_id: str, report: Report) -> None:
    """Report an event of a transaction that the app owns; the same again does nothing.

    Raises:
        Declined: ``INCORRECT_DETAILS`` if the event is known with another amount.
    """
    _do(
        api,
        "ReportTransactionEvent",
        "transactionEventReport",
        id=transaction_id,
        type=report.type,
        amount=report.amount,
        reference=report.reference,
        message=report.message[:_MESSAGE],
        url=report.url or None,
        time=moment(report.at),
        actions=["REFUND"] if report.refundable else None,
    )


def add_note(api: SaleorApi, order_id: str, message: str) -> None:
    _do(api, "AddNote", "orderNoteAdd", order=order_id, message=shorten(message))


def notes(api: SaleorApi, order_id: str) -> set[str]:
    """Return the messages in an order's history."""
    order = api.run("OrderNotes", id=order_id)["order"]
    return {event["message"] for event in order["events"] if event["message"]} if order else set()


def shorten(message: str) -> str:
    """Cut a note to the length that Saleor holds."""
    return message if len(message) <= _NOTE else message[: _NOTE - 1] + "…"


def shop_address(api: SaleorApi) -> str:
    """Return the address that the shop itself believes to have."""
    return str(api.run("ShopAddress")["shop"]["domain"]["url"])


def _do(api: SaleorApi, name: str, field: str, **variables: Any) -> dict[str, Any]:  # noqa: ANN401
    payload: dict[str, Any] = api.run(name, **variables)[field]
    if errors := payload["errors"]:
        first = errors[0]
        text, code = safe_message(first["message"] or ""), first["code"] or ""
        raise Declined(
            say("saleor.declines", operation=field, answer=text),
            cure=_CURES.get(code, ""),
            code=code,
        )
    return payload
