"""Mirrored orders read as they are now: one by one, or all that changed since a moment."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from graphql import parse

from saleor_amazon_app.mirror.facts import moment
from saleor_amazon_app.mirror.ids import OrderItemId, SaleorOrderId
from saleor_amazon_app.mirror.saleor_order import (
    GrantedRefund,
    SaleorFulfillment,
    SaleorLine,
    SaleorOrder,
    SaleorTransaction,
    TransactionEvent,
    Units,
)
from saleor_amazon_app.saleor import documents
from saleor_amazon_app.saleor.client import SaleorApi

_AT_ONCE: Final = 10
"""Orders in a request; Saleor's limit is the cost of the query, not their number."""
_PAGE: Final = 100

Node = Mapping[str, Any]


def read_orders(api: SaleorApi, references: Sequence[str]) -> dict[str, SaleorOrder]:
    """Read orders by Amazon's numbers; those that do not exist are missing from the result."""
    found: dict[str, SaleorOrder] = {}
    for start in range(0, len(references), _AT_ONCE):
        part = references[start : start + _AT_ONCE]
        variables = {f"r{i}": reference for i, reference in enumerate(part)}
        data = api.run_document(parse(_document(len(part))), "WholeOrders", variables)
        found |= {
            reference: _order(data[f"o{i}"]) for i, reference in enumerate(part) if data[f"o{i}"]
        }
    return found


def changed_since(api: SaleorApi, since: datetime) -> Iterator[tuple[str, datetime]]:
    """Yield reference and time of all orders that were changed since, the earliest first.

    Orders without an external reference are no mirrored ones and are left out.
    """
    after: str | None = None
    while True:
        data = api.run("ChangedOrders", since=moment(since), first=_PAGE, after=after)
        page = data["orders"]
        for edge in page["edges"]:
            node = edge["node"]
            if node["externalReference"]:
                yield node["externalReference"], datetime.fromisoformat(node["updatedAt"])
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def _document(count: int) -> str:
    heads = ", ".join(f"$r{i}: String!" for i in range(count))
    fields = " ".join(
        f"o{i}: order(externalReference: $r{i}) {{ ...WholeOrder }}" for i in range(count)
    )
    fragment = (documents.FOLDER / "whole_order.graphql").read_text(encoding="utf-8")
    return f"query WholeOrders({heads}) {{ {fields} }}\n{fragment}"


def _order(node: Node) -> SaleorOrder:
    total = node["total"]["gross"]
    return SaleorOrder(
        id=SaleorOrderId(node["id"]),
        number=str(node["number"]),
        status=node["status"],
        reference=node["externalReference"] or "",
        total=Decimal(total["amount"]),
        currency=total["currency"],
        email=node["userEmail"] or "",
        facts=_words(node["privateMetadata"]),
        lines=tuple(_line(line) for line in node["lines"]),
        fulfillments=tuple(_fulfillment(f) for f in node["fulfillments"]),
        transactions=tuple(_transaction(t) for t in node["transactions"]),
        grants=tuple(_grant(g) for g in node["grantedRefunds"]),
    )


def _words(entries: Sequence[Node]) -> dict[str, str]:
    return {e["key"]: e["value"] for e in entries if e["key"].startswith("amazon.")}


def _line(node: Node) -> SaleorLine:
    return SaleorLine(
        id=node["id"],
        item_id=OrderItemId(node["orderItemId"] or ""),
        quantity=node["quantity"],
        to_fulfill=node["quantityToFulfill"],
        variant_id=(node["variant"] or {}).get("id") or "",
    )


def _fulfillment(node: Node) -> SaleorFulfillment:
    return SaleorFulfillment(
        id=node["id"],
        number=node["fulfillmentOrder"],
        status=node["status"],
        created_at=datetime.fromisoformat(node["created"]),
        tracking=node["trackingNumber"] or "",
        units=_units(node["lines"] or ()),
        words=_words(node["metadata"]) | _words(node["privateMetadata"]),
        warehouse=(node["warehouse"] or {}).get("slug") or "",
    )


def _units(lines: Sequence[Node]) -> Units:
    units: dict[OrderItemId, int] = {}
    for line in lines:
        item = OrderItemId((line["orderLine"] or {}).get("orderItemId") or "")
        units[item] = units.get(item, 0) + line["quantity"]
    return units


def _transaction(node: Node) -> SaleorTransaction:
    events = (
        TransactionEvent(
            type=e["type"] or "",
            amount=Decimal(e["amount"]["amount"]),
            reference=e["pspReference"] or "",
            message=e["message"] or "",
        )
        for e in node["events"]
    )
    return SaleorTransaction(
        id=node["id"],
        name=node["name"],
        charged=Decimal(node["chargedAmount"]["amount"]),
        refunded=Decimal(node["refundedAmount"]["amount"]),
        events=tuple(events),
    )


def _grant(node: Node) -> GrantedRefund:
    # A return in the Dashboard grants every line of the order, most of them with no unit.
    lines = [line for line in node["lines"] or () if line["quantity"]]
    return GrantedRefund(
        id=node["id"],
        amount=Decimal(node["amount"]["amount"]),
        reason=node["reason"] or "",
        with_shipping=node["shippingCostsIncluded"],
        units=_units(lines),
        reasons={
            OrderItemId(line["orderLine"]["orderItemId"] or ""): line["reason"]
            for line in lines
            if line["reason"]
        },
        references=tuple(e["pspReference"] for e in node["transactionEvents"] or ()),
    )
