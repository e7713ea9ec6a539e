"""The simulator's memory on disk, so that a demo goes on where it was stopped."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from saleor_amazon_app.sandbox.amazon.clock import Clock, parse_iso
from saleor_amazon_app.sandbox.amazon.state import Seller, State, StoredOrder
from saleor_amazon_app.sandbox.saving import Saver, write_whole

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
    write_whole(path, json.dumps(as_json(state), ensure_ascii=False).encode())


def saver(state: State, path: Path, delay: float = 0.5) -> Saver:
    def watch(changed: Callable[[], None]) -> None:
        state.on_change = changed

    return Saver(watch, lambda: save(state, path), delay)
