"""The browser's way to Amazon's consent page and back: pages of their own, outside the Dashboard.

The one cookie of the app lives here, for half an hour and for these addresses alone: it binds the
way back to the browser that set out (RFC 6749, section 10.12). The first page names the shop and
the person, so that nobody connects their account to a shop that they do not know.
"""

from datetime import UTC
from http import HTTPStatus
from typing import Final

import structlog
from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.sync import jobs
from saleor_amazon_app.sync.consents import STATE_LIFE, Consents
from saleor_amazon_app.sync.speaking import LANGUAGES, Speaker
from saleor_amazon_app.web.context import services

log = structlog.get_logger(__name__)
blueprint = Blueprint("consent", __name__, url_prefix="/api/amazon")

_COOKIE: Final = "amazon_consent"
_LONGEST: Final = 512


@blueprint.errorhandler(AppFailure)
def _tell(failure: AppFailure) -> ResponseReturnValue:
    log.info("connection not made", code=failure.code, side=failure.side)
    return _page("consent_failed.html", failure=failure), HTTPStatus.BAD_REQUEST


@blueprint.get("/connect")
def connect() -> Response:
    """Say what is about to be connected, and lead to Amazon."""
    ticket = _argument("ticket")
    return _page("consent.html", wish=Consents(services()).look_at(ticket), ticket=ticket)


@blueprint.get("/go")
def go() -> Response:
    """Use the ticket up and go to Amazon's consent page."""
    url, cookie = Consents(services()).use(_argument("ticket"))
    answer = make_response(redirect(url, HTTPStatus.SEE_OTHER))
    answer.set_cookie(
        _COOKIE,
        cookie,
        max_age=STATE_LIFE,
        path=str(blueprint.url_prefix),
        secure=services().settings.base_url.startswith("https:"),
        httponly=True,
        samesite="Lax",
    )
    return _unstored(answer)


@blueprint.get("/login")
def log_in() -> Response:
    """Send back a browser that Amazon sent here to log in: the app knows it by its cookie."""
    url = Consents(services()).on_log_in(
        request.cookies.get(_COOKIE, ""),
        _argument("amazon_callback_uri"),
        _argument("amazon_state"),
    )
    return _unstored(make_response(redirect(url, HTTPStatus.SEE_OTHER)))


@blueprint.get("/callback")
def callback() -> Response:
    """Connect the account that consented."""
    wish, account_id = Consents(services()).finish(
        request.cookies.get(_COOKIE, ""),
        _argument("state"),
        _argument("selling_partner_id"),
        _argument("spapi_oauth_code"),
    )
    jobs.wake(services().redis, jobs.sweep_account, wish.tenant_id, account_id, "updates")
    answer = _page("consent_done.html", wish=wish)
    answer.delete_cookie(_COOKIE, path=str(blueprint.url_prefix))
    return answer


def _argument(name: str) -> str:
    return request.args.get(name, "")[:_LONGEST]


def _page(template: str, **shown: object) -> Response:
    """Render a page in the browser's language, since it lies outside the Dashboard."""
    language = request.accept_languages.best_match(LANGUAGES, LANGUAGES[0])
    speaker = Speaker(language, UTC)

    def said(code: str, **params: str) -> str:
        return speaker.say(say(code, **params))

    page = render_template(template, speaker=speaker, said=said, **shown)
    return _unstored(make_response(page))


def _unstored(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
