"""What the Dashboard is told of the app: once each, and taken back when it is cured."""

from typing import Any

import pytest
import requests
from sqlalchemy import select

from saleor_amazon_app.store.models import Account, AccountState
from saleor_amazon_app.sync import app_problems
from tests.mirror.amazon_orders import item
from tests.shop_world import ShopWorld

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def told(shop: ShopWorld) -> list[tuple[str, int]]:
    app_problems.tell(shop.services, shop.tenant_id)
    return shown(shop)


def shown(shop: ShopWorld) -> list[tuple[str, int]]:
    (app,) = requests.get(f"{shop.saleor_url}/control/apps", timeout=10).json()
    return sorted((problem["key"], problem["count"]) for problem in app["problems"])


def set_state(shop: ShopWorld, state: AccountState) -> str:
    with shop.services.database.tenant(shop.tenant_id) as session:
        account = session.scalars(select(Account)).one()
        account.state = state
        return account.id


def test_a_lost_authorisation_is_told_once_and_taken_back(shop: ShopWorld) -> None:
    account_id = set_state(shop, AccountState.AUTHORISATION_LOST)
    for _ in range(3):
        assert told(shop) == [(f"authorisation-{account_id}", 1)]
    set_state(shop, AccountState.CONNECTED)
    assert told(shop) == []


def test_unmapped_skus_are_told_until_the_last_is_mapped(shop: ShopWorld) -> None:
    shop.sell(item(sku="NEW-1"), number=1)
    shop.sell(item(sku="NEW-2"), number=2)
    shop.run()
    assert told(shop) == [("unmapped-skus", 1)]
    shop.add_variant("NEW-1")
    shop.import_()
    assert told(shop) == [("unmapped-skus", 1)]
    shop.add_variant("NEW-2")
    shop.import_()
    assert told(shop) == []


@pytest.mark.parametrize("version", ["3.21.69", "3.22.35"])
def test_an_older_shop_is_not_asked_for_what_it_does_not_know(
    shop: ShopWorld, version: str
) -> None:
    control = f"{shop.saleor_url}/control/settings"
    requests.post(control, json={"version": version}, timeout=10)
    set_state(shop, AccountState.AUTHORISATION_LOST)
    assert told(shop) == []
    assert "ReportProblem" not in shop.calls()
    assert shop.activities() == [], "that is no failure"
    requests.post(control, json={"version": "3.22.36"}, timeout=10)
    assert len(told(shop)) == 1


def test_what_could_not_be_told_is_told_later(shop: ShopWorld) -> None:
    set_state(shop, AccountState.AUTHORISATION_LOST)
    shop.saleor_fault("server_error", "ReportProblem")
    assert told(shop) == []
    assert [activity.operation for activity in shop.activities()] == ["appProblems"]
    assert len(told(shop)) == 1


def test_each_shop_is_looked_at_once_a_minute(shop: ShopWorld) -> None:
    shop.services.redis.flushall()
    assert app_problems.tenants_to_tell(shop.services) == [], "there is nothing to tell"
    shop.services.redis.flushall()
    set_state(shop, AccountState.AUTHORISATION_LOST)
    first: Any = app_problems.tenants_to_tell(shop.services)
    assert first == [shop.tenant_id]
    assert app_problems.tenants_to_tell(shop.services) == []
