"""What people ask for about orders, and how long work is told of."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from saleor_amazon_app.mirror.messages import AdjustmentReason, CancelReason
from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.showing.shapes.common import Amount, Sentence, Shape
from saleor_amazon_app.showing.shapes.orders import OrderFilter


class Ask(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class CancelAsk(Ask):
    """Cancel a whole order at Amazon, or the named units of it."""

    reason: CancelReason
    units: dict[str, int] = Field(default_factory=dict)
    """Units by order item id; empty: the whole order."""


class RefundAsk(Ask):
    """A refund: of units, of the shipping, of an amount, or of several of them.

    Without ``amount`` it is what the units and the shipping cost.
    """

    reason: AdjustmentReason = AdjustmentReason.GENERAL_ADJUSTMENT
    units: dict[str, int] = Field(default_factory=dict)
    """Units by order item id."""
    shipping: bool = False
    amount: Decimal | None = Field(default=None, gt=0)
    """In major units, with tax."""


class RefundConfirmed(RefundAsk):
    """A refund that was looked at in a preview: nothing else is sent."""

    request_id: str = Field(pattern=r"^[0-9a-f]{24}$")
    """Of the preview. The same one twice is one refund."""
    digest: str = Field(max_length=64)
    """Of the preview: the refund is refused if it would now be another."""


class RefundPart(Shape):
    type: str
    """Amazon's word: Principal, Shipping, Tax ..."""
    amount: Decimal
    is_promotion: bool
    """Taken back from a discount; such amounts are negative."""


class RefundItem(Shape):
    item_id: str
    title: str | None
    quantity: int | None
    reason: str
    parts: list[RefundPart]
    tax_by_amazon: Decimal
    """Tax that Amazon collected and gives back by itself."""
    amount: Decimal


class RefundPreview(Shape):
    """Exactly what would be sent to Amazon."""

    request_id: str
    digest: str
    amount: Amount
    items: list[RefundItem]
    left_after: Amount
    """What could still be refunded afterwards."""
    message: str
    """The XML message of the feed."""


class DismissAsk(Ask):
    kind: ProblemKind
    reason: str = Field(min_length=3, max_length=500)


class TaskKind(StrEnum):
    """What runs in the background. The values are stored: never rename one."""

    RETRY = "retry"
    FETCH = "fetch"
    CANCEL = "cancel"
    DISMISS = "dismiss"
    SYNC = "sync"


class TaskState(StrEnum):
    """How far a task has come. The values are stored: never rename one."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class BulkAsk(Ask):
    """The same thing for many orders: those named, or all that a filter finds."""

    kind: TaskKind
    amazon_order_ids: list[str] = Field(default_factory=list, max_length=1000)
    filter: OrderFilter | None = None
    cancel_reason: CancelReason | None = None
    """Wanted for ``cancel``."""
    problem: ProblemKind | None = None
    """Wanted for ``dismiss``."""
    reason: str = Field(default="", max_length=500)
    """Wanted for ``dismiss``."""
    expected: int | None = Field(default=None, ge=0)
    """How many orders the person was told it would be; refused if it is more by now."""


class SyncAsk(Ask):
    account_id: str | None = None
    """None: all accounts."""


class TaskFailure(Shape):
    amazon_order_id: str
    message: Sentence


class TaskReason(Shape):
    """Why orders of a task were left as they are, and how many."""

    orders: int
    message: Sentence


class AccountProgress(Shape):
    """How far *Sync now* has come with one account."""

    account_id: str
    phase: str
    """``waiting``, ``reading``, ``importing``, ``comparing``, ``done`` or ``failed``."""
    orders_read: int
    orders_changed: int
    imported: int
    held: int
    message: Sentence | None


class Task(Shape):
    """Work in the background; it goes on whether anybody looks or not."""

    id: str
    kind: TaskKind
    state: TaskState
    total: int
    done: int
    failed: int
    failures: list[TaskFailure]
    """The first hundred."""
    reasons: list[TaskReason]
    """All failures by what they have in common, the most frequent first; ten at most."""
    accounts: list[AccountProgress]
    """Of a sync."""
    asked_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class Tasks(Shape):
    items: list[Task]
