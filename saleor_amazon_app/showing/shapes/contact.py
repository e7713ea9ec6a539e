"""What a buyer can be written, and the templates that the merchant keeps for it."""

from pydantic import Field

from saleor_amazon_app.mirror.buyer_messages import BuyerMessageKind
from saleor_amazon_app.showing.shapes.actions import Ask
from saleor_amazon_app.showing.shapes.common import Sentence, Shape
from saleor_amazon_app.showing.shapes.settings import Body

_LONGEST_READ = 20_000
"""Longer texts are not looked at; Amazon's own limits are told at the field."""


class MessageKindShown(Shape):
    """A kind of message that carries a text."""

    kind: BuyerMessageKind
    label: Sentence
    explanation: Sentence
    """What Amazon means it for."""
    longest: int
    """The most characters that Amazon takes, counted as JavaScript counts."""


class MessageKindOffered(MessageKindShown):
    allowed: bool
    why_not: Sentence | None
    """None where it is allowed."""


class FilledTemplate(Shape):
    """A template with the order's values in it."""

    id: str
    name: str
    kind: BuyerMessageKind
    language: str
    text: str
    missing: list[str]
    """Placeholders that nothing is known for; they stand in the text unfilled."""


class ContactChoices(Shape):
    """What Amazon lets the buyer of an order be written now."""

    kinds: list[MessageKindOffered]
    """Those that are allowed come first."""
    elsewhere: list[str]
    """Amazon's names of messages that it allows too and this app cannot send."""
    buyer_locale: str | None
    """The language that the buyer wants to be written in, such as ``de-DE``."""
    templates: list[FilledTemplate]
    """Of the kinds that are allowed; those in the buyer's language come first."""


class MessageAsk(Ask):
    """A message to the buyer of an order."""

    kind: BuyerMessageKind
    text: str = Field(max_length=_LONGEST_READ)


class MessageConfirmed(MessageAsk):
    """A message that was looked at in a preview: exactly this text is sent."""

    request_id: str = Field(pattern=r"^[0-9a-f]{24}$")
    """Of the preview. The same one twice is one message."""


class MessagePreview(Shape):
    """Exactly what would be sent."""

    request_id: str
    kind: BuyerMessageKind
    text: str
    characters: int
    longest: int
    warnings: list[Sentence]
    """What to look at once more; nothing of it keeps the message from being sent."""


class TemplateBody(Body):
    """A template of messages; all of it is set at once."""

    name: str = Field(min_length=1, max_length=80)
    kind: BuyerMessageKind
    language: str = Field(default="", max_length=35)
    """A tag such as ``de-DE`` or ``en``; empty for any language."""
    text: str = Field(max_length=_LONGEST_READ)
    """With placeholders in braces, e.g. ``{order_number}``."""


class TemplateShown(Shape):
    id: str
    name: str
    kind: BuyerMessageKind
    language: str
    text: str


class TemplateSuggestion(Shape):
    """A template that one could start from; it is not kept."""

    name: str
    kind: BuyerMessageKind
    language: str
    text: str


class PlaceholderShown(Shape):
    name: str
    explanation: Sentence
    example: str


class Templates(Shape):
    items: list[TemplateShown]
    kinds: list[MessageKindShown]
    placeholders: list[PlaceholderShown]
    suggestions: list[TemplateSuggestion]
