"""The Selling Partner API over HTTP: quota, token, request, retries, and errors with a meaning.

An answer counts only if it is JSON of the expected shape. Everything else is an error with a type,
so that no failure can look like an empty list of orders.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import requests
import simplejson
import structlog
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_random_exponential
from urllib3.exceptions import NewConnectionError

from saleor_amazon_app import __version__
from saleor_amazon_app.amazon.errors import (
    Conflict,
    Forbidden,
    NotFound,
    OutcomeUnknown,
    Refused,
    Throttled,
    Unavailable,
)
from saleor_amazon_app.amazon.lwa import Credentials, LwaTokens
from saleor_amazon_app.amazon.operations import Operation
from saleor_amazon_app.amazon.quota import Quota
from saleor_amazon_app.mirror.failures import AmazonFailure
from saleor_amazon_app.mirror.sentences import Sentence, say

log = structlog.get_logger(__name__)

USER_AGENT: Final = f"saleor-amazon-app/{__version__} (Language=Python)"
HOSTS: Final = {
    "na": "https://sellingpartnerapi-na.amazon.com",
    "eu": "https://sellingpartnerapi-eu.amazon.com",
    "fe": "https://sellingpartnerapi-fe.amazon.com",
}
SANDBOX_HOSTS: Final = {
    "na": "https://sandbox.sellingpartnerapi-na.amazon.com",
    "eu": "https://sandbox.sellingpartnerapi-eu.amazon.com",
    "fe": "https://sandbox.sellingpartnerapi-fe.amazon.com",
}
_TIMEOUT: Final = (5, 30)
_ATTEMPTS: Final = 4
_LONGEST_WAIT: Final = 20.0
_LONGEST_DETAILS: Final = 200


@dataclass(frozen=True)
class _Request:
    operation: Operation
    url: str
    query: Mapping[str, str]
    body: bytes | None


@dataclass
class SellingPartnerApi:
    """Calls operations for sellers.

    Args:
        session: The HTTP session to use; it carries no state of a seller.
        tokens: Where access tokens come from.
        quota: Asked before each attempt.
        endpoint: One address for all regions, or None for Amazon's own.
        patience: The longest wait for a quota, in seconds; a longer one raises ``Throttled``.
        sleep: Waits; replaced in tests.
    """

    session: requests.Session
    tokens: LwaTokens
    quota: Quota
    endpoint: str | None = None
    patience: float = 10.0
    sleep: Callable[[float], None] = time.sleep

    def call(
        self,
        operation: Operation,
        seller: Credentials,
        region: str,
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Call an operation and return its JSON, with every number as Decimal.

        Passing faults are retried a few times with jittered, growing waits; those of an operation
        that is not repeatable only where Amazon cannot have carried it out.

        Args:
            operation: What to call.
            seller: For whom, or the app's own credentials where no seller is needed.
            region: Where, unless there is one endpoint for all.
            path: The values of the path's parameters, not yet quoted.
            query: The query's parameters.
            body: Sent as JSON.

        Returns:
            The answer; an empty one for 204, which has none, and where none is needed.

        Raises:
            Throttled, Unavailable: The fault lasted; try again later.
            OutcomeUnknown: The operation is not repeatable and may have been carried out.
            Refused: 400; not final, see there.
            Forbidden, NotFound, Conflict: 403, 404, 409.
            AuthorisationLost, AppCredentialsRefused: From Login with Amazon.
        """
        hosts = SANDBOX_HOSTS if operation.sandbox_only else HOSTS
        base = (self.endpoint or hosts[region]).rstrip("/")
        values = {name: quote(value, safe="") for name, value in (path or {}).items()}
        sent = None if body is None else simplejson.dumps(body, use_decimal=True).encode()
        request = _Request(operation, base + operation.path.format(**values), query or {}, sent)
        retrying = Retrying(
            retry=retry_if_exception_type(Unavailable),
            wait=wait_random_exponential(multiplier=0.5, max=_LONGEST_WAIT),
            stop=stop_after_attempt(_ATTEMPTS),
            sleep=self.sleep,
            before_sleep=_report_retry,
            reraise=True,
        )
        return retrying(self._attempt, request, seller)

    def _attempt(self, request: _Request, seller: Credentials) -> dict[str, Any]:
        operation = request.operation
        response = self._send(request, seller)
        if _token_expired(response):
            self.tokens.forget(seller)
            response = self._send(request, seller)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            self.quota.drain(operation, seller.seller_id)
        elif told := response.headers.get("x-amzn-RateLimit-Limit"):
            self._learn(operation, seller, told)
        rate = self.quota.rate(operation, seller.seller_id)
        try:
            return _read(operation, response, retry_after=1 / rate)
        except Unavailable as error:
            raise _unknown_unless_repeatable(operation, error) from None

    def _send(self, request: _Request, seller: Credentials) -> requests.Response:
        operation = request.operation
        self.quota.acquire(operation, seller.seller_id, patience=self.patience, sleep=self.sleep)
        headers = {
            "x-amz-access-token": self.tokens.access_token(seller),
            "User-Agent": USER_AGENT,
            "Accept": "application/json",
        }
        if request.body is not None:
            headers["Content-Type"] = "application/json"
        try:
            return self.session.request(
                operation.method,
                request.url,
                params=request.query,
                data=request.body,
                headers=headers,
                timeout=_TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            failure = Unavailable(
                say("amazon.no_answer", operation=operation.name), code=type(error).__name__
            )
            if _never_sent(error):
                raise failure from None
            raise _unknown_unless_repeatable(operation, failure) from None

    def _learn(self, operation: Operation, seller: Credentials, told: str) -> None:
        try:
            self.quota.learn(operation, seller.seller_id, float(told))
        except ValueError:
            log.warning("illegible rate limit", operation=operation.name)


def _never_sent(error: requests.RequestException) -> bool:
    """Tell whether there was no connection over which anything could have been sent."""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, requests.ConnectTimeout) or isinstance(cause, NewConnectionError)


