"""The few pages that need no login: what this is, support, privacy, and the frame's first page."""

from flask import Blueprint, render_template

from saleor_amazon_app import __version__
from saleor_amazon_app.web.context import services

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> str:
    manifest_url = f"{services().settings.base_url}/api/manifest"
    return render_template("home.html", manifest_url=manifest_url, version=__version__)


@blueprint.get("/app")
@blueprint.get("/app/orders")
def frame() -> tuple[str, dict[str, str]]:
    """The page inside the Dashboard. It shows nothing of a shop, so any Dashboard may frame it."""
    policy = "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors *"
    return render_template("app.html"), {"Content-Security-Policy": policy}


@blueprint.get("/support")
def support() -> str:
    return render_template("support.html", email=services().settings.support_email)


@blueprint.get("/privacy")
def privacy() -> str:
    return render_template("privacy.html", email=services().settings.support_email)
