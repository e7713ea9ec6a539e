"""A person's days as moments: where today begins, and which orders are late or due in it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from saleor_amazon_app.mirror.failures import NotKnown
from saleor_amazon_app.mirror.sentences import say


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its name, e.g. ``Europe/Berlin``.

    Raises:
        NotKnown: There is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise NotKnown(say("refused.no_time_zone", name=name[:64]), code="timezone") from None


def today(now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date()


def begin_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of a day."""
    return datetime.combine(day, time(), tzinfo=zone)


def end_of_today(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment of tomorrow."""
    return begin_of(today(now, zone) + timedelta(days=1), zone)
