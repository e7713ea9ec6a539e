"""One order: everything that is known of it, and what is done about it, up to Amazon's answer."""

import re

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser.dashboard import Dashboard
from tests.browser.world import (
    BAD_ADDRESS,
    TO_CANCEL,
    TO_REFUND,
    TO_SHIP,
    TRACKING,
    BrowserWorld,
)


def card(app: FrameLocator, title: str) -> Locator:
    return app.locator("section.card", has=app.get_by_role("heading", name=title, exact=True))


def test_an_order_shows_both_sides_and_what_happened(dashboard: Dashboard) -> None:
    app = dashboard.open(f"/orders/{TO_SHIP}")
    expect(card(app, "Items")).to_contain_text("Thing 1")
    expect(card(app, "Items")).to_contain_text("SKU SHOP-01-NAT")
    money = card(app, "Money on both sides")
    expect(money.get_by_text("Equal")).to_be_visible()
    expect(money.get_by_role("row", name="Total")).to_contain_text("€29.80")
    expect(card(app, "Shipping")).to_contain_text("Beispielweg 12")
    expect(card(app, "Buyer")).to_contain_text("Erika Mustermann")
    expect(card(app, "Timeline")).to_contain_text("Imported as Saleor order")
    expect(card(app, "Details")).to_contain_text("Stock reserved")


def test_what_cannot_be_done_says_why(dashboard: Dashboard) -> None:
    app = dashboard.open(f"/orders/{TO_SHIP}")
    actions = card(app, "What you can do")
    expect(actions.get_by_role("button", name="Refund …")).to_be_disabled()
    expect(actions).to_contain_text("Amazon refunds shipped orders only.")
    expect(actions.get_by_role("button", name="Cancel order …")).to_be_enabled()


def test_an_unknown_number_is_not_an_error(dashboard: Dashboard) -> None:
    app = dashboard.open("/orders/999-9999999-9999999")
    expect(app.get_by_text("This order is not known")).to_be_visible()


