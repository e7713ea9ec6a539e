"""Messages to buyers: the kinds that carry a text of the merchant's, and what the text may be.

Source: Amazon's model ``messaging`` (v1), descriptions and limits of the request schemas. The kinds
that need a file or carry no text (legalDisclosure, warranty, invoice) are not among them.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from saleor_amazon_app.mirror.message_templates import holes_in
from saleor_amazon_app.mirror.sentences import NOTHING, Sentence, say, several


class BuyerMessageKind(StrEnum):
    """A kind of message, by Amazon's name of the action. Stored: never rename one."""

    ORDER_DETAILS = "confirmOrderDetails"
    DELIVERY_DETAILS = "confirmDeliveryDetails"
    UNEXPECTED_PROBLEM = "unexpectedProblem"
    CUSTOMIZATION_DETAILS = "confirmCustomizationDetails"
    SERVICE_DETAILS = "confirmServiceDetails"
    DIGITAL_ACCESS_KEY = "digitalAccessKey"

    @property
    def longest(self) -> int:
        """The most characters that Amazon takes."""
        return _LONGEST.get(self, _MOST)

    @property
    def label(self) -> Sentence:
        return say(f"message.kind.{self}")

    @property
    def explanation(self) -> Sentence:
        """Say what Amazon means the kind for."""
        return say(f"message.about.{self}")


_MOST: Final = 2000
_LONGEST: Final = {
    BuyerMessageKind.CUSTOMIZATION_DETAILS: 800,
    BuyerMessageKind.DIGITAL_ACCESS_KEY: 400,
}
_HTML: Final = re.compile(r"<[!/?]?[a-z][^<>]*>|&(#\d+|#x[0-9a-f]+|[a-z]{2,31});", re.IGNORECASE)
_EMAIL: Final = re.compile(r"[\w.+'-]+@[\w-]+(\.[\w-]+)+")
_LINK: Final = re.compile(r"\b(https?://|www\.)\S", re.IGNORECASE)


def length_of(text: str) -> int:
    """Count characters as UTF-16 does, which is never less than any other way of Amazon's.

    The model's ``maxLength`` does not say how it counts; browsers count like this as well.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def why_not_sendable(kind: BuyerMessageKind, text: str) -> Sentence:
    """Say why a text cannot be sent as it is; nothing if it can."""
    return several(*why_not_writable(kind, text), _why_unfilled(text))


def why_not_writable(kind: BuyerMessageKind, text: str) -> Iterator[Sentence]:
    """Yield what Amazon does not take about a text, whether or not it has holes to be filled.

    The sentences quote nothing of the text: it may hold personal data.
    """
    if not text.strip():
        yield say("message.empty")
    if length_of(text) > kind.longest:
        yield say("message.too_long", length=length_of(text), most=kind.longest)
    if _HTML.search(text):
        yield say("message.html")
    if _EMAIL.search(text):
        yield say("message.email")


def _why_unfilled(text: str) -> Sentence:
    """A hole that nothing fills must not reach the buyer, whether its name is known or not."""
    found = holes_in(text)
    return say("message.unfilled", holes=_listed(found)) if found else NOTHING


def warnings_about(text: str) -> list[Sentence]:
    """Return what a person should look at once more before the text is sent."""
    return [say("message.link")] if _LINK.search(text) else []


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
