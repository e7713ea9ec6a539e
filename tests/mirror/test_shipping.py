"""Fulfilments as packages: what is told, when, in which words, and what is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from saleor_amazon_app.mirror.amazon_order import read_order
from saleor_amazon_app.mirror.intents import (
    IntentKind,
    IntentState,
    Known,
    Revision,
    Step,
    Wish,
    Withdrawal,
)
from saleor_amazon_app.mirror.matching import match, reference_of
from saleor_amazon_app.mirror.messages import Shipment
from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.mirror.saleor_order import SaleorFulfillment, SaleorOrder
from saleor_amazon_app.mirror.sentences import Sentence
from saleor_amazon_app.mirror.shipping import Shipments, plan_shipments
from saleor_amazon_app.mirror.terms import Terms
from tests.mirror.amazon_orders import DE, JP, amazon_order, item
from tests.mirror.saleor_orders import SHIPPED_AT, fulfillment, known, saleor_order

A, B = "00000000000001", "00000000000002"
NOW = SHIPPED_AT + timedelta(minutes=1)
UPS = "1Z999AA10123456784"


def plan(
    saleor: SaleorOrder,
    *intents: Known,
    terms: Terms | None = None,
    now: datetime = NOW,
    **order: Any,
) -> Shipments:
    items = (item(1, quantity=2, total="20.00"), item(2, quantity=1))
    told = read_order(amazon_order(*items, **order))
    matches = match(told, saleor, intents)
    return plan_shipments(told, saleor, matches, intents, terms or Terms(), now)


def shop(*fulfillments: SaleorFulfillment) -> SaleorOrder:
    return saleor_order({A: 2, B: 1}, *fulfillments)


def only(steps: tuple[Step, ...]) -> Wish:
    (step,) = steps
    assert isinstance(step, Wish)
    return step


def shipment(step: Step) -> Shipment:
    assert isinstance(step, Wish | Revision)
    assert isinstance(step.message, Shipment)
    return step.message


def sent(wish: Wish, state: IntentState, *, asked_at: datetime = NOW, **changes: Any) -> Known:
    message = shipment(wish).model_copy(update=changes)
    key, subject = wish.key, wish.subject
    return known(IntentKind.SHIPMENT, state, message, key=key, subject=subject, asked_at=asked_at)


def test_a_fulfilment_becomes_one_package() -> None:
    mine = fulfillment({A: 2})
    wish = only(plan(shop(mine)).steps)
    message = shipment(wish)
    assert message.reference == reference_of(mine.id)
    assert (message.carrier_code, message.tracking_number) == ("UPS", UPS)
    assert [(unit.item_id, unit.quantity) for unit in message.units] == [(A, 2)]
    assert message.shipped_at == SHIPPED_AT
    assert message.shipping_method == "Standard"
    assert wish.summary == f"2 units, UPS {UPS}"


def test_each_parcel_of_a_split_shipment_is_a_package_of_its_own() -> None:
    steps = plan(shop(fulfillment({A: 1}), fulfillment({A: 1, B: 1}, number=3))).steps
    assert len({shipment(step).reference for step in steps}) == 2


@pytest.mark.parametrize("status", ["WAITING_FOR_APPROVAL", "CANCELED", "RETURNED", "REPLACED"])
def test_only_fulfilled_fulfilments_are_told(status: str) -> None:
    assert plan(shop(fulfillment({A: 2}, status=status))).steps == ()


SHIP_BY = datetime(2026, 11, 24, 22, 59, 59, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
MADE_LATE = SHIP_BY + timedelta(hours=1)


@pytest.mark.parametrize(
    ("created", "now", "code", "again"),
    [
        pytest.param(SHIPPED_AT, NOW, "", SHIP_BY - DAY, id="there is time"),
        pytest.param(SHIPPED_AT, SHIP_BY - DAY, "missing", SHIP_BY, id="a day before"),
        pytest.param(SHIPPED_AT, SHIP_BY - MINUTE, "missing", SHIP_BY, id="at the last moment"),
        pytest.param(SHIPPED_AT, SHIP_BY, "overdue", None, id="it is too late"),
        pytest.param(
            SHIP_BY - 60 * MINUTE, SHIP_BY - 50 * MINUTE, "", SHIP_BY - 45 * MINUTE, id="just made"
        ),
        pytest.param(
            SHIP_BY - 60 * MINUTE, SHIP_BY - 45 * MINUTE, "missing", SHIP_BY, id="a quarter after"
        ),
        pytest.param(MADE_LATE, MADE_LATE, "", MADE_LATE + 15 * MINUTE, id="made too late"),
        pytest.param(MADE_LATE, MADE_LATE + 15 * MINUTE, "overdue", None, id="and left"),
    ],
)
def test_a_person_hears_in_time_of_a_missing_approval(
    created: datetime, now: datetime, code: str, again: datetime | None
) -> None:
    mine = replace(fulfillment({A: 2}, status="WAITING_FOR_APPROVAL"), created_at=created)
    planned = plan(shop(mine), now=now)
    found = [(p.kind, p.subject, say_code(p.message)) for p in planned.problems]
    expected = [(ProblemKind.APPROVAL_MISSING, mine.id, f"problem.approval_{code}")]
    assert found == (expected if code else [])
    assert (planned.steps, planned.look_again_at) == ((), again)


def say_code(text: str) -> str:
    assert isinstance(text, Sentence)
    return text.code


@pytest.mark.parametrize(
    "order",
    [
        {"status": "SHIPPED"},
        {"status": "CANCELLED"},
        {"by": "AMAZON"},
        {"programs": ["AMAZON_EASY_SHIP"]},
        {"fulfillment": {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT"}},
    ],
)
def test_no_approval_is_missed_that_amazon_does_not_wait_for(order: dict[str, Any]) -> None:
    waiting = fulfillment({A: 2}, status="WAITING_FOR_APPROVAL")
    planned = plan(shop(waiting), now=SHIP_BY + DAY, **order)
    assert (planned.problems, planned.look_again_at) == ((), None)


@pytest.mark.parametrize("status", ["FULFILLED", "CANCELED"])
def test_the_problem_is_over_once_it_is_approved_or_cancelled(status: str) -> None:
    mine = fulfillment({A: 2}, status=status)
    kinds = [p.kind for p in plan(shop(mine), now=SHIP_BY + DAY).problems]
    assert ProblemKind.APPROVAL_MISSING not in kinds


def test_an_imported_fulfilment_is_amazons_own_and_never_echoed() -> None:
    saleor = saleor_order(
        {A: 2, B: 1},
        fulfillment({A: 2}, number=1),
        facts={"amazon.importedFulfillments": "1"},
    )
    assert plan(saleor).steps == ()


def test_what_amazon_shows_already_is_not_told_again() -> None:
    mine = fulfillment({A: 2})
    packages = [
        {
            "packageReferenceId": reference_of(mine.id),
            "trackingNumber": UPS,
            "packageItems": [{"orderItemId": A, "quantity": 2}],
        }
    ]
    assert plan(shop(mine), packages=packages).steps == ()


def test_a_changed_number_changes_what_is_queued() -> None:
    first = only(plan(shop(fulfillment({A: 2}, tracking="123"))).steps)
    queued = sent(first, IntentState.QUEUED)
    (step,) = plan(shop(fulfillment({A: 2})), queued).steps
    assert isinstance(step, Revision)
    assert shipment(step).tracking_number == UPS


@pytest.mark.parametrize(
    "state", [IntentState.ACCEPTED, IntentState.REJECTED, IntentState.NEEDS_ATTENTION]
)
def test_a_changed_number_edits_the_same_package(state: IntentState) -> None:
    first = only(plan(shop(fulfillment({A: 2}, tracking="123"))).steps)
    again = only(plan(shop(fulfillment({A: 2})), sent(first, state)).steps)
    assert again.key == f"{first.key}:2"
    assert shipment(again).reference == shipment(first).reference


@pytest.mark.parametrize("state", [IntentState.SENDING, IntentState.SUBMITTED])
def test_a_change_waits_while_the_first_version_is_under_way(state: IntentState) -> None:
    first = only(plan(shop(fulfillment({A: 2}, tracking="123"))).steps)
    assert plan(shop(fulfillment({A: 2})), sent(first, state)).steps == ()


def test_the_same_fulfilment_asks_once() -> None:
    saleor = shop(fulfillment({A: 2}))
    first = only(plan(saleor).steps)
    for state in IntentState:
        assert plan(saleor, sent(first, state)).steps == (), state


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ({"by": "AMAZON"}, "Amazon ships this order itself"),
        ({"status": "CANCELLED"}, "cancelled at Amazon"),
        ({"programs": ["FBM_SHIP_PLUS"]}, "Ship+"),
        ({"programs": ["AMAZON_EASY_SHIP"]}, "Easy Ship"),
        ({"programs": ["DELIVERY_BY_AMAZON"]}, "Amazon delivers"),
    ],
)
def test_what_is_not_told_is_written_down_with_its_reason(order: dict[str, Any], why: str) -> None:
    wish = only(plan(shop(fulfillment({A: 2})), **order).steps)
    assert wish.state is IntentState.WITHDRAWN
    assert why in wish.why


def test_a_replacement_is_shipped_like_any_other_order() -> None:
    replaced = [{"orderId": "302-1-1", "associationType": "REPLACEMENT_ORIGINAL_ID"}]
    assert plan(shop(fulfillment({A: 2})), associatedOrders=replaced).steps


def test_without_a_number_a_shipment_is_held_but_not_past_the_ship_by_date() -> None:
    mine = fulfillment({A: 2}, tracking="")
    assert only(plan(shop(mine)).steps).not_before == SHIPPED_AT + timedelta(hours=4)
    terms = Terms(tracking_wait=timedelta(days=30))
    ship_by = datetime(2026, 11, 24, 22, 59, 59, tzinfo=UTC)
    assert only(plan(shop(mine), terms=terms).steps).not_before == ship_by


SHIP_BY = datetime(2026, 11, 24, 22, 59, 59, tzinfo=UTC)
"""What ``amazon_order`` tells."""
MINUTE, QUARTER = timedelta(minutes=1), timedelta(minutes=15)


@pytest.mark.parametrize(
    ("prepared", "approved", "held_until"),
    [
        pytest.param(
            SHIP_BY - 9 * QUARTER, SHIP_BY + MINUTE, SHIP_BY + MINUTE + QUARTER, id="late"
        ),
        pytest.param(SHIP_BY - 9 * QUARTER, SHIP_BY - MINUTE, SHIP_BY, id="nearly late"),
        pytest.param(
            SHIPPED_AT,
            SHIPPED_AT + timedelta(hours=6),
            SHIPPED_AT + timedelta(hours=6) + QUARTER,
            id="approved after the wait",
        ),
        pytest.param(
            SHIPPED_AT,
            SHIPPED_AT + timedelta(hours=4) - MINUTE,
            SHIPPED_AT + timedelta(hours=4) - MINUTE + QUARTER,
            id="approved at the end of the wait",
        ),
    ],
)
def test_a_number_may_be_typed_after_a_late_approval(
    prepared: datetime, approved: datetime, held_until: datetime
) -> None:
    """The Dashboard asks for it only then; Amazon need not hear of the parcel without it."""
    mine = replace(fulfillment({A: 2}, tracking=""), created_at=prepared)
    wish = only(plan(shop(mine), now=approved).steps)
    assert wish.not_before == held_until
    queued = sent(wish, IntentState.QUEUED, asked_at=approved)
    afterwards = plan(shop(mine), queued, now=approved + 30 * MINUTE)
    assert (afterwards.steps, [p.kind for p in afterwards.problems]) == ((), [])


def test_who_does_not_wait_for_numbers_does_not_wait_after_an_approval() -> None:
    mine = fulfillment({A: 2}, tracking="")
    later = SHIPPED_AT + timedelta(hours=6)
    wish = only(plan(shop(mine), terms=Terms(tracking_wait=timedelta(0)), now=later).steps)
    assert wish.not_before == later


def test_a_missing_number_is_no_problem_before_there_was_time_to_type_it() -> None:
    terms = Terms(ship_without_tracking=False)
    mine = fulfillment({A: 2}, tracking="")
    approved = SHIPPED_AT + timedelta(hours=6)
    wish = only(plan(shop(mine), terms=terms, now=approved).steps)
    queued = sent(wish, IntentState.QUEUED, asked_at=approved)
    assert plan(shop(mine), queued, terms=terms, now=approved + MINUTE).problems == ()
    (problem,) = plan(shop(mine), queued, terms=terms, now=approved + QUARTER).problems
    assert problem.kind is ProblemKind.TRACKING_MISSING


def test_a_merchant_may_choose_to_hear_of_missing_numbers() -> None:
    terms = Terms(ship_without_tracking=False)
    mine = fulfillment({A: 2}, tracking="")
    wish = only(plan(shop(mine), terms=terms).steps)
    queued = sent(wish, IntentState.QUEUED)
    late = NOW + timedelta(hours=5)
    (problem,) = plan(shop(mine), queued, terms=terms, now=late).problems
    assert problem.kind is ProblemKind.TRACKING_MISSING
    early = plan(shop(mine), queued, terms=terms)
    assert (early.problems, early.look_again_at) == ((), SHIPPED_AT + timedelta(hours=4))


def test_a_cancelled_fulfilment_takes_its_queued_intent_along() -> None:
    first = only(plan(shop(fulfillment({A: 2}))).steps)
    gone = shop(fulfillment({A: 2}, status="CANCELED"))
    (step,) = plan(gone, sent(first, IntentState.QUEUED)).steps
    assert isinstance(step, Withdrawal)


def test_a_cancelled_fulfilment_that_amazon_accepted_is_a_problem_in_clear_words() -> None:
    mine = fulfillment({A: 2})
    first = only(plan(shop(mine)).steps)
    packages = [
        {
            "packageReferenceId": reference_of(mine.id),
            "packageItems": [{"orderItemId": A, "quantity": 2}],
        }
    ]
    gone = shop(fulfillment({A: 2}, status="CANCELED"))
    found = plan(gone, sent(first, IntentState.ACCEPTED), packages=packages)
    (problem,) = found.problems
    assert problem.kind is ProblemKind.SHIPMENT_UNDONE
    assert "cannot undo" in str(problem)
    assert found.steps == ()


def shows(wish: Wish, units: int = 2, tracking: str = UPS, item_id: str = A) -> list[Any]:
    """Return Amazon's packages once it has a shipment."""
    parts = [{"orderItemId": item_id, "quantity": units}]
    reference = shipment(wish).reference
    return [
        {"packageReferenceId": reference, "trackingNumber": tracking, "packageItems": parts},
    ]


