"""Compares what two shops answered to the same requests, one of them real.

Ids, times and numbers of orders differ by nature: each must stand for the same thing throughout.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from vcr.serializers import yamlserializer

LOOKS: Final = ("Setup", "Stock", "ShopAddress", "AppSelf", "ChangedOrders", "OwnWebhooks", "Own")
"""Questions about the shop itself; of what it holds besides the test's orders."""
_ID: Final = re.compile(r"^(?:[A-Za-z0-9+/]{8,}={0,2}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$")
_NAMED: Final = re.compile(r"(?<=variant: )\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Ids within a sentence."""
_TIME: Final = re.compile(r"^\d{4}-\d\d-\d\dT")
_FREE: Final = ("slug", "number", "cost", "locations", "stacktrace", "quantityAllocated", "version")

Json = Any


def differences(real: Path, simulated: Path) -> list[str]:
    """Return where two tapes tell different stories; paths within the answers."""
    pairs = list(zip(_answers(real), _answers(simulated), strict=True))
    names: dict[str, str] = {}
    found: list[str] = []
    for (name, told), (other_name, other) in pairs:
        assert name == other_name
        if name not in LOOKS:
            found += _differ(told, other, name, names)
    return found


def _answers(tape: Path) -> Iterator[tuple[str, Json]]:
    for entry in yamlserializer.deserialize(tape.read_text(encoding="utf-8"))["interactions"]:
        request = json.loads(entry["request"]["body"])
        found = re.search(r"(?:query|mutation)\s+(\w+)", request["query"])
        name = found[1] if found else ""
        if "fulfillmentAutoApprove" in request["query"]:
            continue  # the simulated shop's settings are changed by another way
        yield name, json.loads(entry["response"]["body"]["string"])


def _differ(real: Json, simulated: Json, path: str, names: dict[str, str]) -> Iterator[str]:
    """Yield the paths at which two answers differ."""
    if path.rsplit(".", 1)[-1] in _FREE:
        return
    match real, simulated:
        case dict(), dict():
            for key in real.keys() | simulated.keys():
                if key not in _FREE:
                    yield from _differ(real.get(key), simulated.get(key), f"{path}.{key}", names)
        case list(), list() if len(real) == len(simulated):
            for i, (one, other) in enumerate(zip(real, simulated, strict=True)):
                yield from _differ(one, other, f"{path}[{i}]", names)
        case str(), str():
            if not _same_text(real, simulated, names):
                yield f"{path}: {real!r} is simulated as {simulated!r}"
        case _:
            if real != simulated:
                yield f"{path}: {real!r} is simulated as {simulated!r}"


def _same_text(real: str, simulated: str, names: dict[str, str]) -> bool:
    if _NAMED.sub("…", real) == _NAMED.sub("…", simulated):
        return True
    if _TIME.match(real):
        return bool(_TIME.match(simulated))
    if _ID.match(real) and _ID.match(simulated):
        return names.setdefault(real, simulated) == simulated
    return False
