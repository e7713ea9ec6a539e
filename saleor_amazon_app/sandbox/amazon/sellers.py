"""Sellers API v1: getMarketplaceParticipations."""

from typing import Any, Final

from flask import Blueprint, Response

from saleor_amazon_app.sandbox.amazon.gateway import Call, answer
from saleor_amazon_app.sandbox.amazon.limits import GET_PARTICIPATIONS
from saleor_amazon_app.sandbox.amazon.state import State
from saleor_amazon_app.sandbox.catalogue import SALES_CHANNELS, SalesChannel

LANGUAGES: Final = {
    "US": "en_US",
    "CA": "en_CA",
    "BR": "pt_BR",
    "GB": "en_GB",
    "DE": "de_DE",
    "FR": "fr_FR",
    "TR": "tr_TR",
    "JP": "ja_JP",
    "AU": "en_AU",
}
_CHANNELS: Final = {channel.marketplace_id: channel for channel in SALES_CHANNELS}


def blueprint(state: State) -> Blueprint:
    pages = Blueprint("sellers", __name__)

    @pages.get("/sellers/v1/marketplaceParticipations")
    def marketplace_participations() -> Response:
        return answer(state, GET_PARTICIPATIONS, _participations)

    return pages


def _participations(call: Call) -> dict[str, Any]:
    name = call.seller.store_name
    return {"payload": [_participation(m, name) for m in call.seller.marketplaces]}


def _participation(marketplace_id: str, store_name: str) -> dict[str, Any]:
    channel = _CHANNELS.get(marketplace_id)
    return {
        "marketplace": _marketplace(marketplace_id, channel),
        "storeName": store_name,
        "participation": {"isParticipating": True, "hasSuspendedListings": False},
    }


def _marketplace(marketplace_id: str, channel: SalesChannel | None) -> dict[str, str]:
    country = channel.country if channel else "US"
    name = channel.marketplace_name if channel else "Non-Amazon"
    return {
        "id": marketplace_id,
        "name": name,
        "countryCode": country,
        "defaultCurrencyCode": channel.currency if channel else "USD",
        "defaultLanguageCode": LANGUAGES[country],
        "domainName": f"www.{name.lower()}",
    }
