"""Problems are dismissed only where the API said that they may be: nothing waits unseen."""

from typing import Any

import pytest

from saleor_amazon_app.mirror.problems import ProblemKind, may_dismiss
from saleor_amazon_app.store.models import Order, OrderState, Problem
from saleor_amazon_app.sync import tasks
from tests.web.api.conftest import Desk

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def with_problem(desk: Desk, number: int, kind: str, state: OrderState) -> str:
    """File an order that has a problem of a kind; returns its Amazon number."""
    desk.file(number)
    with desk.services.database.tenant(desk.tenant_id) as session:
        row = session.query(Order).filter_by(amazon_order_id=desk.number(number)).one()
        row.state = state
        session.add(
            Problem(order_id=row.id, kind=kind, message="Something.", opened_at=desk.services.now())
        )
    return desk.number(number)


def open_problems(desk: Desk) -> int:
    with desk.services.database.tenant(desk.tenant_id) as session:
        return session.query(Problem).filter(Problem.closed_at.is_(None)).count()


@pytest.mark.parametrize("kind", ProblemKind)
@pytest.mark.parametrize("state", [OrderState.BLOCKED, OrderState.IMPORTED])
def test_the_api_dismisses_exactly_what_it_says_may_be_dismissed(
    desk: Desk, kind: ProblemKind, state: OrderState
) -> None:
    number = with_problem(desk, 1, kind, state)
    (told,) = desk.get(f"/orders/{number}")["problems"]
    body = {"kind": kind, "reason": "Seen to by hand"}
    assert told["may_dismiss"] == may_dismiss(kind, in_saleor=state == OrderState.IMPORTED)
    if told["may_dismiss"]:
        assert desk.post(f"/orders/{number}/dismiss", body)["problems"] == []
        return
    problem = desk.refused("POST", f"/orders/{number}/dismiss", body)
    assert (problem["status"], problem["code"]) == (409, "may_not_dismiss")
    assert problem["sentence"]["code"] == "refused.may_not_dismiss"
    assert problem["cure_sentence"]["code"] == "refused.cure_it"
    assert open_problems(desk) == 1


def bulk(kind: str, *numbers: str) -> dict[str, Any]:
    return {
        "kind": "dismiss",
        "amazon_order_ids": list(numbers),
        "problem": kind,
        "reason": "Seen to by hand",
    }


def test_a_kind_that_is_never_dismissed_is_refused_before_the_bulk_begins(desk: Desk) -> None:
    number = with_problem(desk, 1, "unknown_sku", OrderState.BLOCKED)
    problem = desk.refused("POST", "/tasks", bulk("unknown_sku", number))
    assert (problem["status"], problem["code"]) == (409, "may_not_dismiss")
    assert desk.get("/tasks")["items"] == []


def test_a_bulk_says_how_many_it_left_and_why(desk: Desk) -> None:
    inside = with_problem(desk, 1, "address", OrderState.IMPORTED)
    outside = [with_problem(desk, n, "address", OrderState.BLOCKED) for n in (2, 3)]
    task = desk.post("/tasks", bulk("address", inside, *outside))
    tasks.run(desk.services, desk.tenant_id, task["id"])
    after = desk.get(f"/tasks/{task['id']}")
    assert (after["done"], after["failed"]) == (1, 2)
    ((orders, why),) = [(each["orders"], each["message"]) for each in after["reasons"]]
    assert orders == 2
    assert [each["code"] for each in why["params"]["sentences"]] == [
        "refused.may_not_dismiss",
        "refused.cure_it",
    ]
    assert {failure["amazon_order_id"] for failure in after["failures"]} == set(outside)
    assert open_problems(desk) == 2
