"""SKUs and the variants they stand for."""

from flask import Response
from sqlalchemy import select

from saleor_amazon_app.mirror.failures import NotKnown
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.saleor.shop import variants_by_id
from saleor_amazon_app.showing import skus as showing
from saleor_amazon_app.showing.sentences import show_sentence
from saleor_amazon_app.showing.shapes.waiting import (
    CsvFault,
    SkuCsv,
    SkuImport,
    SkuMappingBody,
    SkuMappingPage,
    SkuMappingShown,
    SkuQuery,
    UnmatchedSkus,
    VariantQuery,
    Variants,
)
from saleor_amazon_app.store.models import Account
from saleor_amazon_app.sync.sku_csv import import_csv
from saleor_amazon_app.web.api.auth import Permission, caller, tenant_id
from saleor_amazon_app.web.api.desk import desk
from saleor_amazon_app.web.api.paths import IdPath
from saleor_amazon_app.web.api.routing import (
    CSV,
    NOTHING,
    Resource,
    answer,
    download,
    needs,
    nothing,
)
from saleor_amazon_app.web.api.waking import wake_import
from saleor_amazon_app.web.context import services

api = Resource("skus", __name__)


@api.get("/skus/unmatched", responses={200: UnmatchedSkus})
@needs(Permission.SEE)
def list_unmatched_skus() -> Response:
    """List the SKUs that orders wait for, the most wanted first."""
    return answer(showing.list_unmatched(services(), tenant_id()))


@api.get("/variants", responses={200: Variants})
@needs(Permission.SEE)
def search_variants(query: VariantQuery) -> Response:
    """Search the shop's variants by SKU or name."""
    return answer(showing.list_variants(services(), tenant_id(), query))


@api.get("/sku-mappings", responses={200: SkuMappingPage})
@needs(Permission.SEE)
def list_sku_mappings(query: SkuQuery) -> Response:
    """List the mappings, by SKU."""
    return answer(showing.list_mappings(services(), tenant_id(), query))


@api.put("/sku-mappings", responses={200: SkuMappingShown})
@needs(Permission.SEE)
def map_sku(body: SkuMappingBody) -> Response:
    """Let an SKU stand for a variant; orders that waited for it are tried again."""
    with services().saleor(tenant_id()) as api_:
        variant = variants_by_id(api_, [body.variant_id]).get(body.variant_id)
    if variant is None:
        raise NotKnown(say("refused.no_variant"), code="no_variant")
    row = desk().map_sku(body.sku, variant)
    _wake_all()
    return answer(showing.show_mapping(row, variant))


@api.delete("/sku-mappings/<id>", responses=NOTHING)
@needs(Permission.SEE)
def delete_sku_mapping(path: IdPath) -> Response:
    """Forget a mapping."""
    desk().delete_sku(path.id)
    return nothing()


@api.get("/sku-mappings/export", responses=CSV)
@needs(Permission.SEE)
def export_sku_mappings() -> Response:
    """Write all mappings as CSV."""
    return download(showing.export_mappings(services(), tenant_id()), "sku-mappings.csv")


@api.post("/sku-mappings/import", responses={200: SkuImport})
@needs(Permission.SEE)
def import_sku_mappings(body: SkuCsv) -> Response:
    """Read mappings from CSV: all of them, or none if a line is wrong."""
    report = import_csv(services(), tenant_id(), body.csv, caller().person, dry_run=body.dry_run)
    if report.mapped and not body.dry_run:
        _wake_all()
    faults = [
        CsvFault(line=line, message=show_sentence(message)) for line, message in report.faults
    ]
    return answer(SkuImport(mapped=report.mapped, unchanged=report.unchanged, faults=faults))


def _wake_all() -> None:
    """Have all accounts look whether orders that waited for an SKU can go on."""
    with services().database.tenant(tenant_id()) as session:
        ids = session.scalars(select(Account.id)).all()
    for account_id in ids:
        wake_import(account_id)
