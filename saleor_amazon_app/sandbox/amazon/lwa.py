"""Login with Amazon: refresh tokens and codes exchanged for access tokens of an hour.

Source: SP-API page "Connect to the Selling Partner API" and Login with Amazon's token reference.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request

from saleor_amazon_app.sandbox.amazon.clock import iso
from saleor_amazon_app.sandbox.amazon.errors import denied
from saleor_amazon_app.sandbox.amazon.faults import TOKEN, Aim, FaultKind
from saleor_amazon_app.sandbox.amazon.mishaps import befall, strike
from saleor_amazon_app.sandbox.amazon.signing import seal, unseal
from saleor_amazon_app.sandbox.amazon.state import CLIENT_ID, CLIENT_SECRET, Seller, State

_LIFE: Final = 3600
_CODE_LIFE: Final = timedelta(minutes=5)
_PREFIX: Final = "Atza|"
_EXPIRED: Final = "The access token you provided has expired."
_REVOKED: Final = "The access token you provided is revoked, malformed or invalid."
_MISSING: Final = "Access token is missing in the request header."

Form = Mapping[str, str]


class LwaError(Exception):
    """An OAuth error (RFC 6749, section 5.2), as Login with Amazon writes it."""

    def __init__(self, error: str, description: str, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(description)
        self.status = status
        self.body = {"error": error, "error_description": description}


def blueprint(state: State) -> Blueprint:
    pages = Blueprint("lwa", __name__)

    @pages.post("/auth/o2/token")
    def token() -> Response:
        aim = Aim(TOKEN, _owner(state, request.form))
        if answer := befall(state, aim):
            return answer
        try:
            _fail_on_demand(state, aim)
            status, body = int(HTTPStatus.OK), _grant(state)
        except LwaError as error:
            status, body = error.status, error.body
        state.count(TOKEN, str(status))
        answer = jsonify(body)
        answer.status_code = status
        answer.headers["x-amzn-RequestId"] = secrets.token_hex(16)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return pages


def seller_of(state: State, access_token: str | None) -> Seller:
    """Return the seller for whom an access token was given.

    Raises:
        SpApiError: There is no token, or it is not valid (any more).
    """
    if not access_token:
        raise denied(_MISSING)
    told = unseal(access_token.removeprefix(_PREFIX))
    if not access_token.startswith(_PREFIX) or told is None:
        raise denied(_REVOKED)
    if told["until"] <= state.now_text():
        raise denied(_EXPIRED)
    seller = state.sellers.get(told.get("seller", ""))
    if seller is None or seller.revoked or seller.refresh_token != told.get("grant"):
        raise denied(_REVOKED)
    return seller


def check_scope(state: State, access_token: str | None, scope: str) -> None:
    """Check a token of the app's own, for an operation that concerns no seller.

    A seller's token is refused there, as a token without a seller is everywhere else (SP-API page
    "Grantless operations").

    Raises:
        SpApiError: There is no token, or it is not for this.
    """
    if not access_token:
        raise denied(_MISSING)
    told = unseal(access_token.removeprefix(_PREFIX))
    if told is None or told.get("scope") != scope:
        raise denied(_REVOKED)
    if told["until"] <= state.now_text():
        raise denied(_EXPIRED)


def issue_code(state: State, seller_id: str) -> str:
    """Give a code as the consent page does; it can be exchanged once within five minutes."""
    code = "AN" + secrets.token_hex(9)
    with state.lock:
        state.codes[code] = (seller_id, iso(state.clock.now() + _CODE_LIFE))
        state.on_change()
    return code


def _owner(state: State, form: Form) -> str | None:
    seller = state.seller_by_token(form.get("refresh_token", ""))
    return seller.seller_id if seller else None


def _fail_on_demand(state: State, aim: Aim) -> None:
    if strike(state, FaultKind.SERVER_ERROR, aim):
        raise LwaError("server_error", "Try again.", HTTPStatus.INTERNAL_SERVER_ERROR)


def _grant(state: State) -> dict[str, Any]:
    form = request.form
    _check_client(form)
    grants: dict[str, Callable[[State, Form], dict[str, Any]]] = {
        "refresh_token": _refresh,
        "authorization_code": _exchange,
        "client_credentials": _grantless,
    }
    if (name := form.get("grant_type", "")) not in grants:
        raise LwaError("unsupported_grant_type", "The grant_type is missing or not supported.")
    with state.lock:
        return grants[name](state, form)


def _check_client(form: Form) -> None:
    given = form.get("client_id"), form.get("client_secret")
    if given != (CLIENT_ID, CLIENT_SECRET):
        raise LwaError("invalid_client", "Client authentication failed", HTTPStatus.UNAUTHORIZED)


def _refresh(state: State, form: Form) -> dict[str, Any]:
    seller = state.seller_by_token(_needed(form, "refresh_token"))
    if seller is None:
        raise LwaError(
            "invalid_grant", "The request has an invalid grant parameter : refresh_token"
        )
    return _token(state, seller)


def _exchange(state: State, form: Form) -> dict[str, Any]:
    owner, end = state.codes.pop(_needed(form, "code"), ("", ""))
    seller = state.sellers.get(owner)
    if seller is None or end <= state.now_text():
        raise LwaError("invalid_grant", "The request has an invalid grant parameter : code")
    seller.revoked = False
    state.on_change()
    return _token(state, seller)


def _grantless(state: State, form: Form) -> dict[str, Any]:
    """Give a token for operations that need no seller; Orders and Sellers are not among them."""
    scope = _needed(form, "scope")
    answer = _answer(state, {"scope": scope})
    return {**answer, "scope": scope}


def _needed(form: Form, name: str) -> str:
    if not (value := form.get(name)):
        raise LwaError("invalid_request", f"The request is missing a required parameter : {name}")
    return value


def _token(state: State, seller: Seller) -> dict[str, Any]:
    content = {"seller": seller.seller_id, "grant": seller.refresh_token}
    return _answer(state, content) | {"refresh_token": seller.refresh_token}


def _answer(state: State, content: dict[str, str]) -> dict[str, Any]:
    until = iso(state.clock.now() + timedelta(seconds=_LIFE))
    token = _PREFIX + seal({**content, "until": until, "nonce": secrets.token_hex(4)})
    return {"access_token": token, "token_type": "bearer", "expires_in": _LIFE}
