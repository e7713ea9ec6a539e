"""Orders cancelled in Saleor: what Amazon hears of it, and what a person has to know instead."""

from typing import Any

import pytest

from saleor_amazon_app.mirror.amazon_order import AmazonOrder, read_order
from saleor_amazon_app.mirror.cancelling import plan_cancellation, summary, why_not_cancellable
from saleor_amazon_app.mirror.intents import IntentKind, IntentState, Known, Wish
from saleor_amazon_app.mirror.messages import CancelReason, OrderCancellation
from saleor_amazon_app.mirror.problems import Problem, ProblemKind
from saleor_amazon_app.mirror.saleor_order import SaleorOrder
from saleor_amazon_app.mirror.terms import Terms
from tests.mirror.amazon_orders import amazon_order, item
from tests.mirror.saleor_orders import fulfillment, known, saleor_order

A, B = "00000000000001", "00000000000002"
PARCEL = {"packageReferenceId": "7", "packageItems": [{"orderItemId": A, "quantity": 1}]}
Json = dict[str, Any]


def order(*, shipped: int = 0, b: int = 1, **more: Any) -> AmazonOrder:
    items = (item(1, quantity=2, total="20.00", shipped=shipped), item(2, quantity=b))
    return read_order(amazon_order(*items, **more))


def gone(**more: Any) -> SaleorOrder:
    return saleor_order({A: 2, B: 1}, status="CANCELED", **more)


def plan(
    told: AmazonOrder, saleor: SaleorOrder, *intents: Known, **terms: Any
) -> tuple[list[Wish], list[Problem]]:
    return plan_cancellation(told, saleor, intents, Terms(**terms))


def earlier(state: IntentState, answer: str = "", key: str = "cancel") -> Known:
    return known(IntentKind.CANCEL_ORDER, state, key=key, answer=answer)


def message(wish: Wish) -> OrderCancellation:
    assert isinstance(wish.message, OrderCancellation)
    return wish.message


def test_an_order_cancelled_in_saleor_is_cancelled_whole_at_amazon() -> None:
    (wish,), problems = plan(order(), gone())
    assert (wish.kind, wish.key, wish.state) == ("cancel_order", "cancel", IntentState.QUEUED)
    assert message(wish).item_ids == (A, B)
    assert problems == []


def test_an_item_that_was_cancelled_before_is_not_named_again() -> None:
    (wish,), _ = plan(order(b=0), gone())
    assert message(wish).item_ids == (A,)


@pytest.mark.parametrize(
    ("told", "saleor"),
    [
        pytest.param(order(), saleor_order({A: 2, B: 1}), id="it goes on in Saleor"),
        pytest.param(order(status="CANCELLED"), gone(), id="it is cancelled on both sides"),
        pytest.param(
            order(status="CANCELLED", by="AMAZON"), gone(), id="also where Amazon fulfils it"
        ),
    ],
)
def test_where_both_sides_agree_nothing_is_said(told: AmazonOrder, saleor: SaleorOrder) -> None:
    assert plan(told, saleor) == ([], [])


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (order(by="AMAZON"), "goes on at Amazon (UNSHIPPED): Amazon fulfils the order itself."),
        (order(by=""), "goes on at Amazon (UNSHIPPED): Amazon fulfils the order itself."),
        (order(status="SHIPPED"), "(SHIPPED): At Amazon the order is SHIPPED."),
        (order(status="PARTIALLY_SHIPPED", shipped=1), "At Amazon the order is PARTIALLY_SHIPPED."),
        (order(status="PENDING"), "At Amazon the order is PENDING."),
        (order(status="SOMETHING_NEW"), "At Amazon the order is SOMETHING_NEW."),
        (order(status=""), "At Amazon the order is in an unknown state."),
        (order(shipped=1), "1 unit of it has left already."),
        (order(packages=[PARCEL]), "1 unit of it has left already."),
    ],
)
def test_what_cannot_be_cancelled_is_a_problem_with_both_states(
    told: AmazonOrder, why: str
) -> None:
    wishes, (problem,) = plan(told, gone())
    assert wishes == []
    assert problem.kind is ProblemKind.CANCEL_NOT_POSSIBLE
    assert problem.message.startswith("The order is cancelled in Saleor and goes on at Amazon")
    assert problem.message.endswith(why)
    assert why_not_cancellable(told) in problem.message


