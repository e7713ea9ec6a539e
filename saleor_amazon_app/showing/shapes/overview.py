"""The overview: accounts, figures, what waits, the way to the first order."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from saleor_amazon_app.showing.shapes.common import MarketplaceRef, Sentence, Shape
from saleor_amazon_app.showing.shapes.orders import OrderRow


class Me(Shape):
    """Who is asking, and what they may do."""

    user_id: str
    name: str
    may_see: bool
    may_refund: bool
    """Saleor's HANDLE_PAYMENTS."""
    may_change_settings: bool
    """Saleor's MANAGE_APPS."""
    saleor_api_url: str
    app_id: str
    app_version: str
    dashboard_url: str | None
    """The Dashboard's address, once it is known."""


class DashboardBody(BaseModel):
    """Where the Dashboard is that frames this page: the origin of its handshake message."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    origin: str = Field(max_length=255, pattern=r"^https?://[^/\s;,'\"]+$")


class DashboardKnown(Shape):
    origin: str
    """The one that is remembered, which may be another than the one told."""


class MarketplaceState(Shape):
    marketplace: MarketplaceRef
    is_mapped: bool
    channel: str | None
    import_orders: bool
    is_denied: bool
    """Amazon denies this marketplace to the app."""


class Connection(StrEnum):
    """An account's state as people name it."""

    CONNECTED = "connected"
    PAUSED = "paused"
    AUTHORISATION_LOST = "authorisation_lost"
    TO_BE_RENEWED = "to_be_renewed"
    """Amazon's authorisation ends within a month; renew it before."""
    REMOVING = "removing"
    """What is kept of it is being deleted; it leaves the list by itself."""


class AccountShown(Shape):
    id: str
    seller_id: str
    region: str
    state: Connection
    authorised_until: datetime
    """A year after it was given (Amazon: authorisations are renewed yearly)."""
    import_from: datetime
    connected_at: datetime
    last_sync_at: datetime | None
    next_sync_at: datetime | None
    """None while it is paused or its authorisation is lost."""
    is_syncing: bool
    failure: Sentence | None
    """Of the last sync; None if it went well."""
    withheld_data: list[str]
    """Data sets that Amazon denies this account."""
    marketplaces: list[MarketplaceState]


class Accounts(Shape):
    items: list[AccountShown]


class AccountRemoval(Shape):
    """What removing an account would delete, and what is in the way of it."""

    orders: int
    """All orders that are kept of it; they are deleted here."""
    in_saleor: int
    """Those of them that are in Saleor, where they stay."""
    under_way: int
    """Things told to Amazon, or to be told, whose answer is not there yet."""
    unknown: int
    """Things of which nobody knows what became of them at Amazon."""
    importing: int
    """Orders that are being created in Saleor at this moment."""
    allowed: bool
    """Nothing is in the way."""
    unsent: int
    """Of what is under way, what has not been sent to Amazon."""
    may_leave: int
    """How many messages without an answer may be left behind, because Amazon has ended the
    authorisation; 0: none may."""


class RemovalQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    leave_unanswered: int | None = Field(default=None, ge=1)
    """How many messages without Amazon's answer are knowingly left behind: what ``may_leave`` told.
    Amazon is asked once more whether the authorisation is gone; each message is recorded."""


class ProblemGroup(Shape):
    """All open problems of a kind."""

    kind: str
    title: str
    cure: Sentence
    may_dismiss: bool
    """They may be set aside together: their orders are in Saleor."""
    may_retry: bool
    """Their orders can be tried again together."""
    orders: int
    oldest_at: datetime
    subjects: int
    """How many different things (SKUs, fields, marketplaces) they are about."""


class Shipments(Shape):
    """Orders that the merchant has to ship."""

    open: int
    late: int
    due_today: int


class ReadOnlyState(Shape):
    on: bool
    reason: Sentence | None
    waiting: int
    """What would have gone to Amazon and waits."""


class Overview(Shape):
    accounts: list[AccountShown]
    problems: list[ProblemGroup]
    shipments: Shipments
    read_only: ReadOnlyState
    recent: list[OrderRow]
    """The ten latest purchases."""
    checklist_is_done: bool


class OverviewQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    timezone: str = Field(default="UTC", max_length=64)


class FiguresQuery(OverviewQuery):
    days: int = Field(default=30, ge=7, le=92)
    """How many days the series has, today the last."""


class Turnover(Shape):
    currency: str
    revenue: Decimal
    orders: int


class Period(Shape):
    """A stretch of days up to now, in the person's time zone."""

    days: int | None
    """None: since the connection."""
    turnover: list[Turnover]
    held: list[Turnover]
    """Orders that a problem keeps from Saleor; not part of ``turnover``."""


class Day(Shape):
    day: date
    turnover: list[Turnover]


class Figures(Shape):
    """Revenue and orders. Cancelled orders and those that failed are left out."""

    timezone: str
    periods: list[Period]
    """7 days, 30 days, all."""
    daily: list[Day]
    """Without gaps, the earliest first."""


class Step(Shape):
    key: str
    """``account``, ``mapping``, ``workers``, ``sync`` or ``order``."""
    done: bool
    detail: Sentence | None


class Checklist(Shape):
    """From the installation to the first imported order."""

    steps: list[Step]
    done: bool
