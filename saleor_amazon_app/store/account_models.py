"""The tables of shops and sellers: who is connected, where they sell, how far they are read."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from saleor_amazon_app.store.base import Base, TenantOwned, new_id
from saleor_amazon_app.store.sentences import keep, keep_if_any

ACTIVITY_DAYS: Final = 30
"""How long the log of failures is kept where nobody has chosen."""


class Tenant(Base):
    """A Saleor shop that installed the app."""

    __tablename__ = "tenants"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    saleor_api_url: Mapped[str] = mapped_column(unique=True)
    app_id: Mapped[str]
    token: Mapped[bytes]
    """The app token, sealed."""
    jwks: Mapped[dict[str, Any]]
    installed_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    """The shop switched the app off; nothing is done for it meanwhile."""
    wipe_at: Mapped[datetime | None]
    """The shop deleted the app; all of it is deleted here at this time, unless it comes back."""
    read_only: Mapped[bool] = mapped_column(default=False)
    """Nothing goes to Amazon; what would have gone waits."""
    read_only_reason: Mapped[str] = mapped_column(Text, default="")
    read_only_reason_said: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    known_app_url: Mapped[str | None]
    """The app's public address when a person last vouched for it."""
    known_shop_url: Mapped[str | None]
    """The shop's own address when a person last vouched for it."""
    orders_read_until: Mapped[datetime | None]
    """The shop's changed orders have been looked through up to here."""
    orders_read_at: Mapped[datetime | None]
    app_version: Mapped[str | None] = mapped_column(String(32))
    """The version of the app whose webhooks are registered in the shop."""
    search_key: Mapped[bytes | None]
    """With which the words of its orders are hashed; sealed."""
    dashboard_origin: Mapped[str | None]
    """Where its Dashboard was at the first verified use: the one place that may frame the pages."""
    activity_days: Mapped[int] = mapped_column(default=ACTIVITY_DAYS)
    """How long the log of failures is kept."""

    @validates("read_only_reason")
    def _keep(self, name: str, text: str) -> str:
        return keep(self, name, text)


class AccountState(StrEnum):
    CONNECTED = "connected"
    AUTHORISATION_LOST = "authorisation_lost"
    PAUSED = "paused"
    REMOVING = "removing"
    """A person has had it removed; nothing is done for it while its rows are deleted."""


class Account(TenantOwned):
    """A seller's Amazon account in one region."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("tenant_id", "seller_id", "region"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    region: Mapped[str] = mapped_column(String(2))
    seller_id: Mapped[str] = mapped_column(String(64))
    refresh_token: Mapped[bytes]
    """Amazon's refresh token, sealed."""
    state: Mapped[str] = mapped_column(String(32), default=AccountState.CONNECTED)
    import_from: Mapped[datetime]
    """Orders bought before are left out."""
    connected_at: Mapped[datetime]
    authorised_at: Mapped[datetime | None]
    """When the seller authorised the app last; Amazon lets it end after a year."""
    withheld_data: Mapped[list[str]] = mapped_column(default=list)
    """Data sets that Amazon denies this account; the others are still asked for."""
    withheld_checked_at: Mapped[datetime | None]
    refunds_read_until: Mapped[datetime | None]
    """Amazon's list of refunds has been read up to here."""
    refunds_read_at: Mapped[datetime | None]
    notifications_since: Mapped[datetime | None]
    """When the merchant switched Amazon's notifications on; None while they are off."""
    notified_at: Mapped[datetime | None]
    """When the last notification about this account came."""
    left_unanswered: Mapped[int | None]
    """How many messages without Amazon's answer were knowingly left behind by its removal."""


class Marketplace(TenantOwned):
    """A marketplace in which an account sells, and its place in Saleor once it is mapped."""

    __tablename__ = "marketplaces"
    __table_args__ = (UniqueConstraint("account_id", "marketplace_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    marketplace_id: Mapped[str] = mapped_column(String(32))
    denied: Mapped[bool] = mapped_column(default=False)
    """Amazon answers 403 for this marketplace."""
    channel: Mapped[str | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    warehouse_id: Mapped[str | None]
    shipping_method_id: Mapped[str | None]
    tax_class_id: Mapped[str | None]
    import_orders: Mapped[bool] = mapped_column(default=True)
    hold_stock: Mapped[bool] = mapped_column(default=True)
    buyer_email: Mapped[str] = mapped_column(String(32), default="placeholder")
    without_address: Mapped[bool] = mapped_column(default=False)
    default_carrier: Mapped[str | None]
    """For shipments whose carrier is neither told nor recognised."""
    tracking_wait_hours: Mapped[int] = mapped_column(default=4)
    """How long a shipment without a tracking number is held, at most until the ship-by date."""
    ship_without_tracking: Mapped[bool] = mapped_column(default=True)
    """What becomes of it then: sent without one, or raised as a problem."""
    cancel_reason: Mapped[str] = mapped_column(String(64), default="NoInventory")
    """For orders that were cancelled in Saleor without a reason."""
    refund_reason: Mapped[str] = mapped_column(String(64), default="GeneralAdjustment")


class SweepKind(StrEnum):
    """Which of Amazon's two time indexes a sweep reads."""

    UPDATES = "updates"
    """By last update: the everyday sweep."""
    RECONCILE = "reconcile"
    """By creation: finds what the list of updates missed."""


class Sweep(TenantOwned):
    """How far an account has been read. One row for each kind; its lease keeps sweeps single."""

    __tablename__ = "sweeps"
    __table_args__ = (UniqueConstraint("account_id", "kind"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    watermark: Mapped[datetime | None]
    """Everything up to here has been read and stored."""
    window: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The query of the window being read, to be repeated with each page."""
    next_token: Mapped[str | None] = mapped_column(Text)
    token_at: Mapped[datetime | None]
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(Text)
    failure_said: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    failures: Mapped[int] = mapped_column(default=0)

    @validates("failure")
    def _keep(self, name: str, text: str | None) -> str | None:
        return keep_if_any(self, name, text)
