"""A German page says in German what went wrong, and quotes what others say."""

import re

from playwright.sync_api import Page, expect

from tests.browser.dashboard import Dashboard
from tests.browser.test_order import card
from tests.browser.world import TO_REFUND, BrowserWorld

AT_LAST = 60_000
_400 = {"kind": "transient_400", "operation": "searchOrders", "count": 1000}


def test_a_failed_sync_is_told_on_every_page(
    world: BrowserWorld, dashboard: Dashboard, page: Page
) -> None:
    """Amazon refuses all searches; the overview, the tasks and the log say so in German."""
    dashboard.choose(locale="de")
    world.at_amazon("/control/faults", _400)
    words = re.compile(r"Amazon hat searchOrders mit 400 beantwortet: „.+“")
    app = dashboard.open()
    app.get_by_role("button", name="Jetzt abgleichen").click()
    accounts = card(app, "Konten")
    expect(accounts).to_contain_text("Der letzte Abgleich ist gescheitert:", timeout=AT_LAST)
    expect(accounts).to_contain_text(words)
    app = dashboard.open("/activity")
    expect(card(app, "Arbeiten im Hintergrund")).to_contain_text(words, timeout=AT_LAST)
    calls = card(app, "Fehlgeschlagene Aufrufe")
    expect(calls.get_by_role("row").filter(has_text=words).first).to_be_visible(timeout=AT_LAST)
    world.mend_amazon()
    dashboard.open().get_by_role("button", name="Jetzt abgleichen").click()
    expect(accounts).not_to_contain_text("Der letzte Abgleich ist gescheitert", timeout=AT_LAST)


def test_what_a_task_leaves_is_told_with_why(dashboard: Dashboard) -> None:
    dashboard.choose(locale="de")
    app = dashboard.open(f"/orders?search={TO_REFUND}")
    app.get_by_role("checkbox", name=f"Bestellung {TO_REFUND} auswählen").check()
    app.get_by_role("button", name="Bei Amazon stornieren").click()
    dialog = app.get_by_role("dialog")
    dialog.get_by_label("Grund").select_option("NoInventory")
    dialog.get_by_role("button", name="Bei Amazon stornieren").click()
    tasks = card(dashboard.open("/activity"), "Arbeiten im Hintergrund")
    expect(tasks).to_contain_text("Die Bestellung kann nicht storniert werden:", timeout=AT_LAST)
    expect(tasks).to_contain_text("Erstatten Sie sie, oder sehen Sie in Seller Central nach.")


def test_the_way_of_connecting_changes_under_the_focus(dashboard: Dashboard) -> None:
    """Both ways are one form: the focus stays, and so does what was typed."""
    app = dashboard.open("/settings")
    app.get_by_role("button", name="Connect an account").click()
    dialog = app.get_by_role("dialog")
    dialog.get_by_label("Import orders since").fill("2024-02-03")
    token = dialog.get_by_role("button", name="With a token of your own")
    token.click()
    expect(token).to_be_focused()
    dialog.get_by_label("Merchant token").fill("A1TYPED")
    consent = dialog.get_by_role("button", name="Through Amazon")
    consent.press("Enter")
    expect(consent).to_be_focused()
    expect(dialog.get_by_label("Import orders since")).to_have_value("2024-02-03")
    token.click()
    expect(dialog.get_by_label("Merchant token")).to_have_value("A1TYPED")
