"""Notices to staff: what is new, when a mail may go, what it says, and to whom it never goes."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_amazon_app.mirror.authorisation import ends_within
from saleor_amazon_app.mirror.notice_letters import write_letter, write_test
from saleor_amazon_app.mirror.notices import (
    Cause,
    Matter,
    Pace,
    Timetable,
    cause_of,
    may_look,
    news,
    next_attempt,
    still_told,
    why_not_written_to,
)
from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.mirror.sentences import say

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def matter(key: str) -> Matter:
    return Matter(key, Cause.PROBLEMS, order=f"302-{key}", about="unknown_sku")


def keys(matters: list[Matter]) -> list[str]:
    return [each.key for each in matters]


@pytest.mark.parametrize(
    ("is_so", "told", "new", "remembered"),
    [
        pytest.param("", "", "", "", id="nothing"),
        pytest.param("ab", "", "ab", "", id="all is new to whom nothing was told"),
        pytest.param("ab", "a", "b", "a", id="what was told is not told again"),
        pytest.param("ab", "ab", "", "ab", id="all was told"),
        pytest.param("b", "ab", "", "b", id="what is over is forgotten"),
        pytest.param("", "ab", "", "", id="all is over"),
        pytest.param("a", "b", "a", "", id="one goes, another comes"),
    ],
)
def test_what_is_new_enough_to_mail(is_so: str, told: str, new: str, remembered: str) -> None:
    matters = [matter(key) for key in is_so]
    assert keys(news(matters, list(told))) == list(new)
    assert still_told(matters, list(told)) == list(remembered)


def test_what_was_over_and_comes_again_is_new_again() -> None:
    told = still_told([], ["a"])
    assert keys(news([matter("a")], told)) == ["a"]


@given(st.lists(st.sets(st.sampled_from("abcde")), max_size=12))
def test_whatever_comes_and_goes_each_matter_is_told_once_as_long_as_it_lasts(
    story: list[set[str]],
) -> None:
    told: list[str] = []
    before: set[str] = set()
    for standing in story:
        matters = [matter(key) for key in sorted(standing)]
        new = set(keys(news(matters, told)))
        assert new == standing - before, "exactly what was not so at the last look"
        told = still_told(matters, [*told, *new])
        before = standing


HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("sent", "may"),
    [
        pytest.param(None, True, id="never"),
        pytest.param(HOUR, True, id="an hour ago"),
        pytest.param(HOUR - MINUTE, False, id="less than an hour ago"),
    ],
)
def test_at_once_is_at_most_once_an_hour(sent: timedelta | None, *, may: bool) -> None:
    table = Timetable(Pace.AT_ONCE, 7, UTC)
    assert may_look(table, NOW - sent if sent else None, NOW - MINUTE, NOW) is may


@pytest.mark.parametrize(
    ("now", "looked", "may"),
    [
        # In Berlin it is an hour later in winter, two in summer.
        pytest.param("2026-11-24T05:59", "2026-11-23T06:00", False, id="before the hour"),
        pytest.param("2026-11-24T06:00", "2026-11-23T06:00", True, id="at the hour"),
        pytest.param("2026-11-24T21:00", "2026-11-23T06:00", True, id="long after"),
        pytest.param("2026-11-24T21:00", "2026-11-24T06:00", False, id="done today"),
        pytest.param("2026-07-24T05:00", "2026-07-23T05:00", True, id="in summer"),
        pytest.param("2026-07-24T04:59", "2026-07-23T05:00", False, id="before it in summer"),
        pytest.param("2026-11-24T05:00", "2026-11-22T06:00", True, id="yesterday's was missed"),
        pytest.param("2026-11-24T12:00", None, True, id="never"),
    ],
)
def test_a_daily_mail_is_due_at_its_hour(now: str, looked: str | None, *, may: bool) -> None:
    table = Timetable(Pace.DAILY, 7, BERLIN)
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    before = datetime.fromisoformat(looked).replace(tzinfo=UTC) if looked else None
    assert may_look(table, None, before, at) is may


def test_an_hour_that_a_day_skips_is_had_once() -> None:
    """On 29 March 2026 Berlin's clocks go from 2 to 3."""
    table = Timetable(Pace.DAILY, 2, BERLIN)
    looked, now = datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 28, 12, tzinfo=UTC)
    turns = 0
    for _ in range(48):
        now += HOUR
        if may_look(table, None, looked, now):
            looked, turns = now, turns + 1
    assert turns == 2


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (99, 60)]
)
def test_a_failed_mail_is_tried_again_ever_later(failures: int, minutes: int) -> None:
    assert next_attempt(failures, NOW) == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("days", "within"), [(31, None), (30, None), (29.9, 30), (7.1, 30), (6.9, 7), (0.5, 1), (-3, 1)]
)
def test_an_authorisation_is_reminded_of_three_times(days: float, within: int | None) -> None:
    assert ends_within(NOW + timedelta(days=days), NOW) == within


