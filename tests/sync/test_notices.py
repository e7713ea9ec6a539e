"""Notices go out once each: what is new, to whom, when; and what a failure or a crash leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from saleor_amazon_app.demo.processes import free_port
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.notices import Cause, Pace
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.store.models import (
    Account,
    AccountState,
    Activity,
    NoticeRecipient,
    Order,
    Problem,
    Sweep,
    Tenant,
)
from saleor_amazon_app.store.tenants import save_installation
from saleor_amazon_app.sync import checks, mailing, notices
from saleor_amazon_app.sync.notice_desk import NoticeChoice, NoticeDesk
from saleor_amazon_app.sync.notices import Notices
from saleor_amazon_app.sync.services import Services
from tests.mails import SENDER, MailServer
from tests.web.api.conftest import Desk, Key, clock, keys, make_desk

__all__ = ["clock", "keys", "make_desk"]
"""Fixtures of another folder."""

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ANNA, BEN = "anna@shop.example", "ben@shop.example"
BY = Person("VXNlcjox", "staff@shop.example")

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Office:
    """A shop with a mail server, whose clock can be moved."""

    desk: Desk
    mails: MailServer
    now: datetime = NOW

    @property
    def services(self) -> Services:
        return self.desk.services

    def choose(self, *recipients: str, **more: Any) -> None:
        choice = NoticeChoice(is_on=True, recipients=recipients or (ANNA,), **more)
        NoticeDesk(self.services, self.desk.tenant_id, BY).choose(choice)

    def run(self) -> int:
        return Notices(self.services, self.desk.tenant_id).run()

    def later(self, **time: float) -> int:
        self.now += timedelta(**time)
        return self.run()

    def problem(self, n: int, kind: str = "unknown_sku", **more: Any) -> None:
        """Let an order wait for a person."""
        number = self.desk.file(n)
        self.desk.change(n, ship_by=None)
        with self.session() as session:
            order = session.scalars(select(Order).where(Order.amazon_order_id == number)).one()
            told = {"subject": "A", "message": "Anna Buyer of Bonn", "opened_at": NOW} | more
            session.add(Problem(order_id=order.id, kind=kind, **told))

    def close_problems(self) -> None:
        with self.session() as session:
            for problem in session.scalars(select(Problem)):
                problem.closed_at = self.now

    def session(self) -> Any:
        return self.services.database.tenant(self.desk.tenant_id)

    def account(self, **columns: Any) -> None:
        self._set(Account, columns)

    def sweeps(self, **columns: Any) -> None:
        self._set(Sweep, columns)

    def _set(self, kind: Any, columns: dict[str, Any]) -> None:
        with self.session() as session:
            for row in session.scalars(select(kind)):
                for name, value in columns.items():
                    setattr(row, name, value)

    def recipient(self, address: str = ANNA) -> NoticeRecipient:
        with self.session() as session:
            query = select(NoticeRecipient).where(NoticeRecipient.address == address)
            row: NoticeRecipient = session.scalars(query).one()
            return row

    def activities(self) -> list[str]:
        with self.session() as session:
            rows = session.scalars(select(Activity))
            return [f"{row.side} {row.operation}: {row.message}" for row in rows]

    def text(self, place: int = -1, address: str = ANNA) -> str:
        return str(self.mails.to(address)[place].get_content())


@pytest.fixture
def office(make_desk: Callable[..., Desk], mails: MailServer) -> Office:
    made = Office(make_desk(), mails)
    more = {"smtp_url": SecretStr(mails.url), "notices_from": SENDER}
    made.services.settings = made.services.settings.model_copy(update=more)
    made.services.now = lambda: made.now
    made.account(authorised_at=NOW)
    return made


# --- each thing once ----------------------------------------------------------------------------


def test_a_matter_is_mailed_once_as_long_as_it_lasts(office: Office) -> None:
    office.choose()
    assert office.run() == 0, "nothing is the matter"
    office.problem(1)
    assert office.run() == 1
    assert [office.later(hours=2) for _ in range(3)] == [0, 0, 0]
    office.problem(2)
    assert office.later(hours=2) == 1
    assert office.desk.number(2) in office.text()
    assert office.desk.number(1) not in office.text()


def test_a_matter_that_was_over_is_mailed_again(office: Office) -> None:
    office.choose()
    office.problem(1)
    office.run()
    office.close_problems()
    assert office.later(hours=2) == 0
    assert office.recipient().told == []
    office.problem(1)
    assert office.later(hours=2) == 1


def test_what_is_new_within_the_hour_waits_and_is_told_together(office: Office) -> None:
    office.choose()
    office.problem(1)
    office.run()
    office.problem(2)
    office.problem(3, "rejected")
    assert office.later(minutes=59) == 0
    assert office.later(minutes=1) == 1
    assert "2 new matters" in office.mails.to(ANNA)[-1]["Subject"]


def test_a_daily_mail_comes_at_its_hour_and_only_with_something_new(office: Office) -> None:
    office.choose(pace=Pace.DAILY, hour=7, timezone="Europe/Berlin")
    office.problem(1)
    assert office.run() == 0, "switched on at noon"
    assert office.later(hours=17, minutes=59) == 0
    assert office.later(minutes=1) == 1, "7 o'clock in Berlin"
    assert office.later(hours=24) == 0, "nothing new"
    office.problem(2)
    assert office.later(hours=1) == 0, "today's hour has passed"
    assert office.later(hours=23) == 1


def test_each_recipient_is_told_for_themselves(office: Office) -> None:
    office.choose(ANNA)
    office.problem(1)
    office.run()
    office.choose(ANNA, BEN)
    assert office.later(hours=2) == 1
    assert (len(office.mails.to(ANNA)), len(office.mails.to(BEN))) == (1, 1)
    assert office.mails.to(BEN)[0]["To"] == BEN


def test_who_is_no_recipient_any_more_gets_nothing(office: Office) -> None:
    office.choose(ANNA, BEN)
    office.choose(BEN)
    office.problem(1)
    office.run()
    assert office.mails.to(ANNA) == []


def test_off_is_off(office: Office) -> None:
    office.choose()
    office.problem(1)
    choice = NoticeChoice(is_on=False, recipients=(ANNA,))
    NoticeDesk(office.services, office.desk.tenant_id, BY).choose(choice)
    assert office.run() == 0


# --- causes -------------------------------------------------------------------------------------


def let_authorisation_end(office: Office) -> None:
    office.account(authorised_at=NOW - timedelta(days=340))


def let_authorisation_be_lost(office: Office) -> None:
    office.account(state=AccountState.AUTHORISATION_LOST)


def let_a_shipment_be(office: Office, ship_by: datetime) -> None:
    office.desk.file(1)
    office.desk.change(1, ship_by=ship_by, status="UNSHIPPED", fulfilled_by="MERCHANT")


def let_sweeps_stand(office: Office) -> None:
    then = NOW - timedelta(hours=3)
    office.sweeps(failures=4, finished_at=then, failure="Amazon answered searchOrders with 500.")


def let_notifications_stand(office: Office) -> None:
    office.account(notifications_since=NOW)
    office.services.redis.set("notifications:failure", "AWS answered AccessDenied.")


CAUSES: list[tuple[Cause, Callable[[Office], None], str]] = [
    (Cause.AUTHORISATION, let_authorisation_be_lost, "no longer accepts the authorisation of A1SE"),
    (Cause.AUTHORISATION, let_authorisation_end, "A1SELLER (EU) at Amazon ends on 19 Dec 2026"),
    (Cause.PROBLEMS, lambda o: o.problem(1), "Unknown SKU: 1 order waits"),
    (Cause.ANSWERS, lambda o: o.problem(1, "rejected"), "Rejected by Amazon: 1 order waits"),
    (Cause.SHIPMENTS, lambda o: let_a_shipment_be(o, NOW - timedelta(1)), "1 shipment is late"),
    (
        Cause.SHIPMENTS,
        lambda o: let_a_shipment_be(o, NOW + timedelta(hours=5)),
        "1 shipment is due today",
    ),
    (Cause.STANDSTILL, let_sweeps_stand, "have not been read since 24 Nov 2026, 09:00:00"),
    (Cause.STANDSTILL, let_notifications_stand, "AccessDenied"),
]


@pytest.mark.parametrize(("cause", "happen", "words"), CAUSES)
def test_each_cause_is_told_if_it_is_wanted(
    office: Office, cause: Cause, happen: Callable[[Office], None], words: str
) -> None:
    happen(office)
    others = tuple(other for other in Cause if other is not cause)
    office.choose(causes=others)
    assert office.run() == 0
    office.choose(causes=(cause,))
    assert office.run() == 1
    assert words in " ".join(office.text().split())


def test_today_is_the_shops_today(office: Office) -> None:
    let_a_shipment_be(office, datetime(2026, 11, 24, 23, 30, tzinfo=UTC))
    office.choose(timezone="Europe/Berlin")
    assert office.run() == 0, "tomorrow in Berlin"
    office.choose(timezone="UTC")
    assert office.run() == 1


def test_a_shipment_that_is_due_and_then_late_is_told_as_both(office: Office) -> None:
    let_a_shipment_be(office, NOW + timedelta(hours=5))
    office.choose()
    assert office.run() == 1
    assert office.later(hours=6) == 1
    assert "is late" in office.text()


def test_a_sweep_that_fails_for_minutes_is_no_standstill(office: Office) -> None:
    office.sweeps(failures=4, finished_at=NOW - timedelta(minutes=50), failure="No answer.")
    office.choose()
    assert office.run() == 0


# --- what a mail holds --------------------------------------------------------------------------


def test_a_mail_names_numbers_and_a_link_and_nobody(office: Office) -> None:
    office.problem(1)
    with office.services.database.system() as session:
        session.get_one(Tenant, office.desk.tenant_id).dashboard_origin = "https://desk.example"
    office.choose()
    office.run()
    text = office.text()
    assert office.desk.number(1) in text
    assert "https://desk.example/dashboard/extensions/app/QXBwOjE%3D/problems" in text
    for personal in ("Anna", "Bonn", "Erika", "Berlin"):
        assert personal not in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Unknown SKU: 1 order waits for a person."),
        ("de", "Unbekannte SKU: 1 Bestellung wartet auf jemanden."),
        ("nl", "Onbekende SKU: 1 bestelling wacht op iemand."),
    ],
)
def test_a_mail_is_in_the_shops_language(office: Office, language: str, words: str) -> None:
    office.problem(1)
    office.choose(language=language)
    office.run()
    assert words in office.text()


# --- failures -----------------------------------------------------------------------------------


def test_what_a_failing_server_did_not_take_is_sent_later(office: Office) -> None:
    office.choose(ANNA, BEN)
    office.problem(1)
    office.mails.answer = "451 Not now"
    assert office.run() == 0
    row = office.recipient()
    assert (row.told, row.failed_at, row.sent_at) == ([], NOW, None)
    assert "Not now" in (row.failure or "")
    assert office.recipient(BEN).failure == row.failure
    assert office.activities() == [f"mail sendMail: {row.failure}"], "once, not for each"
    office.mails.answer = ""
    assert office.later(minutes=4) == 0
    assert office.later(minutes=1) == 2
    assert (office.recipient().failure, office.recipient().failed_at) == (None, None)


def test_an_address_that_is_refused_leaves_the_others_alone(office: Office) -> None:
    office.choose(ANNA, BEN)
    office.problem(1)
    office.mails.refuses[ANNA] = "550 No such mailbox"
    assert office.run() == 1
    assert "No such mailbox" in (office.recipient().failure or "")
    assert office.recipient(BEN).failure is None
    assert office.later(hours=2) == 0
    assert len(office.mails.to(BEN)) == 1


class Crash(BaseException):
    """The process ends here."""


def test_a_crash_before_sending_loses_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.choose()
    office.problem(1)
    with monkeypatch.context() as patch:
        patch.setattr(notices, "send", crash)
        with pytest.raises(Crash):
            office.run()
    assert office.run() == 0, "claimed by a worker that may live"
    assert office.later(minutes=11) == 1
    assert len(office.mails.to(ANNA)) == 1


def test_a_crash_after_sending_repeats_one_mail_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.choose()
    office.problem(1)
    with monkeypatch.context() as patch:
        patch.setattr(Notices, "_note", crash)
        with pytest.raises(Crash):
            office.run()
    assert len(office.mails.to(ANNA)) == 1
    assert [office.later(hours=1) for _ in range(4)] == [1, 0, 0, 0]
    assert len(office.mails.to(ANNA)) == 2


def crash(*_: Any, **__: Any) -> None:
    raise Crash


def test_two_workers_send_one_mail(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.choose()
    office.problem(1)
    genuine, others = mailing.send, list[int]()

    def slow(*args: Any) -> None:
        others.append(office.run())
        genuine(*args)

    monkeypatch.setattr(notices, "send", slow)
    assert office.run() == 1
    assert others == [0]
    assert len(office.mails.to(ANNA)) == 1


# --- the tick -----------------------------------------------------------------------------------


def test_the_tick_looks_at_each_shop_once_a_minute_and_after_a_choice(office: Office) -> None:
    office.services.redis.flushall()
    assert notices.tenants_to_tell(office.services) == [], "off"
    office.choose()
    assert notices.tenants_to_tell(office.services) == [office.desk.tenant_id], "at once"
    assert notices.tenants_to_tell(office.services) == []


def test_without_a_mail_server_nothing_is_looked_at(office: Office) -> None:
    office.choose()
    office.problem(1)
    settings = office.services.settings
    office.services.settings = settings.model_copy(update={"notices_from": ""})
    office.services.redis.flushall()
    assert notices.tenants_to_tell(office.services) == []
    assert office.run() == 0


def test_one_shop_is_not_told_of_anothers_orders(
    office: Office, keys: dict[str, Key], make_desk: Callable[..., Desk]
) -> None:
    office.problem(1)
    office.services.now = lambda: office.now
    with office.services.database.system() as session:
        other: TenantId = save_installation(
            session,
            api_url="http://two.example/graphql/",
            app_id="QXBwOjE=",
            token=office.services.vault.seal("token"),
            jwks=keys["two"].jwks,
            now=NOW,
        )
    choice = NoticeChoice(is_on=True, recipients=(BEN,))
    NoticeDesk(office.services, other, BY).choose(choice)
    assert Notices(office.services, other).run() == 0
    assert office.mails.mails == []


# --- the doctor ---------------------------------------------------------------------------------


def test_the_doctor_greets_the_mail_server(office: Office) -> None:
    assert checks.MAIL_SERVER.run(office.services).ok
    assert office.mails.mails == []
    update = {"smtp_url": SecretStr(f"smtp://127.0.0.1:{free_port()}")}
    office.services.settings = office.services.settings.model_copy(update=update)
    found = checks.MAIL_SERVER.run(office.services)
    assert not found.ok
    assert "cannot be reached" in found.detail
