"""What Saleor's complaints about an order of a batch mean for that order.

Paths and codes as ``orderBulkCreate`` of Saleor 3.21 to 3.23 gives them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from saleor_amazon_app.mirror.problems import Problem, ProblemKind
from saleor_amazon_app.mirror.sentences import say


class Verdict(StrEnum):
    """What to do with a refused order."""

    EXISTS = "exists"
    """It is in Saleor already."""
    WITHOUT_STOCK = "without_stock"
    """Create it without touching stock."""
    LATER = "later"
    """Send it again in a while."""
    HOLD = "hold"
    """It waits for a person."""


@dataclass(frozen=True)
class Ruling:
    verdict: Verdict
    problems: tuple[Problem, ...] = ()


Complaint = tuple[str, str, str]
"""(path, code, message)"""

_NO_STOCK: Final = "NON_EXISTING_STOCK"
_MAPPED: Final = ("channel", "delivery_method", "warehouse", "tax_class")


def is_noise(code: str) -> bool:
    """Tell whether a complaint may only echo another row's: rejected rows have no stock either."""
    return code == _NO_STOCK


def judge(complaints: Sequence[Complaint]) -> Ruling:
    """Judge a refused order by all of Saleor's complaints about it."""
    codes = {code for _, code, _ in complaints}
    if any(path == "external_reference" and code == "UNIQUE" for path, code, _ in complaints):
        return Ruling(Verdict.EXISTS)
    if codes and codes <= {_NO_STOCK, "INSUFFICIENT_STOCK"}:
        return Ruling(Verdict.WITHOUT_STOCK)
    problems = tuple(_problem(complaint) for complaint in complaints)
    if "FUTURE_DATE" in codes:
        return Ruling(Verdict.LATER, problems)
    return Ruling(Verdict.HOLD, problems or (_unnamed(),))


def _problem(complaint: Complaint) -> Problem:
    path, code, message = complaint
    if "address" in path:
        text = say("problem.address_refused", path=path)
        return Problem(ProblemKind.ADDRESS, text, path)
    if code == "INCORRECT_CURRENCY":
        return Problem(ProblemKind.CURRENCY, message, path)
    if code == "NOT_FOUND" and "variant" in message.lower():
        return Problem(ProblemKind.MAPPING, say("problem.variant_gone"), path)
    if code == "NOT_FOUND" or path.startswith(_MAPPED):
        text = say("problem.saleor_says", answer=message)
        return Problem(ProblemKind.MAPPING, text, path)
    text = say("problem.saleor_refuses", path=path, answer=message)
    return Problem(ProblemKind.REFUSED_BY_SALEOR, text, path)


def _unnamed() -> Problem:
    return Problem(ProblemKind.REFUSED_BY_SALEOR, say("problem.saleor_refuses_silently"))
