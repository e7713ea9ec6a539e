"""The process is stopped at every write of a flow: nothing goes out twice, and nothing is lost.

Each order is stopped at the next commit, once just before it (what was sent is not recorded) and
once just after it (what is recorded was not sent). Whatever is left must be picked up afterwards.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.intents import IntentState
from saleor_amazon_app.store.models import Intent, Order
from saleor_amazon_app.sync import asking
from tests.day import Day
from tests.mirror.amazon_orders import item
from tests.shop_world import ShopWorld

ORDERS = range(1, 19)


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The ledger's claims are tested on both databases; stopping at each commit takes long."""


class Killed(BaseException):
    """The process is gone: no handler may catch this."""


@contextmanager
def killed_at(moment: str, commit: int) -> Iterator[None]:
    """Stop at the n-th commit."""
    left = [commit]

    def strike(_session: Session) -> None:
        if threading.current_thread() is not threading.main_thread():
            return  # the web application, which takes webhooks meanwhile
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    event.listen(Session, moment, strike)
    try:
        yield
    finally:
        event.remove(Session, moment, strike)


def ship(day: Day, number: int) -> None:
    day.ship(2, number)


def cancel(day: Day, number: int) -> None:
    day.cancel_in_saleor(number)


def refund(day: Day, number: int) -> None:
    shop = day.shop
    asked = asking.RefundAsked(Decimal("14.90"))
    asking.refund(shop.services, shop.tenant_id, shop.numbered(number), asked, "test")


def intents(day: Day, number: int) -> list[str]:
    with day.shop.services.database.tenant(day.shop.tenant_id) as session:
        query = select(Intent.state).join(Order, Order.id == Intent.order_id)
        mine = query.where(Order.amazon_order_id == day.shop.numbered(number))
        return list(session.scalars(mine))


def play(shop: ShopWorld, moment: str, act: Callable[[Day, int], None], *, shipped: bool) -> Day:
    """Stop the work at another commit for each order, and only then let it come to rest."""
    for number in ORDERS:
        shop.sell(item(1, quantity=2, total="29.80"), number=number)
    shop.run()
    day = Day(shop)
    if shipped:
        for number in ORDERS:
            day.ship(2, number)
        day.carry(4)
    for number in ORDERS:
        act(day, number)
        with killed_at(moment, number), suppress(Killed):
            day.carry()
    day.carry(10, minutes=7)
    return day


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before_commit", "after_commit"])
def test_a_shipment_survives(shop: ShopWorld, moment: str) -> None:
    day = play(shop, moment, ship, shipped=False)
    for number in ORDERS:
        assert intents(day, number) == [IntentState.ACCEPTED], number
        assert len(day.amazon(number)["packages"]) == 1
    assert [one.count for one in shop.amazon.shipments] == [1] * len(ORDERS)


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before_commit", "after_commit"])
def test_a_cancellation_survives(shop: ShopWorld, moment: str) -> None:
    day = play(shop, moment, cancel, shipped=False)
    for number in ORDERS:
        assert intents(day, number) == [IntentState.ACCEPTED], number
        assert day.amazon(number)["fulfillment"]["fulfillmentStatus"] == "CANCELLED"
    assert not any(order.refunded_by_mistake for order in shop.amazon.orders.values())


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before_commit", "after_commit"])
def test_a_refund_survives_or_waits_for_a_person_but_is_never_paid_twice(
    shop: ShopWorld, moment: str
) -> None:
    day = play(shop, moment, refund, shipped=True)
    for number in ORDERS:
        paid = [r for r in shop.amazon.refunds if r.order_id == shop.numbered(number)]
        state = intents(day, number)[-1]
        assert (state, len(paid)) in [
            (IntentState.ACCEPTED, 1),
            (IntentState.NEEDS_ATTENTION, 0),
        ], number
        told = day.saleor(number)["transactions"][0]["refundedAmount"]["amount"]
        assert told == (Decimal("14.9") if paid else 0), number
