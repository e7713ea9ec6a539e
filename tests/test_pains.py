"""What users of other Amazon connectors suffer, each pain as a test named after it.

The numbers are those of the project's study of its peers: 1 to 11 and 18 to 21 concern the import.
"""

import json
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from saleor_amazon_app.amazon.notifications import NotificationType
from saleor_amazon_app.mirror.drafting import draft
from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.sandbox.amazon import seller_central
from saleor_amazon_app.sandbox.amazon.faults import FaultKind
from saleor_amazon_app.sandbox.amazon.generator import generate
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.models import OrderState, SweepKind
from saleor_amazon_app.sync import checks, importing
from saleor_amazon_app.sync.sweeping import SweepEnd, Sweeper
from tests.mirror.amazon_orders import ADDRESS, item
from tests.notified import Notified
from tests.shop_world import ShopWorld

MINUTE = 60


def test_pain_01_orders_missing_from_list_calls(shop: ShopWorld) -> None:
    """amzn/selling-partner-api-models#3945: the list of updates leaves an order out."""
    shop.sell(number=1)
    shop.sell(number=2)
    shop.fault(FaultKind.HIDE_ORDER, order_id=shop.numbered(2))
    shop.run()
    assert len(shop.saleor_orders()) == 1
    shop.sweep_all(SweepKind.RECONCILE)
    shop.import_()
    assert len(shop.saleor_orders()) == 2


def test_pain_02_cursor_mistakes_a_worker_killed_in_the_middle(shop: ShopWorld) -> None:
    for number in range(150):
        shop.sell(number=number)
    sweeper = Sweeper(shop.services, shop.tenant_id, shop.account_id)

    def killed(_report: object) -> None:
        raise KeyboardInterrupt

    sweeper.on_page = killed
    with pytest.raises(KeyboardInterrupt):
        sweeper.run()
    shop.run()
    assert len(shop.saleor_orders()) == 150


def test_pain_02_cursor_mistakes_an_order_that_leaves_pending_after_days(shop: ShopWorld) -> None:
    """A cursor on the purchase date would have passed it long ago."""
    shop.sell(status="PENDING")
    shop.run()
    for _ in range(3):
        shop.pass_time(days=1)
        shop.run()
    assert shop.row().state == OrderState.WAITING
    shop.change(1, fulfillment={"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT"})
    shop.run()
    assert len(shop.saleor_orders()) == 1


def test_pain_02_cursor_mistakes_the_windows_end_is_amazons(shop: ShopWorld) -> None:
    """Amazon refuses windows that end less than two minutes before its own clock."""
    shop.services.now = lambda: shop.amazon.clock.now() + timedelta(hours=1)
    shop.sell()
    assert shop.sweep().end is SweepEnd.DONE
    watermark = shop.sweep_row().watermark
    assert watermark is not None
    assert watermark < shop.amazon.clock.now()


def test_pain_03_late_visibility(shop: ShopWorld) -> None:
    """An order that Amazon lists hours late, with its old time of update, still comes in."""
    shop.connected_a_day_ago()
    shop.sell(number=1)
    shop.sell(number=2)
    shown = (shop.amazon.clock.now() + timedelta(hours=11)).isoformat()
    shop.fault(FaultKind.HIDE_ORDER, order_id=shop.numbered(2), until=shown)
    shop.run()
    shop.pass_time(hours=12)
    shop.run()
    assert len(shop.saleor_orders()) == 1, "the list of updates has moved on"
    shop.sweep_all(SweepKind.RECONCILE)
    shop.import_()
    assert (shop.row(2).lag_seconds or 0) > 11 * 60 * MINUTE
    lag = next(f for f in checks.examine(shop.services) if f.name.endswith("lag"))
    assert not lag.ok


@pytest.mark.slow
def test_pain_04_throttling(shop: ShopWorld) -> None:
    """A burst of 2,000 orders: none lost, no call above the limit, no crash loop."""
    shop.amazon.clock.set_speed(1000)
    shop.services.amazon.patience = 5
    shop.services.amazon.sleep = time.sleep
    for number in range(2000):
        shop.sell(number=number)
    ends = [shop.sweep().end]
    while ends[-1] is not SweepEnd.DONE and len(ends) < 5:
        ends.append(shop.sweep().end)
    assert ends[-1] is SweepEnd.DONE
    assert len(shop.rows()) == 2000
    assert shop.amazon.calls["searchOrders", "429"] == 0
    assert shop.amazon.calls["searchOrders", "200"] <= 22


