"""Sellers API v1: in which marketplaces an account sells, and under which name."""

from saleor_amazon_app.amazon.client import SellingPartnerApi
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.amazon.operations import GET_PARTICIPATIONS
from saleor_amazon_app.amazon.reading import missing, objects


def participating_marketplaces(
    api: SellingPartnerApi, seller: SellerCredentials, region: str
) -> list[str]:
    """Return the ids of the marketplaces in which the seller takes part."""
    answer = api.call(GET_PARTICIPATIONS, seller, region)
    payload = answer.get("payload")
    if not isinstance(payload, list):
        raise missing("payload", GET_PARTICIPATIONS.name)
    return [
        str(entry["marketplace"]["id"])
        for entry in payload
        if entry.get("participation", {}).get("isParticipating", True)
    ]


def store_names(api: SellingPartnerApi, seller: SellerCredentials, region: str) -> dict[str, str]:
    """Return the names under which buyers know the seller, by the marketplaces' ids."""
    answer = api.call(GET_PARTICIPATIONS, seller, region)
    found = {}
    for entry in objects(answer, "payload"):
        store = entry.get("marketplace")
        if isinstance(store, dict) and store.get("id") and entry.get("storeName"):
            found[str(store["id"])] = str(entry["storeName"])
    return found
