"""Several people, or one who clicks twice, ask for the same at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest

from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.ids import OrderItemId
from saleor_amazon_app.mirror.messages import AdjustmentReason, CancelReason
from saleor_amazon_app.sync import asking
from tests.day import Day, a_day
from tests.mirror.amazon_orders import item
from tests.shop_world import ShopWorld

ITEM = OrderItemId("00000000000001")
PEOPLE = 6


@pytest.fixture
def day(shop: ShopWorld) -> Day:
    return a_day(shop, item(quantity=9, total="89.10"))


def all_at_once(ask: Callable[[], None]) -> list[str]:
    """Let everybody ask; returns the codes of those that were refused."""
    barrier = Barrier(PEOPLE)

    def one(_: int) -> str:
        barrier.wait()
        try:
            ask()
        except Misconfigured as refused:
            return refused.message.code
        return ""

    with ThreadPoolExecutor(PEOPLE) as pool:
        return sorted(filter(None, pool.map(one, range(PEOPLE))))


def test_a_cancellation_is_asked_for_once(shop: ShopWorld, day: Day) -> None:
    refused = all_at_once(
        lambda: asking.cancel(
            shop.services, shop.tenant_id, shop.numbered(1), CancelReason.NO_INVENTORY, "test"
        )
    )
    assert refused == ["refused.under_way"] * (PEOPLE - 1)
    assert day.states() == [("cancel_order", "queued")]


def test_units_are_cancelled_once(shop: ShopWorld, day: Day) -> None:
    """Each message would cancel one more unit; Amazon would not know that it is a repeat."""
    reason = AdjustmentReason.NO_INVENTORY
    refused = all_at_once(
        lambda: asking.cancel_units(
            shop.services, shop.tenant_id, shop.numbered(1), {ITEM: 1}, reason, "test"
        )
    )
    assert refused == ["refused.units_under_way"] * (PEOPLE - 1)
    assert day.states() == [("cancel_units", "queued")]


def test_what_is_left_is_refunded_once(shop: ShopWorld, day: Day) -> None:
    day.ship(9)
    day.carry(3)
    whole = asking.RefundAsked(Decimal("89.10"))
    refused = all_at_once(
        lambda: asking.refund(shop.services, shop.tenant_id, shop.numbered(1), whole, "test")
    )
    assert len(refused) == PEOPLE - 1
    assert day.states()[1:] == [("refund", "queued")]
