"""What the simulated shop knows, as plain records that pydantic can write to a file and read back.

The names are the GraphQL fields in snake case wherever a field needs no work to be resolved.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from saleor_amazon_app.sandbox.saleor.extensions import Extension


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(kw_only=True)
class WithMetadata:
    metadata: dict[str, str] = field(default_factory=dict)
    private_metadata: dict[str, str] = field(default_factory=dict)


@dataclass
class Taxed:
    """An amount without and with tax."""

    net: Decimal
    gross: Decimal

    def __add__(self, other: "Taxed") -> "Taxed":
        return Taxed(net=self.net + other.net, gross=self.gross + other.gross)


@dataclass(kw_only=True)
class Address(WithMetadata):
    id: int
    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    street_address_1: str = ""
    street_address_2: str = ""
    city: str = ""
    city_area: str = ""
    postal_code: str = ""
    country: str
    country_area: str = ""
    phone: str = ""


@dataclass(kw_only=True)
class Channel(WithMetadata):
    id: int
    slug: str
    name: str
    currency_code: str
    default_country: str
    prices_entered_with_tax: bool
    display_gross_prices: bool = True
    """A flag of its own in the tax configuration, true unless the shop changes it."""
    is_active: bool = True


@dataclass(kw_only=True)
class Warehouse(WithMetadata):
    id: str
    name: str
    slug: str
    external_reference: str | None = None
    is_private: bool = True


@dataclass(kw_only=True)
class TaxClass(WithMetadata):
    id: int
    name: str


@dataclass(kw_only=True)
class ShippingMethod:
    id: int
    name: str
    price: Decimal = Decimal(0)
    active: bool = True


@dataclass(kw_only=True)
class Product:
    id: int
    name: str
    slug: str


@dataclass(kw_only=True)
class Variant(WithMetadata):
    id: int
    product_id: int
    name: str
    sku: str | None
    external_reference: str | None = None
    track_inventory: bool = True
    created: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)


@dataclass(kw_only=True)
class Stock:
    id: int
    variant_id: int
    warehouse_id: str
    quantity: int
    quantity_allocated: int = 0


@dataclass(kw_only=True)
class Allocation:
    id: int
    stock_id: int
    quantity: int


@dataclass(kw_only=True)
class Line(WithMetadata):
    id: str
    order_id: str
    product_name: str
    variant_name: str
    translated_product_name: str = ""
    translated_variant_name: str = ""
    product_sku: str | None
    variant_id: int | None
    is_shipping_required: bool
    is_gift_card: bool
    created_at: datetime
    currency: str
    quantity: int
    quantity_fulfilled: int = 0
    unit_price: Taxed
    undiscounted_unit_price: Taxed
    total_price: Taxed
    undiscounted_total_price: Taxed
    unit_discount: Decimal = Decimal(0)
    unit_discount_reason: str | None = None
    unit_discount_value: Decimal = Decimal(0)
    unit_discount_type: str | None = None
    tax_rate: Decimal | None = None
    tax_class_id: int | None = None
    tax_class_name: str | None = None
    allocations: list[Allocation] = field(default_factory=list)

    @property
    def quantity_to_fulfill(self) -> int:
        return self.quantity - self.quantity_fulfilled


@dataclass(kw_only=True)
class FulfillmentLine:
    id: int
    line_id: str
    order_id: str
    quantity: int
    stock_id: int | None = None
    """Saleor 3.23: set by orderFulfill only. Imported lines have none, so that an imported
    fulfilment's ``warehouse`` is null."""


@dataclass(kw_only=True)
class Fulfillment(WithMetadata):
    id: int
    order_id: str
    fulfillment_order: int
    status: str
    tracking_number: str = ""
    created: datetime = field(default_factory=now)
    lines: list[FulfillmentLine] = field(default_factory=list)

    @property
    def quantity(self) -> int:
        return sum(line.quantity for line in self.lines)


@dataclass(kw_only=True)
class TransactionEvent:
    id: int
    type: str
    amount: Decimal
    currency: str
    psp_reference: str = ""
    message: str = ""
    external_url: str = ""
    created_at: datetime = field(default_factory=now)
    counts: bool = True
    granted_refund_id: int | None = None
    app_id: int | None = None
    user_id: int | None = None


