"""Imports: each order comes into Saleor exactly once and complete, whatever happens on the way."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.mirror.drafting import draft
from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.ids import SellerSku
from saleor_amazon_app.saleor import orders as gateway
from saleor_amazon_app.store.models import OrderState
from saleor_amazon_app.sync import accounts, importing, repairs
from tests.mirror.amazon_orders import DE, JP, US, breakdown, item
from tests.shop_world import ShopWorld

HELD = 400
"""Units of each of the made-up shop's first products."""


def test_a_ready_order_becomes_an_order_in_saleor(shop: ShopWorld) -> None:
    shop.sell(item(quantity=2, total="29.80"))
    shop.run()
    order = shop.saleor_order()
    assert order["total"]["gross"]["amount"] == Decimal("29.80")
    assert order["status"] == "UNFULFILLED"
    assert order["chargeStatus"] == "FULL"
    assert order["userEmail"].endswith(".invalid")
    row = shop.row()
    assert (row.state, row.saleor_number) == (OrderState.IMPORTED, order["number"])
    assert row.note == f"Imported as Saleor order {order['number']}."


def test_open_units_are_allocated_and_the_stock_is_whole(shop: ShopWorld) -> None:
    shop.sell(item(quantity=3, total="44.70"))
    shop.run()
    assert shop.stock("SHOP-01-NAT") == (HELD, 3)


def test_the_payment_belongs_to_the_app_and_offers_a_refund(shop: ShopWorld) -> None:
    shop.sell()
    shop.run()
    (paid,) = shop.saleor_order()["transactions"]
    assert paid["pspReference"] == shop.numbered(1)
    assert paid["actions"] == ["REFUND"]
    assert paid["createdBy"] is not None
    assert paid["externalUrl"].startswith("https://sellercentral-europe.amazon.com/")


def test_what_amazon_ships_never_touches_the_stock(shop: ShopWorld) -> None:
    shop.sell(by="AMAZON", status="SHIPPED", recipient=None, buyer=None)
    shop.run()
    assert shop.saleor_order()["status"] == "FULFILLED"
    assert shop.stock("SHOP-01-NAT") == (HELD, 0)


def test_what_was_shipped_before_leaves_the_stock_and_the_rest_is_held(shop: ShopWorld) -> None:
    shop.sell(item(quantity=5, total="74.50", shipped=2), status="PARTIALLY_SHIPPED")
    shop.run()
    assert shop.saleor_order()["status"] == "PARTIALLY_FULFILLED"
    assert shop.stock("SHOP-01-NAT") == (HELD - 2, 3)


def test_stock_is_left_alone_if_the_merchant_says_so(shop: ShopWorld) -> None:
    shop.map(DE, hold_stock=False)
    shop.sell()
    shop.run()
    assert shop.saleor_order()["status"] == "UNFULFILLED"
    assert shop.stock("SHOP-01-NAT") == (HELD, 0)


def test_more_units_than_there_are_still_come_in(shop: ShopWorld) -> None:
    """A sale that has happened is never held up by stock."""
    shop.sell(item(quantity=999, total="9.99"))
    shop.run()
    assert shop.row().state == OrderState.IMPORTED
    assert shop.stock("SHOP-01-NAT") == (HELD, 999)


def test_without_a_stock_record_the_order_comes_in_and_says_so(shop: ShopWorld) -> None:
    shop.remove_stock("SHOP-01-NAT")
    shop.sell(number=1)
    shop.sell(item(sku="SHOP-02-NAT"), number=2)
    shop.run()
    assert shop.row(1).state == OrderState.IMPORTED
    assert shop.problems(1) == {"not_reserved": ""}
    assert shop.problems(2) == {}
    assert shop.stock("SHOP-02-NAT")[1] == 1


def test_nobody_is_written_to(shop: ShopWorld) -> None:
    shop.sell(number=1)
    shop.sell(number=2, by="AMAZON", status="SHIPPED")
    shop.run()
    assert shop.mails() == []


