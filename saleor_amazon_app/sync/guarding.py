"""Read-only mode: nothing goes to Amazon until a person says that it may.

A copied database must not act on a live seller account. So the addresses of the app and of the shop
are remembered, and the mode switches itself on as soon as one of them is another.
"""

from datetime import timedelta
from typing import Final

import structlog

from saleor_amazon_app.mirror.failures import AppFailure, Misconfigured
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.sentences import NOTHING, Sentence, say
from saleor_amazon_app.saleor.acting import shop_address
from saleor_amazon_app.store.models import Tenant
from saleor_amazon_app.sync.services import Services

log = structlog.get_logger(__name__)

_ASKED_FOR: Final = timedelta(minutes=10)


def may_write(services: Services, tenant_id: TenantId) -> bool:
    """Tell whether anything may go to Amazon for a tenant, after a look at the addresses."""
    reason = _what_changed(services, tenant_id)
    with services.database.system() as session:
        tenant = session.get_one(Tenant, tenant_id)
        if reason and not tenant.read_only:
            tenant.read_only, tenant.read_only_reason = True, reason
            log.warning("read-only mode switched on", tenant=tenant_id, reason=reason)
        return not tenant.read_only


def set_read_only(services: Services, tenant_id: TenantId, *, on: bool) -> None:
    """Switch the mode by hand; switching it off vouches for the present addresses.

    Raises:
        Misconfigured: The shop's address cannot be read, or the shop is not one of this app's.
    """
    if on:
        with services.database.system() as session:
            tenant = session.get_one(Tenant, tenant_id)
            tenant.read_only, tenant.read_only_reason = True, say("read_only.by_person")
        return
    with services.database.system() as session:
        api_url = session.get_one(Tenant, tenant_id).saleor_api_url
    if not services.settings.allows(api_url):
        raise Misconfigured(
            say("refused.shop_not_allowed", url=api_url),
            cure=say("refused.allow_shop"),
        )
    shop = _shop_address(services, tenant_id)
    if shop is None:
        raise Misconfigured(say("refused.shop_silent"), cure=say("refused.later"))
    with services.database.system() as session:
        tenant = session.get_one(Tenant, tenant_id)
        tenant.read_only, tenant.read_only_reason = False, ""
        tenant.known_app_url, tenant.known_shop_url = services.settings.base_url, shop


def _what_changed(services: Services, tenant_id: TenantId) -> Sentence:
    """Say which address differs from the one that is known; unknown ones are remembered."""
    settings = services.settings
    with services.database.system() as session:
        tenant = session.get_one(Tenant, tenant_id)
        tenant.known_app_url = tenant.known_app_url or settings.base_url
        app_url, known_shop = tenant.known_app_url, tenant.known_shop_url
        api_url = tenant.saleor_api_url
    if app_url != settings.base_url:
        return say("read_only.app_moved", url=settings.base_url, before=app_url)
    if not settings.allows(api_url):
        return say("read_only.shop_not_allowed", url=api_url)
    if known_shop and not _time_to_ask(services, tenant_id):
        return NOTHING
    shop = _shop_address(services, tenant_id)
    if shop is None or shop == known_shop:
        return NOTHING
    if known_shop:
        return say("read_only.shop_moved", url=shop, before=known_shop)
    with services.database.system() as session:
        session.get_one(Tenant, tenant_id).known_shop_url = shop
    return NOTHING


def _time_to_ask(services: Services, tenant_id: TenantId) -> bool:
    seconds = int(_ASKED_FOR.total_seconds())
    return bool(services.redis.set(f"asked-shop-address:{tenant_id}", 1, nx=True, ex=seconds))


def _shop_address(services: Services, tenant_id: TenantId) -> str | None:
    try:
        with services.saleor(tenant_id) as api:
            return shop_address(api)
    except AppFailure as failure:
        log.info("shop's address unknown", tenant=tenant_id, code=failure.code)
        return None
