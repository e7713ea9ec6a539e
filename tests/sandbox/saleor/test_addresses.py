"""Addresses pass or fail as at the real server."""

from typing import Any

import pytest

from saleor_amazon_app.sandbox.saleor.addresses import BadAddress, clean
from tests.sandbox.saleor.shops import US, Shop

DE = {"street_address_1": "Weg 1", "city": "Berlin", "postal_code": "10115", "country": "DE"}
IE = {"street_address_1": "1 Quay", "city": "Dublin", "country": "IE", "country_area": "dublin"}
JP = {
    "street_address_1": "1-2-3",
    "city": "渋谷区",
    "postal_code": "150-0002",
    "country": "JP",
    "country_area": "東京都",
}
GOOD = {
    "street_address_1": "1 Main St",
    "city": "New York",
    "postal_code": "10001",
    "country": "US",
    "country_area": "NY",
}


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({}, "city", "NEW YORK"),
        ({"country_area": "New York"}, "country_area", "NY"),
        ({"phone": "+1 347-448-3190 ext. 12345"}, "phone", "+13474483190"),
        ({"city_area": "Harlem"}, "city_area", ""),
        ({"country_area": "CA", "skip_validation": True}, "city", "New York"),
        (DE, "city", "BERLIN"),
        (IE, "country_area", "Co. Dublin"),
        (JP, "city", "渋谷区"),
    ],
)
def test_addresses_are_normalised(changes: dict[str, Any], field: str, value: str) -> None:
    base = {} if "country" in changes else GOOD
    assert getattr(clean(base | changes, 1), field) == value


@pytest.mark.parametrize(
    "changes",
    [
        {"street_address_1": ""},
        {"city": None},
        {"postal_code": ""},
        {"postal_code": "90001"},
        {"country_area": ""},
        {"country_area": "Bavaria"},
        {"country": None},
        {"phone": "123"},
        {"first_name": "x" * 257},
    ],
)
def test_bad_addresses_fail(changes: dict[str, Any]) -> None:
    with pytest.raises(BadAddress):
        clean(GOOD | changes, 1)


@pytest.mark.parametrize("changes", [{"street_address_1": ""}, {"phone": "123"}])
def test_skipping_the_check_skips_wrong_values_only(changes: dict[str, Any]) -> None:
    with pytest.raises(BadAddress):
        clean(GOOD | changes | {"skip_validation": True}, 1)


def test_names_are_not_required() -> None:
    assert clean(GOOD, 1).first_name == ""


@pytest.mark.parametrize("kind", ["shipping", "billing"])
def test_a_bad_address_is_refused_without_a_reason(shop: Shop, kind: str) -> None:
    order = shop.order() | {f"{kind}Address": US | {"postalCode": "90001"}}
    result = shop.create(order)["results"][0]
    assert result["errors"][0] == {
        "path": f"{kind}_address",
        "message": f"Invalid {kind} address.",
        "code": "INVALID",
    }


def test_ignoring_errors_stores_an_order_without_the_shipping_address(shop: Shop) -> None:
    order = shop.order(shippingAddress=US | {"postalCode": "90001"})
    assert shop.create(order, errors="IGNORE_FAILED")["count"] == 1
    made = shop.state.order_by_reference("111-1")
    assert made
    assert made.shipping_address is None


def test_a_null_character_is_refused() -> None:
    with pytest.raises(BadAddress) as error:
        clean(GOOD | {"first_name": "A\0"}, 1)
    assert error.value.problems[0][0] == "first_name"
