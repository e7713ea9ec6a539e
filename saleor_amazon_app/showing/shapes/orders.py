"""Orders in lists: the rows, how they are filtered and sorted, the views that people keep."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.showing.shapes.common import Amount, MarketplaceRef, Sentence, Shape
from saleor_amazon_app.store.models import OrderState


class Due(StrEnum):
    """How pressing the shipment of an order is that the merchant has to ship."""

    LATE = "late"
    TODAY = "today"


class Mark(StrEnum):
    PRIME = "prime"
    BUSINESS = "business"
    REPLACEMENT = "replacement"


class FulfilledBy(StrEnum):
    MERCHANT = "MERCHANT"
    """FBM: the merchant ships."""
    AMAZON = "AMAZON"
    """FBA: Amazon ships from its own warehouse."""


class Sort(StrEnum):
    PURCHASED = "purchased"
    SHIP_BY = "ship_by"
    TOTAL = "total"
    """Within each currency; amounts of different currencies are not compared."""
    UPDATED = "updated"


class Direction(StrEnum):
    ASCENDING = "ascending"
    DESCENDING = "descending"


class OrderFilter(BaseModel):
    """Which orders are meant; what is not given does not restrict."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    search: str | None = Field(default=None, min_length=1, max_length=128)
    """An Amazon number or the beginning of one, a Saleor number, an SKU, a tracking number, or
    whole words of the buyer's or the recipient's name."""
    purchased_from: AwareDatetime | None = None
    purchased_to: AwareDatetime | None = None
    """Exclusive."""
    number: str | None = Field(default=None, max_length=64)
    """The Amazon number or the beginning of it."""
    buyer: str | None = Field(default=None, max_length=128)
    """Whole words of the buyer's name; accents and case do not matter."""
    currency: str | None = Field(default=None, min_length=3, max_length=3)
    total_min: Decimal | None = Field(default=None, ge=0)
    """Major units; wants ``currency``."""
    total_max: Decimal | None = Field(default=None, ge=0)
    status: list[str] = Field(default_factory=list, max_length=20)
    """Amazon's statuses."""
    state: list[OrderState] = Field(default_factory=list)
    """How far the order has come in this app."""
    account: list[str] = Field(default_factory=list, max_length=50)
    marketplace: list[str] = Field(default_factory=list, max_length=50)
    fulfilled_by: FulfilledBy | None = None
    ship_by_from: AwareDatetime | None = None
    ship_by_to: AwareDatetime | None = None
    """Exclusive."""
    due: Due | None = None
    timezone: str = Field(default="UTC", max_length=64)
    """Whose day "today" is, e.g. ``Europe/Berlin``."""
    has_problem: bool | None = None
    problem: list[ProblemKind] = Field(default_factory=list)
    mark: list[Mark] = Field(default_factory=list)
    """All of them."""


class OrderQuery(OrderFilter):
    """A page of a sorted list."""

    sort: Sort = Sort.PURCHASED
    direction: Direction = Direction.DESCENDING
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=512)
    """``next_cursor`` of the page before; stands for a place in this sort order."""


class SaleorRef(Shape):
    id: str
    """Saleor's global id; the Dashboard's path is ``/orders/`` and this id, encoded."""
    number: str


class OrderRow(Shape):
    """An order in a list."""

    amazon_order_id: str
    account_id: str
    marketplace: MarketplaceRef | None
    purchased_at: datetime | None
    ship_by: datetime | None
    due: Due | None
    status: str
    """Amazon's, as told: an open set of words."""
    state: OrderState
    buyer_name: str | None
    total: Amount | None
    note: Sentence | None
    """The latest thing that happened to it."""
    fulfilled_by: str
    units: int
    units_open: int
    """Neither shipped nor cancelled."""
    is_prime: bool
    is_business: bool
    replaces: str | None
    """The Amazon order that this one makes good."""
    saleor: SaleorRef | None
    problems: list[str]
    """The kinds of its open problems."""
    seller_central_url: str | None


class OrderPage(Shape):
    items: list[OrderRow]
    next_cursor: str | None
    """None on the last page."""


class ViewBody(BaseModel):
    """A list that somebody wants to come back to."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    name: str = Field(min_length=1, max_length=80)
    query: str = Field(max_length=2000)
    """The query of the list's address, as the page has it."""


class SavedView(Shape):
    id: str
    name: str
    query: str


class SavedViews(Shape):
    items: list[SavedView]
