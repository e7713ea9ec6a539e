"""Settings, and the way from an installation to the first imported order."""

import re

from playwright.sync_api import Page, expect

from saleor_amazon_app.sandbox.saleor.model import TaxClass
from tests.browser.dashboard import Dashboard
from tests.browser.test_order import card
from tests.browser.world import NEWCOMER, SECOND, SELLER, BrowserWorld

AT_LAST = 60_000


def test_from_installation_to_the_first_imported_order(world: BrowserWorld, page: Page) -> None:
    dashboard = Dashboard(world, page, world.new_shop)
    page.goto(f"{world.new_shop.url}/dashboard/")
    page.get_by_label("Manifest URL").fill(f"{world.app_url}/api/manifest")
    page.get_by_role("button", name="Install").click()
    expect(dashboard.toasts).to_contain_text("Amazon Orders is installed")

    app = dashboard.open()
    steps = card(app, "First steps")
    expect(steps.get_by_role("listitem").first).to_contain_text("Connect your Amazon account")
    steps.get_by_role("link", name="Do it now").click()

    app.get_by_role("button", name="Connect an account").click()
    dialog = app.get_by_role("dialog")
    dialog.get_by_role("button", name="With a token of your own").click()
    connect = dialog.get_by_role("button", name="Connect with this token")
    expect(connect).to_be_disabled()
    dialog.get_by_label("Merchant token").fill(NEWCOMER)
    dialog.get_by_label("Region").select_option("eu")
    dialog.get_by_label("Refresh token").fill("Atzr|wrong")
    dialog.get_by_label("Import orders since").fill("2020-01-01")
    connect.click()
    expect(dialog.get_by_role("alert")).to_have_text("The account could not be connected.")
    token = dialog.get_by_label("Refresh token")
    expect(token).to_have_attribute("aria-invalid", "true")
    expect(token).to_have_accessible_description(re.compile("Amazon does not accept this token"))
    expect(dialog.get_by_label("Merchant token")).not_to_have_attribute("aria-invalid", "true")
    token.fill(f"Atzr|{NEWCOMER}")
    connect.click()
    expect(dialog).to_have_count(0)
    expect(card(app, "Amazon accounts")).to_contain_text(NEWCOMER)

    app.get_by_role("link", name="Marketplaces").click()
    store = app.get_by_role("region", name="Amazon.de")
    expect(store).to_contain_text("Not mapped")
    store.get_by_role("button", name="Map").click()
    store.get_by_label("Channel", exact=True).select_option("amazon-de")
    store.get_by_role("button", name="Save").click()
    expect(store).to_contain_text("amazon-de")

    app.get_by_role("link", name="Overview").click()
    app.get_by_role("button", name="Sync now").click()
    expect(app.get_by_role("link", name="302-9999999-0000001")).to_be_visible(timeout=AT_LAST)
    expect(card(app, "First steps")).to_have_count(0, timeout=AT_LAST)
    assert dashboard.complaints == []


def test_an_account_is_connected_through_amazons_own_page(world: BrowserWorld, page: Page) -> None:
    """In the shop of the first test; Amazon's page opens in a tab of its own."""
    dashboard = Dashboard(world, page, world.new_shop)
    app = dashboard.open("/settings")
    app.get_by_role("button", name="Connect an account").click()
    dialog = app.get_by_role("dialog")
    dialog.get_by_label("Marketplace", exact=True).select_option(label="Amazon.co.uk")
    with page.context.expect_page() as opened:
        dialog.get_by_role("button", name="Continue to Amazon").click()
    tab = opened.value
    expect(tab.get_by_text(f"{world.new_shop.url}/graphql/")).to_be_visible()
    tab.get_by_role("link", name="Go on to Amazon").click()
    tab.get_by_label("Seller").select_option(value=SECOND)
    tab.get_by_role("button", name="Confirm").click()
    tab.wait_for_url(f"{world.app_url}/**")
    page.bring_to_front()
    expect(dialog).to_have_count(0, timeout=AT_LAST)
    expect(card(app, "Amazon accounts")).to_contain_text(SECOND)
    assert dashboard.complaints == []


