"""Invoices: each goes to Amazon once, with what was shown; Amazon's answer decides, or a person."""

import http.server
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import delete, select
from structlog.testing import capture_logs

from saleor_amazon_app.mirror.failures import Misconfigured, NotFitting, NotKnown
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.saleor import invoices
from saleor_amazon_app.saleor.invoices import FileUnavailable, fetch_file
from saleor_amazon_app.sandbox.amazon.faults import FaultKind
from saleor_amazon_app.sandbox.amazon.state import INVOICING_ROLE
from saleor_amazon_app.store.invoices import keep_file
from saleor_amazon_app.store.models import Account, AccountState, Feed, Intent, InvoiceFile, Order
from saleor_amazon_app.store.models import Problem as ProblemRow
from saleor_amazon_app.sync import asking, guarding, invoicing
from saleor_amazon_app.sync.invoicing import Asked, Preview
from saleor_amazon_app.sync.pruning import prune
from tests.day import Day, a_day
from tests.mirror.amazon_orders import US, breakdown, item
from tests.shop_world import ShopWorld
from tests.world import SELLER

BY = Person("VXNlcjox", "staff@shop.example")
PDF = b"%PDF-1.7\n1 0 obj\n<< /Secret (Erika Mustermann) >>\nendobj\n%%EOF\n"
NUMBER = "RE-2026/0001"
FEED = "UPLOAD_VAT_INVOICE"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def sold() -> Any:
    parts = [breakdown("ITEM", "29.80"), breakdown("TAX", "4.76")]
    return item(1, quantity=2, total="29.80", shipped=2, breakdowns=parts)


@pytest.fixture
def day(shop: ShopWorld) -> Day:
    """A day with an order that has shipped: 29.80 EUR, of it 4.76 EUR of VAT."""
    return a_day(shop, sold(), status="SHIPPED")


def preview(day: Day, asked: Asked | None = None) -> Preview:
    shop = day.shop
    asked = asked or Asked(NUMBER, PDF)
    return invoicing.preview(shop.services, shop.tenant_id, shop.numbered(1), asked)


def confirm(day: Day, seen: Preview, asked: Asked | None = None) -> None:
    invoicing.ask(
        day.shop.services,
        day.shop.tenant_id,
        day.shop.numbered(1),
        asked or Asked(NUMBER, PDF),
        request_id=seen.request_id,
        digest=seen.digest,
        by=BY,
    )


def send(day: Day, asked: Asked | None = None) -> None:
    confirm(day, preview(day, asked), asked)


def taken(day: Day) -> list[tuple[str, str | None, str | None, int]]:
    """Return the invoices that Amazon has."""
    return [(i.number, i.total, i.vat, i.size) for i in day.shop.amazon.invoices]


def states(day: Day) -> list[str]:
    return [state for kind, state in day.states() if kind == "invoice"]


def intents(day: Day) -> list[Intent]:
    with day.shop.services.database.tenant(day.shop.tenant_id) as session:
        return list(session.scalars(select(Intent).order_by(Intent.id)))


def files(day: Day) -> int:
    """Count the files that are kept."""
    with day.shop.services.database.tenant(day.shop.tenant_id) as session:
        return len(session.scalars(select(InvoiceFile)).all())


def problems(day: Day) -> list[str]:
    with day.shop.services.database.tenant(day.shop.tenant_id) as session:
        query = select(ProblemRow).where(ProblemRow.closed_at.is_(None))
        return [row.kind for row in session.scalars(query)]


def at_rest(day: Day) -> None:
    for _ in range(6):
        day.carry(minutes=11)


# --- accepted and rejected ----------------------------------------------------------------------


