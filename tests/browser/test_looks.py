"""Every page in both themes: nothing that axe finds serious, nothing cut off in a narrow window."""

import os
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.dashboard import Dashboard
from tests.browser.world import TO_REFUND

_ROOT = Path(__file__).parents[2]
_AXE = _ROOT / "dashboard_extensions" / "node_modules" / "axe-core" / "axe.min.js"
PAGES: Final = {
    "overview": ("", "Recent orders"),
    "orders": ("/orders?fulfilled_by=MERCHANT", "Amazon order"),
    "order": (f"/orders/{TO_REFUND}", "Timeline"),
    "problems": ("/problems", "Problems"),
    "skus": ("/skus", "Mappings"),
    "activity": ("/activity", "Changes by staff"),
    "accounts": ("/settings", "Amazon accounts"),
    "marketplaces": ("/settings/marketplaces", "Amazon.de"),
    "words": ("/settings/words", "Names of carriers"),
    "templates": ("/settings/templates", "Placeholders"),
    "shop": ("/settings/shop", "Read-only mode"),
}

TOUR: Final = (
    *("overview", "overview-dark", "orders", "order", "refund"),
    *("problems", "widget", "marketplaces", "contact"),
)
"""The pictures of docs/tour.md."""


def frame_of(dashboard: Dashboard) -> Frame:
    return next(f for f in dashboard.page.frames if f.url.startswith(dashboard.world.app_url))


def serious(frame: Frame) -> list[Any]:
    """What axe finds serious or critical, with the elements."""
    frame.evaluate(_AXE.read_text(encoding="utf-8"))
    found = frame.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        (violation["id"], [node["html"] for node in violation["nodes"]][:3])
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


def overflow(frame: Frame) -> int:
    """By how many pixels the page is wider than its frame."""
    return int(frame.evaluate("() => document.documentElement.scrollWidth - window.innerWidth"))


def picture(page: Page, name: str) -> None:
    """Take a picture for the tour, where one is asked for (make pictures)."""
    folder = os.environ.get("TOUR_PICTURES")
    if folder and name in TOUR:
        page.screenshot(path=Path(folder) / f"tour-{name}.png")


both_themes = pytest.mark.skipif(
    not _AXE.exists(), reason="axe-core is not installed (make frontend)"
)


def check_both_themes(dashboard: Dashboard, name: str) -> None:
    """Look at what is open in light, then in dark."""
    page = dashboard.page
    for theme in ("light", "dark"):
        page.evaluate(
            """theme => import('/dashboard/static/dashboard/shop.js')
                .then(shop => shop.choose({theme}))""",
            theme,
        )
        expect(dashboard.app.locator("html")).to_have_attribute("data-theme", theme)
        assert serious(frame_of(dashboard)) == []
        picture(page, name if theme == "light" else f"{name}-dark")


@both_themes
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_fits(dashboard: Dashboard, page: Page, name: str) -> None:
    path, landmark = PAGES[name]
    app = dashboard.open(path)
    expect(app.get_by_text(landmark).last).to_be_visible()
    expect(app.locator(".bone")).to_have_count(0)
    check_both_themes(dashboard, name)
    page.set_viewport_size({"width": 620, "height": 900})
    assert overflow(frame_of(dashboard)) <= 0


@both_themes
def test_dialogs_are_accessible(dashboard: Dashboard) -> None:
    app = dashboard.open(f"/orders/{TO_REFUND}")
    app.get_by_role("button", name="Refund …").click()
    app.get_by_label("Amount in EUR").fill("1")
    app.get_by_role("button", name="Preview").click()
    expect(app.get_by_text("The buyer gets €1.00")).to_be_visible()
    check_both_themes(dashboard, "refund")
    app = dashboard.open("/orders")
    app.get_by_role("button", name="Filter").click()
    expect(app.get_by_role("dialog")).to_be_visible()
    check_both_themes(dashboard, "filter")


@both_themes
def test_widgets_are_accessible(dashboard: Dashboard) -> None:
    widget = dashboard.open_order(TO_REFUND)
    expect(widget.get_by_text(TO_REFUND)).to_be_visible()
    check_both_themes(dashboard, "widget")
    home = dashboard.open_home()
    expect(home.get_by_text("Late shipments")).to_be_visible()
    check_both_themes(dashboard, "home")


def test_the_keyboard_reaches_an_order_and_closes_its_dialog(
    dashboard: Dashboard, page: Page
) -> None:
    app = dashboard.open(f"/orders?search={TO_REFUND}")
    link = app.get_by_role("link", name=TO_REFUND)
    link.focus()
    page.keyboard.press("Enter")
    expect(dashboard.heading(f"Order {TO_REFUND}")).to_be_visible()
    refund = app.get_by_role("button", name="Refund …")
    refund.focus()
    page.keyboard.press("Enter")
    expect(app.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(app.get_by_role("dialog")).to_have_count(0)
    expect(refund).to_be_focused()
