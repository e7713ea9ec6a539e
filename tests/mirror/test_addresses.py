"""One Amazon address as Saleor's billing and shipping address."""

from typing import Any

import pytest

from saleor_amazon_app.mirror.addresses import (
    PLACEHOLDER,
    AddressFix,
    AddressNotUsable,
    SaleorAddress,
    is_withheld,
    saleor_address,
    with_fix,
)
from saleor_amazon_app.mirror.amazon_order import read_order
from saleor_amazon_app.mirror.problems import ProblemKind
from tests.mirror.amazon_orders import ADDRESS, amazon_order


def address(fix: AddressFix | None = None, **given: Any) -> SaleorAddress:
    payload = amazon_order(recipient={"deliveryAddress": given})
    return saleor_address(read_order(payload), default_country="DE", fix=fix)


US_ADDRESS: dict[str, Any] = {
    "name": "Jane Q. Doe",
    "addressLine1": "1 Sample Street",
    "city": "Seattle",
    "stateOrRegion": "WA",
    "postalCode": "98101",
    "countryCode": "US",
}


def test_names_lines_and_places_go_where_they_belong() -> None:
    made = address(
        **ADDRESS | {"addressLine2": "Hinterhaus", "addressLine3": "3. Stock", "companyName": "X"}
    ).input
    assert (made["firstName"], made["lastName"]) == ("Erika", "Mustermann")
    assert made["streetAddress1"] == "Beispielweg 12"
    assert made["streetAddress2"] == "Hinterhaus, 3. Stock"
    assert made["companyName"] == "X"
    assert (made["city"], made["postalCode"], made["country"]) == ("BERLIN", "10115", "DE") or (
        made["city"] == "Berlin"
    )


@pytest.mark.parametrize(
    ("written", "code"), [("WA", "WA"), ("washington", "WA"), ("Washington", "WA")]
)
def test_a_states_name_becomes_its_code(written: str, code: str) -> None:
    made = address(**US_ADDRESS | {"stateOrRegion": written})
    assert made.input["countryArea"] == code
    assert "skipValidation" not in made.input


@pytest.mark.parametrize(
    ("phone", "country", "kept"),
    [
        ("+1 347-448-3190 ext. 12345", "US", "+13474483190"),
        ("030 901820", "DE", "+4930901820"),
        ("123", "US", None),
        ("0000000000", "US", None),
        ("call me", "US", None),
        ("", "US", None),
    ],
)
def test_a_phone_number_that_saleor_would_refuse_is_left_out(
    phone: str, country: str, kept: str | None
) -> None:
    base = US_ADDRESS if country == "US" else ADDRESS
    assert address(**base | {"phone": phone}).input.get("phone") == kept


def test_a_postal_code_of_another_state_is_kept_as_the_buyer_wrote_it() -> None:
    made = address(**US_ADDRESS | {"postalCode": "10001"})
    assert made.input["skipValidation"] is True
    assert made.input["postalCode"] == "10001"
    assert made.placeholders == ()


def test_missing_parts_are_placeholders_and_named() -> None:
    made = address(countryCode="US", city="Seattle", stateOrRegion="WA", postalCode="98101")
    assert made.input["streetAddress1"] == PLACEHOLDER
    assert made.input["skipValidation"] is True
    assert made.placeholders == ("streetAddress1",)


def test_an_order_of_amazons_own_shipping_needs_no_address_at_all() -> None:
    payload = amazon_order(by="AMAZON", status="SHIPPED", recipient=None, buyer=None)
    order = read_order(payload)
    assert not is_withheld(order)
    made = saleor_address(order, default_country="JP")
    assert made.input["country"] == "JP"
    assert "streetAddress1" in made.placeholders


def test_no_names_are_invented() -> None:
    payload = amazon_order(recipient={"deliveryAddress": ADDRESS | {"name": None}}, buyer=None)
    made = saleor_address(read_order(payload), default_country="DE").input
    assert "firstName" not in made
    assert "lastName" not in made


def test_a_country_that_saleor_does_not_know_is_a_problem_with_the_field_named() -> None:
    with pytest.raises(AddressNotUsable) as error:
        address(**ADDRESS | {"countryCode": "XX"})
    assert (error.value.problem.kind, error.value.problem.subject) == (
        ProblemKind.ADDRESS,
        "country_code",
    )


@pytest.mark.parametrize(
    ("status", "by", "given", "withheld"),
    [
        ("UNSHIPPED", "MERCHANT", {"countryCode": "DE", "city": "Berlin"}, True),
        ("UNSHIPPED", "MERCHANT", ADDRESS, False),
        ("PARTIALLY_SHIPPED", "MERCHANT", {}, True),
        ("SHIPPED", "MERCHANT", {}, False),
        ("SHIPPED", "AMAZON", {}, False),
    ],
)
def test_an_open_order_without_a_street_waits_for_it(
    status: str, by: str, given: dict[str, str], withheld: bool
) -> None:
    payload = amazon_order(status=status, by=by, recipient={"deliveryAddress": given})
    assert is_withheld(read_order(payload)) is withheld


def test_a_merchants_repair_wins_over_amazon() -> None:
    fix = with_fix(with_fix(None, postal_code="98101"), country_code="US", city="Seattle")
    made = address(fix, **US_ADDRESS | {"postalCode": "10001"})
    assert made.input["postalCode"] == "98101"
    assert "skipValidation" not in made.input


def test_long_parts_are_cut_to_saleors_columns() -> None:
    made = address(**ADDRESS | {"addressLine1": "x" * 400, "companyName": "y" * 400}).input
    assert (len(made["streetAddress1"]), len(made["companyName"])) == (256, 256)


@pytest.mark.parametrize("country", ["US", "CA", "BR", "GB", "DE", "FR", "JP", "AU", "IE", "AE"])
def test_every_country_gets_all_that_its_rules_require(country: str) -> None:
    made = address(countryCode=country)
    for name in made.placeholders:
        assert made.input[name]
    assert made.input["skipValidation"] is True