def test_an_invoice_goes_to_amazon_as_it_was_shown_and_amazon_accepts_it(day: Day) -> None:
    seen = preview(day)
    assert seen.options == {
        "metadata:orderid": day.shop.numbered(1),
        "metadata:invoicenumber": NUMBER,
        "metadata:documenttype": "Invoice",
        "metadata:totalamount": "29.80",
        "metadata:totalvatamount": "4.76",
    }
    assert (seen.warnings, states(day), files(day)) == ([], [], 0)
    confirm(day, seen)
    assert (states(day), files(day), taken(day)) == (["queued"], 1, [])
    at_rest(day)
    assert states(day) == ["accepted"]
    assert taken(day) == [(NUMBER, "29.80", "4.76", len(PDF))]
    (feed,) = day.shop.amazon.feeds.values()
    assert (feed.options, feed.marketplace_ids) == (
        seen.options,
        [day.amazon()["salesChannel"]["marketplaceId"]],
    )
    assert day.shop.amazon.documents[feed.document_id].data == PDF
    assert day.shop.amazon.documents[feed.document_id].content_type == "application/pdf"
    notes = day.notes()
    assert f"The invoice {NUMBER} is to go to Amazon." in notes
    assert f"Amazon accepted the invoice: {NUMBER}, €29.80." in notes


@on_sqlite
def test_the_file_is_sealed_in_no_log_and_deleted_with_the_answer(day: Day, tmp_path: Path) -> None:
    def kept() -> bytes:
        return b"".join(file.read_bytes() for file in tmp_path.glob("app.sqlite3*"))

    with capture_logs() as logs:
        send(day)
        assert b"Erika Mustermann" not in kept()
        at_rest(day)
    assert "Erika" not in str(logs)
    assert (states(day), files(day)) == (["accepted"], 0)


@pytest.mark.parametrize(
    ("code", "words", "cure"),
    [
        (79517, "The order has not been dispatched.", ""),
        (79525, "Amazon will generate invoice for shipmentId N/A", "Amazon writes this account's"),
    ],
)
def test_a_rejection_is_told_in_amazons_words_and_the_next_one_cures_it(
    day: Day, code: int, words: str, cure: str
) -> None:
    details = {"feed_type": FEED, "code": code, "description": words, "count": 1}
    day.shop.fault(FaultKind.MESSAGE_ERROR, **details)
    send(day)
    at_rest(day)
    (intent,) = intents(day)
    assert (intent.state, files(day), taken(day)) == ("rejected", 0, [])
    assert f"{words} ({code})" in intent.answer
    assert cure in intent.answer
    assert problems(day) == ["rejected"]
    with pytest.raises(Misconfigured) as refused:
        asking.send_again(day.shop.services, day.shop.tenant_id, intent.id, BY.name)
    assert refused.value.code == "file_gone"
    send(day)
    at_rest(day)
    assert (states(day), problems(day)) == (["rejected", "accepted"], [])
    assert len(taken(day)) == 1


def test_an_account_whose_invoices_amazon_writes_is_told_what_to_change(day: Day) -> None:
    day.shop.amazon.sellers[SELLER].invoiced_by_amazon = True
    send(day)
    at_rest(day)
    (intent,) = intents(day)
    assert intent.state == "rejected"
    assert intent.answer_said is not None
    codes = [each["code"] for each in intent.answer_said["params"]["sentences"]]
    assert codes == ["", "cure.own_invoices"]


def test_a_missing_role_rejects_it_at_once_and_says_which(day: Day) -> None:
    seller = day.shop.amazon.sellers[SELLER]
    seller.roles -= {INVOICING_ROLE}
    send(day)
    day.carry()
    (intent,) = intents(day)
    assert (intent.state, taken(day)) == ("rejected", [])
    assert "Tax Invoicing (Restricted)" in intent.answer


# --- once ---------------------------------------------------------------------------------------


def test_the_same_request_twice_is_one_invoice(day: Day) -> None:
    seen = preview(day)
    confirm(day, seen)
    confirm(day, seen)
    at_rest(day)
    confirm(day, seen)
    at_rest(day)
    assert (states(day), len(taken(day)), files(day)) == (["accepted"], 1, 0)


