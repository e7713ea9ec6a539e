"""Amazon's time, which may run faster than ours.

Rate limits of one call in three minutes, tokens of an hour and windows of a day can only be tested
and shown on a clock that can be sped up, stopped and moved.
"""

import threading
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache


class Clock:
    """A clock with a speed.

    Args:
        speed: Simulated seconds for each real second; 0 stops the clock.
        start: The simulated time at the beginning, or None for the real one.
    """

    def __init__(self, speed: float = 1.0, start: datetime | None = None) -> None:
        self._lock = threading.Lock()
        self._speed = speed
        self._base = (start or datetime.now(UTC)).astimezone(UTC)
        self._passed = 0.0
        self._real = time.monotonic()

    @property
    def speed(self) -> float:
        return self._speed

    def now(self) -> datetime:
        with self._lock:
            return self._base + timedelta(seconds=self._elapsed())

    def monotonic(self) -> float:
        """Return the simulated seconds since the clock was made."""
        with self._lock:
            return self._elapsed()

    def set_speed(self, speed: float) -> None:
        if speed < 0:
            raise ValueError("A clock cannot run backwards.")
        with self._lock:
            self._settle()
            self._speed = speed

    def freeze(self) -> None:
        self.set_speed(0)

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("A clock cannot run backwards.")
        with self._lock:
            self._settle()
            self._passed += seconds

    def _elapsed(self) -> float:
        return self._passed + (time.monotonic() - self._real) * self._speed

    def _settle(self) -> None:
        self._passed = self._elapsed()
        self._real = time.monotonic()


def iso(moment: datetime) -> str:
    """Write a time as Orders API 2026-01-01 does: UTC, with milliseconds."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


@lru_cache(maxsize=100_000)
def normal(text: str) -> str:
    """Write an ISO 8601 time as ``iso`` does, so that texts compare as times do."""
    return iso(parse_iso(text))


def parse_iso(text: str) -> datetime:
    """Read an ISO 8601 time; one without an offset is UTC.

    Raises:
        ValueError: The text is not ISO 8601.
    """
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
