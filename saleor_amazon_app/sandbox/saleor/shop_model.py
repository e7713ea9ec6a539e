"""The shop as a whole: its settings, and everything that is kept when the simulator stops."""

from dataclasses import dataclass, field

from saleor_amazon_app.sandbox.saleor.model import (
    App,
    Channel,
    Mail,
    Order,
    Product,
    ShippingMethod,
    Stock,
    TaxClass,
    User,
    Variant,
    Warehouse,
)


@dataclass(kw_only=True)
class Settings:
    """What a merchant sets in Configuration, and how long an import takes."""

    fulfillment_auto_approve: bool = True
    fulfillment_allow_unpaid: bool = True
    automatically_confirm_all_new_orders: bool = True
    version: str = "3.23.28"
    import_seconds_per_order: float = 0.0
    app_token_seconds: float = 300.0
    """How long a token of the Dashboard for an app lives (JWT_TTL_APP_ACCESS)."""


@dataclass(kw_only=True)
class Shop:
    """Everything that is kept when the simulator stops."""

    settings: Settings = field(default_factory=Settings)
    channels: list[Channel] = field(default_factory=list)
    warehouses: list[Warehouse] = field(default_factory=list)
    tax_classes: list[TaxClass] = field(default_factory=list)
    shipping_methods: list[ShippingMethod] = field(default_factory=list)
    products: dict[int, Product] = field(default_factory=dict)
    variants: dict[int, Variant] = field(default_factory=dict)
    stocks: dict[int, Stock] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    users: dict[int, User] = field(default_factory=dict)
    apps: dict[int, App] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    last_order_number: int = 0
    last_id: int = 0
    private_key: str = ""
    """The RSA key in PEM; an app that has saved the public half must still trust it later."""
