"""The simulator's own API, for tests and the demo: what happens at Amazon, and what was called.

Everything is JSON under ``/control/``. Nothing here exists at Amazon.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify, request

from saleor_amazon_app.sandbox.amazon.balance import paid
from saleor_amazon_app.sandbox.amazon.changes import change
from saleor_amazon_app.sandbox.amazon.clock import parse_iso
from saleor_amazon_app.sandbox.amazon.faults import Fault
from saleor_amazon_app.sandbox.amazon.generator import generate
from saleor_amazon_app.sandbox.amazon.ledger import refunded, unit
from saleor_amazon_app.sandbox.amazon.lwa import issue_code
from saleor_amazon_app.sandbox.amazon.state import State, StoredOrder

Json = dict[str, Any]

_EXAMPLES = ("orders_2026-01-01.searchOrders", "orders_2026-01-01.getOrder")


def blueprint(state: State) -> Blueprint:
    pages = Blueprint("control", __name__, url_prefix="/control")
    pages.register_error_handler(KeyError, _missing)
    pages.register_error_handler(ValueError, _wrong)
    pages.register_error_handler(TypeError, _wrong)
    _sellers(pages, state)
    _orders(pages, state)
    _weather(pages, state)
    return pages


def _missing(error: Exception) -> tuple[Response, int]:
    return jsonify(error=f"There is no {error}."), HTTPStatus.NOT_FOUND


def _wrong(error: Exception) -> tuple[Response, int]:
    return jsonify(error=str(error)), HTTPStatus.BAD_REQUEST


def _sellers(pages: Blueprint, state: State) -> None:
    @pages.get("/sellers")
    def list_sellers() -> Response:
        with state.lock:
            return jsonify([seller.as_json() for seller in state.sellers.values()])

    @pages.post("/sellers")
    def add_seller() -> Response:
        return jsonify(state.add_seller(**_body()).as_json())

    @pages.post("/sellers/<seller_id>/revoke")
    def revoke(seller_id: str) -> Response:
        return _set_revoked(state, seller_id, revoked=True)

    @pages.post("/sellers/<seller_id>/restore")
    def restore(seller_id: str) -> Response:
        return _set_revoked(state, seller_id, revoked=False)

    @pages.post("/sellers/<seller_id>/authorize")
    def authorize(seller_id: str) -> Response:
        seller = state.sellers[seller_id]
        return jsonify(spapi_oauth_code=issue_code(state, seller.seller_id))


def _orders(pages: Blueprint, state: State) -> None:
    @pages.get("/orders")
    def list_orders() -> Response:
        wanted = request.args.get("seller_id")
        with state.lock:
            kept = [s for s in state.orders.values() if wanted in (None, s.seller_id)]
            return jsonify([summary(state, stored) for stored in kept])

    @pages.get("/orders/<order_id>")
    def show_order(order_id: str) -> Response:
        with state.lock:
            return jsonify(asdict(state.orders[order_id]))

    @pages.post("/orders")
    def put_orders() -> Response:
        return jsonify(put=_put_orders(state, _body()))

    @pages.post("/orders/<order_id>/status")
    def change_order(order_id: str) -> Response:
        return jsonify(summary(state, change(state, order_id, _body())))

    @pages.post("/generate")
    def generate_orders() -> Response:
        return jsonify(_generate(state, **_body()))

    @pages.post("/static-cases")
    def load_examples() -> Response:
        told = _body()
        return jsonify(put=_load_examples(state, told["seller_id"], told["cases"]))


def _weather(pages: Blueprint, state: State) -> None:
    @pages.get("/calls")
    def count_calls() -> Response:
        return jsonify(calls(state))

    @pages.delete("/calls")
    def reset_calls() -> Response:
        state.calls.clear()
        return jsonify(calls(state))

    @pages.get("/faults")
    def list_faults() -> Response:
        return jsonify([asdict(fault) for fault in state.faults.faults])

    @pages.post("/faults")
    def add_fault() -> Response:
        fault = Fault.from_json(_body())
        with state.lock:
            state.faults.add(fault)
        return jsonify(asdict(fault))

    @pages.delete("/faults")
    def clear_faults() -> Response:
        with state.lock:
            state.faults.clear()
        return jsonify([])

    @pages.delete("/limits")
    def refill() -> Response:
        with state.lock:
            state.limits.reset()
        return jsonify({})

    @pages.get("/clock")
    def tell_time() -> Response:
        return jsonify(_time(state))

    @pages.post("/clock")
    def set_clock() -> Response:
        told = _body()
        if "speed" in told:
            state.clock.set_speed(float(told["speed"]))
        state.clock.advance(float(told.get("advance_seconds", 0)))
        state.on_change()
        return jsonify(_time(state))


def summary(state: State, stored: StoredOrder) -> Json:
    """Return the few fields of an order that a test or a list needs."""
    order = stored.order
    fulfillment = order.get("fulfillment", {})
    return {
        "order_id": stored.order_id,
        "seller_id": stored.seller_id,
        "marketplace": order["salesChannel"].get("marketplaceName"),
        "status": fulfillment.get("fulfillmentStatus"),
        "fulfilled_by": fulfillment.get("fulfilledBy"),
        "created": order["createdTime"],
        "updated": order["lastUpdatedTime"],
        "grand_total": order.get("proceeds", {}).get("grandTotal"),
        "refunded": str(refunded(state, stored).quantize(unit(order))),
        "paid": str(paid(state, stored).quantize(unit(order))),
        "refunded_by_mistake": stored.refunded_by_mistake,
        "case": stored.case,
        "expected": stored.expected,
        "why": stored.why,
    }


def calls(state: State) -> Json:
    """Return how often what was called, and with what outcome."""
    by_operation: Counter[str] = Counter()
    by_status: Counter[str] = Counter()
    each: dict[str, dict[str, int]] = {}
    with state.lock:
        for (operation, outcome), number in state.calls.items():
            by_operation[operation] += number
            by_status[outcome] += number
            each.setdefault(operation, {})[outcome] = number
    return {"by_operation": by_operation, "by_status": by_status, "calls": each}


def _body() -> Json:
    told = request.get_json()
    if not isinstance(told, dict):
        raise TypeError("The body must be a JSON object.")
    return told


def _set_revoked(state: State, seller_id: str, *, revoked: bool) -> Response:
    with state.lock:
        seller = state.sellers[seller_id]
        seller.revoked = revoked
        state.on_change()
    return jsonify(seller.as_json())


def _put_orders(state: State, told: Mapping[str, Any]) -> int:
    """Store orders, each bare or in an envelope with ``case``, ``expected``, ``why``, ``later``."""
    seller = state.sellers[told["seller_id"]]
    with state.lock:
        for entry in told["orders"]:
            envelope = entry if "order" in entry else {"order": entry}
            rest = {name: value for name, value in envelope.items() if name != "order"}
            state.put_order(seller.seller_id, envelope["order"], **rest)
    return len(told["orders"])


def _generate(
    state: State, seller_id: str, seed: int = 1, count: int = 100, day: str | None = None
) -> Json:
    """Make up orders in the seller's marketplaces; of yesterday, so that all of them are past."""
    seller = state.sellers[seller_id]
    when = parse_iso(day) if day else _yesterday(state)
    made = generate(seed, count, day=when, channels=seller.marketplaces)
    with state.lock:
        for each in made:
            state.put_order(
                seller_id, each.order, each.case, each.expected, each.why, later=each.later
            )
    expected = Counter(each.expected for each in made)
    return {"put": len(made), "expected": expected, "day": when.date().isoformat()}


def _yesterday(state: State) -> datetime:
    return state.clock.now() - timedelta(days=1)


def _load_examples(state: State, seller_id: str, cases: Mapping[str, Any]) -> int:
    """Give the seller the orders of Amazon's published examples, and their marketplaces."""
    seller = state.sellers[seller_id]
    orders = {order["orderId"]: order for order in _examples(cases)}
    with state.lock:
        for order in orders.values():
            state.put_order(seller_id, order, case="Amazon's example")
        sold_in = [o["salesChannel"].get("marketplaceId") for o in orders.values()]
        seller.marketplaces = tuple(dict.fromkeys((*seller.marketplaces, *filter(None, sold_in))))
        state.on_change()
    return len(orders)


def _examples(cases: Mapping[str, Any]) -> list[Json]:
    answers = [
        example["response"]
        for operation in _EXAMPLES
        for example in cases.get(operation, {}).get("static_cases", ())
        if example["status"] == HTTPStatus.OK
    ]
    return [order for a in answers for order in (*a.get("orders", ()), a.get("order")) if order]


def _time(state: State) -> Json:
    return {"now": state.now_text(), "speed": state.clock.speed}