def test_the_problem_is_over_once_another_fulfilment_stands_for_the_package() -> None:
    first = only(plan(shop(fulfillment({A: 2}))).steps)
    again = shop(fulfillment({A: 2}, status="CANCELED"), fulfillment({A: 2}, number=3))
    accepted = sent(first, IntentState.ACCEPTED)
    assert plan(again, accepted, packages=shows(first)) == Shipments()


@pytest.mark.parametrize("left", [{A: 1}, {}])
@pytest.mark.parametrize("state", ["queued", "submitted", "accepted", "rejected"])
def test_units_that_came_back_have_left_all_the_same(left: dict[str, int], state: str) -> None:
    """Returns and replacements in Saleor change what Amazon hears of no parcel."""
    first = only(plan(shop(fulfillment({A: 2}))).steps)
    returned = fulfillment({A: 2 - sum(left.values())}, number=9, status="RETURNED")
    saleor = shop(fulfillment(left), returned)
    packages = shows(first) if state == "accepted" else []
    assert plan(saleor, sent(first, IntentState(state)), packages=packages).steps == ()


def test_a_number_changed_after_a_return_is_told_for_the_whole_parcel() -> None:
    first = only(plan(shop(fulfillment({A: 2}, tracking="123"))).steps)
    accepted = sent(first, IntentState.ACCEPTED)
    again = only(plan(shop(fulfillment({A: 1})), accepted, packages=shows(first, 2, "123")).steps)
    assert [(u.item_id, u.quantity) for u in shipment(again).units] == [(A, 2)]


