"""Tells the shop's Dashboard what needs a person, and takes it back when it is cured.

The Dashboard shows such problems beside the app, whether anybody opens it or not. What was told is
remembered, so that each is told once and none outlives its cause.
"""

from collections.abc import Iterator
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.saleor.client import SaleorApi
from saleor_amazon_app.saleor.problems import dismiss_problems, is_supported, raise_problem
from saleor_amazon_app.saleor.shop import read_self
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store.desk_models import RaisedProblem
from saleor_amazon_app.store.models import Account, AccountState, Problem
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.services import Services

log = structlog.get_logger(__name__)

_EVERY: Final = 60
_UNSUPPORTED: Final = 3600
"""Seconds until the next look at a shop's version."""
_KINDS: Final = {
    ProblemKind.UNKNOWN_SKU: (
        "unmapped-skus",
        "Amazon orders wait for SKUs that no variant has. Map them in the app, under SKUs.",
    ),
    ProblemKind.REJECTED: (
        "rejected",
        "Amazon rejected something that was sent. See the app, under Problems.",
    ),
}


def tenants_to_tell(services: Services) -> list[str]:
    """Return the tenants with something to tell or take back; each is looked at once a minute."""
    with services.database.system() as session:
        ids = [TenantId(tenant.id) for tenant in ledger.working_tenants(session)]
    looked_at = (
        id_ for id_ in ids if services.redis.set(f"app-problems:{id_}", 1, nx=True, ex=_EVERY)
    )
    return [id_ for id_ in looked_at if _differs(*_compare(services, id_))]


def tell(services: Services, tenant_id: TenantId) -> None:
    """Bring what the Dashboard shows up to what is."""
    wanted, raised = _compare(services, tenant_id)
    if not _differs(wanted, raised):
        return
    try:
        with services.saleor(tenant_id) as api:
            if not is_supported(read_self(api).version):
                services.redis.set(f"app-problems:{tenant_id}", 1, ex=_UNSUPPORTED)
                return
            _dismiss(services, tenant_id, api, raised - wanted.keys())
            for key in sorted(wanted.keys() - raised):
                _raise(services, tenant_id, api, key, wanted[key])
    except AppFailure as failure:
        record_failure(services, tenant_id, None, "appProblems", failure)


def _compare(services: Services, tenant_id: TenantId) -> tuple[dict[str, str], set[str]]:
    """Return what should be shown, and the keys of what is."""
    with services.database.tenant(tenant_id) as session:
        raised = {row.key for row in session.scalars(select(RaisedProblem))}
        return dict(_wanted(session)), raised


def _differs(wanted: dict[str, str], raised: set[str]) -> bool:
    return wanted.keys() != raised


def _wanted(session: Session) -> Iterator[tuple[str, str]]:
    lost = select(Account).where(Account.state == AccountState.AUTHORISATION_LOST)
    for account in session.scalars(lost):
        name = f"{account.seller_id} ({account.region})"
        text = f"Amazon no longer accepts the authorisation of {name}. Connect it again in the app."
        yield f"authorisation-{account.id}", text
    for kind, told in _KINDS.items():
        open_ = select(Problem.id).where(Problem.kind == kind, Problem.closed_at.is_(None))
        if session.scalars(open_.limit(1)).first():
            yield told


def _raise(services: Services, tenant_id: TenantId, api: SaleorApi, key: str, message: str) -> None:
    raise_problem(api, key, message)
    with services.database.tenant(tenant_id) as session:
        session.add(RaisedProblem(key=key, message=message, raised_at=services.now()))
    log.info("problem told", tenant=tenant_id, key=key)


def _dismiss(services: Services, tenant_id: TenantId, api: SaleorApi, keys: set[str]) -> None:
    if not keys:
        return
    dismiss_problems(api, sorted(keys))
    with services.database.tenant(tenant_id) as session:
        for row in session.scalars(select(RaisedProblem).where(RaisedProblem.key.in_(keys))):
            session.delete(row)
    log.info("problem cured", tenant=tenant_id, keys=sorted(keys))
