"""What several shapes share."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema


class Shape(BaseModel):
    """Something that is shown. Times are aware and in UTC, amounts in major units."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


_AS_WRITTEN: Final = WithJsonSchema({"type": "string"})
"""Errors are described as they are read, all else as it is written; an amount alike in both."""


class Amount(Shape):
    amount: Annotated[Decimal, _AS_WRITTEN]
    """In major units, e.g. ``12.34``; a string in JSON, so that no digit is lost."""
    currency: str


class Moment(Shape):
    """A point in time within a sentence."""

    at: datetime


class Term(Shape):
    """A value of one of the vocabularies within a sentence; an open set."""

    vocabulary: str
    value: str


class Sentence(Shape):
    """A sentence for people. With ``code`` it can be said in another language than English."""

    code: str
    """Stable; an open set: ``x-sentences`` of this document lists the codes with their holes.
    Empty: words of somebody else, or stored before sentences had codes."""
    params: dict[str, Param]
    """What fills the holes; ``count`` chooses between singular and plural. The ``sentences`` of
    the code ``several`` stand one after the other."""
    text: str
    """The whole of it in English."""


Param: TypeAlias = "str | int | Amount | Moment | Term | Sentence | list[Term | Sentence]"
Sentence.model_rebuild()


class MarketplaceRef(Shape):
    """One of Amazon's stores; the name is the id where this version does not know it."""

    id: str
    name: str
    country: str | None = None
    currency: str | None = None


class ProblemShown(Shape):
    """One reason why an order waits for a person."""

    kind: str
    subject: str
    message: Sentence
    cure: Sentence
    opened_at: datetime
    may_dismiss: bool
    """It may be set aside: the order is in Saleor all the same."""
    may_retry: bool
    """The order is not in Saleor, and can be tried again."""


class Choice(Shape):
    """One of the values that a field takes, with the sentence that explains it."""

    value: str
    label: str
    explanation: Sentence | None = None


class Count(Shape):
    """A number of things that is not counted beyond a limit."""

    count: int = Field(ge=0)
    is_exact: bool
    """False: there are at least so many."""
