"""A small app that the shop can install and call."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, Any]


@dataclass
class Call:
    """A request the app has received; the headers' names are in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class AppServer:
    """What the app says, and what it was told."""

    base: str = ""
    manifest: dict[str, Any] = field(default_factory=dict)
    on_register: Callable[[Call], Answer] = lambda _call: (200, {"success": True})
    on_webhook: Callable[[Call], Answer] = lambda _call: (200, {})
    calls: list[Call] = field(default_factory=list)

    def at(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.path == path]

    def answer(self, call: Call) -> Answer:
        self.calls.append(call)
        if call.path == "/manifest":
            return 200, self.manifest
        return self.on_register(call) if call.path == "/register" else self.on_webhook(call)


def _handler(app: AppServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, told = app.answer(Call(self.path, headers, body))
            text = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_args: object) -> None:
            pass

    return Handler


@contextmanager
def app_server() -> Iterator[AppServer]:
    app = AppServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(app))
    app.base = f"http://127.0.0.1:{server.server_port}"
    app.manifest = {
        "id": "amazon.app",
        "name": "Amazon",
        "version": "1.0.0",
        "requiredSaleorVersion": ">=3.21 <4",
        "permissions": ["MANAGE_ORDERS", "MANAGE_ORDERS_IMPORT", "HANDLE_PAYMENTS"],
        "tokenTargetUrl": f"{app.base}/register",
        "webhooks": [],
    }
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield app
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
