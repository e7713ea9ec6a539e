"""What Amazon answered to what test_order.py asked for; last, so that nobody waits for it."""

import pytest
from playwright.sync_api import expect

from tests.browser.dashboard import Dashboard
from tests.browser.test_order import card
from tests.browser.world import (
    BULK,
    BULK_REFUSED,
    TO_CANCEL,
    TO_REFUND,
    TO_SHIP,
    TRACKING,
    BrowserWorld,
    wait_for,
)

AT_LAST = 90_000
"""Milliseconds until Amazon has worked off a feed and the app has read its report."""


@pytest.mark.parametrize("number", [TO_CANCEL, TO_REFUND, TO_SHIP, BULK])
def test_amazon_accepts(dashboard: Dashboard, number: str) -> None:
    app = dashboard.open(f"/orders/{number}")
    told = card(app, "Told to Amazon")
    expect(told.get_by_text("Accepted")).to_be_visible(timeout=AT_LAST)


def test_what_amazon_refuses_of_a_bulk_waits_for_a_person(
    dashboard: Dashboard, world: BrowserWorld
) -> None:
    app = dashboard.open(f"/orders/{BULK_REFUSED}")
    told = card(app, "Told to Amazon")
    expect(told.get_by_text("Rejected", exact=True)).to_be_visible(timeout=AT_LAST)
    expect(told.get_by_role("button", name="Send again")).to_be_visible()
    expect(app.get_by_text("Rejected by Amazon").first).to_be_visible(timeout=AT_LAST)
    assert world.shop.order(BULK_REFUSED)["status"] == "UNFULFILLED"
    wait_for("the other is cancelled", lambda: world.shop.order(BULK)["status"] == "CANCELED")


def test_amazon_has_the_package_with_its_number(dashboard: Dashboard, world: BrowserWorld) -> None:
    app = dashboard.open(f"/orders/{TO_SHIP}")
    expect(card(app, "Packages at Amazon")).to_contain_text(TRACKING)
    assert [shipment.order_id for shipment in world.amazon.shipments] == [TO_SHIP]


def test_saleor_follows_once_amazon_has_accepted(dashboard: Dashboard, world: BrowserWorld) -> None:
    shop = world.shop
    wait_for("the order is cancelled", lambda: shop.order(TO_CANCEL)["status"] == "CANCELED")
    wait_for("the refund is booked", lambda: shop.order(TO_REFUND)["refunded"] == "5.00")
    assert [refund.total for refund in world.amazon.refunds] == ["5.00"]
    app = dashboard.open(f"/orders/{TO_REFUND}")
    refunded = card(app, "Money on both sides").get_by_role("row", name="Refunded")
    expect(refunded).to_contain_text("€5.00")
