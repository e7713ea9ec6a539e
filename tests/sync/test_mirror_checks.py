"""What the doctor says of the work between the two sides, and with which cure."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from saleor_amazon_app.sandbox.amazon.faults import FaultKind
from saleor_amazon_app.store.models import Intent, Tenant
from saleor_amazon_app.sync import checks, guarding, watching, webhooks
from saleor_amazon_app.sync.findings import Finding
from tests.day import Day, a_day
from tests.shop_world import ShopWorld

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def examined(shop: ShopWorld) -> dict[str, Finding]:
    """Return the findings of the shop's mirror, by their names without its address."""
    address = f" {shop.saleor_url}/graphql/"
    return {
        finding.name.removesuffix(address): finding
        for finding in checks.examine(shop.services)
        if finding.name.endswith(address)
    }


@pytest.fixture
def day(shop: ShopWorld) -> Day:
    made = a_day(shop)
    webhooks.keep_current(shop.services, shop.tenant_id)
    watching.watch(shop.services, shop.tenant_id)
    return made


def test_all_is_well(day: Day) -> None:
    found = examined(day.shop)
    assert {name for name, finding in found.items() if not finding.ok} == set()
    assert set(found) == {
        "saleor",
        "read-only",
        "webhooks",
        "last look",
        "to Amazon",
        "unknown outcomes",
        "feeds",
    }
    assert not any(finding.cure for finding in found.values() if finding.name != "saleor")


def test_read_only_mode_is_named_with_its_reason_and_its_end(day: Day) -> None:
    with day.shop.services.database.system() as session:
        tenant = session.get_one(Tenant, day.shop.tenant_id)
        tenant.read_only, tenant.read_only_reason = True, "The shop's address is another."
    finding = examined(day.shop)["read-only"]
    assert (finding.ok, finding.detail) == (False, "on: The shop's address is another.")
    assert "read-only --saleor-url http" in finding.cure


def test_webhooks_that_are_not_this_versions_are_named(day: Day) -> None:
    hooks = day.mutate("Own", "query Own { app { webhooks { id name } } }")["app"]["webhooks"]
    text = """mutation Off($id: ID!) { webhookUpdate(id: $id, input: {isActive: false}) {
      errors { message } } }"""
    day.mutate("Off", text, id=hooks[0]["id"])
    finding = examined(day.shop)["webhooks"]
    assert (finding.ok, finding.detail) == (
        False,
        f"not those of this version: {hooks[0]['name']}",
    )
    assert "webhooks sync" in finding.cure
    webhooks.sync(day.shop.services, day.shop.tenant_id)
    assert examined(day.shop)["webhooks"].ok


@pytest.mark.parametrize(("minutes", "ok"), [(29, True), (31, False)])
def test_a_shop_that_nobody_looks_through_is_named(day: Day, minutes: int, *, ok: bool) -> None:
    day.shop.pass_time(minutes=minutes)
    assert examined(day.shop)["last look"].ok == ok


@pytest.mark.parametrize("read_only", [True, False])
def test_work_that_waits_too_long_is_named_unless_it_is_meant_to(
    day: Day, *, read_only: bool
) -> None:
    guarding.set_read_only(day.shop.services, day.shop.tenant_id, on=True)
    day.ship(2)
    day.carry()
    with day.shop.services.database.system() as session:
        session.get_one(Tenant, day.shop.tenant_id).read_only = read_only
    day.shop.pass_time(seconds=timedelta(minutes=61).total_seconds())
    finding = examined(day.shop)["to Amazon"]
    assert finding.detail.startswith("1 queued, the oldest 20")
    assert finding.ok == read_only


def test_a_shipment_that_waits_for_its_number_is_not_late(day: Day) -> None:
    guarding.set_read_only(day.shop.services, day.shop.tenant_id, on=True)
    day.ship(2, tracking="")
    day.carry()
    with day.shop.services.database.tenant(day.shop.tenant_id) as session:
        held = session.scalars(select(Intent)).one()
        held.next_attempt_at = day.shop.services.now() + timedelta(hours=4)
    with day.shop.services.database.system() as session:
        session.get_one(Tenant, day.shop.tenant_id).read_only = False
    day.shop.pass_time(hours=2)
    finding = examined(day.shop)["to Amazon"]
    assert (finding.ok, finding.detail) == (True, "1 queued")


def test_unknown_outcomes_and_feeds_that_hang_are_named(day: Day) -> None:
    day.shop.fault(FaultKind.FEED_HANGS)
    day.cancel_in_saleor()
    day.carry(16, minutes=10)
    ((_, feed_id),) = day.shop.amazon.feeds
    assert examined(day.shop)["feeds"].detail == f"hanging at Amazon: {feed_id}"
    assert examined(day.shop)["unknown outcomes"].ok


def test_what_a_person_has_to_decide_is_named(day: Day) -> None:
    day.shop.fault(FaultKind.FEED_CANCELLED)
    day.cancel_in_saleor()
    day.carry(12, minutes=5)
    finding = examined(day.shop)["unknown outcomes"]
    assert (finding.ok, finding.detail) == (False, "1 to decide")
    assert "--state needs_attention" in finding.cure
