"""What there is to tell staff by e-mail, and to whom."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, or_, select, text, update
from sqlalchemy.orm import Session

from saleor_amazon_app.store.models import (
    TO_SHIP_SQL,
    Account,
    AccountState,
    NoticeRecipient,
    NoticeSettings,
    Order,
    Problem,
    Sweep,
    SweepKind,
    new_id,
)

LEASE: Final = timedelta(minutes=10)
"""After this time a recipient who is being written to is taken to have been dropped."""


def settings_of(session: Session) -> NoticeSettings | None:
    """Return the settings of the session's tenant."""
    return session.scalar(select(NoticeSettings))


def recipients(session: Session) -> list[NoticeRecipient]:
    """Return the recipients of the session's tenant, by address."""
    return list(session.scalars(select(NoticeRecipient).order_by(NoticeRecipient.address)))


def claim(session: Session, recipient_id: str, now: datetime) -> NoticeRecipient | None:
    """Claim a recipient to write to; None if another worker has, or it has to wait."""
    name = new_id()
    session.execute(
        update(NoticeRecipient)
        .where(NoticeRecipient.id == recipient_id, _is_free(now))
        .values(claim=name, claimed_until=now + LEASE)
        .execution_options(synchronize_session=False)
    )
    return held(session, recipient_id, name)


def held(session: Session, recipient_id: str, claim_name: str) -> NoticeRecipient | None:
    """Return a recipient as long as the claim stands, locked."""
    query = select(NoticeRecipient).where(
        NoticeRecipient.id == recipient_id, NoticeRecipient.claim == claim_name
    )
    return session.scalar(query.with_for_update())


def _is_free(now: datetime) -> ColumnElement[bool]:
    unclaimed = or_(NoticeRecipient.claimed_until.is_(None), NoticeRecipient.claimed_until <= now)
    due = or_(NoticeRecipient.next_attempt_at.is_(None), NoticeRecipient.next_attempt_at <= now)
    return unclaimed & due


# --- what there is to tell ------------------------------------------------------------------------


def open_problems(session: Session) -> Sequence[tuple[str, str, str]]:
    """Return (id, kind, Amazon's order number) of all open problems."""
    query = (
        select(Problem.id, Problem.kind, Order.amazon_order_id)
        .join(Order, Order.id == Problem.order_id)
        .where(Problem.closed_at.is_(None), _stays())
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def to_ship_before(session: Session, moment: datetime) -> Sequence[tuple[str, str, datetime]]:
    """Return (id, Amazon's number, ship-by date) of the orders to be shipped before a moment."""
    query = select(Order.id, Order.amazon_order_id, Order.ship_by).where(
        text(TO_SHIP_SQL), Order.ship_by < moment, _stays()
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query) if row[2]]


def _stays() -> ColumnElement[bool]:
    """Nobody needs to be told of an account that is being removed."""
    removing = select(Account.id).where(Account.state == AccountState.REMOVING)
    return Order.account_id.not_in(removing)


def standing_sweeps(session: Session, before: datetime) -> Sequence[tuple[Account, Sweep]]:
    """Return the connected accounts whose sweeps fail, and were done before a moment at last."""
    query = (
        select(Account, Sweep)
        .join(Sweep, Sweep.account_id == Account.id)
        .where(
            Account.state == AccountState.CONNECTED,
            Sweep.kind == SweepKind.UPDATES,
            Sweep.failures > 0,
        )
    )
    found = [(row[0], row[1]) for row in session.execute(query)]
    return [(account, sweep) for account, sweep in found if last_read(account, sweep) < before]


def last_read(account: Account, sweep: Sweep) -> datetime:
    """Return when an account's orders were read last: the end of a sweep, or a page of it."""
    return max(filter(None, (account.connected_at, sweep.finished_at, sweep.token_at)))
