"""Orders: found, claimed, released. A claim is a conditional update, so that it has one winner."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.problems import Problem as ProblemFound
from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.mirror.sentences import NOTHING
from saleor_amazon_app.store.models import Order, OrderEvent, OrderState, Problem, new_id
from saleor_amazon_app.store.sentences import sentence_of

LEASE: Final = timedelta(minutes=10)
"""After this time a claimed order is taken to have been dropped by its worker."""


def by_amazon_ids(session: Session, account_id: str, ids: Collection[str]) -> dict[str, Order]:
    """Load orders by Amazon's numbers and lock them until the transaction ends."""
    query = select(Order).where(Order.account_id == account_id, Order.amazon_order_id.in_(ids))
    return {order.amazon_order_id: order for order in session.scalars(query.with_for_update())}


def find_order(session: Session, amazon_order_id: str) -> Order | None:
    return session.scalar(select(Order).where(Order.amazon_order_id == amazon_order_id))


def claim(session: Session, account_id: str, limit: int, now: datetime) -> tuple[str, list[Order]]:
    """Claim orders to be created or finished; returns the claim's name and the orders."""
    due = or_(Order.next_attempt_at.is_(None), Order.next_attempt_at <= now)
    ids = session.scalars(
        select(Order.id)
        .where(Order.account_id == account_id, _claimable(now), due)
        .order_by(Order.purchased_at, Order.id)
        .limit(limit)
    ).all()
    name = new_id()
    session.execute(
        update(Order)
        .where(Order.id.in_(ids), _claimable(now))
        .values(claim=name, claimed_until=now + LEASE, attempts=Order.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    claimed = session.scalars(select(Order).where(Order.claim == name).order_by(Order.purchased_at))
    return name, list(claimed.all())


def _claimable(now: datetime) -> ColumnElement[bool]:
    in_work = Order.state.in_((OrderState.READY, OrderState.CREATING, OrderState.CREATED))
    free = or_(Order.claimed_until.is_(None), Order.claimed_until <= now)
    return and_(in_work, free)


def held_by(session: Session, claim_name: str, ids: Collection[str]) -> list[Order]:
    """Load those of a claim's orders that are still held under it, locked."""
    query = select(Order).where(Order.id.in_(ids), Order.claim == claim_name)
    return list(session.scalars(query.with_for_update()))


def held_by_claim(session: Session, claim_name: str) -> list[Order]:
    """Load all orders that are still held under a claim, locked."""
    query = select(Order).where(Order.claim == claim_name)
    return list(session.scalars(query.with_for_update()))


def release(order: Order, *, next_attempt_at: datetime | None = None) -> None:
    order.claim = order.claimed_until = None
    order.next_attempt_at = next_attempt_at


def note(  # noqa: PLR0913 - what a line consists of, named by the caller
    session: Session,
    order: Order,
    message: str,
    *,
    actor: str,
    at: datetime,
    for_saleor: bool = False,
    repeats: bool = False,
    by: str | None = None,
) -> OrderEvent | None:
    """Write a line into the order's history and show it as the order's note.

    With ``for_saleor`` the line goes into the history of the Saleor order as well. ``by`` names the
    member of staff who did it. Returns the new line; the same line again is none, unless
    ``repeats`` says that it happened again.
    """
    if not message or (order.note == message and not repeats):
        return None
    order.note = message
    event = OrderEvent(
        order_id=order.id,
        at=at,
        actor=actor,
        message=message,
        for_saleor=for_saleor,
        by=by,
    )
    session.add(event)
    return event


def take_back(session: Session, event_id: int) -> None:
    """Delete the latest line of an order's history, which did not come true."""
    event = session.get_one(OrderEvent, event_id)
    before = select(OrderEvent).where(
        OrderEvent.order_id == event.order_id, OrderEvent.id < event_id
    )
    last = session.scalar(before.order_by(OrderEvent.id.desc()).limit(1))
    note = sentence_of(last, "message") if last else NOTHING
    session.get_one(Order, event.order_id).note = note
    session.delete(event)


def open_problems(session: Session, order_id: str) -> list[Problem]:
    return open_problems_of(session, [order_id]).get(order_id, [])


def open_problems_of(session: Session, order_ids: Collection[str]) -> dict[str, list[Problem]]:
    """Load the open problems of many orders in one query, by order, the oldest first."""
    query = select(Problem).where(Problem.order_id.in_(order_ids), Problem.closed_at.is_(None))
    found: dict[str, list[Problem]] = {}
    for problem in session.scalars(query.order_by(Problem.opened_at)):
        found.setdefault(problem.order_id, []).append(problem)
    return found


def set_problems(
    session: Session,
    order: Order,
    found: Sequence[ProblemFound],
    now: datetime,
    known: Sequence[Problem] | None = None,
) -> list[ProblemFound]:
    """Make an order's open problems exactly these; returns those that were opened.

    ``known`` are its open problems, if the caller has loaded them with those of other orders, or
    only those of some kinds, if the others are none of its business. What a person has dismissed is
    not opened again.
    """
    opened = []
    wanted = {(problem.kind.value, problem.subject[:255]): problem for problem in found}
    for row in open_problems(session, order.id) if known is None else known:
        if (row.kind, row.subject) in wanted:
            row.message = wanted.pop((row.kind, row.subject)).message
        else:
            row.closed_at = now
    dismissed = _dismissed(session, order.id) if wanted else set()
    for key, problem in wanted.items():
        if key in dismissed:
            continue
        opened.append(problem)
        session.add(
            Problem(
                order_id=order.id,
                kind=problem.kind,
                subject=problem.subject[:255],
                message=problem.message,
                opened_at=now,
            )
        )
    return opened


def _dismissed(session: Session, order_id: str) -> set[tuple[str, str]]:
    query = select(Problem.kind, Problem.subject).where(
        Problem.order_id == order_id, Problem.dismissed_at.is_not(None)
    )
    return {(row[0], row[1]) for row in session.execute(query)}


def open_subjects(session: Session, account_id: str, kind: ProblemKind) -> set[str]:
    """Return what the account's open problems of a kind are about."""
    query = (
        select(Problem.subject)
        .join(Order, Order.id == Problem.order_id)
        .where(Order.account_id == account_id, Problem.kind == kind, Problem.closed_at.is_(None))
        .distinct()
    )
    return set(session.scalars(query))


def blocked_by(
    session: Session, account_id: str, kind: ProblemKind, subjects: Collection[str]
) -> list[Order]:
    """Return the orders that an open problem about one of the subjects holds back."""
    held = select(Problem.order_id).where(
        Problem.kind == kind, Problem.subject.in_(subjects), Problem.closed_at.is_(None)
    )
    query = select(Order).where(
        Order.account_id == account_id, Order.state == OrderState.BLOCKED, Order.id.in_(held)
    )
    return list(session.scalars(query))


def count_by_state(session: Session, account_id: str | None = None) -> dict[str, int]:
    query = select(Order.state, func.count()).group_by(Order.state)
    if account_id:
        query = query.where(Order.account_id == account_id)
    return {row[0]: row[1] for row in session.execute(query)}


def to_look_at_again(session: Session, account_id: str, now: datetime, limit: int) -> list[Order]:
    """Return waiting orders whose missing parts are to be asked for again."""
    query = (
        select(Order)
        .where(
            Order.account_id == account_id,
            Order.state == OrderState.WAITING,
            Order.next_attempt_at <= now,
        )
        .order_by(Order.next_attempt_at)
        .limit(limit)
    )
    return list(session.scalars(query))


def recent_lags(session: Session, account_id: str, since: datetime) -> list[int]:
    """Return how long each order took from Amazon's last word to Saleor, in seconds, sorted."""
    query = select(Order.lag_seconds).where(
        Order.account_id == account_id,
        Order.mirrored_at >= since,
        Order.lag_seconds.is_not(None),
    )
    return sorted(lag for lag in session.scalars(query) if lag is not None)


def accounts_with_work(session: Session, now: datetime) -> list[tuple[str, str]]:
    """Return (tenant, account) of all whose orders could be moved on now, across tenants."""
    due = or_(Order.next_attempt_at.is_(None), Order.next_attempt_at <= now)
    overdue = and_(Order.state == OrderState.WAITING, Order.next_attempt_at <= now)
    query = select(Order.tenant_id, Order.account_id).distinct()
    rows = session.execute(query.where(or_(and_(_claimable(now), due), overdue)))
    return [(row[0], row[1]) for row in rows]


def accounts_held_for_skus(session: Session) -> list[tuple[str, str]]:
    """Return (tenant, account) of all with orders that wait for an SKU, across tenants."""
    query = (
        select(Order.tenant_id, Order.account_id)
        .join(Problem, Problem.order_id == Order.id)
        .where(Problem.kind == ProblemKind.UNKNOWN_SKU, Problem.closed_at.is_(None))
        .distinct()
    )
    return [(row[0], row[1]) for row in session.execute(query)]
