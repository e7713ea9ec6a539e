"""Encryption at rest: tokens and everything that holds personal data."""

from collections.abc import Sequence
from typing import Any

import simplejson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from saleor_amazon_app.mirror.failures import Misconfigured


class Vault:
    """Encrypts with the first key and decrypts with any (AES-128-CBC and HMAC-SHA256: Fernet)."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, text: str) -> bytes:
        return self.seal_bytes(text.encode())

    def seal_bytes(self, content: bytes) -> bytes:
        return self._fernet.encrypt(content)

    def open(self, sealed: bytes) -> str:
        """Decrypt a text.

        Raises:
            Misconfigured: None of the keys fits.
        """
        return self.open_bytes(sealed).decode()

    def open_bytes(self, sealed: bytes) -> bytes:
        """Decrypt.

        Raises:
            Misconfigured: None of the keys fits.
        """
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise Misconfigured(
                "Stored data cannot be decrypted.",
                cure="Put the key that was used before into SECRET_KEYS, after the new one.",
            ) from None

    def seal_json(self, value: object) -> bytes:
        return self.seal(simplejson.dumps(value, use_decimal=True))

    def open_json(self, sealed: bytes) -> Any:  # noqa: ANN401 - JSON
        return simplejson.loads(self.open(sealed), use_decimal=True)
