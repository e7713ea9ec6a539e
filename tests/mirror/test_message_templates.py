"""Templates: what fills their holes, what stays a hole, and what cannot be saved."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_amazon_app.mirror.amazon_order import read_order
from saleor_amazon_app.mirror.buyer_messages import BuyerMessageKind, why_not_sendable
from saleor_amazon_app.mirror.message_templates import (
    Placeholder,
    closeness,
    holes_in,
    render,
    unknown_holes,
)
from saleor_amazon_app.mirror.message_values import is_language, values_for
from saleor_amazon_app.mirror.sentences import known_sentences
from saleor_amazon_app.mirror.suggested_templates import SUGGESTIONS
from saleor_amazon_app.mirror.template_rules import faults_of
from tests.mirror.amazon_orders import DE, UK, US, amazon_order, item

NUMBER, ITEMS, TRACKING = Placeholder.ORDER_NUMBER, Placeholder.ITEMS, Placeholder.TRACKING_NUMBER
VALUES = {NUMBER: "302-1", ITEMS: "Mug"}
ORDER = BuyerMessageKind.ORDER_DETAILS


@pytest.mark.parametrize(
    ("text", "rendered", "missing"),
    [
        pytest.param("No hole.", "No hole.", (), id="none"),
        pytest.param("Order {order_number}.", "Order 302-1.", (), id="one"),
        pytest.param(
            "{ items } of { order_number }", "Mug of 302-1", (), id="blanks in the braces"
        ),
        pytest.param("{items} and {items}", "Mug and Mug", (), id="twice"),
        pytest.param("By {tracking_number}", "By {tracking_number}", (TRACKING,), id="no value"),
        pytest.param("{tracking_number} {items}", "{tracking_number} Mug", (TRACKING,), id="both"),
        pytest.param("{buyer}", "{buyer}", (), id="of no known name"),
        pytest.param("{}, {0}, {{items}}", "{}, {0}, {Mug}", (), id="other braces"),
    ],
)
def test_holes_are_filled(text: str, rendered: str, missing: tuple[Placeholder, ...]) -> None:
    made = render(text, VALUES)
    assert (made.text, made.missing) == (rendered, missing)


def test_an_empty_value_is_no_value() -> None:
    made = render("By {tracking_number}.", {TRACKING: ""})
    assert (made.text, made.missing) == ("By {tracking_number}.", (TRACKING,))


TEXTS = st.text(st.sampled_from("abc {}_\n")) | st.lists(
    st.sampled_from([*(f"{{{name}}}" for name in Placeholder), "{x}", "{", "}", " words "])
).map("".join)
FILLINGS = st.dictionaries(st.sampled_from(Placeholder), st.text(max_size=20))


@given(TEXTS, FILLINGS)
def test_what_is_missing_is_what_has_no_value(text: str, values: dict[Placeholder, str]) -> None:
    made = render(text, values)
    wanted = {name for name in holes_in(text) if name in set(Placeholder)}
    assert set(made.missing) == {name for name in wanted if not values.get(Placeholder(name))}


@given(TEXTS, FILLINGS)
def test_nothing_but_holes_changes(text: str, values: dict[Placeholder, str]) -> None:
    made = render(text, values)
    if not holes_in(text):
        assert made.text == text
    assert render(text, {}).text == text


@given(TEXTS, st.dictionaries(st.sampled_from(Placeholder), st.just("{ship_by}"), min_size=7))
def test_what_is_filled_in_is_not_filled_again(text: str, values: dict[Placeholder, str]) -> None:
    expected = len([n for n in holes_in(text) if n in set(Placeholder)])
    assert (expected > 0) <= ("{ship_by}" in render(text, values).text)


@given(TEXTS, FILLINGS)
def test_a_text_with_a_hole_is_never_fit_to_be_sent(
    text: str, values: dict[Placeholder, str]
) -> None:
    made = render(text, values)
    if made.missing or unknown_holes(text):
        assert why_not_sendable(ORDER, made.text)


# --- saving -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "language", "text", "codes"),
    [
        pytest.param(ORDER, "", "Your order {order_number}", {}, id="good"),
        pytest.param(ORDER, "de-DE", "Hallo", {}, id="a language with a country"),
        pytest.param(ORDER, "nl", "Hallo", {}, id="a language"),
        pytest.param(ORDER, "zh-Hant-TW", "x", {}, id="a language with a script"),
        pytest.param(ORDER, "xx-YY", "x", {"language": "template.language"}, id="no language"),
        pytest.param(ORDER, "German", "x", {"language": "template.language"}, id="a name"),
        pytest.param(ORDER, "", "", {"text": "message.empty"}, id="no text"),
        pytest.param(
            BuyerMessageKind.DIGITAL_ACCESS_KEY,
            "",
            "x" * 401,
            {"text": "message.too_long"},
            id="too long",
        ),
        pytest.param(ORDER, "", "<i>x</i>", {"text": "message.html"}, id="HTML"),
        pytest.param(ORDER, "", "a@b.example", {"text": "message.email"}, id="an address"),
        pytest.param(
            ORDER, "", "Dear {buyer_name}", {"text": "template.unknown_placeholder"}, id="unknown"
        ),
        pytest.param(
            ORDER, "", "{Order_Number}", {"text": "template.unknown_placeholder"}, id="misspelt"
        ),
    ],
)
def test_a_template_can_be_saved_or_not(
    kind: BuyerMessageKind, language: str, text: str, codes: dict[str, str]
) -> None:
    found = faults_of(kind, language, text)
    assert {field: sentence.code for field, sentence in found.items()} == codes


def test_an_unknown_placeholder_is_named_with_those_that_there_are() -> None:
    told = faults_of(ORDER, "", "{buyer_name} {order_number} {foo}")["text"]
    assert told.startswith("Nothing can be filled in for {buyer_name}, {foo}. There are: {order_n")
    assert "{shop_name}" in told


@pytest.mark.parametrize("suggestion", SUGGESTIONS, ids=lambda s: f"{s.language}-{s.name}")
def test_what_is_suggested_can_be_saved(suggestion: Any) -> None:
    assert faults_of(suggestion.kind, suggestion.language, suggestion.text) == {}
    assert "shop_name" not in suggestion.text, "Amazon names the seller itself"


def test_the_suggestions_have_names_of_their_own_and_are_alike_in_each_language() -> None:
    assert len({s.name for s in SUGGESTIONS}) == len(SUGGESTIONS)
    kinds = {
        language: [s.kind for s in SUGGESTIONS if s.language == language]
        for language in ("en", "de", "nl")
    }
    assert kinds["en"] == kinds["de"] == kinds["nl"]


def test_every_placeholder_is_explained() -> None:
    assert {f"placeholder.{name}" for name in Placeholder} <= set(known_sentences())


# --- values -------------------------------------------------------------------------------------


def package(number: str, carrier: str = "DHL") -> dict[str, Any]:
    return {"packageReferenceId": "1", "carrier": carrier, "trackingNumber": number}


@pytest.mark.parametrize(
    ("order", "language", "values"),
    [
        pytest.param(
            amazon_order(item(1, quantity=2), item(2)),
            "de-DE",
            {
                "order_number": "302-1234567-1234567",
                "order_date": "20. November 2026",
                "items": "2 \N{MULTIPLICATION SIGN} Thing 1, Thing 2",
                "ship_by": "24. November 2026",
            },
            id="German",
        ),
        pytest.param(
            amazon_order(item(), packages=[package("A1"), package("B2"), package("A1")]),
            "en-US",
            {
                "order_number": "302-1234567-1234567",
                "order_date": "November 20, 2026",
                "items": "Thing 1",
                "carrier": "DHL",
                "tracking_number": "A1, B2",
                "ship_by": "November 24, 2026",
            },
            id="parcels",
        ),
        pytest.param(
            amazon_order(item(quantity=0, total="0"), fulfillment={}),
            "en-GB",
            {"order_number": "302-1234567-1234567", "order_date": "20 November 2026"},
            id="nothing left, no window",
        ),
    ],
)
def test_an_orders_values(order: Any, language: str, values: dict[str, str]) -> None:
    found = values_for(read_order(order), language=language)
    assert {str(name): value for name, value in found.items()} == values


@pytest.mark.parametrize(
    ("marketplace", "ends", "day"),
    [
        pytest.param(US, "2026-11-25T07:59:59Z", "November 24, 2026", id="Pacific time"),
        pytest.param(DE, "2026-11-24T22:59:59Z", "24. November 2026", id="Berlin"),
        pytest.param(UK, "2026-11-24T23:59:59Z", "24 November 2026", id="London"),
    ],
)
def test_the_ship_by_day_is_the_stores_day(marketplace: str, ends: str, day: str) -> None:
    window = {"shipByWindow": {"latestDateTime": ends}}
    told = amazon_order(marketplace=marketplace)
    order = read_order(told | {"fulfillment": told["fulfillment"] | window})
    assert values_for(order, language="")[Placeholder.SHIP_BY] == day


def test_the_sellers_name_is_a_value_where_it_is_known() -> None:
    order = read_order(amazon_order())
    named = values_for(order, language="en", shop_name="Mugs & more")
    assert named[Placeholder.SHOP_NAME] == "Mugs & more"
    assert Placeholder.SHOP_NAME not in values_for(order, language="en")


@pytest.mark.parametrize("tag", ["en", "en-GB", "pt-BR", "zh-Hans-CN", "ja-JP"])
def test_a_language_is_known(tag: str) -> None:
    assert is_language(tag)


@pytest.mark.parametrize("tag", ["", "x", "klingon", "en GB", "de-", "../etc"])
def test_a_language_is_not_known(tag: str) -> None:
    assert not is_language(tag)


@pytest.mark.parametrize(
    ("language", "locale", "closer"),
    [
        ("de-DE", "de-DE", 0),
        ("de", "de-DE", 1),
        ("de-AT", "de-DE", 1),
        ("", "de-DE", 2),
        ("en", "", 2),
        ("en", "de-DE", 3),
    ],
)
def test_templates_in_the_buyers_language_come_first(
    language: str, locale: str, closer: int
) -> None:
    assert closeness(language, locale) == closer
