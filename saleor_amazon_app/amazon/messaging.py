"""Messaging API v1: what a buyer can be written about an order, in which language, and the writing.

Sources: the model ``messaging``, and the SP-API pages "Messaging API" and "Send a message". Written
messages cannot be read back, and nothing tells Amazon that one is a repeat: see
``sync.messaging``.

Left out: ``legalDisclosure``, ``warranty`` and ``invoice``, which are made of files, and files
beside a text; both need the Uploads API.
"""

from typing import Final

from saleor_amazon_app.amazon.client import SellingPartnerApi
from saleor_amazon_app.amazon.errors import Forbidden, OutcomeUnknown, Unavailable
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.amazon.operations import Operation
from saleor_amazon_app.amazon.reading import objects
from saleor_amazon_app.mirror.buyer_messages import BuyerMessageKind
from saleor_amazon_app.mirror.ids import AmazonOrderId, MarketplaceId
from saleor_amazon_app.mirror.messages import BuyerMessage

_ORDER: Final = "/messaging/v1/orders/{order_id}"
_RATE: Final = 1.0
_BURST: Final = 5
_NAMES: Final = {
    BuyerMessageKind.ORDER_DETAILS: "createConfirmOrderDetails",
    BuyerMessageKind.DELIVERY_DETAILS: "createConfirmDeliveryDetails",
    BuyerMessageKind.UNEXPECTED_PROBLEM: "createUnexpectedProblem",
    BuyerMessageKind.CUSTOMIZATION_DETAILS: "confirmCustomizationDetails",
    BuyerMessageKind.SERVICE_DETAILS: "createConfirmServiceDetails",
    BuyerMessageKind.DIGITAL_ACCESS_KEY: "createDigitalAccessKey",
}

GET_ACTIONS: Final = Operation("getMessagingActionsForOrder", "GET", _ORDER, _RATE, _BURST)
GET_ATTRIBUTES: Final = Operation("GetAttributes", "GET", f"{_ORDER}/attributes", _RATE, _BURST)
WRITE: Final = {
    kind: Operation(
        name, "POST", f"{_ORDER}/messages/{kind}", _RATE, _BURST, repeatable=False, bare=True
    )
    for kind, name in _NAMES.items()
}
"""The operation for each kind. None is repeatable: the same message again is a second message."""
_NOT_OFFERED: Final = "invalid amazonorderid and template combination"


def offered_actions(
    api: SellingPartnerApi,
    seller: SellerCredentials,
    region: str,
    order_id: AmazonOrderId,
    marketplace_id: MarketplaceId,
) -> tuple[str, ...]:
    """Return the names of the messages that Amazon allows for an order now: an open set.

    Raises:
        Forbidden: The app lacks the role Buyer Communication, or the seller has no such order.
        NotFound: The seller has no such order.
    """
    path, query = {"order_id": order_id}, {"marketplaceIds": marketplace_id}
    answer = api.call(GET_ACTIONS, seller, region, path=path, query=query)
    links = answer.get("_links")
    if not isinstance(links, dict) or not isinstance(links.get("actions"), list):
        raise Unavailable("Amazon's list of messages is missing from its answer.", code="shape")
    names = (action.get("name") for action in objects(links, "actions"))
    return tuple(str(name) for name in names if name and name != "attributes")


def buyer_locale(
    api: SellingPartnerApi,
    seller: SellerCredentials,
    region: str,
    order_id: AmazonOrderId,
    marketplace_id: MarketplaceId,
) -> str:
    """Return the language that the buyer prefers, such as ``de-DE``; empty if Amazon names none.

    Texts are to be written in it (the model's descriptions of ``text``).
    """
    path, query = {"order_id": order_id}, {"marketplaceIds": marketplace_id}
    answer = api.call(GET_ATTRIBUTES, seller, region, path=path, query=query)
    buyer = answer.get("buyer")
    return str(buyer.get("locale") or "") if isinstance(buyer, dict) else ""


def write_to_buyer(
    api: SellingPartnerApi, seller: SellerCredentials, region: str, message: BuyerMessage
) -> None:
    """Send a message. It is the buyer's from this moment: nothing takes it back.

    Raises:
        OutcomeUnknown: The buyer may have it or not. Never send it again because of this.
        Throttled, Unavailable: Amazon certainly has not taken it.
        Refused, Forbidden, NotFound: Amazon has not taken it; ``is_not_offered`` tells why.
    """
    path = {"order_id": message.order_id}
    query = {"marketplaceIds": message.marketplace_id}
    body = {"text": message.text}
    answer = api.call(WRITE[message.about], seller, region, path=path, query=query, body=body)
    if answer.get("errors"):
        raise OutcomeUnknown("Amazon took a message and told of errors as well.", code="shape")


def is_not_offered(refusal: Forbidden) -> bool:
    """Tell whether the order does not allow the kind of message; else the app lacks a role.

    Amazon answers both with 403 and ``Unauthorized``; the words differ
    (amzn/selling-partner-api-docs#1662, jlevers/selling-partner-api#380).
    """
    return _NOT_OFFERED in refusal.message.lower()
