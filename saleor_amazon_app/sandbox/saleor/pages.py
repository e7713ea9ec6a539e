"""Pages to look at: the shop's orders and stock, as a merchant would see them in the Dashboard."""

from decimal import Decimal
from typing import Any, Final

from flask import Blueprint, abort, current_app, render_template, request

from saleor_amazon_app.sandbox.saleor import money
from saleor_amazon_app.sandbox.saleor.connections import matches
from saleor_amazon_app.sandbox.saleor.model import Address, Order
from saleor_amazon_app.sandbox.saleor.state import State

blueprint: Final = Blueprint("pages", __name__)
_ON_A_PAGE: Final = 100
_FOLDER: Final = "simulated_saleor"
_GOOD: Final = frozenset({"FULFILLED", "FULL"})
_BAD: Final = frozenset({"CANCELED", "NONE", "OVERCHARGED"})


def _state() -> State:
    state: State = current_app.extensions["state"]
    return state


@blueprint.app_template_filter("words")
def words(code: str) -> str:
    """Spell a code for people."""
    return code.replace("_", " ").capitalize()


@blueprint.app_template_filter("tone")
def tone(code: str) -> str:
    """Return the colour of a status."""
    if code in _GOOD:
        return "good"
    return "bad" if code in _BAD else "open"


@blueprint.app_template_filter("money")
def spelled(amount: Decimal, currency: str) -> str:
    return f"{money.quantized(amount, currency):,} {currency}"


@blueprint.app_template_filter("name")
def name(address: Address | None) -> str:
    if address is None:
        return ""
    return f"{address.first_name} {address.last_name}".strip() or address.company_name


@blueprint.get("/")
def orders() -> str:
    """List the newest orders, or those a search finds."""
    text = request.args.get("q", "").strip()
    found = list(reversed(_state().shop.orders.values()))
    if text:
        found = [order for order in found if matches(order, text)]
    return render_template(
        f"{_FOLDER}/orders.html", orders=found[:_ON_A_PAGE], count=len(found), q=text
    )


@blueprint.get("/orders/<key>")
def order(key: str) -> str:
    state = _state()
    found = state.order(key)
    if found is None:
        abort(404)
    return render_template(
        f"{_FOLDER}/order.html",
        order=found,
        channel=next(c for c in state.shop.channels if c.slug == found.channel_slug),
        tax=found.total.gross - found.total.net,
        discount=found.undiscounted_total.gross - found.total.gross,
        charged=money.charged(found),
        refunded=money.refunded(found),
        history=_history(state, found),
        lines={line.id: line for line in found.lines},
    )


def _history(state: State, order: Order) -> list[dict[str, Any]]:
    """Return the history, newest first, with the names of those who made it."""
    rows = []
    for entry in reversed(order.events):
        app = state.shop.apps.get(entry.app_id or 0)
        user = state.shop.users.get(entry.user_id or 0)
        by = app.name if app else (user.email if user else "")
        rows.append({"type": entry.type, "date": entry.date, "text": entry.message, "by": by})
    return rows


@blueprint.get("/stock")
def stock() -> str:
    shop = _state().shop
    rows = [
        {
            "sku": shop.variants[row.variant_id].sku,
            "product": shop.products[shop.variants[row.variant_id].product_id].name,
            "variant": shop.variants[row.variant_id].name,
            "quantity": row.quantity,
            "allocated": row.quantity_allocated,
        }
        for row in list(shop.stocks.values())
    ]
    return render_template(f"{_FOLDER}/stock.html", rows=rows, warehouse=shop.warehouses[0].name)
