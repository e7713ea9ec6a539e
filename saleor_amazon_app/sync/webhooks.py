"""Keeps the webhooks in installed shops those of this version.

Saleor never looks at the manifest again after the installation.
"""

import structlog

from saleor_amazon_app import __version__
from saleor_amazon_app.mirror.failures import AppFailure, Misconfigured
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.saleor.shop import read_self
from saleor_amazon_app.saleor.webhooks import WebhookChanges, sync_webhooks
from saleor_amazon_app.store.models import Tenant
from saleor_amazon_app.sync.guarding import may_write
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.services import Services

log = structlog.get_logger(__name__)


def sync(services: Services, tenant_id: TenantId) -> WebhookChanges:
    """Bring a shop's webhooks up to date.

    Raises:
        Misconfigured: The tenant is read-only: a copy of the database must not redirect the
            webhooks of the real app to itself.
        AppFailure: The shop cannot be asked, or declines.
    """
    if not may_write(services, tenant_id):
        raise Misconfigured(
            say("refused.webhooks_read_only"),
            cure=say("refused.switch_off_read_only"),
        )
    with services.saleor(tenant_id) as api:
        version = read_self(api).version
        changes = sync_webhooks(api, services.settings.base_url, version)
    with services.database.system() as session:
        session.get_one(Tenant, tenant_id).app_version = __version__
    return changes


def keep_current(services: Services, tenant_id: TenantId) -> None:
    """The same, once for each version and shop, without standing in anybody's way."""
    with services.database.system() as session:
        if session.get_one(Tenant, tenant_id).app_version == __version__:
            return
    try:
        changes = sync(services, tenant_id)
    except Misconfigured as refused:
        log.info("webhooks not synchronised", tenant=tenant_id, message=refused.message)
    except AppFailure as failure:
        record_failure(services, tenant_id, None, "syncWebhooks", failure)
    else:
        log.info("webhooks synchronised", tenant=tenant_id, changes=str(changes))
