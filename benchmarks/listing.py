"""How much slower a list of many orders is than one of few.

Run: python benchmarks/listing.py [many [sqlite|postgresql]]. Fills two databases, one with 2,000
orders and one with a hundred times as many, and prints for each list of the Dashboard's pages,
each filter and each sort how long it takes there, and the ratio; of each that takes longer than a
tenth of a second also what the database did. PostgreSQL's server binaries are needed for it
(Debian: ``postgresql``).
"""

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import psycopg
from cryptography.fernet import Fernet
from sqlalchemy import Connection, Engine, Table, event, insert, select

from saleor_amazon_app.mirror.search_words import name_words, sku_word
from saleor_amazon_app.settings import Settings
from saleor_amazon_app.showing.cursors import Place
from saleor_amazon_app.showing.figures import show_figures
from saleor_amazon_app.showing.orders import count_orders, list_orders
from saleor_amazon_app.showing.overview import show_overview
from saleor_amazon_app.showing.shapes.orders import OrderFilter, OrderQuery
from saleor_amazon_app.store import migrating
from saleor_amazon_app.store.database import Database
from saleor_amazon_app.store.desk_models import OrderWord
from saleor_amazon_app.store.models import Account, Base, Order, OrderState, Problem, Sweep
from saleor_amazon_app.store.searching import SearchKey, search_key
from saleor_amazon_app.store.tenants import save_installation
from saleor_amazon_app.store.vault import Vault
from saleor_amazon_app.sync.services import Services

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.servers import postgresql_binaries, postgresql_running

FEW, MANY = 2_000, 200_000
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NAMES = [f"{first} {last}" for first in ("Anna", "Ben", "Cem", "Dora") for last in range(5000)]
TIMES = 7
SLOW = 100.0
"""Milliseconds from which on a list is explained."""

Work = Callable[[Services, Any], object]


def lists(services: Services, tenant_id: Any) -> Iterator[tuple[str, Callable[[], object]]]:  # noqa: ANN401
    """Yield what the pages ask for, and a page deep in the list."""

    def page(**query: Any) -> Callable[[], object]:  # noqa: ANN401
        wanted = OrderQuery(**query)
        return lambda: list_orders(services, tenant_id, wanted)

    def counted(**query: Any) -> Callable[[], object]:  # noqa: ANN401
        wanted = OrderFilter(**query)
        return lambda: count_orders(services, tenant_id, wanted)

    middle = NOW - timedelta(days=150)
    yield "first page", page()
    yield "100 rows", page(limit=100)
    yield "a page in the middle", page(cursor=_middle(services, tenant_id))
    for sort in ("purchased", "ship_by", "total", "updated"):
        for direction in ("ascending", "descending"):
            yield f"by {sort}, {direction}", page(sort=sort, direction=direction)
            cursor = _late(sort, direction, middle)
            yield "  and late in it", page(sort=sort, direction=direction, cursor=cursor)
    filters: dict[str, dict[str, Any]] = {
        "one status of many": {"status": ["SHIPPED"]},
        "one status of few": {"status": ["UNFULFILLABLE"]},
        "two statuses": {"status": ["UNSHIPPED", "UNFULFILLABLE"]},
        "one state of few": {"state": ["blocked"]},
        "one marketplace of few": {"marketplace": ["A1F83G8C2ARO7P"]},
        "one account": {"account": [_account(services, tenant_id)]},
        "shipped by Amazon": {"fulfilled_by": "AMAZON"},
        "bought in a week": {"purchased_from": middle, "purchased_to": middle + timedelta(days=7)},
        "to ship in a week": {"ship_by_from": middle, "ship_by_to": middle + timedelta(days=7)},
        "prime": {"mark": ["prime"]},
        "business, few": {"mark": ["business"]},
        "replacements, few": {"mark": ["replacement"]},
        "with a problem": {"has_problem": True},
        "without a problem": {"has_problem": False},
        "with a problem of a kind": {"problem": ["unknown_sku"]},
        "late": {"due": "late"},
        "due today": {"due": "today"},
        "a currency and totals": {"currency": "GBP", "total_min": 190, "total_max": 195},
        "totals that none has": {"currency": "GBP", "total_min": 1900},
        "by number": {"search": "302-0000777-1234567"},
        "beginning of a number": {"number": "302-00007"},
        "by SKU": {"search": "SKU-77"},
        "by a common name": {"buyer": "Anna"},
        "by the buyer's name": {"buyer": "Anna 77"},
        "two filters, few": {"status": ["UNFULFILLABLE"], "fulfilled_by": "AMAZON"},
    }
    for name, wanted in filters.items():
        yield name, page(**wanted)
        yield "  by ship-by date", page(**wanted, sort="ship_by", direction="ascending")
        yield "  counted", counted(**wanted)
    yield "all counted", counted()
    yield "overview", lambda: show_overview(services, tenant_id, "UTC")
    yield "figures", lambda: show_figures(services, tenant_id, "UTC", 30)


