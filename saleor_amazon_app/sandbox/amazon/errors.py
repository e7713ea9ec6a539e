"""Amazon's refusals, as the API models' ``ErrorList`` writes them."""

from http import HTTPStatus
from typing import Any

NOT_VALID = "The input you have submitted is not valid. Please check your input and try again."
"""Orders API's words, amzn/selling-partner-api-models#5144."""
DENIED = "Access to requested resource is denied."


class SpApiError(Exception):
    """An answer other than success.

    Args:
        status: The HTTP status.
        code: Amazon's name for the error.
        message: What went wrong.
        details: Amazon sends an empty text where it has nothing to add.
    """

    def __init__(self, status: int, code: str, message: str, details: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = error_list(code, message, details)


def error_list(code: str, message: str, details: str = "") -> dict[str, Any]:
    return {"errors": [{"code": code, "message": message, "details": details}]}


def invalid(details: str = "", message: str = NOT_VALID) -> SpApiError:
    return SpApiError(HTTPStatus.BAD_REQUEST, "InvalidInput", message, details)


def denied(details: str = "") -> SpApiError:
    return SpApiError(HTTPStatus.FORBIDDEN, "Unauthorized", DENIED, details)


def not_found(order_id: str, kind: str = "order") -> SpApiError:
    text = f"The requested {kind} {order_id} does not exist."
    return SpApiError(HTTPStatus.NOT_FOUND, "NotFound", text)


def unparsable(details: str) -> SpApiError:
    """Words of the Notifications API, jlevers/selling-partner-api#885."""
    text = "Request has missing or invalid parameters and cannot be parsed."
    return SpApiError(HTTPStatus.BAD_REQUEST, "InvalidInput", text, details)


def throttled() -> SpApiError:
    """Words of the SP-API page "Usage Plans and Rate Limits"."""
    text = "You exceeded your quota for the requested resource."
    return SpApiError(HTTPStatus.TOO_MANY_REQUESTS, "QuotaExceeded", text)


def internal() -> SpApiError:
    text = "We encountered an internal error. Please try again."
    return SpApiError(HTTPStatus.INTERNAL_SERVER_ERROR, "InternalFailure", text)
