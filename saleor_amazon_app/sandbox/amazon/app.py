"""The simulated Amazon as a server: Amazon's hosts, the control API and a page at one port."""

import atexit
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import NoReturn

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from saleor_amazon_app.sandbox.amazon import (
    confirming,
    consenting,
    control,
    control_writes,
    feed_documents,
    feeds,
    finances,
    lwa,
    messaging,
    notifications,
    notifying,
    orders,
    pages,
    sellers,
)
from saleor_amazon_app.sandbox.amazon.feed_processing import settle
from saleor_amazon_app.sandbox.amazon.state import State
from saleor_amazon_app.sandbox.amazon.storage import load, saver

_POLL = 0.02
"""Seconds between two looks whether to stop."""
_PARTS = (
    *(lwa, orders, sellers, confirming, feed_documents, feeds, finances, notifications, messaging),
    *(consenting, control, control_writes, pages),
)


def create_app(state: State) -> Flask:
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.before_request(lambda: settle(state))
    for part in _PARTS:
        app.register_blueprint(part.blueprint(state))
    return app


def serve(
    port: int,
    *,
    host: str = "127.0.0.1",
    state_file: Path | None = None,
    speed: float = 1.0,
    pace: float = 1.0,
    behind: timedelta = timedelta(0),
) -> None:
    """Serve until SIGTERM or Ctrl-C.

    Args:
        port: Where to listen.
        host: The address to listen on.
        state_file: Where the state is kept between runs; None forgets it.
        speed: How fast Amazon's clock runs.
        pace: How many times more calls are allowed than documented.
        behind: How far behind ours Amazon's clock starts, where there is no state yet.
    """
    state = load(state_file, speed, behind)
    state.limits.pace = pace
    server = _server(state, host, port)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _leave)
    if state_file is not None:
        kept = saver(state, state_file)
        kept.start()
        atexit.register(kept.close)
    threading.Thread(target=notifying.run, args=(state,), name="notifying", daemon=True).start()
    try:
        server.serve_forever()
    finally:
        state.closing.set()
        server.server_close()


@contextmanager
def running(state: State) -> Iterator[str]:
    """Serve a state in this process and yield the address to call."""
    state.closing.clear()
    server = _server(state, "127.0.0.1", 0)
    thread = threading.Thread(
        target=server.serve_forever, args=(_POLL,), name="amazon", daemon=True
    )
    thread.start()
    sender = threading.Thread(target=notifying.run, args=(state,), name="notifying", daemon=True)
    sender.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        state.closing.set()
        server.shutdown()
        thread.join()
        sender.join()
        server.server_close()


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: the control API counts the calls."""


def _server(state: State, host: str, port: int) -> BaseWSGIServer:
    return make_server(host, port, create_app(state), threaded=True, request_handler=_Quiet)


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)
