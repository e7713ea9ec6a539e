"""Errors in one shape, in words for the person who asked, without what the request held."""

from typing import Any

import pytest

from saleor_amazon_app.web.api import me as me_module
from tests.web.api.conftest import Desk

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_an_unknown_address_is_a_problem(desk: Desk) -> None:
    problem = desk.refused("GET", "/nonsense")
    assert problem["status"] == 404
    assert problem["title"] == "Not Found"


def test_a_wrong_method_is_a_problem(desk: Desk) -> None:
    assert desk.refused("DELETE", "/orders")["status"] == 405


def test_a_wrong_field_is_named_and_its_value_is_not_repeated(desk: Desk) -> None:
    desk.file(1)
    secret = "Erika Mustermann, Beispielweg 12"
    path = f"/orders/{desk.number(1)}/address"
    problem = desk.refused("PUT", path, {"country_code": secret, "nickname": "x"})
    assert problem["status"] == 422
    assert {fault["field"] for fault in problem["fields"]} == {"country_code", "nickname"}
    assert secret not in str(problem)


@pytest.mark.parametrize(
    "query",
    [{"limit": 0}, {"limit": 201}, {"sort": "name"}, {"purchased_from": "yesterday"}, {"no": 1}],
)
def test_a_mistyped_filter_is_an_error_and_not_ignored(desk: Desk, query: dict[str, Any]) -> None:
    assert desk.refused("GET", "/orders", **query)["status"] == 422


def test_a_naive_moment_is_refused(desk: Desk) -> None:
    problem = desk.refused("GET", "/orders", purchased_from="2026-11-01T00:00:00")
    assert problem["fields"][0]["field"] == "purchased_from"


def test_a_body_that_is_no_json_is_a_problem(desk: Desk) -> None:
    answer = desk.call("POST", "/views", data="{", content_type="application/json")
    assert answer.status_code == 422


def test_a_fault_of_the_apps_own_is_told_without_its_text(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("Erika Mustermann")

    monkeypatch.setattr(me_module, "caller", broken)
    problem = desk.refused("GET", "/me")
    assert (problem["status"], problem["code"]) == (500, "unexpected")
    assert "Erika" not in str(problem)


def test_a_failure_names_side_remedy_and_cure(desk: Desk) -> None:
    problem = desk.refused("GET", "/settings/shop")
    assert problem["side"] == "saleor"
    assert problem["remedy"] == "retry"
    assert problem["status"] == 503