@pytest.mark.parametrize(
    ("words", "tells"),
    [
        pytest.param({"carrierCode": "GLS"}, True, id="another carrier"),
        pytest.param({"shippingMethod": "Express"}, True, id="another method"),
        pytest.param({"transparencyCodes": "AZ:1"}, True, id="a transparency code"),
        pytest.param({"carrierCode": "UPS"}, False, id="the carrier that was told"),
        pytest.param({"anything": "else"}, False, id="words that are not for Amazon"),
    ],
)
def test_the_merchants_words_about_an_accepted_parcel_are_told_once(
    words: dict[str, Any], *, tells: bool
) -> None:
    first = only(plan(shop(fulfillment({A: 2}))).steps)
    accepted = sent(first, IntentState.ACCEPTED)
    saleor = shop(fulfillment({A: 2}, **words))
    steps = plan(saleor, accepted, packages=shows(first)).steps
    assert bool(steps) == tells
    if tells:
        second = replace(sent(only(steps), IntentState.ACCEPTED), id=2)
        assert plan(saleor, accepted, second, packages=shows(first)).steps == ()


def test_another_default_carrier_does_not_change_what_amazon_has() -> None:
    first = only(plan(shop(fulfillment({A: 2}, tracking="123"))).steps)
    saleor = shop(fulfillment({A: 2}, tracking="123"))
    terms = Terms(default_carrier="GLS")
    accepted, packages = sent(first, IntentState.ACCEPTED), shows(first, 2, "123")
    assert plan(saleor, accepted, terms=terms, packages=packages).steps == ()


