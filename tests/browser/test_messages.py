"""Templates of messages, and a letter to a buyer that goes out once and as it was seen."""

from playwright.sync_api import Page, expect

from tests.browser.dashboard import Dashboard
from tests.browser.test_looks import check_both_themes, frame_of, overflow
from tests.browser.test_order import card
from tests.browser.world import TO_CANCEL, TO_REFUND, WANTS_OUT, BrowserWorld, wait_for

SENT = f"Order {WANTS_OUT} will leave us on Monday.\nWe are sorry."


def contact(dashboard: Dashboard, number: str) -> None:
    app = dashboard.open(f"/orders/{number}")
    card(app, "What you can do").get_by_role("button", name="Contact buyer …").click()


class TestTemplates:
    def test_one_is_started_from_a_suggestion_and_kept(self, dashboard: Dashboard) -> None:
        app = dashboard.open("/settings/templates")
        expect(app.get_by_text("No templates yet")).to_be_visible()
        app.get_by_role("button", name="Start from this: Delay").click()
        dialog = app.get_by_role("dialog")
        words = dialog.get_by_label("Text", exact=True)
        words.fill("Order {order_numbr} is late.")
        dialog.get_by_role("button", name="Save").click()
        expect(words).to_have_attribute("aria-invalid", "true")
        expect(dialog).to_contain_text("Nothing can be filled in for {order_numbr}.")
        words.fill("Order {order_number} will leave us on Monday.\nWe are sorry.")
        expect(dialog.get_by_role("region", name="Preview with examples")).to_contain_text(
            "will leave us on Monday."
        )
        dialog.get_by_role("button", name="Save").click()
        expect(dialog).to_have_count(0)
        expect(card(app, "Message templates")).to_contain_text("Delay")

    def test_a_placeholder_is_put_in_where_one_writes(self, dashboard: Dashboard) -> None:
        app = dashboard.open("/settings/templates")
        app.get_by_role("button", name="New template").click()
        dialog = app.get_by_role("dialog")
        dialog.get_by_label("Name").fill("Colour")
        dialog.get_by_label("What it is about").select_option("confirmOrderDetails")
        dialog.get_by_label("Language").fill("de-DE")
        words = dialog.get_by_label("Text", exact=True)
        words.fill("Which colour for ?")
        words.evaluate("area => area.setSelectionRange(17, 17)")
        dialog.get_by_role("button", name="{items}").click()
        expect(words).to_have_value("Which colour for {items}?")
        dialog.get_by_role("button", name="Save").click()
        expect(card(app, "Message templates")).to_contain_text("German (Germany)")

    def test_who_changed_them_is_logged(self, dashboard: Dashboard) -> None:
        app = dashboard.open("/activity")
        changes = card(app, "Changes by staff")
        expect(changes).to_contain_text("Message template added")
        expect(changes).to_contain_text("Colour")


class TestWriting:
    def test_a_letter_is_looked_at_before_it_goes_out(
        self, dashboard: Dashboard, world: BrowserWorld
    ) -> None:
        contact(dashboard, WANTS_OUT)
        dialog = dashboard.app.get_by_role("dialog")
        expect(dialog).to_contain_text("The buyer reads German (Germany).")
        dialog.get_by_role("radio", name="Unexpected problem").check()
        dialog.get_by_label("Template").select_option(label="Delay (English)")
        text = dialog.get_by_label("Message", exact=True)
        expect(text).to_have_value(SENT)
        dialog.get_by_role("button", name="Check").click()
        seen = dialog.get_by_role("region", name="Exactly this is sent to the buyer")
        expect(seen.locator("blockquote")).to_have_text(SENT)
        check_both_themes(dashboard, "contact")
        assert not world.amazon.messages
        text.fill(f"{SENT} Really.")
        expect(seen).to_have_count(0)
        text.fill(SENT)
        dialog.get_by_role("button", name="Check").click()
        dialog.get_by_role("button", name="Send to the buyer").click()
        expect(dialog).to_have_count(0)
        told = card(dashboard.app, "Told to Amazon")
        expect(told).to_contain_text("Unexpected problem")
        wait_for("the letter is at Amazon", lambda: len(world.amazon.messages) == 1)
        (letter,) = world.amazon.messages
        assert (letter.order_id, letter.kind, letter.text) == (WANTS_OUT, "unexpectedProblem", SENT)

    def test_the_same_words_are_not_sent_twice(
        self, dashboard: Dashboard, world: BrowserWorld
    ) -> None:
        contact(dashboard, WANTS_OUT)
        dialog = dashboard.app.get_by_role("dialog")
        dialog.get_by_role("radio", name="Unexpected problem").check()
        dialog.get_by_label("Message", exact=True).fill(SENT)
        dialog.get_by_role("button", name="Check").click()
        dialog.get_by_role("button", name="Send to the buyer").click()
        expect(dialog.get_by_role("alert")).to_contain_text("has been sent these words already")
        assert len(world.amazon.messages) == 1

    def test_what_amazon_does_not_take_is_said_at_the_text(self, dashboard: Dashboard) -> None:
        contact(dashboard, TO_CANCEL)
        dialog = dashboard.app.get_by_role("dialog")
        text = dialog.get_by_label("Message", exact=True)
        check = dialog.get_by_role("button", name="Check")
        expect(check).to_be_disabled()
        text.fill("Dear {buyer_name}")
        expect(dialog).to_contain_text("Nothing is known for {buyer_name}.")
        expect(check).to_be_disabled()
        text.fill("Write to me@example.com")
        check.click()
        expect(text).to_have_attribute("aria-invalid", "true")
        expect(dialog).to_contain_text("Amazon allows no e-mail addresses in messages.")

    def test_kinds_that_the_order_does_not_have_say_why(
        self, dashboard: Dashboard, page: Page
    ) -> None:
        contact(dashboard, TO_REFUND)
        dialog = dashboard.app.get_by_role("dialog")
        expect(dialog.get_by_role("radio")).to_have_count(1)
        dialog.get_by_text("other kinds are not possible now").click()
        expect(dialog).to_contain_text(
            "Question about the order: Amazon does not offer this kind of message"
        )
        page.set_viewport_size({"width": 620, "height": 900})
        assert overflow(frame_of(dashboard)) <= 0

    def test_an_order_that_allows_nothing_says_so(
        self, dashboard: Dashboard, world: BrowserWorld
    ) -> None:
        world.at_amazon(f"/control/orders/{TO_CANCEL}/messaging", {"kinds": []})
        contact(dashboard, TO_CANCEL)
        dialog = dashboard.app.get_by_role("dialog")
        expect(dialog).to_contain_text("Amazon allows no message now")
        expect(dialog.get_by_role("button", name="Check")).to_have_count(0)
