"""Between the page and the Dashboard: tokens, looks, language, routes; and who may do what."""

import re
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.dashboard import Dashboard
from tests.browser.world import TO_REFUND, TO_SHIP, BrowserWorld

UNAUTHORISED = 401
_NEXT_TOKEN = "document.dispatchEvent(new Event('visibilitychange'))"
"""Has the Dashboard look at its token, as when somebody comes back to the tab."""


def test_an_expired_token_is_renewed_without_anybody_noticing(
    dashboard: Dashboard, page: Page, world: BrowserWorld
) -> None:
    # The app allows clocks to differ by ten seconds: this token works for three more.
    world.shop.post("/control/settings", {"app_token_seconds": -7})
    try:
        app = dashboard.open("/orders")
        link = app.get_by_role("link", name=TO_SHIP)
        expect(link).to_be_visible()
    finally:
        world.shop.post("/control/settings", {"app_token_seconds": 300})
    page.wait_for_timeout(4_000)
    with page.expect_response(lambda answer: answer.status == UNAUTHORISED):
        link.click()
    page.evaluate(_NEXT_TOKEN)
    expect(app.get_by_role("heading", name="Items")).to_be_visible()


def test_a_session_that_has_ended_says_so_and_recovers(
    dashboard: Dashboard, page: Page, world: BrowserWorld
) -> None:
    world.shop.post("/control/settings", {"app_token_seconds": -60})
    try:
        app = dashboard.open("/problems")
        expect(app.get_by_text("Your session has ended").first).to_be_visible(timeout=20_000)
    finally:
        world.shop.post("/control/settings", {"app_token_seconds": 300})
    page.evaluate(_NEXT_TOKEN)
    expect(app.get_by_text("Your session has ended")).to_have_count(0, timeout=20_000)
    expect(dashboard.heading("Problems")).to_be_visible()


def test_the_theme_follows_the_dashboard(dashboard: Dashboard, page: Page) -> None:
    app = dashboard.open()
    expect(app.locator("html")).to_have_attribute("data-theme", "light")
    page.get_by_label("Theme").select_option("dark")
    expect(app.locator("html")).to_have_attribute("data-theme", "dark")
    expect(app.locator("body")).to_have_css("background-color", re.compile(r"rgb\(38, 40, 54\)"))


def test_texts_dates_and_money_follow_the_language(dashboard: Dashboard, page: Page) -> None:
    app = dashboard.open(f"/orders/{TO_REFUND}")
    expect(dashboard.heading(f"Order {TO_REFUND}")).to_be_visible()
    page.get_by_label("Language").select_option("de")
    expect(dashboard.heading(f"Bestellung {TO_REFUND}")).to_be_visible()
    expect(app.get_by_text(re.compile(r"Als Saleor-Bestellung \d+ importiert"))).not_to_have_count(
        0
    )
    expect(app.get_by_text("Imported as Saleor order")).to_have_count(0)
    expect(app.get_by_text("12,00 €").first).to_be_visible()
    page.get_by_label("Language").select_option("nl")
    expect(dashboard.heading(f"Bestelling {TO_REFUND}")).to_be_visible()
    # French has no catalogue: English texts, French amounts.
    page.get_by_label("Language").select_option("fr")
    expect(dashboard.heading(f"Order {TO_REFUND}")).to_be_visible()
    expect(app.get_by_text("12,00 €").first).to_be_visible()


def test_the_dashboards_address_follows_so_that_a_reload_comes_back(
    dashboard: Dashboard, page: Page
) -> None:
    app = dashboard.open()
    app.get_by_role("link", name="SKU mapping").click()
    expect(page).to_have_url(re.compile(r"/extensions/app/[^/]+/skus$"))
    page.reload()
    expect(dashboard.heading("SKU mapping")).to_be_visible()


def test_the_token_never_stands_in_an_address(dashboard: Dashboard, page: Page) -> None:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    app = dashboard.open("/orders")
    expect(app.get_by_role("link", name=TO_SHIP)).to_be_visible()
    assert addresses
    assert not [address for address in addresses if "eyJ" in address]


def test_outside_the_dashboard_the_page_says_where_it_belongs(
    page: Page, world: BrowserWorld
) -> None:
    page.goto(f"{world.app_url}/app/orders")
    expect(page.get_by_text("This page works inside the Saleor Dashboard.")).to_be_visible()


# --- who may ----------------------------------------------------------------------------------


def test_without_permission_to_see_orders_nothing_is_shown(dashboard: Dashboard) -> None:
    dashboard.without("MANAGE_ORDERS")
    app = dashboard.open("/orders")
    expect(app.get_by_text("You may not do this")).to_be_visible()
    expect(app.locator("table")).to_have_count(0)


