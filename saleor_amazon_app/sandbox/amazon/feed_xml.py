"""Reading a feed's document: the envelope, and its messages one by one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from saleor_amazon_app.sandbox.amazon.feed_schemas import BODIES, MESSAGE_OPENING, OPENING
from saleor_amazon_app.sandbox.amazon.refusals import NOT_VALID
from saleor_amazon_app.sandbox.amazon.xml_rules import Element, Particle, XmlInvalid, check

Node = ET.Element

_NOT_WELL_FORMED: Final = 5001
"""amzn/selling-partner-api-models#1473: the feed is DONE, and its report says so."""
_ILL_FORMED: Final = 50001
"""amzn/selling-partner-api-models#5153 and #853; a byte order mark is one cause."""
_ENVELOPE_TEXT: Final = (
    "The XML you submitted is ill-formed at the Amazon Envelope XML level at (or near) line {line},"
    " column {column}."
)
_WRONG_TYPE: Final = (
    "We are unable to process the XML feed because one or more items are invalid. Please re-submit"
    " the feed."
)
"""amzn/selling-partner-api-models#1813: all that is said when the feed's type is another."""
_INVALID_MESSAGE: Final = "This is a malformed or invalid XML document. "
"""abuzuhri/Amazon-SP-API-CSharp#582, where a Component was missing."""
_DECLARED: Final = re.compile(rb"""^<\?xml[^>]*encoding=["']([\w.-]+)["']""")
_BOM: Final = b"\xef\xbb\xbf"


class DocumentRejected(Exception):
    """A document of which no message is looked at.

    ``complete`` is the report's StatusCode: Complete in the report of issue #853 of the models.
    """

    def __init__(self, number: int, text: str, *, complete: bool = True) -> None:
        super().__init__(text)
        self.number = number
        self.text = text
        self.complete = complete


@dataclass(frozen=True)
class Message:
    """A message. ``fault`` says what breaks the schema; the body may be missing then."""

    number: str
    body: Node | None
    fault: str = ""


def read(data: bytes, seller_id: str, message_type: str) -> list[Message]:
    """Return the messages of a document.

    Raises:
        DocumentRejected: It is no feed of this type by this seller.
    """
    root = _parse(data)
    nodes = _messages_of(root)
    if root.findtext("MessageType") != message_type:
        raise DocumentRejected(NOT_VALID, _WRONG_TYPE, complete=False)
    if root.findtext("Header/MerchantIdentifier") != seller_id:
        text = "The MerchantIdentifier in the header is not the seller's who sent the feed."
        raise DocumentRejected(NOT_VALID, text, complete=False)
    return _read_messages(nodes, BODIES[message_type])


def _parse(data: bytes) -> Node:
    if data.startswith(_BOM):
        raise DocumentRejected(_ILL_FORMED, _ENVELOPE_TEXT.format(line=1, column=1))
    try:
        return ET.fromstring(_decode(data))  # noqa: S314 - expat limits expansion itself
    except ET.ParseError as error:
        line, column = error.position
        text = f"XML Parsing Fatal Error at Line {line}, Column {column}: {error}"
        raise DocumentRejected(_NOT_WELL_FORMED, text) from None


def _decode(data: bytes) -> str:
    declared = _DECLARED.match(data)
    try:
        return data.decode(declared[1].decode() if declared else "utf-8")
    except (LookupError, UnicodeDecodeError) as error:
        text = f"XML Parsing Fatal Error at Line 1, Column 1: {error}"
        raise DocumentRejected(_NOT_WELL_FORMED, text) from None


def _messages_of(root: Node) -> list[Node]:
    """Check the envelope around the messages and return them."""
    children = list(root)
    first = next((i for i, child in enumerate(children) if child.tag == "Message"), len(children))
    messages = children[first:]
    try:
        _check_around(root, children[:first], OPENING)
        _check_envelope(root, messages)
    except XmlInvalid as error:
        text = f"{_ENVELOPE_TEXT.format(line=1, column=1)} {error}"
        raise DocumentRejected(_ILL_FORMED, text) from None
    return messages


def _check_envelope(root: Node, messages: list[Node]) -> None:
    if root.tag != "AmazonEnvelope" or not messages:
        raise XmlInvalid("There is no envelope with a message.")
    if any(message.tag != "Message" for message in messages):
        raise XmlInvalid("Only messages may follow a message.")


def _check_around(node: Node, children: list[Node], particles: Sequence[Particle]) -> None:
    """Check the first children of an element as if they were all."""
    bare = ET.Element(node.tag, node.attrib)
    bare.extend(children)
    check(bare, Element(node.tag, tuple(particles)))


def _read_messages(nodes: list[Node], schema: Element) -> list[Message]:
    seen: set[str] = set()
    return [_read_message(node, schema, seen) for node in nodes]


def _read_message(node: Node, schema: Element, seen: set[str]) -> Message:
    number = node.findtext("MessageID", "0")
    body = node.find(schema.name)
    try:
        _check_message(node, schema, number, seen)
    except XmlInvalid as error:
        return Message(number if number.isdigit() else "0", body, f"{_INVALID_MESSAGE}{error}")
    finally:
        seen.add(number)
    return Message(number, body)


def _check_message(node: Node, schema: Element, number: str, seen: set[str]) -> None:
    children = list(node)
    _check_around(node, children[:-1], MESSAGE_OPENING)
    if not children or children[-1].tag != schema.name:
        raise XmlInvalid(f"Element '{schema.name}' is expected in 'Message'.")
    if number in seen:
        raise XmlInvalid(f"MessageID {number} is not unique.")
    check(children[-1], schema)
