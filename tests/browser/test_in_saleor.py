"""The app in Saleor's own pages: widgets, menus, pop-ups."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.dashboard import Dashboard
from tests.browser.world import TO_REFUND, TO_SHIP, BrowserWorld


def test_the_widget_says_how_the_order_stands_at_amazon(dashboard: Dashboard) -> None:
    widget = dashboard.open_order(TO_REFUND)
    expect(widget.get_by_text(TO_REFUND)).to_be_visible()
    expect(widget.locator(".pill", has_text="Shipped")).to_be_visible()
    expect(widget.get_by_role("button", name="View Amazon order")).to_be_visible()
    expect(widget.get_by_role("button", name="Cancel …")).to_have_count(0)


def test_the_widget_is_as_high_as_what_it_shows(dashboard: Dashboard, page: Page) -> None:
    widget = dashboard.open_order(TO_REFUND)
    expect(widget.get_by_text(TO_REFUND)).to_be_visible()
    content = int(widget.locator(".widget").evaluate("content => Math.ceil(content.offsetHeight)"))
    page.wait_for_function(
        "wanted => document.querySelector('iframe.app-frame').offsetHeight === wanted", arg=content
    )


def test_for_an_order_from_elsewhere_the_widget_takes_no_room(
    dashboard: Dashboard, page: Page, world: BrowserWorld
) -> None:
    own = own_order(world)
    page.goto(f"{world.shop.url}/dashboard/orders/{own}")
    expect(dashboard.app.get_by_text("This order does not come from Amazon.")).to_be_attached()
    page.wait_for_function("() => document.querySelector('iframe.app-frame').offsetHeight === 1")


def own_order(world: BrowserWorld) -> str:
    """Make an order that the shop sold itself; returns its id."""
    variant = world.shop.post(
        "/control/act", {"query": "{productVariants(first: 1) {edges {node {id}}}}"}
    )["data"]["productVariants"]["edges"][0]["node"]["id"]
    address = {
        "firstName": "Own",
        "lastName": "Buyer",
        "streetAddress1": "Beispielweg 1",
        "city": "Berlin",
        "postalCode": "10115",
        "country": "DE",
    }
    query = "{taxClasses(first: 1) {edges {node {id}}} warehouses(first: 1) {edges {node {id}}}}"
    setup = world.shop.post("/control/act", {"query": query})["data"]
    tax_class = setup["taxClasses"]["edges"][0]["node"]["id"]
    warehouse = setup["warehouses"]["edges"][0]["node"]["id"]
    order: dict[str, Any] = {
        "channel": "amazon-de",
        "currency": "EUR",
        "createdAt": "2026-01-01T00:00:00Z",
        "status": "UNFULFILLED",
        "languageCode": "EN",
        "user": {"email": "own@example.com"},
        "billingAddress": address,
        "shippingAddress": address,
        "deliveryMethod": {"warehouseId": warehouse, "shippingTaxClassId": tax_class},
        "lines": [
            {
                "variantId": variant,
                "createdAt": "2026-01-01T00:00:00Z",
                "isShippingRequired": False,
                "isGiftCard": False,
                "quantity": 1,
                "totalPrice": {"gross": 10, "net": 10},
                "undiscountedTotalPrice": {"gross": 10, "net": 10},
                "warehouse": warehouse,
                "taxClassId": tax_class,
            }
        ],
    }
    query = (
        "mutation M($o: [OrderBulkCreateInput!]!) { orderBulkCreate(orders: $o, "
        "stockUpdatePolicy: SKIP) { results { order { id } errors { path message } } } }"
    )
    told = world.shop.post("/control/act", {"query": query, "variables": {"o": [order]}})
    (result,) = told["data"]["orderBulkCreate"]["results"]
    assert result["order"], result["errors"]
    return str(result["order"]["id"])


def test_from_the_widget_one_gets_to_the_orders_page(dashboard: Dashboard, page: Page) -> None:
    widget = dashboard.open_order(TO_REFUND)
    widget.get_by_role("button", name="View Amazon order").click()
    expect(dashboard.heading(f"Order {TO_REFUND}")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"/extensions/app/[^/]+/orders/{TO_REFUND}$"))


def test_the_menus_pop_up_refunds_with_a_preview(dashboard: Dashboard, page: Page) -> None:
    dashboard.open_order(TO_REFUND)
    dashboard.pick_action("Refund through Amazon")
    popup = dashboard.popup
    popup.get_by_label("Amount in EUR").fill("1")
    popup.get_by_role("button", name="Preview").click()
    expect(popup.get_by_text("The buyer gets €1.00")).to_be_visible()
    popup.get_by_role("button", name="Back").click()
    expect(page.locator("dialog.popup")).to_have_count(0)


def test_escape_closes_a_pop_up_also_where_the_focus_is_inside_it(
    dashboard: Dashboard, page: Page
) -> None:
    dashboard.open_order(TO_REFUND)
    dashboard.pick_action("Refund through Amazon")
    dashboard.popup.get_by_label("Amount in EUR").fill("1")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.popup")).to_have_count(0)


def test_a_pop_up_does_not_get_the_height_that_a_widget_reports(
    dashboard: Dashboard, page: Page
) -> None:
    """The Dashboard looks at the origin alone: what one frame asks for, both get."""
    widget = dashboard.open_order(TO_REFUND)
    expect(widget.get_by_text(TO_REFUND)).to_be_visible()
    before = page.locator("iframe.app-frame").evaluate("frame => frame.offsetHeight")
    dashboard.pick_action("Refund through Amazon")
    expect(dashboard.popup.get_by_label("Amount in EUR")).to_be_visible()
    height = {"type": "widgetResize", "payload": {"height": 120, "actionId": "widget"}}
    frame = next(f for f in page.frames if "/widgets/order" in f.url)
    frame.evaluate("action => parent.postMessage(action, '*')", height)
    page.wait_for_function(
        "() => document.querySelector('dialog.popup iframe').offsetHeight === 520"
    )
    dashboard.popup.get_by_role("button", name="Back").click()
    page.wait_for_function(
        "wanted => document.querySelector('iframe.app-frame').offsetHeight === wanted", arg=before
    )


def test_a_pop_up_says_why_not(dashboard: Dashboard) -> None:
    dashboard.open_order(TO_REFUND)
    dashboard.pick_action("Cancel at Amazon")
    expect(dashboard.popup.get_by_text("This order cannot be cancelled")).to_be_visible()


def test_an_order_is_read_again_from_its_menu(dashboard: Dashboard) -> None:
    dashboard.open_order(TO_SHIP)
    dashboard.pick_action("Fetch again from Amazon")
    popup = dashboard.popup
    popup.get_by_role("button", name="Read from Amazon again").click()
    expect(popup.get_by_text("The order was read again")).to_be_visible()
    expect(dashboard.toasts).to_have_count(0)


def test_sync_now_from_the_list_of_orders(dashboard: Dashboard, page: Page) -> None:
    page.goto(f"{dashboard.shop.url}/dashboard/orders")
    dashboard.pick_action("Sync with Amazon now")
    popup = dashboard.popup
    popup.get_by_role("button", name="Sync now").click()
    expect(popup.get_by_text(re.compile(r"\d+ read, \d+ imported"))).to_be_visible(timeout=30_000)


def test_all_amazon_orders_from_the_list_of_orders(dashboard: Dashboard, page: Page) -> None:
    page.goto(f"{dashboard.shop.url}/dashboard/orders")
    dashboard.pick_action("All Amazon orders")
    expect(dashboard.heading("All orders")).to_be_visible()


def test_the_navigation_has_the_apps_entry(dashboard: Dashboard, page: Page) -> None:
    page.goto(f"{dashboard.shop.url}/dashboard/orders")
    page.get_by_label("Dashboard").get_by_role("button", name="Amazon orders").click()
    expect(dashboard.heading("All orders")).to_be_visible()


def test_the_home_page_shows_what_is_pressing(dashboard: Dashboard) -> None:
    home = dashboard.open_home()
    expect(home.get_by_role("button", name="Late shipments")).to_be_visible()
    home.get_by_role("button", name="Waiting for a person").click()
    expect(dashboard.heading("Problems")).to_be_visible()
