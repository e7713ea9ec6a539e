"""What a shop offers: channels, warehouses, shipping methods, tax classes, variants."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from saleor_amazon_app.mirror.ids import VariantId
from saleor_amazon_app.mirror.parcels import Variant
from saleor_amazon_app.saleor.client import SaleorApi

_PAGE: Final = 100


@dataclass(frozen=True)
class Named:
    id: str
    name: str
    slug: str = ""


@dataclass(frozen=True)
class Channel:
    slug: str
    name: str
    currency: str
    warehouses: tuple[Named, ...]
    shipping_methods: tuple[Named, ...]


@dataclass(frozen=True)
class Shop:
    """What a marketplace can be mapped to."""

    channels: tuple[Channel, ...]
    tax_classes: tuple[Named, ...]
    warehouses: tuple[Named, ...]

    def channel(self, slug: str) -> Channel | None:
        return next((channel for channel in self.channels if channel.slug == slug), None)


@dataclass(frozen=True)
class Self:
    """The app as the shop knows it."""

    app_id: str
    permissions: frozenset[str]
    version: str


def read_self(api: SaleorApi) -> Self:
    """Ask the shop who the app is; a dead token raises ``AccessDenied`` or returns no app."""
    data = api.run("AppSelf")
    app = data["app"] or {}
    codes = frozenset(permission["code"] for permission in app.get("permissions") or ())
    return Self(app.get("id") or "", codes, data["shop"]["version"])


def read_shop(api: SaleorApi) -> Shop:
    data = api.run("Setup")
    return Shop(
        channels=tuple(_channel(node) for node in data["channels"] or ()),
        tax_classes=_named(edge["node"] for edge in data["taxClasses"]["edges"]),
        warehouses=_named(edge["node"] for edge in data["warehouses"]["edges"]),
    )


def variants_by_sku(api: SaleorApi, skus: Iterable[str]) -> dict[str, Variant]:
    """Find variants by their SKUs, a hundred to a query."""
    wanted = sorted(set(skus))
    found: dict[str, Variant] = {}
    for start in range(0, len(wanted), _PAGE):
        data = api.run("VariantsBySku", skus=wanted[start : start + _PAGE])
        found |= {variant.sku: variant for variant in _variants(data)}
    return found


def variants_by_id(api: SaleorApi, ids: Iterable[str]) -> dict[str, Variant]:
    """Find variants by their ids; those deleted since are missing from the result."""
    wanted = sorted(set(ids))
    found: dict[str, Variant] = {}
    for start in range(0, len(wanted), _PAGE):
        data = api.run("VariantsById", ids=wanted[start : start + _PAGE])
        found |= {str(variant.id): variant for variant in _variants(data)}
    return found


def search_variants(api: SaleorApi, search: str, limit: int) -> list[Variant]:
    """Search variants by SKU and name, as Saleor's own search does."""
    return list(_variants(api.run("SearchVariants", search=search, first=min(limit, _PAGE))))


def _variants(data: Mapping[str, Any]) -> Iterable[Variant]:
    for edge in data["productVariants"]["edges"]:
        node = edge["node"]
        product = node["product"]["name"]
        yield Variant(VariantId(node["id"]), node["sku"] or "", product, node["name"] or "")


def _channel(node: Mapping[str, Any]) -> Channel:
    methods = {
        method["id"]: method
        for country in node["availableShippingMethodsPerCountry"] or ()
        for method in country["shippingMethods"] or ()
    }
    return Channel(
        slug=node["slug"],
        name=node["name"],
        currency=node["currencyCode"],
        warehouses=_named(node["warehouses"] or ()),
        shipping_methods=tuple(
            Named(_bulk_id(method["id"]), method["name"]) for method in methods.values()
        ),
    )


def _named(nodes: Iterable[Mapping[str, Any]]) -> tuple[Named, ...]:
    return tuple(Named(node["id"], node["name"], node.get("slug") or "") for node in nodes)


def _bulk_id(identifier: str) -> str:
    """Return a shipping method's id as ``orderBulkCreate`` wants it.

    Zones list methods under the type ``ShippingMethodType``; the import takes ``ShippingMethod``.
    """
    try:
        kind, _, key = base64.b64decode(identifier, validate=True).decode().partition(":")
    except ValueError:
        return identifier
    if kind not in ("ShippingMethodType", "ShippingMethod"):
        return identifier
    return base64.b64encode(f"ShippingMethod:{key}".encode()).decode()
