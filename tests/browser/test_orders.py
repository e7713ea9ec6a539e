"""All orders: found, filtered, sorted, paged, exported, and worked on in bulk."""

import csv
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.dashboard import Dashboard
from tests.browser.world import SELLER, TO_REFUND, TO_SHIP, UNKNOWN, BrowserWorld


def rows(dashboard: Dashboard) -> int:
    return dashboard.app.locator("table.list tbody tr").count()


def test_the_list_shows_the_newest_orders_with_their_count(
    dashboard: Dashboard, world: BrowserWorld
) -> None:
    app = dashboard.open("/orders")
    expect(dashboard.heading("All orders")).to_be_visible()
    expect(app.get_by_text(f"{len(world.amazon.orders_of(SELLER))} orders")).to_be_visible()
    expect(app.get_by_role("link", name=TO_SHIP)).to_be_visible()


def test_an_order_is_found_by_its_number_and_opened(dashboard: Dashboard) -> None:
    app = dashboard.open("/orders")
    app.get_by_label("Search orders").fill(TO_REFUND)
    expect(app.locator("table.list tbody tr")).to_have_count(1)
    app.get_by_role("link", name=TO_REFUND).click()
    expect(dashboard.heading(f"Order {TO_REFUND}")).to_be_visible()


def test_filters_are_chips_that_stand_in_the_address_and_survive_a_reload(
    dashboard: Dashboard, page: Page
) -> None:
    app = dashboard.open("/orders")
    app.get_by_role("button", name="Filter").click()
    app.get_by_role("group", name="Amazon status").get_by_label("Shipped", exact=True).check()
    app.get_by_label("Shipped by").select_option("MERCHANT")
    app.get_by_role("button", name="Apply").click()
    chips = app.get_by_role("list", name="Active filters").locator(".chip")
    expect(chips).to_have_text(["Shipped by: You (FBM)", "Amazon status: Shipped"])
    expect(page).to_have_url(re.compile(r"/orders\?fulfilled_by=MERCHANT&status=SHIPPED$"))
    page.reload()
    expect(chips).to_have_count(2)
    app.get_by_role("button", name="Remove filter Amazon status: Shipped").click()
    expect(chips).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/orders\?fulfilled_by=MERCHANT$"))


def test_a_filter_that_nothing_matches_says_so_and_is_cleared(dashboard: Dashboard) -> None:
    app = dashboard.open("/orders?buyer=Nobody&currency=JPY")
    expect(app.get_by_text("No order matches")).to_be_visible()
    app.get_by_role("button", name="Clear filters").last.click()
    expect(app.locator("table.list tbody tr").first).to_be_visible()


def test_the_list_is_sorted_by_its_heads(dashboard: Dashboard) -> None:
    app = dashboard.open("/orders")
    head = app.get_by_role("columnheader", name="Purchased")
    expect(head).to_have_attribute("aria-sort", "descending")
    first = app.locator("table.list tbody tr a").first
    newest = first.inner_text()
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(first).not_to_have_text(newest)


def test_what_is_shown_is_exported_whole(dashboard: Dashboard, page: Page) -> None:
    app = dashboard.open("/orders?status=SHIPPED")
    expect(app.locator("table.list tbody tr").first).to_be_visible()
    with page.expect_download() as started:
        app.get_by_role("button", name="Export CSV").click()
    text = Path(started.value.path()).read_text(encoding="utf-8-sig")
    lines = list(csv.DictReader(text.splitlines()))
    assert len(lines) == rows(dashboard)
    assert TO_REFUND in text


def test_columns_are_chosen_and_remembered(dashboard: Dashboard, page: Page) -> None:
    app = dashboard.open("/orders")
    saleor = app.get_by_role("columnheader", name="Saleor order")
    expect(app.get_by_role("columnheader", name="Buyer")).to_be_visible()
    expect(saleor).to_have_count(0)
    app.get_by_role("button", name="Columns").click()
    app.get_by_label("Saleor order").check()
    expect(saleor).to_be_visible()
    page.reload()
    expect(saleor).to_be_visible()


def test_a_view_is_saved_and_found_again(dashboard: Dashboard) -> None:
    app = dashboard.open("/orders?has_problem=true")
    app.get_by_role("button", name="Views").click()
    app.get_by_role("button", name="Save this view").click()
    app.get_by_label("Name", exact=True).fill("To look at")
    app.get_by_role("button", name="Save", exact=True).click()
    expect(app.get_by_role("button", name="To look at")).to_be_visible()
    app = dashboard.open("/orders")
    app.get_by_role("button", name="Views").click()
    app.get_by_role("link", name="To look at").click()
    expect(app.get_by_role("list", name="Active filters")).to_contain_text("Has a problem: Yes")


def test_a_bulk_action_goes_on_in_the_background_and_tells_what_failed(
    dashboard: Dashboard,
) -> None:
    app = dashboard.open(f"/orders?search={UNKNOWN}")
    app.get_by_label(f"Select order {UNKNOWN}").check()
    app.get_by_role("button", name="Retry import").click()
    expect(app.get_by_role("dialog")).to_contain_text("Retry the import of 1 order")
    app.get_by_role("dialog").get_by_role("button", name="Retry import").click()
    expect(app.get_by_role("dialog")).to_have_count(0)
    app = dashboard.open("/activity")
    tasks = app.locator("section.card", has_text="Work in the background")
    expect(tasks).to_contain_text("Retry of imports", timeout=30_000)
    expect(tasks).to_contain_text("1 of 1", timeout=30_000)
