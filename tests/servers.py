"""Real servers for tests: Redis, and PostgreSQL where its binaries are installed."""

import getpass
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from saleor_amazon_app.demo.processes import free_port, redis_server


@contextmanager
def redis_running() -> Iterator[str]:
    """Run a Redis server; yields its URL."""
    port = free_port()
    command = [redis_server(), "--port", str(port), "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = Redis(port=port)
    try:
        _wait_for(lambda: _pings(client))
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        client.close()
        process.terminate()
        process.wait(10)


def _pings(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False


def postgresql_binaries() -> Path | None:
    """Find the folder with PostgreSQL's server binaries."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


@contextmanager
def postgresql_running(binaries: Path) -> Iterator[str]:
    """Run a PostgreSQL server on a fresh cluster; yields the URL of its administration database."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        data, port = Path(folder) / "data", free_port()
        user = _server_user(Path(folder))
        initdb = [
            str(binaries / "initdb"),
            "-D",
            str(data),
            "-U",
            "test",
            "-A",
            "trust",
            "--no-sync",
        ]
        subprocess.run(initdb, check=True, user=user, stdout=subprocess.DEVNULL, cwd=folder)
        options = ["-c", "fsync=off", "-c", f"unix_socket_directories={folder}"]
        server = [str(binaries / "postgres"), "-D", str(data), "-p", str(port), *options]
        process = subprocess.Popen(
            server, user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        url = f"postgresql://test@127.0.0.1:{port}/postgres"
        try:
            _wait_for(lambda: _connects(url))
            yield url
        finally:
            process.terminate()
            process.wait(20)


def _server_user(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root; then it runs as nobody."""
    if getpass.getuser() != "root":
        return None
    folder.chmod(0o777)
    return "nobody"


def _connects(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=1).close()
    except psycopg.OperationalError:
        return False
    return True


def _wait_for(ready: Callable[[], bool], patience: float = 30) -> None:
    deadline = time.monotonic() + patience
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError("the server does not answer")
        time.sleep(0.05)


def shared_folder() -> Path | None:
    """Find the folder with Amazon's and Saleor's published models and schemas, for conformance."""
    beside = Path(__file__).parents[2] / "shared"
    folder = Path(os.environ.get("SALEOR_AMAZON_SHARED", beside))
    return folder if folder.is_dir() else None
