"""The project's GraphQL documents, parsed once, with the fragments they use."""

from functools import cache
from pathlib import Path
from typing import Final

from graphql import DocumentNode, parse

FOLDER: Final = Path(__file__).parent / "operations"
_FRAGMENTS: Final = {"...OrderSeen": "order_seen.graphql"}

SINCE: Final = {"ReportProblem": "3.22", "DismissProblems": "3.22"}
"""Documents that older versions of Saleor do not understand; their callers look first."""


def text(name: str) -> str:
    """Return a document with its fragments appended."""
    own = (FOLDER / f"{name}.graphql").read_text(encoding="utf-8")
    used = [file for spread, file in _FRAGMENTS.items() if spread in own]
    return own + "".join((FOLDER / file).read_text(encoding="utf-8") for file in used)


@cache
def document(name: str) -> DocumentNode:
    return parse(text(name), no_location=True)


def names() -> list[str]:
    """Return the names of all operations."""
    return sorted(path.stem for path in FOLDER.glob("*.graphql") if path.stem[0].isupper())
