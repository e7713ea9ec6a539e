"""Messages to buyers: each is sent once and word for word, or a person is asked about it."""

import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from saleor_amazon_app.amazon.errors import Forbidden, Refused
from saleor_amazon_app.mirror.buyer_messages import BuyerMessageKind
from saleor_amazon_app.mirror.failures import Misconfigured, NotFitting, NotKnown
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.sandbox.amazon.faults import FaultKind
from saleor_amazon_app.sandbox.amazon.state import MESSAGING_ROLE
from saleor_amazon_app.store.models import Account, AccountState, Activity, Intent, OrderEvent
from saleor_amazon_app.store.tenants import save_installation
from saleor_amazon_app.sync import asking, contacting, guarding
from saleor_amazon_app.sync.messaging import Messenger, words_of
from saleor_amazon_app.sync.template_desk import Draft, TemplateDesk
from tests.day import UPS, Day, a_day
from tests.mirror.amazon_orders import item
from tests.shop_world import ShopWorld
from tests.sync.test_crashes import COMMITS, Killed, come_to_rest, killed_at, open_shop
from tests.world import SELLER

BY = Person("VXNlcjox", "staff@shop.example")
ORDER, PROBLEM, SERVICE = (
    BuyerMessageKind.ORDER_DETAILS,
    BuyerMessageKind.UNEXPECTED_PROBLEM,
    BuyerMessageKind.SERVICE_DETAILS,
)
TEXT = "Ihre Tasse gibt es auch in Blau.\n\nWelche Farbe möchten Sie? 😀 "
OPERATION = "createConfirmOrderDetails"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def ask(
    shop: ShopWorld,
    text: str = TEXT,
    kind: BuyerMessageKind = ORDER,
    *,
    request: int = 1,
    number: int = 1,
) -> None:
    contacting.ask(
        shop.services,
        shop.tenant_id,
        shop.numbered(number),
        request_id=f"{request:024x}",
        kind=kind,
        text=text,
        by=BY,
    )


def sent(shop: ShopWorld, number: int = 1) -> list[tuple[str, str]]:
    """Return what the buyer has got."""
    order_id = shop.numbered(number)
    return [(m.kind, m.text) for m in shop.amazon.messages if m.order_id == order_id]


def intents(shop: ShopWorld) -> list[Intent]:
    with shop.services.database.tenant(shop.tenant_id) as session:
        return list(session.scalars(select(Intent).order_by(Intent.id)))


def codes(shop: ShopWorld, number: int = 1) -> list[str]:
    """Return the codes of the order's history."""
    with shop.services.database.tenant(shop.tenant_id) as session:
        query = select(OrderEvent).where(OrderEvent.order_id == shop.row_id(session, number))
        rows = session.scalars(query.order_by(OrderEvent.id)).all()
        return [row.message_said["code"] for row in rows if row.message_said]


def wait_long(day: Day) -> None:
    """Let hours pass in which everything is looked at again and again."""
    for _ in range(4):
        day.carry(minutes=31)


# --- sent once ----------------------------------------------------------------------------------


def test_a_message_is_sent_once_and_word_for_word(shop: ShopWorld) -> None:
    day = a_day(shop)
    ask(shop)
    assert (day.states(), sent(shop)) == ([("buyer_message", "queued")], [])
    day.carry()
    assert day.states() == [("buyer_message", "accepted")]
    wait_long(day)
    assert sent(shop) == [(ORDER, TEXT)]
    assert codes(shop)[-2:] == ["history.message_asked", "accepted.buyer_message"]
    notes = day.notes()
    assert "A message to the buyer was asked for: Question about the order." in notes
    assert "Amazon accepted the message to the buyer: Question about the order." in notes
    with shop.services.database.tenant(shop.tenant_id) as session:
        events = session.scalars(select(OrderEvent).where(OrderEvent.by.is_not(None))).all()
        assert [(event.by, event.actor) for event in events] == [(BY.name, "merchant")]


def kept(folder: Path) -> bytes:
    """Return all that the database has on disk."""
    return b"".join(file.read_bytes() for file in folder.glob("app.sqlite3*"))


