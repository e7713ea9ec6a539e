"""The Flask application: thin blueprints over the rest, and the JSON API of the pages."""

from typing import Final

from flask import Response, request
from flask_openapi3 import OpenAPI

from saleor_amazon_app.sync.services import Services
from saleor_amazon_app.web import api, consent, health, installation, metrics, pages, webhooks
from saleor_amazon_app.web.api import problems

_HASHED: Final = "/static/app/assets/"
"""Files whose names change with their contents."""
_MAX_BODY: Final = 1024 * 1024


def create_app(services: Services) -> OpenAPI:
    """Make the WSGI application for a process that has these services."""
    app = make_app()
    app.extensions["services"] = services
    return app


def make_app() -> OpenAPI:
    """Make the application without services: good for describing itself, and nothing else."""
    app = OpenAPI(
        __name__,
        info=api.INFO,
        security_schemes=api.SECURITY,
        validation_error_model=problems.Problem,
        validation_error_callback=problems.invalid,
        doc_ui=False,
        static_url_path="/static",
    )
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY
    for blueprint in (
        installation.blueprint,
        webhooks.blueprint,
        consent.blueprint,
        health.blueprint,
        metrics.blueprint,
        pages.blueprint,
    ):
        app.register_blueprint(blueprint)
    api.register(app)
    problems.register(app)
    app.after_request(_protect)
    return app


def _protect(response: Response) -> Response:
    """Forbid by default what a page of this app never needs."""
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'",
    )
    if request.path.startswith(_HASHED):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    return response
