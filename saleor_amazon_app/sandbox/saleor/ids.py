"""Global ids: the type's name and the primary key in base64, as graphene writes them."""

import base64
import binascii


class InvalidId(Exception):
    """The text is not an id, or one of another type."""


def to_global(type_name: str, key: object) -> str:
    return base64.b64encode(f"{type_name}:{key}".encode()).decode()


def from_global(text: str, expected: str | None = None) -> tuple[str, str]:
    """Return an id's type and key.

    Raises:
        InvalidId: With the message of the real server.
    """
    try:
        type_name, key = base64.b64decode(text, validate=True).decode().split(":", 1)
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        wanted = f" Expected: {expected}." if expected else ""
        raise InvalidId(f"Invalid ID: {text}.{wanted}") from error
    if expected and type_name != expected:
        raise InvalidId(f"Invalid ID: {text}. Expected: {expected}, received: {type_name}.")
    return type_name, key
