"""The tables of the merchant's desk: words, searches, views, tasks, and the two logs."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from saleor_amazon_app.store.base import AskedBy, Claimed, TenantOwned, new_id
from saleor_amazon_app.store.sentences import keep


class OrderWord(TenantOwned):
    """A word by which an order can be found, as a keyed hash: buyers' names are personal data."""

    __tablename__ = "order_words"

    tenant_id: Mapped[str] = mapped_column(  # the primary key begins with it: no index beside
        ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    order_id: Mapped[str] = mapped_column(
        ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class WordMapping(TenantOwned):
    """The merchant's own words for Amazon's: carriers, reasons of refunds, warehouses."""

    __tablename__ = "word_mappings"
    __table_args__ = (UniqueConstraint("tenant_id", "kind", "word"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(16))
    """``carrier``, ``refund_reason`` or ``supply_source``."""
    word: Mapped[str] = mapped_column(String(128))
    code: Mapped[str] = mapped_column(String(128))


class SkuMapping(TenantOwned):
    """A seller's SKU that stands for a variant whatever the variant's own SKU is."""

    __tablename__ = "sku_mappings"
    __table_args__ = (UniqueConstraint("tenant_id", "seller_sku"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    seller_sku: Mapped[str] = mapped_column(String(128))
    variant_id: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[datetime]


class Activity(TenantOwned):
    """A failure in talking to either side, without personal data: nothing fails in silence."""

    __tablename__ = "activities"
    __table_args__ = (Index("ix_activities_recent", "tenant_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    side: Mapped[str] = mapped_column(String(16))
    operation: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(128), default="")
    message: Mapped[str] = mapped_column(Text)
    message_said: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @validates("message")
    def _keep(self, name: str, text: str) -> str:
        return keep(self, name, text)


class Change(AskedBy, TenantOwned):
    """Something that a member of staff changed, asked for or looked at."""

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_recent", "tenant_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    order_id: Mapped[str | None] = mapped_column(
        ForeignKey("orders.id", ondelete="CASCADE"), index=True
    )
    subject: Mapped[str]
    """What it is about: an order's number, an account, a setting."""
    subject_said: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    action: Mapped[str] = mapped_column(String(64))
    detail: Mapped[str] = mapped_column(Text, default="")
    """What changed, without personal data of buyers and without secrets."""
    detail_said: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @validates("subject", "detail")
    def _keep(self, name: str, text: str) -> str:
        return keep(self, name, text)


class SavedView(TenantOwned):
    """A list that a member of staff keeps: the query of its address under a name."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("tenant_id", "user_id", "name"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(String(128))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(Text)


class Task(Claimed, AskedBy, TenantOwned):
    """Work that staff asked for and that runs in the background; see ``sync.tasks``."""

    __tablename__ = "tasks"
    __table_args__ = (Index("ix_tasks_open", "state", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    accounts: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """Of a sync: the progress of each account."""
    stop_asked: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class TaskOrder(TenantOwned):
    """An order of a task, fixed when the task was asked for; done at most once."""

    __tablename__ = "task_orders"
    __table_args__ = (
        UniqueConstraint("task_id", "order_id"),
        Index("ix_task_orders_work", "task_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(16))
    """``waiting``, ``started``, ``done`` or ``failed``."""
    message: Mapped[str] = mapped_column(Text, default="")
    message_said: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @validates("message")
    def _keep(self, name: str, text: str) -> str:
        return keep(self, name, text)


class RaisedProblem(TenantOwned):
    """A problem of the app that the shop's Dashboard was told of, until it is cured."""

    __tablename__ = "raised_problems"
    __table_args__ = (UniqueConstraint("tenant_id", "key"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(128))
    message: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime]
