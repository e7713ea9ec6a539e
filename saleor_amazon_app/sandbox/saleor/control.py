"""The control API: what a test or a demo asks of the simulator, which no real Saleor has."""

from dataclasses import asdict
from typing import Any, Final

from flask import Blueprint, Response, current_app, jsonify, request

from saleor_amazon_app.sandbox.saleor import api, installing
from saleor_amazon_app.sandbox.saleor.faults import DeliveryFault, Fault
from saleor_amazon_app.sandbox.saleor.ids import InvalidId, from_global, to_global
from saleor_amazon_app.sandbox.saleor.model import App, Stock
from saleor_amazon_app.sandbox.saleor.order_json import order_json
from saleor_amazon_app.sandbox.saleor.served import SCHEMA
from saleor_amazon_app.sandbox.saleor.shop import add_stock, add_variant
from saleor_amazon_app.sandbox.saleor.shop_model import Settings
from saleor_amazon_app.sandbox.saleor.state import Happening, Principal, State
from saleor_amazon_app.sandbox.saleor.webhooks import Dispatcher

blueprint: Final = Blueprint("control", __name__, url_prefix="/control")
Json = dict[str, Any]


class Wrong(Exception):
    """The request makes no sense; the text says why."""


def _state() -> State:
    state: State = current_app.extensions["state"]
    return state


def _dispatcher() -> Dispatcher:
    dispatcher: Dispatcher = current_app.extensions["dispatcher"]
    return dispatcher


def _staff() -> Principal:
    """The member of staff who uses the Dashboard, and may do everything."""
    named: Any = SCHEMA.type_map["PermissionEnum"]
    return Principal(user=_state().shop.users[1], permissions=frozenset(named.values))


def _told() -> Json:
    told = request.get_json(silent=True)
    return told if isinstance(told, dict) else {}


@blueprint.errorhandler(Wrong)
def _wrong(error: Wrong) -> tuple[Response, int]:
    return jsonify(error=str(error)), 400


@blueprint.errorhandler(installing.Failed)
def _failed(error: installing.Failed) -> tuple[Response, int]:
    return jsonify(status="FAILED", message=str(error)), 422


# --- staff --------------------------------------------------------------------------------------


@blueprint.post("/act")
def act() -> tuple[Response, int]:
    """Run a GraphQL document as a member of staff; it is neither counted nor struck by faults."""
    told = api.read(request.get_data())
    found = told if isinstance(told, api.Answer) else api.answer(_state(), _staff(), told)
    return jsonify(found.body), found.status


# --- apps ---------------------------------------------------------------------------------------


@blueprint.post("/install")
def install() -> tuple[Response, int]:
    told = _told()
    app = installing.install(_state(), str(told.get("manifestUrl")), told.get("permissions"))
    return jsonify(_app_json(app)), 201


@blueprint.get("/apps")
def apps() -> Response:
    return jsonify([_app_json(app) for app in list(_state().shop.apps.values())])


def _app_json(app: App) -> Json:
    return {
        "id": to_global("App", app.id),
        "identifier": app.identifier,
        "name": app.name,
        "version": app.version,
        "token": app.token,
        "isActive": app.is_active,
        "permissions": app.permissions,
        "problems": [{"key": p.key, "message": p.message, "count": p.count} for p in app.problems],
        "webhooks": [
            {"name": w.name, "events": w.events, "targetUrl": w.target_url, "isActive": w.is_active}
            for w in app.webhooks
        ],
    }


def _app_of(text: str) -> App:
    """Find an app by its global id or its number."""
    try:
        key = text if text.isdigit() else from_global(text, "App")[1]
    except InvalidId as error:
        raise Wrong(str(error)) from error
    app = _state().shop.apps.get(int(key))
    if app is None:
        raise Wrong(f"No app has the id {text}.")
    return app


@blueprint.post("/apps/<key>/delete")
def delete_app(key: str) -> tuple[str, int]:
    app = _app_of(key)
    installing.delete(_state(), app)
    _dispatcher().tell(Happening("APP_DELETED", _staff(), app_id=app.id), leaving=app)
    return "", 204


@blueprint.post("/apps/<key>/deactivate")
def deactivate_app(key: str) -> tuple[str, int]:
    installing.set_active(_state(), _app_of(key), _staff(), active=False)
    return "", 204


@blueprint.post("/apps/<key>/activate")
def activate_app(key: str) -> tuple[str, int]:
    installing.set_active(_state(), _app_of(key), _staff(), active=True)
    return "", 204


