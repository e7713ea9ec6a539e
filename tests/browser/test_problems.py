"""What waits for a person, and SKUs: cured where they stand."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.dashboard import Dashboard
from tests.browser.test_order import card
from tests.browser.world import OTHER_UNKNOWN, UNKNOWN, WANTS_OUT, BrowserWorld, wait_for


def test_problems_are_grouped_by_cause_with_their_cure(dashboard: Dashboard) -> None:
    app = dashboard.open("/problems")
    unknown = app.get_by_role("region", name="Unknown SKU")
    expect(unknown).to_contain_text("map the SKU to an existing variant")
    wish = app.get_by_role("region", name="Buyer wants to cancel")
    expect(wish).to_contain_text("ship it all the same")
    expect(app.get_by_role("navigation").get_by_text("orders wait for a person")).to_be_attached()


def test_a_cause_leads_to_its_orders_as_a_list(dashboard: Dashboard) -> None:
    app = dashboard.open("/problems")
    app.get_by_role("region", name="Unknown SKU").get_by_role("link", name="As a list").click()
    expect(app.get_by_role("list", name="Active filters")).to_contain_text("Problem: Unknown SKU")
    expect(app.get_by_role("link", name=OTHER_UNKNOWN)).to_be_visible()


def test_an_sku_is_mapped_in_place_and_its_order_comes_in(
    dashboard: Dashboard, world: BrowserWorld
) -> None:
    app = dashboard.open("/problems")
    group = app.get_by_role("region", name="Unknown SKU")
    if group.get_by_role("button", name="Show the orders").count():
        group.get_by_role("button", name="Show the orders").click()
    row = group.get_by_role("row", name=UNKNOWN)
    row.get_by_role("button", name="Map SKU …").click()
    dialog = app.get_by_role("dialog")
    expect(dialog).to_contain_text("Map SKU AMZ-MUG")
    expect(dialog.get_by_role("button", name="Map", exact=True)).to_be_disabled()
    dialog.get_by_label("Search a variant").fill("SHOP-01-NAT")
    dialog.get_by_role("radio").first.check()
    dialog.get_by_role("button", name="Map", exact=True).click()
    expect(dialog).to_have_count(0)
    wait_for("the order is imported", lambda: world.shop.order(UNKNOWN))
    (line,) = world.shop.order(UNKNOWN)["lines"]
    assert line["variantSku"] == "SHOP-01-NAT"


def test_a_problem_is_set_aside_with_a_reason(dashboard: Dashboard) -> None:
    app = dashboard.open(f"/orders/{WANTS_OUT}")
    problem = app.get_by_text("Buyer wants to cancel", exact=True)
    expect(problem).to_be_visible()
    app.get_by_role("button", name="Set aside …").click()
    dialog = app.get_by_role("dialog")
    confirm = dialog.get_by_role("button", name="Set aside …")
    expect(confirm).to_be_disabled()
    dialog.get_by_label("Why").fill("Already packed, the buyer agreed.")
    confirm.click()
    expect(dialog).to_have_count(0)
    expect(problem).to_have_count(0)
    expect(card(app, "Timeline")).to_contain_text("admin@example.com")


class TestSkus:
    def test_unmatched_skus_tell_how_many_orders_wait(self, dashboard: Dashboard) -> None:
        app = dashboard.open("/skus")
        row = app.get_by_role("row", name="AMZ-KETTLE")
        expect(row.get_by_role("link", name="1 order")).to_be_visible()

    def test_a_file_with_a_wrong_line_maps_nothing(
        self, dashboard: Dashboard, tmp_path: Path
    ) -> None:
        file = tmp_path / "wrong.csv"
        file.write_text("amazon_sku,saleor_sku\nAMZ-KETTLE,NO-SUCH-VARIANT\n")
        app = dashboard.open("/skus")
        app.get_by_role("button", name="Import CSV").click()
        dialog = app.get_by_role("dialog")
        dialog.get_by_label("CSV file").set_input_files(file)
        expect(dialog.get_by_role("alert")).to_contain_text("Line 2")
        expect(dialog.get_by_role("button", name="Import", exact=True)).to_be_disabled()

    def test_a_good_file_lets_the_waiting_orders_in(
        self, dashboard: Dashboard, world: BrowserWorld, tmp_path: Path
    ) -> None:
        file = tmp_path / "good.csv"
        file.write_text("amazon_sku,saleor_sku\nAMZ-KETTLE,SHOP-07-NAT\n")
        app = dashboard.open("/skus")
        app.get_by_role("button", name="Import CSV").click()
        dialog = app.get_by_role("dialog")
        dialog.get_by_label("CSV file").set_input_files(file)
        expect(dialog).to_contain_text("1 SKU will be mapped")
        dialog.get_by_role("button", name="Import", exact=True).click()
        expect(dialog).to_have_count(0)
        expect(card(app, "Mappings")).to_contain_text("AMZ-KETTLE")
        wait_for("the order is imported", lambda: world.shop.order(OTHER_UNKNOWN))

    def test_mappings_are_exported(self, dashboard: Dashboard) -> None:
        app = dashboard.open("/skus")
        expect(card(app, "Mappings")).to_contain_text("AMZ-KETTLE")
        with dashboard.page.expect_download() as started:
            app.get_by_role("button", name="Export CSV").click()
        text = Path(started.value.path()).read_text(encoding="utf-8-sig")
        assert "AMZ-KETTLE" in text

    def test_a_mapping_is_removed(self, dashboard: Dashboard) -> None:
        app = dashboard.open("/skus")
        app.get_by_role("button", name="Remove the mapping of AMZ-KETTLE").click()
        app.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
        expect(app.get_by_role("dialog")).to_have_count(0)
        expect(app.get_by_role("cell", name="AMZ-KETTLE")).to_have_count(0)
