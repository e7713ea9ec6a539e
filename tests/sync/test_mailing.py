"""Mails go through a real server: its encryptions, its login, its refusals."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from saleor_amazon_app.demo.processes import free_port
from saleor_amazon_app.mirror.failures import Remedy, Side
from saleor_amazon_app.sync import mailing
from saleor_amazon_app.sync.mailing import (
    Mail,
    MailFailure,
    MailServerSilent,
    RecipientRefused,
    send,
)
from tests.mails import PASSWORD, SENDER, USER, MailServer, mail_server

ANNA = "anna@shop.example"
MAIL = Mail(ANNA, "Grüße", "Zwei Bestellungen warten.\n")


def sending(url: str) -> Any:
    settings = SimpleNamespace(smtp_url=SecretStr(url), notices_from=SENDER)
    return SimpleNamespace(settings=settings, now=lambda: datetime(2026, 11, 24, 12, tzinfo=UTC))


def test_a_mail_arrives_as_it_was_written(mails: MailServer) -> None:
    send(sending(mails.url), MAIL)
    (mail,) = mails.to(ANNA)
    assert (mail["From"], mail["To"], mail["Subject"]) == (SENDER, ANNA, "Grüße")
    assert mail.get_content().strip() == "Zwei Bestellungen warten."
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Tue, 24 Nov 2026 12:00:00 +0000"
    assert mail["Message-ID"].endswith("@shop.example>")


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        ("554 Too much", MailFailure, "mail.refused"),
        ("451 Try again later", MailServerSilent, "mail.silent"),
    ],
)
def test_a_refused_mail_says_why(
    mails: MailServer, answer: str, kind: type[MailFailure], code: str
) -> None:
    mails.answer = answer
    with pytest.raises(kind) as told:
        send(sending(mails.url), MAIL)
    assert told.value.message.code == code
    assert answer[4:] in str(told.value)
    assert told.value.side is Side.MAIL


def test_a_refused_address_is_its_own_failure(mails: MailServer) -> None:
    mails.refuses[ANNA] = f"550 5.1.1 <{ANNA}>: No such mailbox"
    with pytest.raises(RecipientRefused, match="No such mailbox") as told:
        send(sending(mails.url), MAIL)
    assert "anna" not in str(told.value), "failures are logged"


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with pytest.raises(MailServerSilent) as told:
        send(sending(f"smtp://127.0.0.1:{free_port()}"), MAIL)
    assert told.value.remedy is Remedy.RETRY


def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailing, "_PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(MailServerSilent):
        send(sending(f"smtp://127.0.0.1:{silent.getsockname()[1]}"), MAIL)


def test_a_mail_that_was_taken_counts_whatever_comes_of_the_farewell(mails: MailServer) -> None:
    """Else it would be sent again."""
    mails.hangs_up = True
    send(sending(mails.url), MAIL)
    assert len(mails.to(ANNA)) == 1


# --- encrypted, with a login --------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that vouches for itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def encrypted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A server that wants STARTTLS and a login."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(tls_context=context, require_starttls=True, auth_required=True) as made:
        yield made


def starttls(server: MailServer, password: str = PASSWORD, host: str = "localhost") -> str:
    return f"smtp+starttls://{USER}:{quote(password, safe='')}@{host}:{server.port}"


def test_name_and_password_go_over_an_encrypted_connection(encrypted: MailServer) -> None:
    send(sending(starttls(encrypted)), MAIL)
    assert encrypted.logins == [USER]
    assert len(encrypted.to(ANNA)) == 1


def test_a_wrong_password_is_told_without_it(encrypted: MailServer) -> None:
    with pytest.raises(MailFailure) as told:
        send(sending(starttls(encrypted, "secret")), MAIL)
    assert told.value.message.code == "mail.login"
    assert "secret" not in str(told.value)
    assert encrypted.mails == []


def test_a_certificate_of_another_host_is_not_accepted(encrypted: MailServer) -> None:
    with pytest.raises(MailFailure, match="certificate"):
        send(sending(starttls(encrypted, host="127.0.0.1")), MAIL)
    assert encrypted.logins == []


def test_a_server_without_encryption_gets_no_password(mails: MailServer) -> None:
    with pytest.raises(MailFailure) as told:
        send(sending(starttls(mails)), MAIL)
    assert told.value.message.code == "mail.no_tls"
    assert mails.mails == []