@pytest.mark.parametrize(
    ("facts", "terms", "reason"),
    [
        pytest.param({}, {}, CancelReason.NO_INVENTORY, id="nobody said why"),
        pytest.param(
            {},
            {"cancel_reason": CancelReason.PRICING_ERROR},
            CancelReason.PRICING_ERROR,
            id="the marketplace's default",
        ),
        pytest.param(
            {"amazon.cancelReason": "buyercanceled"},
            {"cancel_reason": CancelReason.PRICING_ERROR},
            CancelReason.BUYER_CANCELED,
            id="what the merchant's automation wrote comes first",
        ),
        pytest.param(
            {"amazon.cancelReason": "the cat"}, {}, CancelReason.NO_INVENTORY, id="no code"
        ),
    ],
)
def test_the_reason(facts: Json, terms: Json, reason: CancelReason) -> None:
    (wish,), _ = plan(order(), gone(facts=facts), **terms)
    assert message(wish).reason is reason
    assert wish.summary == summary(reason)


@pytest.mark.parametrize("reason", CancelReason)
def test_what_a_reason_does_to_amazons_stock_is_said(reason: CancelReason) -> None:
    stays = "Amazon's count of your stock stays as it is"
    assert (stays in summary(reason)) == (reason is CancelReason.NO_INVENTORY)


@pytest.mark.parametrize(
    "state",
    [
        IntentState.QUEUED,
        IntentState.SENDING,
        IntentState.SUBMITTED,
        IntentState.ACCEPTED,
        IntentState.NEEDS_ATTENTION,
    ],
)
def test_it_is_asked_for_once(state: IntentState) -> None:
    assert plan(order(), gone(), earlier(state)) == ([], [])


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        (earlier(IntentState.REJECTED, "Not today."), "(UNSHIPPED): Not today."),
        (earlier(IntentState.REJECTED), "(UNSHIPPED): Amazon rejected it."),
        (earlier(IntentState.WITHDRAWN, "Given up by anna."), "(UNSHIPPED): Given up by anna."),
    ],
)
def test_what_amazon_refused_is_a_problem_and_not_sent_again_by_itself(
    intent: Known, words: str
) -> None:
    wishes, (problem,) = plan(order(), gone(), intent)
    assert wishes == []
    assert problem.message.endswith(words)


@pytest.mark.parametrize("told", [order(status="SHIPPED"), order(packages=[PARCEL])])
def test_accepted_and_shipped_all_the_same_is_a_problem(told: AmazonOrder) -> None:
    _, (problem,) = plan(told, gone(), earlier(IntentState.ACCEPTED))
    assert problem.kind is ProblemKind.CANCEL_NOT_POSSIBLE


@pytest.mark.parametrize(
    ("state", "asks"),
    [
        (IntentState.SENDING, False),
        (IntentState.SUBMITTED, False),
        (IntentState.QUEUED, True),
        (IntentState.WITHDRAWN, True),
        (IntentState.REJECTED, True),
    ],
)
def test_a_parcel_that_amazon_is_being_told_of_comes_first(
    state: IntentState, *, asks: bool
) -> None:
    """A cancellation that overtook it would refund the whole order.

    What is still queued is withdrawn at the same time, as its fulfilment was cancelled.
    """
    shipment = known(IntentKind.SHIPMENT, state, subject=fulfillment({A: 2}).id)
    wishes, problems = plan(order(), gone(), shipment)
    assert (bool(wishes), problems) == (asks, [])
