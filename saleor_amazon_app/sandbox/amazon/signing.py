"""Opaque tokens that carry their own content, so that they outlive a restart of the simulator.

The key is no secret: it only makes a token that was tampered with or made up fail, as Amazon's do.
"""

import base64
import hashlib
import hmac
import json
from typing import Any, Final

_KEY: Final = b"simulated-amazon"
_SIGNATURE: Final = 12


def seal(content: dict[str, Any]) -> str:
    body = json.dumps(content, separators=(",", ":"), sort_keys=True).encode()
    return base64.urlsafe_b64encode(_signature(body) + body).decode().rstrip("=")


def unseal(token: str) -> dict[str, Any] | None:
    """Return what was sealed, or None if this simulator did not make the token."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        signature, body = raw[:_SIGNATURE], raw[_SIGNATURE:]
        if not hmac.compare_digest(signature, _signature(body)):
            return None
        content = json.loads(body)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _signature(body: bytes) -> bytes:
    return hmac.digest(_KEY, body, hashlib.sha256)[:_SIGNATURE]