def test_a_number_goes_to_amazon_once_for_an_order(day: Day) -> None:
    first, second = preview(day), preview(day)
    confirm(day, first)
    with pytest.raises(Misconfigured) as refused:
        confirm(day, second)
    assert refused.value.code == "sent_already"
    at_rest(day)
    with pytest.raises(Misconfigured) as refused:
        preview(day)
    assert refused.value.code == "sent_already"
    send(day, Asked("RE-2026/0002", PDF))
    at_rest(day)
    assert [number for number, *_ in taken(day)] == [NUMBER, "RE-2026/0002"]


def test_what_was_not_shown_is_not_sent(day: Day) -> None:
    seen = preview(day)
    for other in (Asked(NUMBER, PDF + b" "), Asked("RE-2", PDF)):
        with pytest.raises(Misconfigured) as refused:
            confirm(day, seen, other)
        assert refused.value.code == "preview_outdated"
    confirm(day, seen)
    with pytest.raises(Misconfigured) as refused:
        confirm(day, seen, Asked("RE-2", PDF))
    assert refused.value.code == "other_request"
    assert states(day) == ["queued"]


def test_several_orders_each_have_a_feed_of_their_own(shop: ShopWorld) -> None:
    for number in (1, 2, 3):
        shop.sell(sold(), number=number, status="SHIPPED")
    shop.run()
    day = Day(shop)
    for number in (1, 2, 3):
        order, asked = shop.numbered(number), Asked(f"RE-{number}", PDF)
        seen = invoicing.preview(shop.services, shop.tenant_id, order, asked)
        invoicing.ask(
            shop.services,
            shop.tenant_id,
            order,
            asked,
            request_id=seen.request_id,
            digest=seen.digest,
            by=BY,
        )
    at_rest(day)
    assert states(day) == ["accepted"] * 3
    assert sorted(i.number for i in shop.amazon.invoices) == ["RE-1", "RE-2", "RE-3"]
    assert len(shop.amazon.feeds) == 3


# --- unknown outcomes ---------------------------------------------------------------------------


def test_a_lost_answer_is_looked_for_and_then_a_persons_to_settle(day: Day) -> None:
    """The feed that Amazon lists may be another program's, and its report names no order."""
    day.shop.fault(FaultKind.LOST_ANSWER, operation="createFeed", count=1)
    send(day)
    at_rest(day)
    (intent,) = intents(day)
    assert (intent.state, len(taken(day)), files(day)) == ("needs_attention", 1, 1)
    assert "Look at the order in Seller Central" in intent.answer
    assert problems(day) == ["needs_attention"]
    at_rest(day)
    assert len(taken(day)) == 1
    asking.settle_as_done(day.shop.services, day.shop.tenant_id, intent.id, BY.name)
    assert (states(day), files(day)) == (["accepted"], 0)


def test_a_rejection_that_may_be_anothers_is_quoted_and_a_persons_to_settle(day: Day) -> None:
    day.shop.fault(FaultKind.LOST_ANSWER, operation="createFeed", count=1)
    details = {"feed_type": FEED, "code": 79517, "description": "Not yours.", "count": 1}
    day.shop.fault(FaultKind.MESSAGE_ERROR, **details)
    send(day)
    at_rest(day)
    (intent,) = intents(day)
    assert (intent.state, taken(day), files(day)) == ("needs_attention", [], 1)
    assert "Amazon's words: Not yours. (79517)" in intent.answer


def test_a_feed_that_amazon_never_made_is_a_persons_to_send_again(day: Day) -> None:
    day.shop.fault(FaultKind.DROP, operation="createFeed", count=1)
    send(day)
    at_rest(day)
    (intent,) = intents(day)
    assert (intent.state, taken(day), files(day)) == ("needs_attention", [], 1)
    asking.send_again(day.shop.services, day.shop.tenant_id, intent.id, BY.name)
    at_rest(day)
    assert (states(day), len(taken(day)), files(day)) == (["accepted"], 1, 0)