@on_sqlite
def test_the_words_are_sealed_and_in_no_log_and_no_history(shop: ShopWorld, tmp_path: Path) -> None:
    day = a_day(shop)
    with capture_logs() as logs:
        ask(shop, "Liebe Erika, Hinterhof 17?")
        shop.fault(FaultKind.TRANSIENT_400, operation=OPERATION, count=1)
        day.carry(2)
    for secret in ("Erika", "Hinterhof"):
        assert secret not in str(logs)
        assert not any(secret in note for note in day.notes())
        assert secret.encode() not in kept(tmp_path)
    assert b"Question about the order" in kept(tmp_path)


def test_the_same_request_twice_is_one_message(shop: ShopWorld) -> None:
    day = a_day(shop)
    ask(shop)
    ask(shop)
    day.carry()
    ask(shop)
    day.carry(2)
    assert sent(shop) == [(ORDER, TEXT)]
    assert codes(shop).count("history.message_asked") == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_button_pressed_twice_at_the_same_moment_is_one_message(shop: ShopWorld) -> None:
    day = a_day(shop)
    refused: list[Misconfigured] = []
    gate = threading.Barrier(6)

    def press(request: int) -> None:
        gate.wait()
        try:
            ask(shop, request=request)
        except Misconfigured as failure:
            refused.append(failure)

    threads = [threading.Thread(target=press, args=(1 + n // 3,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    day.carry(2)
    assert sent(shop) == [(ORDER, TEXT)]
    assert {failure.code for failure in refused} == {"said_already"}


def test_two_workers_send_one_message(shop: ShopWorld) -> None:
    a_day(shop)
    ask(shop)
    first = Messenger(shop.services, shop.tenant_id, shop.account_id)
    second = Messenger(shop.services, shop.tenant_id, shop.account_id)
    due = first._due()
    second.send()
    for intent_id in due:
        first._send_one(intent_id)
    assert sent(shop) == [(ORDER, TEXT)]


@on_sqlite
def test_one_window_sends_one_text_and_no_two_windows_the_same(shop: ShopWorld) -> None:
    day = a_day(shop)
    ask(shop)
    with pytest.raises(Misconfigured) as refused:
        ask(shop, "Something else")
    assert refused.value.code == "other_text"
    day.carry()
    with pytest.raises(Misconfigured) as refused:
        ask(shop, request=2)
    assert refused.value.code == "said_already"
    ask(shop, "Something else", request=3)
    ask(shop, kind=PROBLEM, request=4)
    day.carry()
    assert sent(shop) == [(ORDER, TEXT), (ORDER, "Something else"), (PROBLEM, TEXT)]


# --- an outcome that nobody knows ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "arrived"),
    [
        (FaultKind.LOST_ANSWER, 1),
        (FaultKind.BROKEN_JSON, 1),
        (FaultKind.DROP, 0),
        (FaultKind.EMPTY_500, 0),
        (FaultKind.HTML_503, 0),
    ],
)
@on_sqlite
def test_a_lost_answer_is_a_persons_and_never_sent_again_by_itself(
    shop: ShopWorld, fault: FaultKind, arrived: int
) -> None:
    day = a_day(shop)
    shop.fault(fault, operation=OPERATION, count=1)
    ask(shop)
    day.carry()
    wait_long(day)
    assert day.states() == [("buyer_message", "needs_attention")]
    assert len(sent(shop)) == arrived
    assert set(shop.problems()) == {"needs_attention"}
    assert "Look in Seller Central's messages" in shop.problem_texts()["needs_attention"]
    with pytest.raises(Misconfigured):
        ask(shop, request=2)


@on_sqlite
def test_a_person_settles_what_nobody_knows(shop: ShopWorld) -> None:
    day = a_day(shop)
    shop.fault(FaultKind.DROP, operation=OPERATION, count=2)
    ask(shop)
    day.carry(2)
    (intent,) = intents(shop)
    shop.pass_time(days=3)
    asking.send_again(shop.services, shop.tenant_id, intent.id, "another@shop.example")
    with pytest.raises(Misconfigured):
        asking.send_again(shop.services, shop.tenant_id, intent.id, "another@shop.example")
    day.carry(2)
    assert (day.states(), sent(shop)) == ([("buyer_message", "needs_attention")], [])
    asking.send_again(shop.services, shop.tenant_id, intent.id, "another@shop.example")
    day.carry(2)
    assert (day.states(), sent(shop)) == ([("buyer_message", "accepted")], [(ORDER, TEXT)])
    assert shop.problems() == {}
    assert intents(shop)[0].asked_by == "another@shop.example"


@pytest.mark.parametrize("act", [asking.settle_as_done, asking.withdraw])
@on_sqlite
def test_what_was_seen_or_given_up_is_not_sent(shop: ShopWorld, act: Any) -> None:
    day = a_day(shop)
    shop.fault(FaultKind.DROP, operation=OPERATION, count=1)
    ask(shop)
    day.carry(2)
    act(shop.services, shop.tenant_id, intents(shop)[0].id, BY.name)
    wait_long(day)
    assert sent(shop) == []
    assert shop.problems() == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("database_url", "moment"),
    [("sqlite", "after_commit"), ("sqlite", "after_write"), ("postgresql", "after_write")],
    indirect=["database_url"],
)
def test_the_app_is_stopped_at_every_moment_and_no_buyer_gets_two(
    shop: ShopWorld, moment: str
) -> None:
    numbers = range(1, (4 if moment == "after_write" else COMMITS) + 1)
    day = open_shop(shop, len(numbers))
    ends: list[tuple[str, int]] = []
    for write, number in enumerate(numbers, start=1):
        ask(shop, number=number, request=number)
        with killed_at(moment, write) as blow, suppress(Killed):
            day.carry(3, seconds=30)
        come_to_rest(day, rounds=3)
        (state,) = [row.state for row in intents(shop)[-1:]]
        ends.append((state, len(sent(shop, number))))
        if not blow.struck:
            break
    assert set(ends) <= {("accepted", 1), ("needs_attention", 1), ("needs_attention", 0)}
    assert ("needs_attention", 1) in ends or ("needs_attention", 0) in ends
    assert ends[-1] == ("accepted", 1)


# --- what Amazon certainly did not take ---------------------------------------------------------


@on_sqlite
def test_a_message_over_the_quota_waits_and_is_then_sent_once(shop: ShopWorld) -> None:
    day = a_day(shop)
    shop.fault(FaultKind.THROTTLE, operation=OPERATION, count=2)
    ask(shop)
    day.carry()
    assert (day.states(), sent(shop)) == ([("buyer_message", "queued")], [])
    wait_long(day)
    assert (day.states(), sent(shop)) == ([("buyer_message", "accepted")], [(ORDER, TEXT)])


@on_sqlite
def test_a_message_waits_while_amazon_cannot_be_reached(shop: ShopWorld) -> None:
    day = a_day(shop)
    amazon = shop.services.amazon
    genuine, amazon.endpoint = amazon.endpoint, "http://127.0.0.1:9"
    ask(shop)
    day.carry(2)
    assert day.states() == [("buyer_message", "queued")]
    amazon.endpoint = genuine
    wait_long(day)
    assert (day.states(), sent(shop)) == ([("buyer_message", "accepted")], [(ORDER, TEXT)])


@on_sqlite
def test_a_refusal_is_told_and_a_person_may_have_it_sent_again(shop: ShopWorld) -> None:
    day = a_day(shop)
    shop.fault(FaultKind.TRANSIENT_400, operation=OPERATION, count=1)
    ask(shop)
    day.carry()
    wait_long(day)
    (intent,) = intents(shop)
    assert (intent.state, sent(shop)) == ("rejected", [])
    assert "not valid" in intent.answer
    assert set(shop.problems()) == {"rejected"}
    asking.send_again(shop.services, shop.tenant_id, intent.id, BY.name)
    day.carry(2)
    assert sent(shop) == [(ORDER, TEXT)]
    assert shop.problems() == {}


@on_sqlite
def test_a_refusal_is_cured_by_another_message(shop: ShopWorld) -> None:
    day = a_day(shop)
    ask(shop, kind=SERVICE)
    day.carry(2)
    (intent,) = intents(shop)
    assert intent.state == "rejected"
    assert intent.answer.startswith("Amazon does not offer this kind of message for the order now.")
    assert "Invalid amazonOrderId and template combination." in intent.answer
    assert set(shop.problems()) == {"rejected"}
    ask(shop, request=2)
    day.carry(3)
    assert shop.problems() == {}


@on_sqlite
def test_without_the_role_a_person_hears_what_to_do(shop: ShopWorld) -> None:
    day = a_day(shop)
    ask(shop)
    shop.amazon.sellers[SELLER].roles -= {MESSAGING_ROLE}
    day.carry(2)
    (intent,) = intents(shop)
    assert (intent.state, sent(shop)) == ("rejected", [])
    assert "role Buyer Communication" in intent.answer
    with pytest.raises(Forbidden) as refused:
        contacting.choices(shop.services, shop.tenant_id, shop.numbered(1))
    assert refused.value.code == "no_role"
    assert refused.value.cure.startswith("Add the role Buyer Communication")
    account = shop.account()
    assert account.state == AccountState.CONNECTED


@on_sqlite
def test_a_lost_authorisation_is_a_refusal(shop: ShopWorld) -> None:
    day = a_day(shop)
    ask(shop)
    shop.amazon.sellers[SELLER].revoked = True
    shop.services.redis.flushall()
    day.carry(2)
    assert (day.states(), sent(shop)) == ([("buyer_message", "rejected")], [])
    assert shop.account().state == AccountState.AUTHORISATION_LOST


def test_amazons_words_are_left_out_where_they_repeat_the_text() -> None:
    text = "Liebe Erika, passt Dienstag?"
    repeated = Refused(f"Amazon answered with 400: not allowed: {text[:20]}")
    assert "Erika" not in words_of(repeated, text)
    assert words_of(repeated, text).code == "answer.amazon_rejected"
    assert words_of(Refused("Amazon answered with 400: no."), text) == (
        "Amazon answered with 400: no."
    )


@on_sqlite
def test_the_log_of_failures_holds_nothing_of_a_message(shop: ShopWorld) -> None:
    day = a_day(shop)
    shop.fault(FaultKind.TRANSIENT_400, operation=OPERATION, count=1)
    ask(shop)
    day.carry()
    with shop.services.database.tenant(shop.tenant_id) as session:
        rows = session.scalars(select(Activity).where(Activity.operation == OPERATION)).all()
    assert [(row.code, row.message) for row in rows] == [
        ("InvalidInput", "Amazon did not take a message to a buyer.")
    ]


# --- when nothing may be sent -------------------------------------------------------------------


@on_sqlite
def test_in_read_only_mode_nothing_is_asked_for_and_nothing_is_sent(shop: ShopWorld) -> None:
    day = a_day(shop)
    ask(shop)
    guarding.set_read_only(shop.services, shop.tenant_id, on=True)
    with pytest.raises(Misconfigured) as refused:
        ask(shop, "Something else", request=2)
    assert refused.value.code == "read_only"
    wait_long(day)
    assert (day.states(), sent(shop)) == ([("buyer_message", "queued")], [])
    guarding.set_read_only(shop.services, shop.tenant_id, on=False)
    day.carry()
    assert sent(shop) == [(ORDER, TEXT)]


@on_sqlite
def test_what_could_not_be_sent_for_a_day_is_not_sent_any_more(shop: ShopWorld) -> None:
    day = a_day(shop)
    ask(shop)
    guarding.set_read_only(shop.services, shop.tenant_id, on=True)
    shop.pass_time(hours=25)
    day.carry()
    guarding.set_read_only(shop.services, shop.tenant_id, on=False)
    day.carry(2)
    assert (day.states(), sent(shop)) == ([("buyer_message", "withdrawn")], [])
    assert intents(shop)[0].answer.startswith("It could not be sent within a day")


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (AccountState.PAUSED, "paused"),
        (AccountState.AUTHORISATION_LOST, "authorisation_lost"),
        (AccountState.REMOVING, "being_removed"),
    ],
)
@on_sqlite
def test_an_account_that_is_not_worked_on_sends_nothing(
    shop: ShopWorld, state: AccountState, code: str
) -> None:
    day = a_day(shop)
    ask(shop)
    with shop.services.database.tenant(shop.tenant_id) as session:
        session.scalars(select(Account)).one().state = state
    calls = dict(shop.amazon.calls)
    for act in (
        lambda: ask(shop, "Something else", request=2),
        lambda: contacting.choices(shop.services, shop.tenant_id, shop.numbered(1)),
        lambda: contacting.preview(
            shop.services, shop.tenant_id, shop.numbered(1), ORDER, "Something else"
        ),
    ):
        with pytest.raises(Misconfigured) as refused:
            act()
        assert refused.value.code == code
    day.carry(2)
    assert sent(shop) == []
    assert dict(shop.amazon.calls) == calls


