"""The token that the Dashboard hands to an app's page for the member of staff who opened it.

Saleor 3.23: saleor/core/jwt.py, ``create_access_token_for_app``. RS256 and nothing else; a token's
own word for its algorithm is never trusted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt

from saleor_amazon_app.saleor.signatures import ALGORITHM, BadSignature, find_key

_TYPE: Final = "thirdparty"
_LEEWAY: Final = 10
"""Seconds that the shop's clock may differ from ours."""
_REQUIRED: Final = ["exp", "iat", "iss", "app", "type", "user_id"]


class BadToken(Exception):
    """A token that proves nothing; the text says why and holds nothing of it."""

    def __init__(self, reason: str, *, is_expired: bool = False) -> None:
        super().__init__(reason)
        self.is_expired = is_expired


class NotSigned(BadToken):
    """None of the keys that were looked at made its signature: the shop may have a new one."""


@dataclass(frozen=True)
class StaffToken:
    """A member of staff, as the shop vouches for them. ``permissions`` are all they have."""

    user_id: str
    email: str
    permissions: frozenset[str]


def issuer_of(token: str) -> str:
    """Return the shop that a token claims to be from: only good for finding the keys."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError:
        raise BadToken("it cannot be read") from None
    issuer = claims.get("iss")
    if not isinstance(issuer, str):
        raise BadToken("it names no shop")
    return issuer


def read_token(token: str, jwks: Mapping[str, Any], *, issuer: str, app_id: str) -> StaffToken:
    """Verify a token.

    Args:
        token: As it came.
        jwks: The shop's public keys.
        issuer: The shop's API address.
        app_id: The app's id in the shop.

    Raises:
        BadToken: It was not made by this shop for this app, has expired, or is not of a member of
            staff.
    """
    claims = _claims(token, jwks, issuer)
    if claims["type"] != _TYPE:
        raise BadToken("it is of another type")
    if claims["app"] != app_id:
        raise BadToken("it is for another app")
    if claims.get("is_staff") is not True or not isinstance(claims["user_id"], str):
        raise BadToken("it is not of a member of staff")
    told = claims.get("user_permissions")
    return StaffToken(
        user_id=claims["user_id"],
        email=str(claims.get("email") or claims["user_id"]),
        permissions=frozenset(p for p in told if isinstance(p, str))
        if isinstance(told, list)
        else frozenset(),
    )


def _claims(token: str, jwks: Mapping[str, Any], issuer: str) -> dict[str, Any]:
    try:
        key = find_key(jwks, jwt.get_unverified_header(token).get("kid"))
        options: Any = {"verify_aud": False, "require": _REQUIRED}
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=[ALGORITHM], issuer=issuer, leeway=_LEEWAY, options=options
        )
    except jwt.ExpiredSignatureError:
        raise BadToken("it has expired", is_expired=True) from None
    except (jwt.InvalidSignatureError, BadSignature) as error:
        raise NotSigned(f"{type(error).__name__}: {error}") from None
    except (jwt.PyJWTError, TypeError) as error:
        raise BadToken(f"{type(error).__name__}: {error}") from None
    return claims
