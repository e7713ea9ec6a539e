"""Orders API v0, confirmShipment: one call for each package that has left.

Sources: the model ordersV0.json, and the SP-API page "Confirm the shipment status".
"""

from datetime import UTC, datetime
from typing import Any

from saleor_amazon_app.amazon.client import SellingPartnerApi
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.amazon.operations import CONFIRM_SHIPMENT
from saleor_amazon_app.mirror.messages import PackedUnits, Shipment


def confirm_shipment(
    api: SellingPartnerApi, seller: SellerCredentials, region: str, shipment: Shipment
) -> None:
    """Tell Amazon that a package has left, or how a package told before is to be now.

    Raises:
        Refused: Amazon does not take the package; its words are in the message.
        NotFound: The seller has no such order.
    """
    path = {"order_id": shipment.order_id}
    api.call(CONFIRM_SHIPMENT, seller, region, path=path, body=confirmation(shipment))


def confirmation(shipment: Shipment) -> dict[str, Any]:
    """Return the body of the request.

    ``packageReferenceId`` is a string: an integer is refused (amzn/selling-partner-api-models
    #5094). ``orderItems`` is a list also for one item (jlevers/selling-partner-api#528).
    """
    body: dict[str, Any] = {
        "marketplaceId": shipment.marketplace_id,
        "packageDetail": _package(shipment),
    }
    return body | ({"codCollectionMethod": "DirectPayment"} if shipment.cash_on_delivery else {})


def _package(shipment: Shipment) -> dict[str, Any]:
    optional = {
        "carrierName": shipment.carrier_name,
        "shippingMethod": shipment.shipping_method,
        "shipFromSupplySourceId": shipment.supply_source_id,
    }
    return {
        "packageReferenceId": str(shipment.reference),
        "carrierCode": shipment.carrier_code,
        **{name: value for name, value in optional.items() if value},
        "trackingNumber": shipment.tracking_number,
        "shipDate": _time(shipment.shipped_at),
        "orderItems": [_item(units) for units in shipment.units],
    }


def _item(units: PackedUnits) -> dict[str, Any]:
    item: dict[str, Any] = {"orderItemId": units.item_id, "quantity": units.quantity}
    codes = list(units.transparency_codes)
    return item | ({"transparencyCodes": codes} if codes else {})


def _time(moment: datetime) -> str:
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='milliseconds')}Z"