def test_a_batch_of_many_takes_few_calls(shop: ShopWorld) -> None:
    for number in range(120):
        shop.sell(number=number)
    shop.run()
    assert len(shop.saleor_orders()) == 120
    calls = shop.calls()
    assert calls["ImportOrders"] == 3
    assert calls["VariantsBySku"] == 3
    assert calls.get("FindOrders", 0) == 0


def test_running_again_creates_nothing(shop: ShopWorld) -> None:
    for number in range(5):
        shop.sell(number=number)
    shop.run()
    before = shop.calls()["ImportOrders"]
    shop.run()
    assert len(shop.saleor_orders()) == 5
    assert shop.calls()["ImportOrders"] == before


# --- crashes ------------------------------------------------------------------------------------


class Crash(BaseException):
    """The process dies here: nothing catches it, nothing is cleaned up."""


def crash_after(function: Callable[..., Any]) -> Callable[..., Any]:
    def crashing(*args: Any, **kwargs: Any) -> Any:
        function(*args, **kwargs)
        raise Crash

    return crashing


def crash_before(function: Callable[..., Any]) -> Callable[..., Any]:
    def crashing(*_: Any, **__: Any) -> Any:
        raise Crash

    return crashing


WRITES = [
    (importing.Importer, "_take"),
    (importing, "import_orders"),
    (importing.Importer, "_record_created"),
    (importing, "take_steps"),
    (gateway, "_take"),
    (importing.Importer, "_record_imported"),
]


@pytest.mark.parametrize("when", [crash_before, crash_after], ids=["before", "after"])
@pytest.mark.parametrize(("place", "write"), WRITES, ids=[name for _, name in WRITES])
def test_a_crash_at_any_write_loses_nothing_and_repeats_nothing(
    shop: ShopWorld, place: Any, write: str, when: Any
) -> None:
    for number in range(3):
        shop.sell(item(quantity=2, total="29.80"), number=number)
    shop.sweep()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, write, when(getattr(place, write)))
        with pytest.raises(Crash):
            shop.import_()
    shop.pass_time(minutes=15)
    shop.import_()
    assert len(shop.saleor_orders()) == 3
    assert [row.state for row in shop.rows()] == [OrderState.IMPORTED] * 3
    assert {order["status"] for order in shop.saleor_orders()} == {"UNFULFILLED"}
    assert shop.stock("SHOP-01-NAT") == (HELD, 6)
    for number in range(3):
        (paid,) = shop.saleor_order(number)["transactions"]
        assert paid["actions"] == ["REFUND"]


@pytest.mark.parametrize("operation", ["ImportOrders", "FinishOrders"])
def test_a_lost_answer_is_looked_up_before_anything_is_sent_again(
    shop: ShopWorld, operation: str
) -> None:
    for number in range(3):
        shop.sell(number=number)
    shop.sweep()
    shop.saleor_fault("timeout_after", operation, seconds=0)
    assert shop.import_().failure is not None
    assert {row.state for row in shop.rows()} <= {OrderState.CREATING, OrderState.CREATED}
    shop.pass_time(minutes=15)
    shop.import_()
    assert len(shop.saleor_orders()) == 3
    assert [row.state for row in shop.rows()] == [OrderState.IMPORTED] * 3
    assert shop.stock("SHOP-01-NAT") == (HELD, 3)
    assert shop.calls()["ImportOrders"] == 1


@pytest.mark.parametrize("kind", ["timeout_before", "server_error", "too_many_requests"])
def test_a_request_that_never_arrived_is_sent_again(shop: ShopWorld, kind: str) -> None:
    shop.sell()
    shop.sweep()
    shop.saleor_fault(kind, "ImportOrders", seconds=0)
    assert shop.import_().failure is not None
    assert shop.activities()
    shop.pass_time(minutes=15)
    shop.import_()
    assert len(shop.saleor_orders()) == 1


def test_an_order_cancelled_at_amazon_while_saleor_was_away_is_never_created(
    shop: ShopWorld,
) -> None:
    shop.sell(number=1)
    shop.sell(number=2)
    shop.sweep()
    shop.saleor_fault("timeout_before", "ImportOrders", seconds=0)
    assert shop.import_().failure is not None
    shop.change(1, fulfillment={"fulfillmentStatus": "CANCELLED", "fulfilledBy": "MERCHANT"})
    shop.run()
    assert [order["externalReference"] for order in shop.saleor_orders()] == [shop.numbered(2)]
    assert (shop.row(1).state, shop.row(2).state) == (OrderState.LEFT_OUT, OrderState.IMPORTED)


