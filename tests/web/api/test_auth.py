"""Who is let in: a token of the shop's own key, for this app, alive, of a member of staff."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from saleor_amazon_app.store.models import Tenant
from saleor_amazon_app.web import keys as key_store
from tests.web.api.conftest import Desk, Key, make_key

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def status(desk: Desk, token: str) -> tuple[int, str]:
    answer = desk.call("GET", "/me", token=token)
    assert answer.json is not None
    return answer.status_code, answer.json.get("code", "")


def test_a_good_token_lets_in_and_sets_no_cookie(desk: Desk) -> None:
    answer = desk.call("GET", "/me")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["name"] == "staff@shop.example"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"exp": int(time.time()) - 60}, "token_expired"),
        ({"exp": None}, "bad_token"),
        ({"exp": "tomorrow"}, "bad_token"),
        ({"iss": "http://two.example/graphql/"}, "bad_token"),
        ({"iss": "http://unknown.example/graphql/"}, "bad_token"),
        ({"iss": None}, "bad_token"),
        ({"app": "QXBwOjI="}, "bad_token"),
        ({"app": None}, "bad_token"),
        ({"type": "access"}, "bad_token"),
        ({"is_staff": False}, "bad_token"),
        ({"is_staff": None}, "bad_token"),
        ({"user_id": None}, "bad_token"),
    ],
)
def test_a_token_with_a_wrong_claim_lets_nobody_in(
    make_desk: Callable[..., Desk], changes: dict[str, Any], code: str
) -> None:
    desk, _other = make_desk("one"), make_desk("two")
    assert status(desk, desk.token(**changes)) == (401, code)


def test_without_a_token_nobody_is_let_in(desk: Desk) -> None:
    answer = desk.client.get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.json is not None
    assert answer.json["code"] == "no_token"
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json["cure"]


@pytest.mark.parametrize("text", ["Bearer", "Bearer ", "Basic abc", "Bearer a.b.c", "Bearer \x01"])
def test_what_is_no_token_is_refused(desk: Desk, text: str) -> None:
    answer = desk.client.get("/api/v1/me", headers={"Authorization": text})
    assert answer.status_code == 401


def in_parts(algorithm: str, claims: dict[str, Any]) -> str:
    header = {"alg": algorithm, "typ": "JWT", "kid": "one"}
    return ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def test_an_unsigned_token_is_refused(desk: Desk) -> None:
    claims = jwt.decode(desk.token(), options={"verify_signature": False})
    assert status(desk, f"{in_parts('none', claims)}.") == (401, "bad_token")


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(desk: Desk) -> None:
    claims = jwt.decode(desk.token(), options={"verify_signature": False})
    secret = desk.key.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    text = in_parts("HS256", claims)
    signature = hmac.digest(secret, text.encode(), "sha256")
    assert status(desk, f"{text}.{encoded(signature)}") == (401, "bad_token")


def test_a_token_of_another_shops_key_is_refused(desk: Desk, keys: dict[str, Key]) -> None:
    claims = jwt.decode(desk.token(), options={"verify_signature": False})
    for kid in ("one", "two"):
        forged = jwt.encode(claims, keys["two"].private, "RS256", headers={"kid": kid})
        assert status(desk, forged) == (401, "bad_token")


def test_a_changed_key_is_fetched_once_and_remembered(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh, asked = make_key("three"), []

    def fetch(url: str) -> dict[str, Any]:
        asked.append(url)
        return fresh.jwks

    monkeypatch.setattr(key_store, "fetch_jwks", fetch)
    stranger = make_key("four")
    claims = jwt.decode(desk.token(), options={"verify_signature": False})
    for _ in range(3):
        forged = jwt.encode(claims, stranger.private, "RS256", headers={"kid": "four"})
        assert status(desk, forged)[0] == 401
    assert len(asked) == 1, "forged tokens must not become a flood at the shop"
    desk.services.redis.flushall()
    desk.key = fresh
    assert status(desk, desk.token())[0] == 200
    assert status(desk, desk.token())[0] == 200
    assert len(asked) == 2


def test_an_expired_token_does_not_ask_the_shop_for_keys(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_store, "fetch_jwks", lambda _url: pytest.fail("asked"))
    assert status(desk, desk.token(exp=int(time.time()) - 60)) == (401, "token_expired")


@pytest.mark.parametrize("column", ["paused_at", "wipe_at"])
def test_a_shop_that_has_switched_the_app_off_is_not_served(desk: Desk, column: str) -> None:
    with desk.services.database.system() as session:
        setattr(session.get_one(Tenant, desk.tenant_id), column, desk.services.now())
    assert status(desk, desk.token()) == (401, "bad_token")


def test_what_the_person_may_decides_and_not_what_the_extension_may(desk: Desk) -> None:
    narrowed = desk.token(permissions=["MANAGE_ORDERS"], user_permissions=["HANDLE_PAYMENTS"])
    assert status(desk, narrowed) == (403, "needs_manage_orders")
    wide = desk.token(permissions=[], user_permissions=["MANAGE_ORDERS"])
    assert status(desk, wide)[0] == 200


@pytest.mark.parametrize("told", ["MANAGE_ORDERS", None, [5], {"MANAGE_ORDERS": True}])
def test_permissions_in_another_shape_are_none(desk: Desk, told: Any) -> None:
    assert status(desk, desk.token(user_permissions=told))[0] == 403
