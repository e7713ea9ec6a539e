"""Figures for monitors: behind a token, from the store, and about nobody."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from saleor_amazon_app.sandbox.amazon.faults import FaultKind
from saleor_amazon_app.store.inbox import receive
from saleor_amazon_app.sync import guarding
from saleor_amazon_app.web import create_app
from tests.day import a_day
from tests.mirror.amazon_orders import ADDRESS
from tests.shop_world import ShopWorld

TOKEN = {"Authorization": "Bearer secret"}


def client_of(shop: ShopWorld, token: str = "secret") -> FlaskClient:
    settings = shop.services.settings
    shop.services.settings = settings.model_copy(update={"metrics_token": SecretStr(token)})
    return create_app(shop.services).test_client()


def read(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """Return the samples by name and labels' values, without the common beginning."""
    text = client.get("/metrics", headers=TOKEN).get_data(as_text=True)
    return {
        (sample.name.removeprefix("saleor_amazon_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("token", "headers", "status"),
    [
        ("", {}, 404),
        ("", {"Authorization": "Bearer "}, 404),
        ("secret", {}, 401),
        ("secret", {"Authorization": "Bearer other"}, 401),
        ("secret", {"Authorization": "secret"}, 401),
        ("secret", TOKEN, 200),
    ],
)
def test_only_who_has_the_token_may_read(
    shop: ShopWorld, token: str, headers: Any, status: int
) -> None:
    assert client_of(shop, token).get("/metrics", headers=headers).status_code == status


def test_the_figures_are_those_of_the_store(shop: ShopWorld) -> None:
    shop.connected_a_day_ago()
    day, client = a_day(shop), client_of(shop)
    guarding.set_read_only(shop.services, shop.tenant_id, on=True)
    day.ship(2)
    day.carry()
    shop.pass_time(minutes=5)
    found = read(client)
    assert found["orders", "imported"] == 1
    assert found["intents", "shipment", "queued"] == 1
    assert found["read_only_shops",] == 1
    assert found["hanging_feeds",] == 0
    assert 300 <= found["oldest_queued_seconds",] < 400
    assert 300 <= found["last_sweep_seconds",] < 400
    assert found["import_lag_seconds", "0.5"] == shop.row().lag_seconds


def test_what_hangs_and_what_waits_for_a_person_shows(shop: ShopWorld) -> None:
    day, client = a_day(shop), client_of(shop)
    shop.fault(FaultKind.FEED_HANGS)
    day.cancel_in_saleor()
    day.carry(16, minutes=10)
    receive(
        shop.services.database,
        shop.services.vault,
        shop.tenant_id,
        "ORDER_UPDATED",
        b"{}",
        shop.services.now(),
    )
    found = read(client)
    assert found["hanging_feeds",] == 1
    assert found["open_problems", "feed_hangs"] == 1
    assert found["intents", "cancel_order", "submitted"] == 1
    assert found["oldest_queued_seconds",] == 0
    assert found["inbox_waiting",] == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_is_said_about_anybody(shop: ShopWorld) -> None:
    a_day(shop)
    text = client_of(shop).get("/metrics", headers=TOKEN).get_data(as_text=True)
    private = (*ADDRESS.values(), shop.numbered(1), "A1SELLER", shop.saleor_url)
    assert not [told for told in private if len(str(told)) > 2 and str(told) in text]
