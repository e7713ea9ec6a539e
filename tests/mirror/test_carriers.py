"""Carriers: Amazon's own codes in its own spelling, and numbers that show who carries."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_amazon_app.mirror.carriers import (
    CARRIER_CODES,
    DEFAULT_TABLE,
    Carrier,
    choose_carrier,
    recognise,
    tracking_number_of,
)

UPS = "1Z5R89390357567127"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (UPS, "UPS"),
        ("1z 999 AA1 01 2345 6784", "UPS"),
        ("1Z5R89390357567128", None),
        ("9400111202555842332669", "USPS"),
        ("420221539101026837331000039521", "USPS"),
        ("9400111202555842332668", None),
        ("RB123456785GB", "Royal Mail"),
        ("RB123456784GB", None),
        ("RB123456785FR", "La Poste"),
        ("RB123456785DE", "Deutsche Post"),
        ("RB123456785NL", "Post NL"),
        ("EE123456785JP", "Japan Post"),
        ("LN123456785US", "USPS"),
        ("LM123456785CA", "Canada Post"),
        ("RB123456785ZZ", None),
        ("EE123456785FR", None),
        ("CP123456785GB", None),
        ("986578788855", "FedEx"),
        ("986578788854", None),
        ("041441760228964", "FedEx"),
        ("00340434161094042557", "DHL-Paket"),
        ("00340434161094042558", None),
        ("JJD000390007882823371", "DHL"),
        ("JVGL06000011111111", "DHL"),
        ("3318810025", "DHL Express"),
        ("3318810026", None),
        ("H00HYA0023456789", "Hermes UK"),
        ("H1234567890123456789", "Hermes"),
        ("TBA502887274000", "Amazon Shipping"),
        ("01347057123456", None),
        ("", None),
        ("none", None),
        ("\u0663318810025", None),
        ("\uff11Z5R89390357567127", "UPS"),
    ],
)
def test_numbers_show_their_carrier_by_form(number: str, code: str | None) -> None:
    assert recognise(number) == code


def check_7(digits: str) -> str:
    return f"{digits}{int(digits) % 7}"


@given(st.from_regex(r"[0-9]{11}", fullmatch=True).map(check_7))
def test_a_number_that_several_carriers_may_have_given_shows_none(number: str) -> None:
    """Yamato's and Sagawa's numbers have twelve digits like FedEx's."""
    assert recognise(number) is None


@given(st.text())
def test_any_text_shows_a_known_carrier_or_none(text: str) -> None:
    assert recognise(text) in {*CARRIER_CODES, None}
    assert choose_carrier(text, text, {}, text).code in CARRIER_CODES
    tracking_number_of(f"https://{text}")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (f" {UPS} ", UPS),
        (f"https://www.ups.com/track?loc=en_US&tracknum={UPS}&requester=ST", UPS),
        ("https://www.fedex.com/fedextrack/?trknbr=986578788855", "986578788855"),
        ("https://tools.usps.com/go/TrackConfirmAction?tLabels=94001", "94001"),
        ("https://tools.usps.com/go/TrackConfirmAction?qtc_tLabels1=94001", "94001"),
        ("https://nolp.dhl.de/nextt-online-public/de/search?piececode=123", "123"),
        ("www.dhl.com/track?tracking-id=111,222", "111"),
        ("https://gls-group.eu/DE/de/paketverfolgung?match=12345", "12345"),
        ("https://t.17track.net/en#nums=RB123456785GB", "RB123456785GB"),
        ("https://tracking.example/p/RB123456785GB/", "RB123456785GB"),
        ("https://tracking.example/p/hello", "https://tracking.example/p/hello"),
        ("http://[broken", "http://[broken"),
        ("", ""),
    ],
)
def test_a_link_gives_its_number(text: str, number: str) -> None:
    assert tracking_number_of(text) == number


MINE = {"My Van": "Other Courier Ltd", "EVRI": "Yodel", "house": "post nl", "blank": " "}


@pytest.mark.parametrize(
    ("told", "code", "name"),
    [
        pytest.param("my  van", "Other", "Other Courier Ltd", id="the merchant's name for another"),
        pytest.param("Evri", "Yodel", "", id="the merchant's table goes before the common names"),
        pytest.param("House", "Post NL", "", id="the merchant's table in another spelling"),
        pytest.param("blank", "Other", "blank", id="an empty entry"),
        pytest.param("UPS", "UPS", "", id="Amazon's code"),
        pytest.param("dhl-PAKET", "DHL-Paket", "", id="Amazon's code in another spelling"),
        pytest.param("DHL Germany", "DHL-Paket", "", id="a common name"),
        pytest.param("PostNL", "Post NL", "", id="a common name without blanks"),
        pytest.param("ヤマト運輸", "YAMATO", "", id="a Japanese name"),
        pytest.param("Bob & Sons", "Other", "Bob & Sons", id="an unknown name"),
        pytest.param("other", "Other", "other", id="no name at all"),
        pytest.param("x" * 60, "Other", "x" * 50, id="a long name"),
    ],
)
def test_the_merchants_word_is_taken(told: str, code: str, name: str) -> None:
    chosen = choose_carrier(told, UPS, MINE, "DPD")
    assert (chosen.code, chosen.name) == (code, name)
    assert chosen.why


@pytest.mark.parametrize(
    ("tracking", "default", "code", "name"),
    [
        (UPS, "DPD", "UPS", ""),
        (f"https://www.ups.com/track?tracknum={UPS}", None, "UPS", ""),
        ("unknown", "my van", "Other", "Other Courier Ltd"),
        ("unknown", "gls germany", "GLS", ""),
        ("", None, "Other", "Other"),
        ("", " ", "Other", "Other"),
    ],
)
def test_without_a_word_the_number_and_then_the_default_decide(
    tracking: str, default: str | None, code: str, name: str
) -> None:
    for told in (None, "", " "):
        chosen = choose_carrier(told, tracking, MINE, default)
        assert (chosen.code, chosen.name) == (code, name)


def test_the_reason_is_for_people() -> None:
    assert choose_carrier("My Van", "", MINE, None) == Carrier(
        "Other",
        "Other Courier Ltd",
        "the fulfilment names My Van, which the carrier table makes Other Courier Ltd",
    )


def test_the_tables_hold_only_codes_that_amazon_has() -> None:
    assert len(set(CARRIER_CODES)) == len(CARRIER_CODES)
    assert set(DEFAULT_TABLE.values()) <= set(CARRIER_CODES)


@pytest.mark.parametrize("name", DEFAULT_TABLE)
def test_every_common_name_means_its_code(name: str) -> None:
    told: Any = choose_carrier(name.upper(), "", {}, None)
    assert (told.code, told.name) == (DEFAULT_TABLE[name], "")
