"""The ledger of intents: written before anything is sent, claimed by a conditional update.

The rows are the truth and the queue only wakes workers, so that a lost queue loses nothing and two
workers never send one intent.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from saleor_amazon_app.mirror.intents import UNDER_WAY, IntentKind, IntentState
from saleor_amazon_app.store.models import (
    FEEDS_AT_AMAZON,
    OPEN_FEEDS,
    Account,
    AccountState,
    Feed,
    FeedState,
    ForeignRefund,
    Intent,
    Order,
    OrderEvent,
    OrderState,
    Tenant,
    new_id,
)

_OPEN: Final = ("UNSHIPPED", "PARTIALLY_SHIPPED")
LEASE: Final = timedelta(minutes=5)
"""After this time a claimed intent or feed is taken to have been dropped by its worker."""


def intents_of(session: Session, order_ids: Collection[str]) -> dict[str, list[Intent]]:
    """Load the intents of orders, by order, in the order of their making."""
    found: dict[str, list[Intent]] = {order_id: [] for order_id in order_ids}
    query = select(Intent).where(Intent.order_id.in_(order_ids)).order_by(Intent.id)
    for intent in session.scalars(query):
        found[intent.order_id].append(intent)
    return found


def due(
    session: Session, account_id: str, kinds: Collection[IntentKind], now: datetime, limit: int
) -> list[Intent]:
    """Return the queued intents whose time has come, the oldest first."""
    query = select(Intent).where(_due(account_id, kinds, now)).order_by(Intent.id).limit(limit)
    return list(session.scalars(query))


def _due(account_id: str, kinds: Collection[IntentKind], now: datetime) -> ColumnElement[bool]:
    return and_(
        Intent.account_id == account_id,
        Intent.kind.in_(kinds),
        Intent.state == IntentState.QUEUED,
        or_(Intent.next_attempt_at.is_(None), Intent.next_attempt_at <= now),
        ~_crosses_another(),
    )


def _crosses_another() -> ColumnElement[bool]:
    """Tell whether a shipment and a cancellation of the same order would pass each other.

    A cancellation waits for every shipment that is not settled, since after one it would refund the
    whole order; a shipment waits for a cancellation that Amazon has or may have.
    """
    other = aliased(Intent)
    cancels = and_(
        Intent.kind == IntentKind.CANCEL_ORDER,
        other.kind == IntentKind.SHIPMENT,
        other.state.in_(UNDER_WAY),
    )
    ships = and_(
        Intent.kind == IntentKind.SHIPMENT,
        other.kind == IntentKind.CANCEL_ORDER,
        other.state.in_((IntentState.SENDING, IntentState.SUBMITTED)),
    )
    return exists().where(other.order_id == Intent.order_id, or_(cancels, ships))


def claim(session: Session, ids: Collection[int], now: datetime) -> list[Intent]:
    """Claim queued intents for sending; returns those that this worker won."""
    name = new_id()
    session.execute(
        update(Intent)
        .where(Intent.id.in_(ids), Intent.state == IntentState.QUEUED)
        .values(
            state=IntentState.SENDING,
            claim=name,
            claimed_until=now + LEASE,
            attempts=Intent.attempts + 1,
            sent_at=now,
        )
        .execution_options(synchronize_session=False)
    )
    query = select(Intent).where(Intent.claim == name).order_by(Intent.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def locked(session: Session, ids: Collection[int], *states: IntentState) -> list[Intent]:
    """Load intents that are still in one of the states, locked until the transaction ends."""
    query = select(Intent).where(Intent.id.in_(ids), Intent.state.in_(states)).order_by(Intent.id)
    return list(session.scalars(query.with_for_update()))


def of_feed(session: Session, feed_id: str) -> list[Intent]:
    query = select(Intent).where(Intent.feed_id == feed_id).order_by(Intent.id)
    return list(session.scalars(query.with_for_update()))


def unconfirmed(session: Session, account_id: str, now: datetime, limit: int) -> list[Intent]:
    """Return shipments to look for at Amazon: sent and due, or dropped by a worker."""
    dropped = and_(Intent.state == IntentState.SENDING, Intent.claimed_until <= now)
    sent = and_(Intent.state == IntentState.SUBMITTED, Intent.next_attempt_at <= now)
    query = select(Intent).where(
        Intent.account_id == account_id,
        Intent.kind == IntentKind.SHIPMENT,
        or_(and_(dropped, Intent.feed_id.is_(None)), sent),
    )
    return list(session.scalars(query.order_by(Intent.id).limit(limit)))


def dropped(
    session: Session, account_id: str, kinds: Collection[IntentKind], now: datetime
) -> list[Intent]:
    """Load intents that a worker was sending when it stopped, locked until the session ends."""
    query = select(Intent).where(
        Intent.account_id == account_id,
        Intent.kind.in_(kinds),
        Intent.state == IntentState.SENDING,
        Intent.claimed_until <= now,
    )
    return list(session.scalars(query.order_by(Intent.id).with_for_update()))


def requeue(intent: Intent, not_before: datetime | None = None) -> None:
    """Put an intent back that certainly did not reach Amazon."""
    intent.state, intent.next_attempt_at = IntentState.QUEUED, not_before
    intent.claim = intent.claimed_until = intent.feed_id = None


def settle(intent: Intent, state: IntentState, answer: str, now: datetime) -> None:
    """Record what became of an intent."""
    intent.state, intent.answer, intent.settled_at = state, answer, now
    intent.claim = intent.claimed_until = intent.next_attempt_at = None


# --- feeds --------------------------------------------------------------------------------------


def claim_feeds(session: Session, account_id: str, now: datetime) -> list[Feed]:
    """Claim the feeds that somebody has to look after now."""
    name = new_id()
    free = or_(Feed.claimed_until.is_(None), Feed.claimed_until <= now)
    waits = or_(Feed.next_look_at.is_(None), Feed.next_look_at <= now)
    open_ = Feed.state.in_(OPEN_FEEDS)
    session.execute(
        update(Feed)
        .where(Feed.account_id == account_id, open_, free, waits)
        .values(claim=name, claimed_until=now + LEASE)
        .execution_options(synchronize_session=False)
    )
    query = select(Feed).where(Feed.claim == name).order_by(Feed.created_at)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def get_feed_row(session: Session, feed_id: str) -> Feed:
    return session.scalars(select(Feed).where(Feed.id == feed_id).with_for_update()).one()


def hanging_feeds(session: Session, intents: Sequence[Intent]) -> list[Feed]:
    """Return the feeds of intents that Amazon has been at for too long."""
    ids = {intent.feed_id for intent in intents if intent.feed_id}
    if not ids:
        return []
    query = select(Feed).where(
        Feed.id.in_(ids), Feed.state.in_(FEEDS_AT_AMAZON), Feed.alarmed_at.is_not(None)
    )
    return list(session.scalars(query))


def feed_numbers(session: Session, intents: Sequence[Intent]) -> dict[str, str]:
    """Return Amazon's numbers of the feeds that carried intents, by the feeds' ids."""
    ids = {intent.feed_id for intent in intents if intent.feed_id}
    if not ids:
        return {}
    rows = session.execute(select(Feed.id, Feed.amazon_feed_id).where(Feed.id.in_(ids)))
    return {row[0]: row[1] for row in rows if row[1]}


def known_feed_ids(session: Session, account_id: str) -> set[str]:
    query = select(Feed.amazon_feed_id).where(Feed.account_id == account_id)
    return {id_ for id_ in session.scalars(query) if id_}


def has_open_feed(session: Session, account_id: str, feed_type: str) -> bool:
    """Tell whether a feed of the type is on its way to Amazon; the next one waits for it."""
    states = (FeedState.READY, FeedState.SENDING)
    query = select(Feed.id).where(
        Feed.account_id == account_id, Feed.feed_type == feed_type, Feed.state.in_(states)
    )
    return session.scalars(query.limit(1)).first() is not None


def release_feed(feed: Feed, next_look_at: datetime | None) -> None:
    feed.claim = feed.claimed_until = None
    feed.next_look_at = next_look_at


# --- orders whose two sides are to be compared ----------------------------------------------------


def claim_for_reconciling(
    session: Session, account_id: str, limit: int, now: datetime
) -> list[Order]:
    """Claim orders in Saleor whose two sides are to be compared now."""
    free = or_(Order.claimed_until.is_(None), Order.claimed_until <= now)
    wanted = and_(
        Order.account_id == account_id,
        Order.state == OrderState.IMPORTED,
        Order.reconcile_at <= now,
        free,
    )
    query = select(Order.id).where(wanted).order_by(Order.reconcile_at).limit(limit)
    ids = session.scalars(query).all()
    name = new_id()
    session.execute(
        update(Order)
        .where(Order.id.in_(ids), wanted)
        .values(claim=name, claimed_until=now + LEASE)
        .execution_options(synchronize_session=False)
    )
    claimed = select(Order).where(Order.claim == name).order_by(Order.reconcile_at)
    return list(session.scalars(claimed.execution_options(populate_existing=True)))


def mark(session: Session, order_ids: Collection[str], now: datetime) -> None:
    """Have orders compared, those that are being imported once they are."""
    session.execute(
        update(Order)
        .where(Order.id.in_(order_ids))
        .values(reconcile_at=now)
        .execution_options(synchronize_session=False)
    )


def mark_by_reference(session: Session, references: Collection[str], now: datetime) -> int:
    """The same by Amazon's numbers; returns how many of them are known."""
    query = select(Order.id).where(Order.amazon_order_id.in_(references))
    ids = session.scalars(query).all()
    mark(session, ids, now)
    return len(ids)


