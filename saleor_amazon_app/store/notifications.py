"""Notifications that came, the accounts that they lead to, and the orders to be looked at."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, and_, delete, or_, select
from sqlalchemy.orm import Session

from saleor_amazon_app.store.models import (
    Account,
    AccountState,
    Feed,
    FeedState,
    Marketplace,
    Notification,
    OrderLook,
    Tenant,
)

KEPT: Final = timedelta(days=14)
"""SQS keeps a message no longer, so that no repeat comes later."""


# --- what came, across tenants --------------------------------------------------------------------


def count_repeat(session: Session, notification_id: str, now: datetime) -> bool:
    """Note that a known notification came again; False if it is not known."""
    known = session.get(Notification, notification_id, with_for_update=True)
    if known is not None:
        known.repeats, known.seen_at = known.repeats + 1, now
    return known is not None


def forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(Notification).where(Notification.received_at < now - KEPT))


def last_seen(session: Session, kind: str) -> datetime | None:
    """Return when a notification of a type came last, whomever it was about."""
    query = select(Notification.seen_at).where(Notification.type == kind)
    return session.scalars(query.order_by(Notification.seen_at.desc()).limit(1)).first()


def accounts_selling(session: Session, seller_id: str, marketplace_id: str) -> list[Account]:
    """Return the working accounts of a seller that sell on a marketplace, of all tenants.

    The same seller may be connected by several tenants, and in several regions.
    """
    query = _working(seller_id).join(Marketplace, Marketplace.account_id == Account.id)
    return list(
        session.scalars(
            query.where(
                Marketplace.marketplace_id == marketplace_id, Marketplace.denied.is_(False)
            ).with_for_update(of=Account)
        )
    )


def feeds_of(session: Session, seller_id: str, amazon_feed_id: str) -> list[tuple[Account, Feed]]:
    """Return a seller's feeds of that number that are not settled yet, with their accounts."""
    query = (
        _working(seller_id)
        .join(Feed, Feed.account_id == Account.id)
        .where(Feed.amazon_feed_id == amazon_feed_id, Feed.state == FeedState.SUBMITTED)
        .add_columns(Feed)
    )
    return [(row[0], row[1]) for row in session.execute(query.with_for_update(of=Account))]


def _working(seller_id: str) -> Select[Account]:
    return (
        select(Account)
        .join(Tenant, Tenant.id == Account.tenant_id)
        .where(
            Account.seller_id == seller_id,
            Account.state == AccountState.CONNECTED,
            Tenant.paused_at.is_(None),
            Tenant.wipe_at.is_(None),
        )
    )


def accounts_notified(session: Session) -> list[tuple[str, str]]:
    """Return (tenant, account) of all whose notifications are switched on."""
    query = select(Account.tenant_id, Account.id).where(Account.notifications_since.is_not(None))
    return [(row[0], row[1]) for row in session.execute(query)]


def is_wanted_elsewhere(session: Session, account: Account) -> bool:
    """Tell whether another tenant's account of the same seller has notifications switched on.

    Amazon has one subscription for a seller and an app, whoever asked for it.
    """
    query = select(Account.id).where(
        Account.seller_id == account.seller_id,
        Account.region == account.region,
        Account.id != account.id,
        Account.notifications_since.is_not(None),
    )
    return session.scalars(query.limit(1)).first() is not None


# --- orders to look at ----------------------------------------------------------------------------


def want_look(
    session: Session,
    account: Account,
    amazon_order_id: str,
    now: datetime,
    *,
    refunds: bool,
    not_before: datetime | None = None,
) -> None:
    """Have an order of an account read soon; a look that is wanted already is wanted anew."""
    query = select(OrderLook).where(
        OrderLook.account_id == account.id, OrderLook.amazon_order_id == amazon_order_id
    )
    look = session.scalar(query.with_for_update())
    if look is None:
        session.add(
            OrderLook(
                tenant_id=account.tenant_id,
                account_id=account.id,
                amazon_order_id=amazon_order_id,
                asked_at=now,
                refunds=refunds,
                attempts=0,
                next_attempt_at=not_before,
            )
        )
        return
    look.asked_at, look.refunds, look.attempts = now, look.refunds or refunds, 0
    if not_before is None:
        look.next_attempt_at = None


def due_looks(session: Session, account_id: str, now: datetime, limit: int) -> list[OrderLook]:
    """Return the looks whose time has come, those that wait longest first."""
    due = or_(OrderLook.next_attempt_at.is_(None), OrderLook.next_attempt_at <= now)
    query = select(OrderLook).where(and_(OrderLook.account_id == account_id, due))
    return list(session.scalars(query.order_by(OrderLook.asked_at, OrderLook.id).limit(limit)))


def find_look(session: Session, look_id: str) -> OrderLook | None:
    return session.scalar(select(OrderLook).where(OrderLook.id == look_id).with_for_update())


def accounts_with_looks(session: Session, now: datetime) -> set[tuple[str, str]]:
    """Return (tenant, account) of all with an order to look at now, across tenants."""
    due = or_(OrderLook.next_attempt_at.is_(None), OrderLook.next_attempt_at <= now)
    query = select(OrderLook.tenant_id, OrderLook.account_id).where(due).distinct()
    return {(row[0], row[1]) for row in session.execute(query)}
