"""What the placeholders of a message's template stand for in one order."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from saleor_amazon_app.mirror.amazon_order import AmazonOrder, OrderItem
from saleor_amazon_app.mirror.ids import MarketplaceId
from saleor_amazon_app.mirror.marketplaces import find_marketplace
from saleor_amazon_app.mirror.message_templates import Placeholder

_TIMES: Final = "\N{MULTIPLICATION SIGN}"
_ENGLISH: Final = Locale("en", "GB")
_ZONES: Final = {
    "US": "America/Los_Angeles",
    "CA": "America/Los_Angeles",
    "MX": "America/Mexico_City",
    "BR": "America/Sao_Paulo",
    "GB": "Europe/London",
    "IE": "Europe/Dublin",
    "DE": "Europe/Berlin",
    "FR": "Europe/Paris",
    "IT": "Europe/Rome",
    "ES": "Europe/Madrid",
    "NL": "Europe/Amsterdam",
    "SE": "Europe/Stockholm",
    "PL": "Europe/Warsaw",
    "BE": "Europe/Brussels",
    "TR": "Europe/Istanbul",
    "AE": "Asia/Dubai",
    "SA": "Asia/Riyadh",
    "EG": "Africa/Cairo",
    "ZA": "Africa/Johannesburg",
    "IN": "Asia/Kolkata",
    "JP": "Asia/Tokyo",
    "AU": "Australia/Sydney",
    "SG": "Asia/Singapore",
}
"""Where a store's days begin, by its country: Amazon's ship-by times are the ends of such days."""


def is_language(tag: str) -> bool:
    """Tell whether a tag such as ``de-DE`` names a language that dates can be written in."""
    return _locale(tag) is not None


def values_for(order: AmazonOrder, *, language: str, shop_name: str = "") -> dict[Placeholder, str]:
    """Return the values that are known; what Amazon has not told is left out.

    Args:
        order: The order.
        language: A tag that dates are written in; the marketplace's language if it is empty.
        shop_name: The seller's name at Amazon, if it is known.
    """
    store = order.marketplace_id
    locale = _locale(language) or _locale(_language_of(store)) or _ENGLISH
    packages = order.packages
    found = {
        Placeholder.ORDER_NUMBER: order.order_id,
        Placeholder.ORDER_DATE: _day(order.created_time, store, locale),
        Placeholder.ITEMS: _listed(_item(item) for item in order.order_items),
        Placeholder.CARRIER: _listed(package.carrier for package in packages),
        Placeholder.TRACKING_NUMBER: _listed(package.tracking_number for package in packages),
        Placeholder.SHIP_BY: _day(order.ship_by, store, locale) if order.ship_by else "",
        Placeholder.SHOP_NAME: shop_name,
    }
    return {name: value for name, value in found.items() if value}


def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag.replace("_", "-"), sep="-") if tag else None
    except (UnknownLocaleError, ValueError):
        return None


def _language_of(store: MarketplaceId | None) -> str:
    """Return a store's language: ``EN_US`` of Saleor's list is ``en-US``."""
    marketplace = find_marketplace(store)
    language, _, country = (marketplace.language if marketplace else "").partition("_")
    return "-".join(filter(None, (language.lower(), country)))


def _day(moment: datetime, store: MarketplaceId | None, locale: Locale) -> str:
    marketplace = find_marketplace(store)
    zone = ZoneInfo(_ZONES.get(marketplace.country, "UTC") if marketplace else "UTC")
    return format_date(moment.astimezone(zone).date(), "long", locale)


def _item(item: OrderItem) -> str | None:
    """Name an item as the buyer knows it; its SKU would tell them nothing."""
    title = item.product.title
    if not title or not item.quantity_ordered:
        return None
    return f"{item.quantity_ordered} {_TIMES} {title}" if item.quantity_ordered > 1 else title


def _listed(texts: Iterable[str | None]) -> str:
    return ", ".join(dict.fromkeys(text for text in texts if text))
