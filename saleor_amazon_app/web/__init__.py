"""The Flask application: thin blueprints over the rest."""

from typing import Final

from flask import Flask, Response

from saleor_amazon_app.sync.services import Services
from saleor_amazon_app.web import health, installation, pages, webhooks

_MAX_BODY: Final = 1024 * 1024


def create_app(services: Services) -> Flask:
    """Make the WSGI application for a process that has these services."""
    app = Flask(__name__, static_url_path="/static")
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY
    app.extensions["services"] = services
    for blueprint in (
        installation.blueprint,
        webhooks.blueprint,
        health.blueprint,
        pages.blueprint,
    ):
        app.register_blueprint(blueprint)
    app.after_request(_protect)
    return app


def _protect(response: Response) -> Response:
    """Forbid by default what a page of this app never needs."""
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    return response
