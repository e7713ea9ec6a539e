"""Work in the background: fixed when asked for, done once, outliving page, queue and worker."""

from typing import Any

import pytest
from sqlalchemy import select

from saleor_amazon_app.amazon.errors import Throttled
from saleor_amazon_app.store.desk_models import Task, TaskOrder
from saleor_amazon_app.store.models import Intent
from saleor_amazon_app.sync import tasks
from tests.mirror.amazon_orders import item
from tests.shop_world import ShopWorld
from tests.web.api.conftest import Desk
from tests.web.api.staff import Staff

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Killed(BaseException):
    """The worker is killed."""


@pytest.fixture
def done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the step of a retry only note the order."""
    numbers: list[str] = []
    step = lambda _services, _tenant, number, _task: numbers.append(number)  # noqa: E731
    monkeypatch.setattr(tasks, "STEPS", {"retry": step})
    for n in range(1, 6):
        desk.file(n)
    return numbers


def ask(desk: Desk, *numbers: int) -> str:
    ids = [desk.number(n) for n in numbers]
    return str(desk.post("/tasks", {"kind": "retry", "amazon_order_ids": ids})["id"])


def run(desk: Desk, task_id: str) -> Any:
    tasks.run(desk.services, desk.tenant_id, task_id)
    return desk.get(f"/tasks/{task_id}")


def test_a_task_does_each_order_once_and_tells_how_far_it_is(desk: Desk, done: list[str]) -> None:
    task_id = ask(desk, 1, 2, 3)
    before = desk.get(f"/tasks/{task_id}")
    assert (before["state"], before["total"], before["done"]) == ("queued", 3, 0)
    after = run(desk, task_id)
    assert (after["state"], after["done"], after["asked_by"]) == ("done", 3, "staff@shop.example")
    assert after["finished_at"]
    run(desk, task_id)
    assert sorted(done) == [desk.number(n) for n in (1, 2, 3)]


def test_a_filter_means_the_orders_of_the_moment_it_was_asked(desk: Desk, done: list[str]) -> None:
    body = {"kind": "retry", "filter": {"number": "302-000000"}, "expected": 5}
    task_id = desk.post("/tasks", body)["id"]
    desk.file(9)
    assert run(desk, task_id)["done"] == 5
    assert desk.number(9) not in done


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "retry"}, "missing"),
        ({"kind": "retry", "filter": {}}, "no_filter"),
        ({"kind": "retry", "amazon_order_ids": ["x"]}, "no_orders"),
        ({"kind": "retry", "amazon_order_ids": ["x"], "filter": {"number": "3"}}, "missing"),
        ({"kind": "retry", "filter": {"number": "302"}, "expected": 4}, "more_than_expected"),
        ({"kind": "cancel", "filter": {"number": "302"}, "expected": 5}, "missing"),
        (
            {"kind": "cancel", "filter": {"number": "302"}, "cancel_reason": "NoInventory"},
            "missing",
        ),
        ({"kind": "dismiss", "filter": {"number": "302"}, "problem": "address"}, "missing"),
        ({"kind": "sync", "filter": {"number": "302"}}, "missing"),
    ],
)
def test_what_is_not_meant_is_not_begun(
    desk: Desk, done: list[str], body: dict[str, Any], code: str
) -> None:
    problem = desk.refused("POST", "/tasks", body)
    assert (problem["status"], problem["code"]) == (409, code)
    assert desk.get("/tasks") == {"items": []}


def test_a_killed_workers_order_is_done_again_and_nothing_is_left_out(
    desk: Desk, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fatal(_services: Any, _tenant: Any, number: str, _task: Any) -> None:
        if len(done) == 1:
            raise Killed
        done.append(number)

    genuine = dict(vars(tasks)["STEPS"])
    monkeypatch.setattr(tasks, "STEPS", {"retry": fatal})
    task_id = ask(desk, 1, 2, 3)
    with pytest.raises(Killed):
        tasks.run(desk.services, desk.tenant_id, task_id)
    assert tasks.open_tasks(desk.services) == [(desk.tenant_id, task_id)], "the tick finds it"
    monkeypatch.setattr(tasks, "STEPS", genuine)
    assert run(desk, task_id)["state"] == "done"
    assert sorted(done) == [desk.number(n) for n in (1, 2, 3)]


def test_two_workers_do_not_share_a_task(
    desk: Desk, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = ask(desk, 1, 2)

    def beside(_services: Any, _tenant: Any, number: str, _task: Any) -> None:
        tasks.run(desk.services, desk.tenant_id, task_id)
        done.append(number)

    monkeypatch.setattr(tasks, "STEPS", {"retry": beside})
    run(desk, task_id)
    assert sorted(done) == [desk.number(1), desk.number(2)]


def test_a_stopped_task_ends_before_its_next_order(
    desk: Desk, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = ask(desk, 1, 2, 3)

    def once(_services: Any, _tenant: Any, number: str, _task: Any) -> None:
        done.append(number)
        desk.post(f"/tasks/{task_id}/stop")

    monkeypatch.setattr(tasks, "STEPS", {"retry": once})
    after = run(desk, task_id)
    assert (after["state"], after["done"]) == ("stopped", 1)
    assert len(done) == 1


def test_a_task_that_nobody_has_begun_is_stopped_at_once(desk: Desk, done: list[str]) -> None:
    task_id = ask(desk, 1)
    assert desk.post(f"/tasks/{task_id}/stop")["state"] == "stopped"
    run(desk, task_id)
    assert done == []


def test_amazons_limit_makes_a_task_wait_and_not_fail(
    desk: Desk, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def throttled(*_: Any) -> None:
        raise Throttled("Wait.", retry_after=60)

    genuine = dict(vars(tasks)["STEPS"])
    monkeypatch.setattr(tasks, "STEPS", {"retry": throttled})
    task_id = ask(desk, 1)
    waiting = run(desk, task_id)
    assert (waiting["state"], waiting["failed"]) == ("running", 0)
    monkeypatch.setattr(tasks, "STEPS", genuine)
    assert run(desk, task_id)["state"] == "done"
    assert done == [desk.number(1)]


def test_a_lost_queue_loses_no_task(desk: Desk, done: list[str]) -> None:
    task_id = ask(desk, 1)
    desk.services.redis.flushall()
    assert tasks.open_tasks(desk.services) == [(desk.tenant_id, task_id)]


def test_cancelling_many_tells_which_could_not_be(shop: ShopWorld) -> None:
    staff = Staff(shop)
    shop.sell(item(quantity=2, total="29.80"), number=1)
    shop.sell(number=2)
    shop.sell(number=3, status="SHIPPED")
    shop.run()
    body = {
        "kind": "cancel",
        "amazon_order_ids": [shop.numbered(n) for n in (1, 2, 3)],
        "cancel_reason": "NoInventory",
        "expected": 3,
    }
    task_id = staff.post("/tasks", body)["id"]
    for _ in range(2):
        tasks.run(shop.services, shop.tenant_id, task_id)
    after = staff.get(f"/tasks/{task_id}")
    assert (after["done"], after["failed"]) == (2, 1)
    assert [f["amazon_order_id"] for f in after["failures"]] == [shop.numbered(3)]
    with shop.services.database.tenant(shop.tenant_id) as session:
        assert len(session.scalars(select(Intent)).all()) == 2


def test_a_cancellation_that_was_asked_for_is_not_asked_for_again(shop: ShopWorld) -> None:
    staff = Staff(shop)
    shop.sell()
    shop.run()
    staff.post(f"{staff.path()}/cancel", {"reason": "NoInventory"})
    body = {
        "kind": "cancel",
        "amazon_order_ids": [shop.numbered(1)],
        "cancel_reason": "NoInventory",
        "expected": 1,
    }
    for state in ("queued", "accepted"):
        with shop.services.database.tenant(shop.tenant_id) as session:
            session.scalars(select(Intent)).one().state = state
        task_id = staff.post("/tasks", body)["id"]
        tasks.run(shop.services, shop.tenant_id, task_id)
        assert staff.get(f"/tasks/{task_id}")["done"] == 1
    with shop.services.database.tenant(shop.tenant_id) as session:
        assert len(session.scalars(select(Intent)).all()) == 1


def test_sync_now_brings_orders_and_tells_how_far_it_is(shop: ShopWorld) -> None:
    staff = Staff(shop)
    shop.sell()
    shop.sell(item(sku="UNKNOWN"), number=2)
    shop.services.redis.flushall()
    shop.pass_time(minutes=10)
    task_id = staff.post("/sync", {})["id"]
    assert staff.post("/sync", {})["id"] == task_id, "one of the same is enough"
    tasks.run(shop.services, shop.tenant_id, task_id)
    after = staff.get(f"/tasks/{task_id}")
    (progress,) = after["accounts"]
    assert (after["state"], progress["phase"]) == ("done", "done")
    assert (progress["orders_read"], progress["imported"], progress["held"]) == (2, 1, 1)
    assert staff.order()["order"]["state"] == "imported"


def test_a_sync_that_fails_says_why(shop: ShopWorld) -> None:
    staff = Staff(shop)
    shop.services.redis.flushall()
    shop.amazon.sellers["A1SELLER"].revoked = True
    task_id = staff.post("/sync", {})["id"]
    tasks.run(shop.services, shop.tenant_id, task_id)
    (progress,) = staff.get(f"/tasks/{task_id}")["accounts"]
    assert progress["phase"] == "failed"
    said = [each["code"] for each in progress["message"]["params"]["sentences"]]
    assert said == ["login.authorisation_lost", "login.authorise_again"]
    assert staff.refused("POST", "/sync")["code"] == "no_account"


def test_rows_of_a_task_go_with_it(desk: Desk, done: list[str]) -> None:
    ask(desk, 1, 2)
    with desk.services.database.tenant(desk.tenant_id) as session:
        session.delete(session.scalars(select(Task)).one())
    with desk.services.database.tenant(desk.tenant_id) as session:
        assert session.scalars(select(TaskOrder)).all() == []
