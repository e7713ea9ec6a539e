"""Lists of orders: filtered, sorted, a page at a time; the last page is as fast as the first."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.ids import AmazonOrderId, MarketplaceId, TenantId
from saleor_amazon_app.mirror.marketplaces import MARKETPLACES, seller_central_link
from saleor_amazon_app.mirror.money import minor_unit
from saleor_amazon_app.showing.cursors import Place, Value, read_place
from saleor_amazon_app.showing.days import end_of_today, zone_of
from saleor_amazon_app.showing.filtering import filtering, how_due, names_one
from saleor_amazon_app.showing.sentences import show_words
from saleor_amazon_app.showing.shapes.common import Amount, Count, MarketplaceRef
from saleor_amazon_app.showing.shapes.orders import (
    Direction,
    OrderFilter,
    OrderPage,
    OrderQuery,
    OrderRow,
    SaleorRef,
    Sort,
)
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.models import Order, OrderState, Problem
from saleor_amazon_app.store.sentences import sentence_of
from saleor_amazon_app.store.vault import Vault
from saleor_amazon_app.sync.services import Services

COUNTED_TO: Final = 10_000
_EXPORT_PAGE: Final = 500


@dataclass(frozen=True)
class _Key:
    """The columns that a list is sorted by, before the id, and their types."""

    columns: tuple[Any, ...]
    kinds: tuple[type, ...]

    def of(self, row: Order) -> tuple[Value, ...]:
        return tuple(getattr(row, column.key) for column in self.columns)


_KEYS: Final = {
    Sort.PURCHASED: _Key((Order.purchased_at,), (datetime,)),
    Sort.SHIP_BY: _Key((Order.ship_by,), (datetime,)),
    Sort.TOTAL: _Key((Order.currency, Order.total_minor), (str, int)),
    Sort.UPDATED: _Key((Order.amazon_updated_at,), (datetime,)),
}


def list_orders(services: Services, tenant_id: TenantId, query: OrderQuery) -> OrderPage:
    """Return a page of orders.

    Raises:
        BadCursor: The cursor is not one of this list.
        Misconfigured: The filter means nothing.
    """
    with services.database.tenant(tenant_id) as session:
        rows, place = _page(services, session, tenant_id, query)
        shown = Rows(services, session, query.timezone).show(rows)
    return OrderPage(items=shown, next_cursor=str(place) if place else None)


def count_orders(services: Services, tenant_id: TenantId, wanted: OrderFilter) -> Count:
    """Count what a filter finds, as far as it costs little."""
    with services.database.tenant(tenant_id) as session:
        conditions = filtering(services, session, tenant_id).conditions(wanted)
        some = select(Order.id).where(*conditions).limit(COUNTED_TO + 1).subquery()
        count = session.scalar(select(func.count()).select_from(some)) or 0
    return Count(count=min(count, COUNTED_TO), is_exact=count <= COUNTED_TO)


def export(services: Services, tenant_id: TenantId, query: OrderQuery) -> Iterator[str]:
    """Yield the list as CSV, part by part; each part is read in a transaction of its own."""
    part = query.model_copy(update={"limit": _EXPORT_PAGE})
    head = [_COLUMNS]
    while True:
        page = list_orders(services, tenant_id, part)
        yield _csv([*head, *(_cells(row) for row in page.items)])
        head = []
        if not page.next_cursor:
            return
        part = part.model_copy(update={"cursor": page.next_cursor})


# --- pages --------------------------------------------------------------------------------------


def _page(
    services: Services, session: Session, tenant_id: TenantId, query: OrderQuery
) -> tuple[list[Order], Place | None]:
    """Read a page: first the rows that have a sort value, then those that have none.

    Databases disagree about where NULL belongs; two plain queries agree, and each has its index.
    """
    key = _KEYS[query.sort]
    name = f"{query.sort}:{query.direction}"
    place = read_place(query.cursor, name, key.kinds) if query.cursor else None
    conditions = filtering(services, session, tenant_id).conditions(query)
    found = select(Order).where(*conditions)
    rows: list[Order] = []
    if place is None or None not in place.values:
        valued = _valued(found, key, query.direction, place, gathered=_is_gathered(query))
        rows += session.scalars(valued.limit(query.limit + 1))
        place = None
    if len(rows) <= query.limit:
        left = query.limit + 1 - len(rows)
        rows += session.scalars(_valueless(found, key, query.direction, place, left))
    if len(rows) <= query.limit:
        return rows, None
    rows = rows[: query.limit]
    return rows, Place(name, key.of(rows[-1]), rows[-1].id)


def _is_gathered(query: OrderQuery) -> bool:
    """Tell whether the orders are few for sure, and to be gathered before they are sorted.

    A database that takes them for many walks along the sort's index instead, past all others.
    """
    return names_one(query) or (query.due is not None and query.sort is not Sort.SHIP_BY)


def _valued(
    found: Select[Any], key: _Key, direction: Direction, place: Place | None, *, gathered: bool
) -> Select[Any]:
    columns = (*key.columns, Order.id)
    found = found.where(*(column.is_not(None) for column in key.columns))
    if place:
        found = found.where(_beyond(columns, (*place.values, place.id), direction))
    first, *others = columns
    # No index has the values of an expression in their order.
    by = (func.coalesce(first, first), *others) if gathered else columns
    return found.order_by(*_sorted(by, direction))


def _valueless(
    found: Select[Any], key: _Key, direction: Direction, place: Place | None, limit: int
) -> Select[Any]:
    found = found.where(or_(*(column.is_(None) for column in key.columns)))
    if place:
        found = found.where(_beyond((Order.id,), (place.id,), direction))
    return found.order_by(*_sorted((Order.id,), direction)).limit(limit)


def _sorted(columns: Sequence[Any], direction: Direction) -> list[Any]:
    down = direction is Direction.DESCENDING
    return [column.desc() if down else column.asc() for column in columns]


def _beyond(
    columns: Sequence[Any], values: Sequence[Value], direction: Direction
) -> ColumnElement[bool]:
    """Return what comes after a place, compared as rows: an index on the columns bounds it."""
    here = tuple_(*(bindparam(None, v, c.type) for c, v in zip(columns, values, strict=True)))
    row = tuple_(*columns)
    return row < here if direction is Direction.DESCENDING else row > here


# --- rows ---------------------------------------------------------------------------------------


class Rows:
    """Shows orders of one tenant's session as rows of a list."""

    def __init__(self, services: Services, session: Session, timezone: str = "UTC") -> None:
        self._vault = services.vault
        self._session = session
        self._now = services.now()
        self._tomorrow = end_of_today(self._now, zone_of(timezone))

    def show(self, orders: Sequence[Order]) -> list[OrderRow]:
        """Show orders; names are decrypted for these alone."""
        problems = order_store.open_problems_of(self._session, [order.id for order in orders])
        return [self.one(order, problems.get(order.id, [])) for order in orders]

    def one(self, order: Order, problems: Sequence[Problem]) -> OrderRow:
        return OrderRow(
            amazon_order_id=order.amazon_order_id,
            account_id=order.account_id,
            marketplace=marketplace_ref(order.marketplace_id),
            purchased_at=order.purchased_at,
            ship_by=order.ship_by,
            due=how_due(order, self._now, self._tomorrow),
            status=order.status,
            state=OrderState(order.state),
            buyer_name=_buyer_name(self._vault, order),
            total=total_of(order),
            note=show_words(sentence_of(order, "note")),
            fulfilled_by=order.fulfilled_by,
            units=order.units,
            units_open=order.units_open,
            is_prime=order.is_prime,
            is_business=order.is_business,
            replaces=order.replaces,
            saleor=_saleor(order),
            problems=list(dict.fromkeys(problem.kind for problem in problems)),
            seller_central_url=seller_central(order),
        )


