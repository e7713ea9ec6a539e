"""What waits for a person, grouped by cause, and the orders behind each."""

from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.problems import ProblemKind, cure_of, is_of_orders_in_saleor
from saleor_amazon_app.showing.cursors import Place, read_place
from saleor_amazon_app.showing.order import show_problem
from saleor_amazon_app.showing.orders import Rows
from saleor_amazon_app.showing.sentences import show_sentence
from saleor_amazon_app.showing.shapes.overview import ProblemGroup
from saleor_amazon_app.showing.shapes.waiting import (
    ProblemGroups,
    ProblemPage,
    ProblemQuery,
    ProblemRow,
)
from saleor_amazon_app.store.models import Order, Problem
from saleor_amazon_app.sync.services import Services


def show_groups(services: Services, tenant_id: TenantId) -> ProblemGroups:
    with services.database.tenant(tenant_id) as session:
        return ProblemGroups(items=groups(session))


def groups(session: Session) -> list[ProblemGroup]:
    """Return the kinds of open problems, those that hold the most orders first."""
    orders = func.count(Problem.order_id.distinct())
    query = (
        select(
            Problem.kind,
            orders,
            func.min(Problem.opened_at),
            func.count(Problem.subject.distinct()),
        )
        .where(Problem.closed_at.is_(None))
        .group_by(Problem.kind)
        .order_by(orders.desc(), Problem.kind)
    )
    return [
        ProblemGroup(
            kind=kind,
            title=title_of(kind),
            cure=show_sentence(cure_of(ProblemKind(kind))),
            may_dismiss=is_of_orders_in_saleor(kind),
            may_retry=not is_of_orders_in_saleor(kind),
            orders=count,
            oldest_at=oldest,
            subjects=subjects,
        )
        for kind, count, oldest, subjects in session.execute(query)
    ]


def title_of(kind: str) -> str:
    return kind.replace("_", " ").capitalize().replace("sku", "SKU")


def list_problems(services: Services, tenant_id: TenantId, query: ProblemQuery) -> ProblemPage:
    """Return a page of the open problems of a kind, the oldest first.

    Raises:
        BadCursor: The cursor is not one of this list.
    """
    found = (
        select(Problem, Order)
        .join(Order, Order.id == Problem.order_id)
        .where(Problem.kind == query.kind, Problem.closed_at.is_(None))
        .order_by(Problem.opened_at, Problem.id)
        .limit(query.limit + 1)
    )
    if query.subject is not None:
        found = found.where(Problem.subject == query.subject)
    if query.cursor:
        place = read_place(query.cursor, query.kind, (datetime,))
        here = tuple_(Problem.opened_at, Problem.id)
        found = found.where(here > (place.values[0], place.id))
    with services.database.tenant(tenant_id) as session:
        rows = session.execute(found).all()
        page = rows[: query.limit]
        shown = Rows(services, session).show([order for _, order in page])
        items = [
            ProblemRow(problem=show_problem(problem, order), order=row)
            for (problem, order), row in zip(page, shown, strict=True)
        ]
        more = len(rows) > query.limit
        last = page[-1][0] if more else None
    cursor = str(Place(query.kind, (last.opened_at,), last.id)) if last else None
    return ProblemPage(items=items, next_cursor=cursor)
