"""How far each account has been read, and the lease that keeps its sweeps single."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from saleor_amazon_app.store.models import Account, AccountState, Sweep, SweepKind, new_id

LEASE: Final = timedelta(minutes=10)


def add_sweeps(session: Session, account_id: str) -> None:
    """Give an account its two sweeps; those that it has are due at once."""
    rows = session.scalars(select(Sweep).where(Sweep.account_id == account_id))
    known = {row.kind: row for row in rows}
    for kind in SweepKind:
        if (row := known.get(kind)) is None:
            session.add(Sweep(account_id=account_id, kind=kind, failures=0))
        else:
            row.not_before, row.failures = None, 0


def begin_anew(session: Session, account_id: str) -> None:
    """Have an account read from its import's start once more; who reads it now loses the lease."""
    rows = session.scalars(
        select(Sweep)
        .where(Sweep.account_id == account_id, Sweep.kind == SweepKind.UPDATES)
        .with_for_update()
    )
    for row in rows:
        row.watermark = row.window = row.next_token = row.token_at = None
        row.lease_owner = row.lease_until = row.not_before = None
        row.failures = 0


def take_lease(session: Session, account_id: str, kind: SweepKind, now: datetime) -> str | None:
    """Take an account's sweep for this worker; None if another worker has it."""
    owner = new_id()
    session.execute(
        update(Sweep)
        .where(
            Sweep.account_id == account_id,
            Sweep.kind == kind,
            or_(Sweep.lease_until.is_(None), Sweep.lease_until <= now),
        )
        .values(lease_owner=owner, lease_until=now + LEASE)
        .execution_options(synchronize_session=False)
    )
    return owner if leased(session, account_id, kind, owner) else None


def leased(session: Session, account_id: str, kind: SweepKind, owner: str) -> Sweep | None:
    """Return the sweep as long as the lease is held, locked; None once somebody else has it."""
    return session.scalar(
        select(Sweep)
        .where(Sweep.account_id == account_id, Sweep.kind == kind, Sweep.lease_owner == owner)
        .with_for_update()
    )


def get_sweep(session: Session, account_id: str, kind: SweepKind) -> Sweep:
    return session.scalars(
        select(Sweep).where(Sweep.account_id == account_id, Sweep.kind == kind)
    ).one()


def due_sweeps(
    session: Session, now: datetime, intervals: dict[SweepKind, timedelta]
) -> Iterable[tuple[str, str, str]]:
    """Yield (tenant, account, kind) of the sweeps whose time has come, across tenants.

    A sweep with pages left is due at once; one that failed or was throttled, when it said.
    """
    query = (
        select(Sweep)
        .join(Account, Account.id == Sweep.account_id)
        .where(
            Account.state == AccountState.CONNECTED,
            or_(Sweep.not_before.is_(None), Sweep.not_before <= now),
            or_(Sweep.lease_until.is_(None), Sweep.lease_until <= now),
        )
    )
    for sweep in session.scalars(query):
        rested = (
            sweep.finished_at is None or now - sweep.finished_at >= intervals[SweepKind(sweep.kind)]
        )
        if sweep.window or rested:
            yield sweep.tenant_id, sweep.account_id, sweep.kind