def mark_long_unseen(
    session: Session, now: datetime, *, every: timedelta, shipped_since: datetime, limit: int
) -> int:
    """Have merchant-fulfilled orders compared that nothing has marked for long; returns how many.

    Those that are open at Amazon, and those whose shipment Amazon was told of lately.
    """
    told = exists().where(
        Intent.order_id == Order.id,
        Intent.kind == IntentKind.SHIPMENT,
        Intent.asked_at >= shipped_since,
    )
    query = (
        select(Order.id)
        .where(
            Order.state == OrderState.IMPORTED,
            Order.fulfilled_by == "MERCHANT",
            Order.reconcile_at.is_(None),
            or_(Order.status.in_(_OPEN), told),
            or_(Order.compared_at.is_(None), Order.compared_at <= now - every),
        )
        .order_by(Order.compared_at.nulls_first())
        .limit(limit)
    )
    ids = session.scalars(query).all()
    mark(session, ids, now)
    return len(ids)


def foreign_refunds(session: Session, order_ids: Collection[str]) -> dict[str, list[ForeignRefund]]:
    found: dict[str, list[ForeignRefund]] = {order_id: [] for order_id in order_ids}
    query = select(ForeignRefund).where(ForeignRefund.order_id.in_(order_ids))
    for row in session.scalars(query.order_by(ForeignRefund.posted_at, ForeignRefund.reference)):
        found[row.order_id].append(row)
    return found


