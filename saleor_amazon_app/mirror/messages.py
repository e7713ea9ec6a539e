"""What the app tells Amazon: one message for each package, cancellation, refund and invoice.

The rules make messages, the ledger keeps them, the client sends them. A message holds everything
that Amazon needs and nothing of Saleor. Amounts are in major units of the order's currency.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from saleor_amazon_app.mirror.buyer_messages import BuyerMessageKind
from saleor_amazon_app.mirror.ids import AmazonOrderId, MarketplaceId, OrderItemId


class CancelReason(StrEnum):
    """Why a whole order is cancelled (feed ``OrderAcknowledgement``).

    For every reason but ``NO_INVENTORY`` Amazon adds the units back to the seller's stock there.
    """

    NO_INVENTORY = "NoInventory"
    SHIPPING_ADDRESS_UNDELIVERABLE = "ShippingAddressUndeliverable"
    CUSTOMER_EXCHANGE = "CustomerExchange"
    BUYER_CANCELED = "BuyerCanceled"
    GENERAL_ADJUSTMENT = "GeneralAdjustment"
    CARRIER_CREDIT_DECISION = "CarrierCreditDecision"
    RISK_ASSESSMENT_INFORMATION_NOT_VALID = "RiskAssessmentInformationNotValid"
    CARRIER_COVERAGE_FAILURE = "CarrierCoverageFailure"
    CUSTOMER_RETURN = "CustomerReturn"
    MERCHANDISE_NOT_RECEIVED = "MerchandiseNotReceived"
    CANNOT_VERIFY_INFORMATION = "CannotVerifyInformation"
    PRICING_ERROR = "PricingError"
    REJECT_ORDER = "RejectOrder"
    WEATHER_DELAY = "WeatherDelay"

    @property
    def restocks_at_amazon(self) -> bool:
        return self is not CancelReason.NO_INVENTORY


class AdjustmentReason(StrEnum):
    """Why money is given back, or units are cancelled (feed ``OrderAdjustment``)."""

    NO_INVENTORY = "NoInventory"
    CUSTOMER_RETURN = "CustomerReturn"
    GENERAL_ADJUSTMENT = "GeneralAdjustment"
    COULD_NOT_SHIP = "CouldNotShip"
    DIFFERENT_ITEM = "DifferentItem"
    ABANDONED = "Abandoned"
    CUSTOMER_CANCEL = "CustomerCancel"
    PRICE_ERROR = "PriceError"
    PRODUCT_OUT_OF_STOCK = "ProductOutofStock"
    CUSTOMER_ADDRESS_INCORRECT = "CustomerAddressIncorrect"
    EXCHANGE = "Exchange"
    OTHER = "Other"
    CARRIER_CREDIT_DECISION = "CarrierCreditDecision"
    RISK_ASSESSMENT_INFORMATION_NOT_VALID = "RiskAssessmentInformationNotValid"
    CARRIER_COVERAGE_FAILURE = "CarrierCoverageFailure"
    TRANSACTION_RECORD = "TransactionRecord"
    UNDELIVERABLE = "Undeliverable"
    REFUSED_DELIVERY = "RefusedDelivery"


class ComponentType(StrEnum):
    """A part of an item's price that an adjustment can move."""

    PRINCIPAL = "Principal"
    SHIPPING = "Shipping"
    TAX = "Tax"
    SHIPPING_TAX = "ShippingTax"
    RESTOCKING_FEE = "RestockingFee"
    RESTOCKING_FEE_TAX = "RestockingFeeTax"
    GIFT_WRAP = "GiftWrap"
    GIFT_WRAP_TAX = "GiftWrapTax"
    SURCHARGE = "Surcharge"
    RETURN_SHIPPING = "ReturnShipping"
    GOODWILL = "Goodwill"
    EXPORT_CHARGE = "ExportCharge"
    COD = "COD"
    COD_TAX = "CODTax"
    OTHER = "Other"
    FREE_REPLACEMENT_RETURN_SHIPPING = "FreeReplacementReturnShipping"


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PackedUnits(_Message):
    """Units of one order item in a package."""

    item_id: OrderItemId
    quantity: int = Field(gt=0)
    transparency_codes: tuple[str, ...] = ()


class Shipment(_Message):
    """One package that has left. Sending the same ``reference`` again edits the package."""

    kind: Literal["shipment"] = "shipment"
    order_id: AmazonOrderId
    marketplace_id: MarketplaceId
    reference: str = Field(pattern=r"^[1-9]\d{0,19}$")
    """A positive integer; Amazon wants it as a string (amzn/selling-partner-api-models#5094)."""
    carrier_code: str
    carrier_name: str = ""
    shipping_method: str = ""
    tracking_number: str = ""
    shipped_at: datetime
    """Aware, in UTC."""
    units: tuple[PackedUnits, ...] = Field(min_length=1)
    cash_on_delivery: bool = False
    """The buyer paid the carrier (Japan only)."""
    supply_source_id: str = ""
    """Amazon's id of the place that it left from. No feed can say it."""


