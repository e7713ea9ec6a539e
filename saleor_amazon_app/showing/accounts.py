"""Accounts and marketplaces as people see them: connected, paused, to be renewed, mapped or not."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.authorisation import AUTHORISED_FOR, RENEWED_BEFORE
from saleor_amazon_app.mirror.failures import NotKnown
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.mapping import BuyerEmail
from saleor_amazon_app.mirror.messages import AdjustmentReason, CancelReason
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.showing.orders import marketplace_ref
from saleor_amazon_app.showing.sentences import show_words
from saleor_amazon_app.showing.shapes.common import MarketplaceRef
from saleor_amazon_app.showing.shapes.overview import (
    AccountRemoval,
    Accounts,
    AccountShown,
    Connection,
    MarketplaceState,
)
from saleor_amazon_app.showing.shapes.settings import (
    Marketplaces,
    MarketplaceSettings,
    MarketplaceShown,
)
from saleor_amazon_app.store.accounts import as_mapping, list_accounts, list_marketplaces
from saleor_amazon_app.store.models import (
    Account,
    AccountState,
    Marketplace,
    OrderState,
    Sweep,
    SweepKind,
)
from saleor_amazon_app.store.orders import count_by_state
from saleor_amazon_app.store.sentences import sentence_of
from saleor_amazon_app.sync.jobs import intervals
from saleor_amazon_app.sync.removing import in_the_way
from saleor_amazon_app.sync.services import Services


def show_accounts(services: Services, tenant_id: TenantId) -> Accounts:
    with services.database.tenant(tenant_id) as session:
        return Accounts(items=accounts_of(services, session))


def show_account(services: Services, tenant_id: TenantId, account_id: str) -> AccountShown:
    """Return one account.

    Raises:
        NotKnown: There is no such account.
    """
    shown = show_accounts(services, tenant_id).items
    found = next((account for account in shown if account.id == account_id), None)
    if found is None:
        raise NotKnown(say("refused.no_account"), code="no_account")
    return found


def show_removal(services: Services, tenant_id: TenantId, account_id: str) -> AccountRemoval:
    """Tell what removing an account would delete, and what is in the way.

    Raises:
        NotKnown: There is no such account.
    """
    with services.database.tenant(tenant_id) as session:
        row = session.scalar(select(Account).where(Account.id == account_id))
        if row is None:
            raise NotKnown(say("refused.no_account"), code="no_account")
        states = count_by_state(session, row.id)
        found = in_the_way(session, row.id)
        is_lost = row.state == AccountState.AUTHORISATION_LOST
    return AccountRemoval(
        orders=sum(states.values()),
        in_saleor=sum(states.get(state, 0) for state in (OrderState.CREATED, OrderState.IMPORTED)),
        under_way=found.under_way,
        unknown=found.unknown,
        importing=found.importing,
        allowed=not found.reason,
        unsent=found.unsent,
        may_leave=found.unanswered if is_lost else 0,
    )


def accounts_of(services: Services, session: Session) -> list[AccountShown]:
    return [_account(services, session, row) for row in list_accounts(session)]


def show_marketplaces(services: Services, tenant_id: TenantId) -> Marketplaces:
    """Return the marketplaces of all accounts with their settings."""
    with services.database.tenant(tenant_id) as session:
        rows = session.scalars(
            select(Marketplace).order_by(Marketplace.account_id, Marketplace.marketplace_id)
        )
        return Marketplaces(items=[show_marketplace(row) for row in rows])


def show_marketplace(row: Marketplace) -> MarketplaceShown:
    is_mapped = as_mapping(row) is not None
    return MarketplaceShown(
        marketplace=_named(row),
        account_id=row.account_id,
        is_mapped=is_mapped,
        is_denied=row.denied,
        settings=_settings(row) if is_mapped else None,
    )


def _account(services: Services, session: Session, row: Account) -> AccountShown:
    now = services.now()
    sweep = session.scalar(
        select(Sweep).where(Sweep.account_id == row.id, Sweep.kind == SweepKind.UPDATES)
    )
    until = (row.authorised_at or row.connected_at) + AUTHORISED_FOR
    return AccountShown(
        id=row.id,
        seller_id=row.seller_id,
        region=row.region,
        state=_connection(row.state, until, now),
        authorised_until=until,
        import_from=row.import_from,
        connected_at=row.connected_at,
        last_sync_at=sweep.finished_at if sweep else None,
        next_sync_at=_next_sync(services, row, sweep),
        is_syncing=bool(sweep and sweep.lease_until and sweep.lease_until > now),
        failure=show_words(sentence_of(sweep, "failure")) if sweep else None,
        withheld_data=list(row.withheld_data),
        marketplaces=_states(list_marketplaces(session, row.id)),
    )


def _connection(state: str, until: datetime, now: datetime) -> Connection:
    if state == AccountState.AUTHORISATION_LOST:
        return Connection.AUTHORISATION_LOST
    if state == AccountState.PAUSED:
        return Connection.PAUSED
    if state == AccountState.REMOVING:
        return Connection.REMOVING
    soon = until - now < RENEWED_BEFORE
    return Connection.TO_BE_RENEWED if soon else Connection.CONNECTED


def _next_sync(services: Services, row: Account, sweep: Sweep | None) -> datetime | None:
    """Return when the account is swept next; a moment that has passed means: any moment now."""
    if sweep is None or row.state != AccountState.CONNECTED:
        return None
    rested = (
        sweep.finished_at and sweep.finished_at + intervals(services.settings)[SweepKind.UPDATES]
    )
    at = services.now() if sweep.window or rested is None else rested
    return max(at, sweep.not_before) if sweep.not_before else at


def _states(rows: Sequence[Marketplace]) -> list[MarketplaceState]:
    return [
        MarketplaceState(
            marketplace=_named(row),
            is_mapped=as_mapping(row) is not None,
            channel=row.channel,
            import_orders=row.import_orders,
            is_denied=row.denied,
        )
        for row in rows
    ]


def _named(row: Marketplace) -> MarketplaceRef:
    return marketplace_ref(row.marketplace_id) or MarketplaceRef(id="", name="")


def _settings(row: Marketplace) -> MarketplaceSettings:
    return MarketplaceSettings(
        channel=row.channel or "",
        warehouse_id=row.warehouse_id,
        shipping_method_id=row.shipping_method_id,
        tax_class_id=row.tax_class_id,
        import_orders=row.import_orders,
        hold_stock=row.hold_stock,
        buyer_email=BuyerEmail(row.buyer_email),
        without_address=row.without_address,
        default_carrier=row.default_carrier,
        tracking_wait_hours=row.tracking_wait_hours,
        ship_without_tracking=row.ship_without_tracking,
        cancel_reason=CancelReason(row.cancel_reason),
        refund_reason=AdjustmentReason(row.refund_reason),
    )
