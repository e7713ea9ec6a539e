"""What the merchant sets: accounts, mappings, terms, words, the shop's own choices."""

from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SecretStr

from saleor_amazon_app.mirror.mapping import BuyerEmail
from saleor_amazon_app.mirror.marketplaces import Region
from saleor_amazon_app.mirror.messages import AdjustmentReason, CancelReason
from saleor_amazon_app.showing.shapes.common import Choice, MarketplaceRef, Sentence, Shape


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class ConnectBody(Body):
    """Connects an account by a token that the seller made in Seller Central; renews a known one."""

    seller_id: str = Field(pattern=r"^[A-Z0-9]{5,64}$")
    """The merchant token, e.g. ``A1EXAMPLE``."""
    region: Region
    refresh_token: SecretStr = Field(min_length=5, max_length=2048)
    import_from: AwareDatetime | None = None
    """Orders bought since then are imported; None: since now."""


class ImportStartBody(Body):
    """Imports orders bought since another moment."""

    import_from: AwareDatetime


class ConsentBody(Body):
    """Asks Amazon's consent page for an authorisation."""

    marketplace_id: str = Field(max_length=32)
    """A marketplace of the account: it decides which Seller Central is opened."""
    import_from: AwareDatetime | None = None


class Consent(Shape):
    """Where to send the browser, in a window of its own."""

    url: str
    expires_at: datetime


class ConnectChoices(Shape):
    """What connecting an account needs to know."""

    by_consent: bool
    """The app has an application id at Amazon, so that the consent page can be opened."""
    why_not_by_consent: Sentence | None
    marketplaces: list[MarketplaceRef]
    regions: list[Choice]


class Named(Shape):
    id: str
    name: str


class ChannelChoice(Shape):
    slug: str
    name: str
    currency: str
    warehouses: list[Named]
    shipping_methods: list[Named]


class ShopChoices(Shape):
    """What of the shop a marketplace can be mapped to, read just now."""

    channels: list[ChannelChoice]
    warehouses: list[Named]
    tax_classes: list[Named]


class MarketplaceSettings(Body):
    """Where a marketplace's orders go, and how they are handled. All of it is set at once."""

    channel: str = Field(min_length=1, max_length=255)
    """The slug of a channel with the marketplace's currency."""
    warehouse_id: str | None = None
    """None: the channel's only one."""
    shipping_method_id: str | None = None
    tax_class_id: str | None = None
    import_orders: bool = True
    """Off: orders are read and shown, and none is created in Saleor."""
    hold_stock: bool = True
    """Open merchant-fulfilled orders reserve their units in the warehouse."""
    buyer_email: BuyerEmail = BuyerEmail.PLACEHOLDER
    without_address: bool = False
    """An open order is imported with placeholders when Amazon withholds its address."""
    default_carrier: str | None = Field(default=None, max_length=128)
    """For shipments whose carrier is neither told nor recognised."""
    tracking_wait_hours: int = Field(default=4, ge=0, le=72)
    ship_without_tracking: bool = True
    cancel_reason: CancelReason = CancelReason.NO_INVENTORY
    """For orders that were cancelled in Saleor without a reason."""
    refund_reason: AdjustmentReason = AdjustmentReason.GENERAL_ADJUSTMENT


class MarketplaceShown(Shape):
    marketplace: MarketplaceRef
    account_id: str
    is_mapped: bool
    is_denied: bool
    settings: MarketplaceSettings | None
    """None as long as it is not mapped."""


class Marketplaces(Shape):
    items: list[MarketplaceShown]


class WordKind(StrEnum):
    CARRIER = "carrier"
    REFUND_REASON = "refund_reason"


class WordBody(Body):
    """Lets a word of the merchant's stand for one of Amazon's."""

    kind: WordKind
    word: str = Field(min_length=1, max_length=128)
    code: str = Field(min_length=1, max_length=128)


class Word(Shape):
    id: str
    kind: WordKind
    word: str
    code: str


class Words(Shape):
    items: list[Word]


class ReadOnlyBody(Body):
    on: bool
    reason: str = Field(default="", max_length=500)


class ShopSettings(Shape):
    """Settings of the whole shop."""

    read_only: bool
    read_only_reason: Sentence | None
    activity_days: int
    """How long the log of failures is kept."""
    defaults: dict[str, int]
    """What the settings are where nobody has changed them."""


class ShopSettingsBody(Body):
    activity_days: int = Field(ge=1, le=365)


class Vocabulary(Shape):
    """The values that fields take, each with its explanation."""

    cancel_reasons: list[Choice]
    refund_reasons: list[Choice]
    carriers: list[Choice]
    statuses: list[Choice]
    """Amazon's statuses that are known; others may occur."""
    states: list[Choice]
    problems: list[Choice]
    buyer_emails: list[Choice]
    marketplaces: list[MarketplaceRef]
    """Those in which the shop's accounts sell."""
