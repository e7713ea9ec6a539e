"""What every operation of the Selling Partner API has in common: token, quota, faults, headers."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from flask import Response, request

from saleor_amazon_app.sandbox.amazon.errors import SpApiError, invalid, throttled
from saleor_amazon_app.sandbox.amazon.faults import Aim, FaultKind
from saleor_amazon_app.sandbox.amazon.lwa import check_scope, seller_of
from saleor_amazon_app.sandbox.amazon.mishaps import befall, hang_up, refuse, strike
from saleor_amazon_app.sandbox.amazon.state import Seller, State

_TELLS_LIMIT: Final = (
    *(HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT),
    *(HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND),
)
"""SP-API page "Usage Plans and Rate Limits": with 20x, 400 and 404; never with 401, 403 or 429."""


APPLICATION: Final = Seller("", "", ())
"""Stands for the app itself, where an operation concerns no seller."""


@dataclass(frozen=True)
class Call:
    """A call by a seller whose token and quota are in order."""

    state: State
    seller: Seller
    operation: str
    args: dict[str, list[str]] = field(default_factory=dict)
    """The query; every value split at commas, as array parameters are sent."""

    @property
    def aim(self) -> Aim:
        return _aim(self.operation, self.seller.seller_id, self.args)


Handler = Callable[[Call], dict[str, Any] | None]
"""Returns the answer's body; None for one without."""


def answer(
    state: State,
    operation: str,
    handler: Handler,
    status: int = HTTPStatus.OK,
    *,
    scope: str | None = None,
) -> Response:
    """Answer the current request with what the handler returns, or with what goes wrong.

    With a ``scope`` the operation concerns no seller, and wants a token of that scope.
    """
    args = _arguments()
    try:
        with state.lock:
            seller = _caller(state, scope)
            call = Call(state, seller, operation, args)
            if not state.limits.take(seller.seller_id, operation):
                raise throttled()
        if mishap := befall(state, call.aim):
            return mishap
        body = _handled(call, handler)
        if strike(state, FaultKind.LOST_ANSWER, call.aim):
            return hang_up(state, call.aim, "lost_answer")
        return _respond(state, operation, status, body, call.aim)
    except SpApiError as error:
        return _respond(state, operation, error.status, error.body)


def _caller(state: State, scope: str | None) -> Seller:
    token = request.headers.get("x-amz-access-token")
    if scope is None:
        return seller_of(state, token)
    check_scope(state, token, scope)
    return APPLICATION


def json_body() -> dict[str, Any]:
    """Return the request's JSON object.

    Raises:
        SpApiError: There is none.
    """
    told = request.get_json(force=True, silent=True)
    if not isinstance(told, dict):
        raise invalid("The body must be a JSON object.")
    return told


def _handled(call: Call, handler: Handler) -> dict[str, Any] | None:
    with call.state.lock:
        refuse(call.state, call.aim)
        return handler(call)


def _respond(
    state: State, operation: str, status: int, body: dict[str, Any] | None, aim: Aim | None = None
) -> Response:
    state.count(operation, str(int(status)))
    text = "" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    if aim and strike(state, FaultKind.BROKEN_JSON, aim):
        text = text[: len(text) // 2]
    response = Response(text, int(status), mimetype="application/json")
    response.headers["x-amzn-RequestId"] = secrets.token_hex(16)
    rate = state.limits.real_rate(operation)
    if status in _TELLS_LIMIT and rate is not None:
        response.headers["x-amzn-RateLimit-Limit"] = f"{rate:.6g}"
    return response


def _arguments() -> dict[str, list[str]]:
    """Return the query's parameters; an empty one counts as left out."""
    split = {
        name: [part for value in values for part in value.split(",") if part]
        for name, values in request.args.lists()
    }
    return {name: values for name, values in split.items() if values}


def _aim(operation: str, seller_id: str, args: dict[str, list[str]]) -> Aim:
    data_sets = tuple(args.get("includedData", ()))
    return Aim(operation, seller_id, data_sets, tuple(args.get("marketplaceIds", ())))
