"""The tables of orders: what Amazon tells, how far they have come, what happened."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, validates
from sqlalchemy.types import BigInteger

from saleor_amazon_app.store.base import Attempted, Claimed, TenantOwned, new_id
from saleor_amazon_app.store.sentences import keep


class OrderState(StrEnum):
    """How far an order has come. The values are stored: never rename one."""

    WAITING = "waiting"
    """Amazon has not released it, or has not told all of it."""
    READY = "ready"
    CREATING = "creating"
    """Claimed by a worker; after the lease has run out its outcome is unknown."""
    CREATED = "created"
    """In Saleor, with steps left to do."""
    IMPORTED = "imported"
    BLOCKED = "blocked"
    """Waits for a person; its problems say why."""
    LEFT_OUT = "left_out"


IN_SALEOR: Final = (OrderState.CREATING, OrderState.CREATED, OrderState.IMPORTED)
"""It is there, or may be."""
TO_SHIP_STATUSES: Final = ("UNSHIPPED", "PARTIALLY_SHIPPED")
TO_SHIP_SQL: Final = "fulfilled_by = 'MERCHANT' AND status IN ('UNSHIPPED', 'PARTIALLY_SHIPPED')"
"""Orders that the merchant still has to ship; a condition must say it word for word."""


def _few(name: str, where: str, *columns: str, sqlite: str = "") -> Index:
    """Return an index of the few orders that meet a condition, in the order of a list."""
    return Index(
        name,
        *("tenant_id", *columns, "id"),
        postgresql_where=text(where),
        sqlite_where=text(sqlite or where),
    )


class Order(Claimed, Attempted, TenantOwned):
    """An Amazon order, kept from its first sight; at most one Saleor order comes of it."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("account_id", "amazon_order_id"),
        Index("ix_orders_work", "account_id", "state", "next_attempt_at"),
        Index("ix_orders_purchased", "tenant_id", "purchased_at", "id"),
        Index("ix_orders_ship_by", "tenant_id", "ship_by", "id"),
        Index("ix_orders_total", "tenant_id", "currency", "total_minor", "id"),
        Index("ix_orders_updated", "tenant_id", "amazon_updated_at", "id"),
        Index("ix_orders_status", "tenant_id", "status", "purchased_at", "id"),
        Index("ix_orders_state", "tenant_id", "state", "purchased_at", "id"),
        Index(
            "ix_orders_number",
            "tenant_id",
            "amazon_order_id",
            postgresql_ops={"amazon_order_id": "varchar_pattern_ops"},
        ),
        Index("ix_orders_marketplace", "tenant_id", "marketplace_id", "purchased_at", "id"),
        Index("ix_orders_fulfilled_by", "tenant_id", "fulfilled_by", "purchased_at", "id"),
        _few("ix_orders_prime", "is_prime IS true", "purchased_at", sqlite="is_prime IS 1"),
        _few(
            "ix_orders_business", "is_business IS true", "purchased_at", sqlite="is_business IS 1"
        ),
        _few("ix_orders_replaces", "replaces IS NOT NULL", "purchased_at"),
        _few("ix_orders_to_ship", TO_SHIP_SQL, "fulfilled_by", "ship_by"),
        Index("ix_orders_erase", "tenant_id", "erase_at"),
        Index("ix_orders_saleor_number", "tenant_id", "saleor_number"),
        Index("ix_orders_saleor_order_id", "tenant_id", "saleor_order_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    amazon_order_id: Mapped[str] = mapped_column(String(64))
    marketplace_id: Mapped[str | None] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(64), default="")
    """Amazon's fulfilment status, as told."""
    fulfilled_by: Mapped[str] = mapped_column(String(32), default="")
    purchased_at: Mapped[datetime | None]
    amazon_updated_at: Mapped[datetime | None]
    ship_by: Mapped[datetime | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    total_minor: Mapped[int | None] = mapped_column(BigInteger)
    """Amazon's grand total in minor units."""
    units: Mapped[int] = mapped_column(default=0)
    units_open: Mapped[int] = mapped_column(default=0)
    """Neither shipped nor cancelled."""
    is_prime: Mapped[bool] = mapped_column(default=False)
    is_business: Mapped[bool] = mapped_column(default=False)
    replaces: Mapped[str | None] = mapped_column(String(64))
    """The Amazon order that this one makes good."""
    facts_version: Mapped[int] = mapped_column(default=0, index=True)
    """Which version of the facts above and of the search words the row has."""
    payload: Mapped[bytes]
    """Amazon's JSON, sealed: it holds personal data."""
    address_fix: Mapped[bytes | None]
    """The merchant's repair of the address, sealed JSON."""

    state: Mapped[str] = mapped_column(String(16), default=OrderState.WAITING)
    note: Mapped[str] = mapped_column(Text, default="")
    """The latest thing that happened, in the merchant's words."""
    note_said: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    first_seen_at: Mapped[datetime]

    saleor_order_id: Mapped[str | None] = mapped_column(String(128))
    saleor_number: Mapped[str | None] = mapped_column(String(32))
    mirrored_at: Mapped[datetime | None]
    lag_seconds: Mapped[int | None]
    """Seconds from Amazon's last word on the order to its being in Saleor; none for a backfill."""
    mirrored_status: Mapped[str | None] = mapped_column(String(64))
    """Amazon's status when the order was drafted; a later one is work for the mirror."""
    reconcile_at: Mapped[datetime | None] = mapped_column(index=True)
    """When both sides are to be compared next; None while nothing has changed on either."""
    compared_at: Mapped[datetime | None]
    """When both sides were compared last."""
    read_at: Mapped[datetime | None]
    """When the payload was last read from Amazon."""
    address_mark: Mapped[str | None] = mapped_column(String(32))
    """A digest of Amazon's address as Saleor has it, to notice when it changes."""
    over_at: Mapped[datetime | None]
    """When it is over, by ``mirror.personal_data``."""
    erase_at: Mapped[datetime | None]
    """When its personal data is to be deleted, or looked at again; None if there is none left."""
    erased_at: Mapped[datetime | None]
    """When its personal data was deleted; what Amazon tells of the buyer later is left out."""

    @validates("note")
    def _keep(self, name: str, text: str) -> str:
        return keep(self, name, text)


class Problem(TenantOwned):
    """Something that keeps an order from Saleor, open until it is cured."""

    __tablename__ = "problems"
    __table_args__ = (Index("ix_problems_open", "tenant_id", "kind", "subject", "closed_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(default="")
    message: Mapped[str] = mapped_column(Text)
    message_said: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    dismissed_at: Mapped[datetime | None]
    """A person has seen to it: it is not opened again for the same subject."""
    dismissed_by: Mapped[str | None]
    dismissed_reason: Mapped[str] = mapped_column(Text, default="")

    @validates("message")
    def _keep(self, name: str, text: str) -> str:
        return keep(self, name, text)


class OrderEvent(TenantOwned):
    """One line of an order's history: what happened, when, and at whose hand."""

    __tablename__ = "order_events"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(16))
    """``amazon``, ``saleor``, ``app`` or ``merchant``."""
    by: Mapped[str | None]
    """The member of staff, where it was one."""
    message: Mapped[str] = mapped_column(Text)
    message_said: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    for_saleor: Mapped[bool] = mapped_column(default=False)
    """It belongs into the history of the Saleor order too."""
    tried_at: Mapped[datetime | None]
    """Sent to Saleor with an unknown outcome: to be looked for before it is sent again."""
    told_at: Mapped[datetime | None]
    """Seen in the Saleor order's history."""

    @validates("message")
    def _keep(self, name: str, text: str) -> str:
        return keep(self, name, text)
