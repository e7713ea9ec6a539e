"""Every kind of order that the generator knows, shipped, refunded and cancelled."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.sandbox.amazon import ledger, seller_central
from saleor_amazon_app.sandbox.amazon.cancelling import cancel_units
from saleor_amazon_app.sandbox.amazon.feed_processing import settle
from saleor_amazon_app.sandbox.amazon.generator import generate
from saleor_amazon_app.sandbox.amazon.order_facts import amount, any_fulfilled, ordered
from saleor_amazon_app.sandbox.amazon.refusals import Refused
from saleor_amazon_app.sandbox.amazon.state import State, StoredOrder
from tests.sandbox.amazon.amazon import SELLER, Caller
from tests.sandbox.amazon.test_conformance import faults_of
from tests.sandbox.amazon.writing import ADJUST, TRANSACTIONS, amounts, post

Model = Callable[[str], dict[str, Any]]
ODD = ("off by a cent", "illegible", "beside", "does not add up")
"""Cases whose proceeds do not add up in the first place."""


@pytest.fixture
def sold(state: State, yesterday: datetime) -> list[StoredOrder]:
    state.finance_fees = False
    return [
        state.put_order(SELLER, each.order, each.case, later=each.later)
        for each in generate(31, 400, day=yesterday)
    ]


def ship(state: State, stored: StoredOrder) -> bool:
    try:
        seller_central.ship(state, stored.order_id)
    except Refused:
        return False
    return True


def totals(stored: StoredOrder) -> Iterator[tuple[Decimal, Decimal]]:
    """The items' totals, and what the ledger says they were charged beside Amazon's tax."""
    for item in stored.order["orderItems"]:
        account = ledger.charged(stored.order, item)
        yield amount(item.get("proceeds", {}).get("proceedsTotal")), account.total + account.tax


def test_the_ledger_knows_what_items_cost(sold: list[StoredOrder]) -> None:
    checked = 0
    for stored in sold:
        if not any(odd in stored.case for odd in ODD):
            assert all(total == known for total, known in totals(stored)), stored.case
            checked += 1
    assert checked > 300


def test_what_was_shipped_is_refunded_to_the_last_cent_and_told(
    state: State, call: Caller, model: Model, sold: list[StoredOrder]
) -> None:
    partly = {stored.order_id for stored in sold if any_fulfilled(stored.order)}
    shipped = [stored for stored in sold if ship(state, stored)]
    assert len(shipped) > 100
    for stored in shipped:
        if ledger.everything(state, stored.order):
            seller_central.refund(state, stored.order_id)
        for item in stored.order["orderItems"]:
            left = ledger.left(state, stored.order, item)
            assert not left.total, stored.case
            assert not left.tax, stored.case
    state.page_of_transactions = 10_000
    state.clock.advance(600)
    query = {"postedAfter": "2026-11-20T00:00:00Z"}
    told = call.get(TRANSACTIONS, **query).json
    assert (
        faults_of(model("models/finances_2024-06-19.json"), "ListTransactionsResponse", told) == []
    )
    sums: dict[str, float] = {}
    for each in told["payload"]["transactions"]:
        order_id = each["relatedIdentifiers"][0]["relatedIdentifierValue"]
        sums[order_id] = sums.get(order_id, 0) + each["totalAmount"]["currencyAmount"]
    whole = {stored.order_id for stored in shipped} - partly
    assert {round(sums[each], 2) for each in whole & set(sums)} == {0}


def test_a_feed_refunds_every_component_of_every_order(
    state: State, call: Caller, sold: list[StoredOrder]
) -> None:
    shipped = [stored for stored in sold if ship(state, stored)]
    bodies = [body for stored in shipped if (body := whole_refund(state, stored))]
    post(call, ADJUST, *bodies)
    state.clock.advance(15)
    settle(state)
    (feed,) = state.feeds.values()
    assert [m for m in feed.messages if m["result"] != "ok"] == []
    assert len(feed.messages) > 100


def whole_refund(state: State, stored: StoredOrder) -> str:
    """All that is left of an order, as a message; empty if there is nothing."""
    items = [adjusted(stored, part) for part in ledger.everything(state, stored.order)]
    if not items:
        return ""
    order = f"<AmazonOrderID>{stored.order_id}</AmazonOrderID>"
    return f"<OrderAdjustment>{order}{''.join(items)}</OrderAdjustment>"


def adjusted(stored: StoredOrder, part: ledger.Part) -> str:
    currency = stored.order["proceeds"]["grandTotal"]["currencyCode"]
    prices = amounts(currency, {name: str(value) for name, value in part.components.items()})
    off = amounts(currency, {name: str(value) for name, value in part.promotions.items()})
    told = f"<PromotionAdjustments>{off}</PromotionAdjustments>" if off else ""
    return (
        f"<AdjustedItem><AmazonOrderItemCode>{part.item_id}</AmazonOrderItemCode>"
        "<AdjustmentReason>CustomerReturn</AdjustmentReason>"
        f"<ItemPriceAdjustments>{prices}</ItemPriceAdjustments>{told}</AdjustedItem>"
    )


def test_an_order_that_lost_a_unit_still_adds_up(state: State, sold: list[StoredOrder]) -> None:
    several = [
        (stored, item)
        for stored in sold
        for item in stored.order["orderItems"]
        if ordered(item) > 1 and stored.order["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"
    ]
    assert len(several) > 50
    for stored, item in several:
        gap = grand(stored) - sum(total for total, _ in totals(stored))
        cancel_units(state, stored, {item["orderItemId"]: 1}, "NoInventory", state.now_text())
        assert grand(stored) - sum(total for total, _ in totals(stored)) == gap, stored.case
        if not any(odd in stored.case for odd in ODD):
            assert all(total == known for total, known in totals(stored)), stored.case


def grand(stored: StoredOrder) -> Decimal:
    return amount(stored.order.get("proceeds", {}).get("grandTotal"))
