"""The overview: accounts, what waits for a person, shipments that press, the first steps."""

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.intents import IntentState
from saleor_amazon_app.mirror.sentences import say, several
from saleor_amazon_app.showing.accounts import accounts_of
from saleor_amazon_app.showing.filtering import due_condition, to_ship
from saleor_amazon_app.showing.orders import Rows
from saleor_amazon_app.showing.problems import groups
from saleor_amazon_app.showing.sentences import show_sentence, show_words
from saleor_amazon_app.showing.shapes.orders import Due
from saleor_amazon_app.showing.shapes.overview import (
    AccountShown,
    Checklist,
    Overview,
    ReadOnlyState,
    Shipments,
    Step,
)
from saleor_amazon_app.store.models import Intent, Order, OrderState, Tenant
from saleor_amazon_app.store.sentences import sentence_of
from saleor_amazon_app.sync.checks import PROCESSES
from saleor_amazon_app.sync.services import Services

_RECENT = 10
_LACKING: Final = {"workers": say("step.no_worker"), "scheduler": say("step.no_scheduler")}


def show_overview(services: Services, tenant_id: TenantId, timezone: str) -> Overview:
    with services.database.tenant(tenant_id) as session:
        accounts = accounts_of(services, session)
        latest = select(Order).where(Order.purchased_at.is_not(None))
        recent = session.scalars(latest.order_by(Order.purchased_at.desc()).limit(_RECENT)).all()
        return Overview(
            accounts=accounts,
            problems=groups(session),
            shipments=_shipments(services, session, timezone),
            read_only=_read_only(session, tenant_id),
            recent=Rows(services, session, timezone).show(recent),
            checklist_is_done=_has_imported(session),
        )


def show_checklist(services: Services, tenant_id: TenantId) -> Checklist:
    """Return the steps from the installation to the first imported order, in their order."""
    with services.database.tenant(tenant_id) as session:
        accounts = accounts_of(services, session)
        imported = _has_imported(session)
    steps = [_connected(accounts), _mapped(accounts), _running(services), _swept(accounts)]
    steps.append(Step(key="order", done=imported, detail=None))
    return Checklist(steps=steps, done=imported)


def _shipments(services: Services, session: Session, timezone: str) -> Shipments:
    now = services.now()

    def count(*more: object) -> int:
        query = select(func.count()).select_from(Order).where(to_ship(), *more)  # type: ignore[arg-type]
        return session.scalar(query) or 0

    return Shipments(
        open=count(),
        late=count(due_condition(Due.LATE, now, timezone)),
        due_today=count(due_condition(Due.TODAY, now, timezone)),
    )


def _read_only(session: Session, tenant_id: TenantId) -> ReadOnlyState:
    tenant = session.get_one(Tenant, tenant_id)
    waiting = select(func.count()).select_from(Intent).where(Intent.state == IntentState.QUEUED)
    return ReadOnlyState(
        on=tenant.read_only,
        reason=show_words(sentence_of(tenant, "read_only_reason")),
        waiting=session.scalar(waiting) or 0,
    )


def _has_imported(session: Session) -> bool:
    query = select(Order.id).where(Order.state == OrderState.IMPORTED).limit(1)
    return session.scalars(query).first() is not None


def _connected(accounts: list[AccountShown]) -> Step:
    names = ", ".join(f"{account.seller_id} ({account.region})" for account in accounts)
    return Step(key="account", done=bool(accounts), detail=show_words(names))


def _mapped(accounts: list[AccountShown]) -> Step:
    states = [state for account in accounts for state in account.marketplaces]
    mapped = [state.marketplace.name for state in states if state.is_mapped]
    told = {"mapped": str(len(mapped)), "all": str(len(states))}
    detail = show_sentence(say("step.mapped", **told)) if states else None
    return Step(key="mapping", done=bool(mapped), detail=detail)


def _running(services: Services) -> Step:
    """Somebody has to run the worker and the scheduler: without them nothing ever comes."""
    findings = [check.run(services) for check in PROCESSES if check.name in _LACKING]
    missing = several(*(_LACKING[finding.name] for finding in findings if not finding.ok))
    return Step(key="workers", done=not missing, detail=show_words(missing))


def _swept(accounts: list[AccountShown]) -> Step:
    failure = next((account.failure for account in accounts if account.failure), None)
    done = any(account.last_sync_at for account in accounts)
    return Step(key="sync", done=done, detail=failure)