class OrderCancellation(_Message):
    """The end of an unshipped order, all of it."""

    kind: Literal["cancel_order"] = "cancel_order"
    order_id: AmazonOrderId
    item_ids: tuple[OrderItemId, ...]
    reason: CancelReason


class CancelledUnits(_Message):
    item_id: OrderItemId
    quantity: int = Field(gt=0)


class UnitsCancellation(_Message):
    """The end of some units of an order that goes on."""

    kind: Literal["cancel_units"] = "cancel_units"
    order_id: AmazonOrderId
    units: tuple[CancelledUnits, ...] = Field(min_length=1)
    reason: AdjustmentReason


class Component(_Message):
    type: ComponentType
    amount: Decimal
    """For all of the item's units together. Positive goes to the buyer."""


class PromotionShare(_Message):
    """The part of a promotion that is taken back with the refund; its amounts are negative."""

    promotion_id: str = Field(default="", max_length=80)
    components: tuple[Component, ...]
    """Of the types Principal and Shipping."""


class ItemRefund(_Message):
    item_id: OrderItemId
    reason: AdjustmentReason
    quantity: int | None = None
    """The units that it is for, if it is for units."""
    components: tuple[Component, ...]
    promotions: tuple[PromotionShare, ...] = ()
    tax_by_amazon: Decimal = Decimal(0)
    """Tax that Amazon collected and gives back by itself; no component says so."""

    @property
    def amount(self) -> Decimal:
        """What the buyer gets of it, in all."""
        shares = (c.amount for share in self.promotions for c in share.components)
        return sum((c.amount for c in self.components), self.tax_by_amazon) + sum(shares)


class Refund(_Message):
    """Money given back to the buyer."""

    kind: Literal["refund"] = "refund"
    order_id: AmazonOrderId
    currency: str
    reference: str = Field(max_length=50)
    """The app's own; Amazon keeps it beside each item and does not look at it."""
    items: tuple[ItemRefund, ...] = Field(min_length=1)

    @property
    def amount(self) -> Decimal:
        return sum((item.amount for item in self.items), Decimal(0))


class BuyerMessage(_Message):
    """A text for the buyer. It goes to Amazon's Messaging API, word for word, and never by feed."""

    kind: Literal["buyer_message"] = "buyer_message"
    order_id: AmazonOrderId
    marketplace_id: MarketplaceId
    about: BuyerMessageKind
    text: str = Field(repr=False)
    """The merchant's own words; they may hold personal data."""


class InvoiceUpload(_Message):
    """An invoice of the merchant's about an order, as a PDF; the file itself is kept elsewhere.

    Without ``total`` and ``vat`` Amazon is told no amounts, and compares none.
    """

    kind: Literal["invoice"] = "invoice"
    order_id: AmazonOrderId
    marketplace_id: MarketplaceId
    number: str
    """As it is printed on the invoice; Amazon shows it to the buyer."""
    currency: str
    total: Decimal | None = None
    """With VAT, in major units."""
    vat: Decimal | None = None
    reference: str = Field(pattern=r"^[0-9a-f]{24}$")
    """The request's, under which the file is kept."""
    sha256: str
    size: int
    """Of the file, in bytes."""


Message = Annotated[
    Shipment | OrderCancellation | UnitsCancellation | Refund | BuyerMessage | InvoiceUpload,
    Field(discriminator="kind"),
]
MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)
"""Reads a message back from the ledger."""


class FeedType(StrEnum):
    """The feeds that carry messages (SP-API page "Order feed type values")."""

    ACKNOWLEDGEMENT = "POST_ORDER_ACKNOWLEDGEMENT_DATA"
    ADJUSTMENT = "POST_PAYMENT_ADJUSTMENT_DATA"
    FULFILLMENT = "POST_ORDER_FULFILLMENT_DATA"
    INVOICE = "UPLOAD_VAT_INVOICE"
    """No XML: one PDF, with what Amazon has to know about it in the feed's options."""


def feed_type(message: Message) -> FeedType | None:
    """Return the feed that carries a message; None for one that goes another way."""
    match message:
        case Shipment():
            return FeedType.FULFILLMENT
        case OrderCancellation():
            return FeedType.ACKNOWLEDGEMENT
        case UnitsCancellation() | Refund():
            return FeedType.ADJUSTMENT
        case InvoiceUpload():
            return FeedType.INVOICE
        case BuyerMessage():
            return None