def test_the_start_of_the_import_is_moved(world: BrowserWorld, page: Page) -> None:
    """Of the account of the test before, which imports from now on."""
    dashboard = Dashboard(world, page, world.new_shop)
    app = dashboard.open("/settings")
    account = card(app, "Amazon accounts").get_by_role("listitem").filter(has_text=SECOND)
    account.get_by_role("button", name="Change …").click()
    dialog = app.get_by_role("dialog")
    expect(dialog).to_contain_text("Orders bought before this day are left out.")
    dialog.get_by_role("textbox", name="Import orders since").fill("2021-03-04")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(account).to_contain_text("Mar 4, 2021")
    assert dashboard.complaints == []


def test_an_account_is_removed_and_its_orders_stay_in_saleor(
    world: BrowserWorld, page: Page
) -> None:
    dashboard = Dashboard(world, page, world.new_shop)
    number = "302-9999999-0000001"
    before = world.new_shop.order(number)
    assert before is not None
    app = dashboard.open("/settings")
    account = card(app, "Amazon accounts").get_by_role("listitem").filter(has_text=NEWCOMER)
    account.get_by_role("button", name="Remove …").click()
    dialog = app.get_by_role("dialog")
    expect(dialog).to_contain_text("1 order in Saleor, as it is.")
    expect(dialog).to_contain_text("1 Amazon order in this app")
    expect(dialog).to_contain_text("It cannot be taken back.")
    dialog.get_by_role("button", name="Remove this account").click()
    expect(dialog).to_have_count(0)
    expect(account).to_have_count(0, timeout=AT_LAST)
    expect(card(app, "Amazon accounts")).to_contain_text(SECOND)
    assert world.new_shop.order(number) == before
    app = dashboard.open(f"/orders/{number}")
    expect(app.get_by_text("This order is not known")).to_be_visible()
    app = dashboard.open("/activity")
    expect(card(app, "Changes by staff")).to_contain_text("Account removed")


def test_an_account_with_something_under_way_is_not_removed(
    dashboard: Dashboard, page: Page
) -> None:
    told = {"orders": 9, "in_saleor": 8, "under_way": 2, "unknown": 1, "importing": 0}
    page.route("**/removal", lambda route: route.fulfill(json=told | {"allowed": False}))
    app = dashboard.open("/settings")
    app.get_by_role("button", name="Remove …").click()
    dialog = app.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("2 messages to Amazon have not been")
    expect(dialog.get_by_role("alert")).to_contain_text("Of 1 message nobody knows")
    expect(dialog.get_by_role("button", name="Remove this account")).to_be_disabled()


def test_an_account_is_paused_and_resumed(dashboard: Dashboard) -> None:
    app = dashboard.open("/settings")
    accounts = card(app, "Amazon accounts")
    accounts.get_by_role("button", name="Pause").click()
    expect(accounts.locator(".pill")).to_have_text("Paused")
    accounts.get_by_role("button", name="Resume").click()
    expect(accounts.locator(".pill")).to_have_text("Connected")


def test_a_marketplaces_terms_are_changed_and_logged(dashboard: Dashboard) -> None:
    app = dashboard.open("/settings/marketplaces")
    store = app.get_by_role("region", name="Amazon.co.uk")
    store.get_by_role("button", name="Change").click()
    expect(store).to_contain_text("Default: on.")
    store.get_by_label("Reserve stock for open orders").uncheck()
    store.get_by_label("Carrier if none is recognised").fill("Royal Mail")
    store.get_by_role("button", name="Save").click()
    expect(store).to_contain_text("Royal Mail")
    app = dashboard.open("/activity")
    changes = card(app, "Changes by staff")
    expect(changes).to_contain_text("admin@example.com")
    expect(changes).to_contain_text(re.compile("hold_stock|default_carrier|carrier", re.IGNORECASE))


