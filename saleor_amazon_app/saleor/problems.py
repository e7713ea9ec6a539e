"""Problems of the app that the Dashboard shows beside it, under Extensions.

Added in Saleor 3.22.36; an older shop does not know the mutations.
"""

from collections.abc import Sequence
from typing import Final

from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.saleor.client import SaleorApi, safe_message
from saleor_amazon_app.saleor.errors import InvalidRequest
from saleor_amazon_app.saleor.versions import parse_patch

SINCE: Final = (3, 22, 36)


def is_supported(version: str) -> bool:
    """Tell whether a shop of this version takes problems of apps."""
    return parse_patch(version) >= SINCE


def raise_problem(api: SaleorApi, key: str, message: str) -> None:
    """Tell of a problem; the same key within an hour is counted and not shown twice.

    Raises:
        InvalidRequest: Saleor does not take it.
    """
    _check(api.run("ReportProblem", key=key, message=message)["appProblemCreate"]["errors"])


def dismiss_problems(api: SaleorApi, keys: Sequence[str]) -> None:
    """Take back all that was told under the keys.

    Raises:
        InvalidRequest: Saleor does not take it.
    """
    _check(api.run("DismissProblems", keys=list(keys))["appProblemDismiss"]["errors"])


def _check(errors: Sequence[dict[str, str]]) -> None:
    if errors:
        text = safe_message(errors[0]["message"] or "")
        raise InvalidRequest(
            say("saleor.declines", operation="appProblem", answer=text), code=errors[0]["code"]
        )
