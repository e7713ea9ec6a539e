"""The Dashboard's side of the frame: a page that hosts apps as Saleor's Dashboard 3.23 does.

The page is a handful of modules in ``static/dashboard``; the protocol between it and an app is in
``frame.js`` and ``actions.js``, which follow the Dashboard's AppFrame and appActionsHandler. What
the page needs to know, and the tokens that it hands to apps, come from here.
"""

from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request

from saleor_amazon_app.sandbox.saleor.extensions import Extension
from saleor_amazon_app.sandbox.saleor.ids import InvalidId, from_global, to_global
from saleor_amazon_app.sandbox.saleor.model import App
from saleor_amazon_app.sandbox.saleor.state import State

blueprint: Final = Blueprint("dashboard", __name__, url_prefix="/dashboard", static_folder="static")
Json = dict[str, Any]


def _state() -> State:
    state: State = current_app.extensions["state"]
    return state


@blueprint.get("/")
@blueprint.get("/<path:_route>")
def page(_route: str = "") -> str:
    """The one document of the Dashboard; its script reads the route from the address."""
    return render_template("simulated_saleor/dashboard.html")


@blueprint.get("/session")
def session() -> Response:
    """What the Dashboard knows once somebody has logged in."""
    state = _state()
    user = state.shop.users[1]
    return jsonify(
        apiUrl=state.api_url,
        version=state.shop.settings.version,
        user={"email": user.email, "firstName": user.first_name},
        apps=[_app_json(app) for app in list(state.shop.apps.values()) if app.is_active],
    )


@blueprint.post("/token")
def token() -> Response:
    """Mint a token for an app or one of its extensions, with what the member of staff may do."""
    state, told = _state(), request.get_json()
    app = _app(str(told.get("app")))
    extension = _extension(app, told.get("extension"))
    minted = state.keys.dashboard_token(
        app,
        state.shop.users[1],
        [str(name) for name in told.get("permissions", [])],
        state.api_url,
        life=timedelta(seconds=state.shop.settings.app_token_seconds),
        extension=extension,
    )
    return jsonify(token=minted)


def _app(text: str) -> App:
    try:
        found = _state().shop.apps.get(int(from_global(text, "App")[1]))
    except (InvalidId, ValueError):
        found = None
    return found or abort(404)


def _extension(app: App, text: str | None) -> Extension | None:
    if text is None:
        return None
    found = [e for e in app.extensions if to_global("AppExtension", e.id) == text]
    return found[0] if found else abort(404)


def _app_json(app: App) -> Json:
    return {
        "id": to_global("App", app.id),
        "identifier": app.identifier,
        "name": app.name,
        "appUrl": app.app_url,
        "extensions": [_extension_json(extension, app) for extension in app.extensions],
        "problems": [
            {"message": p.message, "count": p.count, "isCritical": p.is_critical}
            for p in app.problems
        ],
    }


def _extension_json(extension: Extension, app: App) -> Json:
    return {
        "id": to_global("AppExtension", extension.id),
        "label": extension.label,
        "url": extension.url_told(app.app_url),
        "mount": extension.mount,
        "target": extension.target,
        "permissions": extension.permissions,
        "options": extension.options,
        "identifier": extension.identifier,
    }
