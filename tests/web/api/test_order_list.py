"""Lists of orders: each filter, each order, pages that hold still, CSV, counting, saved views."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from saleor_amazon_app.store.models import OrderState, Problem
from saleor_amazon_app.sync import facts
from saleor_amazon_app.sync.facts import bring_up_to_date
from tests.mirror.amazon_orders import UK, item, money
from tests.web.api.conftest import NOW, Desk

UPS = "1Z 999 AA1 01 2345 6784"


@pytest.fixture
def orders(desk: Desk) -> Desk:
    """Eight orders, each with something of its own; the n-th was bought n hours ago."""
    desk.file(1, item(sku="MUG-RED", quantity=3, total="29.70"))
    desk.file(2, by="AMAZON", status="SHIPPED", buyer={"buyerName": "Jürgen Groß-Schäfer"})
    desk.file(3, item(total="99.00", currency="GBP"), marketplace=UK, programs=["PRIME"])
    desk.file(4, status="CANCELLED", programs=["AMAZON_BUSINESS"])
    desk.file(
        5,
        status="SHIPPED",
        packages=[{"packageReferenceId": "1", "trackingNumber": UPS.replace(" ", "")}],
    )
    replaced = [{"orderId": "302-9999999-1", "associationType": "REPLACEMENT_ORIGINAL_ID"}]
    desk.file(6, associatedOrders=replaced, **ship_by("2026-11-24T23:30:00Z"))
    desk.file(7, **ship_by("2026-11-24T11:00:00Z"))
    desk.file(8, proceeds=None, **ship_by(None))
    desk.change(5, saleor_order_id="T3JkZXI6MQ==", saleor_number="4711", state=OrderState.IMPORTED)
    hold(desk, 7, "unknown_sku")
    return desk


def ship_by(moment: str | None, status: str = "UNSHIPPED") -> dict[str, Any]:
    told: dict[str, Any] = {"fulfillmentStatus": status, "fulfilledBy": "MERCHANT"}
    if moment:
        told["shipByWindow"] = {"latestDateTime": moment}
    return {"fulfillment": told}


def hold(desk: Desk, n: int, kind: str) -> None:
    with desk.services.database.tenant(desk.tenant_id) as session:
        session.add(
            Problem(order_id=desk.row(n).id, kind=kind, subject="X", message="m", opened_at=NOW)
        )


ALL = [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, ALL),
        ({"purchased_from": NOW - timedelta(hours=3)}, [1, 2, 3]),
        ({"purchased_to": NOW - timedelta(hours=6)}, [7, 8]),
        ({"number": "302-0000004-1234567"}, [4]),
        ({"number": "302-00000"}, ALL),
        ({"number": "302-1"}, []),
        ({"number": "302-000000%"}, []),
        ({"buyer": "mustermann"}, [1, 3, 4, 5, 6, 7, 8]),
        ({"buyer": "ERIKA Mustermann"}, [1, 3, 4, 5, 6, 7, 8]),
        ({"buyer": "jurgen"}, [2]),
        ({"buyer": "gross schafer"}, [2]),
        ({"buyer": "Erika Schäfer"}, []),
        ({"buyer": "..."}, []),
        ({"currency": "GBP"}, [3]),
        ({"currency": "EUR", "total_min": "20"}, [1]),
        ({"currency": "EUR", "total_min": "14.90", "total_max": "14.90"}, [2, 4, 5, 6, 7]),
        ({"currency": "EUR", "total_max": "14.89"}, []),
        ({"status": "SHIPPED"}, [2, 5]),
        ({"status": ["SHIPPED", "CANCELLED"]}, [2, 4, 5]),
        ({"state": "imported"}, [5]),
        ({"marketplace": UK}, [3]),
        ({"fulfilled_by": "AMAZON"}, [2]),
        ({"fulfilled_by": "MERCHANT"}, [1, 3, 4, 5, 6, 7, 8]),
        ({"ship_by_from": "2026-11-24T23:00:00Z"}, [6]),
        ({"ship_by_to": "2026-11-24T12:00:00Z"}, [7]),
        ({"due": "late"}, [7]),
        ({"due": "today"}, [1, 3, 6]),
        ({"due": "today", "timezone": "Europe/Berlin"}, [1, 3]),
        ({"has_problem": True}, [7]),
        ({"has_problem": False}, [1, 2, 3, 4, 5, 6, 8]),
        ({"problem": ["unknown_sku", "address"]}, [7]),
        ({"problem": "address"}, []),
        ({"mark": "prime"}, [3]),
        ({"mark": "business"}, [4]),
        ({"mark": "replacement"}, [6]),
        ({"mark": ["prime", "business"]}, []),
        ({"search": "302-0000003-1234567"}, [3]),
        ({"search": "302-0000003"}, [3]),
        ({"search": "4711"}, [5]),
        ({"search": "#4711"}, [5]),
        ({"search": " mug-red "}, [1]),
        ({"search": "mug"}, []),
        ({"search": UPS}, [5]),
        ({"search": UPS.replace(" ", "").lower()}, [5]),
        ({"search": "Groß"}, [2]),
        ({"search": "Erika"}, ALL),
        ({"search": "%"}, []),
        ({"status": "SHIPPED", "fulfilled_by": "MERCHANT"}, [5]),
    ],
    ids=str,
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_filter_shows_what_it_says(orders: Desk, query: dict[str, Any], shown: list[int]) -> None:
    assert orders.listed(**query) == shown
    assert orders.get("/orders/count", **query) == {"count": len(shown), "is_exact": True}


def test_filters_say_the_same_on_every_database(orders: Desk) -> None:
    for query, shown in (
        ({"buyer": "gross"}, [2]),
        ({"search": UPS}, [5]),
        ({"search": "mug-red"}, [1]),
        ({"currency": "EUR", "total_min": "20"}, [1]),
        ({"due": "today", "timezone": "Europe/Berlin"}, [1, 3]),
        ({"has_problem": False, "number": "302-0"}, [1, 2, 3, 4, 5, 6, 8]),
        ({"mark": "prime", "status": ["UNSHIPPED", "SHIPPED"]}, [3]),
    ):
        assert orders.listed(**query) == shown, query


SORTED = {
    "purchased": [1, 2, 3, 4, 5, 6, 7, 8],
    "updated": [1, 2, 3, 4, 5, 6, 7, 8],
    "ship_by": [6, 1, 2, 3, 4, 5, 7, 8],
    "total": [3, 1, 2, 4, 5, 6, 7, 8],
}


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_pages_hold_all_orders_once_in_every_order(orders: Desk, limit: int) -> None:
    for sort, shown in SORTED.items():
        for direction in ("ascending", "descending"):
            found = paged(orders, sort=sort, direction=direction, limit=limit)
            assert sorted(found) == ALL, (sort, direction)
            ties = {"ship_by": {1, 2, 3, 4, 5}, "total": {2, 4, 5, 6, 7}}.get(sort, set())
            told = [n for n in found if n not in ties]
            wanted = [n for n in shown if n not in ties]
            if direction == "ascending":
                wanted = [*reversed([n for n in wanted if n != 8]), 8]
                wanted = list(reversed(shown)) if sort in ("purchased", "updated") else wanted
            assert told == wanted, (sort, direction)


def paged(desk: Desk, between: Callable[[], object] = lambda: None, **query: Any) -> list[int]:
    """Read all pages; something may happen between two of them."""
    found: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        page = desk.get("/orders", **query, **cursor)
        found += [int(o["amazon_order_id"][4:11]) for o in page["items"]]
        if not page["next_cursor"]:
            return found
        cursor = {"cursor": page["next_cursor"]}
        between()


def test_orders_that_arrive_meanwhile_shift_no_page(orders: Desk) -> None:
    numbers = iter(range(100, 200))

    def one_more() -> None:
        orders.file(next(numbers), hours_ago=0.5)

    assert paged(orders, one_more, limit=2) == ALL


def test_a_cursor_of_another_list_is_refused(orders: Desk) -> None:
    cursor = orders.get("/orders", limit=2)["next_cursor"]
    for query in ({"sort": "total"}, {"direction": "ascending"}):
        assert orders.refused("GET", "/orders", cursor=cursor, **query)["code"] == "cursor"
    for nonsense in ("x", "!!", cursor[:-3], "bnVsbA"):
        assert orders.refused("GET", "/orders", cursor=nonsense)["code"] == "cursor"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_row_tells_what_the_list_shows(orders: Desk) -> None:
    rows = {row["amazon_order_id"]: row for row in orders.get("/orders")["items"]}
    first, fifth, last = (rows[orders.number(n)] for n in (1, 5, 8))
    assert first["buyer_name"] == "Erika Mustermann"
    assert first["total"] == {"amount": "29.70", "currency": "EUR"}
    assert (first["units"], first["units_open"], first["due"]) == (3, 3, "today")
    assert first["marketplace"]["name"] == "Amazon.de"
    assert first["seller_central_url"].endswith(orders.number(1))
    assert fifth["saleor"] == {"id": "T3JkZXI6MQ==", "number": "4711"}
    assert last["total"] is None
    assert rows[orders.number(7)]["problems"] == ["unknown_sku"]
    assert rows[orders.number(7)]["due"] == "late"
    assert rows[orders.number(4)]["units_open"] == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("query", "code"),
    [({"total_min": "1"}, "currency"), ({"due": "today", "timezone": "Mars"}, "timezone")],
)
def test_a_filter_that_means_nothing_says_so(desk: Desk, query: dict[str, Any], code: str) -> None:
    assert desk.refused("GET", "/orders", **query)["code"] == code


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_export_has_all_that_is_filtered(orders: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saleor_amazon_app.showing.orders._EXPORT_PAGE", 2)
    answer = orders.call("GET", "/orders/export", query_string={"fulfilled_by": "MERCHANT"})
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["amazon_order"] for row in rows] == [
        orders.number(n) for n in (1, 3, 4, 5, 6, 7, 8)
    ]
    assert rows[0]["buyer"] == "Erika Mustermann"
    assert (rows[1]["total"], rows[1]["currency"]) == ("99.00", "GBP")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["=1+1", "@x", "+49", "-1", "\tx"])
def test_no_name_of_a_buyer_runs_in_a_spreadsheet(desk: Desk, name: str) -> None:
    desk.file(1, buyer={"buyerName": name})
    (row,) = csv.DictReader(io.StringIO(desk.get("/orders/export")))
    assert row["buyer"] == f"'{name}"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_export_with_a_wrong_filter_is_a_problem_and_no_file(desk: Desk) -> None:
    assert desk.refused("GET", "/orders/export", total_min="1")["code"] == "currency"


def test_names_are_nowhere_in_the_database_in_the_clear(orders: Desk) -> None:
    with orders.services.database.engine.connect() as connection:
        for table in ("orders", "order_words", "order_events", "problems"):
            text = repr(connection.exec_driver_sql(f"SELECT * FROM {table}").fetchall())
            assert "Mustermann" not in text
            assert "mustermann" not in text


def test_a_change_of_the_name_is_found_and_the_old_one_is_not(orders: Desk) -> None:
    orders.services.now = lambda: NOW + timedelta(hours=1)
    orders.file(2, by="AMAZON", status="SHIPPED", buyer={"buyerName": "Anna Neu"}, hours_ago=0)
    assert orders.listed(buyer="neu") == [2]
    assert orders.listed(buyer="jurgen") == []


def test_orders_of_an_older_version_become_findable(
    orders: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with orders.services.database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM order_words")
        connection.exec_driver_sql("UPDATE orders SET facts_version = 0, units = 0")
    assert orders.listed(buyer="jurgen") == []
    monkeypatch.setattr(facts, "_AT_ONCE", 3)
    rounds = []
    while done := bring_up_to_date(orders.services, orders.tenant_id):
        rounds.append(done)
    assert rounds == [3, 3, 2]
    assert orders.listed(buyer="jurgen") == [2]
    assert orders.row(1).units == 3
    assert facts.tenants_behind(orders.services) == []


def test_two_shops_hash_the_same_name_differently(make_desk: Callable[..., Desk]) -> None:
    desks = [make_desk(name) for name in ("one", "two")]
    for each in desks:
        each.file(1)
    with desks[0].services.database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT digest FROM order_words").fetchall()
    assert len({bytes(row[0]) for row in rows}) == len(rows) > 4


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_member_of_staff_has_views_of_their_own(desk: Desk) -> None:
    made = desk.post("/views", {"name": "Late", "query": "due=late"})
    desk.post("/views", {"name": "Late", "query": "due=late&sort=ship_by"})
    desk.post("/views", {"name": "All", "query": ""})
    assert [v["name"] for v in desk.get("/views")["items"]] == ["All", "Late"]
    assert desk.get("/views")["items"][1]["query"] == "due=late&sort=ship_by"
    desk.claims = {"user_id": "VXNlcjoy"}
    assert desk.get("/views") == {"items": []}
    assert desk.refused("DELETE", f"/views/{made['id']}")["status"] == 404
    desk.claims = {}
    assert desk.call("DELETE", f"/views/{made['id']}").status_code == 204
    assert [v["name"] for v in desk.get("/views")["items"]] == ["All"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_unmarked_total_of_yen_is_whole(desk: Desk) -> None:
    desk.file(1, proceeds={"grandTotal": money(1990, "JPY")})
    assert desk.get("/orders")["items"][0]["total"] == {"amount": "1990", "currency": "JPY"}
    assert desk.listed(currency="JPY", total_min="1990") == [1]


def test_what_is_due_is_sorted_and_paged_by_any_column(desk: Desk) -> None:
    for n in range(1, 6):
        desk.file(n)
        desk.change(n, ship_by=NOW - timedelta(hours=n))
    assert desk.listed(due="late") == [1, 2, 3, 4, 5]
    assert desk.listed(due="late", direction="ascending") == [5, 4, 3, 2, 1]
    assert desk.listed(due="late", sort="ship_by") == [1, 2, 3, 4, 5]
    page = desk.get("/orders", due="late", limit=2)
    after = desk.get("/orders", due="late", limit=2, cursor=page["next_cursor"])
    assert [row["amazon_order_id"] for row in after["items"]] == [desk.number(3), desk.number(4)]
