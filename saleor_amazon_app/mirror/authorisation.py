"""How long a seller's authorisation lasts, and when it is time to renew it."""

from datetime import datetime, timedelta
from typing import Final

AUTHORISED_FOR: Final = timedelta(days=365)
"""Amazon: authorisations are renewed yearly."""
RENEWED_BEFORE: Final = timedelta(days=30)
_REMINDED: Final = (1, 7, RENEWED_BEFORE.days)


def ends_within(until: datetime, now: datetime) -> int | None:
    """Return within how many days (1, 7 or 30) an authorisation ends; None if there is time."""
    left = until - now
    return next((days for days in _REMINDED if left < timedelta(days=days)), None)
