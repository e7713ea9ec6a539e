"""What a notice says: counts, causes and Amazon's order numbers, and nothing personal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from saleor_amazon_app.mirror.notices import Cause, Matter
from saleor_amazon_app.mirror.sentences import Sentence, Term, say

_LISTED: Final = 20
"""Numbers that are written out for each kind of matter; of more only the count is told."""
_PAGES: Final = {
    Cause.AUTHORISATION: "/settings",
    Cause.STANDSTILL: "/activity",
    Cause.SHIPMENTS: "/orders",
    Cause.ANSWERS: "/problems",
    Cause.PROBLEMS: "/problems",
}


@dataclass(frozen=True)
class Paragraph:
    """One thing to tell, with the numbers of its orders."""

    text: Sentence
    orders: tuple[str, ...] = ()
    more: Sentence | None = None
    """How many orders are not written out."""


@dataclass(frozen=True)
class Letter:
    """A notice in the app's sentences, for any language."""

    subject: Sentence
    opening: Sentence
    paragraphs: tuple[Paragraph, ...]
    page: str
    """The page of the app that it leads to, e.g. ``/problems``."""


def write_letter(matters: Sequence[Matter], shop: str) -> Letter:
    """Write of what is new, in the order of the causes.

    Args:
        matters: What is new; at least one.
        shop: The shop's host name.
    """
    causes = list(Cause)
    ordered = sorted(matters, key=lambda m: (causes.index(m.cause), m.about, m.order, m.key))
    return Letter(
        subject=say("notice.subject", count=len(matters), shop=shop),
        opening=say("notice.opening", shop=shop),
        paragraphs=tuple(_paragraphs(ordered)),
        page=_page({matter.cause for matter in matters}),
    )


def write_test(shop: str) -> Letter:
    """Write the mail that shows whether mails arrive."""
    return Letter(
        subject=say("notice.test_subject", shop=shop),
        opening=say("notice.test", shop=shop),
        paragraphs=(),
        page="/settings/notifications",
    )


def _page(causes: set[Cause]) -> str:
    pages = {_PAGES[cause] for cause in causes}
    return pages.pop() if len(pages) == 1 else ""


def _paragraphs(matters: Sequence[Matter]) -> Iterator[Paragraph]:
    for about, group in groupby(matters, key=lambda m: m.about):
        if about:
            yield _of_orders(about, sorted({matter.order for matter in group}))
        else:
            yield from (Paragraph(matter.said) for matter in group if matter.said)


def _of_orders(about: str, orders: Sequence[str]) -> Paragraph:
    left = len(orders) - _LISTED
    more = say("notice.more", count=left) if left > 0 else None
    return Paragraph(_headline(about, len(orders)), tuple(orders[:_LISTED]), more)


def _headline(about: str, count: int) -> Sentence:
    if about in ("late", "due_today"):
        return say(f"notice.{about}", count=count)
    return say("notice.problem", problem=Term("problems", about), count=count)
