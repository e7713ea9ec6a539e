"""Feeds API 2021-06-30: documents, and the store to which they are put and from which they come.

The addresses are presigned: they need no header, and end after five minutes (the model).
"""

import gzip
import secrets
import uuid
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, request

from saleor_amazon_app.sandbox.amazon.clock import iso
from saleor_amazon_app.sandbox.amazon.errors import invalid, not_found
from saleor_amazon_app.sandbox.amazon.faults import Aim
from saleor_amazon_app.sandbox.amazon.gateway import Call, answer, json_body
from saleor_amazon_app.sandbox.amazon.limits import CREATE_DOCUMENT, GET_DOCUMENT
from saleor_amazon_app.sandbox.amazon.mishaps import befall
from saleor_amazon_app.sandbox.amazon.records import FeedDocument
from saleor_amazon_app.sandbox.amazon.signing import seal, unseal
from saleor_amazon_app.sandbox.amazon.state import State

Json = dict[str, Any]

UPLOAD: Final = "uploadFeedDocument"
DOWNLOAD: Final = "downloadFeedDocument"
_LIFE: Final = timedelta(minutes=5)
_STORE: Final = "/feed-documents/"
_REFUSAL: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    "<Error><Code>{code}</Code><Message>{message}</Message></Error>"
)
"""The store is Amazon S3, which answers in XML."""


def blueprint(state: State) -> Blueprint:
    pages = Blueprint("feed_documents", __name__)

    @pages.post("/feeds/2021-06-30/documents")
    def create_feed_document() -> Response:
        return answer(state, CREATE_DOCUMENT, _create, HTTPStatus.CREATED)

    @pages.get("/feeds/2021-06-30/documents/<document_id>")
    def get_feed_document(document_id: str) -> Response:
        return answer(state, GET_DOCUMENT, lambda call: _get(call, document_id))

    @pages.put(f"{_STORE}<token>")
    def upload(token: str) -> Response:
        return _store_answer(state, UPLOAD, token, _take_in)

    @pages.get(f"{_STORE}<token>")
    def download(token: str) -> Response:
        return _store_answer(state, DOWNLOAD, token, _hand_out)

    return pages


def add_report(
    state: State, seller_id: str, text: bytes, charset: str, kind: str = "text/xml"
) -> FeedDocument:
    """Keep a processing report, compressed as Amazon's are."""
    kind = f"{kind}; charset={charset}"
    report = FeedDocument(seller_id, str(uuid.uuid4()), kind, compressed=True)
    report.keep(gzip.compress(text, mtime=0))
    state.documents[report.document_id] = report
    return report


def uploaded(call: Call, document_id: object) -> FeedDocument:
    """Return a document of the seller's that may be processed.

    Raises:
        SpApiError: There is none, or nothing was uploaded to it. The sandbox answers 400 to an
            unknown document; when the second is found out at Amazon is not documented.
    """
    document = call.state.documents.get(str(document_id))
    if document is None or document.seller_id != call.seller.seller_id:
        raise invalid("inputFeedDocumentId is not known.")
    if document.content is None:
        raise invalid("The feed document was not uploaded.")
    return document


def _create(call: Call) -> Json:
    kind = json_body().get("contentType")
    if not (isinstance(kind, str) and kind):
        raise invalid("contentType is required.")
    document = FeedDocument(call.seller.seller_id, str(uuid.uuid4()), kind)
    call.state.documents[document.document_id] = document
    call.state.on_change()
    return {
        "feedDocumentId": document.document_id,
        "url": _address(call.state, document, "PUT"),
    }


def _get(call: Call, document_id: str) -> Json:
    document = call.state.documents.get(document_id)
    if not _is_document_id(document_id):
        raise invalid("The feed document's id is not valid.")
    if document is None or document.seller_id != call.seller.seller_id:
        raise not_found(document_id, "feed document")
    decodes = call.args.get("enableContentEncodingUrlHeader") == ["true"]
    told = {
        "feedDocumentId": document_id,
        "url": _address(call.state, document, "GET", decodes=decodes),
    }
    return told | ({"compressionAlgorithm": "GZIP"} if document.compressed else {})


def _is_document_id(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False


def _address(state: State, document: FeedDocument, method: str, *, decodes: bool = False) -> str:
    token = {
        "document": document.document_id,
        "method": method,
        "decodes": decodes,
        "until": iso(state.clock.now() + _LIFE),
    }
    return f"{request.host_url.rstrip('/')}{_STORE}{seal(token)}"


def _store_answer(
    state: State, operation: str, token: str, handler: Callable[[FeedDocument, Json], Response]
) -> Response:
    if mishap := befall(state, Aim(operation)):
        return mishap
    with state.lock:
        response = _stored(state, token, handler)
        state.on_change()
    response.headers["x-amz-request-id"] = secrets.token_hex(8)
    state.count(operation, str(response.status_code))
    return response


def _stored(
    state: State, token: str, handler: Callable[[FeedDocument, Json], Response]
) -> Response:
    told = unseal(token)
    document = state.documents.get(told["document"]) if told and "document" in told else None
    if told is None or document is None or told["method"] != request.method:
        return _refuse("SignatureDoesNotMatch", "The signature does not match.")
    if told["until"] <= state.now_text():
        return _refuse("AccessDenied", "Request has expired")
    return handler(document, told)


def _take_in(document: FeedDocument, _told: Json) -> Response:
    if request.headers.get("Content-Type") != document.content_type:
        return _refuse("SignatureDoesNotMatch", "The content type is not the one signed for.")
    document.keep(request.get_data())
    return Response(status=HTTPStatus.OK)


def _hand_out(document: FeedDocument, told: Json) -> Response:
    response = Response(document.data, HTTPStatus.OK, content_type=document.content_type)
    decodes = document.compressed and told["decodes"]
    response.headers["Content-Encoding"] = "gzip" if decodes else "identity"
    return response


def _refuse(code: str, message: str) -> Response:
    text = _REFUSAL.format(code=code, message=message)
    return Response(text, HTTPStatus.FORBIDDEN, mimetype="application/xml")
