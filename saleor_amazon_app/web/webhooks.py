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
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from saleor_amazon_app.mirror.failures import SaleorFailure
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.saleor.installing import fetch_jwks
from saleor_amazon_app.saleor.signatures import BadSignature, verify
from saleor_amazon_app.saleor.webhooks import REFUND_REQUESTED, definition, refund_reference
from saleor_amazon_app.store.inbox import receive
from saleor_amazon_app.store.models import Tenant
from saleor_amazon_app.store.tenants import find_tenant
from saleor_amazon_app.sync import jobs
from saleor_amazon_app.web.context import services

log = structlog.get_logger(__name__)
blueprint = Blueprint("webhooks", __name__)

_LARGEST: Final = 512 * 1024
_KEYS_AT_MOST_EVERY: Final = 60
"""Seconds between two looks at a shop's keys: forged deliveries must not become a flood there."""


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
    """Verify by the stored keys, and once by fresh ones: a shop may change its key."""
    try:
        verify(signature, body, tenant.jwks)
    except BadSignature as first:
        jwks = _fresh_keys(tenant)
        if jwks is None:
            raise Refusal(HTTPStatus.UNAUTHORIZED, f"bad signature: {first}") from None
        try:
            verify(signature, body, jwks)
        except BadSignature as second:
            raise Refusal(HTTPStatus.UNAUTHORIZED, f"bad signature: {second}") from None
        with services().database.system() as session:
            session.get_one(Tenant, tenant.id).jwks = jwks


def _fresh_keys(tenant: Tenant) -> dict[str, Any] | None:
    """Fetch the shop's keys, unless that was done a moment ago."""
    name = f"fetched-keys:{tenant.id}"
    try:
        if not services().redis.set(name, 1, nx=True, ex=_KEYS_AT_MOST_EVERY):
            return None
        return fetch_jwks(tenant.saleor_api_url)
    except (RedisError, SaleorFailure):
        return None


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
    if not is_new:
        return
    try:
        jobs.enqueue(services().redis, jobs.handle_inbox, tenant.id)
    except RedisError:  # the next tick finds it in the table
        log.warning("queue not reached", webhook_event=event)
