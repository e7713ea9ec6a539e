"""For load balancers and monitors: is the process alive, can it do its work?"""

from http import HTTPStatus

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from saleor_amazon_app.sync import checks
from saleor_amazon_app.web.context import services

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> ResponseReturnValue:
    return jsonify(status="ok")


@blueprint.get("/readyz")
def ready() -> ResponseReturnValue:
    """Tell whether database, tables and Redis are there; 503 names what is not."""
    found = [check.run(services()) for check in checks.LOCAL]
    good = all(finding.ok for finding in found)
    body = {finding.name: "ok" if finding.ok else "failed" for finding in found}
    return jsonify(body), HTTPStatus.OK if good else HTTPStatus.SERVICE_UNAVAILABLE