def test_a_report_that_is_missing_leaves_it_to_a_person(day: Day) -> None:
    day.shop.fault(FaultKind.REPORT_MISSING, feed_type=FEED)
    send(day)
    for _ in range(30):
        day.carry(minutes=11)
    assert (states(day), len(taken(day))) == (["needs_attention"], 1)


def test_a_throttled_invoice_waits_and_is_sent_once(day: Day) -> None:
    day.shop.fault(FaultKind.THROTTLE, operation="createFeed", count=3)
    send(day)
    at_rest(day)
    assert (states(day), len(taken(day))) == (["accepted"], 1)


# --- held ---------------------------------------------------------------------------------------


def test_read_only_mode_holds_it(day: Day) -> None:
    send(day)
    guarding.set_read_only(day.shop.services, day.shop.tenant_id, on=True)
    at_rest(day)
    assert (states(day), taken(day), files(day)) == (["queued"], [], 1)
    with pytest.raises(Misconfigured) as refused:
        preview(day, Asked("RE-2", PDF))
    assert refused.value.code == "read_only"
    guarding.set_read_only(day.shop.services, day.shop.tenant_id, on=False)
    at_rest(day)
    assert (states(day), len(taken(day))) == (["accepted"], 1)


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (AccountState.PAUSED, "paused"),
        (AccountState.AUTHORISATION_LOST, "authorisation_lost"),
        (AccountState.REMOVING, "being_removed"),
    ],
)
def test_an_account_that_does_not_work_holds_it(day: Day, state: AccountState, code: str) -> None:
    send(day)
    with day.shop.services.database.tenant(day.shop.tenant_id) as session:
        session.scalars(select(Account)).one().state = state
    at_rest(day)
    assert (states(day), taken(day)) == (["queued"], [])
    with pytest.raises(Misconfigured) as refused:
        preview(day, Asked("RE-2", PDF))
    assert refused.value.code == code


def test_an_invoice_that_is_given_up_takes_its_file_along(day: Day) -> None:
    send(day)
    (intent,) = intents(day)
    asking.withdraw(day.shop.services, day.shop.tenant_id, intent.id, BY.name)
    at_rest(day)
    assert (states(day), taken(day), files(day)) == (["withdrawn"], [], 0)


def test_an_order_cancelled_meanwhile_gets_none(day: Day) -> None:
    send(day)
    fulfillment = day.amazon()["fulfillment"] | {"fulfillmentStatus": "CANCELLED"}
    day.shop.change(1, fulfillment=fulfillment)
    day.shop.sweep_all()
    at_rest(day)
    assert (states(day), taken(day), files(day)) == (["withdrawn"], [], 0)
    withdrawn = "Withdrawn: the invoice (RE-2026/0001, €29.80). Not sent: The order is cancelled."
    assert withdrawn in day.notes()


# --- where there can be none --------------------------------------------------------------------


def test_an_order_that_has_not_shipped_takes_none(shop: ShopWorld) -> None:
    with pytest.raises(Misconfigured) as refused:
        preview(a_day(shop))
    assert refused.value.code == "invoice_not_shipped"


def test_a_store_without_invoices_takes_none(shop: ShopWorld) -> None:
    usual = item(1, quantity=1, total="14.90", shipped=1, currency="USD")
    with pytest.raises(Misconfigured) as refused:
        preview(a_day(shop, usual, status="SHIPPED", marketplace=US))
    assert refused.value.code == "invoice_store"


def test_an_order_that_amazon_fulfils_takes_one_too(shop: ShopWorld) -> None:
    day = a_day(shop, sold(), status="SHIPPED", by="AMAZON")
    send(day)
    at_rest(day)
    assert (states(day), len(taken(day))) == (["accepted"], 1)


