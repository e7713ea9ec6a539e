"""The settings' part Notifications: Amazon's are switched, staff are told by e-mail."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, Route, expect

from saleor_amazon_app.demo.processes import Processes, free_port
from tests.browser.dashboard import Dashboard
from tests.browser.test_looks import both_themes, check_both_themes, frame_of, overflow
from tests.browser.test_order import card
from tests.browser.world import SELLER, BrowserWorld
from tests.queues import TestQueue

AT_LAST = 90_000
PART = "/settings/notifications"
ANNA = "anna@shop.example"


@contextmanager
def another_app(world: BrowserWorld, folder: Path, page: Page, **changes: str) -> Iterator[None]:
    """Let the page ask an app on the same data that the operator has set up otherwise."""
    processes = Processes(folder, {**os.environ, **world.settings, **changes})
    port = free_port()
    url = f"http://127.0.0.1:{port}"

    def ask_it(route: Route) -> None:
        route.continue_(url=route.request.url.replace(world.app_url, url))

    try:
        arguments = ("serve", "--port", str(port), "--processes", "1")
        processes.start_command("another", *arguments, url=f"{url}/healthz")
        page.route(re.compile(r"/api/v1/.*(notices|notifications)\b"), ask_it)
        yield
    finally:
        processes.stop()


@both_themes
def test_before_the_operator_has_set_it_up_there_are_words_and_no_buttons(
    world: BrowserWorld, dashboard: Dashboard, page: Page, tmp_path: Path
) -> None:
    with another_app(world, tmp_path, page, SMTP_URL="", NOTICES_FROM=""):
        app = dashboard.open(PART)
        amazons = card(app, "Amazon's notifications")
        expect(amazons).to_contain_text("AMAZON_NOTIFICATIONS_QUEUE_URL; see docs/notifications.md")
        expect(amazons).to_contain_text(SELLER)
        notices = card(app, "Notices by e-mail")
        expect(notices).to_contain_text("set SMTP_URL and NOTICES_FROM; see docs/notices.md")
        for part in (amazons, notices):
            expect(part.get_by_role("button")).to_have_count(0)
        check_both_themes(dashboard, "notifications-bare")


@both_themes
def test_amazons_notifications_are_switched_on_seen_and_off(
    world: BrowserWorld, dashboard: Dashboard, page: Page, tmp_path: Path, queue: TestQueue
) -> None:
    with another_app(world, tmp_path, page, AMAZON_NOTIFICATIONS_QUEUE_URL=queue.url):
        app = dashboard.open(PART)
        account = app.get_by_role("region", name=SELLER)
        expect(account).to_contain_text("Off")
        account.get_by_role("button", name="Switch on").click()
        expect(account).to_contain_text("On since", timeout=AT_LAST)
        types = account.get_by_role("list", name="At Amazon")
        expect(types.get_by_role("listitem")).to_have_count(3, timeout=AT_LAST)
        expect(types).to_contain_text("New and changed orders")
        expect(account).to_contain_text("Waiting in the queue")
        assert len(world.amazon.subscriptions) == 3
        check_both_themes(dashboard, "notifications-amazon")
        amazon_fails_and_is_asked_again(world, account, types)
        account.get_by_text("Try it").click()
        account.get_by_label("Scenario").fill("any")
        account.get_by_role("button", name="Have one sent").click()
        expect(account).to_contain_text("It came.", timeout=AT_LAST)
        account.get_by_role("button", name="Switch off").click()
        expect(account.get_by_role("button", name="Switch on")).to_be_visible(timeout=AT_LAST)
    changes = card(dashboard.open("/activity"), "Changes by staff")
    expect(changes).to_contain_text(f"Amazon's notifications for {SELLER} (eu)")


def amazon_fails_and_is_asked_again(world: BrowserWorld, account: Locator, types: Locator) -> None:
    world.at_amazon("/control/faults", {"kind": "server_error", "operation": "getSubscription"})
    ask = account.get_by_role("button", name="Ask Amazon again")
    ask.click()
    expect(types).to_contain_text("not known", timeout=AT_LAST)
    expect(types).to_contain_text("Amazon answered getSubscription with 500")
    world.amazon.faults.clear()
    ask.click()
    expect(types).not_to_contain_text("not known", timeout=AT_LAST)


def test_staff_are_written_to_and_buyers_refused(world: BrowserWorld, dashboard: Dashboard) -> None:
    app = dashboard.open(PART)
    notices = card(app, "Notices by e-mail")
    notices.get_by_label("Send notices").check()
    recipients = notices.get_by_label("Recipients")
    recipients.fill("x1y2@marketplace.amazon.de")
    notices.get_by_role("button", name="Save").click()
    expect(recipients).to_have_accessible_description(re.compile("behind which is a buyer"))
    assert world.count("SELECT count(*) FROM notice_recipients") == 0
    recipients.fill(ANNA)
    notices.get_by_label("How often").select_option("daily")
    notices.get_by_label("Hour of the daily mail").select_option("8")
    notices.get_by_role("button", name="Save").click()
    expect(notices.get_by_text("Saved", exact=True)).to_be_visible()
    notices.get_by_role("button", name="Send a test mail").click()
    expect(notices).to_contain_text("The mail server took the test mail.")
    assert "test mail" in world.mails.to(ANNA)[0]["Subject"]


@both_themes
def test_what_needs_a_person_comes_by_mail(
    world: BrowserWorld, dashboard: Dashboard, page: Page
) -> None:
    app = dashboard.open(PART)
    notices = card(app, "Notices by e-mail")
    expect(notices.get_by_label("Hour of the daily mail")).to_have_value("8")
    notices.get_by_label("How often").select_option("at_once")
    notices.get_by_label("Language of the mails").select_option("de")
    notices.get_by_role("button", name="Save").click()
    expect(notices.get_by_text("Saved", exact=True)).to_be_visible()
    expect(notices).to_contain_text("Last mail sent", timeout=AT_LAST)
    text = world.mails.to(ANNA)[-1].get_content()
    assert "Unbekannte SKU" in text
    assert f"{dashboard.shop.app_page()}" in text
    assert "Mustermann" not in text
    check_both_themes(dashboard, "notifications")
    page.set_viewport_size({"width": 620, "height": 900})
    assert overflow(frame_of(dashboard)) <= 0


def test_a_mail_server_that_fails_is_told(world: BrowserWorld, dashboard: Dashboard) -> None:
    world.mails.answer = "451 Not at the moment"
    try:
        app = dashboard.open(PART)
        notices = card(app, "Notices by e-mail")
        notices.get_by_role("button", name="Send a test mail").click()
        refused = notices.get_by_role("alert")
        told = re.compile("Not at the moment|A test mail went out a moment ago")
        expect(refused).to_contain_text(told)
    finally:
        world.mails.answer = ""
    notices.get_by_label("Send notices").uncheck()
    notices.get_by_role("button", name="Save").click()
    expect(notices.get_by_text("Saved", exact=True)).to_be_visible()
