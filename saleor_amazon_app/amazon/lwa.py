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
from saleor_amazon_app.mirror.sentences import say

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


class Credentials(Protocol):
    """What a call is authorised by.

    ``key`` names it in caches and is no secret; ``seller_id`` is whose quota a call counts against.
    """

    @property
    def key(self) -> str: ...

    @property
    def seller_id(self) -> str: ...

    def grant(self) -> dict[str, str]:
        """Return the OAuth grant that is exchanged for an access token."""


@dataclass(frozen=True)
class SellerCredentials:
    """A seller's authorisation of this app."""

    key: str
    seller_id: str
    refresh_token: str

    def grant(self) -> dict[str, str]:
        return {"grant_type": "refresh_token", "refresh_token": self.refresh_token}


@dataclass(frozen=True)
class GrantlessCredentials:
    """The app's own right to an operation that concerns no seller (Amazon: "grantless")."""

    scope: str

    @property
    def key(self) -> str:
        return f"grantless:{self.scope}"

    @property
    def seller_id(self) -> str:
        return "grantless"

    def grant(self) -> dict[str, str]:
        return {"grant_type": "client_credentials", "scope": self.scope}


NOTIFICATIONS: Final = GrantlessCredentials("sellingpartnerapi::notifications")


class LwaTokens:
    """Gives access tokens for sellers, and for operations that need none."""

    def __init__(
        self, app: LwaApp, session: requests.Session, redis: Redis, sealer: Sealer
    ) -> None:
        self._app = app
        self._session = session
        self._redis = redis
        self._sealer = sealer

    def access_token(self, owner: Credentials) -> str:
        """Return a token that is valid for at least a minute.

        Raises:
            AuthorisationLost: The seller has revoked the app, or the token was never valid.
            AppCredentialsRefused: The app's own client id or secret is wrong, or the app may not
                do what needs no seller.
            Unavailable: Login with Amazon cannot be reached.
        """
        if token := self._cached(owner):
            return token
        with self._redis.lock(f"{self._name(owner)}:lock", timeout=_LOCK_SECONDS):
            return self._cached(owner) or self._refresh(owner)

    def forget(self, owner: Credentials) -> None:
        """Drop the cached token after Amazon has refused it."""
        self._redis.delete(self._name(owner))

    def exchange(self, code: str, redirect_uri: str) -> str:
        """Exchange the code of Amazon's consent page for a refresh token; it works once.

        Args:
            code: ``spapi_oauth_code``, five minutes old at most.
            redirect_uri: The one that was named to the consent page.

        Raises:
            AuthorisationLost: The code is not valid (any more).
            AppCredentialsRefused: The app's own client id or secret is wrong.
            Unavailable: Login with Amazon cannot be reached.
        """
        grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        answer = self._ask(grant)
        if not (token := answer.get("refresh_token")):
            raise Refused(say("login.no_token"), code="refresh_token")
        return str(token)

    def _name(self, owner: Credentials) -> str:
        return f"lwa:{owner.key}"

    def _cached(self, owner: Credentials) -> str | None:
        sealed: Any = self._redis.get(self._name(owner))
        return self._sealer.open(sealed) if sealed else None

    def _refresh(self, owner: Credentials) -> str:
        answer = self._ask(owner.grant())
        token, seconds = str(answer["access_token"]), int(answer.get("expires_in", 3600))
        sealed = self._sealer.seal(token)
        self._redis.set(self._name(owner), sealed, ex=max(seconds - _EARLY, 1))
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
            raise Unavailable(say("login.no_answer"), code=type(error).__name__) from None
        if response.ok and "access_token" in answer:
            return dict(answer)
        raise _failure(response.status_code, answer, grantless="scope" in grant)


def _failure(status: int, answer: Any, *, grantless: bool) -> Exception:  # noqa: ANN401 - any JSON
    code = str(answer.get("error", "")) if isinstance(answer, dict) else ""
    if grantless and code in ("invalid_grant", "unauthorized_client", "invalid_scope"):
        return AppCredentialsRefused(
            say("login.no_notifications"),
            cure=say("login.check_registration"),
            code=code,
        )
    if code in ("invalid_grant", "unauthorized_client"):
        return AuthorisationLost(
            say("login.authorisation_lost"),
            cure=say("login.authorise_again"),
            code=code,
        )
    if code == "invalid_client":
        return AppCredentialsRefused(
            say("login.app_refused"),
            cure=say("login.check_app"),
            code=code,
        )
    if status >= _SERVER_ERROR:
        return Unavailable(say("login.unavailable"), code=str(status))
    return Refused(say("login.refused"), code=code or str(status))
