"""What a template of messages to buyers may be, told at the field that is wrong."""

from collections.abc import Iterator
from typing import Final

from saleor_amazon_app.mirror.buyer_messages import BuyerMessageKind, why_not_writable
from saleor_amazon_app.mirror.message_templates import Placeholder, unknown_holes
from saleor_amazon_app.mirror.message_values import is_language
from saleor_amazon_app.mirror.sentences import Sentence, say, several

_KNOWN: Final = ", ".join(f"{{{name}}}" for name in Placeholder)


def faults_of(kind: BuyerMessageKind, language: str, text: str) -> dict[str, Sentence]:
    """Return why a template cannot be saved, by field; empty if it can.

    An empty language stands for any. The limit of characters holds for the text as it is written:
    for what an order's values make of it, it is looked at again before anything is sent.
    """
    faults: dict[str, Sentence] = {}
    if language and not is_language(language):
        faults["language"] = say("template.language")
    if wrong := several(*why_not_writable(kind, text), *_unknown(text)):
        faults["text"] = wrong
    return faults


def _unknown(text: str) -> Iterator[Sentence]:
    if names := unknown_holes(text):
        holes = ", ".join(f"{{{name}}}" for name in names)
        yield say("template.unknown_placeholder", holes=holes, known=_KNOWN)