def test_only_channels_of_the_marketplaces_currency_are_offered(dashboard: Dashboard) -> None:
    app = dashboard.open("/settings/marketplaces")
    store = app.get_by_role("region", name="Amazon.co.uk")
    store.get_by_role("button", name="Change").click()
    options = store.get_by_label("Channel", exact=True).locator("option")
    expect(options).to_have_text(["Choose …", "Amazon UK"])


def test_where_there_are_several_tax_classes_one_has_to_be_named(
    dashboard: Dashboard, world: BrowserWorld
) -> None:
    classes = world.shop.state.shop.tax_classes
    classes.append(TaxClass(id=2, name="Books"))
    try:
        app = dashboard.open("/settings/marketplaces")
        store = app.get_by_role("region", name="Amazon.co.uk")
        store.get_by_role("button", name="Change").click()
        tax_class = store.get_by_label("Tax class")
        expect(tax_class.locator("option")).to_have_text(["Choose …", "Standard", "Books"])
        expect(tax_class).to_have_attribute("required", "")
        warehouse = store.get_by_label("Warehouse")
        expect(warehouse.locator("option").first).to_have_text("The only one there is")
        expect(warehouse).not_to_have_attribute("required", "")
    finally:
        classes.pop()


def test_words_for_carriers_are_added_and_removed(dashboard: Dashboard) -> None:
    app = dashboard.open("/settings/words")
    names = card(app, "Names of carriers")
    names.get_by_label("Your name").fill("Yellow van")
    names.get_by_label("Amazon's carrier").select_option("DHL")
    names.get_by_role("button", name="Add").click()
    expect(names.get_by_role("listitem")).to_contain_text("yellow van", ignore_case=True)
    names.get_by_role("button", name=re.compile("Remove yellow van", re.IGNORECASE)).click()
    expect(names.get_by_role("listitem")).to_have_count(0)


def test_read_only_mode_is_seen_on_the_overview(dashboard: Dashboard) -> None:
    app = dashboard.open("/settings/shop")
    app.get_by_label("Reason").fill("We take stock.")
    app.get_by_role("button", name="Switch on").click()
    expect(app.get_by_text("Read-only mode is on")).to_be_visible()
    app = dashboard.open()
    expect(app.get_by_text("We take stock.")).to_be_visible()
    app.get_by_role("link", name="To the setting").click()
    app.get_by_role("button", name="Switch off").click()
    expect(app.get_by_role("button", name="Switch on")).to_be_visible()


def test_the_logs_retention_is_set_within_limits(dashboard: Dashboard) -> None:
    app = dashboard.open("/settings/shop")
    days = app.get_by_label("Days that failures are kept")
    save = card(app, "Log").get_by_role("button", name="Save")
    days.fill("0")
    expect(save).to_be_disabled()
    days.fill("45")
    save.click()
    expect(app.get_by_text("Saved")).to_be_visible()
    app = dashboard.open("/settings/shop")
    expect(app.get_by_label("Days that failures are kept")).to_have_value("45")


def test_the_overview_shows_accounts_figures_and_recent_orders(dashboard: Dashboard) -> None:
    app = dashboard.open()
    expect(card(app, "Accounts")).to_contain_text(SELLER)
    expect(card(app, "Accounts")).to_contain_text("Amazon.de")
    figures = card(app, "Revenue")
    figures.get_by_role("button", name="GBP").click()
    expect(figures.get_by_text("Revenue by day in GBP")).to_be_visible()
    expect(figures).to_contain_text("Last 7 days")
    expect(card(app, "Recent orders").get_by_role("row")).to_have_count(11)
    app.get_by_role("link", name="Open shipments").click()
    expect(app.get_by_role("list", name="Active filters")).to_contain_text("Unshipped")
