"""When Amazon answers 403 to a search: finds what is denied, so that the rest can be read.

Sellers without a tax role get 403 for the data set TAX (amzn/selling-partner-api-models#5319), and
some are denied a marketplace (#5140). Either would otherwise stop the whole account.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from saleor_amazon_app.amazon.client import SellingPartnerApi
from saleor_amazon_app.amazon.errors import Forbidden
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.amazon.orders import ALL_DATA, OPTIONAL_DATA, OrdersPage, search_orders
from saleor_amazon_app.mirror.ids import MarketplaceId
from saleor_amazon_app.mirror.marketplaces import MARKETPLACES
from saleor_amazon_app.mirror.sentences import Sentence, say
from saleor_amazon_app.store.models import Account

_RECHECK: Final = timedelta(days=1)


@dataclass(frozen=True)
class Narrowed:
    """What is denied. ``page`` is the answer to the narrowed search, if the window can go on."""

    page: OrdersPage | None
    withheld: frozenset[str] = frozenset()
    denied_marketplaces: frozenset[str] = frozenset()

    def describe(self) -> Sentence:
        if self.denied_marketplaces:
            return say("sync.not_read", marketplaces=self._names())
        return say("sync.read_without", data=", ".join(sorted(self.withheld)))

    def _names(self) -> str:
        known = (MARKETPLACES.get(MarketplaceId(id_)) for id_ in sorted(self.denied_marketplaces))
        names = zip(sorted(self.denied_marketplaces), known, strict=True)
        return ", ".join(marketplace.name if marketplace else id_ for id_, marketplace in names)


def included(withheld: frozenset[str]) -> str:
    """Return the data sets to ask for."""
    return ",".join(name for name in ALL_DATA if name not in withheld)


def still_withheld(account: Account, now: datetime) -> frozenset[str]:
    """Return the data sets not to ask for; once a day all are asked for again."""
    checked = account.withheld_checked_at
    recent = checked is not None and now - checked < _RECHECK
    return frozenset(account.withheld_data) if recent else frozenset()


def narrow(
    api: SellingPartnerApi,
    seller: SellerCredentials,
    region: str,
    query: Mapping[str, str],
    token: str | None,
    forbidden: Forbidden,
) -> Narrowed:
    """Find a search that Amazon allows.

    Tried in this order, the likeliest first, to spend few of the quota's calls: without TAX,
    without any optional data set (if that works, each alone is tried), each marketplace alone.

    Raises:
        Forbidden: Nothing is allowed; the original error.
    """

    def search(withheld: frozenset[str]) -> OrdersPage | None:
        asked = dict(query) | {"includedData": included(withheld)}
        try:
            return search_orders(api, seller, region, asked, token)
        except Forbidden:
            return None

    likeliest, everything = frozenset(OPTIONAL_DATA[:1]), frozenset(OPTIONAL_DATA)
    if page := search(likeliest):
        return Narrowed(page, likeliest)
    if bare := search(everything):
        for name in OPTIONAL_DATA[1:]:
            if page := search(frozenset([name])):
                return Narrowed(page, frozenset([name]))
        return Narrowed(bare, everything)
    denied = _denied_marketplaces(api, seller, region, query)
    if not denied or denied == frozenset(query["marketplaceIds"].split(",")):
        raise forbidden
    return Narrowed(None, denied_marketplaces=denied)


def _denied_marketplaces(
    api: SellingPartnerApi, seller: SellerCredentials, region: str, query: Mapping[str, str]
) -> frozenset[str]:
    bare = dict(query) | {"includedData": included(frozenset(OPTIONAL_DATA))}
    denied = set()
    for marketplace_id in query["marketplaceIds"].split(","):
        one = bare | {"marketplaceIds": marketplace_id, "maxResultsPerPage": "1"}
        try:
            search_orders(api, seller, region, one)
        except Forbidden:
            denied.add(marketplace_id)
    return frozenset(denied)
