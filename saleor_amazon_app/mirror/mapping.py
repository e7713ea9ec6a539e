"""Where the orders of one marketplace go in Saleor, and how the merchant wants them."""

from dataclasses import dataclass
from enum import StrEnum

from saleor_amazon_app.mirror.ids import MarketplaceId


class BuyerEmail(StrEnum):
    """Which e-mail address the Saleor order gets. The values are stored: never rename one."""

    PLACEHOLDER = "placeholder"
    """An address that can reach nobody: Saleor's own mails go nowhere."""
    RELAY = "relay"
    """Amazon's relay address: Saleor's mails reach the buyer."""


@dataclass(frozen=True)
class Mapping:
    """One marketplace's place in Saleor: ids as Saleor's GraphQL gives them."""

    marketplace_id: MarketplaceId
    channel: str
    """The channel's slug."""
    currency: str
    warehouse_id: str
    shipping_method_id: str
    tax_class_id: str
    import_orders: bool = True
    """Off: orders are read and shown, and none is created in Saleor."""
    hold_stock: bool = True
    """On: open merchant-fulfilled orders reserve their units in the warehouse."""
    buyer_email: BuyerEmail = BuyerEmail.PLACEHOLDER
    without_address: bool = False
    """On: an open order is imported with placeholders when Amazon withholds its address."""
