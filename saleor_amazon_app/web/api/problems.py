"""Errors in one shape: problem details (RFC 9457), with what a person can do about it."""

from http import HTTPStatus
from typing import Final

import structlog
from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from saleor_amazon_app.mirror.failures import AppFailure, NotFitting, NotKnown, Remedy, Side
from saleor_amazon_app.mirror.sentences import NOTHING, say
from saleor_amazon_app.mirror.sentences import Sentence as Said
from saleor_amazon_app.showing.sentences import show_sentence
from saleor_amazon_app.showing.shapes.common import Sentence
from saleor_amazon_app.web.api.field_faults import said_of

log = structlog.get_logger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
_API: Final = "/api/v1"


class FieldFault(BaseModel):
    """What is wrong with one field of a request."""

    field: str
    message: str
    sentence: Sentence | None = None
    """The message by its code, where it is one of the app's sentences."""


class Problem(BaseModel):
    """Why a request failed. ``detail`` and ``cure`` are sentences for the person who asked."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    side: Side = Side.APP
    """The system in which it went wrong."""
    remedy: Remedy = Remedy.PERSON
    """``retry``: it passes by itself; ``wait``: not before ``retry_after``; ``person``: somebody
    has to change something."""
    cure: str = ""
    code: str = ""
    """A word for programs, stable; for errors of Amazon or Saleor their own."""
    retry_after: float | None = None
    """Seconds."""
    fields: list[FieldFault] = Field(default_factory=list)
    sentence: Sentence | None = None
    """The detail by its code, where it is one of the app's sentences."""
    cure_sentence: Sentence | None = None
    """The cure by its code, where it is one of the app's sentences."""


class Refused(Exception):
    """A request that is not served, in the shape in which it is told."""

    def __init__(self, status: HTTPStatus, code: str, detail: Said, cure: Said = NOTHING) -> None:
        super().__init__(detail)
        self.problem = _problem(status, code, detail, cure)


def _problem(status: HTTPStatus, code: str, detail: Said, cure: Said = NOTHING) -> Problem:
    return Problem(
        title=status.phrase,
        status=status,
        detail=detail,
        code=code,
        cure=cure,
        sentence=_coded(detail),
        cure_sentence=_coded(cure),
    )


def respond(problem: Problem) -> Response:
    made = Response(problem.model_dump_json(), problem.status, content_type=MEDIA_TYPE)
    made.headers["Cache-Control"] = "no-store"
    if problem.status == HTTPStatus.UNAUTHORIZED:
        made.headers["WWW-Authenticate"] = "Bearer"
    if problem.retry_after:
        made.headers["Retry-After"] = str(max(1, round(problem.retry_after)))
    return made


def register(app: Flask) -> None:
    """Have the errors of the API told in this shape; other pages keep theirs."""
    app.register_error_handler(Refused, lambda refused: respond(refused.problem))
    app.register_error_handler(AppFailure, _failure)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SQLAlchemyError, _unexpected)
    app.register_error_handler(Exception, _unexpected)


def invalid(error: ValidationError) -> Response:
    """Tell what is wrong with a request; never what it held, which may be personal."""
    faults = [
        _fault(".".join(str(part) for part in fault["loc"]), said_of(fault))
        for fault in error.errors(include_url=False, include_input=False)
    ]
    names = ", ".join(fault.field or "JSON" for fault in faults)
    detail = say("refused.not_understood", fields=names)
    problem = _problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", detail)
    return respond(problem.model_copy(update={"fields": faults}))


def _fault(field: str, why: str) -> FieldFault:
    return FieldFault(field=field, message=why, sentence=_coded(why))


def _failure(failure: AppFailure) -> Response:
    status = _status(failure)
    faults = failure.fields.items() if isinstance(failure, NotFitting) else ()
    log.info("request failed", code=failure.code, side=failure.side, message=failure.message)
    code = failure.code or type(failure).__name__
    told = {
        "side": failure.side,
        "remedy": failure.remedy,
        "retry_after": failure.retry_after or None,
        "fields": [_fault(name, why) for name, why in faults],
    }
    problem = _problem(status, code, failure.message, failure.cure)
    return respond(problem.model_copy(update=told))


def _coded(text: str) -> Sentence | None:
    shown = show_sentence(text)
    return shown if shown.code else None


def _status(failure: AppFailure) -> HTTPStatus:
    if isinstance(failure, NotKnown):
        return HTTPStatus.NOT_FOUND
    if isinstance(failure, NotFitting):
        return HTTPStatus.UNPROCESSABLE_ENTITY
    if failure.remedy is not Remedy.PERSON:
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.CONFLICT if failure.side is Side.APP else HTTPStatus.BAD_GATEWAY


def _http(error: HTTPException) -> ResponseReturnValue:
    if not request.path.startswith(_API):
        return error.get_response()
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    return respond(_problem(status, status.name.lower(), _HTTP.get(status) or _other(status)))


_HTTP: Final = {
    HTTPStatus.NOT_FOUND: say("refused.no_such_address"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: say("refused.request_too_large"),
}


def _other(status: HTTPStatus) -> Said:
    return say("refused.request", status=str(status.value))


def _unexpected(error: Exception) -> ResponseReturnValue:
    """Tell of a fault of the app's own, and log it without what the request held."""
    if not request.path.startswith(_API):
        raise error
    log.error("request broke", endpoint=request.endpoint, exc_info=error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    problem = _problem(status, "unexpected", say("refused.stumbled"), say("refused.report_it"))
    return respond(problem.model_copy(update={"remedy": Remedy.RETRY}))
