"""Which orders a filter means, as conditions of SQL. Each leads to an index of its own."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, select, union_all
from sqlalchemy.orm import Session, aliased

from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.money import minor_unit
from saleor_amazon_app.mirror.search_words import WordKind, name_words, sku_word, tracking_word
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.showing.days import end_of_today, zone_of
from saleor_amazon_app.showing.shapes.orders import Due, Mark, OrderFilter
from saleor_amazon_app.store.models import TO_SHIP_STATUSES, Order, Problem
from saleor_amazon_app.store.searching import SearchKey, having, search_key
from saleor_amazon_app.sync.services import Services

_AMAZON_NUMBER: Final = re.compile(r"\d{3}-\d{7}-\d{7}")
_NOTHING: Final = Order.id.is_(None)

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Filtering:
    """Turns filters into conditions, for one tenant at one moment."""

    key: SearchKey
    now: datetime

    def conditions(self, wanted: OrderFilter) -> list[Condition]:
        return [
            *_moments(wanted),
            *_words(wanted),
            *_money(wanted),
            *_problems(wanted),
            *_marks(wanted),
            *self._due(wanted),
            *self._names(wanted),
            *self._search(wanted),
        ]

    def _due(self, wanted: OrderFilter) -> Iterator[Condition]:
        if wanted.due:
            yield to_ship()
            yield due_condition(wanted.due, self.now, wanted.timezone)

    def _names(self, wanted: OrderFilter) -> Iterator[Condition]:
        if wanted.buyer is not None:
            yield self._named(wanted.buyer, WordKind.BUYER)

    def _named(self, text: str, kind: WordKind) -> Condition:
        words = name_words(text, kind)
        return Order.id.in_(having(self.key, *words)) if words else _NOTHING

    def _search(self, wanted: OrderFilter) -> Iterator[Condition]:
        """Look in all that identifies an order; a whole Amazon number is looked up alone.

        The ways are a union and not alternatives, so that the database follows the index of each
        instead of trying every order.
        """
        if wanted.search is None:
            return
        text = wanted.search.strip()
        if _AMAZON_NUMBER.fullmatch(text):
            yield Order.amazon_order_id == text
            return
        other = aliased(Order)
        ids: list[Select[Any]] = [
            select(other.id).where(other.saleor_number == text.lstrip("#")),
            having(self.key, sku_word(text)),
            having(self.key, tracking_word(text)),
        ]
        if re.fullmatch(r"[0-9A-Za-z-]{3,}", text):
            ids.append(
                select(other.id).where(other.amazon_order_id.startswith(text, autoescape=True))
            )
        names = (name_words(text, kind) for kind in (WordKind.BUYER, WordKind.RECIPIENT))
        ids += [having(self.key, *words) for words in names if words]
        yield Order.id.in_(union_all(*ids))


def filtering(services: Services, session: Session, tenant_id: TenantId) -> Filtering:
    """Make the filtering of a tenant's session."""
    return Filtering(search_key(session, services.vault, tenant_id), services.now())


def names_one(wanted: OrderFilter) -> bool:
    """Tell whether a whole Amazon number is asked for, which at most a few orders have."""
    texts = (wanted.search, wanted.number)
    return any(text and _AMAZON_NUMBER.fullmatch(text.strip()) for text in texts)


def to_ship() -> Condition:
    """Orders that the merchant still has to ship, in the words of their index."""
    merchant = bindparam(None, "MERCHANT", String, literal_execute=True)
    statuses = bindparam(None, list(TO_SHIP_STATUSES), String, expanding=True, literal_execute=True)
    return and_(Order.fulfilled_by == merchant, Order.status.in_(statuses))


def due_condition(due: Due, now: datetime, timezone: str) -> Condition:
    """Return the condition on ``ship_by``: late is before now, today is what is left of it."""
    if due is Due.LATE:
        return Order.ship_by < now
    return and_(Order.ship_by >= now, Order.ship_by < end_of_today(now, zone_of(timezone)))


def how_due(order: Order, now: datetime, tomorrow: datetime) -> Due | None:
    """Say the same of a row."""
    if (
        order.fulfilled_by != "MERCHANT"
        or order.status not in TO_SHIP_STATUSES
        or order.ship_by is None
    ):
        return None
    if order.ship_by < now:
        return Due.LATE
    return Due.TODAY if order.ship_by < tomorrow else None


def _moments(wanted: OrderFilter) -> Iterator[Condition]:
    if wanted.purchased_from:
        yield Order.purchased_at >= wanted.purchased_from
    if wanted.purchased_to:
        yield Order.purchased_at < wanted.purchased_to
    if wanted.ship_by_from:
        yield Order.ship_by >= wanted.ship_by_from
    if wanted.ship_by_to:
        yield Order.ship_by < wanted.ship_by_to


def _words(wanted: OrderFilter) -> Iterator[Condition]:
    pairs: tuple[tuple[Any, list[Any]], ...] = (
        (Order.status, wanted.status),
        (Order.state, wanted.state),
        (Order.account_id, wanted.account),
        (Order.marketplace_id, wanted.marketplace),
    )
    yield from (_among(column, values) for column, values in pairs if values)
    if wanted.fulfilled_by:
        yield Order.fulfilled_by == wanted.fulfilled_by
    if wanted.number:
        yield _begins_with(wanted.number.strip())


def _among(column: Any, values: list[Any]) -> Condition:  # noqa: ANN401 - any column
    """One value is compared, so that an index on it keeps the order of the column behind it."""
    condition: Condition = column == values[0] if len(values) == 1 else column.in_(values)
    return condition


def _begins_with(text: str) -> Condition:
    if _AMAZON_NUMBER.fullmatch(text):
        return Order.amazon_order_id == text
    return Order.amazon_order_id.startswith(text, autoescape=True)


def _money(wanted: OrderFilter) -> Iterator[Condition]:
    if wanted.currency:
        yield Order.currency == wanted.currency
    if wanted.total_min is None and wanted.total_max is None:
        return
    if not wanted.currency:
        raise Misconfigured(
            say("refused.currency"), cure=say("refused.choose_currency"), code="currency"
        )
    if wanted.total_min is not None:
        yield Order.total_minor >= math.ceil(_minor(wanted.total_min, wanted.currency))
    if wanted.total_max is not None:
        yield Order.total_minor <= math.floor(_minor(wanted.total_max, wanted.currency))


def _minor(amount: Decimal, currency: str) -> Decimal:
    """Compared are whole numbers: against a decimal one PostgreSQL would not use the index."""
    return amount / minor_unit(currency)


def _problems(wanted: OrderFilter) -> Iterator[Condition]:
    open_ = select(Problem.order_id).where(Problem.closed_at.is_(None))
    if wanted.problem:
        yield Order.id.in_(open_.where(Problem.kind.in_(wanted.problem)))
    if wanted.has_problem is not None:
        held = Order.id.in_(open_)
        yield held if wanted.has_problem else ~held


def _marks(wanted: OrderFilter) -> Iterator[Condition]:
    columns = {
        Mark.PRIME: Order.is_prime.is_(True),
        Mark.BUSINESS: Order.is_business.is_(True),
        Mark.REPLACEMENT: Order.replaces.is_not(None),
    }
    yield from (columns[mark] for mark in wanted.mark)
