"""What Amazon says of an order: the parts of Orders API 2026-01-01 that the mirror reads.

Reading is forgiving on purpose. Amazon's "enums" are open sets and stay strings; every field that
a role, a status or a data set can withhold is optional; fields that are not listed here are
ignored (the whole payload is kept elsewhere). Only an order without an id, its times or a legible
amount fails to parse, and then that order alone.

Source: Amazon's model ``orders_2026-01-01``, definitions ``Order`` and below.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, TypeAdapter
from pydantic import ValidationError as PydanticError
from pydantic.alias_generators import to_camel

from saleor_amazon_app.mirror.ids import AmazonOrderId, MarketplaceId, OrderItemId, SellerSku

T = TypeVar("T")


def _as_utc(value: datetime) -> datetime:
    return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _blank_to_none(value: object) -> object:
    """Drop blank texts, and the NUL characters that no database of Saleor's can hold."""
    text = value.replace("\0", "") if isinstance(value, str) else value
    return None if isinstance(text, str) and not text.strip() else text


def _none_to_empty(value: object) -> object:
    return () if value is None else value


def _illegible_to_none(value: object) -> object:
    """Drop a moment that cannot be read: no shipping window is worth losing an order for."""
    try:
        return _MOMENT.validate_python(value)
    except PydanticError:
        return None


Moment = Annotated[datetime, AfterValidator(_as_utc)]
_MOMENT: Final = TypeAdapter(datetime)
MaybeMoment = Annotated[Moment | None, BeforeValidator(_illegible_to_none)]
Text = Annotated[str | None, BeforeValidator(_blank_to_none)]
Listed = Annotated[tuple[T, ...], BeforeValidator(_none_to_empty)]


class _Read(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        extra="ignore",
        coerce_numbers_to_str=True,
        hide_input_in_errors=True,
    )


class Money(_Read):
    """An amount in major units."""

    amount: Decimal
    currency_code: str


class Alias(_Read):
    alias_id: str
    alias_type: Text = None


class AssociatedOrder(_Read):
    order_id: Text = None
    association_type: Text = None


class SalesChannel(_Read):
    channel_name: Text = None
    marketplace_id: MarketplaceId | None = None
    marketplace_name: Text = None


class Buyer(_Read):
    buyer_name: Text = None
    buyer_email: Text = None
    buyer_company_name: Text = None
    buyer_purchase_order_number: Text = None


class DeliveryAddress(_Read):
    name: Text = None
    company_name: Text = None
    address_line1: Text = None
    address_line2: Text = None
    address_line3: Text = None
    city: Text = None
    district_or_county: Text = None
    state_or_region: Text = None
    municipality: Text = None
    postal_code: Text = None
    country_code: Text = None
    phone: Text = None
    address_type: Text = None


class DeliveryPreference(_Read):
    drop_off_location: Text = None
    address_instruction: Text = None


class Recipient(_Read):
    delivery_address: DeliveryAddress | None = None
    delivery_preference: DeliveryPreference | None = None


class DetailedBreakdown(_Read):
    subtype: Text = None
    value: Money | None = None


class Breakdown(_Read):
    """A category of an item's or an order's money; ``detailed_breakdowns`` for TAX and DISCOUNT."""

    type: str
    subtotal: Money
    detailed_breakdowns: Listed[DetailedBreakdown] = ()


class OrderProceeds(_Read):
    grand_total: Money | None = None
    breakdowns: Listed[Breakdown] = ()


class ItemProceeds(_Read):
    proceeds_total: Money | None = None
    breakdowns: Listed[Breakdown] = ()


class Window(_Read):
    earliest_date_time: MaybeMoment = None
    latest_date_time: MaybeMoment = None


class OrderFulfillment(_Read):
    fulfillment_status: Text = None
    fulfilled_by: Text = None
    fulfillment_service_level: Text = None
    ship_by_window: Window | None = None
    deliver_by_window: Window | None = None


class Price(_Read):
    unit_price: Money | None = None
    price_designation: Text = None


class Condition(_Read):
    condition_type: Text = None
    condition_subtype: Text = None
    condition_note: Text = None


class Product(_Read):
    asin: Text = None
    title: Text = None
    seller_sku: SellerSku | None = None
    condition: Condition | None = None
    price: Price | None = None


class GiftOption(_Read):
    gift_message: Text = None
    gift_wrap_level: Text = None


class Packing(_Read):
    gift_option: GiftOption | None = None


class InternationalShipping(_Read):
    ioss_number: Text = None


class ShippingConstraints(_Read):
    cash_on_delivery: Text = None


class Shipping(_Read):
    international_shipping: InternationalShipping | None = None
    shipping_constraints: ShippingConstraints | None = None


class ItemFulfillment(_Read):
    quantity_fulfilled: int | None = None
    quantity_unfulfilled: int | None = None
    packing: Packing | None = None
    shipping: Shipping | None = None


class CancellationRequest(_Read):
    requester: Text = None
    cancel_reason: Text = None


class CancellationExecution(_Read):
    cancelled_by: Text = None
    cancel_reason: Text = None


class Cancellation(_Read):
    cancellation_request: CancellationRequest | None = None
    cancellation_execution: CancellationExecution | None = None


class TaxCollection(_Read):
    model: Text = None
    responsible_party: Text = None


