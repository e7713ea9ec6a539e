"""Takes Saleor's webhooks: checked, stored, answered; everything else happens in a job.

5xx makes Saleor deliver again, 4xx never does (measured on 3.23.28): what is refused here is
refused for good, and what cannot be stored is asked for again.
"""

import json
from http import HTTPStatus
from typing import Any, Final

import structlog
from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.saleor.signatures import BadSignature, verify
from saleor_amazon_app.saleor.webhooks import REFUND_REQUESTED, definition, refund_reference
from saleor_amazon_app.store.inbox import receive
from saleor_amazon_app.store.models import Tenant
from saleor_amazon_app.store.tenants import find_tenant
from saleor_amazon_app.sync import jobs
from saleor_amazon_app.web.context import services
from saleor_amazon_app.web.keys import by_keys_of

log = structlog.get_logger(__name__)
blueprint = Blueprint("webhooks", __name__)

_LARGEST: Final = 512 * 1024

_ASK_ANEW: Final = (
    "The app could not be reached, and Saleor's second try does not say what is asked. "
    "Ask for the refund again."
)
"""Saleor 3.23.28 empties the body of a request when its first try fails
(``save_unsuccessful_delivery_attempt``); the signature is that of an empty body."""


class Refusal(Exception):
    """A delivery that is not taken; ``reason`` says why in a few words."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@blueprint.errorhandler(Refusal)
def _refuse(refusal: Refusal) -> ResponseReturnValue:
    log.info("webhook refused", reason=refusal.reason)
    return jsonify(error=refusal.reason), refusal.status


@blueprint.post("/api/webhooks/saleor/<slug>")
def take(slug: str) -> ResponseReturnValue:
    """Take a delivery; the checks are in the order in which they cost."""
    event = _event(slug)
    signature, api_url = _header("Signature"), _header("Api-Url")
    body = _body()
    try:
        tenant = _tenant(api_url)
        _verify(tenant, signature, body)
        if event == REFUND_REQUESTED and not body:
            return jsonify(result="REFUND_FAILURE", message=_ASK_ANEW)
        told = _told(body, tenant)
        if _is_echo(told):
            return jsonify(status="echo")
        _store(tenant, event, body)
    except SQLAlchemyError:
        log.exception("webhook not stored", webhook_event=event)
        raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "cannot be stored; try again") from None
    if event == REFUND_REQUESTED:
        return jsonify(pspReference=refund_reference(body))
    return jsonify(status="stored")


def _event(slug: str) -> str:
    webhook = definition(slug)
    if webhook is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "no such webhook")
    if _header("Event").upper() != webhook.event:
        raise Refusal(HTTPStatus.BAD_REQUEST, "the event is not this endpoint's")
    return webhook.event


def _header(name: str) -> str:
    value = request.headers.get(f"Saleor-{name}") or request.headers.get(f"X-Saleor-{name}")
    if not value:
        raise Refusal(HTTPStatus.BAD_REQUEST, f"the header Saleor-{name} is missing")
    return value


def _body() -> bytes:
    if (request.content_length or 0) > _LARGEST:
        raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large")
    body = request.get_data()
    if len(body) > _LARGEST:
        raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large")
    return body


def _tenant(api_url: str) -> Tenant:
    with services().database.system() as session:
        tenant = find_tenant(session, api_url)
    if tenant is None:
        raise Refusal(HTTPStatus.UNAUTHORIZED, "the shop is not known")
    return tenant


def _verify(tenant: Tenant, signature: str, body: bytes) -> None:
    try:
        by_keys_of(tenant, lambda jwks: verify(signature, body, jwks), BadSignature)
    except BadSignature as bad:
        raise Refusal(HTTPStatus.UNAUTHORIZED, f"bad signature: {bad}") from None


def _told(body: bytes, tenant: Tenant) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        raise Refusal(HTTPStatus.BAD_REQUEST, "the body is not JSON") from None
    recipient = told.get("recipient") if isinstance(told, dict) else None
    if not isinstance(recipient, dict) or recipient.get("id") != tenant.app_id:
        raise Refusal(HTTPStatus.FORBIDDEN, "the recipient is not this app")
    return dict(told)


def _is_echo(told: dict[str, Any]) -> bool:
    """Tell whether the app itself did what is reported."""
    principal = told.get("issuingPrincipal") or {}
    return principal.get("__typename") == "App" and principal.get("id") == told["recipient"]["id"]


def _store(tenant: Tenant, event: str, body: bytes) -> None:
    tenant_id = TenantId(tenant.id)
    is_new = receive(
        services().database, services().vault, tenant_id, event, body, services().now()
    )
    if is_new:
        jobs.wake(services().redis, jobs.handle_inbox, tenant.id)
