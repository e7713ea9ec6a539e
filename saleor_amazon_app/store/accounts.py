"""Sellers' accounts and their marketplaces."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.ids import AccountId, MarketplaceId
from saleor_amazon_app.mirror.mapping import BuyerEmail, Mapping
from saleor_amazon_app.store.models import Account, AccountState, Marketplace


def get_account(session: Session, account_id: AccountId) -> Account:
    """Return an account of the session's tenant."""
    return session.scalars(select(Account).where(Account.id == account_id)).one()


def is_leaving(session: Session, account_id: str) -> bool:
    """Tell whether an account is being removed, or is gone: no work is begun for it."""
    state = session.scalar(select(Account.state).where(Account.id == account_id))
    return state is None or state == AccountState.REMOVING


def find_account(session: Session, seller_id: str, region: str) -> Account | None:
    return session.scalar(
        select(Account).where(Account.seller_id == seller_id, Account.region == region)
    )


def list_accounts(session: Session) -> list[Account]:
    return list(session.scalars(select(Account).order_by(Account.connected_at)))


def list_marketplaces(session: Session, account_id: str) -> list[Marketplace]:
    query = select(Marketplace).where(Marketplace.account_id == account_id)
    return list(session.scalars(query.order_by(Marketplace.marketplace_id)))


def add_marketplaces(session: Session, account_id: str, ids: Iterable[str]) -> None:
    """Add the marketplaces that the account does not have yet."""
    known = {marketplace.marketplace_id for marketplace in list_marketplaces(session, account_id)}
    for marketplace_id in sorted(set(ids) - known):
        session.add(Marketplace(account_id=account_id, marketplace_id=marketplace_id))


def mappings(session: Session, account_id: str) -> dict[str, Mapping]:
    """Return the account's mapped marketplaces by id."""
    rows = list_marketplaces(session, account_id)
    return {row.marketplace_id: mapping for row in rows if (mapping := as_mapping(row))}


def as_mapping(row: Marketplace) -> Mapping | None:
    """Return where a marketplace's orders go, or None as long as it is not mapped."""
    if not (row.channel and row.currency and row.warehouse_id):
        return None
    return Mapping(
        marketplace_id=MarketplaceId(row.marketplace_id),
        channel=row.channel,
        currency=row.currency,
        warehouse_id=row.warehouse_id,
        shipping_method_id=row.shipping_method_id or "",
        tax_class_id=row.tax_class_id or "",
        import_orders=row.import_orders,
        hold_stock=row.hold_stock,
        buyer_email=BuyerEmail(row.buyer_email),
        without_address=row.without_address,
    )
