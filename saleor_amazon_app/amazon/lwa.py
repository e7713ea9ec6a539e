"""Login with Amazon: access tokens, cached for all workers, one refresh at a time.

Source: SP-API documentation, "Connect to the Selling Partner API".
"""

from dataclasses import dataclass
from typing import Any, Final, Protocol

import requests
from redis import Redis

from saleor_amazon_app.amazon.errors import (
    AppCredentialsRefused,
    AuthorisationLost,
    Refused,
    Unavailable,
)

_EARLY: Final = 60
"""Seconds before its end in which a token is no longer used."""
_TIMEOUT: Final = (5, 20)
_LOCK_SECONDS: Final = 30
_SERVER_ERROR: Final = 500


class Sealer(Protocol):
    """Encrypts what must not lie in Redis in the clear."""

    def seal(self, text: str) -> bytes: ...

    def open(self, sealed: bytes) -> str: ...


@dataclass(frozen=True)
class LwaApp:
    """This app as Login with Amazon knows it."""

    client_id: str
    client_secret: str
    endpoint: str


@dataclass(frozen=True)
class SellerCredentials:
    """A seller's authorisation of this app. ``key`` names it in caches and is no secret."""

    key: str
    seller_id: str
    refresh_token: str


class LwaTokens:
    """Gives access tokens for sellers."""

    def __init__(
        self, app: LwaApp, session: requests.Session, redis: Redis, sealer: Sealer
    ) -> None:
        self._app = app
        self._session = session
        self._redis = redis
        self._sealer = sealer

    def access_token(self, seller: SellerCredentials) -> str:
        """Return a token that is valid for at least a minute.

        Raises:
            AuthorisationLost: The seller has revoked the app, or the token was never valid.
            AppCredentialsRefused: The app's own client id or secret is wrong.
            Unavailable: Login with Amazon cannot be reached.
        """
        if token := self._cached(seller):
            return token
        with self._redis.lock(f"{self._name(seller)}:lock", timeout=_LOCK_SECONDS):
            return self._cached(seller) or self._refresh(seller)

    def forget(self, seller: SellerCredentials) -> None:
        """Drop the cached token after Amazon has refused it."""
        self._redis.delete(self._name(seller))

    def _name(self, seller: SellerCredentials) -> str:
        return f"lwa:{seller.key}"

    def _cached(self, seller: SellerCredentials) -> str | None:
        sealed: Any = self._redis.get(self._name(seller))
        return self._sealer.open(sealed) if sealed else None

    def _refresh(self, seller: SellerCredentials) -> str:
        grant = {"grant_type": "refresh_token", "refresh_token": seller.refresh_token}
        answer = self._ask(grant)
        token, seconds = str(answer["access_token"]), int(answer.get("expires_in", 3600))
        sealed = self._sealer.seal(token)
        self._redis.set(self._name(seller), sealed, ex=max(seconds - _EARLY, 1))
        return token

    def _ask(self, grant: dict[str, str]) -> dict[str, Any]:
        credentials = {
            "client_id": self._app.client_id,
            "client_secret": self._app.client_secret,
        }
        try:
            response = self._session.post(
                self._app.endpoint, data=grant | credentials, timeout=_TIMEOUT
            )
            answer = response.json()
        except (requests.RequestException, ValueError) as error:
            raise Unavailable(
                "Login with Amazon did not answer.", code=type(error).__name__
            ) from None
        if response.ok and "access_token" in answer:
            return dict(answer)
        raise _failure(response.status_code, answer)


def _failure(status: int, answer: Any) -> Exception:  # noqa: ANN401 - JSON of any shape
    code = str(answer.get("error", "")) if isinstance(answer, dict) else ""
    if code in ("invalid_grant", "unauthorized_client"):
        return AuthorisationLost(
            "Amazon no longer accepts the seller's authorisation.",
            cure="Authorise the app again in Seller Central and connect the account anew.",
            code=code,
        )
    if code == "invalid_client":
        return AppCredentialsRefused(
            "Amazon does not accept the app's client id and secret.",
            cure="Check AMAZON_LWA_CLIENT_ID and AMAZON_LWA_CLIENT_SECRET; secrets expire.",
            code=code,
        )
    if status >= _SERVER_ERROR:
        return Unavailable("Login with Amazon is not available.", code=str(status))
    return Refused("Login with Amazon refused the request.", code=code or str(status))
