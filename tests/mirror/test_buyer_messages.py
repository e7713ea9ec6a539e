"""What a text to a buyer may be, by the descriptions and limits of Amazon's model."""

import pytest

from saleor_amazon_app.mirror.buyer_messages import (
    BuyerMessageKind,
    length_of,
    warnings_about,
    why_not_sendable,
)
from saleor_amazon_app.mirror.messages import BuyerMessage
from saleor_amazon_app.mirror.sentences import SEVERAL

ORDER, KEY, CUSTOM = (
    BuyerMessageKind.ORDER_DETAILS,
    BuyerMessageKind.DIGITAL_ACCESS_KEY,
    BuyerMessageKind.CUSTOMIZATION_DETAILS,
)


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        pytest.param(ORDER, "Which colour do you want?", "", id="plain"),
        pytest.param(ORDER, "First\n\nSecond & third, 3 < 4 > 2", "", id="signs that are no HTML"),
        pytest.param(ORDER, "x" * 2000, "", id="as long as can be"),
        pytest.param(ORDER, "x" * 2001, "message.too_long", id="one too many"),
        pytest.param(CUSTOM, "x" * 800, "", id="customisation, as long as can be"),
        pytest.param(CUSTOM, "x" * 801, "message.too_long", id="customisation, one too many"),
        pytest.param(KEY, "x" * 400, "", id="key, as long as can be"),
        pytest.param(KEY, "x" * 401, "message.too_long", id="key, one too many"),
        pytest.param(KEY, "{3F2504E0-4F89-11D3-9A0C-0305E82C3301}", "", id="a key with braces"),
        pytest.param(ORDER, "", "message.empty", id="nothing"),
        pytest.param(ORDER, " \n ", "message.empty", id="blanks"),
        pytest.param(ORDER, "This is <b>bold</b>", "message.html", id="a tag"),
        pytest.param(ORDER, "A line<br/>and another", "message.html", id="a closed tag"),
        pytest.param(ORDER, "Tom &amp; Jerry", "message.html", id="an entity"),
        pytest.param(ORDER, "Write to help@shop.example", "message.email", id="an address"),
        pytest.param(ORDER, "Meet @ noon", "", id="no address"),
        pytest.param(ORDER, "Your order {order_number}", "message.unfilled", id="a hole"),
        pytest.param(ORDER, "Dear { buyer_name }", "message.unfilled", id="a hole of nobody's"),
    ],
)
def test_a_text_can_be_sent_or_not(kind: BuyerMessageKind, text: str, code: str) -> None:
    assert why_not_sendable(kind, text).code == code


def test_all_that_is_wrong_is_said_at_once_and_nothing_of_the_text() -> None:
    wrong = why_not_sendable(KEY, "<p>erika@home.example" * 30)
    assert wrong.code == SEVERAL
    assert wrong == (
        "The text is 630 characters long; Amazon takes 400 for this kind of message. "
        "Amazon allows no HTML in messages. Amazon allows no e-mail addresses in messages."
    )


@pytest.mark.parametrize(("text", "length"), [("abc", 3), ("ä", 1), ("😀", 2), ("a\nb", 3)])
def test_characters_are_counted_as_browsers_count(text: str, length: int) -> None:
    assert length_of(text) == length


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("See https://track.example/1", ["message.link"]),
        ("See www.track.example", ["message.link"]),
        ("Our shop is open.", []),
    ],
)
def test_links_are_pointed_out_and_not_refused(text: str, codes: list[str]) -> None:
    assert [warning.code for warning in warnings_about(text)] == codes
    assert not why_not_sendable(ORDER, text)


def test_a_message_does_not_show_its_text_where_it_is_printed() -> None:
    message = BuyerMessage.model_validate(
        {"order_id": "1", "marketplace_id": "M", "about": ORDER, "text": "Dear Erika"}
    )
    assert "Erika" not in repr(message)


@pytest.mark.parametrize("kind", BuyerMessageKind)
def test_each_kind_has_a_name_and_says_what_it_is_for(kind: BuyerMessageKind) -> None:
    assert kind.label.code == f"message.kind.{kind}"
    assert kind.explanation.endswith(".")
