"""How long the app keeps asking for what Amazon has not told, and when a person has to know."""

from datetime import timedelta
from typing import Final

_LOOKS: Final = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 30, 60))
LATER: Final = timedelta(hours=6)


def next_look(attempts: int) -> timedelta:
    """Return the time until Amazon is asked again, after so many attempts."""
    return _LOOKS[attempts] if attempts < len(_LOOKS) else LATER


def is_overdue(attempts: int) -> bool:
    """Tell whether it is time to tell a person: after about an hour and three quarters."""
    return attempts >= len(_LOOKS)


def retry_delay(attempts: int) -> timedelta:
    """Return the wait after a failed attempt to create an order: 30 s, doubling, at most 1 h."""
    return min(timedelta(seconds=30 * 2 ** min(attempts, 10)), timedelta(hours=1))