@pytest.mark.parametrize("numbers", [(1, 2, 3), (1, 1, 2, 2, 3), (3, 2, 1), (2,), ()])
def test_pain_05_notifications_hard_to_trust(notified: Notified, numbers: tuple[int, ...]) -> None:
    """amzn/selling-partner-api-docs#3278: do they include new orders? Here none has to.

    In order, twice, in the wrong order, or lost: the end is the same.
    """
    shop = notified.shop
    for number in (1, 2, 3):
        shop.sell(number=number)
    for number in numbers:
        notified.put_order_change(number, name=f"new-{number}")
    notified.arrive()
    assert len(shop.saleor_orders()) == len(set(numbers))
    seller_central.ship(shop.amazon, shop.numbered(2))
    for number in numbers:
        notified.put_order_change(number, name=f"changed-{number}")
    notified.arrive()
    shop.run()
    assert [shop.row(number).status for number in (1, 2, 3)] == [
        "UNSHIPPED",
        "SHIPPED",
        "UNSHIPPED",
    ]
    assert len(shop.saleor_orders()) == 3


def test_pain_05_order_change_needs_its_directive(notified: Notified) -> None:
    """amzn/selling-partner-api-models#467 and #2259: refused without it, and a test shows it."""
    assert all(state.on for state in notified.on().types)
    turns = iter([True, True, False])

    def wait() -> bool:
        notified.send()
        return next(turns)

    assert notified.subscriptions.test(NotificationType.ORDER_CHANGE, "any", wait)
    shop = notified.shop
    shop.sell()
    notified.arrive()
    assert len(shop.saleor_orders()) == 1, "new orders come by notification alone"


def test_pain_06_one_bad_order_stops_all(shop: ShopWorld) -> None:
    for number in range(100):
        shop.sell(number=number)
    poison = shop.amazon.orders[shop.numbered(50)].order
    poison["orderItems"][0]["proceeds"]["proceedsTotal"]["amount"] = "abc"
    shop.run()
    assert len(shop.saleor_orders()) == 99
    assert shop.problems(50).keys() == {ProblemKind.UNREADABLE}
    assert "proceedsTotal.amount" in shop.row(50).note


def test_pain_07_address_silently_dropped(shop: ShopWorld) -> None:
    """saleweaver/python-amazon-sp-api#425: a page without names and addresses, and no error."""
    shop.sell()
    shop.fault(FaultKind.STRIP_PII, operation="searchOrders")
    shop.run()
    assert shop.saleor_orders() == []
    assert shop.row().state == OrderState.WAITING
    assert "address" in shop.row().note
    shop.pass_time(minutes=5)
    shop.import_()
    address = shop.saleor_order()["shippingAddress"]
    assert address["streetAddress1"] == ADDRESS["addressLine1"]
    assert "N/A" not in str(address)


def test_pain_07_an_address_that_never_comes_is_shown_to_a_person(shop: ShopWorld) -> None:
    shop.sell(recipient=None)
    shop.run()
    for _ in range(6):
        shop.pass_time(hours=2)
        shop.import_()
    assert shop.problems().keys() == {ProblemKind.ADDRESS_WITHHELD}
    assert "Direct-to-Consumer" in shop.row().note


def test_pain_08_fba_orders_without_an_address(shop: ShopWorld) -> None:
    shop.sell(by="AMAZON", status="SHIPPED", recipient=None, buyer=None)
    shop.run()
    assert shop.saleor_order()["status"] == "FULFILLED"


def test_pain_09_403_on_one_data_set(shop: ShopWorld) -> None:
    """amzn/selling-partner-api-models#5319: a seller without a tax role."""
    shop.amazon.sellers["A1SELLER"].denied_data_sets = frozenset({"TAX"})
    shop.sell()
    shop.run()
    assert len(shop.saleor_orders()) == 1
    assert shop.account().withheld_data == ["TAX"]


def test_pain_09_a_region_that_answers_400_for_half_a_day(shop: ShopWorld) -> None:
    """amzn/selling-partner-api-models#5365."""
    shop.sell()
    shop.fault(FaultKind.TRANSIENT_400, operation="searchOrders", data_set="FULFILLMENT")
    for _ in range(3):
        assert shop.sweep_all().end is SweepEnd.FAILED
    shop.amazon.faults.clear()
    shop.run()
    assert len(shop.saleor_orders()) == 1