def test_an_order_cancelled_at_amazon_after_a_lost_answer_is_still_finished(
    shop: ShopWorld,
) -> None:
    """It is in Saleor: that it was cancelled since is recorded, and nothing is left half done."""
    shop.sell()
    shop.sweep()
    shop.saleor_fault("timeout_after", "ImportOrders", seconds=0)
    shop.import_()
    shop.change(1, fulfillment={"fulfillmentStatus": "CANCELLED", "fulfilledBy": "MERCHANT"})
    shop.run()
    row = shop.row()
    assert row.state == OrderState.IMPORTED
    assert (row.status, row.mirrored_status) == ("CANCELLED", "UNSHIPPED")
    assert shop.saleor_order()["status"] == "UNFULFILLED"


# --- bad orders ---------------------------------------------------------------------------------


def test_an_order_that_is_there_already_is_adopted_not_repeated(shop: ShopWorld) -> None:
    """As if the app's database had been restored from an older copy."""
    for number in range(3):
        shop.sell(number=number)
    shop.run()
    shop.forget_imports()
    shop.import_()
    assert len(shop.saleor_orders()) == 3
    assert [row.state for row in shop.rows()] == [OrderState.IMPORTED] * 3


def test_an_order_that_breaks_saleor_stands_alone_in_the_end(shop: ShopWorld) -> None:
    for number in range(10):
        shop.sell(number=number)
    shop.sweep()
    shop.break_drafts_of(4, {"status": None})
    for _ in range(6):
        shop.import_()
        shop.pass_time(hours=2)
    states = {row.amazon_order_id: row.state for row in shop.rows()}
    assert states.pop(shop.numbered(4)) == OrderState.BLOCKED
    assert set(states.values()) == {OrderState.IMPORTED}
    assert "refused_by_saleor" in shop.problems(4)


def test_a_rejected_order_takes_no_stock_from_the_others(shop: ShopWorld) -> None:
    """Saleor takes a rejected row's units off the stock that it shares with accepted rows."""
    for number in range(4):
        shop.sell(number=number)
    shop.sweep()
    shop.break_drafts_of(2, {"currency": "USD"})
    shop.import_()
    assert shop.row(2).state == OrderState.BLOCKED
    assert shop.stock("SHOP-01-NAT") == (HELD, 3)