@dataclass(kw_only=True)
class Transaction(WithMetadata):
    token: str
    order_id: str
    currency: str
    name: str = ""
    message: str = ""
    psp_reference: str = ""
    external_url: str = ""
    actions: list[str] = field(default_factory=list)
    authorized: Decimal = Decimal(0)
    charged: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    canceled: Decimal = Decimal(0)
    refund_pending: Decimal = Decimal(0)
    events: list[TransactionEvent] = field(default_factory=list)
    app_id: int | None = None
    app_identifier: str | None = None
    user_id: int | None = None
    created_at: datetime = field(default_factory=now)
    modified_at: datetime = field(default_factory=now)


@dataclass(kw_only=True)
class HistoryEntry:
    """A row of an order's history; ``parameters`` are what its type needs."""

    id: int
    type: str
    date: datetime = field(default_factory=now)
    message: str | None = None
    email: str | None = None
    quantity: int | None = None
    composed_id: str | None = None
    warehouse_id: str | None = None
    reference: str | None = None
    fulfilled_items: list[int] = field(default_factory=list)
    app_id: int | None = None
    user_id: int | None = None


@dataclass(kw_only=True)
class Discount:
    id: str
    value_type: str
    value: Decimal
    reason: str | None
    currency: str


@dataclass(kw_only=True)
class Invoice(WithMetadata):
    id: int
    number: str | None
    url: str | None
    created_at: datetime | None
    status: str = "SUCCESS"


@dataclass(kw_only=True)
class GrantedRefundLine:
    id: int
    order_id: str
    line_id: str
    quantity: int
    reason: str | None = None


@dataclass(kw_only=True)
class GrantedRefund:
    id: int
    order_id: str
    amount: Decimal
    currency: str
    reason: str | None
    shipping_costs_included: bool
    transaction_token: str
    lines: list[GrantedRefundLine] = field(default_factory=list)
    status: str = "NONE"
    app_id: int | None = None
    user_id: int | None = None
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)


@dataclass(kw_only=True)
class Order(WithMetadata):
    id: str
    number: int
    channel_slug: str
    status: str
    currency: str
    external_reference: str | None
    user_id: int | None = None
    user_email: str = ""
    origin: str = "BULK_CREATE"
    created: datetime
    updated_at: datetime = field(default_factory=now)
    billing_address: Address | None
    shipping_address: Address | None
    shipping_method_id: int | None = None
    shipping_method_name: str | None = None
    shipping_tax_class_id: int | None = None
    shipping_tax_class_name: str | None = None
    shipping_tax_rate: Decimal = Decimal(0)
    shipping_price: Taxed
    subtotal: Taxed
    total: Taxed
    undiscounted_total: Taxed
    customer_note: str = ""
    language_code: str
    display_gross_prices: bool
    charge_status: str = "NONE"
    authorize_status: str = "NONE"
    lines: list[Line] = field(default_factory=list)
    fulfillments: list[Fulfillment] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)
    events: list[HistoryEntry] = field(default_factory=list)
    discounts: list[Discount] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    granted_refunds: list[GrantedRefund] = field(default_factory=list)

    def line(self, line_id: str) -> Line:
        return next(line for line in self.lines if line.id == line_id)


@dataclass(kw_only=True)
class User:
    id: int
    email: str
    first_name: str = ""
    last_name: str = ""
    is_staff: bool = True
    external_reference: str | None = None


@dataclass(kw_only=True)
class Webhook:
    id: int
    app_id: int
    name: str
    target_url: str
    query: str
    events: list[str] = field(default_factory=list)
    is_active: bool = True
    custom_headers: dict[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class AppProblem:
    """A problem that an app has told of."""

    id: int
    key: str
    message: str
    count: int = 1
    is_critical: bool = False
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)


@dataclass(kw_only=True)
class App(WithMetadata):
    id: int
    identifier: str
    name: str
    version: str
    token: str
    permissions: list[str]
    manifest_url: str
    app_url: str | None = None
    author: str | None = None
    homepage_url: str | None = None
    support_url: str | None = None
    data_privacy_url: str | None = None
    is_active: bool = True
    created: datetime = field(default_factory=now)
    webhooks: list[Webhook] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    problems: list[AppProblem] = field(default_factory=list)


@dataclass(kw_only=True)
class Mail:
    """A mail the real server would have sent to the customer."""

    kind: str
    to: str
    order_id: str
    order_number: int
    sent: datetime = field(default_factory=now)
