"""Tax, case by case: an Amazon order and what it must become, reviewed by hand and kept in a file.

A difference is either a mistake or a decision; a decision changes the file.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from saleor_amazon_app.mirror.drafting import Draft
from tests.mirror.test_drafting import drafted, metadata

FILES = sorted((Path(__file__).parent / "golden").glob("*.json"))
ORDER_FACTS = (
    "amazon.taxReading",
    "amazon.taxRegistrations",
    "amazon.iossNumbers",
    "amazon.replacementOf",
)
LINE_FACTS = ("amazon.taxReading", "amazon.taxCollectedBy", "amazon.withheldTax", "amazon.money")


def told(made: Draft) -> dict[str, Any]:
    """Return what a tax adviser would look at."""
    order = made.input
    return {
        "total": made.total,
        "currency": order["currency"],
        "lines": [
            {
                "quantity": line["quantity"],
                "total": line["totalPrice"],
                "undiscounted": line["undiscountedTotalPrice"],
                "facts": _some(metadata(line), LINE_FACTS),
            }
            for line in order["lines"]
        ],
        "shipping": order["deliveryMethod"]["shippingPrice"],
        "charged": [paid["amountCharged"] for paid in order["transactions"]],
        "facts": _some(metadata(order), ORDER_FACTS),
    }


def _some(facts: dict[str, str], keys: tuple[str, ...]) -> dict[str, str]:
    return {key: facts[key] for key in keys if key in facts}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_golden_file(file: Path) -> None:
    golden = json.loads(file.read_text(encoding="utf-8"))
    made = json.loads(json.dumps(told(drafted(golden["amazon"])), default=str))
    assert made == golden["saleor"]


def test_the_cases_that_matter_are_there() -> None:
    assert {file.stem for file in FILES} >= {
        "us_facilitator_tax_in_the_proceeds",
        "us_facilitator_tax_beside_the_proceeds",
        "uk_consignment_of_134_gbp",
        "uk_consignment_of_136_gbp",
        "de_business_reverse_charge",
        "de_ioss_import",
        "replacement_without_amounts",
        "jp_consumption_tax_and_cod",
    }
