"""What the command line shows: rows of plain values, without personal data."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from saleor_amazon_app.mirror.failures import Misconfigured, NotKnown
from saleor_amazon_app.mirror.ids import AccountId, MarketplaceId, TenantId
from saleor_amazon_app.mirror.marketplaces import MARKETPLACES
from saleor_amazon_app.mirror.money import minor_unit, words
from saleor_amazon_app.mirror.problems import ProblemKind, cure_of
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.accounts import get_account, list_accounts, list_marketplaces
from saleor_amazon_app.store.models import Account, Order, OrderEvent, OrderState, Tenant
from saleor_amazon_app.sync.services import Services

_TO_DO: Final = (OrderState.READY, OrderState.CREATING, OrderState.CREATED)


def all_accounts(
    services: Services, saleor_url: str | None = None
) -> Iterator[tuple[TenantId, AccountId]]:
    """Yield the accounts of all shops, or of one."""
    query = select(Account.tenant_id, Account.id).join(Tenant, Tenant.id == Account.tenant_id)
    if saleor_url:
        query = query.where(Tenant.saleor_api_url == saleor_url)
    with services.database.system() as session:
        rows = session.execute(query).all()
    yield from ((TenantId(row[0]), AccountId(row[1])) for row in rows)


def one_account(services: Services, tenant_id: TenantId, seller_id: str | None) -> AccountId:
    """Return the account that is meant.

    Raises:
        Misconfigured: There is none, or more than one.
    """
    with services.database.tenant(tenant_id) as session:
        found = [a for a in list_accounts(session) if seller_id in (None, a.seller_id)]
    if len(found) == 1:
        return AccountId(found[0].id)
    if found:
        names = ", ".join(sorted({account.seller_id for account in found}))
        raise Misconfigured("The shop has several accounts.", cure=f"Give --seller-id: {names}.")
    raise Misconfigured("No such account is connected.", cure="Run `saleor-amazon connect`.")


def seller_of(services: Services, tenant_id: TenantId, account_id: AccountId) -> str:
    """Name an account the way a merchant knows it: ``A1EXAMPLE (eu)``."""
    with services.database.tenant(tenant_id) as session:
        account = get_account(session, account_id)
        return f"{account.seller_id} ({account.region})"


def marketplaces(
    services: Services, tenant_id: TenantId, account_id: AccountId
) -> list[dict[str, Any]]:
    with services.database.tenant(tenant_id) as session:
        return [
            {"marketplace": row.marketplace_id, "channel": row.channel}
            for row in list_marketplaces(session, account_id)
        ]


def states(services: Services, tenant_id: TenantId, account_id: AccountId) -> dict[str, int]:
    """Count an account's orders by their state."""
    with services.database.tenant(tenant_id) as session:
        return order_store.count_by_state(session, account_id)


def intent_counts(
    services: Services, tenant_id: TenantId, account_id: AccountId
) -> Sequence[tuple[str, str, int]]:
    """Count what Amazon was to be told, as (kind, state, number)."""
    with services.database.tenant(tenant_id) as session:
        return ledger.count_intents(session, account_id)


def ready_count(services: Services, tenant_id: TenantId, account_id: AccountId) -> int:
    counts = states(services, tenant_id, account_id)
    return sum(counts.get(state, 0) for state in _TO_DO)


def orders(
    services: Services, tenant_id: TenantId, state: str | None, limit: int
) -> list[dict[str, Any]]:
    query = select(Order).order_by(Order.purchased_at.desc()).limit(limit)
    if state:
        query = query.where(Order.state == state)
    with services.database.tenant(tenant_id) as session:
        return [_row(order) for order in session.scalars(query)]


def order(services: Services, tenant_id: TenantId, amazon_order_id: str) -> dict[str, Any]:
    """Return everything about an order that is not personal.

    Raises:
        Misconfigured: There is no such order.
    """
    with services.database.tenant(tenant_id) as session:
        row = order_store.find_order(session, amazon_order_id)
        if row is None:
            raise no_such_order(amazon_order_id)
        problems = order_store.open_problems(session, row.id)
        events = session.scalars(
            select(OrderEvent).where(OrderEvent.order_id == row.id).order_by(OrderEvent.id)
        )
        return _row(row) | {
            "fulfilled_by": row.fulfilled_by,
            "ship_by": row.ship_by,
            "problems": [
                {"kind": p.kind, "message": p.message, "cure": str(cure_of(ProblemKind(p.kind)))}
                for p in problems
            ],
            "history": [
                {"at": event.at, "actor": event.actor, "message": event.message} for event in events
            ],
        }


def no_such_order(amazon_order_id: str) -> NotKnown:
    return NotKnown(
        say("refused.no_order", number=amazon_order_id),
        cure=say("refused.fetch_it"),
        code="no_order",
    )


def _row(order: Order) -> dict[str, Any]:
    known = MARKETPLACES.get(MarketplaceId(order.marketplace_id or ""))
    return {
        "purchased": order.purchased_at,
        "amazon_order": order.amazon_order_id,
        "marketplace": known.name if known else order.marketplace_id,
        "status": order.status,
        "total": _total(order),
        "state": order.state,
        "saleor_order": order.saleor_number,
        "note": order.note,
    }


def _total(order: Order) -> str | None:
    if order.total_minor is None or order.currency is None:
        return None
    return words(Decimal(order.total_minor) * minor_unit(order.currency), order.currency)