@pytest.mark.parametrize("at_amazon", ["AMAZONS", "AMAZONS-NEXT"])
def test_a_number_taken_over_from_amazon_is_never_sent_back(at_amazon: str) -> None:
    first = only(plan(shop(fulfillment({A: 2}))).steps)
    mine = fulfillment({A: 2}, tracking="AMAZONS", followed="AMAZONS")
    packages = shows(first, 2, at_amazon)
    assert plan(shop(mine), sent(first, IntentState.ACCEPTED), packages=packages).steps == ()


def test_a_parcel_is_never_given_the_reference_of_another() -> None:
    theirs = [
        {
            "packageReferenceId": reference_of(fulfillment({B: 1}).id),
            "packageItems": [{"orderItemId": A, "quantity": 1}],
        }
    ]
    wish = only(plan(shop(fulfillment({B: 1})), packages=theirs).steps)
    assert shipment(wish).reference != theirs[0]["packageReferenceId"]
    later = theirs + shows(wish, 1, UPS, B)
    assert plan(shop(fulfillment({B: 1})), sent(wish, IntentState.ACCEPTED), packages=later) == (
        Shipments()
    )


def test_the_merchants_words_for_carriers_come_first() -> None:
    mine = fulfillment({A: 2}, tracking="X1", carrierCode="Unser Bote", shippingMethod="Rad")
    message = shipment(only(plan(shop(mine), terms=Terms(carriers={"unser bote": "GLS"})).steps))
    assert (message.carrier_code, message.shipping_method) == ("GLS", "Rad")
    message = shipment(only(plan(shop(mine)).steps))
    assert (message.carrier_code, message.carrier_name) == ("Other", "Unser Bote")


