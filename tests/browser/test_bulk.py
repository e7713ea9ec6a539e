"""The same for many orders: asked for in the list, done in the background, told in the log.

What Amazon answers to the cancellations is looked at in test_the_answers.py.
"""

from typing import Any

from playwright.sync_api import FrameLocator, Locator, expect

from tests.browser.dashboard import Dashboard
from tests.browser.test_order import card
from tests.browser.world import (
    BULK,
    BULK_BEGINS,
    BULK_HELD,
    BULK_REFUSED,
    BrowserWorld,
    wait_for,
)

AT_LAST = 30_000


def pick(dashboard: Dashboard, *numbers: str) -> FrameLocator:
    """Open the list of the bulk's orders and pick some of them."""
    app = dashboard.open(f"/orders?search={BULK_BEGINS}")
    for number in numbers:
        app.get_by_label(f"Select order {number}").check()
    return app


def confirm(app: FrameLocator, name: str) -> None:
    app.get_by_role("dialog").get_by_role("button", name=name).click()
    expect(app.get_by_role("dialog")).to_have_count(0)


def latest_task(dashboard: Dashboard, title: str) -> Locator:
    app = dashboard.open("/activity")
    return card(app, "Work in the background").get_by_role("listitem").filter(has_text=title).first


def asked(world: BrowserWorld, operation: str) -> int:
    calls: Any = world.amazon.calls
    return sum(count for (name, _), count in calls.items() if name == operation)


def test_all_of_a_page_are_picked_at_once_and_let_go_again(dashboard: Dashboard) -> None:
    app = dashboard.open(f"/orders?search={BULK_BEGINS}")
    expect(app.locator("table.list tbody tr")).to_have_count(3)
    app.get_by_label("Select all on this page").check()
    bar = app.get_by_role("region", name="For the selected orders")
    expect(bar).to_contain_text("3 orders selected")
    bar.get_by_role("button", name="Clear").click()
    expect(bar).to_have_count(0)
    expect(app.get_by_label(f"Select order {BULK}")).not_to_be_checked()


def test_many_orders_are_read_again(dashboard: Dashboard, world: BrowserWorld) -> None:
    before = asked(world, "getOrder")
    app = pick(dashboard, BULK, BULK_REFUSED)
    app.get_by_role("button", name="Read again").click()
    confirm(app, "Read again")
    task = latest_task(dashboard, "Reading orders again")
    expect(task).to_contain_text("2 of 2", timeout=AT_LAST)
    expect(task).to_contain_text("done")
    assert asked(world, "getOrder") >= before + 2


def test_a_retry_of_many_brings_in_what_nothing_holds_any_more(
    dashboard: Dashboard, world: BrowserWorld
) -> None:
    assert world.shop.order(BULK_HELD) is None
    world.shop.post("/control/variants", {"sku": "AMZ-LAMP"})
    app = pick(dashboard, BULK_HELD)
    app.get_by_role("button", name="Retry import").click()
    confirm(app, "Retry import")
    expect(latest_task(dashboard, "Retry of imports")).to_contain_text("1 of 1", timeout=AT_LAST)
    wait_for("the order is imported", lambda: world.shop.order(BULK_HELD))
    app = dashboard.open(f"/orders/{BULK_HELD}")
    expect(app.locator(".pill", has_text="Imported").first).to_be_visible(timeout=AT_LAST)


def test_many_are_cancelled_with_one_reason(dashboard: Dashboard, world: BrowserWorld) -> None:
    refused = {"kind": "message_error", "order_id": BULK_REFUSED, "count": 1}
    world.at_amazon("/control/faults", refused)
    app = pick(dashboard, BULK, BULK_REFUSED)
    app.get_by_role("button", name="Cancel at Amazon").click()
    dialog = app.get_by_role("dialog")
    expect(dialog).to_contain_text("Cancel 2 orders at Amazon")
    button = dialog.get_by_role("button", name="Cancel at Amazon")
    expect(button).to_be_disabled()
    dialog.get_by_label("Reason").select_option("NoInventory")
    expect(button).to_be_enabled()
    dialog.get_by_role("button", name="Back").click()
    expect(dialog).to_have_count(0)
    app.get_by_role("button", name="Cancel at Amazon").click()
    dialog.get_by_label("Reason").select_option("NoInventory")
    confirm(app, "Cancel at Amazon")
    task = latest_task(dashboard, "Cancelling at Amazon")
    expect(task).to_contain_text("2 of 2", timeout=AT_LAST)
    for number in (BULK, BULK_REFUSED):
        told = card(dashboard.open(f"/orders/{number}"), "Told to Amazon")
        expect(told).to_contain_text("reason No inventory")
        expect(told).to_contain_text("admin@example.com")


def test_what_cannot_be_cancelled_any_more_is_named_afterwards(dashboard: Dashboard) -> None:
    app = pick(dashboard, BULK_HELD)
    app.get_by_role("button", name="Cancel at Amazon").click()
    app.get_by_role("dialog").get_by_label("Reason").select_option("NoInventory")
    confirm(app, "Cancel at Amazon")
    task = latest_task(dashboard, "Cancelling at Amazon")
    expect(task).to_contain_text("1 of 1", timeout=AT_LAST)
