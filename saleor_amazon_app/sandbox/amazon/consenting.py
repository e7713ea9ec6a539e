"""The consent page of Seller Central: a seller lets an app in, and the browser goes back to it.

Source: SP-API documentation, "Website authorization workflow". The real page asks for a log-in
first; here a seller is chosen. It also knows which redirect URIs are registered; here any is.
"""

from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request

from saleor_amazon_app.sandbox.amazon.lwa import issue_code
from saleor_amazon_app.sandbox.amazon.state import State

_PREFIXES = ("amzn1.sellerapps.app.", "amzn1.sp.solution.")


def blueprint(state: State) -> Blueprint:
    pages = Blueprint("consenting", __name__, template_folder="templates")

    @pages.get("/apps/authorize/consent")
    def ask() -> Response:
        if error := _error():
            return _page(HTTPStatus.BAD_REQUEST, error=error)
        with state.lock:
            sellers = list(state.sellers.values())
        return _page(HTTPStatus.OK, sellers=sellers, application_id=request.args["application_id"])

    @pages.post("/apps/authorize/consent")
    def confirm() -> Response:
        seller_id = request.form.get("seller", "")
        if error := _error() or ("" if seller_id in state.sellers else "There is no such seller."):
            return _page(HTTPStatus.BAD_REQUEST, error=error)
        told = {
            "state": request.args["state"],
            "selling_partner_id": seller_id,
            "spapi_oauth_code": issue_code(state, seller_id),
        }
        url = f"{request.args['redirect_uri']}?{urlencode(told)}"
        return make_response(redirect(url, HTTPStatus.FOUND))

    return pages


def _error() -> str:
    """Say what the page is missing; empty if nothing is."""
    if not request.args.get("application_id", "").startswith(_PREFIXES):
        return "The application id is missing or not known."
    if not request.args.get("state"):
        return "The state is missing."
    if urlsplit(request.args.get("redirect_uri", "")).scheme not in ("http", "https"):
        return "The redirect URI is missing."
    return ""


def _page(status: HTTPStatus, **shown: object) -> Response:
    return make_response(render_template("consent.html", **shown), status)
