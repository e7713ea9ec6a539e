r"""The life of an intent: one thing to tell Amazon, from the wish to Amazon's answer.

    queued -> sending -> submitted -> accepted | rejected | needs attention
       |         \-> queued again, if Amazon certainly did not get it
       \-> withdrawn

Nothing counts as done before it is accepted. What has an unknown outcome is looked for at Amazon;
if that settles nothing a person is asked. A refund is never sent again by itself, and a message to
a buyer, which cannot be looked for, is a person's to settle at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from saleor_amazon_app.mirror.messages import Message


class IntentState(StrEnum):
    """How far an intent has come. The values are stored: never rename one."""

    QUEUED = "queued"
    SENDING = "sending"
    """Claimed by a worker; after a crash its outcome is unknown."""
    SUBMITTED = "submitted"
    """Amazon has it and has not said what became of it."""
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NEEDS_ATTENTION = "needs_attention"
    """Its outcome is unknown after looking; a person decides."""
    WITHDRAWN = "withdrawn"
    """Never sent; ``answer`` says why."""


class IntentKind(StrEnum):
    """What an intent asks for: the ``kind`` of its message."""

    SHIPMENT = "shipment"
    CANCEL_ORDER = "cancel_order"
    CANCEL_UNITS = "cancel_units"
    REFUND = "refund"
    BUYER_MESSAGE = "buyer_message"
    INVOICE = "invoice"


IN_SALEOR: Final = "saleor"
"""Who asked, of what comes from the Saleor order itself. Stored."""
UNDER_WAY: Final = frozenset({IntentState.QUEUED, IntentState.SENDING, IntentState.SUBMITTED})
MAY_COUNT: Final = UNDER_WAY | {IntentState.ACCEPTED, IntentState.NEEDS_ATTENTION}
"""Amazon has acted on it, or may yet."""


@dataclass(frozen=True)
class Known:
    """An intent of the ledger, as the rules see it. ``amount`` is in major units."""

    id: int
    key: str
    kind: str
    subject: str
    state: str
    summary: str
    message: Message | None = None
    amount: Decimal = Decimal(0)
    answer: str = ""
    saleor_told: bool = False
    hangs: str = ""
    """Of its feed: since when Amazon has been at it, once that is too long."""
    asked_at: datetime | None = None


@dataclass(frozen=True)
class Wish:
    """A new intent. With ``why`` it is not to be sent: it is written down as already settled."""

    kind: IntentKind
    key: str
    subject: str
    summary: str
    message: Message | None = None
    not_before: datetime | None = None
    why: str = ""
    state: IntentState = IntentState.QUEUED
    amount: Decimal = Decimal(0)
    asked_by: str = IN_SALEOR
    asked_name: str = ""
    """Of what was asked in Saleor: the member of staff or app, where Saleor tells."""


@dataclass(frozen=True)
class Revision:
    """A queued intent that is to say something else, since it has not been sent."""

    intent_id: int
    message: Message
    summary: str
    not_before: datetime | None


@dataclass(frozen=True)
class Withdrawal:
    """A queued intent that is not to be sent any more."""

    intent_id: int
    why: str


Step = Wish | Revision | Withdrawal


def next_key(base: str, known: Sequence[Known]) -> str:
    """Return a key for another attempt at the same thing: ``base``, ``base:2``, ``base:3``..."""
    count = sum(intent.key == base or intent.key.startswith(f"{base}:") for intent in known)
    return f"{base}:{count + 1}" if count else base
