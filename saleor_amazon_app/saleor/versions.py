"""Saleor's versions, as far as they decide what a shop is offered."""

import re
from typing import Final

OLDEST: Final = (3, 21)

Version = tuple[int, int]


def parse_version(text: str | None) -> Version:
    """Read ``3.23`` or ``3.23.28``; anything else counts as the oldest supported version."""
    match = re.match(r"(\d+)\.(\d+)", text or "")
    return (int(match[1]), int(match[2])) if match else OLDEST


def parse_patch(text: str | None) -> tuple[int, int, int]:
    """Read ``3.22.36`` with its last number; anything else counts as the oldest."""
    match = re.match(r"(\d+)\.(\d+)\.(\d+)", text or "")
    return (int(match[1]), int(match[2]), int(match[3])) if match else (*parse_version(text), 0)
