"""One pass over an account: sweep, look again at what waits, import what is ready."""

from collections.abc import Callable
from dataclasses import dataclass

from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.store.models import SweepKind
from saleor_amazon_app.sync.importing import Importer, ImportReport
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.refetching import refetch_waiting
from saleor_amazon_app.sync.services import Services
from saleor_amazon_app.sync.skus import release_known_skus
from saleor_amazon_app.sync.sweeping import Sweeper, SweepReport


@dataclass
class Progress:
    """Told of each page and each batch."""

    on_page: Callable[[SweepReport], None] = lambda _report: None
    on_batch: Callable[[ImportReport], None] = lambda _report: None


def sweep(
    services: Services,
    tenant_id: TenantId,
    account_id: AccountId,
    kind: SweepKind = SweepKind.UPDATES,
    progress: Progress | None = None,
) -> SweepReport:
    """Read what is new at Amazon."""
    on_page = (progress or Progress()).on_page
    return Sweeper(services, tenant_id, account_id, kind, on_page).run()


def import_ready(
    services: Services,
    tenant_id: TenantId,
    account_id: AccountId,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring into Saleor what is ready, after a look at what may have become ready."""
    try:
        release_known_skus(services, tenant_id, account_id)
    except AppFailure as failure:
        record_failure(services, tenant_id, account_id, "findVariants", failure)
    refetch_waiting(services, tenant_id, account_id)
    on_batch = (progress or Progress()).on_batch
    return Importer(services, tenant_id, account_id, on_batch).run()