@blueprint.post("/tokens")
def mint_token() -> Response:
    """Mint the token the Dashboard gives to an app for a member of staff."""
    state, told = _state(), _told()
    found = list(state.shop.apps.values())
    if not found:
        raise Wrong("No app is installed.")
    app = _app_of(told["app"]) if told.get("app") else found[-1]
    given = told.get("permissions")
    permissions = [*app.permissions, "MANAGE_APPS"] if given is None else given
    user = state.shop.users[1]
    token = state.keys.dashboard_token(app, user, permissions, state.api_url)
    return jsonify(token=token, app=to_global("App", app.id), apiUrl=state.api_url)


# --- orders -------------------------------------------------------------------------------------


@blueprint.get("/orders")
def orders() -> Response:
    state = _state()
    return jsonify([order_json(state, order) for order in list(state.shop.orders.values())])


@blueprint.get("/mails")
def mails() -> Response:
    """All mails the real server would have sent to customers."""
    return jsonify([asdict(mail) | {"sent": mail.sent.isoformat()} for mail in _state().shop.mails])


# --- stock --------------------------------------------------------------------------------------


@blueprint.get("/stocks")
def stocks() -> Response:
    state = _state()
    return jsonify([_stock_json(state, stock) for stock in list(state.shop.stocks.values())])


def _stock_json(state: State, stock: Stock) -> Json:
    return {
        "sku": state.shop.variants[stock.variant_id].sku,
        "warehouse": to_global("Warehouse", stock.warehouse_id),
        "quantity": stock.quantity,
        "allocated": stock.quantity_allocated,
    }


@blueprint.post("/stocks")
def set_stock() -> Response:
    """Set a quantity, or remove the row with ``null``."""
    state, told = _state(), _told()
    variant = state.variant(str(told.get("sku")))
    if variant is None or "quantity" not in told:
        raise Wrong("Send a known sku and a quantity.")
    with state.transaction():
        stock = state.stock(variant.id, state.shop.warehouses[0].id)
        if told["quantity"] is None:
            if stock:
                del state.shop.stocks[stock.id]
        else:
            stock = stock or add_stock(state.shop, variant, 0)
            stock.quantity = int(told["quantity"])
        state.reindex_stock()
    return stocks()


@blueprint.post("/variants")
def new_variant() -> tuple[Response, int]:
    """Add a product with a variant."""
    state, told = _state(), _told()
    sku = str(told.get("sku") or "")
    if not sku or state.variant(sku):
        raise Wrong("Send a sku that no variant has.")
    with state.transaction():
        variant = add_variant(state.shop, sku, told.get("name") or sku, told.get("quantity", 100))
        state.reindex_stock()
    return jsonify(id=to_global("ProductVariant", variant.id), sku=sku), 201


# --- the simulator ------------------------------------------------------------------------------


@blueprint.get("/calls")
def calls() -> Response:
    return jsonify(dict(_state().calls))


@blueprint.delete("/calls")
def reset_calls() -> tuple[str, int]:
    _state().calls.clear()
    return "", 204


@blueprint.get("/settings")
def settings() -> Response:
    state = _state()
    return jsonify(asdict(state.shop.settings) | {"clock_speed": state.clock_speed})


@blueprint.post("/settings")
def change_settings() -> Response:
    """Change some of the settings."""
    state, told = _state(), _told()
    speed = told.pop("clock_speed", state.clock_speed)
    try:
        changed = Settings(**(asdict(state.shop.settings) | told))
    except TypeError as error:
        raise Wrong(str(error)) from error
    with state.transaction():
        state.shop.settings, state.clock_speed = changed, float(speed)
    return settings()


@blueprint.get("/faults")
def faults() -> Response:
    return jsonify(_state().faults.as_json())


@blueprint.post("/faults")
def add_fault() -> tuple[Response, int]:
    try:
        _state().faults.add(Fault.from_json(_told()))
    except (ValueError, TypeError) as error:
        raise Wrong(str(error)) from error
    return faults(), 201


@blueprint.delete("/faults")
def clear_faults() -> tuple[str, int]:
    _state().faults.clear()
    return "", 204


@blueprint.get("/deliveries")
def deliveries() -> Response:
    """Webhooks on their way or done, with the attempts."""
    return jsonify([delivery.as_json() for delivery in list(_dispatcher().deliveries)])


@blueprint.get("/deliveries/faults")
def delivery_faults() -> Response:
    return jsonify(_state().delivery_faults.as_json())


@blueprint.post("/deliveries/faults")
def add_delivery_fault() -> tuple[Response, int]:
    try:
        _state().delivery_faults.add(DeliveryFault.from_json(_told()))
    except (ValueError, TypeError) as error:
        raise Wrong(str(error)) from error
    return delivery_faults(), 201


@blueprint.delete("/deliveries/faults")
def clear_delivery_faults() -> tuple[str, int]:
    _state().delivery_faults.clear()
    return "", 204