@pytest.mark.parametrize(
    "text", ["", "x" * 2001, "<b>Hello</b>", "a@b.example", "Number {tracking_number}"]
)
@on_sqlite
def test_what_amazon_does_not_take_is_not_even_written_down(shop: ShopWorld, text: str) -> None:
    a_day(shop)
    with pytest.raises(NotFitting) as refused:
        ask(shop, text)
    assert set(refused.value.fields) == {"text"}
    assert intents(shop) == []


@on_sqlite
def test_another_shop_knows_nothing_of_the_order(shop: ShopWorld) -> None:
    a_day(shop)
    with shop.services.database.system() as session:
        other = save_installation(
            session,
            api_url="http://other.example/graphql/",
            app_id="app",
            token=shop.services.vault.seal("token"),
            jwks={},
            now=shop.services.now(),
        )
    number = shop.numbered(1)
    with pytest.raises(NotKnown):
        contacting.choices(shop.services, other, number)
    with pytest.raises(NotKnown):
        contacting.preview(shop.services, other, number, ORDER, TEXT)
    with pytest.raises(NotKnown):
        contacting.ask(
            shop.services, other, number, request_id="1" * 24, kind=ORDER, text=TEXT, by=BY
        )
    assert intents(shop) == []


# --- what is offered ----------------------------------------------------------------------------


