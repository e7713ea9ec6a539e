"""What Saleor's complaints about an order of a batch mean."""

import pytest

from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.mirror.verdicts import Complaint, Verdict, judge


@pytest.mark.parametrize(
    ("complaints", "verdict", "kind"),
    [
        ([("external_reference", "UNIQUE", "…")], Verdict.EXISTS, None),
        ([("lines.0", "NON_EXISTING_STOCK", "…")], Verdict.WITHOUT_STOCK, None),
        ([("lines.0", "INSUFFICIENT_STOCK", "…")], Verdict.WITHOUT_STOCK, None),
        ([("created_at", "FUTURE_DATE", "…")], Verdict.LATER, None),
        ([("shipping_address", "INVALID", "…")], Verdict.HOLD, ProblemKind.ADDRESS),
        ([("currency", "INCORRECT_CURRENCY", "…")], Verdict.HOLD, ProblemKind.CURRENCY),
        ([("channel", "NOT_FOUND", "…")], Verdict.HOLD, ProblemKind.MAPPING),
        (
            [("lines.0", "NOT_FOUND", "ProductVariant instance with …")],
            Verdict.HOLD,
            ProblemKind.MAPPING,
        ),
        ([("lines.0", "PRICE_ERROR", "…")], Verdict.HOLD, ProblemKind.REFUSED_BY_SALEOR),
        ([], Verdict.HOLD, ProblemKind.REFUSED_BY_SALEOR),
    ],
)
def test_the_verdicts(
    complaints: list[Complaint], verdict: Verdict, kind: ProblemKind | None
) -> None:
    ruling = judge(complaints)
    assert ruling.verdict is verdict
    if kind:
        assert {problem.kind for problem in ruling.problems} == {kind}


def test_stock_is_no_reason_to_drop_another_complaint() -> None:
    ruling = judge(
        [("lines.0", "NON_EXISTING_STOCK", "…"), ("currency", "INCORRECT_CURRENCY", "…")]
    )
    assert ruling.verdict is Verdict.HOLD
