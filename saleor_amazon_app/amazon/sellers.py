"""Sellers API v1: in which marketplaces an account sells."""

from saleor_amazon_app.amazon.client import SellingPartnerApi
from saleor_amazon_app.amazon.errors import Unavailable
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.amazon.operations import GET_PARTICIPATIONS


def participating_marketplaces(
    api: SellingPartnerApi, seller: SellerCredentials, region: str
) -> list[str]:
    """Return the ids of the marketplaces in which the seller takes part."""
    answer = api.call(GET_PARTICIPATIONS, seller, region)
    payload = answer.get("payload")
    if not isinstance(payload, list):
        raise Unavailable("The marketplaces are missing from Amazon's answer.", code="shape")
    return [
        str(entry["marketplace"]["id"])
        for entry in payload
        if entry.get("participation", {}).get("isParticipating", True)
    ]
