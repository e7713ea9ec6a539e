"""Runs the application under gunicorn, configured from code."""

from typing import Any, Final

from flask import Flask
from gunicorn.app.base import BaseApplication

from saleor_amazon_app.sync.services import process_services
from saleor_amazon_app.web import create_app

_THREADS: Final = 4


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with our options; each process makes its own connections after the fork."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self._options.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        return create_app(process_services())


def run_server(host: str, port: int, processes: int) -> None:
    """Serve until the process is told to stop."""
    _Server(
        {
            "bind": f"{host}:{port}",
            "workers": processes,
            "threads": _THREADS,
            "worker_class": "gthread",
            "loglevel": "warning",
            "control_socket_disable": True,
        }
    ).run()
