"""SKUs: those that orders wait for, and the variants that mapped ones stand for."""

import csv
import io
from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.failures import SaleorFailure
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.parcels import Variant
from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.saleor.shop import search_variants, variants_by_id
from saleor_amazon_app.showing.cursors import Place, read_place
from saleor_amazon_app.showing.orders import harmless
from saleor_amazon_app.showing.shapes.waiting import (
    SkuMappingPage,
    SkuMappingShown,
    SkuQuery,
    UnmatchedSku,
    UnmatchedSkus,
    VariantQuery,
    Variants,
    VariantShown,
)
from saleor_amazon_app.store.models import Order, Problem, SkuMapping
from saleor_amazon_app.store.vault import Vault
from saleor_amazon_app.sync.services import Services

_MOST = 200
_LIST = "sku"


def list_unmatched(services: Services, tenant_id: TenantId) -> UnmatchedSkus:
    """Return the SKUs that open orders wait for, the most wanted first."""
    count = func.count(Problem.order_id.distinct())
    query = (
        select(Problem.subject, count, func.min(Problem.opened_at), func.min(Problem.order_id))
        .where(
            Problem.kind == ProblemKind.UNKNOWN_SKU,
            Problem.closed_at.is_(None),
            Problem.subject != "",
        )
        .group_by(Problem.subject)
        .order_by(count.desc(), Problem.subject)
        .limit(_MOST)
    )
    with services.database.tenant(tenant_id) as session:
        rows = session.execute(query).all()
        titles = _titles(session, services.vault, {row[0]: row[3] for row in rows})
    return UnmatchedSkus(
        items=[
            UnmatchedSku(sku=sku, title=titles.get(sku), orders=orders, since=since)
            for sku, orders, since, _ in rows
        ]
    )


def _titles(session: Session, vault: Vault, orders: dict[str, str]) -> dict[str, str]:
    """Read the titles of SKUs out of one order each."""
    found: dict[str, str] = {}
    query = select(Order.payload).where(Order.id.in_(set(orders.values())))
    for payload in session.scalars(query):
        told = vault.open_json(payload)
        for item in (told.get("orderItems") or ()) if isinstance(told, dict) else ():
            product = item.get("product") or {}
            if product.get("sellerSku") in orders and isinstance(product.get("title"), str):
                found[product["sellerSku"]] = product["title"]
    return found


def list_variants(services: Services, tenant_id: TenantId, query: VariantQuery) -> Variants:
    """Search the shop's variants.

    Raises:
        SaleorFailure: Saleor could not be asked.
    """
    with services.saleor(tenant_id) as api:
        found = search_variants(api, query.search, query.limit)
    return Variants(items=[_variant(variant) for variant in found])


def list_mappings(services: Services, tenant_id: TenantId, query: SkuQuery) -> SkuMappingPage:
    """Return a page of the mappings, by SKU; their variants are read from Saleor now.

    Raises:
        BadCursor: The cursor is not one of this list.
    """
    found = select(SkuMapping).order_by(SkuMapping.seller_sku).limit(query.limit + 1)
    if query.search:
        found = found.where(SkuMapping.seller_sku.startswith(query.search, autoescape=True))
    if query.cursor:
        found = found.where(SkuMapping.seller_sku > read_place(query.cursor, _LIST, ()).id)
    with services.database.tenant(tenant_id) as session:
        rows = session.scalars(found).all()
    page = rows[: query.limit]
    more = len(rows) > query.limit
    known = _variants_of(services, tenant_id, page)
    return SkuMappingPage(
        items=[show_mapping(row, (known or {}).get(row.variant_id)) for row in page],
        next_cursor=str(Place(_LIST, (), page[-1].seller_sku)) if more else None,
        variants_are_known=known is not None,
    )


def show_mapping(row: SkuMapping, variant: Variant | None) -> SkuMappingShown:
    return SkuMappingShown(
        id=row.id,
        sku=row.seller_sku,
        variant=_variant(variant) if variant else None,
        variant_id=row.variant_id,
        created_at=row.created_at,
    )


def export_mappings(services: Services, tenant_id: TenantId) -> Iterator[str]:
    """Yield all mappings as the CSV that the import reads."""
    yield _line("amazon_sku", "saleor_sku", "variant_id", "product")
    query = SkuQuery(limit=200)
    while True:
        page = list_mappings(services, tenant_id, query)
        for row in page.items:
            variant = row.variant
            name = f"{variant.product} {variant.name}".strip() if variant else ""
            yield _line(row.sku, variant.sku if variant else "", row.variant_id, harmless(name))
        if not page.next_cursor:
            return
        query = query.model_copy(update={"cursor": page.next_cursor})


def _line(*cells: str) -> str:
    made = io.StringIO()
    csv.writer(made, lineterminator="\r\n").writerow(cells)
    return made.getvalue()


def _variants_of(
    services: Services, tenant_id: TenantId, rows: Sequence[SkuMapping]
) -> dict[str, Variant] | None:
    """Read the variants of mappings; None if Saleor cannot be asked."""
    try:
        with services.saleor(tenant_id) as api:
            return variants_by_id(api, (row.variant_id for row in rows))
    except SaleorFailure:
        return None


def _variant(variant: Variant) -> VariantShown:
    return VariantShown(
        id=variant.id, sku=variant.sku, product=variant.product_name, name=variant.variant_name
    )
