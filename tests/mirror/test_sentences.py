"""Sentences keep their codes: on their way through the rules, the tables and the API."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import saleor_amazon_app
from saleor_amazon_app.mirror.english import ENGLISH
from saleor_amazon_app.mirror.intents import IntentKind
from saleor_amazon_app.mirror.outcomes import (
    accepted_words,
    rejected_words,
    sent_words,
    unknown_words,
    withdrawn_words,
)
from saleor_amazon_app.mirror.problems import ProblemKind, cure_of, may_dismiss, may_retry
from saleor_amazon_app.mirror.sentences import (
    NOTHING,
    SEVERAL,
    Sentence,
    Sum,
    Term,
    known_sentences,
    quote,
    recall,
    say,
    several,
    told,
)

SOURCE = Path(saleor_amazon_app.__file__).parent


def test_a_sentence_is_its_english_text() -> None:
    sentence = say("problem.unknown_sku", sku="MUG-1")
    assert sentence == 'No variant in Saleor has the SKU "MUG-1".'
    assert (sentence.code, sentence.params) == ("problem.unknown_sku", {"sku": "MUG-1"})


@pytest.mark.parametrize(("count", "text"), [(0, "0 units"), (1, "1 unit"), (2, "2 units")])
def test_a_sentence_that_counts_has_a_plural(count: int, text: str) -> None:
    assert say("summary.units", count=count) == text
    assert say("summary.units", count=count).code == "summary.units"


def test_words_of_others_have_no_code() -> None:
    assert (quote("Nice try."), quote("Nice try.").code, told("Nice try.")) == (
        "Nice try.",
        "",
        None,
    )


def test_a_line_that_was_stored_before_is_known_by_its_words_if_it_has_no_holes() -> None:
    assert recall("Amazon shows it as done.", None).code == "answer.shows"
    assert recall("Imported as Saleor order 7.", None).code == ""


def test_several_sentences_stand_one_after_the_other() -> None:
    both = several(say("answer.silent"), "", "Call us.")
    assert both == "Amazon's report does not say what became of it. Call us."
    assert both.code == SEVERAL
    assert several("", say("answer.silent")).code == "answer.silent"
    assert several("", "") is NOTHING


EVERY_KIND_OF_PARAMETER = [
    say("summary.refund", amount=Sum(Decimal("12.30"), "EUR"), reason=Term("refund_reasons", "X")),
    say("history.ship_by_moved", ship_by=datetime(2026, 11, 25, 22, 59, tzinfo=UTC)),
    say("history.address_repaired", fields=[Term("address_fields", "postal_code")]),
    say("rejected.refund", summary=say("summary.units", count=2), answer=quote("No.")),
    several(say("history.imported", number="7"), quote("Words.")),
]


@pytest.mark.parametrize("sentence", EVERY_KIND_OF_PARAMETER, ids=lambda one: one.code)
def test_a_stored_sentence_comes_back_as_it_was(sentence: Sentence) -> None:
    back = recall(str(sentence), told(sentence))
    assert (back, back.code, back.params) == (sentence, sentence.code, sentence.params)


# --- the catalogue ------------------------------------------------------------------------------


def said() -> Iterator[tuple[str, int, str, set[str]]]:
    """Yield each ``say`` of the source with a code written out: where, the code, its holes."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id != "say" or not isinstance(node.args[0], ast.Constant):
                continue
            if any(keyword.arg is None for keyword in node.keywords):
                continue
            filled = {str(keyword.arg) for keyword in node.keywords}
            yield path.name, node.lineno, str(node.args[0].value), filled


def test_every_sentence_that_is_said_is_in_the_catalogue_and_all_its_holes_are_filled() -> None:
    known = known_sentences()
    found = list(said())
    wrong = [each for each in found if known.get(each[2]) is None or set(known[each[2]]) != each[3]]
    assert wrong == []
    assert len(found) > 80


def test_every_entry_that_counts_has_both_its_forms() -> None:
    for code, holes in known_sentences().items():
        forms = {f"{code}_one", f"{code}_other"} if "count" in holes else {code}
        assert forms <= set(ENGLISH), code


@pytest.mark.parametrize("kind", IntentKind)
def test_every_outcome_of_every_kind_of_intent_has_its_sentence(kind: IntentKind) -> None:
    lines = [
        accepted_words(kind, "summary"),
        rejected_words(kind, "summary", "answer"),
        withdrawn_words(kind, "summary", ""),
        unknown_words(kind, "summary", "answer"),
        sent_words(kind, "summary"),
        say(f"not_sent.{kind}", summary="summary", answer="answer"),
        say(f"hangs.{kind}", hangs="since yesterday"),
    ]
    assert {line.code.rpartition(".")[2] for line in lines} == {kind.value}


# --- problems -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ProblemKind)
def test_every_problem_has_a_cure(kind: ProblemKind) -> None:
    assert cure_of(kind).code == f"cure.{kind}"


@pytest.mark.parametrize("kind", ProblemKind)
def test_what_keeps_an_order_out_is_tried_again_and_never_set_aside(kind: ProblemKind) -> None:
    assert not may_dismiss(kind, in_saleor=False)
    assert not may_retry(kind, in_saleor=True)


@pytest.mark.parametrize(
    ("kind", "dismissed", "tried"),
    [
        (ProblemKind.REJECTED, True, False),
        (ProblemKind.NOT_RESERVED, True, False),
        (ProblemKind.DIFFERS_IN_SALEOR, True, False),
        (ProblemKind.UNKNOWN_SKU, False, True),
        (ProblemKind.ADDRESS, True, True),
    ],
)
def test_what_can_be_done_about_a_problem_hangs_on_where_its_order_is(
    kind: ProblemKind, *, dismissed: bool, tried: bool
) -> None:
    assert may_dismiss(kind, in_saleor=True) is dismissed
    assert may_retry(kind, in_saleor=False) is tried
