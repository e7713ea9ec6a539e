"""An invoice from the order's page to Amazon's answer."""

from playwright.sync_api import FrameLocator, Locator, expect

from tests.browser.dashboard import Dashboard
from tests.browser.test_order import card
from tests.browser.world import TO_CANCEL, TO_INVOICE, BrowserWorld, wait_for

PDF = b"%PDF-1.7\n%%EOF\n"
NUMBER = "RE-2026/0001"


def opened(dashboard: Dashboard) -> tuple[FrameLocator, Locator]:
    app = dashboard.open(f"/orders/{TO_INVOICE}")
    card(app, "What you can do").get_by_role("button", name="Upload invoice …").click()
    return app, app.get_by_role("dialog")


def choose(dialog: Locator, content: bytes) -> None:
    chosen = {"name": "invoice.pdf", "mimeType": "application/pdf", "buffer": content}
    dialog.get_by_label("Invoice as a PDF").set_input_files(chosen)  # type: ignore[arg-type]


def test_an_order_that_has_not_shipped_says_why_it_takes_none(dashboard: Dashboard) -> None:
    app = dashboard.open(f"/orders/{TO_CANCEL}")
    actions = card(app, "What you can do")
    expect(actions.get_by_role("button", name="Upload invoice …")).to_be_disabled()
    expect(actions).to_contain_text("Amazon takes an invoice once the order has shipped.")


def test_what_is_no_pdf_is_told_at_the_file(dashboard: Dashboard) -> None:
    _, dialog = opened(dashboard)
    expect(dialog).to_contain_text("The invoice has to come to €24.90, of it €3.98 VAT")
    check = dialog.get_by_role("button", name="Check")
    expect(check).to_be_disabled()
    dialog.get_by_label("Invoice number").fill(NUMBER)
    choose(dialog, b"PK\x03\x04")
    check.click()
    expect(dialog).to_contain_text("This is no PDF; Amazon takes nothing else.")
    expect(dialog.get_by_label("Invoice as a PDF")).to_have_attribute("aria-invalid", "true")


def test_an_invoice_is_looked_at_and_goes_to_amazon_once(
    dashboard: Dashboard, world: BrowserWorld
) -> None:
    app, dialog = opened(dashboard)
    dialog.get_by_label("Invoice number").fill(NUMBER)
    choose(dialog, PDF)
    dialog.get_by_role("button", name="Check").click()
    seen = dialog.get_by_role("region", name="Exactly this goes to Amazon")
    expect(seen).to_contain_text("€24.90")
    expect(seen).to_contain_text("PDF, 1 KiB")
    dialog.get_by_label("Invoice number").fill("RE-2")
    expect(seen).to_have_count(0)
    dialog.get_by_label("Invoice number").fill(NUMBER)
    dialog.get_by_role("button", name="Check").click()
    expect(seen).to_contain_text(NUMBER)
    dialog.get_by_role("button", name="Upload to Amazon").click()
    expect(dialog).to_have_count(0)
    told = card(app, "Told to Amazon")
    expect(told).to_contain_text(f"Invoice {NUMBER}, €24.90")
    wait_for("Amazon has it", lambda: world.amazon.invoices)
    query = "SELECT count(*) FROM intents WHERE kind = 'invoice' AND state = 'accepted'"
    wait_for("Amazon has accepted it", lambda: world.count(query))
    app = dashboard.open(f"/orders/{TO_INVOICE}")
    mine = card(app, "Told to Amazon").locator("li", has_text=NUMBER)
    expect(mine.locator(".pill")).to_have_text("Accepted")
    expect(card(app, "Timeline")).to_contain_text(f"Amazon accepted the invoice: {NUMBER}, €24.90.")
    assert [(i.number, i.size) for i in world.amazon.invoices] == [(NUMBER, len(PDF))]
    assert world.count("SELECT count(*) FROM invoice_files") == 0


def test_one_of_saleors_invoices_is_chosen_by_its_number(
    dashboard: Dashboard, world: BrowserWorld
) -> None:
    text = """mutation I($id: ID!, $input: InvoiceCreateInput!) {
        invoiceCreate(orderId: $id, input: $input) { errors { message } } }"""
    wish = {"number": "SAL-7", "url": "https://127.0.0.1/1.pdf"}
    told = {"id": world.shop.order(TO_INVOICE)["id"], "input": wish}
    world.shop.post("/control/act", {"query": text, "variables": told})
    _, dialog = opened(dashboard)
    dialog.get_by_label("SAL-7 in Saleor").check()
    expect(dialog.get_by_label("Invoice number")).to_have_value("SAL-7")
    expect(dialog.get_by_label("Invoice as a PDF")).to_have_count(0)
    dialog.get_by_role("button", name="Check").click()
    expect(dialog).to_contain_text("lies in a network that the app keeps out of")
    expect(dialog).to_contain_text("Upload the file here")
