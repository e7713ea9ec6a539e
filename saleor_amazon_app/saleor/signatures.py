"""The signature of a webhook: a detached JWS over the body's raw bytes, RS256 and nothing else.

Saleor: saleor/core/jwt_manager.py. An algorithm named by the header is never trusted: whoever may
choose it may choose one without a secret.
"""

from collections.abc import Mapping
from typing import Any, Final

import jwt
from jwt import PyJWK

ALGORITHM: Final = "RS256"


class BadSignature(Exception):
    """The body was not signed by the shop's key."""


def verify(signature: str, body: bytes, jwks: Mapping[str, Any]) -> None:
    """Verify a signature.

    Args:
        signature: ``header..signature``, as in the header ``Saleor-Signature``.
        body: The raw bytes as they came.
        jwks: The shop's public keys.

    Raises:
        BadSignature: With the reason; it names nothing of the body.
    """
    try:
        header = jwt.get_unverified_header(signature)
        if header.get("alg") != ALGORITHM or "b64" not in header.get("crit", ()):
            raise BadSignature("not a detached RS256 signature")
        key = find_key(jwks, header.get("kid"))
        jwt.api_jws.decode(signature, key, algorithms=[ALGORITHM], detached_payload=body)
    except (jwt.PyJWTError, TypeError) as error:
        raise BadSignature(type(error).__name__) from None


def find_key(jwks: Mapping[str, Any], kid: str | None) -> PyJWK:
    """Return the key of that name.

    Raises:
        BadSignature: The shop has no such key.
    """
    for told in jwks.get("keys", ()):
        if told.get("kid") == kid and told.get("kty") == "RSA":
            return PyJWK.from_dict(told, ALGORITHM)
    raise BadSignature("unknown key")
