"""Pages: what this is, support, privacy, and the one document of the Dashboard's frame."""

from pathlib import Path
from typing import Final

from flask import Blueprint, Response, current_app, make_response, render_template, request

from saleor_amazon_app import __version__
from saleor_amazon_app.web.context import services
from saleor_amazon_app.web.framing import ancestors
from saleor_amazon_app.web.frontend import front_end

blueprint = Blueprint("pages", __name__)

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors {ancestors}"
)


@blueprint.get("/")
def home() -> str:
    manifest_url = f"{services().settings.base_url}/api/manifest"
    return render_template("home.html", manifest_url=manifest_url, version=__version__)


@blueprint.get("/app")
@blueprint.get("/app/")
@blueprint.get("/app/<path:_page>")
def frame(_page: str = "") -> Response:
    """Serve the document of all pages inside the Dashboard: it holds nothing of any shop."""
    front = front_end(Path(current_app.static_folder or ""))
    text = render_template("app.html", front=front) if front else render_template("not_built.html")
    answer = make_response(text)
    shop, referrer = request.args.get("saleorApiUrl", ""), request.headers.get("Referer", "")
    answer.headers["Content-Security-Policy"] = _POLICY.format(
        ancestors=ancestors(services(), shop, referrer)
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/support")
def support() -> str:
    return render_template("support.html", email=services().settings.support_email)


@blueprint.get("/privacy")
def privacy() -> str:
    return render_template("privacy.html", email=services().settings.support_email)