# --- to whom ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("anna@shop.example", ""),
        ("anna+amazon@mail.shop.example", ""),
        ("anna@amazon.de", ""),
        ("anna@marketplace.amazonas.example", ""),
        ("abc123@marketplace.amazon.de", "notices.relay"),
        ("abc123@marketplace.amazon.co.uk", "notices.relay"),
        ("ABC@Marketplace.Amazon.COM.BR", "notices.relay"),
        ("abc@eu.marketplace.amazon.de", "notices.relay"),
        ("302-1@amazon-order.invalid", "notices.placeholder"),
        ("302-1@x.Amazon-Order.invalid", "notices.placeholder"),
        ("anna", "notices.no_address"),
        ("anna@shop", "notices.no_address"),
        ("anna@@shop.example", "notices.no_address"),
        ("Anna <anna@shop.example>", "notices.no_address"),
        ("anna@shop.example\nBcc: a@b.example", "notices.no_address"),
        ("a@shop.example, b@shop.example", "notices.no_address"),
        ("a" * 250 + "@shop.example", "notices.no_address"),
        ("", "notices.no_address"),
    ],
)
def test_only_staff_are_written_to(address: str, why: str) -> None:
    told = why_not_written_to(address)
    assert (told.code if told else "") == why


# --- what a mail says ---------------------------------------------------------------------------


def test_a_letter_groups_by_what_is_the_matter_and_counts() -> None:
    lost = say("notice.authorisation_lost", seller="A1", region="EU")
    matters = [
        Matter("late:1", Cause.SHIPMENTS, order="302-9", about="late"),
        matter("2"),
        matter("1"),
        Matter("lost:1", Cause.AUTHORISATION, said=lost),
    ]
    letter = write_letter(matters, "shop.example")
    assert letter.subject == "Amazon orders of shop.example: 4 new matters"
    told = [(str(p.text), p.orders, p.more) for p in letter.paragraphs]
    assert told == [
        (str(lost), (), None),
        ("unknown sku: 2 orders wait for a person.", ("302-1", "302-2"), None),
        ("1 shipment is late.", ("302-9",), None),
    ]
    assert letter.page == "", "several pages: the overview"


def test_a_letter_of_one_cause_leads_to_its_page_and_lists_twenty_orders() -> None:
    letter = write_letter([matter(f"{n:03}") for n in range(25)], "shop.example")
    (paragraph,) = letter.paragraphs
    assert len(paragraph.orders) == 20
    assert paragraph.more == "and 5 more"
    assert letter.page == "/problems"


def test_an_order_with_two_problems_of_a_kind_is_one_order() -> None:
    two = [Matter(k, Cause.PROBLEMS, order="302-1", about="unknown_sku") for k in "ab"]
    (paragraph,) = write_letter(two, "x").paragraphs
    assert paragraph.text == "unknown sku: 1 order waits for a person."


def test_a_test_mail_says_what_it_is() -> None:
    assert write_test("shop.example").subject.code == "notice.test_subject"


@pytest.mark.parametrize("kind", ProblemKind)
def test_every_problem_has_its_cause(kind: ProblemKind) -> None:
    is_answer = kind in ("rejected", "needs_attention", "feed_hangs")
    assert cause_of(kind) is (Cause.ANSWERS if is_answer else Cause.PROBLEMS)


def test_the_hour_is_that_of_any_zone() -> None:
    table = Timetable(Pace.DAILY, 0, timezone(timedelta(hours=13)))
    assert not may_look(table, None, NOW, NOW + timedelta(hours=22))
    assert may_look(table, None, NOW, NOW + timedelta(hours=23))
