"""A checker for feed documents, written by hand from what Amazon's schemas say.

Source: the public copies of the schemas in abuzuhri/Amazon-SP-API-CSharp. It shares nothing with
the app's writer nor with the simulated Amazon.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

Rule = Callable[[str], bool]


@dataclass(frozen=True)
class Child:
    name: str
    content: "Rule | tuple[Child, ...]"
    low: int = 1
    high: int = 1
    attribute: tuple[str, Rule] | None = None


class Invalid(AssertionError):
    pass


def like(pattern: str) -> Rule:
    return lambda text: re.fullmatch(pattern, text) is not None


def text(low: int, high: int) -> Rule:
    return lambda told: low <= len(told) <= high and not re.search(r"[\t\r\n]", told)


def words(told: str) -> Rule:
    return set(told.split()).__contains__


def date_time(told: str) -> bool:
    return "T" in told and datetime.fromisoformat(told).tzinfo is not None


def opt(name: str, content: "Rule | tuple[Child, ...]") -> Child:
    return Child(name, content, 0)


ID = like(r"[1-9][0-9]{0,19}")
STRING, NOT_NULL = text(0, 50), text(1, 50)
COUNT = like("[1-9][0-9]*")
AMOUNT = like(r"-?(?=[\d.]{1,21}$)\d+(\.\d{1,2})?")
CURRENCY = words("USD GBP EUR JPY CAD CNY INR MXN BRL AUD TRY SGD SEK PLN AED SAR EGP")
ORDER = Child("AmazonOrderID", like(r"\w{3}-\w{7}-\w{7}"))
ITEM = Child("AmazonOrderItemCode", like(r"[0-9]{14}"))
CANCEL = words(
    "NoInventory ShippingAddressUndeliverable CustomerExchange BuyerCanceled GeneralAdjustment "
    "CarrierCreditDecision RiskAssessmentInformationNotValid CarrierCoverageFailure "
    "CustomerReturn MerchandiseNotReceived CannotVerifyInformation PricingError RejectOrder "
    "WeatherDelay"
)
REASON = words(
    "NoInventory CustomerReturn GeneralAdjustment CouldNotShip DifferentItem Abandoned "
    "CustomerCancel PriceError ProductOutofStock CustomerAddressIncorrect Exchange Other "
    "CarrierCreditDecision RiskAssessmentInformationNotValid CarrierCoverageFailure "
    "TransactionRecord Undeliverable RefusedDelivery"
)
COMPONENT = words(
    "Principal Shipping Tax ShippingTax RestockingFee RestockingFeeTax GiftWrap GiftWrapTax "
    "Surcharge ReturnShipping Goodwill ExportCharge COD CODTax Other FreeReplacementReturnShipping"
)
MANY = 10**9


def components(types: Rule) -> Child:
    amount = Child("Amount", AMOUNT, attribute=("currency", CURRENCY))
    return Child("Component", (Child("Type", types), amount), 1, MANY)


BODIES = {
    "OrderAcknowledgement": (
        ORDER,
        opt("MerchantOrderID", STRING),
        Child("StatusCode", words("Success Failure")),
        Child(
            "Item",
            (
                ITEM,
                opt("MerchantOrderItemID", STRING),
                opt("CancelReason", CANCEL),
                opt("Quantity", COUNT),
            ),
            0,
            MANY,
        ),
    ),
    "OrderFulfillment": (
        ORDER,
        opt("MerchantFulfillmentID", ID),
        Child("FulfillmentDate", date_time),
        opt(
            "FulfillmentData",
            (
                opt("CarrierCode", NOT_NULL),
                opt("CarrierName", STRING),
                opt("ShippingMethod", STRING),
                opt("ShipperTrackingNumber", STRING),
            ),
        ),
        opt("CODCollectionMethod", words("DirectPayment")),
        Child(
            "Item",
            (
                ITEM,
                opt("MerchantFulfillmentItemID", ID),
                opt("Quantity", COUNT),
                Child("TransparencyCode", lambda _: True, 0, 10),
            ),
            0,
            MANY,
        ),
    ),
    "OrderAdjustment": (
        ORDER,
        opt("ActionType", words("Refund Cancel")),
        opt("CODCollectionMethod", words("DirectPayment")),
        Child(
            "AdjustedItem",
            (
                ITEM,
                opt("MerchantAdjustmentItemID", NOT_NULL),
                Child("AdjustmentReason", REASON),
                opt("ItemPriceAdjustments", (components(COMPONENT),)),
                Child(
                    "PromotionAdjustments",
                    (
                        opt("PromotionClaimCode", text(6, 12)),
                        opt("MerchantPromotionID", text(0, 80)),
                        components(words("Principal Shipping")),
                    ),
                    0,
                    MANY,
                ),
                opt("DirectPaymentAdjustments", (components(STRING),)),
                opt("QuantityCancelled", COUNT),
                opt("Quantity", COUNT),
            ),
            1,
            MANY,
        ),
    ),
}


def envelope(message_type: str) -> Child:
    header = (
        Child("DocumentVersion", like(r"\d{1,2}\.\d{1,2}")),
        Child("MerchantIdentifier", STRING),
        opt("OverrideReleaseId", like(r"\d{1,4}\.\d{1,4}")),
    )
    message = (
        Child("MessageID", ID),
        opt("OperationType", words("Update Delete PartialUpdate")),
        Child(message_type, BODIES[message_type]),
    )
    return Child(
        "AmazonEnvelope",
        (
            Child("Header", header),
            Child("MessageType", words(message_type)),
            Child("Message", message, 1, MANY),
        ),
    )


def check(document: bytes) -> ET.Element:
    """Return the document's root if all of it is as the schemas say."""
    root = ET.fromstring(document)
    check_element(root, envelope(root.findtext("MessageType", "")))
    numbers = [node.text for node in root.iter("MessageID")]
    if len(set(numbers)) != len(numbers):
        raise Invalid("MessageIDs are not unique")
    return root


def check_element(node: ET.Element, rule: Child) -> None:
    if node.tag != rule.name:
        raise Invalid(f"{node.tag} stands where {rule.name} belongs")
    if rule.attribute and not rule.attribute[1](node.get(rule.attribute[0], "")):
        raise Invalid(f"{node.tag} has attributes {node.attrib}")
    if not isinstance(rule.content, tuple):
        if len(node) or not rule.content(node.text or ""):
            raise Invalid(f"{node.tag} must not be {node.text!r}")
        return
    if (node.text or "").strip():
        raise Invalid(f"{node.tag} holds text")
    rest = list(node)
    for child in rule.content:
        count = next((i for i, n in enumerate(rest) if n.tag != child.name), len(rest))
        if not child.low <= count <= child.high:
            raise Invalid(f"{count} {child.name} in {node.tag}")
        for each in rest[:count]:
            check_element(each, child)
        rest = rest[count:]
    if rest:
        raise Invalid(f"{rest[0].tag} does not belong here in {node.tag}")
