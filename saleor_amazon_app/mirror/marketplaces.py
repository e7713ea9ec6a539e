"""Amazon's marketplaces: currency, region, and whether prices there contain the tax.

Ids and regions: SP-API documentation, "Marketplace IDs" and "SP-API Endpoints".
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from saleor_amazon_app.mirror.ids import AmazonOrderId, MarketplaceId


class Region(StrEnum):
    """A part of the world with one SP-API endpoint and one seller authorisation."""

    NA = "na"
    EU = "eu"
    FE = "fe"


@dataclass(frozen=True)
class Marketplace:
    """One of Amazon's stores."""

    id: MarketplaceId
    domain: str
    country: str
    currency: str
    region: Region
    language: str
    """The code that Saleor's ``LanguageCodeEnum`` has for the store's language."""
    prices_include_tax: bool = True
    """Only the United States and Canada show prices to which tax is added."""

    @property
    def name(self) -> str:
        return self.domain.capitalize()

    @property
    def seller_central(self) -> str:
        """The host of Seller Central for this store."""
        shared_european = self.region is Region.EU and self.country in _UNIFIED_EUROPE
        return (
            "sellercentral-europe.amazon.com" if shared_european else f"sellercentral.{self.domain}"
        )


_UNIFIED_EUROPE: Final = {"GB", "DE", "FR", "IT", "ES"}
_NA, _EU, _FE = Region.NA, Region.EU, Region.FE

_TABLE: Final = (
    Marketplace(MarketplaceId("ATVPDKIKX0DER"), "amazon.com", "US", "USD", _NA, "EN_US", False),
    Marketplace(MarketplaceId("A2EUQ1WTGCTBG2"), "amazon.ca", "CA", "CAD", _NA, "EN_CA", False),
    Marketplace(MarketplaceId("A1AM78C64UM0Y8"), "amazon.com.mx", "MX", "MXN", _NA, "ES_MX"),
    Marketplace(MarketplaceId("A2Q3Y263D00KWC"), "amazon.com.br", "BR", "BRL", _NA, "PT_BR"),
    Marketplace(MarketplaceId("A1F83G8C2ARO7P"), "amazon.co.uk", "GB", "GBP", _EU, "EN_GB"),
    Marketplace(MarketplaceId("A1PA6795UKMFR9"), "amazon.de", "DE", "EUR", _EU, "DE"),
    Marketplace(MarketplaceId("A13V1IB3VIYZZH"), "amazon.fr", "FR", "EUR", _EU, "FR"),
    Marketplace(MarketplaceId("APJ6JRA9NG5V4"), "amazon.it", "IT", "EUR", _EU, "IT"),
    Marketplace(MarketplaceId("A1RKKUPIHCS9HS"), "amazon.es", "ES", "EUR", _EU, "ES"),
    Marketplace(MarketplaceId("A1805IZSGTT6HS"), "amazon.nl", "NL", "EUR", _EU, "NL"),
    Marketplace(MarketplaceId("A2NODRKZP88ZB9"), "amazon.se", "SE", "SEK", _EU, "SV"),
    Marketplace(MarketplaceId("A1C3SOZRARQ6R3"), "amazon.pl", "PL", "PLN", _EU, "PL"),
    Marketplace(MarketplaceId("AMEN7PMS3EDWL"), "amazon.com.be", "BE", "EUR", _EU, "FR_BE"),
    Marketplace(MarketplaceId("A28R8C7NBKEWEA"), "amazon.ie", "IE", "EUR", _EU, "EN_IE"),
    Marketplace(MarketplaceId("A33AVAJ2PDY3EV"), "amazon.com.tr", "TR", "TRY", _EU, "TR"),
    Marketplace(MarketplaceId("A2VIGQ35RCS4UG"), "amazon.ae", "AE", "AED", _EU, "EN_AE"),
    Marketplace(MarketplaceId("A17E79C6D8DWNP"), "amazon.sa", "SA", "SAR", _EU, "AR_SA"),
    Marketplace(MarketplaceId("ARBP9OOSHTCHU"), "amazon.eg", "EG", "EGP", _EU, "AR_EG"),
    Marketplace(MarketplaceId("AE08WJ6YKNBMC"), "amazon.co.za", "ZA", "ZAR", _EU, "EN_ZA"),
    Marketplace(MarketplaceId("A21TJRUUN4KGV"), "amazon.in", "IN", "INR", _EU, "EN_IN"),
    Marketplace(MarketplaceId("A1VC38T7YXB528"), "amazon.co.jp", "JP", "JPY", _FE, "JA"),
    Marketplace(MarketplaceId("A39IBJ37TRP1C6"), "amazon.com.au", "AU", "AUD", _FE, "EN_AU"),
    Marketplace(MarketplaceId("A19VAU5U5O7RUS"), "amazon.sg", "SG", "SGD", _FE, "EN_SG"),
)

MARKETPLACES: Final = {marketplace.id: marketplace for marketplace in _TABLE}


def find_marketplace(marketplace_id: MarketplaceId | None) -> Marketplace | None:
    """Return a marketplace; None for one that this version does not know, or none told."""
    return MARKETPLACES.get(marketplace_id) if marketplace_id else None


def seller_central_link(marketplace: Marketplace, order: AmazonOrderId) -> str:
    """Return the address of an order in Seller Central."""
    return f"https://{marketplace.seller_central}/orders-v3/order/{order}"
