"""What Amazon's schemas say about the three feeds on orders, written down by hand.

Source: the public copies of amzn-envelope, amzn-header, OrderAcknowledgement, OrderFulfillment and
OrderAdjustment in abuzuhri/Amazon-SP-API-CSharp.
"""

import re
from datetime import datetime
from typing import Final

from saleor_amazon_app.sandbox.amazon.xml_rules import (
    Element,
    Particle,
    Rule,
    among,
    either,
    length,
    matching,
    maybe,
    one,
    several,
    text,
)

_STRING: Final = length(0, 50)
_STRING_NOT_NULL: Final = length(1, 50)
_ADDRESS_LINE: Final = length(0, 60)
_ID: Final = matching(r"0*[1-9]\d{0,19}")
_COUNT: Final = matching(r"\+?0*[1-9]\d*")
_BOOLEAN: Final = among("true", "false", "1", "0")
_AMOUNT: Final = matching(r"[+-]?(?=[\d.]*\d)\d{0,20}(\.\d{0,2})?")
_VERSION: Final = matching(r"\d{1,2}\.\d{1,2}")
_CURRENCY: Final = among(
    *("USD", "GBP", "EUR", "JPY", "CAD", "CNY", "INR", "MXN", "BRL"),
    *("AUD", "TRY", "SGD", "SEK", "PLN", "AED", "SAR", "EGP"),
)
_CANCEL_REASON: Final = among(
    *("NoInventory", "ShippingAddressUndeliverable", "CustomerExchange", "BuyerCanceled"),
    *("GeneralAdjustment", "CarrierCreditDecision", "RiskAssessmentInformationNotValid"),
    *("CarrierCoverageFailure", "CustomerReturn", "MerchandiseNotReceived"),
    *("CannotVerifyInformation", "PricingError", "RejectOrder", "WeatherDelay"),
)
_ADJUSTMENT_REASON: Final = among(
    *("NoInventory", "CustomerReturn", "GeneralAdjustment", "CouldNotShip", "DifferentItem"),
    *("Abandoned", "CustomerCancel", "PriceError", "ProductOutofStock"),
    *("CustomerAddressIncorrect", "Exchange", "Other", "CarrierCreditDecision"),
    *("RiskAssessmentInformationNotValid", "CarrierCoverageFailure", "TransactionRecord"),
    *("Undeliverable", "RefusedDelivery"),
)
_COMPONENT_TYPE: Final = among(
    *("Principal", "Shipping", "Tax", "ShippingTax", "RestockingFee", "RestockingFeeTax"),
    *("GiftWrap", "GiftWrapTax", "Surcharge", "ReturnShipping", "Goodwill", "ExportCharge"),
    *("COD", "CODTax", "Other", "FreeReplacementReturnShipping"),
)
_CARRIERS: Final = (
    *("UPS", "UPSMI", "UPS Mail Innovations", "FedEx", "FedEx SmartPost", "DHL", "DHL Express"),
    *("DHL eCommerce", "DHL Global Mail", "TNT", "Aramex", "DPD", "GLS", "Asendia"),
    *("Landmark Global", "Amazon Shipping", "USPS", "OnTrac", "Lasership", "Newgistics", "OSM"),
    *("Canada Post", "PUROLATOR", "Royal Mail", "Parcelforce", "Yodel", "Hermes UK"),
    *("DPD Local", "UK MAIL", "APC Overnight", "Whistl", "Deutsche Post", "DHL-Paket", "Hermes"),
    *("Hermes Logistik Gruppe", "AT POST", "Swiss post", "La Poste", "Colissimo", "Chronopost"),
    *("Colis Prive", "Mondial Relay", "Post NL", "BPOST", "Correos", "Correos Express", "Seur"),
    *("MRW", "Nacex", "Poste Italiane", "SDA", "BRT", "InPost", "Polish Post", "PostNord"),
    *("PTT Kargo", "Japan Post", "YAMATO", "SAGAWA", "China Post", "SF Express", "Yun Express"),
    *("4PX", "Singapore Post", "Australia Post", "Sendle", "Fastway", "India Post", "BlueDart"),
    *("Delhivery", "DTDC", "Emirates Post", "Correios", "Other", "Self Delivery"),
)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


_CARRIERS_BY_SPELLING: Final = {_plain(name) for name in _CARRIERS}


def _is_carrier(value: str) -> bool:
    """Refuse a known carrier in another spelling, as matching is exact.

    The schema has 418 carriers; others than the known ones pass, so that none is refused wrongly.
    """
    return value in _CARRIERS or (bool(value) and _plain(value) not in _CARRIERS_BY_SPELLING)


