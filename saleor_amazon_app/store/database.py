"""Connections and sessions; every session belongs to one tenant or says that it does not."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker, with_loader_criteria
from sqlalchemy.pool import ConnectionPoolEntry

from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.store.models import TenantOwned

_BUSY_SECONDS: Final = 30
_TENANT: Final = "tenant"
_UNSCOPED: Final = "unscoped"


class CrossedTenants(AssertionError):
    """Code reached for another tenant's row, or named no tenant: always a bug."""


class Database:
    """The one door to the tables.

    A tenant's session sees and writes that tenant's rows only: the criterion is added to every
    statement, so that a forgotten ``where`` cannot leak.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def tenant(self, tenant_id: TenantId) -> Iterator[Session]:
        """Open a transaction on one tenant's rows."""
        with self._sessions.begin() as session:
            session.info[_TENANT] = tenant_id
            yield session

    @contextmanager
    def system(self) -> Iterator[Session]:
        """Open a transaction across tenants: for what comes in for any of them, and for the whole.

        That is installation, reception, scheduling and health.
        """
        with self._sessions.begin() as session:
            session.info[_UNSCOPED] = True
            yield session

    def dispose(self) -> None:
        self.engine.dispose()


@event.listens_for(Session, "do_orm_execute")
def _scope(state: ORMExecuteState) -> None:
    info = state.session.info
    if info.get(_UNSCOPED):
        return
    if (tenant := info.get(_TENANT)) is None:
        raise CrossedTenants("a session without a tenant")
    if state.is_select or state.is_update or state.is_delete:
        state.statement = state.statement.options(
            with_loader_criteria(
                TenantOwned, lambda owned: owned.tenant_id == tenant, include_aliases=True
            )
        )


@event.listens_for(Session, "before_flush")
def _stamp(session: Session, *_: object) -> None:
    """Give new rows their tenant, and refuse rows of another."""
    if session.info.get(_UNSCOPED):
        return
    tenant = session.info.get(_TENANT)
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, TenantOwned):
            continue
        if row.tenant_id is None:
            row.tenant_id = tenant
        if row.tenant_id != tenant:
            raise CrossedTenants(f"{type(row).__name__} of another tenant")


def _engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediately)
        return engine
    return create_engine(url, pool_pre_ping=True, pool_recycle=1800, hide_parameters=True)


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    assert isinstance(connection, SqliteConnection)  # noqa: S101 - narrows the type
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediately(connection: Connection) -> None:
    """Take SQLite's write lock at once: a read that turns into a write cannot wait its turn."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
