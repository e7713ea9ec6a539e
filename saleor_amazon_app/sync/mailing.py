"""Hands mails to the operator's mail server (RFC 5321), one recipient each."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from typing import Final
from urllib.parse import unquote, urlsplit

from saleor_amazon_app.mirror.failures import AppFailure, Misconfigured, Remedy, Side
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.sync.services import Services

_PATIENCE: Final = 20.0
"""Seconds for each answer of the server."""
_PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_LONGEST: Final = 300
_ADDRESS: Final = re.compile(r"[^\s<>()\"']+@[^\s<>()\"',;:]+")


class MailFailure(AppFailure):
    """No mail can go out, whoever it is for."""

    side = Side.MAIL
    remedy = Remedy.PERSON


class MailServerSilent(MailFailure):
    """The mail server is not there, or says that it cannot at the moment."""

    remedy = Remedy.RETRY


class RecipientRefused(MailFailure):
    """The mail server does not take mails for this one address."""


@dataclass(frozen=True)
class Mail:
    """A mail of plain text."""

    to: str
    subject: str
    text: str


def refuse_without_server(services: Services) -> None:
    """Raise Misconfigured where the operator has set no mail server."""
    if not services.settings.can_mail:
        raise Misconfigured(
            say("notices.no_server"), cure=say("notices.set_server"), code="no_mail_server"
        )


def send(services: Services, mail: Mail) -> None:
    """Hand over a mail; when this returns, the server has taken it on.

    Raises:
        RecipientRefused: The server refuses the address.
        MailServerSilent: The server is not there, or not able at the moment.
        MailFailure: It refuses otherwise: the encryption, the login, the sender, the mail.
    """
    sender = services.settings.notices_from
    message = _message(services, sender, mail)
    with _told(mail.to), _connected(services) as server:
        server.send_message(message, parseaddr(sender)[1], [mail.to])


def greet(services: Services) -> None:
    """See whether the mail server is there and accepts name and password; nothing is sent.

    Raises:
        MailFailure: It is not, or does not.
    """
    with _told(), _connected(services) as server:
        server.ehlo_or_helo_if_needed()


def _message(services: Services, sender: str, mail: Mail) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, mail.to, mail.subject
    message["Date"] = format_datetime(services.now())
    message["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office notes in return
    message.set_content(mail.text)
    return message


@contextmanager
def _connected(services: Services) -> Iterator[smtplib.SMTP]:
    parts = urlsplit(services.settings.smtp_url.get_secret_value())
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    context = ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(host, port, timeout=_PATIENCE, context=context)
        if parts.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=_PATIENCE)
    )
    try:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server
        with suppress(OSError, smtplib.SMTPException):  # the mail is on its way already
            server.quit()
    finally:
        server.close()


@contextmanager
def _told(address: str = "") -> Iterator[None]:
    """Turn what smtplib raises into failures. Once it has taken the mail, nothing is raised."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as refused:
        _, answer = refused.recipients[address]
        raise RecipientRefused(
            say("mail.recipient", answer=_words(answer)),
            cure=say("mail.check_address"),
        ) from None
    except smtplib.SMTPAuthenticationError as refused:
        told = say("mail.login", answer=_words(refused.smtp_error))
        raise MailFailure(told, cure=say("mail.check")) from None
    except smtplib.SMTPNotSupportedError:
        raise MailFailure(say("mail.no_tls"), cure=say("mail.check")) from None
    except smtplib.SMTPServerDisconnected as gone:
        raise _silent(str(gone)) from None
    except smtplib.SMTPResponseException as refused:
        words = _words(refused.smtp_error)
        if refused.smtp_code // 100 == 4:  # noqa: PLR2004 - RFC 5321, 4.2.1: not at the moment
            raise _silent(words) from None
        raise MailFailure(say("mail.refused", answer=words), cure=say("mail.check")) from None
    except (OSError, smtplib.SMTPException) as gone:
        raise _silent(str(gone)) from None


def _silent(answer: str) -> MailServerSilent:
    return MailServerSilent(say("mail.silent", answer=_words(answer)), cure=say("mail.later"))


def _words(answer: bytes | str) -> str:
    """Return a server's words without the addresses that they repeat: failures are logged."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(_ADDRESS.sub("…", text).split())[:_LONGEST]