def marketplace_ref(marketplace_id: str | None) -> MarketplaceRef | None:
    """Name a marketplace; by its id where this version does not know it."""
    if not marketplace_id:
        return None
    known = MARKETPLACES.get(MarketplaceId(marketplace_id))
    if known is None:
        return MarketplaceRef(id=marketplace_id, name=marketplace_id)
    return MarketplaceRef(
        id=known.id, name=known.name, country=known.country, currency=known.currency
    )


def seller_central(order: Order) -> str | None:
    known = MARKETPLACES.get(MarketplaceId(order.marketplace_id or ""))
    return seller_central_link(known, AmazonOrderId(order.amazon_order_id)) if known else None


def total_of(order: Order) -> Amount | None:
    if order.total_minor is None or order.currency is None:
        return None
    amount = Decimal(order.total_minor) * minor_unit(order.currency)
    return Amount(amount=amount, currency=order.currency)


def _saleor(order: Order) -> SaleorRef | None:
    if not (order.saleor_order_id and order.saleor_number):
        return None
    return SaleorRef(id=order.saleor_order_id, number=order.saleor_number)


def _buyer_name(vault: Vault, order: Order) -> str | None:
    """Read one field of the payload: to read all of it would take many times as long."""
    payload = vault.open_json(order.payload)
    buyer = payload.get("buyer") if isinstance(payload, dict) else None
    name = buyer.get("buyerName") if isinstance(buyer, dict) else None
    return name if isinstance(name, str) and name.strip() else None


# --- CSV ----------------------------------------------------------------------------------------

_COLUMNS: Final = (
    "purchased_at",
    "amazon_order",
    "saleor_order",
    "marketplace",
    "fulfilled_by",
    "status",
    "state",
    "buyer",
    "total",
    "currency",
    "units",
    "units_open",
    "ship_by",
    "prime",
    "business",
    "replaces",
    "problems",
    "note",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def _cells(row: OrderRow) -> tuple[object, ...]:
    return (
        row.purchased_at.isoformat() if row.purchased_at else "",
        row.amazon_order_id,
        row.saleor.number if row.saleor else "",
        row.marketplace.name if row.marketplace else "",
        row.fulfilled_by,
        row.status,
        row.state.value,
        harmless(row.buyer_name or ""),
        row.total.amount if row.total else "",
        row.total.currency if row.total else "",
        row.units,
        row.units_open,
        row.ship_by.isoformat() if row.ship_by else "",
        int(row.is_prime),
        int(row.is_business),
        row.replaces or "",
        " ".join(row.problems),
        harmless(row.note.text if row.note else ""),
    )


def harmless(text: str) -> str:
    """Keep a spreadsheet from running a text that others wrote (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(rows: Sequence[Sequence[object]]) -> str:
    made = io.StringIO()
    csv.writer(made, lineterminator="\r\n").writerows(rows)
    return made.getvalue()