def _is_time(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return "T" in value


_ORDER_ID: Final = text("AmazonOrderID", matching(r"\w{3}-\w{7}-\w{7}"))
_MERCHANT_ORDER_ID: Final = text("MerchantOrderID", _STRING)
_ITEM_CODE: Final = text("AmazonOrderItemCode", matching(r"\d{14}"))
_MERCHANT_ITEM_ID: Final = text("MerchantOrderItemID", _STRING)
_QUANTITY: Final = text("Quantity", _COUNT)
_ON_DELIVERY: Final = text("CODCollectionMethod", among("DirectPayment"))


def _component(types: Rule) -> Element:
    amount = text("Amount", _AMOUNT, currency=_CURRENCY)
    return Element("Component", (one(text("Type", types)), one(amount)))


def _components(name: str, types: Rule, *before: Particle) -> Element:
    return Element(name, (*before, several(_component(types), 1)))


_ACKNOWLEDGEMENT: Final = Element(
    "OrderAcknowledgement",
    (
        one(_ORDER_ID),
        maybe(_MERCHANT_ORDER_ID),
        one(text("StatusCode", among("Success", "Failure"))),
        several(
            Element(
                "Item",
                (
                    one(_ITEM_CODE),
                    maybe(_MERCHANT_ITEM_ID),
                    maybe(text("CancelReason", _CANCEL_REASON)),
                    maybe(_QUANTITY),
                ),
            )
        ),
    ),
)
_PROMOTION: Final = _components(
    "PromotionAdjustments",
    among("Principal", "Shipping"),
    maybe(text("PromotionClaimCode", length(6, 12))),
    maybe(text("MerchantPromotionID", matching(r"[^\r\n\t]{0,80}"))),
)
_ADJUSTMENT: Final = Element(
    "OrderAdjustment",
    (
        either(_ORDER_ID, _MERCHANT_ORDER_ID),
        maybe(text("ActionType", among("Refund", "Cancel"))),
        maybe(_ON_DELIVERY),
        several(
            Element(
                "AdjustedItem",
                (
                    either(_ITEM_CODE, _MERCHANT_ITEM_ID),
                    maybe(text("MerchantAdjustmentItemID", _STRING_NOT_NULL)),
                    one(text("AdjustmentReason", _ADJUSTMENT_REASON)),
                    maybe(_components("ItemPriceAdjustments", _COMPONENT_TYPE)),
                    several(_PROMOTION),
                    maybe(_components("DirectPaymentAdjustments", _STRING)),
                    maybe(text("QuantityCancelled", _COUNT)),
                    maybe(_QUANTITY),
                ),
            ),
            1,
        ),
    ),
)
_FULFILLMENT_DATA: Final = Element(
    "FulfillmentData",
    (
        maybe(text("CarrierCode", _is_carrier)),
        maybe(text("CarrierName", _STRING)),
        maybe(text("ShippingMethod", _STRING)),
        maybe(text("ShipperTrackingNumber", _STRING)),
    ),
)
_PHONE: Final = text("PhoneNumber", _STRING, Type=among("Voice", "Fax"), Description=length(0, 30))
_ADDRESS: Final = Element(
    "ShipFromAddress",
    (
        one(text("Name", _STRING)),
        maybe(text("FormalTitle", length(0, 10))),
        maybe(text("GivenName", _STRING)),
        maybe(text("FamilyName", _STRING)),
        one(text("AddressFieldOne", _ADDRESS_LINE)),
        maybe(text("AddressFieldTwo", _ADDRESS_LINE)),
        maybe(text("AddressFieldThree", _ADDRESS_LINE)),
        maybe(text("City", _STRING)),
        maybe(text("County", _STRING)),
        maybe(text("StateOrRegion", _STRING)),
        maybe(text("PostalCode", _STRING)),
        one(text("CountryCode", length(2, 2))),
        several(_PHONE, 0, 3),
        maybe(text("isDefaultShipping", _BOOLEAN)),
        maybe(text("isDefaultBilling", _BOOLEAN)),
        maybe(text("isDefaultOneClick", _BOOLEAN)),
    ),
)
_FULFILLMENT: Final = Element(
    "OrderFulfillment",
    (
        either(_ORDER_ID, _MERCHANT_ORDER_ID),
        maybe(text("MerchantFulfillmentID", _ID)),
        one(text("FulfillmentDate", _is_time)),
        maybe(_FULFILLMENT_DATA),
        maybe(_ON_DELIVERY),
        several(
            Element(
                "Item",
                (
                    either(_ITEM_CODE, _MERCHANT_ITEM_ID),
                    maybe(text("MerchantFulfillmentItemID", _ID)),
                    maybe(_QUANTITY),
                    several(text("TransparencyCode", lambda _: True), 0, 10),
                ),
            )
        ),
        maybe(_ADDRESS),
    ),
)
BODIES: Final = {each.name: each for each in (_ACKNOWLEDGEMENT, _ADJUSTMENT, _FULFILLMENT)}
HEADER: Final = Element(
    "Header",
    (
        one(text("DocumentVersion", _VERSION)),
        one(text("MerchantIdentifier", _STRING)),
        maybe(text("OverrideReleaseId", matching(r"\d{1,4}\.\d{1,4}"))),
    ),
)
OPENING: Final = (
    one(HEADER),
    one(text("MessageType", matching(r"\w+"))),
    maybe(text("MarketplaceName", _STRING_NOT_NULL)),
    maybe(text("PurgeAndReplace", _BOOLEAN)),
    maybe(text("EffectiveDate", _is_time)),
)
"""What an envelope holds before its messages."""
MESSAGE_OPENING: Final = (
    one(text("MessageID", _ID)),
    maybe(text("OperationType", among("Update", "Delete", "PartialUpdate"))),
)