def test_transparency_codes_go_with_their_item() -> None:
    one = fulfillment({A: 2}, transparencyCodes="AZ:1, AZ:2")
    two = fulfillment({A: 1, B: 1}, number=3, transparencyCodes=f"{A}:AZ:X1,{B}:Y1,{B}:Y2,Z")
    first, second = plan(shop(one, two)).steps
    assert shipment(first).units[0].transparency_codes == ("AZ:1", "AZ:2")
    assert [u.transparency_codes for u in shipment(second).units] == [("AZ:X1",), ("Y1", "Y2")]


@pytest.mark.parametrize(
    ("created", "shipped"),
    [
        (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 20, 10, tzinfo=UTC)),
        (NOW + timedelta(days=1), NOW),
    ],
)
def test_the_ship_date_lies_between_purchase_and_now(created: datetime, shipped: datetime) -> None:
    mine = fulfillment({A: 2})
    moved = type(mine)(**{**mine.__dict__, "created_at": created})
    assert shipment(only(plan(shop(moved)).steps)).shipped_at == shipped


CONSTRAINED = {"shipping": {"shippingConstraints": {"cashOnDelivery": "MANDATORY"}}}


@pytest.mark.parametrize(
    ("order", "paid_to_carrier"),
    [
        ({"payment": {"paymentExecutions": [{"paymentMethod": "CashOnDelivery"}]}}, True),
        ({"orderItems": [item(1, quantity=2, fulfillment=CONSTRAINED)]}, True),
        ({"payment": {"paymentExecutions": [{"paymentMethod": "CreditCard"}]}}, False),
        ({"payment": None}, False),
        ({}, False),
    ],
)
@pytest.mark.parametrize("marketplace", [JP, DE])
def test_cash_on_delivery_is_said_in_japan(
    marketplace: str, order: dict[str, Any], *, paid_to_carrier: bool
) -> None:
    channel = {"salesChannel": {"marketplaceId": marketplace}}
    message = shipment(only(plan(shop(fulfillment({A: 2})), **(channel | order)).steps))
    assert message.cash_on_delivery == (paid_to_carrier and marketplace == JP)


@pytest.mark.parametrize(
    ("warehouse", "source"), [("north", "SOURCE-1"), ("North", "SOURCE-1"), ("south", ""), ("", "")]
)
def test_the_place_that_it_left_from_is_told_by_amazons_name(warehouse: str, source: str) -> None:
    mine = replace(fulfillment({A: 2}), warehouse=warehouse)
    terms = Terms(supply_sources={"north": "SOURCE-1"})
    assert shipment(only(plan(shop(mine), terms=terms).steps)).supply_source_id == source
