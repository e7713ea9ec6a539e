"""A mail server for tests: a real one, in this process, that can be told to misbehave."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from saleor_amazon_app.demo.processes import free_port

SENDER = "Amazon orders <amazon@shop.example>"
USER, PASSWORD = "app", "p@ss word"


@dataclass
class MailServer:
    """What has been taken, and what is refused."""

    port: int
    mails: list[tuple[str, EmailMessage]] = field(default_factory=list)
    """To whom, and what."""
    refuses: dict[str, str] = field(default_factory=dict)
    """Answers to addresses."""
    answer: str = ""
    """To every mail, instead of taking it."""
    hangs_up: bool = False
    """Breaks the connection off where it should say goodbye."""
    logins: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for to, mail in self.mails if to == address]

    # --- what aiosmtpd asks ---------------------------------------------------------------------

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        if self.answer:
            return self.answer
        mail = message_from_bytes(envelope.content, policy=default)
        self.mails += [(address, mail) for address in envelope.rcpt_tos]
        return "250 OK"

    async def handle_QUIT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        if self.hangs_up:
            server.transport.abort()
        return "221 Bye"

    def authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        good = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
        if good:
            self.logins.append(data.login.decode())
        return AuthResult(success=good, handled=good)


@contextmanager
def mail_server(**more: Any) -> Iterator[MailServer]:
    server = MailServer(free_port())
    login = server.authenticate
    controller = Controller(
        server, hostname="127.0.0.1", port=server.port, authenticator=login, **more
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server
