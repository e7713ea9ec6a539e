"""Orders API v0: confirmShipment."""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response

from saleor_amazon_app.sandbox.amazon.errors import SpApiError, denied, invalid, not_found
from saleor_amazon_app.sandbox.amazon.faults import FaultKind
from saleor_amazon_app.sandbox.amazon.gateway import Call, answer, json_body
from saleor_amazon_app.sandbox.amazon.limits import CONFIRM_SHIPMENT
from saleor_amazon_app.sandbox.amazon.mishaps import strike
from saleor_amazon_app.sandbox.amazon.order_facts import marketplace
from saleor_amazon_app.sandbox.amazon.refusals import Refused
from saleor_amazon_app.sandbox.amazon.shipping import Parcel, check_shippable, ship, ship_time
from saleor_amazon_app.sandbox.amazon.state import State, StoredOrder

Json = dict[str, Any]

_DETAIL: Final = "packageDetail"
_TEXTS: Final = ("packageReferenceId", "carrierCode", "trackingNumber", "shipDate")
_MAY_BE_LEFT_OUT: Final = ("carrierName", "shippingMethod", "shipFromSupplySourceId")
_WRONG_REFERENCE: Final = "PackageReferenceId: is invalid, must be a positive numeric value."
"""Words of jlevers/selling-partner-api#489."""
_JAPAN: Final = "A1VC38T7YXB528"


def blueprint(state: State) -> Blueprint:
    pages = Blueprint("confirming", __name__)

    @pages.post("/orders/v0/orders/<order_id>/shipmentConfirmation")
    def confirm_shipment(order_id: str) -> Response:
        def handler(call: Call) -> None:
            return _confirm(call, order_id)

        return answer(state, CONFIRM_SHIPMENT, handler, HTTPStatus.NO_CONTENT)

    return pages


def _confirm(call: Call, order_id: str) -> None:
    told = json_body()
    _check(told)
    stored = _order(call, order_id)
    try:
        _ship(call, stored, told)
    except Refused as refused:
        raise invalid(refused.details, refused.message) from None


def _order(call: Call, order_id: str) -> StoredOrder:
    stored = call.state.order_of(call.seller.seller_id, order_id)
    if stored is None:
        raise not_found(order_id)
    if marketplace(stored.order) in call.seller.denied_marketplaces:
        raise denied()
    return stored


def _ship(call: Call, stored: StoredOrder, told: Json) -> None:
    order, state = stored.order, call.state
    if told["marketplaceId"] != marketplace(order):
        raise Refused("MarketplaceId is invalid", "The order was placed in another marketplace.")
    check_shippable(order)
    parcel = _parcel(told[_DETAIL], ship_time(told[_DETAIL]["shipDate"], order, state.clock.now()))
    if not strike(state, FaultKind.DROP_WRITE, replace(call.aim, order_id=stored.order_id)):
        ship(state, stored, parcel, source=CONFIRM_SHIPMENT, at=state.now_text())


def _parcel(detail: Json, shipped: str) -> Parcel:
    is_other = detail["carrierCode"] == "Other"
    return Parcel(
        reference=detail["packageReferenceId"],
        carrier=detail["carrierName"] if is_other else detail["carrierCode"],
        service=detail.get("shippingMethod") or "",
        tracking=detail["trackingNumber"],
        ship_time=shipped,
        items=tuple(_item(each) for each in detail["orderItems"]),
    )


def _item(told: Json) -> Json:
    names = ("orderItemId", "quantity", "transparencyCodes")
    return {name: told[name] for name in names if told.get(name)}


def _check(told: Json) -> None:
    """Check the body's form. Since January 2026 its JSON types count, issue #5094 of the models.

    Raises:
        SpApiError: A field is missing or of another type.
    """
    _need(told, "marketplaceId", _is_text)
    _need(told, _DETAIL, lambda value: isinstance(value, dict))
    detail = told[_DETAIL]
    for name in _TEXTS:
        _need(detail, name, _is_text, f"{_DETAIL}.")
    for name in _MAY_BE_LEFT_OUT:
        if detail.get(name) is not None and not isinstance(detail[name], str):
            raise _wrong_type(f"{_DETAIL}.{name}")
    _check_values(told, detail)
    _need(detail, "orderItems", lambda value: isinstance(value, list), f"{_DETAIL}.")
    if not detail["orderItems"]:
        raise invalid("packageDetail.orderItems is empty.")
    for number, item in enumerate(detail["orderItems"]):
        _check_item(item, f"{_DETAIL}.orderItems[{number}]")


def _check_values(told: Json, detail: Json) -> None:
    reference = detail["packageReferenceId"]
    if not (reference.isascii() and reference.isdigit() and int(reference)):
        raise invalid(message=_WRONG_REFERENCE)
    if detail["carrierCode"] == "Other" and not detail.get("carrierName"):
        raise invalid("carrierName is required when carrierCode is Other.")
    if (method := told.get("codCollectionMethod")) is None:
        return
    if method != "DirectPayment" or told["marketplaceId"] != _JAPAN:
        raise invalid("codCollectionMethod is DirectPayment, and only for Japan.")


def _check_item(item: object, path: str) -> None:
    if not isinstance(item, dict):
        raise _wrong_type(path)
    _need(item, "orderItemId", _is_text, f"{path}.")
    _need(item, "quantity", _is_count, f"{path}.")
    codes = item.get("transparencyCodes", [])
    if not (isinstance(codes, list) and all(isinstance(code, str) for code in codes)):
        raise _wrong_type(f"{path}.transparencyCodes")
    if item["quantity"] < 1:
        raise invalid(f"{path}.quantity must be at least 1.")


def _need(told: Json, name: str, fits: Callable[[object], bool], path: str = "") -> None:
    if told.get(name) in (None, ""):
        raise invalid(f"{path}{name} is required.")
    if not fits(told[name]):
        raise _wrong_type(f"{path}{name}")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _wrong_type(path: str) -> SpApiError:
    return invalid(message=f"Invalid type [{path}]")
