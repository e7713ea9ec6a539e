"""One order with everything that is known of it."""

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from saleor_amazon_app.showing.shapes.common import Amount, ProblemShown, Sentence, Shape
from saleor_amazon_app.showing.shapes.orders import OrderRow


class AddressShown(Shape):
    """An address as Amazon tells it, with the merchant's repair over it."""

    name: str | None = None
    company_name: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    address_line3: str | None = None
    city: str | None = None
    district_or_county: str | None = None
    state_or_region: str | None = None
    postal_code: str | None = None
    country_code: str | None = None
    phone: str | None = None


class AddressRepair(BaseModel):
    """New values for fields of an address; what is not given stays as it is."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    name: str | None = Field(default=None, min_length=1, max_length=255)
    company_name: str | None = Field(default=None, max_length=255)
    address_line1: str | None = Field(default=None, min_length=1, max_length=255)
    address_line2: str | None = Field(default=None, max_length=255)
    city: str | None = Field(default=None, min_length=1, max_length=255)
    state_or_region: str | None = Field(default=None, max_length=255)
    postal_code: str | None = Field(default=None, min_length=1, max_length=20)
    country_code: str | None = Field(default=None, min_length=2, max_length=2)
    phone: str | None = Field(default=None, max_length=40)


class BuyerShown(Shape):
    name: str | None
    email: str | None
    company: str | None
    purchase_order_number: str | None


class ShippingShown(Shape):
    service_level: str | None
    drop_off_location: str | None
    instructions: str | None
    ship_from: datetime | None
    ship_by: datetime | None
    deliver_from: datetime | None
    deliver_by: datetime | None
    address: AddressShown | None
    address_is_withheld: bool
    """Amazon tells no address that could be used."""
    repaired_fields: list[str]
    """The address fields that the merchant has repaired."""


class ItemShown(Shape):
    item_id: str
    sku: str | None
    asin: str | None
    title: str | None
    condition: str | None
    quantity_ordered: int
    quantity_shipped: int
    quantity_open: int
    price: Amount | None
    """For all units, before discounts."""
    tax: Amount | None
    shipping: Amount | None
    gift_wrap: Amount | None
    discount: Amount | None
    """What is taken off, as a positive amount."""
    total: Amount | None
    gift_message: str | None
    is_unknown_sku: bool
    """No variant in Saleor has this SKU, and it is mapped to none."""


class PackageShown(Shape):
    """A parcel as Amazon shows it."""

    reference: str
    carrier: str | None
    tracking_number: str | None
    shipped_at: datetime | None
    units: dict[str, int]
    """Units by order item id."""


class IntentShown(Shape):
    """One thing that was to be told to Amazon, and what became of it."""

    id: int
    kind: str
    state: str
    summary: Sentence
    asked_by: str | None
    """The member of staff; None where it was asked in Saleor, which did not tell by whom."""
    asked_in_saleor: bool
    asked_at: datetime
    amount: Amount | None
    attempts: int
    sent_at: datetime | None
    settled_at: datetime | None
    next_attempt_at: datetime | None
    answer: Sentence | None
    """Amazon's words, or why a person is needed."""
    carrier: str | None
    tracking_number: str | None
    feed_id: str | None
    """Amazon's number of the feed that carried it."""
    may_send_again: bool
    may_settle_as_done: bool
    may_give_up: bool
    text: str | None = None
    """Of a message to the buyer: exactly what was sent, or is to be."""


class EventShown(Shape):
    at: datetime
    actor: str
    """``amazon``, ``saleor``, ``app`` or ``merchant``."""
    message: Sentence
    by: str | None
    """The member of staff, where it was one."""


class Permitted(Shape):
    """Whether something can be done now, and why not."""

    allowed: bool
    why_not: Sentence | None
    """None where it is allowed."""


class Permits(Shape):
    """What the order's state allows; what the person may do is in ``Me``."""

    retry: Permitted
    fetch: Permitted
    cancel: Permitted
    cancel_units: Permitted
    refund: Permitted
    send_tracking: Permitted
    repair_address: Permitted
    contact: Permitted
    """Amazon is asked once somebody wants to write: it may allow nothing all the same."""
    invoice: Permitted
    """An invoice may be uploaded to Amazon."""


class OrderDetail(Shape):
    order: OrderRow
    buyer: BuyerShown
    shipping: ShippingShown
    items: list[ItemShown]
    packages: list[PackageShown]
    intents: list[IntentShown]
    problems: list[ProblemShown]
    timeline: list[EventShown]
    """The latest first."""
    permits: Permits
    holds_stock: bool
    """Its marketplace is set to hold the stock of open orders."""
    sales_channel: str | None
    first_seen_at: datetime
    amazon_updated_at: datetime | None
    read_at: datetime | None
    """When Amazon was last asked about it."""
    imported_at: datetime | None
    erased_at: datetime | None
    """When the buyer's personal data was deleted."""
    seller_central_url: str | None


class MoneyRow(Shape):
    """One line of the comparison of both sides."""

    name: str
    """``goods`` (with tax, after discounts), ``shipping`` (with gift wrap and fees), ``tax``
    (contained in both), ``total``, ``paid`` or ``refunded``."""
    amazon: Decimal | None
    saleor: Decimal | None
    difference: Decimal | None
    """Saleor's amount less Amazon's; None where one side has no such figure."""


class MoneyComparison(Shape):
    """An order's money on both sides, Saleor's read just now."""

    currency: str | None
    rows: list[MoneyRow]
    agrees: bool
    """No row that both sides have differs."""
    refunds_under_way: Decimal
    """Asked for and not yet accepted by Amazon."""
    explanation: Sentence | None
    """Why a side is missing."""


class RawOrder(Shape):
    """What Amazon sent, as it came. It holds the buyer's personal data."""

    amazon_order_id: str
    read_at: datetime | None
    payload: dict[str, object]


class WidgetOrder(Shape):
    """What the small widget on Saleor's order page shows."""

    amazon_order_id: str
    status: str
    ship_by: datetime | None
    due: str | None
    is_prime: bool
    is_business: bool
    replaces: str | None
    note: Sentence | None
    sent: list[IntentShown]
    """What was told to Amazon, the latest first."""
    problems: list[ProblemShown]
    permits: Permits
    seller_central_url: str | None
