"""npm version ranges, as a manifest's ``requiredSaleorVersion`` has them."""

import re
from collections.abc import Callable
from typing import Final

Version = tuple[int, int, int]
_PART: Final = re.compile(
    r"(>=|<=|>|<|=|\^|~)?\s*v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?"
)
_WILD: Final = (None, "x", "X", "*")


def satisfies(version: str, wanted: str) -> bool:
    """Tell whether a version lies in a range such as ``>=3.21 <4`` or ``^3.22 || 4.x``.

    Raises:
        ValueError: It is no range.
    """
    major, minor, patch = (int(part) for part in version.split("-", maxsplit=1)[0].split("."))
    exact = (major, minor, patch)
    return any(_in_all(exact, alternative.strip()) for alternative in wanted.split("||"))


def _in_all(version: Version, text: str) -> bool:
    rest = _PART.sub("", text).strip()
    if rest:
        raise ValueError(f"No version range: {text}")
    return all(_holds(version, match) for match in _PART.finditer(text))


def _holds(version: Version, match: re.Match[str]) -> bool:
    operator, *parts = match.groups()
    low, high = _span(parts)
    tests: dict[str | None, Callable[[], bool]] = {
        ">=": lambda: version >= low,
        ">": lambda: version >= high,
        "<": lambda: version < low,
        "<=": lambda: version < high,
        "^": lambda: low <= version < (low[0] + 1, 0, 0),
        "~": lambda: low <= version < (low[0], low[1] + 1, 0),
    }
    return tests.get(operator, lambda: low <= version < high)()


def _span(parts: list[str | None]) -> tuple[Version, Version]:
    """Return the first version a partial one stands for, and the first that it does not."""
    major, minor, patch = parts
    if major in _WILD:
        return (0, 0, 0), (10**9, 0, 0)
    first = int(str(major))
    if minor in _WILD:
        return (first, 0, 0), (first + 1, 0, 0)
    second = int(str(minor))
    if patch in _WILD:
        return (first, second, 0), (first, second + 1, 0)
    third = int(str(patch))
    return (first, second, third), (first, second, third + 1)