class ItemTax(_Read):
    tax_collections: Listed[TaxCollection] = ()


class PromotionBreakdown(_Read):
    promotion_id: Text = None


class Promotion(_Read):
    breakdowns: Listed[PromotionBreakdown] = ()


def _promotion_or_none(value: object) -> Promotion | None:
    """Drop what cannot be read: no promotion's id is worth losing an order for."""
    try:
        return Promotion.model_validate(value)
    except PydanticError:
        return None


class OrderItem(_Read):
    order_item_id: OrderItemId
    quantity_ordered: int
    programs: Listed[str] = ()
    product: Product = Product()
    proceeds: ItemProceeds | None = None
    promotion: Annotated[Promotion | None, BeforeValidator(_promotion_or_none)] = None
    cancellation: Cancellation | None = None
    fulfillment: ItemFulfillment | None = None
    tax: ItemTax | None = None

    @property
    def quantity_shipped(self) -> int:
        shipped = self.fulfillment.quantity_fulfilled if self.fulfillment else 0
        return min(shipped or 0, self.quantity_ordered)

    @property
    def gift(self) -> GiftOption | None:
        packing = self.fulfillment.packing if self.fulfillment else None
        return packing.gift_option if packing else None


class PackageItem(_Read):
    order_item_id: OrderItemId
    quantity: int


class PackageStatus(_Read):
    status: Text = None


class Package(_Read):
    package_reference_id: str
    package_status: PackageStatus | None = None
    carrier: Text = None
    ship_time: MaybeMoment = None
    tracking_number: Text = None
    package_items: Listed[PackageItem] = ()


class TaxRegistration(_Read):
    entity_type: Text = None
    tax_registration_type: Text = None
    tax_registration_number: Text = None


class OrderTax(_Read):
    tax_registrations: Listed[TaxRegistration] = ()


class PaymentExecution(_Read):
    payment_method: Text = None


class Payment(_Read):
    payment_executions: Listed[PaymentExecution] = ()


class AmazonOrder(_Read):
    """One order as Amazon tells it. Times are aware and in UTC, amounts in major units."""

    order_id: AmazonOrderId
    order_aliases: Listed[Alias] = ()
    created_time: Moment
    last_updated_time: Moment
    programs: Listed[str] = ()
    associated_orders: Listed[AssociatedOrder] = ()
    sales_channel: SalesChannel = SalesChannel()
    buyer: Buyer | None = None
    recipient: Recipient | None = None
    proceeds: OrderProceeds | None = None
    tax: OrderTax | None = None
    payment: Payment | None = None
    fulfillment: OrderFulfillment | None = None
    order_items: Listed[OrderItem] = ()
    packages: Listed[Package] = ()

    @property
    def status(self) -> str:
        """Amazon's fulfilment status, or an empty string if it was not told."""
        return (self.fulfillment and self.fulfillment.fulfillment_status) or ""

    @property
    def fulfilled_by(self) -> str:
        return (self.fulfillment and self.fulfillment.fulfilled_by) or ""

    @property
    def marketplace_id(self) -> MarketplaceId | None:
        return self.sales_channel.marketplace_id

    @property
    def grand_total(self) -> Money | None:
        return self.proceeds.grand_total if self.proceeds else None

    @property
    def address(self) -> DeliveryAddress | None:
        return self.recipient.delivery_address if self.recipient else None

    @property
    def ship_by(self) -> datetime | None:
        window = self.fulfillment.ship_by_window if self.fulfillment else None
        return window.latest_date_time if window else None

    @property
    def deliver_by(self) -> datetime | None:
        window = self.fulfillment.deliver_by_window if self.fulfillment else None
        return window.latest_date_time if window else None

    @property
    def replaces(self) -> str | None:
        """The order that this one makes good, by Amazon's replacement or exchange."""
        kinds = ("REPLACEMENT_ORIGINAL_ID", "EXCHANGE_ORIGINAL_ID")
        return next(
            (other.order_id for other in self.associated_orders if other.association_type in kinds),
            None,
        )

    @property
    def is_cash_on_delivery(self) -> bool:
        """Whether the buyer pays the carrier, as far as Amazon tells in any of its places."""
        executions = self.payment.payment_executions if self.payment else ()
        shippings = (item.fulfillment and item.fulfillment.shipping for item in self.order_items)
        constraints = (shipping.shipping_constraints for shipping in shippings if shipping)
        return any(e.payment_method == "CashOnDelivery" for e in executions) or any(
            constraint.cash_on_delivery for constraint in constraints if constraint
        )

    @property
    def skus(self) -> frozenset[SellerSku]:
        """The seller's SKUs that still have units in the order."""
        return frozenset(
            item.product.seller_sku
            for item in self.order_items
            if item.product.seller_sku and item.quantity_ordered
        )


class UnreadableOrder(ValueError):
    """Amazon's answer about one order cannot be understood; the message names fields only."""


def read_order(payload: dict[str, Any]) -> AmazonOrder:
    """Read one order of ``searchOrders`` or ``getOrder``.

    Raises:
        UnreadableOrder: An essential field is missing or illegible. The text names the fields and
            what is wrong with them, never their values.
    """
    try:
        return AmazonOrder.model_validate(payload)
    except PydanticError as error:
        faults = (
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['type']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise UnreadableOrder("; ".join(faults)) from None
