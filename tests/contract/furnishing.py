"""Furnishes a Saleor shop with what the contract suite sells: the made-up catalogue.

A shop that has it already is left as it is. The token must be an app's or a staff member's with
MANAGE_CHANNELS, MANAGE_PRODUCTS, MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES, MANAGE_SHIPPING,
MANAGE_SETTINGS and MANAGE_ORDERS.

    SALEOR_CONTRACT_URL=… SALEOR_CONTRACT_TOKEN=… python -m tests.contract.furnishing
"""

import os
import sys
from decimal import Decimal
from typing import Any

import requests

from saleor_amazon_app.sandbox.catalogue import PRODUCTS, SALES_CHANNELS

_CHANNELS = "{ channels { slug } }"
_TAX_CLASSES = "{ taxClasses(first: 100) { edges { node { id name } } } }"
_TAX_CLASS = 'mutation { taxClassCreate(input: {name: "Amazon"}) { errors { message } } }'
_WAREHOUSE = """
mutation W($input: WarehouseCreateInput!) {
  made: createWarehouse(input: $input) { warehouse { id } errors { field message } }
}"""
_CHANNEL = """
mutation C($input: ChannelCreateInput!) {
  made: channelCreate(input: $input) { channel { id } errors { field message } }
}"""
_ZONE = """
mutation Z($input: ShippingZoneCreateInput!) {
  made: shippingZoneCreate(input: $input) { shippingZone { id } errors { field message } }
}"""
_METHOD = """
mutation M($input: ShippingPriceInput!) {
  made: shippingPriceCreate(input: $input) { shippingMethod { id } errors { field message } }
}"""
_METHOD_LISTING = """
mutation L($id: ID!, $input: ShippingMethodChannelListingInput!) {
  made: shippingMethodChannelListingUpdate(id: $id, input: $input) { errors { field message } }
}"""
_TYPE = """
mutation T($input: ProductTypeInput!) {
  made: productTypeCreate(input: $input) { productType { id } errors { field message } }
}"""
_CATEGORY = """
mutation G($input: CategoryInput!) {
  made: categoryCreate(input: $input) { category { id } errors { field message } }
}"""
_PRODUCT = """
mutation P($input: ProductCreateInput!) {
  made: productCreate(input: $input) { product { id } errors { field message } }
}"""
_PRODUCT_LISTING = """
mutation PL($id: ID!, $input: ProductChannelListingUpdateInput!) {
  made: productChannelListingUpdate(id: $id, input: $input) { errors { field message } }
}"""
_VARIANTS = """
mutation V($product: ID!, $variants: [ProductVariantBulkCreateInput!]!) {
  made: productVariantBulkCreate(product: $product, variants: $variants) {
    results { errors { message } } errors { message }
  }
}"""
_ADDRESS = {
    "streetAddress1": "Hafenstr. 1",
    "city": "Hamburg",
    "postalCode": "20457",
    "country": "DE",
}


class Shop:
    """The shop's API with a token that may do what furnishing needs."""

    def __init__(self, api_url: str, token: str) -> None:
        self._url = api_url
        self._headers = {"Authorization": f"Bearer {token}"}

    def ask(self, query: str, **variables: Any) -> Any:
        body = {"query": query, "variables": variables}
        answer = requests.post(self._url, json=body, headers=self._headers, timeout=60)
        told = answer.json()
        if told.get("errors"):
            raise RuntimeError(told["errors"][0]["message"])
        return told["data"]

    def make(self, query: str, kind: str = "", **variables: Any) -> str:
        """Run a mutation; returns the id of what it made."""
        made = self.ask(query, **variables)["made"]
        if made["errors"]:
            raise RuntimeError(f"{kind or query[:60]}: {made['errors']}")
        return str(made[kind]["id"]) if kind else ""


def furnish(shop: Shop) -> bool:
    """Furnish a shop; returns whether there was anything to do."""
    known = {channel["slug"] for channel in shop.ask(_CHANNELS)["channels"]}
    if known.issuperset(channel.slug for channel in SALES_CHANNELS):
        return False
    if not shop.ask(_TAX_CLASSES)["taxClasses"]["edges"]:
        shop.ask(_TAX_CLASS)
    warehouse = shop.make(
        _WAREHOUSE,
        "warehouse",
        input={"name": "Amazon stock", "slug": "amazon-stock", "address": _ADDRESS},
    )
    channels = {channel.slug: _channel(shop, channel, warehouse) for channel in SALES_CHANNELS}
    _shipping(shop, warehouse, channels)
    _products(shop, warehouse, channels)
    return True


def _channel(shop: Shop, channel: Any, warehouse: str) -> str:
    wish = {
        "name": channel.name,
        "slug": channel.slug,
        "currencyCode": channel.currency,
        "defaultCountry": channel.country,
        "isActive": True,
        "addWarehouses": [warehouse],
    }
    return shop.make(_CHANNEL, "channel", input=wish)


def _shipping(shop: Shop, warehouse: str, channels: dict[str, str]) -> None:
    zone = {
        "name": "Amazon",
        "countries": sorted({channel.country for channel in SALES_CHANNELS}),
        "addWarehouses": [warehouse],
        "addChannels": list(channels.values()),
    }
    zone_id = shop.make(_ZONE, "shippingZone", input=zone)
    method = {"name": "Amazon", "type": "PRICE", "shippingZone": zone_id}
    method_id = shop.make(_METHOD, "shippingMethod", input=method)
    listings = [{"channelId": id_, "price": 5} for id_ in channels.values()]
    shop.make(_METHOD_LISTING, id=method_id, input={"addChannels": listings})


def _products(shop: Shop, warehouse: str, channels: dict[str, str]) -> None:
    kind = shop.make(
        _TYPE,
        "productType",
        input={"name": "Household", "hasVariants": True, "isShippingRequired": True},
    )
    category = shop.make(_CATEGORY, "category", input={"name": "Household"})
    for title in dict.fromkeys(product.title.split(",")[0] for product in PRODUCTS):
        wish = {"name": title, "productType": kind, "category": category}
        product_id = shop.make(_PRODUCT, "product", input=wish)
        listings = [
            {"channelId": id_, "isPublished": True, "visibleInListings": True}
            for id_ in channels.values()
        ]
        shop.make(_PRODUCT_LISTING, id=product_id, input={"updateChannels": listings})
        variants = [
            _variant(product, warehouse, channels)
            for product in PRODUCTS
            if product.title.startswith(f"{title},")
        ]
        shop.make(_VARIANTS, product=product_id, variants=variants)


def _variant(product: Any, warehouse: str, channels: dict[str, str]) -> dict[str, Any]:
    currencies = {channel.slug: channel.currency for channel in SALES_CHANNELS}
    return {
        "sku": product.sku,
        "name": product.title.split(", ")[1],
        "attributes": [],
        "trackInventory": True,
        "stocks": [{"warehouse": warehouse, "quantity": product.units}],
        "channelListings": [
            {"channelId": id_, "price": _price(product.price, currencies[slug])}
            for slug, id_ in channels.items()
        ],
    }


def _price(price: Decimal, currency: str) -> str:
    return str(price * 100 if currency == "JPY" else price)


if __name__ == "__main__":
    made = furnish(Shop(os.environ["SALEOR_CONTRACT_URL"], os.environ["SALEOR_CONTRACT_TOKEN"]))
    sys.stdout.write("Furnished.\n" if made else "It was furnished already.\n")
