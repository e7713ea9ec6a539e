"""Waits for what the shop does in the background."""

import time
from collections.abc import Callable


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert happened()
