"""The server as a process, its memory on disk, and its pages."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import requests

from saleor_amazon_app.sandbox.amazon.app import create_app, running
from saleor_amazon_app.sandbox.amazon.clock import Clock
from saleor_amazon_app.sandbox.amazon.generator import generate
from saleor_amazon_app.sandbox.amazon.state import State
from saleor_amazon_app.sandbox.amazon.storage import as_json, load, save, saver
from tests.sandbox.amazon.amazon import NOW, SELLER, TOKEN, US, Caller, Client, an_order, order_id


def test_a_state_comes_back_from_its_file(
    state: State, tmp_path: Path, yesterday: datetime
) -> None:
    for each in generate(1, 100, day=yesterday):
        state.put_order(SELLER, each.order, each.case, each.expected, each.why, later=each.later)
    save(state, tmp_path / "amazon.json")
    again = load(tmp_path / "amazon.json")
    for name in ("sellers", "orders", "codes"):
        assert as_json(again)[name] == as_json(state)[name]
    assert list(tmp_path.iterdir()) == [tmp_path / "amazon.json"]


def test_tokens_outlive_a_restart(state: State, call: Caller, tmp_path: Path) -> None:
    state.put_order(SELLER, an_order(1))
    state.put_order(SELLER, an_order(2))
    token = call.search(maxResultsPerPage=1).json["pagination"]["nextToken"]
    save(state, tmp_path / "amazon.json")
    again = load(tmp_path / "amazon.json")
    again.clock = Clock(0, NOW)
    later = Caller(Client(create_app(again)))
    later.access_token = call.access_token
    assert later.ids(paginationToken=token) == [order_id(2)]


def test_time_never_runs_back(tmp_path: Path) -> None:
    state = State(Clock(0))
    state.clock.advance(86_400)
    save(state, tmp_path / "amazon.json")
    assert load(tmp_path / "amazon.json", 0).clock.now() >= state.clock.now()


def test_changes_are_saved_soon_and_at_the_end(tmp_path: Path) -> None:
    state, path = State(), tmp_path / "deep" / "amazon.json"
    kept = saver(state, path, delay=0.01)
    kept.start()
    state.add_seller("A", "Atzr|a", [US])
    until = time.monotonic() + 5
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert set(load(path).sellers) == {"A"}
    state.add_seller("B", "Atzr|b", [US])
    kept.close()
    assert set(load(path).sellers) == {"A", "B"}


def test_a_stopped_server_goes_on_where_it_was(tmp_path: Path) -> None:
    path, port = tmp_path / "amazon.json", _free_port()
    first = _start(port, path)
    base = f"http://127.0.0.1:{port}"
    seller = {"seller_id": SELLER, "refresh_token": TOKEN, "marketplaces": [US]}
    requests.post(f"{base}/control/sellers", json=seller, timeout=5)
    put = {"seller_id": SELLER, "orders": [an_order(1)]}
    requests.post(f"{base}/control/orders", json=put, timeout=5)
    assert _stop(first) == ""
    second = _start(port, path)
    rows = requests.get(f"{base}/control/orders", timeout=5).json()
    assert _stop(second) == ""
    assert [row["order_id"] for row in rows] == [order_id(1)]


def test_two_servers_run_side_by_side(state: State) -> None:
    with running(state) as one, running(State()) as other:
        assert one != other
        assert len(requests.get(f"{one}/control/sellers", timeout=5).json()) == 1
        assert requests.get(f"{other}/control/sellers", timeout=5).json() == []


def test_many_callers_at_once_get_no_more_than_the_quota(state: State) -> None:
    with running(state) as base:
        headers = {"x-amz-access-token": Caller(Client(create_app(state))).new_token()}

        def search(number: int) -> int:
            state.put_order(SELLER, an_order(number))
            query = {"lastUpdatedAfter": "2026-01-01T00:00:00Z"}
            url = f"{base}/orders/2026-01-01/orders"
            return requests.get(url, params=query, headers=headers, timeout=5).status_code

        with ThreadPoolExecutor(8) as pool:
            statuses = Counter(pool.map(search, range(40)))
    assert statuses == {200: 20, 429: 20}


def test_the_page_lists_and_filters_the_orders(state: State, client: Client) -> None:
    state.put_order(SELLER, an_order(1), "first <b>case</b>")
    state.put_order(SELLER, an_order(2), "second")
    page = client.get("/").text
    assert "This is a simulation" in page
    assert order_id(1) in page
    assert "first &lt;b&gt;case" in page
    found = client.get("/?q=SECOND+fbm").text
    assert order_id(2) in found
    assert order_id(1) not in found
    assert "No order matches" in client.get("/?q=nothing").text


def test_every_generated_order_has_a_page(
    state: State, client: Client, yesterday: datetime
) -> None:
    for each in generate(2, 100, day=yesterday):
        state.put_order(SELLER, each.order, each.case)
        page = client.get(f"/order/{each.order['orderId']}")
        assert page.status_code == 200
        assert each.order["orderId"] in page.text
    assert client.get("/order/none").status_code == 404


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(port: int, path: Path) -> "subprocess.Popen[str]":
    code = (
        "from pathlib import Path\n"
        "from saleor_amazon_app.sandbox.amazon.app import serve\n"
        f"serve({port}, state_file=Path({str(path)!r}))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.02)
    raise AssertionError("The server did not start.")


def _stop(process: "subprocess.Popen[str]") -> str:
    """Stop a server and return what it printed."""
    process.send_signal(signal.SIGTERM)
    printed, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    return printed