def keep(shop: ShopWorld, name: str, text: str, **more: Any) -> None:
    draft = Draft(name, more.pop("kind", ORDER), more.pop("language", ""), text)
    tenant_id: TenantId = more.pop("tenant_id", shop.tenant_id)
    TemplateDesk(shop.services, tenant_id, BY).add(draft)


@on_sqlite
def test_templates_are_filled_and_sorted_by_the_buyers_language(shop: ShopWorld) -> None:
    day = a_day(shop, item(1, quantity=2, total="29.80"))
    keep(shop, "A", "Order {order_number}", language="en")
    keep(shop, "B", "{items}, bis {ship_by}, {shop_name}", language="de-DE")
    keep(shop, "C", "{tracking_number}")
    keep(shop, "D", "Of no use here", kind=SERVICE)
    found = contacting.choices(shop.services, shop.tenant_id, shop.numbered(1))
    assert found.locale == "de-DE"
    assert "unexpectedProblem" in found.offered
    told = [(f.template.name, f.rendered.text, f.rendered.missing) for f in found.templates]
    assert told == [
        ("B", "2 \N{MULTIPLICATION SIGN} Thing 1, bis 24. November 2026, Simulated Store", ()),
        ("C", "{tracking_number}", ("tracking_number",)),
        ("A", f"Order {shop.numbered(1)}", ()),
    ]
    day.ship(2)
    day.carry(3)
    keep(shop, "E", "{carrier} {tracking_number}", kind=PROBLEM)
    found = contacting.choices(shop.services, shop.tenant_id, shop.numbered(1))
    assert [f.rendered.text for f in found.templates] == [f"UPS {UPS}"]


