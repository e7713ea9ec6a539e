"""Keeps a simulator's memory on disk, so that a demo goes on where it was stopped."""

import os
import threading
from collections.abc import Callable
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a crash leaves the old one or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)


class Saver:
    """Saves a state soon after it changes, many changes at once.

    Args:
        watch: Takes what is to be called after each change.
        save: Writes the state.
        delay: Seconds to wait for more changes.
    """

    def __init__(
        self, watch: Callable[[Callable[[], None]], None], save: Callable[[], None], delay: float
    ) -> None:
        self._watch, self._save, self._delay = watch, save, delay
        self._changed, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="saver", daemon=True)

    def start(self) -> None:
        self._watch(self._changed.set)
        self._thread.start()

    def close(self) -> None:
        """Save what is left and end."""
        self._ended.set()
        self._changed.set()
        self._thread.join()
        self._save()

    def _run(self) -> None:
        while self._changed.wait() and not self._ended.wait(self._delay):
            self._changed.clear()
            self._save()
