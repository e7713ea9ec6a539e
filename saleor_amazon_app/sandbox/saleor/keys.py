"""The shop's RSA key: its public half as JWKS, signatures of webhooks, tokens of the Dashboard."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from saleor_amazon_app.sandbox.saleor.extensions import Extension
from saleor_amazon_app.sandbox.saleor.ids import to_global
from saleor_amazon_app.sandbox.saleor.model import App, User, now


def new_private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@lru_cache(maxsize=16)
def _read(pem: str) -> rsa.RSAPrivateKey:
    """Read a key once: each reading proves anew that its numbers are primes."""
    key = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("a shop signs with RSA")
    return key


@dataclass(frozen=True)
class KeyRing:
    """Signs with one private key, given in PEM."""

    pem: str

    @property
    def _private(self) -> rsa.RSAPrivateKey:
        return _read(self.pem)

    @cached_property
    def _public(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(self._private.public_key()))
        return {key: told[key] for key in ("e", "kty", "n")}

    @cached_property
    def kid(self) -> str:
        """The key's thumbprint (RFC 7638)."""
        text = json.dumps(self._public, sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(text.encode()).digest()
        return jwt.utils.base64url_encode(digest).decode()

    def jwks(self) -> dict[str, Any]:
        more = {"key_ops": ["verify"], "use": "sig", "kid": self.kid, "alg": "RS256"}
        return {"keys": [self._public | more]}

    def signature_of(self, body: bytes) -> str:
        """Return a detached JWS over the raw bytes (Saleor 3.23: saleor/core/jwt_manager.py)."""
        return jwt.api_jws.encode(
            body,
            self._private,
            algorithm="RS256",
            headers={"kid": self.kid, "crit": ["b64"]},
            is_payload_detached=True,
        )

    def dashboard_token(
        self,
        app: App,
        user: User,
        user_permissions: list[str],
        api_url: str,
        life: timedelta = timedelta(minutes=5),
        extension: Extension | None = None,
    ) -> str:
        """Mint the token that the Dashboard hands to an app, or to an extension of it."""
        granted = app.permissions if extension is None else extension.permissions
        claims = {
            "iat": now(),
            "exp": now() + life,
            "owner": "saleor",
            "iss": api_url,
            "token": uuid.uuid5(uuid.NAMESPACE_URL, user.email).hex[:12],
            "email": user.email,
            "type": "thirdparty",
            "user_id": to_global("User", user.id),
            "is_staff": user.is_staff,
            "app": to_global("App", app.id),
            "permissions": [p for p in granted if p in user_permissions],
            "user_permissions": user_permissions,
        }
        if extension is not None:
            claims["app_extension"] = to_global("AppExtension", extension.id)
        return jwt.encode(claims, self._private, algorithm="RS256", headers={"kid": self.kid})

    def claims_of(self, token: str) -> dict[str, Any] | None:
        """Return the claims of a token that this shop has signed and that still lives."""
        public = RSAAlgorithm.from_jwk(json.dumps(self._public))
        try:
            options: Any = {"verify_aud": False}
            return jwt.decode(token, public, algorithms=["RS256"], options=options)  # type: ignore[arg-type]
        except jwt.PyJWTError:
            return None
