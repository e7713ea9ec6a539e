"""Encryption at rest, and the rotation of its keys."""

from decimal import Decimal

import pytest
from cryptography.fernet import Fernet

from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.store.vault import Vault

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


def test_the_first_key_encrypts_and_all_decrypt() -> None:
    sealed = Vault([OLD]).seal("secret")
    assert Vault([NEW, OLD]).open(sealed) == "secret"
    assert Vault([NEW]).open(Vault([NEW, OLD]).seal("secret")) == "secret"


def test_a_missing_key_is_named_with_its_cure() -> None:
    sealed = Vault([OLD]).seal("secret")
    with pytest.raises(Misconfigured, match="SECRET_KEYS"):
        Vault([NEW]).open(sealed)


def test_nothing_of_the_text_shows() -> None:
    assert b"Mustermann" not in Vault([OLD]).seal_json({"name": "Mustermann"})


def test_amounts_survive_to_the_digit() -> None:
    vault = Vault([OLD])
    assert vault.open_json(vault.seal_json({"a": Decimal("0.10")})) == {"a": Decimal("0.10")}
