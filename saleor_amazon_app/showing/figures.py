"""Revenue and orders: of 7 days, 30 days and all, and day by day, each currency by itself.

Counted is what was sold since the account's import began and whose total Amazon has told, by the
day of the purchase in the person's time zone. Cancelled orders are left out, and orders that Amazon
cannot fulfil; so are orders that failed, which a problem keeps from Saleor: they are told apart.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from redis.exceptions import RedisError
from sqlalchemy import BigInteger, Select, case, extract, func, select
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.money import minor_unit
from saleor_amazon_app.showing.days import begin_of, today, zone_of
from saleor_amazon_app.showing.shapes.overview import Day, Figures, Period, Turnover
from saleor_amazon_app.store.models import Account, Order, OrderState
from saleor_amazon_app.sync.services import Services

_NOT_SOLD: Final = ("CANCELLED", "UNFULFILLABLE")
_PERIODS: Final = (7, 30)
_KEPT: Final = 300
"""Seconds for which the sum of all orders is kept."""
_WORTH_KEEPING: Final = 10_000
"""Of fewer orders the sum is reckoned each time: it costs little, and a new shop's changes fast."""
_QUARTER: Final = 900
"""Seconds. Days begin at a whole quarter of an hour in every time zone there is."""

_IS_HELD: Final = case((Order.state == OrderState.BLOCKED, 1), else_=0)


def show_figures(services: Services, tenant_id: TenantId, timezone: str, days: int) -> Figures:
    """Return the figures; the sum of very many is up to five minutes old."""
    zone = zone_of(timezone)
    last = today(services.now(), zone)
    with services.database.tenant(tenant_id) as session:
        recent = [_period(session, count, _begin(count, last, zone)) for count in _PERIODS]
        daily = _daily(session, days, last, zone)
    whole = _remembered(services, tenant_id)
    return Figures(timezone=timezone, periods=[*recent, whole], daily=daily)


def _remembered(services: Services, tenant_id: TenantId) -> Period:
    """Return the sum of all from Redis, or reckon it where Redis has none or is not there."""
    name = f"figures:{tenant_id}"
    try:
        if kept := cast("bytes | None", services.redis.get(name)):
            return Period.model_validate_json(kept)
    except RedisError:
        pass
    with services.database.tenant(tenant_id) as session:
        whole = _period(session, None, None)
    if sum(turnover.orders for turnover in (*whole.turnover, *whole.held)) >= _WORTH_KEEPING:
        with suppress(RedisError):
            services.redis.set(name, whole.model_dump_json(), ex=_KEPT)
    return whole


def _period(session: Session, days: int | None, since: datetime | None) -> Period:
    query = _sold(_IS_HELD.label("held")).group_by(_IS_HELD)
    if since is not None:
        query = query.where(Order.purchased_at >= since)
    rows = session.execute(query).all()
    return Period(
        days=days,
        turnover=[_turnover(row) for row in rows if not row.held],
        held=[_turnover(row) for row in rows if row.held],
    )


def _daily(session: Session, days: int, last: date, zone: ZoneInfo) -> list[Day]:
    """Add up quarters of hours in the database, and days of the person's zone from these."""
    quarter = as_type(extract("epoch", Order.purchased_at), BigInteger) // _QUARTER
    query = (
        _sold(quarter.label("quarter"))
        .where(_IS_HELD == 0, Order.purchased_at >= _begin(days, last, zone))
        .group_by(quarter)
    )
    sums: dict[date, dict[str, tuple[int, int]]] = {}
    for row in session.execute(query):
        at = datetime.fromtimestamp(int(row.quarter) * _QUARTER, UTC).astimezone(zone)
        of_day = sums.setdefault(at.date(), {})
        minor, orders = of_day.get(row.currency, (0, 0))
        of_day[row.currency] = (minor + int(row.minor), orders + row.orders)
    wanted = (last - timedelta(days=back) for back in reversed(range(days)))
    return [Day(day=day, turnover=list(_of_day(sums.get(day, {})))) for day in wanted]


def _of_day(sums: dict[str, tuple[int, int]]) -> Iterable[Turnover]:
    for currency, (minor, orders) in sorted(sums.items()):
        yield Turnover(
            currency=currency, revenue=Decimal(minor) * minor_unit(currency), orders=orders
        )


def _sold(by: Any) -> Select[Any]:  # noqa: ANN401 - any labelled column
    return (
        select(
            by,
            Order.currency,
            func.sum(Order.total_minor).label("minor"),
            func.count().label("orders"),
        )
        .join(Account, Account.id == Order.account_id)
        .where(
            Order.purchased_at >= Account.import_from,
            Order.status.not_in(_NOT_SOLD),
            Order.total_minor.is_not(None),
            Order.currency.is_not(None),
        )
        .group_by(Order.currency)
        .order_by(Order.currency)
    )


def _begin(days: int, last: date, zone: ZoneInfo) -> datetime:
    return begin_of(last - timedelta(days=days - 1), zone)


def _turnover(row: Any) -> Turnover:  # noqa: ANN401 - a row of ``_sold``
    revenue = Decimal(int(row.minor)) * minor_unit(row.currency)
    return Turnover(currency=row.currency, revenue=revenue, orders=row.orders)