@on_sqlite
def test_the_name_of_the_store_is_asked_once_and_can_be_missing(shop: ShopWorld) -> None:
    a_day(shop)
    keep(shop, "A", "{shop_name}")
    shop.services.redis.flushall()
    shop.fault(FaultKind.SERVER_ERROR, operation="getMarketplaceParticipations")
    (filled,) = contacting.choices(shop.services, shop.tenant_id, shop.numbered(1)).templates
    assert filled.rendered.missing == ("shop_name",)
    shop.amazon.faults.clear()
    before = shop.amazon.calls["getMarketplaceParticipations", "200"]
    for _ in range(3):
        (filled,) = contacting.choices(shop.services, shop.tenant_id, shop.numbered(1)).templates
        assert filled.rendered.text == "Simulated Store"
    assert shop.amazon.calls["getMarketplaceParticipations", "200"] == before + 1


@on_sqlite
def test_without_the_buyers_language_one_can_write_all_the_same(shop: ShopWorld) -> None:
    a_day(shop)
    shop.fault(FaultKind.SERVER_ERROR, operation="GetAttributes")
    found = contacting.choices(shop.services, shop.tenant_id, shop.numbered(1))
    assert (found.locale, ORDER in found.offered) == ("", True)


@on_sqlite
def test_an_order_that_is_not_in_saleor_can_be_written_about(shop: ShopWorld) -> None:
    shop.sell(item(sku="NOWHERE"))
    shop.run()
    assert shop.row().state == "blocked"
    ask(shop)
    Day(shop).carry()
    assert sent(shop) == [(ORDER, TEXT)]
