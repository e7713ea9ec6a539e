"""Saleor's GraphQL API for one shop: documents by name, exact money, errors with a meaning.

Saleor answers errors with HTTP 200 more often than not, and echoes the variables of an invalid
request, personal data and all: no message of its passes through here unshortened.
"""

import re
from http import HTTPStatus
from typing import Any, Final, Self

import simplejson
from gql import GraphQLRequest
from gql.transport.exceptions import TransportError, TransportServerError
from gql.transport.requests import RequestsHTTPTransport
from graphql import DocumentNode

from saleor_amazon_app import __version__
from saleor_amazon_app.mirror.failures import SaleorFailure
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.saleor.documents import document
from saleor_amazon_app.saleor.errors import (
    AccessDenied,
    InvalidRequest,
    ServerFault,
    TooManyRequests,
    Unreachable,
)

_TIMEOUT: Final = 60
"""Seconds; fifty orders took a real server more than six."""
_DENIED: Final = {"PermissionDenied", "ExpiredSignatureError", "InvalidTokenError"}
_ECHO: Final = re.compile(r"(got invalid value|; Expected|Variable).*", re.DOTALL)


class SaleorApi:
    """One shop's API, with the app's token."""

    def __init__(self, api_url: str, token: str, *, timeout: int = _TIMEOUT) -> None:
        self._transport = RequestsHTTPTransport(
            url=api_url,
            headers={
                "Authorization": f"Bearer {token}",
                "User-Agent": f"saleor-amazon-app/{__version__}",
            },
            timeout=timeout,
            json_serialize=_dumps,
            json_deserialize=_loads,
        )

    def __enter__(self) -> Self:
        self._transport.connect()  # type: ignore[no-untyped-call]
        return self

    def __exit__(self, *_: object) -> None:
        self._transport.close()  # type: ignore[no-untyped-call]

    def run(self, name: str, **variables: Any) -> dict[str, Any]:  # noqa: ANN401 - GraphQL input
        """Run a document of the project and return its data, numbers as Decimal.

        Raises:
            Unreachable: No answer; a mutation may have been carried out.
            TooManyRequests, ServerFault, InvalidRequest: Nothing was carried out.
            AccessDenied: The token or a permission is missing.
        """
        return self.run_document(document(name), name, variables)

    def run_document(
        self, node: DocumentNode, name: str, variables: dict[str, Any]
    ) -> dict[str, Any]:
        """Run a document made at run time."""
        request = GraphQLRequest(node, variable_values=variables, operation_name=name)
        try:
            result = self._transport.execute(request)
        except TransportError as error:
            raise _unanswered(name, error) from None
        if result.errors:
            raise _refused(name, result.errors[0])
        if result.data is None:
            raise Unreachable(say("saleor.no_data", operation=name), code="shape")
        return result.data


def _dumps(value: object) -> str:
    """Write Decimals as JSON numbers, digit for digit: ``PositiveDecimal`` takes nothing else."""
    return simplejson.dumps(value, use_decimal=True)


def _loads(text: str) -> Any:  # noqa: ANN401 - JSON
    return simplejson.loads(text, use_decimal=True)


def _unanswered(name: str, error: TransportError) -> SaleorFailure:
    """Name the failure; gql's own text may hold the whole response and is left out."""
    status = error.code if isinstance(error, TransportServerError) else None
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return TooManyRequests(
            say("saleor.too_many_requests", operation=name), retry_after=30, code="429"
        )
    code = str(status or type(error.__cause__ or error).__name__)
    return Unreachable(say("saleor.no_answer", operation=name, code=code), code=code)


def _refused(name: str, error: Any) -> SaleorFailure:  # noqa: ANN401 - a GraphQL error
    code = str(((error.get("extensions") or {}).get("exception") or {}).get("code") or "")
    message = safe_message(str(error.get("message", "")))
    if code in _DENIED:
        return AccessDenied(
            say("saleor.denies", operation=name, answer=message),
            cure=say("saleor.install_again"),
            code=code,
        )
    if message == "Internal Server Error":
        return ServerFault(say("saleor.broke", operation=name, code=code), code=code)
    return InvalidRequest(
        say("saleor.refuses", operation=name, answer=message), code=code or "GraphQLError"
    )


def safe_message(message: str) -> str:
    """Shorten a message of Saleor's to what cannot hold the values that were sent."""
    return _ECHO.sub("(values left out)", message)[:200]