# --- what there is to do, across tenants ----------------------------------------------------------


def accounts_to_carry(
    session: Session, now: datetime, refunds_due: datetime
) -> set[tuple[str, str]]:
    """Return (tenant, account) of all accounts with something to carry from side to side.

    Accounts whose refunds were last read before ``refunds_due`` have.
    """
    looks = (
        select(Account.tenant_id, Account.id).where(
            or_(Account.refunds_read_at.is_(None), Account.refunds_read_at <= refunds_due)
        ),
        select(Order.tenant_id, Order.account_id).where(
            Order.state == OrderState.IMPORTED, Order.reconcile_at <= now
        ),
        select(Intent.tenant_id, Intent.account_id).where(
            Intent.state.in_(UNDER_WAY),
            or_(Intent.next_attempt_at.is_(None), Intent.next_attempt_at <= now),
        ),
        select(Feed.tenant_id, Feed.account_id).where(
            Feed.state.in_(OPEN_FEEDS),
            or_(Feed.next_look_at.is_(None), Feed.next_look_at <= now),
        ),
        select(Order.tenant_id, Order.account_id)
        .join(OrderEvent, OrderEvent.order_id == Order.id)
        .where(OrderEvent.for_saleor.is_(True), OrderEvent.told_at.is_(None)),
    )
    found = {(row[0], row[1]) for query in looks for row in session.execute(query.distinct())}
    return found & working_accounts(session)


def working_accounts(session: Session) -> set[tuple[str, str]]:
    """Return (tenant, account) of all that are connected, of shops that want the app to work."""
    query = (
        select(Account.tenant_id, Account.id)
        .join(Tenant, Tenant.id == Account.tenant_id)
        .where(
            Account.state == AccountState.CONNECTED,
            Tenant.paused_at.is_(None),
            Tenant.wipe_at.is_(None),
        )
    )
    return {(row[0], row[1]) for row in session.execute(query)}


def working_tenants(session: Session) -> list[Tenant]:
    query = select(Tenant).where(Tenant.paused_at.is_(None), Tenant.wipe_at.is_(None))
    return list(session.scalars(query))


def count_intents(
    session: Session, account_id: str | None = None
) -> Sequence[tuple[str, str, int]]:
    """Count intents as (kind, state, number)."""
    query = select(Intent.kind, Intent.state, func.count()).group_by(Intent.kind, Intent.state)
    if account_id:
        query = query.where(Intent.account_id == account_id)
    return [(row[0], row[1], row[2]) for row in session.execute(query)]
