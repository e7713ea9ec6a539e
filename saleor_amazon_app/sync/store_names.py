"""Under which name buyers know a seller in a marketplace: asked once a day and account."""

from contextlib import suppress
from typing import Final

import simplejson

from saleor_amazon_app.amazon.sellers import store_names
from saleor_amazon_app.mirror.failures import AmazonFailure
from saleor_amazon_app.mirror.ids import AccountId, MarketplaceId, TenantId
from saleor_amazon_app.store.accounts import get_account
from saleor_amazon_app.sync.services import Services

_KEPT: Final = 86_400


def name_of(
    services: Services, tenant_id: TenantId, account_id: AccountId, store: MarketplaceId
) -> str:
    """Return the seller's name in a marketplace; empty where Amazon does not tell it now."""
    key = f"store-names:{account_id}"
    if kept := services.redis.get(key):
        return str(simplejson.loads(kept).get(store, ""))
    with services.database.tenant(tenant_id) as session:
        account = get_account(session, account_id)
        seller, region = services.seller(account), account.region
    with suppress(AmazonFailure):
        names = store_names(services.amazon, seller, region)
        services.redis.set(key, simplejson.dumps(names), ex=_KEPT)
        return names.get(store, "")
    return ""