def test_without_permission_for_payments_a_refund_is_not_offered(dashboard: Dashboard) -> None:
    dashboard.without("HANDLE_PAYMENTS")
    app = dashboard.open(f"/orders/{TO_REFUND}")
    expect(app.get_by_role("button", name="Refund …")).to_be_disabled()
    expect(app.get_by_text("This needs Saleor's permission to handle payments.")).to_be_visible()


def test_without_permission_for_apps_settings_are_closed(dashboard: Dashboard) -> None:
    dashboard.without("MANAGE_APPS")
    app = dashboard.open("/settings")
    expect(app.get_by_text("Changing settings needs Saleor's permission")).to_be_visible()


# --- when it does not work --------------------------------------------------------------------


def failing(status: int, body: dict[str, Any] | None = None) -> Any:
    def answer(route: Route) -> None:
        if status == 0:
            route.abort()
        else:
            route.fulfill(status=status, json=body, content_type="application/problem+json")

    return answer


def test_an_app_that_does_not_answer_is_said_so_and_tried_again(
    dashboard: Dashboard, page: Page
) -> None:
    page.route("**/api/v1/orders?*", failing(0))
    app = dashboard.open("/orders")
    alert = app.get_by_role("alert")
    expect(alert).to_contain_text("The app does not answer")
    page.unroute_all()
    alert.get_by_role("button", name="Try again").click()
    expect(app.get_by_role("link", name=TO_SHIP)).to_be_visible()
    dashboard.complaints.clear()


def test_an_error_of_the_api_is_shown_in_its_own_words(dashboard: Dashboard, page: Page) -> None:
    problem = {
        "status": 502,
        "title": "Bad Gateway",
        "detail": "Saleor does not answer.",
        "cure": "Wait until the shop is back.",
    }
    page.route("**/api/v1/problems", failing(502, problem))
    app = dashboard.open("/problems")
    expect(app.get_by_role("alert")).to_contain_text("Saleor does not answer.")
    expect(app.get_by_role("alert")).to_contain_text("Wait until the shop is back.")
    dashboard.complaints.clear()


def test_a_part_that_fails_leaves_the_rest_of_the_page(dashboard: Dashboard, page: Page) -> None:
    page.route("**/api/v1/figures?*", failing(500, {"status": 500, "title": "Broken"}))
    app = dashboard.open()
    expect(app.get_by_role("alert")).to_contain_text("Broken")
    expect(app.get_by_role("heading", name="Recent orders")).to_be_visible()
    dashboard.complaints.clear()


# --- what the real Dashboard refuses ------------------------------------------------------------


def ask(dashboard: Dashboard, action: dict[str, Any]) -> Any:
    """Have the app's frame send an action; returns the Dashboard's answer, or None."""
    frame = next(f for f in dashboard.page.frames if f.url.startswith(dashboard.world.app_url))
    return frame.evaluate(
        """action => new Promise(resolve => {
            const timer = setTimeout(() => resolve(null), 1500);
            addEventListener('message', event => {
                if (event.data?.payload?.actionId !== 'asked') return;
                clearTimeout(timer);
                resolve(event.data.payload.ok);
            });
            parent.postMessage({...action, payload: {...action.payload, actionId: 'asked'}}, '*');
        })""",
        action,
    )


def test_a_page_cannot_open_pop_ups_and_unknown_actions_get_no_answer(
    dashboard: Dashboard,
) -> None:
    app = dashboard.open()
    expect(app.get_by_role("heading", name="Overview", level=1)).to_be_visible()
    popup = {"type": "openPopup", "payload": {"extensionIdentifier": "amazon-cancel"}}
    assert ask(dashboard, popup) is False
    assert ask(dashboard, {"type": "redirectToApp", "payload": {"appIdentifier": "x"}}) is None
    assert ask(dashboard, {"type": "popupClose", "payload": {}}) is True
    dashboard.complaints.clear()


def test_the_frame_is_confined_as_in_the_dashboard(dashboard: Dashboard, page: Page) -> None:
    app = dashboard.open()
    expect(app.get_by_role("heading", name="Overview", level=1)).to_be_visible()
    sandbox = page.locator("iframe.app-frame").get_attribute("sandbox")
    assert sandbox == "allow-same-origin allow-forms allow-scripts allow-downloads allow-popups"


def test_an_older_dashboard_has_what_it_knows(
    dashboard: Dashboard, page: Page, world: BrowserWorld
) -> None:
    world.shop.post("/control/settings", {"version": "3.22.40"})
    try:
        widget = dashboard.open_order(TO_REFUND)
        expect(widget.get_by_text(TO_REFUND)).to_be_visible()
        assert ask(dashboard, {"type": "widgetResize", "payload": {"height": 90}}) is None
        height = page.locator("iframe.app-frame").evaluate("frame => frame.offsetHeight")
        assert height == 200
    finally:
        world.shop.post("/control/settings", {"version": "3.23.28"})
    dashboard.complaints.clear()
