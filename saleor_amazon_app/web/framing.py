"""Who may frame the app's pages: the shop's own Dashboard and nobody else.

A Dashboard often lies at another address than its shop's API, and Saleor tells it nowhere. It
becomes known in three ways:

* the API's own origin always counts: on Saleor Cloud the Dashboard lies there
  (``https://shop.saleor.cloud/dashboard/``);
* ``ALLOWED_DASHBOARD_URLS`` names others;
* at its first verified use the page tells from where it was handed its token; told by somebody who
  may change settings, the origin is remembered for the shop, until the app is installed anew.

Until then a page of an installed shop may be framed from where it was asked for (``Referer``). That
is harmless: the page has no cookie, shows nothing and can do nothing before the frame around it has
handed it a token of the shop, and whoever has such a token needs no frame.
"""

import re
from urllib.parse import urlsplit

from sqlalchemy import select

from saleor_amazon_app.settings import Settings
from saleor_amazon_app.store.models import Tenant
from saleor_amazon_app.store.tenants import find_tenant
from saleor_amazon_app.sync.services import Services

NOBODY = "'none'"


def ancestors(services: Services, saleor_api_url: str, referrer: str) -> str:
    """Return the sources of ``frame-ancestors`` for a page.

    Args:
        services: This process's services.
        saleor_api_url: The shop that the frame's address names.
        referrer: The request's ``Referer``.
    """
    asked_from = origin_of(referrer)
    found = _of_settings(services.settings, asked_from) | _of_shop(
        services, saleor_api_url, asked_from
    )
    return " ".join(sorted(found)) or NOBODY


def origin_of(url: str) -> str:
    """Return an address's scheme and host; empty where it is no web address."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not re.fullmatch(
        r"[A-Za-z0-9.-]+|[0-9a-f:]+", parts.hostname or ""
    ):
        return ""
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    return f"{parts.scheme}://{host}{port}"


def _of_settings(settings: Settings, asked_from: str) -> set[str]:
    """Return what the operator allows; of a pattern only the address that asks, if it fits."""
    exact = {url for url in settings.allowed_dashboard_urls if "*" not in url}
    return exact | ({asked_from} if settings.allows_dashboard(asked_from) else set())


def _of_shop(services: Services, saleor_api_url: str, asked_from: str) -> set[str]:
    """Return the shop's own addresses.

    A page that is loaded again within its frame names no shop any more: there it is enough that
    the address is known as a Dashboard.
    """
    with services.database.system() as session:
        tenant = find_tenant(session, saleor_api_url) if saleor_api_url else None
        if tenant is None:
            query = select(Tenant.dashboard_origin).where(Tenant.dashboard_origin == asked_from)
            known = session.scalar(query.limit(1)) if asked_from else None
            return {known} if known else set()
        own = {origin_of(tenant.saleor_api_url), tenant.dashboard_origin or asked_from}
    return own - {""}
