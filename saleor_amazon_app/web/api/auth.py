"""Who calls: the token of App Bridge on every call, verified, and no cookie.

The Dashboard hands the page a JWT that lives for five minutes (Saleor 3.23, saleor/core/jwt.py). It
names the shop (``iss``), the app, the member of staff, and two lists of permissions:

* ``permissions``: what the app *and* the person may, narrowed by the extension that was opened;
* ``user_permissions``: what the person may.

The second decides here. The question is what this member of staff may do; what the app may is
settled by its own token at the shop. MANAGE_APPS can never be in the first list, because no app
may ask for it; and an order opened from an extension that names MANAGE_ORDERS alone would lose its
refund button, though the same person has it one page further. The official apps decide alike.
"""

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final

import structlog
from flask import g, request

from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.saleor.staff_tokens import (
    BadToken,
    NotSigned,
    StaffToken,
    issuer_of,
    read_token,
)
from saleor_amazon_app.store.models import Tenant
from saleor_amazon_app.store.tenants import find_tenant
from saleor_amazon_app.web.api.problems import Refused
from saleor_amazon_app.web.context import services
from saleor_amazon_app.web.keys import by_keys_of

log = structlog.get_logger(__name__)

PERMISSION: Final = "needed_permission"
_LONGEST: Final = 8192


class Permission(StrEnum):
    """What a member of staff needs, by Saleor's names."""

    SEE = "MANAGE_ORDERS"
    REFUND = "HANDLE_PAYMENTS"
    SETTINGS = "MANAGE_APPS"


@dataclass(frozen=True)
class Caller:
    """The member of staff who calls, and the shop they belong to."""

    tenant_id: TenantId
    saleor_api_url: str
    app_id: str
    person: Person
    permissions: frozenset[str]

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


def caller() -> Caller:
    """Return who makes the current call; ``let_in`` has been passed."""
    found: Caller = g.caller
    return found


def tenant_id() -> TenantId:
    return caller().tenant_id


def let_in(permission: Permission) -> None:
    """Let the call pass if its token is good and its bearer has the permission.

    Raises:
        Refused: 401 without a good token, 403 without the permission.
    """
    tenant, token = _verified()
    g.caller = Caller(
        TenantId(tenant.id),
        tenant.saleor_api_url,
        tenant.app_id,
        Person(token.user_id, token.email),
        token.permissions,
    )
    if permission not in token.permissions:
        raise Refused(
            HTTPStatus.FORBIDDEN,
            f"needs_{permission.value.lower()}",
            say("refused.permission", permission=permission.value),
            say("refused.ask_for_permission"),
        )


def _verified() -> tuple[Tenant, StaffToken]:
    text = _bearer()
    try:
        tenant = _tenant(issuer_of(text))
        token = by_keys_of(
            tenant,
            lambda jwks: read_token(text, jwks, issuer=tenant.saleor_api_url, app_id=tenant.app_id),
            NotSigned,
        )
    except BadToken as bad:
        log.info("token refused", reason=str(bad))
        raise _unauthorised("token_expired" if bad.is_expired else "bad_token") from None
    return tenant, token


def _bearer() -> str:
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not 0 < len(text) <= _LONGEST:
        raise _unauthorised("no_token")
    return text


def _tenant(issuer: str) -> Tenant:
    with services().database.system() as session:
        tenant = find_tenant(session, issuer)
    if tenant is None:
        raise BadToken("the shop is not known")
    if tenant.paused_at or tenant.wipe_at:
        raise BadToken("the shop has switched the app off")
    return tenant


def _unauthorised(code: str) -> Refused:
    return Refused(
        HTTPStatus.UNAUTHORIZED,
        code,
        say("refused.token"),
        say("refused.reload"),
    )