def test_nobody_can_send_one_for_an_order_that_is_not_theirs(day: Day) -> None:
    with pytest.raises(NotKnown):
        invoicing.preview(
            day.shop.services, day.shop.tenant_id, "302-0000000-0000000", Asked(NUMBER, PDF)
        )


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (Asked("", PDF), "number"),
        (Asked("R" * 51, PDF), "number"),
        (Asked(NUMBER, b""), "file"),
        (Asked(NUMBER, b"<html>"), "file"),
        (Asked(NUMBER), "file"),
    ],
)
def test_what_does_not_do_is_told_at_its_field(day: Day, asked: Asked, field: str) -> None:
    with pytest.raises(NotFitting) as refused:
        preview(day, asked)
    assert list(refused.value.fields) == [field]


# --- Saleor's invoices --------------------------------------------------------------------------


@contextmanager
def a_store(
    content: bytes = PDF, status: int = 200, tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """Serve one file, as the place does where an invoice lies; yields host and port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Location", "http://169.254.169.254/")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def trusting(day: Day, *hosts: str) -> None:
    """Let the operator trust hosts."""
    settings = day.shop.services.settings
    day.shop.services.settings = settings.model_copy(update={"invoice_file_hosts": list(hosts)})


def invoice_in_saleor(day: Day, url: str, number: str = "SAL-7") -> str:
    text = """
        mutation I($id: ID!, $input: InvoiceCreateInput!) {
          invoiceCreate(orderId: $id, input: $input) { invoice { id } errors { message } }
        }"""
    wish = {"number": number, "url": url}
    done = day.mutate("I", text, id=day.saleor()["id"], input=wish)
    return str(done["invoiceCreate"]["invoice"]["id"])


def test_an_invoice_of_saleors_is_fetched_and_goes_under_its_number(day: Day) -> None:
    with a_store() as host:
        trusting(day, host)
        chosen = Asked(saleor_id=invoice_in_saleor(day, f"http://{host}/invoice.pdf"))
        shop = day.shop
        found = invoicing.choices(shop.services, shop.tenant_id, shop.numbered(1))
        assert [(one.id, one.number) for one in found.listed] == [(chosen.saleor_id, "SAL-7")]
        send(day, chosen)
        at_rest(day)
    assert taken(day) == [("SAL-7", "29.80", "4.76", len(PDF))]


def test_an_invoice_of_saleors_with_another_total_is_not_sent(day: Day) -> None:
    chosen = Asked(saleor_id=invoice_in_saleor(day, "https://files.example/1.pdf"))
    parts = [breakdown("ITEM", "19.80"), breakdown("TAX", "3.16")]
    changed = item(1, quantity=2, total="19.80", shipped=2, breakdowns=parts)
    grand = {"grandTotal": {"amount": "19.80", "currencyCode": "EUR"}}
    day.shop.change(1, orderItems=[changed], proceeds=grand)
    day.shop.sweep_all()
    with pytest.raises(Misconfigured) as refused:
        preview(day, chosen)
    assert refused.value.code == "total_differs"


def test_an_invoice_that_saleor_does_not_have_is_not_sent(day: Day) -> None:
    with pytest.raises(Misconfigured) as refused:
        preview(day, Asked(saleor_id="SW52b2ljZTo5OTk="))
    assert refused.value.code == "no_invoice"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.1/1.pdf", "private"),
        ("https://[::1]/1.pdf", "private"),
        ("https://[::ffff:10.0.0.1]/1.pdf", "private"),
        ("https://169.254.169.254/latest/meta-data", "private"),
        ("https://localhost:5432/1.pdf", "private"),
        ("http://files.example/1.pdf", "no_file"),
        ("ftp://files.example/1.pdf", "no_file"),
        ("file:///etc/passwd", "no_file"),
        ("https://files.example:notaport/", "no_file"),
        ("https://", "no_file"),
    ],
)
def test_addresses_that_are_not_for_the_app_are_not_asked(url: str, code: str) -> None:
    with pytest.raises(FileUnavailable) as refused:
        fetch_file(url, most=100)
    assert (refused.value.code, bool(refused.value.cure)) == (code, True)


def certified(folder: Path, name: str) -> tuple[ssl.SSLContext, str]:
    """Make a certificate for a host; returns what a server needs, and the file that vouches."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    file = folder / "certificate.pem"
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(private + made.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context, str(file)


@pytest.mark.parametrize(("name", "is_had"), [("localhost", True), ("other.example", False)])
def test_a_file_is_had_over_tls_from_the_host_that_is_named_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, is_had: bool
) -> None:
    """The same way as to the Internet, with this machine counted as a public one."""
    context, vouching = certified(tmp_path, name)
    monkeypatch.setattr(invoices._WAYS, "ip_filter_allow_loopback_ips", True)
    genuine = invoices._session

    def session(*, is_private: bool) -> requests.Session:
        made = genuine(is_private=is_private)
        made.verify = vouching
        return made

    monkeypatch.setattr(invoices, "_session", session)
    with a_store(tls=context) as host:
        url = f"https://localhost:{host.rpartition(':')[2]}/1.pdf"
        if is_had:
            assert fetch_file(url, most=1000) == PDF
            return
        with pytest.raises(FileUnavailable):
            fetch_file(url, most=1000)


@pytest.mark.parametrize("status", [302, 403, 404, 500])
def test_no_redirect_is_followed_and_no_error_is_an_invoice(status: int) -> None:
    with a_store(status=status) as host, pytest.raises(FileUnavailable) as refused:
        fetch_file(f"http://{host}/1.pdf", most=1000, private_hosts=[host])
    assert str(status) in refused.value.message


def test_no_more_is_read_than_an_invoice_may_have() -> None:
    with a_store(b"%PDF-" + b"x" * 1_000_000) as host:
        content = fetch_file(f"http://{host}/1.pdf", most=1000, private_hosts=[host])
    assert 1000 < len(content) < 200_000


def test_a_trusted_host_is_that_host_alone(day: Day) -> None:
    with a_store() as host:
        for url in (f"http://user@{host}/1.pdf", f"http://{host}.example/1.pdf"):
            with pytest.raises(FileUnavailable):
                fetch_file(url, most=100, private_hosts=[host])


# --- what is kept ----


def test_a_file_goes_with_its_order_and_after_thirty_days_in_any_case(day: Day) -> None:
    services, tenant_id = day.shop.services, day.shop.tenant_id
    day.shop.fault(FaultKind.DROP, operation="createFeed", count=1)
    send(day)
    at_rest(day)
    assert (states(day), files(day)) == (["needs_attention"], 1)
    day.shop.pass_time(days=29)
    services.redis.flushall()
    prune(services)
    assert files(day) == 1
    day.shop.pass_time(days=2)
    services.redis.flushall()
    prune(services)
    assert files(day) == 0
    with pytest.raises(Misconfigured) as refused:
        asking.send_again(services, tenant_id, intents(day)[0].id, BY.name)
    assert refused.value.code == "file_gone"
    with services.database.tenant(tenant_id) as session:
        row = session.scalars(select(Order)).one()
        vault, now = services.vault, services.now()
        keep_file(session, vault, row.id, "1" * 24, PDF, now)
        session.flush()
        session.execute(delete(Order))
        assert session.scalars(select(InvoiceFile)).all() == []


# --- beside other work --------------------------------------------------------------------------


def test_another_tenant_sees_neither_intent_nor_file(day: Day) -> None:
    send(day)
    with day.shop.services.database.system() as session:
        owners = set(session.scalars(select(InvoiceFile.tenant_id)))
        feeds = session.scalars(select(Feed)).all()
    assert (owners, list(feeds)) == ({day.shop.tenant_id}, [])


def test_the_message_holds_what_was_shown(day: Day) -> None:
    seen = preview(day)
    assert replace(seen, warnings=[]).message.total == seen.message.total
    assert (seen.message.currency, seen.message.size) == ("EUR", len(PDF))
