"""Reasons of refunds that the merchant chose from a list of the shop's own.

Since Saleor 3.22 a shop may have its staff choose a reason among pages ("Damaged item") and refuses
refunds without one; the free text is then often empty. Orders with refunds are asked for it in a
question of its own, because older shops do not know the fields.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from graphql import parse

from saleor_amazon_app.mirror.ids import OrderItemId
from saleor_amazon_app.mirror.refund_requests import open_requests
from saleor_amazon_app.mirror.saleor_order import (
    GrantedRefund,
    SaleorOrder,
    SaleorTransaction,
)
from saleor_amazon_app.saleor.client import SaleorApi
from saleor_amazon_app.saleor.errors import InvalidRequest

_TITLE: Final = "reasonReference { title }"
_LINE: Final = (
    'lines { orderLine { orderItemId: privateMetafield(key: "amazon.orderItemId") } '
    + _TITLE
    + " }"
)
_DOCUMENTS: Final = tuple(
    "query RefundReasons($id: ID!) { order(id: $id) {"
    f" grantedRefunds {{ id {_TITLE} {lines} }}"
    f" transactions {{ id events {{ pspReference {_TITLE} }} }}"
    " } }"
    for lines in (_LINE, "")
)
"""For 3.23, and for 3.22, where lines have no reason of their own from the list."""

Node = Mapping[str, Any]


def with_chosen_reasons(api: SaleorApi, order: SaleorOrder) -> SaleorOrder:
    """Return the order with chosen reasons put before the written ones, if it asks for refunds."""
    if order.payment is None or not any(open_requests(order.payment)):
        return order
    told = _ask(api, order)
    if told is None:
        return order
    titles = {grant["id"]: grant for grant in told["grantedRefunds"]}
    events = {t["id"]: t["events"] for t in told["transactions"]}
    return replace(
        order,
        grants=tuple(_grant(grant, titles.get(grant.id)) for grant in order.grants),
        transactions=tuple(_transaction(t, events.get(t.id, ())) for t in order.transactions),
    )


def _ask(api: SaleorApi, order: SaleorOrder) -> Node | None:
    """Ask in the newest way that the shop understands; None if it has no such reasons."""
    for text in _DOCUMENTS:
        try:
            told: Node | None = api.run_document(parse(text), "RefundReasons", {"id": order.id})[
                "order"
            ]
        except InvalidRequest:
            continue
        return told
    return None


def _grant(grant: GrantedRefund, told: Node | None) -> GrantedRefund:
    if told is None:
        return grant
    reasons = dict(grant.reasons)
    for item, title in _lines(told):
        if grant.units.get(item):
            reasons[item] = _joined(title, reasons.get(item, ""))
    return replace(grant, reason=_joined(_title(told), grant.reason), reasons=reasons)


def _lines(told: Node) -> Iterator[tuple[OrderItemId, str]]:
    for line in told.get("lines") or ():
        if title := _title(line):
            yield OrderItemId(line["orderLine"]["orderItemId"] or ""), title


def _transaction(transaction: SaleorTransaction, told: Any) -> SaleorTransaction:  # noqa: ANN401
    titles = {event["pspReference"]: _title(event) for event in told if _title(event)}
    events = (
        replace(event, message=_joined(titles[event.reference], event.message))
        if event.type == "REFUND_REQUEST" and event.reference in titles
        else event
        for event in transaction.events
    )
    return replace(transaction, events=tuple(events))


def _title(node: Node) -> str:
    return (node["reasonReference"] or {}).get("title") or ""


def _joined(title: str, text: str) -> str:
    return ". ".join(part for part in (title, text) if part)