def test_pain_10_money(shop: ShopWorld) -> None:
    """Orders of every kind of money: equal to Amazon's to the minor unit, or held."""
    yesterday = shop.amazon.clock.now() - timedelta(days=1)
    for made in generate(10, 150, day=yesterday, channels=shop.marketplaces):
        shop.amazon.put_order("A1SELLER", made.order, made.case, made.expected, made.why)
    shop.run()
    totals = {
        stored.order_id: stored.order.get("proceeds", {}).get("grandTotal", {}).get("amount", "0")
        for stored in shop.amazon.orders.values()
    }
    orders = shop.saleor_orders()
    assert len(orders) > 90
    for order in orders:
        assert float(order["total"]) == float(totals[order["externalReference"]])
    expected = {s.order_id: s.expected for s in shop.amazon.orders.values()}
    assert {row.amazon_order_id: str(row.state) for row in shop.rows()} == expected


def test_pain_11_tax_golden_files() -> None:
    folder = Path(__file__).parent / "mirror" / "golden"
    for file in folder.glob("*.json"):
        golden = json.loads(file.read_text(encoding="utf-8"))
        assert golden.keys() == {"amazon", "saleor"}, "checked by tests/mirror/test_tax_golden.py"
    assert len(list(folder.glob("*.json"))) >= 8


def test_pain_18_silent_failure(shop: ShopWorld) -> None:
    """No failure without a visible record; nothing running is visible at once."""
    shop.fault(FaultKind.HTML_503, operation="searchOrders")
    shop.sell()
    assert shop.sweep().failure is not None
    assert [(a.side, a.operation) for a in shop.activities()] == [("amazon", "searchOrders")]
    findings = {finding.name: finding for finding in checks.examine(shop.services)}
    assert not findings["workers"].ok
    assert "saleor-amazon worker" in findings["workers"].cure
    assert not findings["scheduler"].ok
    assert not findings["amazon A1SELLER (eu) sweep"].ok


def test_pain_19_twenty_workers_and_one_order(shop: ShopWorld) -> None:
    """Twenty workers that all believe the order to be theirs: one Saleor order."""
    shop.sell()
    shop.sweep()
    barrier = threading.Barrier(20)

    def everybody_wins(session: Any, *args: Any) -> Any:
        name, rows = order_store.claim(session, *args)
        return name, rows or shop.rows_of(session)

    def work() -> None:
        barrier.wait()
        importing.Importer(shop.services, shop.tenant_id, shop.account_id).run()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importing, "order_store", _Everybodys(_once_each(everybody_wins)))
        threads = [threading.Thread(target=work) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    shop.pass_time(hours=1)
    shop.import_()
    assert len(shop.saleor_orders()) == 1
    assert shop.row().state == OrderState.IMPORTED
    assert shop.stock("SHOP-01-NAT")[1] == 1


class _Everybodys:
    """The store of orders with another way of claiming."""

    def __init__(self, claim: Any) -> None:
        self.claim = claim

    def __getattr__(self, name: str) -> Any:
        return getattr(order_store, name)


def _once_each(claim: Any) -> Any:
    """Give every thread one claim, so that its work comes to an end."""
    done = threading.local()

    def claiming(session: Any, *args: Any) -> Any:
        if getattr(done, "yes", False):
            return "", []
        done.yes = True
        return claim(session, *args)

    return claiming


def test_pain_20_lines_missing_after_a_half_import(
    shop: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Items and units are compared before the order counts as imported without a remark."""
    shop.sell(item(1), item(2, sku="SHOP-02-RUS"))
    shop.sweep()

    def short(*args: Any, **kwargs: Any) -> Any:
        made = draft(*args, **kwargs)
        made.input["lines"] = made.input["lines"][:1]
        made.input["fulfillments"][0]["lines"] = made.input["fulfillments"][0]["lines"][:1]
        return made

    monkeypatch.setattr(importing, "draft", short)
    shop.import_()
    assert shop.problems().keys() == {ProblemKind.DIFFERS_IN_SALEOR}
    assert "Saleor has 1 units in 1 lines, Amazon 2 in 2." in shop.row().note


def test_pain_21_unknown_sku_or_no_stock_blocks_the_order(shop: ShopWorld) -> None:
    shop.sell(item(sku="NEW-1"), number=1)
    shop.sell(item(quantity=5000, total="5.00"), number=2)
    shop.run()
    assert shop.problems(1) == {ProblemKind.UNKNOWN_SKU: "NEW-1"}
    assert shop.row(2).state == OrderState.IMPORTED, "stock never blocks a sale"
    shop.add_variant("NEW-1")
    shop.import_()
    assert len(shop.saleor_orders()) == 2
