"""Each dialog and each pop-up: opened and left by keyboard alone, accessible, not cut off."""

from dataclasses import dataclass
from urllib.parse import quote

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.dashboard import Dashboard
from tests.browser.test_looks import both_themes, overflow, serious
from tests.browser.world import BAD_ADDRESS, TO_INVOICE, TO_REFUND, TO_SHIP, WANTS_OUT

NARROW = {"width": 400, "height": 800}
WIDE = {"width": 1440, "height": 900}


@dataclass(frozen=True)
class Opened:
    """Where a dialog is opened, and by which button."""

    path: str
    button: str


DIALOGS = {
    "refund": Opened(f"/orders/{TO_REFUND}", "Refund …"),
    "invoice": Opened(f"/orders/{TO_INVOICE}", "Upload invoice …"),
    "cancel": Opened(f"/orders/{TO_SHIP}", "Cancel order …"),
    "address": Opened(f"/orders/{BAD_ADDRESS}", "Repair address …"),
    "contact": Opened(f"/orders/{TO_SHIP}", "Contact buyer …"),
    "raw": Opened(f"/orders/{TO_SHIP}", "Show raw Amazon data …"),
    "set aside": Opened(f"/orders/{WANTS_OUT}", "Set aside …"),
    "filter": Opened("/orders", "Filter"),
    "map an SKU": Opened("/skus", "Map"),
    "add a mapping": Opened("/skus", "Add a mapping"),
    "import CSV": Opened("/skus", "Import CSV"),
    "connect": Opened("/settings", "Connect an account"),
    "renew": Opened("/settings", "Renew authorisation"),
    "remove": Opened("/settings", "Remove …"),
    "import start": Opened("/settings", "Change …"),
    "template": Opened("/settings/templates", "New template"),
    "suggestion": Opened("/settings/templates", "Start from this: Delay"),
}


def in_both_themes(page: Page, frame: Frame) -> None:
    """Look at a frame in light and in dark, and in a narrow window."""
    for theme in ("light", "dark"):
        page.evaluate(
            """theme => import('/dashboard/static/dashboard/shop.js')
                .then(shop => shop.choose({theme}))""",
            theme,
        )
        frame.wait_for_selector(f"html[data-theme={theme}]", state="attached")
        assert serious(frame) == []
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert overflow(frame) <= 0


@both_themes
@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_is_opened_and_left_by_keyboard(
    dashboard: Dashboard, page: Page, name: str
) -> None:
    opened = DIALOGS[name]
    app = dashboard.open(opened.path)
    button = app.get_by_role("button", name=opened.button, exact=opened.button == "Map").last
    button.focus()
    page.keyboard.press("Enter")
    dialog = app.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.locator(".bone")).to_have_count(0)
    in_both_themes(page, inside(dashboard, "/app"))
    outside = dialog.evaluate("""dialog => [...dialog.querySelectorAll("input, select, button")]
        .filter(one => one.getBoundingClientRect().right > innerWidth)
        .map(one => one.outerHTML)""")
    assert outside == []
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()


def inside(dashboard: Dashboard, path: str) -> Frame:
    start = f"{dashboard.world.app_url}{path}"
    return next(frame for frame in dashboard.page.frames if frame.url.startswith(start))


POPUPS = {
    "cancel": (TO_SHIP, "Cancel at Amazon", "Reason"),
    "cancel, not possible": (TO_REFUND, "Cancel at Amazon", "This order cannot be cancelled"),
    "refund": (TO_REFUND, "Refund through Amazon", "Units to refund"),
    "refund, not possible": (TO_SHIP, "Refund through Amazon", "This order cannot be refunded"),
    "read again": (TO_SHIP, "Fetch again from Amazon", "compares both sides"),
    "sync": (None, "Sync with Amazon now", "Reads what is new at Amazon"),
}


@both_themes
@pytest.mark.parametrize("name", POPUPS)
def test_a_pop_up_is_accessible_and_left_by_keyboard(
    dashboard: Dashboard, page: Page, name: str
) -> None:
    number, entry, landmark = POPUPS[name]
    if number:
        dashboard.open_order(number)
    else:
        page.goto(f"{dashboard.shop.url}/dashboard/orders")
    menu = page.get_by_label("More actions")
    menu.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name=entry).focus()
    page.keyboard.press("Enter")
    expect(dashboard.popup.get_by_text(landmark).first).to_be_visible()
    in_both_themes(page, inside(dashboard, "/app/actions/"))
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    dashboard.popup.get_by_role("button").first.focus()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.popup")).to_have_count(0)
    expect(menu).to_be_focused()


class TestSearch:
    """The commands in the Dashboard's own search (Ctrl-K)."""

    def open(self, dashboard: Dashboard, page: Page, route: str = "/") -> None:
        page.goto(f"{dashboard.shop.url}/dashboard{route}")
        expect(page.get_by_role("button", name="Search", exact=True)).to_be_visible()
        page.keyboard.press("Control+k")
        expect(page.locator("dialog.search")).to_be_visible()

    def test_the_apps_commands_are_offered_and_found(
        self, dashboard: Dashboard, page: Page
    ) -> None:
        self.open(dashboard, page)
        commands = page.locator("dialog.search").get_by_role("button")
        expect(commands).to_have_text(["Amazon orders", "Amazon problems", "Sync with Amazon now"])
        page.keyboard.type("prob")
        expect(commands).to_have_text(["Amazon problems"])
        page.keyboard.press("Enter")
        expect(dashboard.heading("Problems")).to_be_visible()
        expect(page.locator("dialog.search")).to_have_count(0)

    def test_from_an_orders_page_the_list_is_the_whole_list(
        self, dashboard: Dashboard, page: Page
    ) -> None:
        """The Dashboard hands the order over with every command; the list takes no heed of it."""
        order = dashboard.shop.order(TO_SHIP)
        self.open(dashboard, page, f"/orders/{quote(order['id'], safe='')}")
        page.locator("dialog.search").get_by_role("button", name="Amazon orders").click()
        expect(dashboard.heading("All orders")).to_be_visible()
        expect(dashboard.app.get_by_role("link", name=TO_REFUND)).to_be_visible()
        expect(dashboard.app.get_by_role("list", name="Active filters")).to_have_count(0)

    def test_sync_now_opens_as_a_pop_up_wherever_one_is(
        self, dashboard: Dashboard, page: Page
    ) -> None:
        self.open(dashboard, page)
        page.keyboard.type("sync with")
        page.keyboard.press("Enter")
        expect(dashboard.popup.get_by_role("button", name="Sync now")).to_be_visible()

    def test_commands_are_not_offered_to_those_who_may_not_see_orders(
        self, dashboard: Dashboard, page: Page
    ) -> None:
        dashboard.without("MANAGE_ORDERS")
        self.open(dashboard, page)
        expect(page.locator("dialog.search").get_by_role("button")).to_have_count(0)
        expect(page.locator("dialog.search")).to_contain_text("Nothing found")
