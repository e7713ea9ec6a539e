"""The log: calls that failed, and what members of staff changed."""

from typing import Any, TypeVar

from sqlalchemy import Select, select

from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.showing.cursors import Place, read_place
from saleor_amazon_app.showing.sentences import show_sentence, show_words
from saleor_amazon_app.showing.shapes.common import Choice
from saleor_amazon_app.showing.shapes.waiting import (
    ActivityPage,
    ActivityQuery,
    ActivityShown,
    ChangePage,
    ChangeShown,
    PageQuery,
)
from saleor_amazon_app.store.desk_models import Change
from saleor_amazon_app.store.models import Account, Activity
from saleor_amazon_app.store.sentences import sentence_of
from saleor_amazon_app.sync.services import Services

T = TypeVar("T", Activity, Change)


def list_activity(services: Services, tenant_id: TenantId, query: ActivityQuery) -> ActivityPage:
    """Return a page of failed calls, the latest first.

    Raises:
        BadCursor: The cursor is not one of this list.
    """
    found = _filtered(query).limit(query.limit + 1).order_by(Activity.id.desc())
    if query.cursor:
        found = found.where(Activity.id < _after(query.cursor, "activity"))
    with services.database.tenant(tenant_id) as session:
        rows = list(session.scalars(found))
        sellers = {a.id: a.seller_id for a in session.scalars(select(Account))}
        operations = session.scalars(
            select(Activity.operation).distinct().order_by(Activity.operation)
        ).all()
    page, cursor = _cut(rows, query.limit, "activity")
    return ActivityPage(
        items=[_activity(row, sellers) for row in page],
        next_cursor=cursor,
        operations=[Choice(value=name, label=name) for name in operations],
    )


def list_changes(services: Services, tenant_id: TenantId, query: PageQuery) -> ChangePage:
    """Return a page of what staff changed, the latest first.

    Raises:
        BadCursor: The cursor is not one of this list.
    """
    found = select(Change).order_by(Change.id.desc()).limit(query.limit + 1)
    if query.cursor:
        found = found.where(Change.id < _after(query.cursor, "changes"))
    with services.database.tenant(tenant_id) as session:
        rows = list(session.scalars(found))
    page, cursor = _cut(rows, query.limit, "changes")
    items = [
        ChangeShown(
            id=row.id,
            at=row.at,
            by=row.by_name,
            subject=show_sentence(sentence_of(row, "subject")),
            action=show_sentence(row.action),
            detail=show_words(sentence_of(row, "detail")),
        )
        for row in page
    ]
    return ChangePage(items=items, next_cursor=cursor)


def _filtered(query: ActivityQuery) -> Select[Any]:
    found = select(Activity)
    for column, value in (
        (Activity.account_id, query.account),
        (Activity.side, query.side),
        (Activity.operation, query.operation),
        (Activity.code, query.code),
    ):
        if value:
            found = found.where(column == value)
    if query.since:
        found = found.where(Activity.at >= query.since)
    if query.until:
        found = found.where(Activity.at < query.until)
    return found


def _after(cursor: str, name: str) -> int:
    (value,) = read_place(cursor, name, (int,)).values
    return value if isinstance(value, int) else 0


def _cut(rows: list[T], limit: int, name: str) -> tuple[list[T], str | None]:
    page = rows[:limit]
    place = Place(name, (page[-1].id,), "") if len(rows) > limit else None
    return page, str(place) if place else None


def _activity(row: Activity, sellers: dict[str, str]) -> ActivityShown:
    return ActivityShown(
        id=row.id,
        at=row.at,
        account_id=row.account_id,
        seller_id=sellers.get(row.account_id or ""),
        side=row.side,
        operation=row.operation,
        code=row.code,
        message=show_sentence(sentence_of(row, "message")),
    )
