"""The made-up shop that both simulators know: its products and its sales channels."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True)
class Product:
    """A product of the shop, sold under the same SKU on every channel."""

    sku: str
    title: str
    price: Decimal
    """The price in a currency with two decimals; JPY sells at a hundred times the number."""
    asin: str
    units: int
    """Units in the warehouse when the shop opens."""


@dataclass(frozen=True)
class SalesChannel:
    """A Saleor channel made for one Amazon marketplace."""

    slug: str
    name: str
    currency: str
    country: str
    marketplace_id: str
    marketplace_name: str
    prices_include_tax: bool


_NAMES: Final = (
    ("Enamel Mug", "14.90"),
    ("Linen Tea Towel", "9.95"),
    ("Beeswax Candle", "12.00"),
    ("Oak Chopping Board", "39.50"),
    ("Cast Iron Pan", "64.99"),
    ("Wool Blanket", "89.00"),
    ("Copper Kettle", "74.25"),
    ("Stoneware Bowl", "18.40"),
    ("Cotton Apron", "24.99"),
    ("Bamboo Tray", "21.15"),
    ("Glass Carafe", "27.30"),
    ("Felt Slippers", "33.33"),
)
_VARIANTS: Final = ("natural", "slate", "rust", "moss")

PRODUCTS: Final = tuple(
    Product(
        sku=f"SHOP-{index + 1:02d}-{variant[:3].upper()}",
        title=f"{name}, {variant}",
        price=Decimal(price),
        asin=f"B0SHOP{index + 1:02d}{number}X",
        units=400 + 10 * index,
    )
    for index, (name, price) in enumerate(_NAMES)
    for number, variant in enumerate(_VARIANTS)
)

SALES_CHANNELS: Final = (
    SalesChannel(
        "amazon-us",
        "Amazon US",
        "USD",
        "US",
        "ATVPDKIKX0DER",
        "Amazon.com",
        prices_include_tax=False,
    ),
    SalesChannel(
        "amazon-ca",
        "Amazon Canada",
        "CAD",
        "CA",
        "A2EUQ1WTGCTBG2",
        "Amazon.ca",
        prices_include_tax=False,
    ),
    SalesChannel(
        "amazon-br",
        "Amazon Brazil",
        "BRL",
        "BR",
        "A2Q3Y263D00KWC",
        "Amazon.com.br",
        prices_include_tax=True,
    ),
    SalesChannel(
        "amazon-uk",
        "Amazon UK",
        "GBP",
        "GB",
        "A1F83G8C2ARO7P",
        "Amazon.co.uk",
        prices_include_tax=True,
    ),
    SalesChannel(
        "amazon-de",
        "Amazon Germany",
        "EUR",
        "DE",
        "A1PA6795UKMFR9",
        "Amazon.de",
        prices_include_tax=True,
    ),
    SalesChannel(
        "amazon-fr",
        "Amazon France",
        "EUR",
        "FR",
        "A13V1IB3VIYZZH",
        "Amazon.fr",
        prices_include_tax=True,
    ),
    SalesChannel(
        "amazon-tr",
        "Amazon Turkey",
        "TRY",
        "TR",
        "A33AVAJ2PDY3EV",
        "Amazon.com.tr",
        prices_include_tax=True,
    ),
    SalesChannel(
        "amazon-jp",
        "Amazon Japan",
        "JPY",
        "JP",
        "A1VC38T7YXB528",
        "Amazon.co.jp",
        prices_include_tax=True,
    ),
    SalesChannel(
        "amazon-au",
        "Amazon Australia",
        "AUD",
        "AU",
        "A39IBJ37TRP1C6",
        "Amazon.com.au",
        prices_include_tax=True,
    ),
)