def test_a_fault_of_our_own_in_one_order_does_not_stop_the_others(
    shop: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        shop.sell(number=number)
    shop.sweep()

    def faulty(order: Any, *args: Any, **kwargs: Any) -> Any:
        if order.order_id == shop.numbered(1):
            raise ZeroDivisionError
        return draft(order, *args, **kwargs)

    monkeypatch.setattr(importing, "draft", faulty)
    shop.import_()
    assert shop.row(1).state == OrderState.BLOCKED
    assert len(shop.saleor_orders()) == 2


def test_an_unknown_sku_comes_in_by_itself_once_it_exists(shop: ShopWorld) -> None:
    shop.sell(item(sku="NEW-1"))
    shop.run()
    assert shop.row().state == OrderState.BLOCKED
    assert shop.problems() == {"unknown_sku": "NEW-1"}
    shop.import_()
    assert shop.row().state == OrderState.BLOCKED
    shop.add_variant("NEW-1")
    shop.import_()
    assert shop.row().state == OrderState.IMPORTED
    assert shop.problems() == {}


def test_an_unknown_sku_comes_in_by_itself_once_it_is_mapped(shop: ShopWorld) -> None:
    shop.sell(item(sku="NEW-1"))
    shop.run()
    variant = shop.variant_id("SHOP-02-RUS")
    accounts.map_sku(shop.services, shop.tenant_id, "NEW-1", variant)
    shop.import_()
    (line,) = shop.saleor_order()["lines"]
    assert line["variant"]["id"] == variant


def test_a_mapping_wins_over_the_shops_sku(shop: ShopWorld) -> None:
    variant = shop.variant_id("SHOP-02-RUS")
    accounts.map_sku(shop.services, shop.tenant_id, SellerSku("SHOP-01-NAT"), variant)
    shop.sell()
    shop.run()
    (line,) = shop.saleor_order()["lines"]
    assert line["variant"]["id"] == variant


def test_an_unmapped_marketplace_imports_nothing_until_it_is_mapped(shop: ShopWorld) -> None:
    shop.unmap(US)
    shop.sell(item(currency="USD"), marketplace=US)
    shop.run()
    assert shop.saleor_orders() == []
    assert shop.problems() == {"unmapped_marketplace": US}
    assert "Amazon.com is not mapped" in shop.row().note
    shop.map(US)
    shop.import_()
    assert len(shop.saleor_orders()) == 1


def test_a_marketplace_whose_import_is_off_is_only_shown(shop: ShopWorld) -> None:
    shop.map(DE, import_orders=False)
    shop.sell()
    shop.run()
    assert (shop.saleor_orders(), shop.row().state) == ([], OrderState.LEFT_OUT)
    shop.map(DE)
    shop.import_()
    assert len(shop.saleor_orders()) == 1


def test_a_channel_of_another_currency_is_refused(shop: ShopWorld) -> None:
    with pytest.raises(Misconfigured, match="sells in EUR, the marketplace in JPY"):
        shop.map(JP, channel="amazon-de")


def test_an_address_that_saleor_does_not_take_is_repaired_and_stays_repaired(
    shop: ShopWorld,
) -> None:
    strange = {"name": "A B", "addressLine1": "1", "city": "X", "countryCode": "XX"}
    shop.sell(recipient={"deliveryAddress": strange})
    shop.run()
    assert shop.problems() == {"address": "country_code"}
    fix = {"country_code": "DE", "postal_code": "10115", "city": "Berlin"}
    repairs.repair_address(shop.services, shop.tenant_id, shop.numbered(1), fix)
    shop.change(1, programs=["PRIME"])
    shop.sweep_all()
    shop.import_()
    assert shop.saleor_order()["shippingAddress"]["postalCode"] == "10115"


def test_a_total_that_does_not_add_up_is_held_with_both_sums(shop: ShopWorld) -> None:
    shop.sell(item(total="10.00"), total="10.01")
    shop.run()
    assert "total_mismatch" in shop.problems()
    assert "€10.00" in shop.row().note
    assert "€10.01" in shop.row().note
    assert shop.saleor_orders() == []


def test_amounts_arrive_to_the_cent(shop: ShopWorld) -> None:
    parts = [
        breakdown("ITEM", "10.00", "USD"),
        breakdown("SHIPPING", "4.99", "USD"),
        breakdown("GIFT_WRAP", "3.49", "USD"),
        breakdown("DISCOUNT", "-1.01", "USD", ITEM="-1.01"),
        breakdown("TAX", "1.23", "USD", ITEM="0.80", SHIPPING="0.43"),
    ]
    goods = item(quantity=3, total="18.70", breakdowns=parts, currency="USD")
    shop.sell(goods, marketplace=US)
    shop.run()
    order = shop.saleor_order()
    assert order["total"]["gross"]["amount"] == Decimal("18.70")
    assert order["total"]["tax"]["amount"] == Decimal("1.23")
    assert order["shippingPrice"]["gross"]["amount"] == Decimal("8.91")
    assert order["lines"][0]["totalPrice"]["net"]["amount"] == Decimal("8.99")


# --- many at once -------------------------------------------------------------------------------


def test_workers_at_the_same_time_share_the_work(shop: ShopWorld) -> None:
    for number in range(60):
        shop.sell(number=number)
    shop.sweep()
    threads = [threading.Thread(target=shop.import_) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shop.pass_time(minutes=15)
    shop.import_()
    references = [order["externalReference"] for order in shop.saleor_orders()]
    assert len(references) == len(set(references)) == 60
    assert {row.state for row in shop.rows()} == {OrderState.IMPORTED}
    assert shop.stock("SHOP-01-NAT") == (HELD, 60)
