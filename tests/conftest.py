"""Fixtures: real Redis, real PostgreSQL beside SQLite, and the published models where they are."""

import gc
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.fernet import Fernet
from redis import Redis
from sqlalchemy import Engine
from xdist.scheduler.loadscope import LoadScopeScheduling

from saleor_amazon_app.store import migrating
from saleor_amazon_app.store.database import Database
from saleor_amazon_app.store.vault import Vault
from tests.servers import (
    postgresql_binaries,
    postgresql_running,
    redis_running,
    shared_folder,
)

pytest_plugins = [
    "tests.made_once",
    "tests.mails",
    "tests.queues",
    "tests.world",
    "tests.shop_world",
    "tests.notified",
]

POSTGRESQL = "TEST_POSTGRESQL_URL"
_servers = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start one PostgreSQL server for all workers of the run."""
    is_worker = hasattr(config, "workerinput")
    if not is_worker and POSTGRESQL not in os.environ and (binaries := postgresql_binaries()):
        os.environ[POSTGRESQL] = _servers.enter_context(postgresql_running(binaries))


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: one of them mostly waits."""
    return (os.cpu_count() or 1) + 1


_TOGETHER = (
    "tests/browser/",
    "tests/saleor/test_conformance.py",
    "tests/sandbox/saleor/test_schema.py",
)
"""Tests that share a running app, or schemas that take seconds to read."""


class _Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Gives each test to whatever worker is free, and those that belong together to one.

    xdist's own groups (``--dist loadgroup``) have no effect under pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((start for start in _TOGETHER if nodeid.startswith(start)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> _Scheduling:
    return _Scheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("waits") is None)


def pytest_collection_finish() -> None:
    """Keep the garbage collector off what stays until the end: it took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure() -> None:
    _servers.close()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with redis_running() as url:
        yield url


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    client: Redis = Redis.from_url(redis_url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture(scope="session")
def migrated(
    tmp_path_factory: pytest.TempPathFactory, share_statements_of: Callable[[Engine], None]
) -> Iterator[Callable[[str], str]]:
    """Databases with all tables, one of each kind, to be copied: migrating takes a second."""
    folder = tmp_path_factory.mktemp("migrated")
    with ExitStack() as made:

        @cache
        def template(kind: str) -> str:
            url = made.enter_context(_made(kind, folder))
            database = Database(url)
            migrating.migrate(database.engine)
            database.dispose()
            share_statements_of(database.engine)
            return url

        yield template


@contextmanager
def _made(kind: str, folder: Path, template: str | None = None) -> Iterator[str]:
    """Make a database, as a copy of another or empty; returns its address."""
    if kind == "sqlite":
        file = folder / "app.sqlite3"
        if template:
            shutil.copyfile(template.removeprefix("sqlite:///"), file)
        yield f"sqlite:///{file}"
        return
    admin = os.environ.get(POSTGRESQL)
    if not admin:
        pytest.skip("PostgreSQL's server binaries are not installed")
    name = f"test_{uuid.uuid4().hex}"
    like = f" TEMPLATE {template.rpartition('/')[2]}" if template else ""
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}{like}")
        yield admin.replace("postgresql://", "postgresql+psycopg://").replace(
            "/postgres", f"/{name}"
        )
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, migrated: Callable[[str], str]
) -> Iterator[str]:
    """A fresh database of each kind, with all tables and no rows."""
    if request.param == "postgresql" and POSTGRESQL not in os.environ:
        pytest.skip("PostgreSQL's server binaries are not installed")
    with _made(request.param, tmp_path, migrated(request.param)) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with _made(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def vault() -> Vault:
    return Vault([Fernet.generate_key().decode()])


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the published models; tests that need it say so where it is missing."""
    folder = shared_folder()
    if folder is None:
        pytest.skip("the published models are not here; name their folder in SALEOR_AMAZON_SHARED")
    return folder
