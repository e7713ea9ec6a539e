"""The control API's part about what is written to Amazon: feeds, parcels, money, cancellations."""

import gzip
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify, request

from saleor_amazon_app.sandbox.amazon import seller_central
from saleor_amazon_app.sandbox.amazon.control import summary
from saleor_amazon_app.sandbox.amazon.feed_processing import resume
from saleor_amazon_app.sandbox.amazon.records import Feed, FeedDelay
from saleor_amazon_app.sandbox.amazon.refusals import Refused
from saleor_amazon_app.sandbox.amazon.state import State, StoredOrder

Json = dict[str, Any]


def blueprint(state: State) -> Blueprint:
    pages = Blueprint("control_writes", __name__, url_prefix="/control")
    pages.register_error_handler(KeyError, _missing)
    for kind in (ValueError, TypeError, LookupError, Refused):
        pages.register_error_handler(kind, _wrong)
    _views(pages, state)
    _settings(pages, state)
    _money_and_parcels(pages, state)
    _changes(pages, state)
    return pages


def _missing(error: Exception) -> tuple[Response, int]:
    return jsonify(error=f"There is no {error}."), HTTPStatus.NOT_FOUND


def _wrong(error: Exception) -> tuple[Response, int]:
    return jsonify(error=str(error)), HTTPStatus.BAD_REQUEST


def _views(pages: Blueprint, state: State) -> None:
    @pages.get("/feeds")
    def list_feeds() -> Response:
        with state.lock:
            return jsonify([feed_told(state, feed) for feed in state.feeds.values()])

    @pages.get("/refunds")
    def list_refunds() -> Response:
        with state.lock:
            return jsonify([vars(refund) for refund in state.refunds])

    @pages.get("/shipments")
    def list_shipments() -> Response:
        with state.lock:
            return jsonify([vars(shipment) for shipment in state.shipments])

    @pages.get("/invoices")
    def list_invoices() -> Response:
        with state.lock:
            return jsonify([vars(invoice) for invoice in state.invoices])

    @pages.get("/notifications")
    def list_notifications() -> Response:
        with state.lock:
            return jsonify([vars(each) for each in state.outgoing])

    @pages.get("/restocked")
    def list_restocked() -> Response:
        with state.lock:
            return jsonify(state.restocked)


def _settings(pages: Blueprint, state: State) -> None:
    @pages.post("/feeds/settings")
    def set_feeds() -> Response:
        told = _body()
        charset = str(told.pop("report_charset", state.report_charset))
        "".encode(charset)
        state.feed_delay = FeedDelay(**{**vars(state.feed_delay), **told})
        state.report_charset = charset
        state.on_change()
        return jsonify({**vars(state.feed_delay), "report_charset": state.report_charset})

    @pages.post("/feeds/<seller_id>/<feed_id>/resume")
    def resume_feed(seller_id: str, feed_id: str) -> Response:
        resume(state, seller_id, feed_id)
        return jsonify(feed_told(state, state.feeds[seller_id, feed_id]))

    @pages.post("/sellers/<seller_id>/invoicing")
    def set_invoicing(seller_id: str) -> Response:
        """Let Amazon write a seller's invoices, or let the seller upload them."""
        seller = state.sellers[seller_id]
        seller.invoiced_by_amazon = bool(_body().get("by_amazon", False))
        state.on_change()
        return jsonify(by_amazon=seller.invoiced_by_amazon)

    @pages.post("/finances/settings")
    def set_finances() -> Response:
        told = _body()
        state.finance_delay = float(told.get("delay_seconds", state.finance_delay))
        state.finance_fees = bool(told.get("fees", state.finance_fees))
        state.page_of_transactions = int(told.get("page_size", state.page_of_transactions))
        state.empty_pages = bool(told.get("empty_pages", state.empty_pages))
        state.on_change()
        return jsonify(
            delay_seconds=state.finance_delay,
            fees=state.finance_fees,
            page_size=state.page_of_transactions,
            empty_pages=state.empty_pages,
        )


def _money_and_parcels(pages: Blueprint, state: State) -> None:
    @pages.post("/orders/<order_id>/ship")
    def ship(order_id: str) -> Response:
        told = _body()
        names = {"carrier": "carrier", "trackingNumber": "tracking_number"}
        chosen = {names[name]: told[name] for name in names if name in told}
        return jsonify(vars(seller_central.ship(state, order_id, told.get("items"), **chosen)))

    @pages.post("/orders/<order_id>/cancel")
    def cancel(order_id: str) -> Response:
        told = _body()
        by, reason = told.get("by", "MERCHANT"), told.get("reason")
        return _summary(state, seller_central.cancel(state, order_id, by, reason))

    @pages.post("/orders/<order_id>/refund")
    def refund(order_id: str) -> Response:
        told = _body()
        items, amount, by = told.get("items"), told.get("amount"), told.get("by", "MERCHANT")
        return jsonify(vars(seller_central.refund(state, order_id, items, amount, by=by)))


def _changes(pages: Blueprint, state: State) -> None:
    @pages.post("/orders/<order_id>/request-cancel")
    def request_cancel(order_id: str) -> Response:
        reason = _body().get("reason", "BUYER_CANCELED")
        return _summary(state, seller_central.request_cancel(state, order_id, reason))

    @pages.post("/orders/<order_id>/address")
    def address(order_id: str) -> Response:
        return _summary(state, seller_central.change_address(state, order_id, _body()))

    @pages.post("/orders/<order_id>/ship-by")
    def ship_by(order_id: str) -> Response:
        latest = str(_body()["latest"])
        return _summary(state, seller_central.change_ship_by(state, order_id, latest))


def feed_told(state: State, feed: Feed) -> Json:
    """Return a feed with its document and its report as texts."""
    return {
        **vars(feed),
        "type": feed.feed_type,
        "document": _text(state, feed.document_id),
        "report": _text(state, feed.report_id),
    }


def _text(state: State, document_id: str | None) -> str | None:
    document = state.documents.get(document_id or "")
    if document is None:
        return None
    data = gzip.decompress(document.data) if document.compressed else document.data
    charset = document.content_type.rpartition("charset=")[2] if document.compressed else "utf-8"
    return data.decode(charset, "replace")


def _summary(state: State, stored: StoredOrder) -> Response:
    return jsonify(summary(state, stored))


def _body() -> Json:
    """Return the request's JSON object; nothing at all counts as an empty one."""
    told = request.get_json(silent=True) if request.data else {}
    if not isinstance(told, dict):
        raise TypeError("The body must be a JSON object.")
    return told
