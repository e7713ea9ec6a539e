"""Faults on demand: what goes wrong between an app and a Saleor, when a test or demo wants it."""

import threading
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Generic, TypeVar


class FaultKind(StrEnum):
    """What goes wrong."""

    TIMEOUT_AFTER = "timeout_after"
    """The request is carried out, but the connection ends without an answer."""
    TIMEOUT_BEFORE = "timeout_before"
    """Nothing is carried out, and the connection ends without an answer."""
    SERVER_ERROR = "server_error"
    """An HTML page of the proxy in front of Saleor; ``status`` 500 or 502."""
    TOO_MANY_REQUESTS = "too_many_requests"
    """429, as Saleor Cloud answers above 120 requests a minute in a sandbox."""
    SLOW = "slow"
    """Answered after ``seconds``."""


@dataclass
class Fault:
    """A fault, and when it strikes.

    Args:
        kind: What goes wrong.
        operation: Only operations of this name, e.g. ``ImportOrders``; None for all.
        count: How often it strikes; None for ever.
        status: The HTTP status of a server error.
        seconds: How long a slow answer takes, or a time-out hangs.
    """

    kind: FaultKind
    operation: str | None = None
    count: int | None = 1
    status: int = 502
    seconds: float = 0.0

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Fault":
        """Read a fault from the control API.

        Raises:
            ValueError: The kind or a field is not known.
        """
        if unknown := set(told) - {f.name for f in fields(cls)}:
            raise ValueError(f"A fault has no {', '.join(sorted(unknown))}.")
        return cls(**(told | {"kind": FaultKind(told.get("kind", ""))}))

    def strikes(self, operation: str) -> bool:
        return self.operation in (None, operation)


class DeliveryFaultKind(StrEnum):
    """What goes wrong with a webhook on its way."""

    LOSE = "lose"
    """It is never sent."""
    REPEAT = "repeat"
    """It is sent twice, with the same body and the same signature."""
    DELAY = "delay"
    """It is sent after ``seconds`` of the simulator's clock, so perhaps after later ones."""


@dataclass
class DeliveryFault:
    """A fault that strikes the next asynchronous webhooks.

    Args:
        kind: What goes wrong.
        event: Only webhooks of this event, in either case; None for all.
        count: How often it strikes; None for ever.
        seconds: How long a delay takes.
    """

    kind: DeliveryFaultKind
    event: str | None = None
    count: int | None = 1
    seconds: float = 0.0

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "DeliveryFault":
        """Read a fault from the control API.

        Raises:
            ValueError: The kind or a field is not known.
        """
        if unknown := set(told) - {f.name for f in fields(cls)}:
            raise ValueError(f"A fault has no {', '.join(sorted(unknown))}.")
        event = told.get("event")
        spelled = str(event).lower() if event else None
        return cls(**(told | {"kind": DeliveryFaultKind(told.get("kind", "")), "event": spelled}))

    def strikes(self, event: str) -> bool:
        return self.event in (None, event.lower())


_Some = TypeVar("_Some", Fault, DeliveryFault)


class _Book(Generic[_Some]):
    """The faults to come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[_Some] = []

    def add(self, fault: _Some) -> None:
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def as_json(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def strike(self, name: str) -> _Some | None:
        """Return the first fault that strikes this name, and count it down."""
        with self._lock:
            for fault in self._faults:
                if fault.strikes(name):
                    self._count_down(fault)
                    return fault
        return None

    def _count_down(self, fault: _Some) -> None:
        if fault.count is None:
            return
        fault.count -= 1
        if fault.count <= 0:
            self._faults.remove(fault)


class FaultBook(_Book[Fault]):
    """The faults of the API."""


class DeliveryFaultBook(_Book[DeliveryFault]):
    """The faults of webhooks."""
