"""The manifest, and the handshake in which a shop hands over its token.

Source: Saleor documentation, "App manifest" and "Installing apps"; the error shape is the one that
Saleor shows to the person who installs.
"""

from http import HTTPStatus
from typing import Final

import structlog
from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from saleor_amazon_app.mirror.failures import SaleorFailure
from saleor_amazon_app.saleor.errors import AccessDenied
from saleor_amazon_app.saleor.installing import verify_installation
from saleor_amazon_app.saleor.manifest import build_manifest
from saleor_amazon_app.store.tenants import save_installation
from saleor_amazon_app.web.context import services

log = structlog.get_logger(__name__)
blueprint = Blueprint("installation", __name__)

_LONGEST_TOKEN: Final = 512


@blueprint.get("/api/manifest")
def manifest() -> Response:
    version = request.headers.get("Saleor-Schema-Version")
    return jsonify(build_manifest(services().settings.base_url, version))


@blueprint.post("/api/register")
def register() -> ResponseReturnValue:
    """Take a shop's token: allow-list first, then proof, and only then the store."""
    api_url = request.headers.get("Saleor-Api-Url", "")
    if not services().settings.allows(api_url):
        return _refuse(
            HTTPStatus.FORBIDDEN,
            "SALEOR_URL_PROHIBITED",
            "This app does not serve your shop. Ask its operator to add the shop's API address.",
        )
    token = _token()
    if token is None:
        return _refuse(HTTPStatus.BAD_REQUEST, "NO_TOKEN", "The request holds no auth_token.")
    try:
        installation = verify_installation(api_url, token)
    except AccessDenied:
        text = "The shop did not confirm the token. Install the app again."
        return _refuse(HTTPStatus.UNAUTHORIZED, "UNKNOWN_APP_ID", text)
    except SaleorFailure as failure:
        code = "JWKS_NOT_AVAILABLE" if failure.code == "jwks" else "SALEOR_NOT_AVAILABLE"
        text = f"The app cannot reach your shop at {api_url}: {failure.message}"
        return _refuse(HTTPStatus.UNAUTHORIZED, code, text)
    with services().database.system() as session:
        tenant_id = save_installation(
            session,
            api_url=installation.api_url,
            app_id=installation.app_id,
            token=services().vault.seal(installation.token),
            jwks=installation.jwks,
            now=services().now(),
        )
    log.info("installed", tenant=tenant_id, saleor=api_url, version=installation.version)
    return jsonify(success=True)


def _token() -> str | None:
    body = request.get_json(silent=True)
    token = body.get("auth_token") if isinstance(body, dict) else None
    return token if isinstance(token, str) and 0 < len(token) <= _LONGEST_TOKEN else None


def _refuse(status: HTTPStatus, code: str, message: str) -> ResponseReturnValue:
    log.info("installation refused", code=code)
    return jsonify(success=False, error={"code": code, "message": message}), status
