"""The built front end: which files the one document loads, as Vite's manifest names them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FOLDER: Final = "app"
"""Below ``static``; made by ``make frontend``, part of the wheel, not of the repository."""
_ENTRY: Final = "src/main.tsx"


@dataclass(frozen=True)
class FrontEnd:
    """Files below ``static``: a module to run, modules it will ask for, and style sheets."""

    script: str
    preloaded: tuple[str, ...]
    styles: tuple[str, ...]


def front_end(static: Path) -> FrontEnd | None:
    """Return the built front end; None where it has not been built."""
    try:
        manifest: dict[str, Any] = json.loads(
            (static / FOLDER / "manifest.json").read_text(encoding="utf-8")
        )
    except FileNotFoundError:
        return None
    entry = manifest[_ENTRY]
    parts = [entry, *_imported(manifest, entry, set())]
    return FrontEnd(
        script=f"{FOLDER}/{entry['file']}",
        preloaded=tuple(f"{FOLDER}/{part['file']}" for part in parts[1:]),
        styles=tuple(
            dict.fromkeys(f"{FOLDER}/{file}" for part in parts for file in part.get("css", ()))
        ),
    )


def _imported(
    manifest: dict[str, Any], part: dict[str, Any], seen: set[str]
) -> Iterator[dict[str, Any]]:
    for name in part.get("imports", ()):
        if name not in seen:
            seen.add(name)
            yield manifest[name]
            yield from _imported(manifest, manifest[name], seen)
