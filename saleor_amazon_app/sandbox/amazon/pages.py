"""A look at the simulated Seller Central: the orders as the seller would see them."""

import json
from http import HTTPStatus

from flask import Blueprint, Response, make_response, render_template, request

from saleor_amazon_app.sandbox.amazon.control import summary
from saleor_amazon_app.sandbox.amazon.state import Json, State

_MOST: int = 500


def blueprint(state: State) -> Blueprint:
    pages = Blueprint("pages", __name__, template_folder="templates")

    @pages.get("/")
    def orders() -> str:
        query = request.args.get("q", "").strip()
        with state.lock:
            rows = [summary(state, stored) for stored in state.orders.values()]
        found = sorted(_filter(rows, query), key=lambda row: row["created"], reverse=True)
        shown = found[:_MOST]
        return render_template(
            "orders.html", rows=shown, query=query, found=len(found), total=len(rows)
        )

    @pages.get("/order/<order_id>")
    def order(order_id: str) -> Response:
        with state.lock:
            stored = state.orders.get(order_id)
            row = summary(state, stored) if stored else None
            text = json.dumps(stored.order, indent=2, ensure_ascii=False) if stored else ""
        page = render_template(
            "order.html", number=order_id, row=row, text=text, order=stored and stored.order
        )
        return make_response(page, HTTPStatus.OK if stored else HTTPStatus.NOT_FOUND)

    return pages


def _filter(rows: list[Json], query: str) -> list[Json]:
    """Keep the orders in which every word of the query occurs."""
    words = query.lower().split()
    return [row for row in rows if all(word in _text(row) for word in words)]


def _text(row: Json) -> str:
    party = "fba" if row["fulfilled_by"] == "AMAZON" else "fbm"
    return " ".join(str(value) for value in (*row.values(), party)).lower()
