"""Orders API 2026-01-01: searchOrders and getOrder."""

from typing import Any

from flask import Blueprint, Response

from saleor_amazon_app.sandbox.amazon.clock import iso, normal
from saleor_amazon_app.sandbox.amazon.disclosure import disclose, strip_pii
from saleor_amazon_app.sandbox.amazon.errors import denied, not_found
from saleor_amazon_app.sandbox.amazon.faults import FaultKind
from saleor_amazon_app.sandbox.amazon.gateway import Call, answer
from saleor_amazon_app.sandbox.amazon.limits import GET_ORDER, SEARCH_ORDERS
from saleor_amazon_app.sandbox.amazon.mishaps import strike
from saleor_amazon_app.sandbox.amazon.query import Place, Search, data_sets, next_token, search
from saleor_amazon_app.sandbox.amazon.state import State, StoredOrder

Json = dict[str, Any]


def blueprint(state: State) -> Blueprint:
    pages = Blueprint("orders", __name__)

    @pages.get("/orders/2026-01-01/orders")
    def search_orders() -> Response:
        return answer(state, SEARCH_ORDERS, _search_orders)

    @pages.get("/orders/2026-01-01/orders/<order_id>")
    def get_order(order_id: str) -> Response:
        return answer(state, GET_ORDER, lambda call: _get_order(call, order_id))

    return pages


def _search_orders(call: Call) -> Json:
    now = call.state.clock.now()
    asked = search(call.args, call.seller, now)
    found = _after(asked, _matching(call, asked))
    page = found[: asked.limit]
    shown = [disclose(order, asked.data_sets, call.seller, iso(now)) for order in page]
    _let_page_suffer(call, shown)
    body: Json = {"orders": shown, asked.before_name: asked.before}
    if len(found) > len(page):
        token = next_token(asked, _place(asked, page[-1]), now)
        body["pagination"] = {"nextToken": token}
    return body


def _get_order(call: Call, order_id: str) -> Json:
    wanted = data_sets(call.args, call.seller)
    stored = call.state.orders.get(order_id)
    if stored is None or stored.seller_id != call.seller.seller_id:
        raise not_found(order_id)
    if stored.order["salesChannel"].get("marketplaceId") in call.seller.denied_marketplaces:
        raise denied()
    shown = disclose(stored.order, wanted, call.seller, call.state.now_text())
    _let_page_suffer(call, [shown])
    return {"order": shown}


def _matching(call: Call, asked: Search) -> list[Json]:
    mine = call.state.orders_of(call.seller.seller_id)
    return [stored.order for stored in mine if _matches(call, asked, stored)]


def _matches(call: Call, asked: Search, stored: StoredOrder) -> bool:
    order = stored.order
    fulfillment = order.get("fulfillment", {})
    return (
        asked.after <= _time(order, asked.by) <= asked.before
        and order["salesChannel"].get("marketplaceId") in asked.marketplaces
        and _chosen(fulfillment.get("fulfillmentStatus"), asked.statuses)
        and _chosen(fulfillment.get("fulfilledBy"), asked.fulfilled_by)
        and not _hidden(call, asked, stored.order_id)
    )


def _chosen(value: str | None, choice: frozenset[str]) -> bool:
    return not choice or value in choice


def _hidden(call: Call, asked: Search, order_id: str) -> bool:
    """Hide only from the search by update time (amzn/selling-partner-api-models#3945)."""
    by_update = asked.by == "lastUpdatedTime"
    return by_update and call.state.faults.hides(order_id, call.aim, call.state.now_text())


def _after(asked: Search, orders: list[Json]) -> list[Json]:
    """Put orders in sequence and drop those that earlier pages held.

    A page begins after the last order's place and not at a number, so that orders which change
    between two pages shift none of the others.
    """
    keyed = sorted(((_time(o, asked.by), o["orderId"]), o) for o in orders)
    last = (asked.place.time, asked.place.order_id) if asked.place else ("", "")
    return [order for key, order in keyed if key > last]


def _place(asked: Search, order: Json) -> Place:
    return Place(_time(order, asked.by), order["orderId"])


def _time(order: Json, name: str) -> str:
    return normal(order[name])


def _let_page_suffer(call: Call, orders: list[Json]) -> None:
    if strike(call.state, FaultKind.STRIP_PII, call.aim):
        for order in orders:
            strip_pii(order)
    if strike(call.state, FaultKind.UNKNOWN_FIELD, call.aim):
        for order in orders:
            _add_unknown_field(order)
    if strike(call.state, FaultKind.UNKNOWN_ENUM, call.aim):
        for order in orders:
            _add_unknown_values(order)


def _add_unknown_field(order: Json) -> None:
    order["promiseHints"] = {"hint": ["of", "the", "future"]}
    for item in order["orderItems"]:
        item["futureField"] = 1


def _add_unknown_values(order: Json) -> None:
    order.setdefault("programs", []).append("PROGRAM_OF_TOMORROW")
    if "fulfillment" in order:
        order["fulfillment"]["fulfillmentServiceLevel"] = "BY_DRONE"
    address = order.get("recipient", {}).get("deliveryAddress")
    if address:
        address["addressType"] = "ORBIT"
