"""Sentences in the languages of the pages, for mails."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from saleor_amazon_app.mirror.english import ENGLISH
from saleor_amazon_app.mirror.sentences import Sentence, Sum, Term, quote, say, several
from saleor_amazon_app.sync.speaking import LANGUAGES, Speaker, _catalogue

GERMAN = Speaker("de", ZoneInfo("Europe/Berlin"))
MOMENT = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        (say("notice.late", count=1), "1 Lieferung ist überfällig."),
        (say("notice.late", count=1200), "1.200 Lieferungen sind überfällig."),
        (
            say("notice.problem", problem=Term("problems", "unknown_sku"), count=2),
            "Unbekannte SKU: 2 Bestellungen warten auf jemanden.",
        ),
        (
            say("notice.authorisation_ends", seller="A1", region="EU", until=MOMENT),
            (
                "Die Autorisierung von A1 (EU) bei Amazon endet am 25.11.2026, 00:30:00. "
                "Erneuern Sie sie vorher."
            ),
        ),
        (quote("Words of others."), "Words of others."),
        (several(say("detail.yes"), "Words."), "ja Words."),
        (
            say("notice.queue_stands", failure=say("queue.none")),
            (
                "Amazons Benachrichtigungen werden nicht gelesen: "
                "Es ist keine Warteschlange für Benachrichtigungen eingestellt."
            ),
        ),
        (
            say("detail.value", value=[Term("problems", "address"), say("detail.no")]),
            "Adresse und nein",
        ),
    ],
)
def test_a_sentence_is_said_in_german(sentence: Sentence, words: str) -> None:
    assert GERMAN.say(sentence) == words


def test_money_is_written_as_the_language_does() -> None:
    said = GERMAN.say(say("detail.value", value=Sum(Decimal("1234.50"), "EUR")))
    assert said.replace("\xa0", " ") == "1.234,50 €"


@pytest.mark.parametrize(
    "sentence",
    [
        Sentence("A newer sentence.", "no.such_code"),
        say("detail.value", value=Term("problems", "newer_kind")),
        several(say("detail.yes"), Sentence("A newer sentence.", "no.such_code")),
    ],
)
def test_what_is_not_known_stays_english_as_a_whole(sentence: Sentence) -> None:
    assert GERMAN.say(sentence) == str(sentence)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_a_mail_is_known(language: str) -> None:
    said = _catalogue(language, "said")
    for code in ENGLISH:
        group, _, name = code.partition(".")
        if group in ("notice", "notices", "mail", "queue"):
            assert name in said[group], code


def test_an_installation_without_the_catalogues_speaks_english(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("saleor_amazon_app.sync.speaking._catalogue", lambda *_: {})
    assert GERMAN.say(say("detail.yes")) == "yes"
