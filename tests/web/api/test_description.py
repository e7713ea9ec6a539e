"""The description of the API: current, complete, and every endpoint guarded."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.mirror.sentences import known_sentences
from saleor_amazon_app.store.models import OrderState
from saleor_amazon_app.web.describing import describe

FILE = Path(__file__).parents[3] / "dashboard_extensions" / "openapi.json"


@pytest.fixture(scope="module")
def described() -> Any:
    return json.loads(describe())


def operations(described: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (v for k, v in value.items() if k == "$ref")
        for entry in value.values():
            yield from references(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from references(entry)


def test_the_file_is_current() -> None:
    assert FILE.read_text(encoding="utf-8") == describe(), "run `make openapi`"


def test_every_reference_leads_somewhere(described: Any) -> None:
    known = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    assert set(references(described)) <= known


def test_every_operation_has_a_name_of_its_own(described: Any) -> None:
    names = [operation["operationId"] for _, _, operation in operations(described)]
    assert len(names) == len(set(names)) > 40


def test_every_operation_names_the_permission_it_needs(described: Any) -> None:
    needed = {
        operation["operationId"]: operation["security"] for _, _, operation in operations(described)
    }
    for name, security in needed.items():
        assert len(security[0]["app_bridge"]) == 1, name


def test_every_sentence_is_listed_for_those_who_translate(described: Any) -> None:
    listed = described["x-sentences"]
    assert listed == known_sentences()
    assert {f"cure.{kind}" for kind in ProblemKind} <= set(listed)
    assert {f"explained.states.{state}" for state in OrderState} <= set(listed)
    assert len([code for code in listed if code.startswith("why_not.")]) > 15


def test_errors_are_problem_details_everywhere(described: Any) -> None:
    for path, _, operation in operations(described):
        for status, told in operation["responses"].items():
            if status >= "400":
                assert list(told["content"]) == ["application/problem+json"], (path, status)
