"""Builders of Saleor's side of a mirrored order, for the rules that compare both sides."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from saleor_amazon_app.mirror.facts import FOLLOWED
from saleor_amazon_app.mirror.ids import OrderItemId, SaleorOrderId
from saleor_amazon_app.mirror.intents import IntentKind, IntentState, Known
from saleor_amazon_app.mirror.messages import Message
from saleor_amazon_app.mirror.saleor_order import (
    GrantedRefund,
    SaleorFulfillment,
    SaleorLine,
    SaleorOrder,
    SaleorTransaction,
    TransactionEvent,
)

SHIPPED_AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def fulfillment(
    units: Mapping[str, int],
    number: int = 2,
    status: str = "FULFILLED",
    tracking: str = "1Z999AA10123456784",
    followed: str = "",
    **words: str,
) -> SaleorFulfillment:
    return SaleorFulfillment(
        id=b64encode(f"Fulfillment:{40 + number}".encode()).decode(),
        number=number,
        status=status,
        created_at=SHIPPED_AT,
        tracking=tracking,
        units={OrderItemId(item): count for item, count in units.items()},
        words={f"amazon.{key}": value for key, value in words.items()}
        | ({FOLLOWED: followed} if followed else {}),
    )


def payment(
    charged: str = "20.00", *events: tuple[str, str, str], refunded: str = "0"
) -> SaleorTransaction:
    """Make Amazon's payment; events are (type, amount, reference)."""
    told = tuple(TransactionEvent(type_, Decimal(amount), ref) for type_, amount, ref in events)
    return SaleorTransaction("transaction", "Amazon", Decimal(charged), Decimal(refunded), told)


def saleor_order(
    units: Mapping[str, int],
    *fulfillments: SaleorFulfillment,
    status: str = "UNFULFILLED",
    facts: Mapping[str, str] | None = None,
    transaction: SaleorTransaction | None = None,
    grants: tuple[GrantedRefund, ...] = (),
    **more: Any,
) -> SaleorOrder:
    gone = {
        item: sum(f.units.get(OrderItemId(item), 0) for f in fulfillments if _counts(f))
        for item in units
    }
    lines = tuple(
        SaleorLine(f"line-{item}", OrderItemId(item), count, count - gone[item], f"variant-{item}")
        for item, count in units.items()
    )
    told: dict[str, Any] = {
        "id": SaleorOrderId("order"),
        "number": "1",
        "status": status,
        "reference": "302-0000001-1234567",
        "total": Decimal("20.00"),
        "currency": "EUR",
        "email": "302-0000001-1234567@amazon-order.invalid",
        "facts": {"amazon.fulfilledBy": "MERCHANT"} | dict(facts or {}),
        "lines": lines,
        "fulfillments": fulfillments,
        "transactions": (transaction or payment(),),
        "grants": grants,
    }
    return SaleorOrder(**(told | more))


def _counts(one: SaleorFulfillment) -> bool:
    return one.status in ("FULFILLED", "WAITING_FOR_APPROVAL")


def known(
    kind: IntentKind,
    state: IntentState,
    message: Message | None = None,
    *,
    key: str = "key",
    subject: str = "",
    number: int = 1,
    **more: Any,
) -> Known:
    return Known(number, key, kind, subject, state, "summary", message, **more)
