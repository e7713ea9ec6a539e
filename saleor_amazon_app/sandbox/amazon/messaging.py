"""Messaging API v1: what a buyer can be written about an order, and what was written.

Sources: the model ``messaging``, the SP-API pages "Messaging API" (availability depends on "whether
the order has been fulfilled, the type of seller, or the number of messages already sent") and "Send
a message" (role Buyer Communication), and the issues named below. Which kinds an order has is
documented nowhere; the reading taken here follows each operation's description. Not simulated: a
limit on the number of messages, files (the Uploads API), and whatever Amazon's own filters do to a
text that it has taken.
"""

from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request

from saleor_amazon_app.sandbox.amazon.errors import SpApiError, denied, invalid, not_found
from saleor_amazon_app.sandbox.amazon.gateway import Call, answer, json_body
from saleor_amazon_app.sandbox.amazon.limits import GET_ATTRIBUTES, GET_MESSAGING_ACTIONS, WRITE
from saleor_amazon_app.sandbox.amazon.order_facts import marketplace
from saleor_amazon_app.sandbox.amazon.records import BuyerMessage
from saleor_amazon_app.sandbox.amazon.sellers import LANGUAGES
from saleor_amazon_app.sandbox.amazon.state import MESSAGING_ROLE, State, StoredOrder
from saleor_amazon_app.sandbox.catalogue import SALES_CHANNELS

Json = dict[str, Any]

_PATH: Final = "/messaging/v1/orders/<order_id>"
_LONGEST: Final = {"confirmCustomizationDetails": 800, "digitalAccessKey": 400}
_MOST: Final = 2000
_WITH_FILES: Final = ("confirmCustomizationDetails", "digitalAccessKey")
_NO_COMBINATION: Final = "Invalid amazonOrderId and template combination."
"""403 for a kind that the order does not have: amzn/selling-partner-api-docs#1662."""
_NO_MARKETPLACE: Final = "marketplaceIds: Missing or invalid request parameter: marketplaceId"
"""Words of saleweaver/python-amazon-sp-api#1816."""
_COUNTRIES: Final = {channel.marketplace_id: channel.country for channel in SALES_CHANNELS}


def blueprint(state: State) -> Blueprint:
    pages = Blueprint("messaging", __name__)

    @pages.get(_PATH)
    def get_actions(order_id: str) -> Response:
        return answer(state, GET_MESSAGING_ACTIONS, lambda call: _actions(call, order_id))

    @pages.get(f"{_PATH}/attributes")
    def get_attributes(order_id: str) -> Response:
        return answer(state, GET_ATTRIBUTES, lambda call: _attributes(call, order_id))

    @pages.post(f"{_PATH}/messages/<kind>")
    def write(order_id: str, kind: str) -> tuple[Response, int] | Response:
        if kind not in WRITE:
            return jsonify(errors=[]), HTTPStatus.NOT_FOUND
        return answer(
            state, WRITE[kind], lambda call: _write(call, order_id, kind), HTTPStatus.CREATED
        )

    _control(pages, state)
    return pages


def _control(pages: Blueprint, state: State) -> None:
    @pages.get("/control/messages")
    def list_messages() -> Response:
        with state.lock:
            return jsonify([vars(message) for message in state.messages])

    @pages.post("/control/orders/<order_id>/messaging")
    def set_kinds(order_id: str) -> tuple[Response, int] | Response:
        """Have Amazon offer just these kinds for an order, for whatever reason it may have."""
        told = request.get_json(silent=True) or {}
        with state.lock:
            if order_id not in state.orders:
                return jsonify(error=f"There is no {order_id}."), HTTPStatus.NOT_FOUND
            kinds = [str(kind) for kind in told.get("kinds", ())]
            state.orders[order_id].messaging = kinds
            state.on_change()
        return jsonify(kinds=kinds)


def _actions(call: Call, order_id: str) -> Json:
    stored = _order(call, order_id)
    base, query = f"/messaging/v1/orders/{order_id}", f"?marketplaceIds={marketplace(stored.order)}"
    names = kinds_of(stored)
    links = [_link(f"{base}/messages/{name}{query}", name) for name in names]
    if names:  # as in Amazon's own example, where it is the last
        links.append(_link(f"{base}/attributes{query}", "attributes"))
    return {
        "_links": {"actions": links, "self": {"href": f"{base}{query}"}},
        "_embedded": {"actions": [_embedded(base, query, name) for name in names]},
    }


def _link(href: str, name: str) -> Json:
    return {"href": href, "name": name}


def _embedded(base: str, query: str, name: str) -> Json:
    """As the real answer has it besides the links (jlevers/selling-partner-api#544)."""
    path = f"{base}/messages/{name}"
    links = {"schema": _link(f"{path}/schema", name), "self": _link(f"{path}{query}", name)}
    return {"_links": links, "payload": {"name": name}}


def _attributes(call: Call, order_id: str) -> Json:
    stored = _order(call, order_id)
    country = _COUNTRIES.get(marketplace(stored.order) or "", "US")
    return {"buyer": {"locale": LANGUAGES[country].replace("_", "-")}}


def _write(call: Call, order_id: str, kind: str) -> Json:
    stored = _order(call, order_id)
    if kind not in kinds_of(stored):
        raise SpApiError(HTTPStatus.FORBIDDEN, "Unauthorized", _NO_COMBINATION)
    text = _text(json_body(), kind)
    call.state.messages.append(
        BuyerMessage(order_id, call.seller.seller_id, kind, text, call.state.now_text())
    )
    call.state.on_change()
    return {}


def kinds_of(stored: StoredOrder) -> list[str]:
    """Return the kinds that an order has now."""
    if stored.messaging is not None:
        return stored.messaging
    fulfillment = stored.order.get("fulfillment", {})
    status = fulfillment.get("fulfillmentStatus")
    if status == "SHIPPED":
        return ["legalDisclosure", "unexpectedProblem"]
    if status not in ("UNSHIPPED", "PARTIALLY_SHIPPED"):
        return []
    if fulfillment.get("fulfilledBy") != "MERCHANT":
        return ["legalDisclosure"]
    own = ["confirmDeliveryDetails", "legalDisclosure", "confirmOrderDetails", "unexpectedProblem"]
    return (["confirmCustomizationDetails"] if _is_customised(stored.order) else []) + own


def _is_customised(order: Json) -> bool:
    return any(item.get("product", {}).get("customization") for item in order["orderItems"])


def _order(call: Call, order_id: str) -> StoredOrder:
    if MESSAGING_ROLE not in call.seller.roles:
        raise denied()
    if len(named := call.args.get("marketplaceIds", [])) != 1:
        raise invalid(message=_NO_MARKETPLACE)
    stored = call.state.order_of(call.seller.seller_id, order_id)
    if stored is None:
        raise not_found(order_id)
    if named[0] != marketplace(stored.order):
        raise invalid(message=_NO_MARKETPLACE)
    return stored


def _text(told: Json, kind: str) -> str:
    """Return the text. The model's limits count here; how Amazon judges the words is not known.

    Raises:
        SpApiError: It is missing, too long, or there are files beside it.
    """
    text = told.get("text")
    if not isinstance(text, str) or not text:
        raise invalid("text: must not be empty.")
    longest = _LONGEST.get(kind, _MOST)
    if len(text) > longest:
        raise invalid(f"text: must have at most {longest} characters.")
    if told.get("attachments") or set(told) - {"text", "attachments"}:
        where = "uploadDestinationId is unknown" if kind in _WITH_FILES else "unknown field"
        raise invalid(f"{where}.")
    return text
