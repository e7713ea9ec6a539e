"""The settings' part Notifications: notices by e-mail, and what is known of Amazon's."""

from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from saleor_amazon_app.sandbox.amazon.faults import FaultKind
from saleor_amazon_app.store.models import Account, AccountState
from saleor_amazon_app.sync import notification_desk
from tests.mails import SENDER, MailServer
from tests.notified import Notified
from tests.web.api.conftest import Desk
from tests.web.api.staff import Staff

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ANNA = "anna@shop.example"
WANTED: dict[str, Any] = {
    "on": True,
    "recipients": [f" {ANNA} ", "ben@shop.example", "", ANNA],
    "causes": ["shipments", "problems"],
    "pace": "daily",
    "hour": 8,
    "timezone": "Europe/Berlin",
    "language": "de",
}


@pytest.fixture
def mailing(desk: Desk, mails: MailServer) -> Desk:
    """A desk of an app that has a mail server."""
    more = {"smtp_url": SecretStr(mails.url), "notices_from": SENDER}
    desk.services.settings = desk.services.settings.model_copy(update=more)
    desk.services.redis.flushall()
    return desk


def changes(desk: Desk) -> list[tuple[str, str, str]]:
    items = desk.get("/changes")["items"]
    names = ("subject", "action", "detail")
    told = [[(item[name] or {"text": ""})["text"] for name in names] for item in items]
    return [(subject, action, detail) for subject, action, detail in told]


# --- notices ------------------------------------------------------------------------------------


def test_nobody_is_told_anything_by_default(mailing: Desk) -> None:
    told = mailing.get("/notices")
    assert (told["on"], told["recipients"], told["is_chosen"]) == (False, [], False)
    assert set(told["causes"]) == {
        "authorisation",
        "problems",
        "answers",
        "shipments",
        "standstill",
    }
    assert (told["pace"], told["why_not"], told["sender"]) == ("at_once", [], SENDER)


def test_without_a_mail_server_it_says_what_the_operator_has_to_set(desk: Desk) -> None:
    told = desk.get("/notices")
    assert [each["code"] for each in told["why_not"]] == [
        "notices.no_server",
        "notices.set_server",
    ]
    assert "SMTP_URL" in told["why_not"][1]["text"]
    refused = desk.refused("PUT", "/notices", WANTED)
    assert (refused["status"], refused["code"]) == (409, "no_mail_server")
    assert desk.refused("POST", "/notices/test")["code"] == "no_mail_server"


def test_what_is_set_is_kept_and_recorded_with_who(mailing: Desk) -> None:
    told = mailing.put("/notices", WANTED)
    assert [each["address"] for each in told["recipients"]] == [ANNA, "ben@shop.example"]
    assert told["causes"] == ["problems", "shipments"]
    assert (told["pace"], told["hour"], told["timezone"]) == ("daily", 8, "Europe/Berlin")
    assert mailing.get("/notices") == told
    ((subject, action, detail),) = changes(mailing)
    assert (subject, action) == ("notices by e-mail", "Settings changed")
    assert "notices on: no → yes." in detail
    assert f"notice recipients: none → {ANNA}, ben@shop.example." in detail
    assert mailing.get("/changes")["items"][0]["by"] == "staff@shop.example"


def test_the_same_again_is_no_change(mailing: Desk) -> None:
    mailing.put("/notices", WANTED)
    mailing.put("/notices", WANTED)
    assert len(changes(mailing)) == 1


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"recipients": ["x@marketplace.amazon.de"]}, "recipients", "notices.relay"),
        ({"recipients": ["302-1@amazon-order.invalid"]}, "recipients", "notices.placeholder"),
        ({"recipients": ["anna"]}, "recipients", "notices.no_address"),
        ({"recipients": []}, "recipients", "notices.nobody"),
        ({"recipients": [f"{n}@a.example" for n in range(21)]}, "recipients", "notices.too_many"),
        ({"causes": []}, "causes", "notices.no_cause"),
        ({"timezone": "Mars/Base"}, "timezone", "notices.no_zone"),
        ({"hour": 24}, "hour", "field.at_most"),
        ({"language": "xx"}, "language", "field.shape"),
    ],
)
def test_what_does_not_do_is_refused_at_its_field(
    mailing: Desk, change: dict[str, Any], field: str, code: str
) -> None:
    refused = mailing.refused("PUT", "/notices", WANTED | change)
    assert refused["status"] == 422
    assert [(f["field"], f["sentence"]["code"]) for f in refused["fields"]] == [(field, code)]
    assert mailing.get("/notices")["is_chosen"] is False


def test_switched_off_it_may_be_without_recipients(desk: Desk) -> None:
    """Also where the mail server is gone."""
    told = desk.put("/notices", WANTED | {"on": False, "recipients": []})
    assert (told["on"], told["is_chosen"]) == (False, True)


