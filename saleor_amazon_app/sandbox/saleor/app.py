"""The simulated Saleor as a Flask application, and ways to run it."""

import json
import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final

from flask import Flask, Response, current_app, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from saleor_amazon_app.sandbox.saleor import api, control, dashboard, pages
from saleor_amazon_app.sandbox.saleor.api import Answer
from saleor_amazon_app.sandbox.saleor.faults import Fault, FaultKind
from saleor_amazon_app.sandbox.saleor.ids import InvalidId, from_global
from saleor_amazon_app.sandbox.saleor.state import Principal, State
from saleor_amazon_app.sandbox.saleor.storage import load, saver
from saleor_amazon_app.sandbox.saleor.webhooks import Dispatcher

_PAGE: Final = (
    "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n"
    "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)
_TITLES: Final = {500: "500 Internal Server Error", 502: "502 Bad Gateway"}


def create_app(state: State) -> Flask:
    """Build the application around a shop. It delivers webhooks until the process ends."""
    app = Flask(__name__)
    app.extensions["state"] = state
    dispatcher = Dispatcher(state)
    dispatcher.start()
    app.extensions["dispatcher"] = dispatcher
    app.add_url_rule("/graphql/", view_func=graphql, methods=["POST"])
    app.add_url_rule("/.well-known/jwks.json", view_func=jwks)
    app.register_blueprint(control.blueprint)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(dashboard.blueprint)
    return app


def _state() -> State:
    state: State = current_app.extensions["state"]
    return state


def jwks() -> Response:
    return _json(_state().keys.jwks())


def graphql() -> Response:
    """Answer a request to the API, unless a fault strikes."""
    state, told = _state(), api.read(request.get_data())
    if isinstance(told, Answer):
        return _json(told.body, told.status)
    name = api.operation_name(told)
    state.calls[name] += 1
    fault = state.faults.strike(name)
    if fault and (failed := _before(fault)):
        return failed
    found = api.answer(state, principal_of(state, request.headers.get("Authorization", "")), told)
    if fault and fault.kind is FaultKind.TIMEOUT_AFTER:
        return _hang_up(fault)
    return _json(found.body, found.status)


def principal_of(state: State, header: str) -> Principal:
    """Tell who calls. A token nobody knows makes the caller nobody, not unauthorised."""
    kind, _, token = header.partition(" ")
    if kind.lower() not in ("bearer", "jwt") or not token:
        return Principal()
    if token.count(".") == 2:  # noqa: PLR2004 - a JWT's dots
        return _user_of(state, token)
    app = state.app_by_token(token)
    return Principal(app=app, permissions=frozenset(app.permissions)) if app else Principal()


def _user_of(state: State, token: str) -> Principal:
    claims = state.keys.claims_of(token)
    if claims is None:
        return Principal()
    try:
        user = state.shop.users.get(int(from_global(claims["user_id"], "User")[1]))
    except (InvalidId, ValueError):
        return Principal()
    return (
        Principal(user=user, permissions=frozenset(claims["permissions"])) if user else Principal()
    )


def _json(body: object, status: int = 200) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, mimetype="application/json")


# --- faults -------------------------------------------------------------------------------------


def _before(fault: Fault) -> Response | None:
    if fault.kind is FaultKind.SLOW:
        time.sleep(fault.seconds)
        return None
    if fault.kind is FaultKind.SERVER_ERROR:
        title = _TITLES.get(fault.status, str(fault.status))
        return Response(_PAGE.format(title), fault.status, mimetype="text/html")
    if fault.kind is FaultKind.TOO_MANY_REQUESTS:
        return Response("Too Many Requests", 429, mimetype="text/plain")
    return _hang_up(fault) if fault.kind is FaultKind.TIMEOUT_BEFORE else None


def _hang_up(fault: Fault) -> Response:
    """End the connection without an answer, after the fault's seconds."""
    time.sleep(fault.seconds)
    with suppress(OSError):
        request.environ["werkzeug.socket"].shutdown(2)
    return Response(status=204)


# --- running ------------------------------------------------------------------------------------


class _Quiet(WSGIRequestHandler):
    """Keeps quiet, and keeps connections open as a real server does."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        """Log nothing."""

    def run_wsgi(self) -> None:
        with suppress(OSError):
            super().run_wsgi()


def _server(state: State, host: str, port: int) -> tuple[BaseWSGIServer, Dispatcher]:
    app = create_app(state)
    server = make_server(host, port, app, threaded=True, request_handler=_Quiet)
    dispatcher: Dispatcher = app.extensions["dispatcher"]
    return server, dispatcher


@contextmanager
def running(state: State) -> Iterator[str]:
    """Run a shop on a free port of this machine; yields its address without a slash at the end."""
    server, dispatcher = _server(state, "127.0.0.1", 0)
    base = f"http://127.0.0.1:{server.server_port}"
    state.api_url = f"{base}/graphql/"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield base
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        dispatcher.close()


def serve(
    port: int,
    *,
    host: str = "127.0.0.1",
    state_file: Path | None = None,
    public_url: str | None = None,
) -> None:
    """Run a shop until the process is asked to end.

    Args:
        port: The port.
        host: The address to listen on.
        state_file: Where the shop is kept; None to forget it.
        public_url: The address apps know it by; None for the one it listens on.
    """
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    base = (public_url or f"http://{host}:{port}").rstrip("/")
    state = State(load(state_file), f"{base}/graphql/")
    server, dispatcher = _server(state, host, port)
    with ExitStack() as stack:
        stack.callback(dispatcher.close)
        stack.callback(server.server_close)
        if state_file:
            kept = saver(state, state_file)
            kept.start()
            stack.callback(kept.close)
        signal.signal(signal.SIGTERM, _interrupt)
        with suppress(KeyboardInterrupt):
            server.serve_forever()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
