"""Faults that strike a call before it is answered, whatever it asks for."""

import contextlib
import secrets
import socket
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from flask import Response, request

from saleor_amazon_app.sandbox.amazon.errors import SpApiError, denied, internal, invalid, throttled
from saleor_amazon_app.sandbox.amazon.faults import Aim, Fault, FaultKind
from saleor_amazon_app.sandbox.amazon.state import State

_HTML: Final = """<html><head><title>503 Service Temporarily Unavailable</title></head>
<body><center><h1>503 Service Temporarily Unavailable</h1></center></body></html>
"""
_REFUSALS: Final[dict[FaultKind, Callable[[], SpApiError]]] = {
    FaultKind.THROTTLE: throttled,
    FaultKind.SERVER_ERROR: internal,
    FaultKind.TRANSIENT_400: invalid,
    FaultKind.FORBIDDEN_DATA_SET: denied,
    FaultKind.FORBIDDEN_MARKETPLACE: denied,
}


def strike(state: State, kind: FaultKind, aim: Aim) -> Fault | None:
    with state.lock:
        return state.faults.strike(kind, aim, state.now_text())


def befall(state: State, aim: Aim) -> Response | None:
    """Let a call be slow, hang, drop or meet a gateway's page; None if it goes on as usual."""
    if slow := strike(state, FaultKind.SLOW, aim):
        state.closing.wait(slow.seconds)
    if hang := strike(state, FaultKind.TIMEOUT, aim):
        state.closing.wait(hang.seconds)
        return hang_up(state, aim, "timeout")
    if strike(state, FaultKind.DROP, aim):
        return hang_up(state, aim, "drop")
    if strike(state, FaultKind.HTML_503, aim):
        return _bare(state, aim, HTTPStatus.SERVICE_UNAVAILABLE, _HTML)
    if strike(state, FaultKind.EMPTY_500, aim):
        return _bare(state, aim, HTTPStatus.INTERNAL_SERVER_ERROR, "")
    return None


def refuse(state: State, aim: Aim) -> None:
    """Raise the refusal that a fault has in store for the call, if any."""
    for kind, refusal in _REFUSALS.items():
        if strike(state, kind, aim):
            raise refusal()


def _bare(state: State, aim: Aim, status: int, body: str) -> Response:
    state.count(aim.operation, str(int(status)))
    answer = Response(body, status, mimetype="text/html")
    answer.headers["x-amzn-RequestId"] = secrets.token_hex(16)
    return answer


def hang_up(state: State, aim: Aim, outcome: str) -> Response:
    """Close the connection without an answer."""
    state.count(aim.operation, outcome)
    connection = request.environ.get("werkzeug.socket")
    if connection is None:
        raise ConnectionAbortedError("A test client has no connection to close.")
    _close(connection)
    return Response(status=HTTPStatus.NO_CONTENT)


def _close(connection: object) -> None:
    if isinstance(connection, socket.socket):
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