def test_a_test_mail_goes_to_each_recipient_and_says_what_failed(
    mailing: Desk, mails: MailServer
) -> None:
    mailing.put("/notices", WANTED)
    mails.refuses["ben@shop.example"] = "550 No such mailbox"
    first, second = mailing.post("/notices/test")["items"]
    assert first == {"address": ANNA, "failure": None}
    assert "No such mailbox" in second["failure"]["text"]
    assert mails.to(ANNA)[0]["Subject"] == "Amazon-Bestellungen von one.example: Testmail"
    assert changes(mailing)[0][:2] == ("notices by e-mail", "Tested")
    failed = mailing.get("/activity")["items"]
    assert [(each["side"], each["operation"]) for each in failed] == [("mail", "sendMail")]
    assert mailing.refused("POST", "/notices/test")["code"] == "too_soon"


def test_a_test_mail_needs_somebody_to_go_to(mailing: Desk) -> None:
    assert mailing.refused("POST", "/notices/test")["code"] == "no_recipient"


# --- Amazon's -----------------------------------------------------------------------------------


def test_without_a_queue_it_says_what_the_operator_has_to_set(desk: Desk) -> None:
    told = desk.get("/notifications")
    assert "AMAZON_NOTIFICATIONS_QUEUE_URL" in told["why_not"][1]["text"]
    (account,) = told["items"]
    assert (account["since"], account["last_at"]) == (None, None)
    path = f"/accounts/{desk.account_id}/notifications"
    assert "No queue" in desk.refused("PUT", path, {"on": True})["detail"]


def test_an_account_that_is_not_connected_is_not_switched_on(desk: Desk) -> None:
    with desk.services.database.tenant(desk.tenant_id) as session:
        session.scalars(select(Account)).one().state = AccountState.PAUSED
    assert desk.get("/notifications")["items"][0]["may_switch_on"] is False
    path = f"/accounts/{desk.account_id}/notifications"
    assert desk.refused("PUT", path, {"on": True})["code"] == "account_state"


class TestAtAmazon:
    """Between both simulators, with a queue."""

    @pytest.fixture
    def staff(self, notified: Notified) -> Staff:
        return Staff(notified.shop)

    @pytest.fixture
    def path(self, notified: Notified) -> str:
        return f"/accounts/{notified.shop.account_id}/notifications"

    def full(self, notified: Notified) -> None:
        notified.shop.services.redis.flushall()
        notified.shop.amazon.limits.reset()

    def test_they_are_switched_on_and_off_and_it_is_recorded(
        self, notified: Notified, staff: Staff, path: str
    ) -> None:
        told = staff.put(path, {"on": True})
        assert [(t["is_on"], t["note"]["code"]) for t in told["types"]] == [
            (True, "subscription.new")
        ] * 3
        (account,) = staff.get("/notifications")["items"]
        assert account["since"] is not None
        self.full(notified)
        told = staff.put(path, {"on": False})
        assert {t["is_on"] for t in told["types"]} == {False}
        assert notified.shop.amazon.subscriptions == {}
        items = staff.get("/changes")["items"]
        assert [i["action"]["text"] for i in items[:2]] == ["Switched off", "Switched on"]
        assert "A1SELLER (eu)" in items[0]["subject"]["text"]
        assert items[0]["by"]

    def test_the_state_is_asked_at_amazon_and_the_queue(
        self, notified: Notified, staff: Staff, path: str
    ) -> None:
        notified.on()
        notified.put_order_change(1)
        self.full(notified)
        told = staff.get(path)
        assert (told["waiting"], told["queue_fault"]) == (1, None)
        assert [t["is_on"] for t in told["types"]] == [True] * 3
        notified.receive()
        assert staff.get("/notifications")["items"][0]["last_at"] is not None

    def test_what_amazon_refuses_is_told_in_its_words(
        self, notified: Notified, staff: Staff, path: str
    ) -> None:
        notified.shop.fault(FaultKind.FORBIDDEN_DATA_SET, operation="createSubscription", count=1)
        first, *others = staff.put(path, {"on": True})["types"]
        assert (first["is_on"], [t["is_on"] for t in others]) == (None, [True, True])
        assert "403" in first["note"]["text"]
        assert "Not all could be switched" in staff.get("/changes")["items"][0]["detail"]["text"]

    def test_a_dead_queue_is_told(self, notified: Notified, staff: Staff, path: str) -> None:
        notified.queue.delete()
        refused = staff.refused("PUT", path, {"on": True})
        assert refused["status"] in (502, 503)
        assert "queue of notifications" in refused["detail"]
        assert staff.get("/changes")["items"] == []

    def test_a_test_comes_through(
        self,
        notified: Notified,
        staff: Staff,
        path: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        turns = iter([True, True, False])

        def patience() -> Any:
            def wait() -> bool:
                notified.send()
                return next(turns)

            return wait

        monkeypatch.setattr(notification_desk, "_patience", patience)
        assert staff.get("/notifications")["may_test"] is True
        assert staff.post(f"{path}/test", {"scenario": "any"}) == {"came": True}

    def test_only_a_sandbox_is_asked_for_a_test(
        self, notified: Notified, staff: Staff, path: str
    ) -> None:
        services = notified.shop.services
        update = {"amazon_spapi_endpoint": None}
        services.settings = services.settings.model_copy(update=update)
        assert staff.get("/notifications")["may_test"] is False
        assert staff.refused("POST", f"{path}/test", {"scenario": "any"})["code"] == "sandbox_only"