def test_links_lead_to_the_same_order_in_saleor(dashboard: Dashboard, page: Page) -> None:
    app = dashboard.open(f"/orders/{TO_SHIP}")
    app.get_by_role("button", name="Saleor order #").click()
    expect(page.get_by_role("heading", name="Order #", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text(TO_SHIP)


def test_seller_central_opens_outside_the_frame(dashboard: Dashboard, page: Page) -> None:
    page.context.route(
        re.compile("^https://sellercentral"), lambda route: route.fulfill(body="Amazon")
    )
    app = dashboard.open(f"/orders/{TO_SHIP}")
    with page.context.expect_page() as opened:
        app.get_by_role("button", name="Seller Central").click()
    opened.value.wait_for_url(re.compile(rf"^https://sellercentral.*/{TO_SHIP}$"))


def test_raw_data_is_shown_only_after_a_warning_and_leaves_a_trace(dashboard: Dashboard) -> None:
    app = dashboard.open(f"/orders/{TO_SHIP}")
    app.get_by_role("button", name="Show raw Amazon data …").click()
    dialog = app.get_by_role("dialog")
    expect(dialog).to_contain_text("That you looked is recorded")
    expect(dialog.locator("pre")).to_have_count(0)
    dialog.get_by_role("button", name="Show it").click()
    expect(dialog.locator("pre")).to_contain_text("SHOP-01-NAT")
    app = dashboard.open("/activity")
    expect(card(app, "Changes by staff")).to_contain_text(TO_SHIP)


def test_an_address_is_repaired_and_the_order_comes_in(
    dashboard: Dashboard, world: BrowserWorld
) -> None:
    assert world.shop.order(BAD_ADDRESS) is None
    app = dashboard.open(f"/orders/{BAD_ADDRESS}")
    cure = "Repair the named fields of the address."
    expect(app.get_by_text(cure, exact=True)).to_be_visible()
    card(app, "What you can do").get_by_role("button", name="Repair address …").click()
    dialog = app.get_by_role("dialog")
    save = dialog.get_by_role("button", name="Save and retry")
    expect(save).to_be_disabled()
    dialog.get_by_label("City").fill("")
    expect(dialog).to_contain_text("This may not be empty.")
    dialog.get_by_label("City").fill("Berlin")
    dialog.get_by_label("Country code").fill("DE")
    save.click()
    expect(dialog).to_have_count(0)
    expect(app.locator(".pill", has_text="Imported").first).to_be_visible(timeout=30_000)
    order = world.shop.order(BAD_ADDRESS)
    assert order["total"] == "14.90"


class TestToAmazon:
    """Shipped, cancelled, refunded; Amazon's answers are looked at in test_the_answers.py."""

    def test_an_order_is_shipped_where_the_merchant_always_does(
        self, dashboard: Dashboard, page: Page
    ) -> None:
        dashboard.open_order(TO_SHIP)
        page.get_by_label("Tracking number", exact=True).fill(TRACKING)
        page.get_by_role("button", name="Fulfil", exact=True).click()
        expect(dashboard.toasts.filter(has_text="Items fulfilled")).to_be_visible()

    def test_a_cancellation_wants_a_reason_and_tells_what_it_does(
        self, dashboard: Dashboard
    ) -> None:
        app = dashboard.open(f"/orders/{TO_CANCEL}")
        card(app, "What you can do").get_by_role("button", name="Cancel order …").click()
        dialog = app.get_by_role("dialog")
        confirm = dialog.get_by_role("button", name="Cancel the whole order")
        expect(confirm).to_be_disabled()
        expect(dialog).to_contain_text("Amazon tells the buyer. It cannot be taken back.")
        dialog.get_by_label("Reason").select_option("PricingError")
        confirm.click()
        expect(dialog).to_have_count(0)
        expect(card(app, "Told to Amazon")).to_contain_text("reason Pricing error")

    def test_a_refund_sends_what_its_preview_showed(
        self, dashboard: Dashboard, world: BrowserWorld
    ) -> None:
        app = dashboard.open(f"/orders/{TO_REFUND}")
        card(app, "What you can do").get_by_role("button", name="Refund …").click()
        dialog = app.get_by_role("dialog")
        preview = dialog.get_by_role("button", name="Preview")
        expect(preview).to_be_disabled()
        dialog.get_by_label("Amount in EUR").fill("1,234.56")
        expect(dialog).to_contain_text("This is no amount in EUR.")
        dialog.get_by_label("Amount in EUR").fill("5,00")
        dialog.get_by_label("Reason").select_option("CustomerReturn")
        preview.click()
        expect(dialog).to_contain_text("The buyer gets €5.00")
        expect(dialog).to_contain_text("€7.00 could still be refunded afterwards.")
        dialog.get_by_text("The message to Amazon").click()
        expect(dialog.locator("pre")).to_contain_text("<AdjustmentReason>CustomerReturn<")
        assert not world.amazon.refunds
        dialog.get_by_role("button", name="Refund €5.00").click()
        expect(dialog).to_have_count(0)
        expect(card(app, "Told to Amazon")).to_contain_text("reason Customer return")
        expect(app.get_by_text("Refunds of €5.00 are on their way")).to_be_visible()

    def test_changing_a_refund_after_its_preview_asks_for_another_preview(
        self, dashboard: Dashboard
    ) -> None:
        app = dashboard.open(f"/orders/{TO_REFUND}")
        card(app, "What you can do").get_by_role("button", name="Refund …").click()
        dialog = app.get_by_role("dialog")
        dialog.get_by_label("Amount in EUR").fill("1")
        dialog.get_by_role("button", name="Preview").click()
        expect(dialog.get_by_role("button", name="Refund €1.00")).to_be_visible()
        dialog.get_by_label("Amount in EUR").fill("2")
        expect(dialog.get_by_role("button", name="Preview")).to_be_visible()

    def test_more_than_is_left_is_refused_in_words(self, dashboard: Dashboard) -> None:
        app = dashboard.open(f"/orders/{TO_REFUND}")
        card(app, "What you can do").get_by_role("button", name="Refund …").click()
        dialog = app.get_by_role("dialog")
        dialog.get_by_label("Amount in EUR").fill("12")
        dialog.get_by_role("button", name="Preview").click()
        expect(dialog.get_by_role("alert")).to_be_visible()
        expect(dialog.get_by_role("button", name="Preview")).to_be_visible()