def _late(sort: str, direction: str, moment: datetime) -> str:
    """Return the cursor of a place in the middle of a list."""
    values: tuple[str | int | datetime, ...] = ("EUR", 10_000) if sort == "total" else (moment,)
    return str(Place(f"{sort}:{direction}", values, "8" * 32))


def _account(services: Services, tenant_id: Any) -> str:  # noqa: ANN401
    with services.database.tenant(tenant_id) as session:
        return session.scalars(select(Account.id)).one()


def _middle(services: Services, tenant_id: Any) -> str | None:  # noqa: ANN401
    middle = NOW - timedelta(days=150)
    query = OrderQuery(purchased_from=middle, direction="ascending", limit=1)
    cursor = list_orders(services, tenant_id, query).next_cursor
    descending = OrderQuery(purchased_to=middle, limit=1)
    return list_orders(services, tenant_id, descending).next_cursor or cursor


def fill(services: Services, count: int) -> Any:  # noqa: ANN401
    """Fill a database with orders of three hundred days; returns the tenant."""
    with services.database.system() as session:
        tenant_id = save_installation(
            session,
            api_url="https://shop.example/graphql/",
            app_id="a",
            token=services.vault.seal("t"),
            jwks={},
            now=NOW,
        )
    with services.database.tenant(tenant_id) as session:
        account = Account(
            seller_id="A1",
            region="eu",
            refresh_token=b"",
            connected_at=NOW - timedelta(days=400),
            import_from=NOW - timedelta(days=400),
            withheld_data=[],
        )
        session.add(account)
        session.flush()
        session.add(Sweep(account_id=account.id, kind="updates", failures=0))
        key = search_key(session, services.vault, tenant_id)
        account_id = account.id
    rng = random.Random(7)
    engine = services.database.engine
    _write(engine, Order, _orders(services, rng, count, tenant_id, account_id))
    _write(engine, OrderWord, _words(rng, count, key))
    _write(engine, Problem, _problems(count, tenant_id))
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    return tenant_id


def _orders(
    services: Services, rng: random.Random, count: int, tenant_id: str, account_id: str
) -> Iterator[dict[str, Any]]:
    payload = services.vault.seal(json.dumps({"buyer": {"buyerName": "Anna 1"}, "x": "y" * 3000}))
    for n in range(count):
        bought = NOW - timedelta(days=300) * (n / count)
        is_open = n * 300 < count
        yield {
            "id": f"{n:032x}",
            "tenant_id": tenant_id,
            "account_id": account_id,
            "amazon_order_id": f"302-{n:07d}-1234567",
            "marketplace_id": "A1F83G8C2ARO7P" if n % 1999 == 0 else "A1PA6795UKMFR9",
            "status": _status(n, is_open=is_open),
            "fulfilled_by": "AMAZON" if n % 991 == 0 else "MERCHANT",
            "purchased_at": bought,
            "amazon_updated_at": bought,
            "ship_by": bought + timedelta(days=2),
            "currency": rng.choice(("EUR", "EUR", "GBP")),
            "total_minor": rng.randint(500, 20_000),
            "payload": payload,
            "state": OrderState.BLOCKED if n % 2000 == 0 else OrderState.IMPORTED,
            "note": "In Saleor.",
            "attempts": 0,
            "first_seen_at": bought,
            "saleor_order_id": f"id-{n}",
            "saleor_number": str(n),
            "units": 1,
            "units_open": int(is_open),
            "is_prime": n % 9 == 0,
            "is_business": n % 4999 == 0,
            "replaces": "302-0" if n % 4987 == 0 else None,
            "facts_version": 1,
        }


def _status(n: int, *, is_open: bool) -> str:
    if n % 997 == 0:
        return "UNFULFILLABLE"
    return "UNSHIPPED" if is_open else "SHIPPED"


