"""What staff set about notices by e-mail, each change with who; and test mails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Final

from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.failures import Misconfigured, NotFitting
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.notices import Cause, Pace, why_not_written_to
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.mirror.sentences import Sentence, Term, say, several
from saleor_amazon_app.store import notices as notice_store
from saleor_amazon_app.store.models import NoticeRecipient, NoticeSettings, Tenant
from saleor_amazon_app.sync.change_details import differences
from saleor_amazon_app.sync.changes import add_change, record_change
from saleor_amazon_app.sync.mailing import MailFailure, RecipientRefused, refuse_without_server
from saleor_amazon_app.sync.notices import OPERATION, Writer, find_zone, look_soon
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.services import Services

MOST: Final = 20
"""Recipients."""
_BETWEEN_TESTS: Final = 30
"""Seconds."""


@dataclass(frozen=True)
class NoticeChoice:
    """What a shop's staff want to be told; the defaults are those of a shop that has not chosen."""

    is_on: bool = False
    recipients: tuple[str, ...] = ()
    causes: tuple[Cause, ...] = tuple(Cause)
    pace: Pace = Pace.AT_ONCE
    hour: int = 7
    timezone: str = "UTC"
    language: str = "en"


@dataclass(frozen=True)
class Tried:
    """What became of a test mail to one address."""

    address: str
    failure: Sentence | None


@dataclass
class NoticeDesk:
    """The notices of one shop, in the hands of one member of staff."""

    services: Services
    tenant_id: TenantId
    by: Person

    def choose(self, choice: NoticeChoice) -> None:
        """Set all of it at once. Who stays a recipient stays told of what they were.

        Raises:
            NotFitting: A field is wrong.
            Misconfigured: It is to be on, and there is no mail server.
        """
        if choice.is_on:
            refuse_without_server(self.services)
        if faults := _faults(choice):
            raise NotFitting(say("notices.not_fitting"), faults, code="not_fitting")
        with self.services.database.tenant(self.tenant_id) as session:
            session.get_one(Tenant, self.tenant_id, with_for_update=True)  # one after the other
            before = _facts(kept_choice(session))
            self._write(session, choice)
            after = _facts(choice)
            if detail := differences(before, after, {}):
                subject = say("subject.notices")
                add_change(self.services, session, self.by, subject, "Settings changed", detail)
        look_soon(self.services, self.tenant_id)

    def test(self) -> list[Tried]:
        """Send a test mail to all recipients, one after the other until the server fails.

        Raises:
            Misconfigured: There is no mail server, or nobody to write to, or it was just done.
        """
        refuse_without_server(self.services)
        with self.services.database.tenant(self.tenant_id) as session:
            choice = kept_choice(session)
        if not choice.recipients:
            raise Misconfigured(say("notices.nobody"), code="no_recipient")
        key = f"notices:tested:{self.tenant_id}"
        if not self.services.redis.set(key, 1, nx=True, ex=_BETWEEN_TESTS):
            raise Misconfigured(say("notices.test_too_soon"), code="too_soon")
        tried = self._try_all(choice)
        subject = say("subject.notices")
        record_change(self.services, self.tenant_id, self.by, subject, "Tested")
        return tried

    def _try_all(self, choice: NoticeChoice) -> list[Tried]:
        zone = find_zone(choice.timezone) or UTC
        writer = Writer(self.services, self.tenant_id, choice.language, zone)
        tried, stuck = list[Tried](), None
        for address in choice.recipients:
            failure = stuck or self._try(writer, address)
            tried.append(Tried(address, failure.said if failure else None))
            stuck = None if isinstance(failure, RecipientRefused) else failure
        self._let_go([each.address for each in tried if each.failure is None])
        return tried

    def _try(self, writer: Writer, address: str) -> MailFailure | None:
        try:
            writer.test(address)
        except MailFailure as failure:
            record_failure(self.services, self.tenant_id, None, OPERATION, failure)
            return failure
        return None

    def _let_go(self, arrived: Sequence[str]) -> None:
        """Have what waits for its next attempt sent now that mails get through."""
        with self.services.database.tenant(self.tenant_id) as session:
            for row in notice_store.recipients(session):
                if row.address in arrived:
                    row.next_attempt_at = None

    def _write(self, session: Session, choice: NoticeChoice) -> None:
        row = notice_store.settings_of(session)
        if row is None:
            row = NoticeSettings()
            session.add(row)
        row.is_on, row.causes, row.pace = choice.is_on, list(choice.causes), choice.pace
        row.hour, row.timezone, row.language = choice.hour, choice.timezone, choice.language
        self._write_recipients(session, choice.recipients)

    def _write_recipients(self, session: Session, wanted: Sequence[str]) -> None:
        """Keep who stays with what they were told; a daily mail comes at its next hour."""
        known = {each.address: each for each in notice_store.recipients(session)}
        for address in known.keys() - set(wanted):
            session.delete(known[address])
        for address in wanted:
            recipient = known.get(address) or NoticeRecipient(address=address, told=[], attempts=0)
            recipient.looked_at = self.services.now()
            session.add(recipient)


def kept_choice(session: Session) -> NoticeChoice:
    """Return what the session's tenant has chosen; what is so where nobody has, if it has not."""
    row = notice_store.settings_of(session)
    if row is None:
        return NoticeChoice()
    return NoticeChoice(
        is_on=row.is_on,
        recipients=tuple(each.address for each in notice_store.recipients(session)),
        causes=tuple(cause for cause in Cause if cause in row.causes),
        pace=Pace(row.pace),
        hour=row.hour,
        timezone=row.timezone,
        language=row.language,
    )


def _faults(choice: NoticeChoice) -> dict[str, Sentence]:
    faults = {
        "recipients": several(*_faults_of(choice)),
        "causes": say("notices.no_cause") if choice.is_on and not choice.causes else "",
        "timezone": _zone_fault(choice.timezone),
    }
    return {name: fault for name, fault in faults.items() if isinstance(fault, Sentence) and fault}


def _faults_of(choice: NoticeChoice) -> list[Sentence]:
    if choice.is_on and not choice.recipients:
        return [say("notices.nobody")]
    if len(choice.recipients) > MOST:
        return [say("notices.too_many", most=MOST)]
    return [why for address in choice.recipients if (why := why_not_written_to(address))]


def _zone_fault(name: str) -> Sentence | str:
    return "" if find_zone(name) else say("notices.no_zone", name=name)


def _facts(choice: NoticeChoice) -> dict[str, object]:
    """Return the settings as the log of changes tells them."""
    causes = [Term("notice_causes", cause) for cause in choice.causes]
    return {
        "notices_on": choice.is_on,
        "notice_recipients": ", ".join(sorted(choice.recipients)),
        "notice_causes": say("detail.value", value=causes) if causes else None,
        "notice_pace": choice.pace.value,
        "notice_hour": choice.hour,
        "notice_timezone": choice.timezone,
        "notice_language": choice.language,
    }
