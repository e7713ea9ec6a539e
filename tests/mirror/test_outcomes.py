"""What the ledger says that a person has to know, and what Saleor's transaction has to hear."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.mirror.amazon_order import AmazonOrder, read_order
from saleor_amazon_app.mirror.ids import OrderItemId
from saleor_amazon_app.mirror.intents import IntentKind, IntentState, Known
from saleor_amazon_app.mirror.matching import match, reference_of
from saleor_amazon_app.mirror.messages import (
    MESSAGE,
    AdjustmentReason,
    CancelledUnits,
    CancelReason,
    Message,
    UnitsCancellation,
)
from saleor_amazon_app.mirror.outcomes import problems, refund_outcomes, shows
from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.mirror.saleor_order import SaleorFulfillment, SaleorOrder
from tests.mirror.amazon_orders import amazon_order, item
from tests.mirror.saleor_orders import SHIPPED_AT, fulfillment, known, payment, saleor_order

A, B = "00000000000001", "00000000000002"
UPS = "1Z999AA10123456784"
ORDER_ID = "302-1234567-1234567"
R1, R2 = "amazon-refund-1", "amazon-refund-2"
MINE = fulfillment({A: 2})
Accepted, Rejected = IntentState.ACCEPTED, IntentState.REJECTED
Unknown = IntentState.NEEDS_ATTENTION


def order(*packages: dict[str, Any], **more: Any) -> AmazonOrder:
    items = (item(1, quantity=2, total="20.00"), item(2, quantity=1))
    return read_order(amazon_order(*items, packages=list(packages), **more))


def package(
    tracking: str = UPS, reference: str = reference_of(MINE.id), units: int = 2
) -> dict[str, Any]:
    parts = [{"orderItemId": A, "quantity": units}]
    return {
        "packageReferenceId": reference,
        "trackingNumber": tracking,
        "packageItems": parts,
    }


def shop(*fulfillments: SaleorFulfillment, **more: Any) -> SaleorOrder:
    return saleor_order({A: 2, B: 1}, *fulfillments, **more)


SHIPMENT = MESSAGE.validate_python(
    {
        "kind": "shipment",
        "order_id": ORDER_ID,
        "marketplace_id": "A1PA6795UKMFR9",
        "reference": reference_of(MINE.id),
        "carrier_code": "UPS",
        "tracking_number": UPS,
        "shipped_at": SHIPPED_AT,
        "units": [{"item_id": A, "quantity": 2}],
    }
)
CANCELLATION = MESSAGE.validate_python(
    {
        "kind": "cancel_order",
        "order_id": ORDER_ID,
        "item_ids": [A, B],
        "reason": CancelReason.NO_INVENTORY,
    }
)
REFUND = MESSAGE.validate_python(
    {
        "kind": "refund",
        "order_id": ORDER_ID,
        "currency": "EUR",
        "reference": R1,
        "items": [
            {
                "item_id": A,
                "reason": "Other",
                "components": [{"type": "Principal", "amount": "10.00"}],
            }
        ],
    }
)


def parcel(state: IntentState, number: int = 1, **more: Any) -> Known:
    told = {"subject": MINE.id, "key": f"shipment:{number}"} | more
    return known(IntentKind.SHIPMENT, state, SHIPMENT, number=number, **told)


def refund(
    state: IntentState,
    key: str = R1,
    amount: str = "10.00",
    message: Message | None = REFUND,
    **more: Any,
) -> Known:
    told: dict[str, Any] = {
        "number": int(key[-1]),
        "amount": Decimal(amount),
        "subject": "order",
    } | more
    return known(IntentKind.REFUND, state, message, key=key, **told)


def cancel(state: IntentState, number: int = 1, **more: Any) -> Known:
    told = {"subject": "order", "key": f"cancel:{number}"} | more
    return known(IntentKind.CANCEL_ORDER, state, CANCELLATION, number=number, **told)


def units(state: IntentState, number: int, item_id: str) -> Known:
    message = UnitsCancellation.model_validate(
        {
            "order_id": ORDER_ID,
            "units": (CancelledUnits(item_id=OrderItemId(item_id), quantity=1),),
            "reason": AdjustmentReason.NO_INVENTORY,
        }
    )
    key = f"cancel-units:{number}"
    return known(IntentKind.CANCEL_UNITS, state, message, key=key, subject="order", number=number)


def found(
    *intents: Known, saleor: SaleorOrder | None = None, told: AmazonOrder | None = None
) -> list[tuple[str, str]]:
    saleor, told = saleor or shop(MINE), told or order()
    matches = match(told, saleor, intents)
    return [(p.kind.value, p.subject) for p in problems(intents, saleor, told, matches)]


@pytest.mark.parametrize("state", IntentState)
@pytest.mark.parametrize("make", [parcel, cancel, refund])
def test_only_what_failed_or_is_unknown_is_a_problem(make: Any, state: IntentState) -> None:
    intent = make(state)
    expected = {Rejected: "rejected", Unknown: "needs_attention"}
    kind = expected.get(state)
    assert found(intent) == ([(kind, intent.key)] if kind else [])


def test_a_feed_that_hangs_is_a_problem_while_it_does() -> None:
    since = "its feed 7 has been in work since yesterday."
    hanging = cancel(IntentState.SUBMITTED, hangs=since)
    assert found(hanging) == [("feed_hangs", "cancel:1")]
    assert found(replace(hanging, state=Accepted)) == []


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        (
            parcel(Rejected, answer="No such item."),
            "Amazon rejected the shipment (summary): No such item.",
        ),
        (
            refund(Rejected, message=None, answer="It was not shipped."),
            "The refund (summary) was not sent: It was not shipped.",
        ),
        (
            refund(Unknown, answer="It broke off."),
            "What became of the refund (summary) is not known: It broke off.",
        ),
    ],
)
def test_the_words(intent: Known, words: str) -> None:
    matches = match(order(), shop(MINE))
    (problem,) = problems([intent], shop(MINE), order(), matches)
    assert problem.message == words


@pytest.mark.parametrize(
    ("intents", "left"),
    [
        pytest.param([parcel(Rejected), parcel(Accepted, 2)], [], id="a parcel, mended"),
        pytest.param(
            [parcel(Accepted), parcel(Rejected, 2)], ["shipment:2"], id="a parcel's change, refused"
        ),
        pytest.param([cancel(Unknown), cancel(Accepted, 2)], [], id="a cancellation, sent again"),
        pytest.param([refund(Rejected), refund(Accepted, R2)], [], id="the same refund, anew"),
        pytest.param(
            [refund(Rejected), refund(IntentState.QUEUED, R2)], [], id="the same refund, under way"
        ),
        pytest.param(
            [refund(Rejected), refund(Accepted, R2, "9.00")], [R1], id="a refund of another amount"
        ),
        pytest.param(
            [refund(Rejected), refund(Rejected, R2)], [R1, R2], id="two refunds, both refused"
        ),
        pytest.param([refund(Accepted), refund(Rejected, R2)], [R2], id="a second refund, refused"),
        pytest.param(
            [refund(Unknown), refund(Accepted, R2)],
            [R1],
            id="of a refund nobody knows: it may have been paid, whatever came later",
        ),
        pytest.param(
            [units(Rejected, 1, A), units(Accepted, 2, B)],
            ["cancel-units:1"],
            id="units of one item, and then of another",
        ),
        pytest.param(
            [units(Rejected, 1, A), units(Accepted, 2, A)], [], id="units of one item, once more"
        ),
    ],
)
def test_the_latest_attempt_at_a_thing_counts(intents: list[Known], left: list[str]) -> None:
    assert [subject for _, subject in found(*intents)] == left


@pytest.mark.parametrize(
    ("intent", "saleor", "told", "cured"),
    [
        pytest.param(
            parcel(Rejected), shop(MINE), order(package("", "9")), True, id="done in Seller Central"
        ),
        pytest.param(
            parcel(Rejected),
            shop(MINE),
            order(package("OLD")),
            False,
            id="Amazon keeps the old number",
        ),
        pytest.param(parcel(Rejected), shop(MINE), order(package()), True, id="it shows after all"),
        pytest.param(parcel(Unknown), shop(MINE), order(package()), True, id="it shows at last"),
        pytest.param(
            parcel(Rejected), shop(), order(), True, id="the fulfilment is cancelled: nothing left"
        ),
        pytest.param(
            parcel(Unknown), shop(), order(), False, id="cancelled, but Amazon may have it"
        ),
        pytest.param(
            cancel(Rejected), shop(), order(status="CANCELLED"), True, id="the buyer cancelled"
        ),
        pytest.param(
            cancel(Unknown), shop(), order(status="CANCELLED"), True, id="it shows as cancelled"
        ),
        pytest.param(
            cancel(Rejected),
            shop(status="CANCELED"),
            order(),
            True,
            id="both states are named by a problem of its own",
        ),
        pytest.param(
            cancel(Unknown), shop(status="CANCELED"), order(), False, id="nobody knows of it"
        ),
    ],
)
def test_a_cure_is_a_cure_wherever_it_was_done(
    intent: Known, saleor: SaleorOrder, told: AmazonOrder, *, cured: bool
) -> None:
    assert (found(intent, saleor=saleor, told=told) == []) == cured


@pytest.mark.parametrize(
    ("message", "told", "shown"),
    [
        (SHIPMENT, order(package()), True),
        (SHIPMENT, order(package("OTHER")), False),
        (SHIPMENT, order(package(units=1)), False),
        (SHIPMENT, order(package(reference="9")), False),
        (SHIPMENT, order(), False),
        (CANCELLATION, order(status="CANCELLED"), True),
        (CANCELLATION, order(), False),
        (REFUND, order(status="SHIPPED"), False),
        (None, order(status="CANCELLED"), False),
    ],
)
def test_what_amazons_order_shows_of_a_message(
    message: Message | None, told: AmazonOrder, *, shown: bool
) -> None:
    assert shows(told, message) == shown


# --- what Saleor's transaction hears ------------------------------------------------------------

ASKED = shop(transaction=payment("20.00", ("REFUND_REQUEST", "10.00", R1)))


@pytest.mark.parametrize(
    ("intent", "saleor", "expected"),
    [
        pytest.param(refund(Accepted), ASKED, "REFUND_SUCCESS", id="paid, asked in Saleor"),
        pytest.param(refund(Accepted), shop(), "REFUND_SUCCESS", id="paid, asked in the app"),
        pytest.param(refund(Rejected), ASKED, "REFUND_FAILURE", id="refused, asked in Saleor"),
        pytest.param(refund(Rejected), shop(), None, id="refused, asked in the app"),
        pytest.param(refund(Rejected, R2), ASKED, None, id="refused, another one was asked"),
        pytest.param(refund(IntentState.QUEUED), ASKED, None, id="not sent yet"),
        pytest.param(refund(IntentState.SUBMITTED), ASKED, None, id="on its way"),
        pytest.param(refund(Unknown), ASKED, None, id="nobody knows"),
        pytest.param(refund(Accepted, saleor_told=True), ASKED, None, id="Saleor has heard"),
        pytest.param(cancel(Accepted), ASKED, None, id="no refund"),
    ],
)
def test_saleor_hears_only_what_amazon_has_settled(
    intent: Known, saleor: SaleorOrder, expected: str | None
) -> None:
    outcomes = list(refund_outcomes([intent], saleor))
    assert [outcome.type for outcome in outcomes] == ([expected] if expected else [])
    if expected:
        (outcome,) = outcomes
        assert (outcome.intent_id, outcome.amount, outcome.reference) == (1, Decimal("10.00"), R1)


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        (refund(Accepted), "Amazon accepted the refund: summary."),
        (refund(Accepted, answer="Mind this."), "Amazon accepted the refund: summary. Mind this."),
        (refund(Rejected, answer="Not today."), "Not today."),
        (refund(Rejected), "Amazon rejected the refund."),
    ],
)
def test_saleor_hears_amazons_words(intent: Known, words: str) -> None:
    (outcome,) = refund_outcomes([intent], ASKED)
    assert outcome.message == words


def test_kinds_of_problems_have_cures() -> None:
    for kind in (ProblemKind.REJECTED, ProblemKind.NEEDS_ATTENTION, ProblemKind.FEED_HANGS):
        matches = match(order(), shop(MINE))
        state = IntentState.SUBMITTED if kind is ProblemKind.FEED_HANGS else IntentState(kind)
        (problem,) = problems([cancel(state, hangs="x")], shop(MINE), order(), matches)
        assert problem.kind is kind
        assert problem.cure