def _words(rng: random.Random, count: int, key: SearchKey) -> Iterator[dict[str, Any]]:
    known = {word: key.digest(word) for name in NAMES for word in name_words(name)}
    skus = [key.digest(sku_word(f"SKU-{n}")) for n in range(2000)]
    for n in range(count):
        words = {known[word] for word in name_words(rng.choice(NAMES))} | {rng.choice(skus)}
        for digest in words:
            yield {"tenant_id": key.tenant_id, "order_id": f"{n:032x}", "digest": digest}


def _problems(count: int, tenant_id: str) -> Iterator[dict[str, Any]]:
    for n in range(0, count, 2000):
        yield {
            "id": f"{n:032x}",
            "tenant_id": tenant_id,
            "order_id": f"{n:032x}",
            "kind": "unknown_sku",
            "subject": "X",
            "message": "m",
            "opened_at": NOW,
            "dismissed_reason": "",
        }


def _write(engine: Engine, model: type[Base], rows: Iterator[dict[str, Any]]) -> None:
    table = model.__table__
    assert isinstance(table, Table)
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            for part in batched(rows):
                connection.execute(insert(table), part)
        return
    url = engine.url.render_as_string(hide_password=False)
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        _copy(connection, table, rows)


def batched(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while part := list(islice(rows, 5_000)):
        yield part


def _copy(connection: Any, table: Table, rows: Iterator[dict[str, Any]]) -> None:  # noqa: ANN401
    first = next(rows)
    names = ", ".join(first)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy,
    ):
        for row in (first, *rows):
            copy.write_row(tuple(row[name] for name in first))


@contextmanager
def filled(where: str, count: int) -> Iterator[tuple[Services, Any]]:
    """Make a database and fill it; ``where`` is a PostgreSQL server's address or a folder."""
    database = Database(_address(where, f"orders_{count}"))
    migrating.migrate(database.engine)
    key = Fernet.generate_key().decode()
    settings = Settings(
        app_base_url="https://app.example",
        secret_keys=[key],
        allowed_saleor_urls=["https://shop.example/graphql/"],
        amazon_lwa_client_id="x",
        amazon_lwa_client_secret="x",
    )
    redis = MagicMock()
    redis.get.return_value = None
    services = Services(settings, database, redis, Vault([key]), MagicMock(), lambda: NOW)
    try:
        yield services, fill(services, count)
    finally:
        database.dispose()


def _address(where: str, name: str) -> str:
    if not where.startswith("postgresql"):
        return f"sqlite:///{where}/{name}.sqlite3"
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return where.replace("postgresql://", "postgresql+psycopg://").replace("/postgres", f"/{name}")


def timed(work: Callable[[], object]) -> float:
    """Return the median of several runs, after one that warms up, in milliseconds."""
    work()
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return sorted(taken)[TIMES // 2] * 1000


def explained(engine: Engine, work: Callable[[], object]) -> Iterator[str]:
    """Yield what the database does for each query of the work that looks at orders."""
    told: list[tuple[str, Any]] = []

    def note(_conn: Connection, _cursor: Any, text: str, given: Any, *_more: Any) -> None:  # noqa: ANN401
        told.append((text, given))

    event.listen(engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    is_sqlite = engine.dialect.name == "sqlite"
    word = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
    with engine.connect() as connection:
        for text, given in told:
            if text.startswith("SELECT") and "orders" in text:
                rows = connection.exec_driver_sql(f"{word} {text}", given).all()
                yield " / ".join(str(row[-1]).strip() for row in rows)[:600]


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    is_sqlite = sys.argv[2:] == ["sqlite"]
    binaries = postgresql_binaries()
    if binaries is None and not is_sqlite:
        print("PostgreSQL's server binaries are not installed.")
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        nullcontext(folder)
        if binaries is None or is_sqlite
        else postgresql_running(binaries) as place,
    ):
        with filled(place, FEW) as few:
            base = [timed(work) for _, work in lists(*few)]
        with filled(place, many) as lots:
            print(f"{'':30}{FEW:>10,}{many:>12,}   ratio", flush=True)
            for before, (name, work) in zip(base, lists(*lots), strict=True):
                taken = timed(work)
                print(f"{name:30}{before:8.1f}ms{taken:10.1f}ms{taken / before:8.1f}", flush=True)
                if taken > SLOW:
                    for plan in explained(lots[0].database.engine, work):
                        print(f"      {plan}", flush=True)


if __name__ == "__main__":
    main()
