"""The shop on disk, so that a demo goes on where it was stopped."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from saleor_amazon_app.sandbox.saleor.shop_model import Shop
from saleor_amazon_app.sandbox.saleor.state import State
from saleor_amazon_app.sandbox.saving import Saver, write_whole

_SHOP: Final = TypeAdapter(Shop)


def load(path: Path | None) -> Shop | None:
    """Return the shop kept in a file, or None."""
    if path is None or not path.exists():
        return None
    return _SHOP.validate_json(path.read_bytes())


def save(state: State, path: Path) -> None:
    with state.lock:
        text = _SHOP.dump_json(state.shop)
    write_whole(path, text)


def saver(state: State, path: Path, delay: float = 1.0) -> Saver:
    def watch(changed: Callable[[], None]) -> None:
        state.on_change = changed

    return Saver(watch, lambda: save(state, path), delay)
