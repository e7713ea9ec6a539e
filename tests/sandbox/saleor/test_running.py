"""The simulator itself: faults, the control API, the file it is kept in, its pages."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from saleor_amazon_app.sandbox.catalogue import PRODUCTS, SALES_CHANNELS
from saleor_amazon_app.sandbox.saleor.app import running
from saleor_amazon_app.sandbox.saleor.ids import to_global
from saleor_amazon_app.sandbox.saleor.state import State
from saleor_amazon_app.sandbox.saleor.storage import load, save, saver
from tests.sandbox.saleor.shops import IMPORT, SKU, Shop, add_app, payment
from tests.sandbox.saleor.test_stock import FULFILL, stock_input


def fault(shop: Shop, **told: Any) -> None:
    assert shop.control("/faults", told).status_code == 201


@pytest.mark.parametrize(("kind", "created"), [("timeout_after", 1), ("timeout_before", 0)])
def test_a_timeout_loses_the_answer_but_perhaps_not_the_work(
    shop: Shop, kind: str, created: int
) -> None:
    fault(shop, kind=kind, operation="ImportOrders")
    shop.ask("{ shop { version } }")
    with pytest.raises(requests.ConnectionError):
        shop.post(IMPORT, {"orders": [shop.order()]})
    assert len(shop.state.shop.orders) == created
    assert shop.post(IMPORT, {"orders": [shop.order("B")]}).status_code == 200


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"kind": "server_error"}, 502),
        ({"kind": "server_error", "status": 500}, 500),
        ({"kind": "too_many_requests"}, 429),
        ({"kind": "slow", "seconds": 0.01}, 200),
    ],
)
def test_a_fault_strikes_as_often_as_told(shop: Shop, told: Any, status: int) -> None:
    fault(shop, count=2, **told)
    assert [shop.post("{ shop { version } }").status_code for _ in range(3)] == [
        status,
        status,
        200,
    ]
    assert shop.control("/faults").json() == []


def test_an_unknown_fault_is_refused(shop: Shop) -> None:
    assert shop.control("/faults", {"kind": "earthquake"}).status_code == 400
    assert shop.control("/faults", {"kind": "slow", "nonsense": 1}).status_code == 400


def test_the_default_shop_sells_the_catalogue(state: State) -> None:
    assert [c.slug for c in state.shop.channels] == [c.slug for c in SALES_CHANNELS]
    assert {v.sku for v in state.shop.variants.values()} == {p.sku for p in PRODUCTS}
    variant = state.variant(SKU)
    assert variant
    assert (variant.name, state.shop.products[variant.product_id].name) == ("natural", "Enamel Mug")
    assert len(state.shop.products) == len(PRODUCTS) // 4


def test_orders_are_told_flat(shop: Shop) -> None:
    shop.reserve("111-1", transactions=[payment()])
    (told,), (order,) = shop.control("/orders").json(), shop.state.shop.orders.values()
    assert (told["externalReference"], told["status"]) == ("111-1", "UNFULFILLED")
    assert (told["total"], told["currency"], told["chargeStatus"]) == ("25.00", "USD", "FULL")
    assert told["lines"] == [
        {
            "id": to_global("OrderLine", order.lines[0].id),
            "orderItemId": None,
            "sku": SKU,
            "variantSku": SKU,
            "quantity": 2,
            "quantityFulfilled": 0,
            "allocated": 2,
            "total": "20.00",
        }
    ]


def test_a_variant_can_be_added_so_that_an_order_can_come_in(shop: Shop) -> None:
    assert shop.control("/variants", {"sku": "NEW-1", "quantity": 7}).status_code == 201
    assert shop.control("/variants", {"sku": "NEW-1"}).status_code == 400
    assert shop.create(shop.order(lines=[shop.line("NEW-1")]))["count"] == 1
    stock = [s for s in shop.control("/stocks").json() if s["sku"] == "NEW-1"]
    assert [s["quantity"] for s in stock] == [7]


def test_calls_are_counted_and_forgotten(shop: Shop) -> None:
    shop.create(shop.order())
    shop.post("{ shop { version } }")
    assert shop.control("/calls").json() == {"ImportOrders": 1, "(anonymous)": 1}
    shop.control("/calls", method="DELETE")
    assert shop.control("/calls").json() == {}


def test_settings_that_do_not_exist_are_refused(shop: Shop) -> None:
    assert shop.control("/settings", {"nonsense": 1}).status_code == 400
    assert shop.control("/settings").json()["fulfillment_auto_approve"] is True


def test_a_failure_undoes_what_was_begun(shop: Shop) -> None:
    shop.reserve()
    shop.control("/stocks", {"sku": SKU, "quantity": 1})
    errors = shop.ask(FULFILL, **stock_input(shop, None))["orderFulfill"]["errors"]
    assert errors[0]["code"] == "INSUFFICIENT_STOCK"
    assert shop.levels() == (1, 2)
    order = shop.state.order_by_reference("111-1")
    assert order
    assert sum(a.quantity for a in order.lines[0].allocations) == 2


def test_the_shop_survives_on_disk(shop: Shop, tmp_path: Path) -> None:
    order = shop.reserve(transactions=[payment(19.99)])
    save(shop.state, tmp_path / "shop.json")
    again = State(load(tmp_path / "shop.json"))
    kept = again.order_by_reference("111-1")
    assert kept == order
    assert kept is not order
    assert again.keys.jwks() == shop.state.keys.jwks()
    assert again.app_by_token(shop.token) == shop.state.app_by_token(shop.token)


def test_changes_are_saved_soon_and_at_the_end(state: State, tmp_path: Path) -> None:
    path = tmp_path / "shop.json"
    kept = saver(state, path, delay=0.01)
    kept.start()
    app = add_app(state)
    with running(state) as base:
        Shop(state, base, app.token).create(Shop(state, base, app.token).order())
        deadline = time.monotonic() + 5
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
    kept.close()
    again = load(path)
    assert again
    assert len(again.orders) == 1
    assert load(tmp_path / "nothing.json") is None


def test_a_served_shop_keeps_its_state_when_it_is_terminated(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path = tmp_path / "shop.json"
    code = (
        "import sys; from pathlib import Path; "
        "from saleor_amazon_app.sandbox.saleor.app import serve; "
        "serve(int(sys.argv[1]), state_file=Path(sys.argv[2]))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(port), str(path)])
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(base)
        requests.post(f"{base}/control/variants", json={"sku": "KEPT"}, timeout=5)
    finally:
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(10) == 0
    kept = load(path)
    assert kept
    assert "KEPT" in {v.sku for v in kept.variants.values()}


def wait_for(base: str) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            requests.get(f"{base}/", timeout=1)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(base)


def page(shop: Shop, path: str) -> str:
    response = requests.get(f"{shop.base}{path}", timeout=5)
    assert response.status_code == 200
    return response.text


def test_the_pages_show_orders_and_stock(shop: Shop) -> None:
    order = shop.reserve("111-2223334", transactions=[payment(externalUrl="https://a.example/x")])
    shop.create(shop.order("other", shippingAddress=None, lines=[shop.line(taxClassName="T")]))
    listed = page(shop, "/")
    assert "111-2223334" in listed
    assert "25.00 USD" in listed
    assert "other" not in page(shop, "/?q=111-222")
    assert "No order matches" in page(shop, "/?q=nothing")
    one = page(shop, f"/orders/{order.id}")
    for text in ("https://a.example/x", "1 Main St", "Fulfillment canceled", "simulation"):
        assert text in one
    assert SKU in page(shop, "/stock")
    assert requests.get(f"{shop.base}/orders/x", timeout=5).status_code == 404


def test_what_a_buyer_typed_is_shown_as_text(shop: Shop) -> None:
    shop.create(shop.order(customerNote="<script>alert(1)</script>"))
    order = shop.state.order_by_reference("111-1")
    assert order
    assert "<script>alert" not in page(shop, f"/orders/{order.id}")
