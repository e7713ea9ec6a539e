"""SKUs to variants, and orders whose SKUs have become known since they were held back."""

from collections.abc import Collection

from sqlalchemy import select

from saleor_amazon_app.mirror.ids import AccountId, SellerSku, TenantId
from saleor_amazon_app.mirror.parcels import Variant
from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.saleor.client import SaleorApi
from saleor_amazon_app.saleor.shop import variants_by_id, variants_by_sku
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.accounts import get_account
from saleor_amazon_app.store.models import SkuMapping
from saleor_amazon_app.sync.filing import Filing
from saleor_amazon_app.sync.services import Services


def resolve_skus(
    services: Services, tenant_id: TenantId, api: SaleorApi, skus: Collection[SellerSku]
) -> dict[SellerSku, Variant]:
    """Find the variants of SKUs: the merchant's own mappings first, then the shop's SKUs."""
    if not skus:
        return {}
    with services.database.tenant(tenant_id) as session:
        rows = session.scalars(select(SkuMapping).where(SkuMapping.seller_sku.in_(skus)))
        mapped = {SellerSku(row.seller_sku): row.variant_id for row in rows}
    by_id = variants_by_id(api, mapped.values()) if mapped else {}
    found = {sku: by_id[id_] for sku, id_ in mapped.items() if id_ in by_id}
    rest = [sku for sku in skus if sku not in found]
    by_sku = variants_by_sku(api, rest) if rest else {}
    return found | {sku: by_sku[sku] for sku in rest if sku in by_sku}


def release_known_skus(services: Services, tenant_id: TenantId, account_id: AccountId) -> int:
    """Let go of orders that were held for an SKU which is known by now; returns how many."""
    kind = ProblemKind.UNKNOWN_SKU
    with services.database.tenant(tenant_id) as session:
        wanted = order_store.open_subjects(session, account_id, kind) - {""}
    if not wanted:
        return 0
    with services.saleor(tenant_id) as api:
        known = resolve_skus(services, tenant_id, api, {SellerSku(sku) for sku in wanted})
    if not known:
        return 0
    with services.database.tenant(tenant_id) as session:
        account = get_account(session, account_id)
        filing = Filing(session, account, services.vault, services.now())
        held = order_store.blocked_by(session, account_id, kind, known.keys())
        for order in held:
            filing.settle_again(order)
    return len(held)
