"""Notices by e-mail to the merchant's staff: what is new enough to mail, when, and to whom never.

A matter is something that is so now: an order waits, an authorisation is lost. It keeps its key as
long as it lasts. Each recipient is told of each matter once; one that is over and comes again is
new again.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from saleor_amazon_app.mirror.drafting import PLACEHOLDER_EMAIL_DOMAIN
from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.mirror.sentences import Sentence, say


class Cause(StrEnum):
    """What staff can be told of. The values are stored: never rename one."""

    AUTHORISATION = "authorisation"
    """Amazon's authorisation of an account is lost, or ends soon."""
    PROBLEMS = "problems"
    """An order waits for a person."""
    ANSWERS = "answers"
    """Amazon rejected something that was sent, or nobody knows what became of it."""
    SHIPMENTS = "shipments"
    """A shipment is late, or due today."""
    STANDSTILL = "standstill"
    """Orders or notifications are not read."""


class Pace(StrEnum):
    """How often somebody is written to. The values are stored: never rename one."""

    AT_ONCE = "at_once"
    """As soon as something is new, and not more than once an hour."""
    DAILY = "daily"
    """Once a day at a certain hour, if something is new."""


BETWEEN: Final = timedelta(hours=1)
"""The least time between two mails to one recipient."""
_ANSWERS: Final = frozenset(
    {ProblemKind.REJECTED, ProblemKind.NEEDS_ATTENTION, ProblemKind.FEED_HANGS}
)


@dataclass(frozen=True)
class Matter:
    """Something that is so now.

    Of an order it has Amazon's number, and ``about`` says what is the matter with it: a kind of
    problem, or ``late`` or ``due_today``. Anything else is ``said``. Neither is personal.
    """

    key: str
    cause: Cause
    order: str = ""
    about: str = ""
    said: Sentence | None = None


def cause_of(kind: str) -> Cause:
    """Return which cause the problems of a kind belong to."""
    return Cause.ANSWERS if kind in _ANSWERS else Cause.PROBLEMS


# --- what is new --------------------------------------------------------------------------------


def news(matters: Sequence[Matter], told: Collection[str]) -> list[Matter]:
    """Return the matters that somebody has not been told of."""
    known = frozenset(told)
    return [matter for matter in matters if matter.key not in known]


def still_told(matters: Sequence[Matter], told: Collection[str]) -> list[str]:
    """Return which of the keys that were told still stand; what is over may come again as new."""
    lasting = {matter.key for matter in matters}
    return sorted(lasting.intersection(told))


# --- when a mail may go -------------------------------------------------------------------------


@dataclass(frozen=True)
class Timetable:
    """How often, and for a daily mail at which hour of whose day."""

    pace: Pace
    hour: int
    zone: tzinfo


def may_look(
    timetable: Timetable, sent_at: datetime | None, looked_at: datetime | None, now: datetime
) -> bool:
    """Tell whether it is time to see if there is something new for a recipient.

    Args:
        timetable: How often.
        sent_at: When the last mail went out.
        looked_at: Until when a daily mail, or its having nothing to tell, is dealt with.
        now: The moment.
    """
    if sent_at is not None and now - sent_at < BETWEEN:
        return False
    if timetable.pace is Pace.AT_ONCE:
        return True
    return looked_at is None or looked_at < _latest_hour(timetable, now)


def _latest_hour(timetable: Timetable, now: datetime) -> datetime:
    """Return when the clock of a zone last showed the hour; a day that skips it has it later."""
    here = now.astimezone(timetable.zone)
    at = datetime.combine(here.date(), time(timetable.hour), timetable.zone)
    if at > here:
        yesterday = here.date() - timedelta(days=1)
        at = datetime.combine(yesterday, time(timetable.hour), timetable.zone)
    return at


def next_attempt(failures: int, now: datetime) -> datetime:
    """Return when to try again after so many failures in a row: in 5 minutes, at last in an hour.

    The doubling of the wait ends at an hour.
    """
    doubled: int = 2 ** min(failures - 1, 4)
    return now + min(timedelta(minutes=5) * doubled, BETWEEN)


# --- to whom ------------------------------------------------------------------------------------

_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*"
)
"""What browsers take for an address (HTML standard, "valid e-mail address"), with a dot in it."""
_RELAY: Final = re.compile(r"(?:.+\.)?marketplace\.amazon(?:\.[a-z]{2,}){1,2}")
_LONGEST: Final = 254


def why_not_written_to(address: str) -> Sentence | None:
    """Say why no notice may go to an address; None if it may.

    Buyers are behind Amazon's relay addresses, and nobody behind the app's placeholders.
    """
    if len(address) > _LONGEST or not _ADDRESS.fullmatch(address):
        return say("notices.no_address", address=address[:_LONGEST])
    domain = address.rpartition("@")[2].lower()
    if _RELAY.fullmatch(domain):
        return say("notices.relay", address=address)
    if f".{domain}".endswith(f".{PLACEHOLDER_EMAIL_DOMAIN}"):
        return say("notices.placeholder", address=address)
    return None
