"""Figures of what is stored, across tenants: for monitors, without a word about anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.intents import IntentState
from saleor_amazon_app.store.ledger import count_intents
from saleor_amazon_app.store.models import (
    FEEDS_AT_AMAZON,
    Account,
    AccountState,
    Base,
    Delivery,
    DeliveryState,
    Feed,
    Intent,
    Order,
    Problem,
    Sweep,
    SweepKind,
    Tenant,
)
from saleor_amazon_app.store.orders import count_by_state


@dataclass(frozen=True)
class Figures:
    """What a monitor asks for. Moments are None where there is nothing."""

    orders: dict[str, int]
    """By state."""
    intents: Sequence[tuple[str, str, int]]
    """Kind, state, number."""
    oldest_queued: datetime | None
    problems: dict[str, int]
    """The open ones, by kind."""
    hanging_feeds: int
    inbox: int
    oldest_sweep: datetime | None
    """When the connected account that was swept longest ago was."""
    read_only_shops: int
    lags: Sequence[int]
    """Of the orders mirrored lately, in seconds, sorted."""


def read_figures(session: Session, lags_since: datetime) -> Figures:
    """Read all figures in a session across tenants."""
    return Figures(
        orders=count_by_state(session),
        intents=count_intents(session),
        oldest_queued=_oldest_queued(session),
        problems=_open_problems(session),
        hanging_feeds=_count(
            session, Feed, Feed.state.in_(FEEDS_AT_AMAZON), Feed.alarmed_at.is_not(None)
        ),
        inbox=_count(session, Delivery, Delivery.state == DeliveryState.WAITING),
        oldest_sweep=_oldest_sweep(session),
        read_only_shops=_count(session, Tenant, Tenant.read_only.is_(True)),
        lags=_lags(session, lags_since),
    )


def _count(session: Session, kind: type[Base], *wanted: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(kind).where(*wanted)) or 0


def _oldest_queued(session: Session) -> datetime | None:
    query = select(func.min(Intent.asked_at)).where(Intent.state == IntentState.QUEUED)
    return session.scalar(query)


def _open_problems(session: Session) -> dict[str, int]:
    query = select(Problem.kind, func.count()).where(Problem.closed_at.is_(None))
    return {row[0]: row[1] for row in session.execute(query.group_by(Problem.kind))}


def _oldest_sweep(session: Session) -> datetime | None:
    query = select(func.min(Sweep.finished_at)).join(Account, Account.id == Sweep.account_id)
    connected = Account.state == AccountState.CONNECTED
    return session.scalar(query.where(Sweep.kind == SweepKind.UPDATES, connected))


def _lags(session: Session, since: datetime) -> list[int]:
    query = select(Order.lag_seconds).where(Order.mirrored_at >= since)
    return sorted(lag for lag in session.scalars(query) if lag is not None)
