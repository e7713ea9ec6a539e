"""The shop a fresh simulator opens: the shared catalogue, set up the way a merchant would."""

import uuid
from typing import Final

from saleor_amazon_app.sandbox.catalogue import PRODUCTS, SALES_CHANNELS, Product
from saleor_amazon_app.sandbox.saleor import keys, model
from saleor_amazon_app.sandbox.saleor.shop_model import Shop

_NAMESPACE: Final = uuid.UUID("4d4b1f3c-5c1e-4c62-9d66-9a6b2b6f7a10")
_FIRST_VARIANT: Final = 201
_FIRST_PRODUCT: Final = 101


def default_shop() -> Shop:
    """Build channels, one warehouse, one tax class, one shipping method and the products."""
    shop = Shop(
        channels=_channels(),
        warehouses=[
            model.Warehouse(
                id=str(uuid.uuid5(_NAMESPACE, "main")), name="Main warehouse", slug="main"
            )
        ],
        tax_classes=[model.TaxClass(id=1, name="Standard")],
        shipping_methods=[model.ShippingMethod(id=1, name="Amazon")],
        users={1: model.User(id=1, email="admin@example.com", first_name="Ada")},
        last_id=1000,
        private_key=keys.new_private_key(),
    )
    for product in PRODUCTS:
        _stock_up(shop, product)
    return shop


def add_variant(shop: Shop, sku: str, name: str, quantity: int | None) -> model.Variant:
    """Add a product with one variant; a quantity of None leaves it without a stock row."""
    product = _product(shop, name)
    key = max(shop.variants, default=_FIRST_VARIANT - 1) + 1
    variant = model.Variant(id=key, product_id=product.id, name=sku, sku=sku)
    shop.variants[key] = variant
    if quantity is not None:
        add_stock(shop, variant, quantity)
    return variant


def add_stock(shop: Shop, variant: model.Variant, quantity: int) -> model.Stock:
    key = max(shop.stocks, default=0) + 1
    stock = model.Stock(
        id=key, variant_id=variant.id, warehouse_id=shop.warehouses[0].id, quantity=quantity
    )
    shop.stocks[key] = stock
    return stock


def _channels() -> list[model.Channel]:
    return [
        model.Channel(
            id=number,
            slug=channel.slug,
            name=channel.name,
            currency_code=channel.currency,
            default_country=channel.country,
            prices_entered_with_tax=channel.prices_include_tax,
        )
        for number, channel in enumerate(SALES_CHANNELS, 1)
    ]


def _product(shop: Shop, name: str) -> model.Product:
    found = next((p for p in shop.products.values() if p.name == name), None)
    if found:
        return found
    key = max(shop.products, default=_FIRST_PRODUCT - 1) + 1
    shop.products[key] = model.Product(id=key, name=name, slug=name.lower().replace(" ", "-"))
    return shop.products[key]


def _stock_up(shop: Shop, product: Product) -> None:
    """Split "Enamel Mug, slate" into Saleor's product and variant."""
    name, _, kind = product.title.partition(", ")
    variant = add_variant(shop, product.sku, name, product.units)
    variant.name = kind