def _unknown_unless_repeatable(operation: Operation, failure: Unavailable) -> AmazonFailure:
    if operation.repeatable:
        return failure
    return OutcomeUnknown(say("amazon.unknown_outcome", failure=failure.message), code=failure.code)


def _read(
    operation: Operation, response: requests.Response, *, retry_after: float
) -> dict[str, Any]:
    """Return the JSON of a success, or raise what the answer means."""
    if not _is_success(response.status_code):
        raise _failure(operation, response, retry_after)
    if response.status_code == HTTPStatus.NO_CONTENT or (operation.bare and not response.content):
        return {}
    try:
        answer = simplejson.loads(response.content, use_decimal=True)
    except ValueError:
        raise Unavailable(say("amazon.not_json", operation=operation.name), code="json") from None
    if not isinstance(answer, dict):
        raise Unavailable(say("amazon.no_content", operation=operation.name), code="json")
    return answer


def _is_success(status: int) -> bool:
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def _failure(
    operation: Operation, response: requests.Response, retry_after: float
) -> AmazonFailure:
    status = response.status_code
    code, message = _told(response)
    text = _text(operation.name, status, message)
    log.info(
        "amazon error", operation=operation.name, status=status, code=code, request=_id(response)
    )
    match status:
        case HTTPStatus.BAD_REQUEST:
            return Refused(text, code=code)
        case HTTPStatus.FORBIDDEN | HTTPStatus.UNAUTHORIZED:
            return Forbidden(text, code=code, cure=say("amazon.check_roles"))
        case HTTPStatus.NOT_FOUND:
            return NotFound(text, code=code)
        case HTTPStatus.CONFLICT:
            return Conflict(text, code=code)
        case HTTPStatus.TOO_MANY_REQUESTS:
            return Throttled(text, code=code, retry_after=retry_after)
    return Unavailable(text, code=code or str(status))


def _text(operation: str, status: int, message: str) -> Sentence:
    told = {"operation": operation, "status": str(status)}
    if not message:
        return say("amazon.answered", **told)
    return say("amazon.answered_because", answer=message, **told)


def _told(response: requests.Response) -> tuple[str, str]:
    """Return Amazon's error code, and its message with the details; an HTML page has neither."""
    try:
        error = response.json()["errors"][0]
        code, message = str(error.get("code") or ""), str(error.get("message") or "")
        details = " ".join(str(error.get("details") or "").split())[:_LONGEST_DETAILS]
    except (ValueError, LookupError, TypeError, AttributeError):
        return "", ""
    if details and details not in message:
        message = f"{message} {details}".strip()
    return code, message


def _token_expired(response: requests.Response) -> bool:
    """Tell whether Amazon refuses the access token rather than the request."""
    if response.status_code not in (HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED):
        return False
    return "token" in response.text.lower()


def _id(response: requests.Response) -> str:
    return str(response.headers.get("x-amzn-RequestId", ""))


def _report_retry(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    log.info("retrying amazon", attempt=state.attempt_number, error=str(error))
