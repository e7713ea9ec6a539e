"""The shop on disk, so that a demo goes on where it was stopped."""

import os
import threading
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from saleor_amazon_app.sandbox.saleor.model import Shop
from saleor_amazon_app.sandbox.saleor.state import State

_SHOP: Final = TypeAdapter(Shop)


def load(path: Path | None) -> Shop | None:
    """Return the shop kept in a file, or None."""
    if path is None or not path.exists():
        return None
    return _SHOP.validate_json(path.read_bytes())


def save(state: State, path: Path) -> None:
    """Write the shop so that a crash leaves the old file or the new one, never half of one."""
    with state.lock:
        text = _SHOP.dump_json(state.shop)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(text)
    draft.replace(path)


class Saver:
    """Saves a state soon after it changes, many changes at once.

    Args:
        state: What to save.
        path: Where.
        delay: Seconds to wait for more changes.
    """

    def __init__(self, state: State, path: Path, delay: float = 1.0) -> None:
        self._state, self._path, self._delay = state, path, delay
        self._changed, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="saleor-saver", daemon=True)

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
