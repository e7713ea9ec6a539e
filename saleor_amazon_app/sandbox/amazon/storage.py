"""The simulator's memory on disk, so that a demo goes on where it was stopped."""

import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from saleor_amazon_app.sandbox.amazon.clock import Clock, parse_iso
from saleor_amazon_app.sandbox.amazon.state import Seller, State, StoredOrder

_VERSION: Final = 1


def as_json(state: State) -> dict[str, Any]:
    with state.lock:
        return {
            "version": _VERSION,
            "now": state.clock.now().isoformat(),
            "speed": state.clock.speed,
            "sellers": [seller.as_json() for seller in state.sellers.values()],
            "orders": [dict(vars(stored)) for stored in state.orders.values()],
            "codes": state.codes,
        }


def from_json(told: dict[str, Any], speed: float = 1.0) -> State:
    """Rebuild a state. Its time never runs back: it starts at the later of then and now."""
    start = max(parse_iso(told["now"]), datetime.now(UTC))
    state = State(Clock(speed, start))
    state.sellers = {s["seller_id"]: Seller(**s) for s in told["sellers"]}
    stored = [StoredOrder(**o) for o in told["orders"]]
    state.orders = {o.order_id: o for o in stored}
    state.codes = {code: (owner, end) for code, (owner, end) in told["codes"].items()}
    return state


def load(path: Path | None, speed: float = 1.0) -> State:
    """Return the state kept in a file, or a new one."""
    if path is None or not path.exists():
        return State(Clock(speed))
    return from_json(json.loads(path.read_text(encoding="utf-8")), speed)


def save(state: State, path: Path) -> None:
    """Write the state so that a crash leaves the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(as_json(state), ensure_ascii=False), encoding="utf-8")
    draft.replace(path)


class Saver:
    """Saves a state soon after it changes, many changes at once.

    Args:
        state: What to save.
        path: Where.
        delay: Seconds to wait for more changes.
    """

    def __init__(self, state: State, path: Path, delay: float = 0.5) -> None:
        self._state, self._path, self._delay = state, path, delay
        self._changed, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="amazon-saver", daemon=True)

    def start(self) -> None:
        self._state.on_change = self._changed.set
        self._thread.start()

    def close(self) -> None:
        """Save what is left and end."""
        self._ended.set()
        self._changed.set()
        self._thread.join()
        save(self._state, self._path)

    def _run(self) -> None:
        while self._changed.wait() and not self._ended.wait(self._delay):
            self._changed.clear()
            save(self._state, self._path)
