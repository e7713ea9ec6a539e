"""Fixtures: real Redis, real PostgreSQL beside SQLite, and the published models where they are."""

import os
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet
from redis import Redis

from saleor_amazon_app.store import migrating
from saleor_amazon_app.store.database import Database
from saleor_amazon_app.store.vault import Vault
from tests.servers import (
    postgresql_binaries,
    postgresql_running,
    redis_running,
    shared_folder,
)

pytest_plugins = ["tests.world", "tests.shop_world"]

POSTGRESQL = "TEST_POSTGRESQL_URL"
_servers = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start one PostgreSQL server for all workers of the run."""
    is_worker = hasattr(config, "workerinput")
    if not is_worker and POSTGRESQL not in os.environ and (binaries := postgresql_binaries()):
        os.environ[POSTGRESQL] = _servers.enter_context(postgresql_running(binaries))


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


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'app.sqlite3'}"
        return
    admin = os.environ.get(POSTGRESQL)
    if not admin:
        pytest.skip("PostgreSQL's server binaries are not installed")
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield admin.replace("postgresql://", "postgresql+psycopg://").replace(
            "/postgres", f"/{name}"
        )
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with all tables."""
    made = Database(database_url)
    migrating.migrate(made.engine)
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
