"""Mails the merchant's staff what is new, and remembers what each of them was told.

A mail is recorded after the server has taken it. A crash in between sends it once more, and loses
none. Without a mail server (``SMTP_URL``) nothing happens.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import cached_property
from typing import Final
from urllib.parse import quote as quoted
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.notice_letters import Letter, write_letter, write_test
from saleor_amazon_app.mirror.notices import (
    Matter,
    Pace,
    Timetable,
    may_look,
    news,
    next_attempt,
    still_told,
)
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store import notices as notice_store
from saleor_amazon_app.store.models import NoticeRecipient, NoticeSettings, Tenant
from saleor_amazon_app.sync.mailing import Mail, MailFailure, RecipientRefused, send
from saleor_amazon_app.sync.matters import read_matters
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.services import Services
from saleor_amazon_app.sync.speaking import Speaker

log = structlog.get_logger(__name__)

OPERATION: Final = "sendMail"
_EVERY: Final = 60
"""Seconds between two looks at one shop."""


def tenants_to_tell(services: Services) -> list[str]:
    """Return the tenants with somebody to write to, if something is new; each once a minute."""
    if not services.settings.can_mail:
        return []
    with services.database.system() as session:
        ids = [TenantId(tenant.id) for tenant in ledger.working_tenants(session)]
    looked_at = (id_ for id_ in ids if services.redis.set(_turn(id_), 1, nx=True, ex=_EVERY))
    return [id_ for id_ in looked_at if Notices(services, id_).due()]


def look_soon(services: Services, tenant_id: TenantId) -> None:
    """Have the next tick look at a shop, though it was looked at a moment ago."""
    services.redis.delete(_turn(tenant_id))


def _turn(tenant_id: TenantId) -> str:
    return f"notices:{tenant_id}"


@dataclass
class Notices:
    """The notices of one shop."""

    services: Services
    tenant_id: TenantId

    def due(self) -> list[NoticeRecipient]:
        """Return the recipients for whom it is time to look for something new."""
        with self._session() as session:
            settings = notice_store.settings_of(session)
            if settings is None or not settings.is_on:
                return []
            table = timetable_of(settings)
            return [row for row in notice_store.recipients(session) if self._may(row, table)]

    def run(self) -> int:
        """Write to whoever is due; returns how many mails went out.

        What fails for one address leaves the others alone; a server that fails is left alone.
        """
        with self._session() as session:
            settings = notice_store.settings_of(session)
        due = self.due() if self.services.settings.can_mail else []
        if settings is None or not due:
            return 0
        table = timetable_of(settings)
        matters = read_matters(self.services, self.tenant_id, settings.causes, table.zone)
        writer = Writer(self.services, self.tenant_id, settings.language, table.zone)
        is_daily = table.pace is Pace.DAILY
        ids = [row.id for row in due if is_daily or self._differs(row, matters)]
        return self._serve_all(ids, matters, writer)

    def _serve_all(self, due: Sequence[str], matters: Sequence[Matter], writer: "Writer") -> int:
        sent, stuck = 0, None
        for recipient_id in due:
            row = self._claim(recipient_id)
            if row is None:
                continue
            new = news(matters, row.told)
            if not new:
                self._note(row, matters)
            elif stuck:
                self._fail(row, stuck)
            elif failure := _write(writer, row.address, new):
                self._fail(row, failure)
                record_failure(self.services, self.tenant_id, None, OPERATION, failure)
                stuck = None if isinstance(failure, RecipientRefused) else failure
            else:
                self._note(row, matters, is_sent=True)
                sent += 1
        return sent

    def _differs(self, row: NoticeRecipient, matters: Sequence[Matter]) -> bool:
        """Tell whether there is something to write, or to forget."""
        return {matter.key for matter in matters} != set(row.told)

    def _may(self, row: NoticeRecipient, table: Timetable) -> bool:
        now = self.services.now()
        if row.next_attempt_at is not None and row.next_attempt_at > now:
            return False
        return may_look(table, row.sent_at, row.looked_at, now)

    # --- the rows -------------------------------------------------------------------------------

    def _claim(self, recipient_id: str) -> NoticeRecipient | None:
        with self._session() as session:
            return notice_store.claim(session, recipient_id, self.services.now())

    def _note(
        self, claimed: NoticeRecipient, matters: Sequence[Matter], *, is_sent: bool = False
    ) -> None:
        """Remember what a recipient knows; after a mail that is all there is."""
        now = self.services.now()
        with self._session() as session:
            if row := self._held(session, claimed):
                known = [m.key for m in matters] if is_sent else claimed.told
                row.told = still_told(matters, known)
                row.looked_at = now
                _release(row)
                if is_sent:
                    row.sent_at, row.failed_at, row.failure = now, None, None
        if is_sent:
            log.info("notice sent", tenant=self.tenant_id, recipient=claimed.id)

    def _fail(self, claimed: NoticeRecipient, failure: MailFailure) -> None:
        """Remember a failure; the matters stay untold, and so new."""
        now = self.services.now()
        with self._session() as session:
            if row := self._held(session, claimed):
                attempts = row.attempts + 1
                _release(row)
                row.attempts, row.next_attempt_at = attempts, next_attempt(attempts, now)
                row.failed_at, row.failure = now, failure.said

    def _held(self, session: Session, claimed: NoticeRecipient) -> NoticeRecipient | None:
        return notice_store.held(session, claimed.id, claimed.claim or "")

    def _session(self) -> AbstractContextManager[Session]:
        return self.services.database.tenant(self.tenant_id)


def timetable_of(settings: NoticeSettings) -> Timetable:
    """Return how often; a time zone that this machine does not know any more is UTC."""
    return Timetable(Pace(settings.pace), settings.hour, find_zone(settings.timezone) or UTC)


def find_zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _write(writer: "Writer", address: str, new: Sequence[Matter]) -> MailFailure | None:
    try:
        writer.write(address, write_letter(new, writer.shop))
    except MailFailure as failure:
        return failure
    return None


def _release(row: NoticeRecipient) -> None:
    row.claim = row.claimed_until = row.next_attempt_at = None
    row.attempts = 0


@dataclass
class Writer:
    """Writes letters in a shop's language and sends them."""

    services: Services
    tenant_id: TenantId
    language: str
    zone: tzinfo

    @cached_property
    def _tenant(self) -> Tenant:
        with self.services.database.tenant(self.tenant_id) as session:
            return session.get_one(Tenant, self.tenant_id)

    @property
    def shop(self) -> str:
        """The host of the shop, by which staff know which one it is."""
        return urlsplit(self._tenant.saleor_api_url).hostname or ""

    def write(self, address: str, letter: Letter) -> None:
        """Send a letter.

        Raises:
            MailFailure: It did not go out.
        """
        speaker = Speaker(self.language, self.zone)
        text = "\n\n".join(self._parts(speaker, letter))
        send(self.services, Mail(address, speaker.say(letter.subject), text + "\n"))

    def test(self, address: str) -> None:
        """Send a mail that says nothing but that it came.

        Raises:
            MailFailure: It did not go out.
        """
        self.write(address, write_test(self.shop))

    def _parts(self, speaker: Speaker, letter: Letter) -> list[str]:
        parts = [speaker.say(letter.opening)]
        for paragraph in letter.paragraphs:
            lines = [speaker.say(paragraph.text), *(f"  {order}" for order in paragraph.orders)]
            if paragraph.more:
                lines.append(f"  {speaker.say(paragraph.more)}")
            parts.append("\n".join(lines))
        parts.append(speaker.say(say("notice.look", url=self._url(letter.page))))
        parts.append(speaker.say(say("notice.foot")))
        return parts

    def _url(self, page: str) -> str:
        """Return the address of a page of the app in the Dashboard."""
        api = urlsplit(self._tenant.saleor_api_url)
        origin = self._tenant.dashboard_origin or f"{api.scheme}://{api.netloc}"
        return f"{origin}/dashboard/extensions/app/{quoted(self._tenant.app_id, safe='')}{page}"
