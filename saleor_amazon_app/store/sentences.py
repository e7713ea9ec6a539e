"""Sentences in the tables: the text in a column, its code and parameters beside it.

The text is what the command line, Saleor's history and searches read. Without a code it is somebody
else's, or was stored before sentences had codes.
"""

from typing import Any, Protocol

from saleor_amazon_app.mirror.sentences import Sentence, recall, told


class Row(Protocol):
    """A row with a column of text and one named ``<text>_said`` for its code."""


def keep(row: Row, name: str, text: str) -> str:
    """Keep the code of a text that is about to be set; returns the text, plain."""
    setattr(row, f"{name}_said", told(text))
    return str(text)


def keep_if_any(row: Row, name: str, text: str | None) -> str | None:
    """The same for a column that may hold nothing."""
    if text is None:
        setattr(row, f"{name}_said", None)
        return None
    return keep(row, name, text)


def sentence_of(row: Row, name: str) -> Sentence:
    """Return a stored text as the sentence that it was."""
    said: dict[str, Any] | None = getattr(row, f"{name}_said")
    return recall(getattr(row, name) or "", said)
