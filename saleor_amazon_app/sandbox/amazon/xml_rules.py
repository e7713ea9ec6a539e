"""A small language to say what an XML element contains, and a check against it.

It knows what Amazon's feed schemas need: sequences, occurrences, one of two, and simple types.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element as Node

Rule = Callable[[str], bool]

MANY: Final = 10**9
_INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}"


class XmlInvalid(Exception):
    """An element is not what the schema says."""


@dataclass(frozen=True)
class Element:
    """An element with text that a rule accepts, or with a sequence of others."""

    name: str
    content: "Rule | tuple[Particle, ...]"
    attributes: Mapping[str, Rule] = field(default_factory=dict)


@dataclass(frozen=True)
class Particle:
    """A place in a sequence: which elements may stand there, and how often."""

    options: Mapping[str, Element]
    low: int = 1
    high: int = 1


def one(element: Element) -> Particle:
    return Particle({element.name: element})


def maybe(element: Element) -> Particle:
    return Particle({element.name: element}, low=0)


def several(element: Element, low: int = 0, high: int = MANY) -> Particle:
    return Particle({element.name: element}, low, high)


def either(*elements: Element) -> Particle:
    return Particle({element.name: element for element in elements})


def text(name: str, rule: Rule, **attributes: Rule) -> Element:
    return Element(name, rule, attributes)


def matching(pattern: str) -> Rule:
    found = re.compile(pattern, re.ASCII)
    return lambda value: found.fullmatch(value) is not None


def among(*values: str) -> Rule:
    known = frozenset(values)
    return lambda value: value in known


def length(low: int, high: int) -> Rule:
    return lambda value: low <= len(value) <= high


def check(node: Node, element: Element) -> None:
    """Check an element and all that it contains.

    Raises:
        XmlInvalid: Something is missing, out of place or not of its type.
    """
    _check_attributes(node, element)
    if callable(element.content):
        _check_text(node, element.content)
    else:
        _check_sequence(node, element.content)


def _check_attributes(node: Node, element: Element) -> None:
    for name, value in node.attrib.items():
        if name.startswith(_INSTANCE):
            continue
        rule = element.attributes.get(name)
        if rule is None or not rule(value):
            raise XmlInvalid(f"Attribute '{name}' of element '{node.tag}' is not valid.")


def _check_text(node: Node, rule: Rule) -> None:
    value = node.text or ""
    if len(node) or not rule(value):
        raise XmlInvalid(f"The value '{value}' of element '{node.tag}' is not valid.")


def _check_sequence(node: Node, particles: tuple[Particle, ...]) -> None:
    if any((part or "").strip() for part in (node.text, *(child.tail for child in node))):
        raise XmlInvalid(f"Element '{node.tag}' cannot have text.")
    children, place = list(node), 0
    for particle in particles:
        count = 0
        while place < len(children) and count < particle.high:
            if (found := particle.options.get(children[place].tag)) is None:
                break
            check(children[place], found)
            place, count = place + 1, count + 1
        if count < particle.low:
            raise XmlInvalid(_incomplete(node, particle, children[place:]))
    if place < len(children):
        raise XmlInvalid(f"Element '{children[place].tag}' is not expected in '{node.tag}'.")


def _incomplete(node: Node, particle: Particle, rest: list[Node]) -> str:
    wanted = " or ".join(particle.options)
    found = f", found '{rest[0].tag}'" if rest else ""
    return f"The content of element '{node.tag}' is not complete: {wanted} is expected{found}."
