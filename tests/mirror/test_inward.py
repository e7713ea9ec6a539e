"""What happened at Amazon and has to show in Saleor, and what must not be done a second time."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from saleor_amazon_app.mirror.amazon_order import AmazonOrder, read_order
from saleor_amazon_app.mirror.intents import IntentKind, IntentState, Known
from saleor_amazon_app.mirror.inward import (
    Action,
    Cancel,
    ChangeAddress,
    Fulfil,
    GiveBack,
    Inward,
    Remember,
    Silence,
    Track,
    address_mark,
    has_ended,
    plan_inward,
    silenced,
)
from saleor_amazon_app.mirror.matching import match, reference_of
from saleor_amazon_app.mirror.messages import PackedUnits, Shipment
from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.mirror.saleor_order import (
    SaleorFulfillment,
    SaleorOrder,
    TransactionEvent,
)
from tests.mirror.amazon_orders import ADDRESS, amazon_order, item
from tests.mirror.saleor_orders import SHIPPED_AT, fulfillment, known, payment, saleor_order

A, B = "00000000000001", "00000000000002"
UPS, DHL = "1Z999AA10123456784", "003404341"
D = Decimal
SHIP_BY = "2026-11-24T22:59:59Z"
FACTS = {"amazon.status": "UNSHIPPED", "amazon.shipBy": SHIP_BY}
"""What the import remembered of an order that nothing has happened to."""
Json = dict[str, Any]


def order(
    *packages: Json,
    status: str = "UNSHIPPED",
    a: int = 2,
    b: int = 1,
    shipped: Sequence[int] = (0, 0),
    items: Json | None = None,
    **more: Any,
) -> AmazonOrder:
    """An order of ten euros a unit: two of A and one of B."""
    both = [
        item(n, quantity=units, total=f"{units * 10}.00", shipped=out, **(items or {}))
        for n, units, out in ((1, a, shipped[0]), (2, b, shipped[1]))
    ]
    return read_order(amazon_order(*both, status=status, packages=list(packages), **more))


def package(units: dict[str, int], tracking: str = DHL, reference: str = "7") -> Json:
    parts = [{"orderItemId": i, "quantity": n} for i, n in units.items()]
    told = {"packageReferenceId": reference, "trackingNumber": tracking, "carrier": "DHL"}
    return told | {"packageItems": parts}


def shop(*fulfillments: SaleorFulfillment, **more: Any) -> SaleorOrder:
    facts = FACTS | more.pop("facts", {})
    told: Json = {"total": D("30.00"), "transaction": payment("30.00")} | more
    return saleor_order({A: 2, B: 1}, *fulfillments, facts=facts, **told)


def plan(
    told: AmazonOrder, saleor: SaleorOrder, *intents: Known, mark: str | None = "as told"
) -> Inward:
    mark = address_mark(told) if mark == "as told" else mark
    return plan_inward(told, saleor, match(told, saleor, intents), intents, address_mark=mark)


def deeds(made: Inward) -> list[Action]:
    """Return what changes more than what the order remembers."""
    return [action for action in made.actions if not isinstance(action, Remember)]


def kinds(made: Inward) -> list[ProblemKind]:
    return [problem.kind for problem in made.problems]


def told_shipment(
    mine: SaleorFulfillment, state: IntentState = IntentState.ACCEPTED, tracking: str = UPS
) -> Known:
    units = tuple(PackedUnits(item_id=i, quantity=n) for i, n in mine.units.items())
    message = Shipment.model_validate(
        {
            "order_id": "302-1234567-1234567",
            "marketplace_id": "A1PA6795UKMFR9",
            "reference": reference_of(mine.id),
            "carrier_code": "UPS",
            "tracking_number": tracking,
            "shipped_at": SHIPPED_AT,
            "units": units,
        }
    )
    return known(IntentKind.SHIPMENT, state, message, subject=mine.id)


def test_where_nothing_has_happened_there_is_nothing_to_do() -> None:
    made = plan(order(), shop())
    assert (made.actions, made.problems) == ([], [])


# --- shipped ------------------------------------------------------------------------------------


def fulfils(made: Inward) -> list[tuple[dict[str, int], str, str]]:
    return [
        ({key.removeprefix("line-"): n for key, n in f.lines.items()}, f.tracking, f.reference)
        for f in made.actions
        if isinstance(f, Fulfil)
    ]


@pytest.mark.parametrize(
    ("told", "mine", "expected"),
    [
        pytest.param(
            order(package({A: 2, B: 1}), status="SHIPPED", shipped=(2, 1)),
            [],
            [({A: 2, B: 1}, DHL, "7")],
            id="a parcel with everything: all is fulfilled",
        ),
        pytest.param(
            order(package({A: 1}), status="PARTIALLY_SHIPPED", shipped=(1, 0)),
            [],
            [({A: 1}, DHL, "7")],
            id="a parcel with one unit: the others stay open",
        ),
        pytest.param(
            order(
                package({A: 1}), package({A: 1, B: 1}, UPS, "8"), status="SHIPPED", shipped=(2, 1)
            ),
            [],
            [({A: 1}, DHL, "7"), ({A: 1, B: 1}, UPS, "8")],
            id="two parcels: a fulfilment for each",
        ),
        pytest.param(
            order(package({A: 1}), status="PARTIALLY_SHIPPED", shipped=(2, 0)),
            [],
            [({A: 1}, DHL, "7"), ({A: 1}, "", "")],
            id="a unit counted as shipped in no parcel: fulfilled without a number",
        ),
        pytest.param(
            order(status="SHIPPED"),
            [],
            [({A: 2, B: 1}, "", "")],
            id="shipped by Amazon, which tells no parcels: all is fulfilled",
        ),
        pytest.param(
            order(package({A: 1}), status="PARTIALLY_SHIPPED", shipped=(1, 0)),
            [fulfillment({B: 1}, tracking=UPS)],
            [({A: 1}, DHL, "7")],
            id="the merchant ships B in Saleor and A in Seller Central",
        ),
        pytest.param(
            order(package({A: 2}), status="PARTIALLY_SHIPPED", shipped=(2, 0)),
            [fulfillment({A: 1}, tracking=UPS)],
            [({A: 1}, DHL, "7")],
            id="one of the two units is fulfilled already: the other is",
        ),
        pytest.param(
            order(package({A: 2}), status="PARTIALLY_SHIPPED", shipped=(2, 0)),
            [fulfillment({A: 2}, status="WAITING_FOR_APPROVAL")],
            [],
            id="the units wait for approval in Saleor: no second fulfilment",
        ),
        pytest.param(
            order(package({A: 2, "00000000000009": 1}), shipped=(2, 0)),
            [],
            [({A: 2}, DHL, "7")],
            id="an item that the Saleor order does not have: the others are fulfilled",
        ),
        pytest.param(
            order(package({A: 2}, ""), status="PARTIALLY_SHIPPED", shipped=(2, 0)),
            [fulfillment({A: 2}, tracking=UPS)],
            [],
            id="the same units without a number at Amazon: they are the same parcel",
        ),
    ],
)
def test_parcels_of_seller_central_and_of_amazon(
    told: AmazonOrder, mine: list[SaleorFulfillment], expected: list[Any]
) -> None:
    assert fulfils(plan(told, shop(*mine))) == expected


def test_a_parcel_is_told_with_carrier_and_number_and_nobody_is_written_to() -> None:
    told = order(package({A: 2}), status="PARTIALLY_SHIPPED", shipped=(2, 0))
    made = plan(told, shop())
    assert [action.note for action in deeds(made)] == [f"Shipped at Amazon: 2 units, DHL {DHL}."]
    assert not any(isinstance(action, Silence) for action in made.actions)


@pytest.mark.parametrize("state", [s for s in IntentState if s is not IntentState.WITHDRAWN])
def test_the_apps_own_parcel_is_never_fulfilled_a_second_time(state: IntentState) -> None:
    """Nor after its fulfilment was cancelled or wholly returned in Saleor."""
    mine = fulfillment({A: 2}, status="CANCELED")
    told = order(package({A: 2}, UPS, reference_of(mine.id)), shipped=(2, 0))
    assert fulfils(plan(told, shop(mine), told_shipment(mine, state))) == []
    assert fulfils(plan(told, shop(), told_shipment(mine, state))) == []


def test_nothing_is_fulfilled_of_an_order_cancelled_in_saleor() -> None:
    told = order(package({A: 2}), status="PARTIALLY_SHIPPED", shipped=(2, 0))
    assert deeds(plan(told, shop(status="CANCELED"))) == []


# --- tracking numbers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("in_saleor", "at_amazon", "sent", "state", "expected"),
    [
        pytest.param(UPS, UPS, UPS, "accepted", None, id="both sides have the number sent"),
        pytest.param(UPS, DHL, UPS, "accepted", DHL, id="changed in Seller Central"),
        pytest.param(DHL, UPS, UPS, "accepted", None, id="changed in Saleor"),
        pytest.param(UPS, "", UPS, "accepted", None, id="Amazon shows no number"),
        pytest.param(UPS, DHL, UPS, "submitted", None, id="Amazon has not settled it yet"),
        pytest.param(UPS, DHL, UPS, "rejected", None, id="Amazon rejected Saleor's number"),
        pytest.param(f"https://t.example/?n={UPS}", DHL, UPS, "accepted", DHL, id="a link"),
    ],
)
def test_numbers_are_followed_only_where_amazons_is_the_later(
    in_saleor: str, at_amazon: str, sent: str, state: str, expected: str | None
) -> None:
    mine = fulfillment({A: 2}, tracking=in_saleor)
    told = order(package({A: 2}, at_amazon, reference_of(mine.id)), shipped=(2, 0))
    intent = told_shipment(mine, IntentState(state), sent)
    tracks = [a.tracking for a in plan(told, shop(mine), intent).actions if isinstance(a, Track)]
    assert tracks == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("in_saleor", "followed", "expected"),
    [
        pytest.param(DHL, DHL, "AMAZONS-NEXT", id="changed in Seller Central a second time"),
        pytest.param("MINE", DHL, None, id="changed in Saleor since"),
    ],
)
def test_a_number_changed_twice_in_seller_central(
    in_saleor: str, followed: str, expected: str | None
) -> None:
    mine = fulfillment({A: 2}, tracking=in_saleor, followed=followed)
    told = order(package({A: 2}, "AMAZONS-NEXT", reference_of(mine.id)), shipped=(2, 0))
    tracks = [
        a.tracking
        for a in plan(told, shop(mine), told_shipment(mine)).actions
        if isinstance(a, Track)
    ]
    assert tracks == ([expected] if expected else [])


def test_the_same_number_written_otherwise_is_no_other_number() -> None:
    mine = fulfillment({A: 2}, tracking="1z 999 aa1 01 2345 6784")
    assert deeds(plan(order(package({A: 2}, UPS), shipped=(2, 0)), shop(mine))) == []


def test_a_parcel_of_seller_central_may_bear_the_number_of_what_only_held_stock() -> None:
    held = fulfillment({A: 2, B: 1}, number=1, status="CANCELED", tracking="")
    told = order(package({A: 2}, DHL, reference_of(held.id)), shipped=(2, 0))
    saleor = shop(held, facts={"amazon.reservation": "1", "amazon.importedFulfillments": "1"})
    assert fulfils(plan(told, saleor)) == [({A: 2}, DHL, reference_of(held.id))]


def test_an_imported_parcel_follows_amazons_number() -> None:
    mine = fulfillment({A: 2}, number=1, tracking="OLD")
    saleor = shop(mine, facts={"amazon.importedFulfillments": "1"})
    (track,) = deeds(plan(order(package({A: 2}), shipped=(2, 0)), saleor))
    assert isinstance(track, Track)
    assert (track.fulfillment_id, track.tracking) == (mine.id, DHL)


# --- cancelled ----------------------------------------------------------------------------------


def cancelled(by: str | None = "BUYER", reason: str | None = None) -> AmazonOrder:
    told = {"cancellationExecution": {"cancelledBy": by, "cancelReason": reason}}
    return order(status="CANCELLED", items={"cancellation": told} if by else {})


ASKED = known(IntentKind.CANCEL_ORDER, IntentState.ACCEPTED)


@pytest.mark.parametrize(
    ("told", "intents", "words"),
    [
        (cancelled("BUYER"), [], "by the buyer"),
        (cancelled("BUYER", "CHANGED_MIND"), [], "by the buyer (CHANGED_MIND)"),
        (cancelled("BUYER", "My name is Erika, call me"), [], "by the buyer"),
        (cancelled("MERCHANT", "NoInventory"), [], "by you (NoInventory)"),
        (cancelled("AMAZON"), [], "by Amazon"),
        (cancelled("CARRIER"), [], "by CARRIER"),
        (cancelled(None), [], "(Amazon does not say by whom)"),
        (cancelled("MERCHANT"), [ASKED], "as you asked"),
    ],
)
def test_a_cancelled_order_is_cancelled_here_and_it_is_said_by_whom(
    told: AmazonOrder, intents: list[Known], words: str
) -> None:
    done = [action.note for action in deeds(plan(told, shop(), *intents))]
    assert done == [
        f"Cancelled at Amazon {words}.",
        "Cancelled at Amazon: the buyer is not charged €30.00.",
    ]


@pytest.mark.parametrize("status", ["FULFILLED", "WAITING_FOR_APPROVAL"])
def test_what_is_fulfilled_here_is_not_cancelled_but_shown_to_a_person(status: str) -> None:
    made = plan(cancelled("AMAZON"), shop(fulfillment({A: 1}, status=status)))
    assert kinds(made) == [ProblemKind.CANCELLED_AT_AMAZON]
    assert "at Amazon by Amazon. But it is fulfilled" in made.problems[0].message
    assert [type(action) for action in deeds(made)] == [GiveBack]


@pytest.mark.parametrize("status", ["CANCELED", "RETURNED", "REPLACED"])
def test_a_fulfilment_that_is_no_more_does_not_stand_in_the_way(status: str) -> None:
    made = plan(cancelled(), shop(fulfillment({A: 1}, status=status)))
    assert [type(action) for action in deeds(made)] == [Cancel, GiveBack]


def given_back(made: Inward) -> list[tuple[Decimal, str]]:
    return [(a.amount, a.reference) for a in made.actions if isinstance(a, GiveBack)]


@pytest.mark.parametrize(
    ("transaction", "expected"),
    [
        pytest.param(payment("30.00"), "30.00", id="the whole charge is given back"),
        pytest.param(
            payment("25.00", ("REFUND_SUCCESS", "5.00", "R1"), refunded="5.00"),
            "25.00",
            id="cancelled after a refund: only what is left of it",
        ),
        pytest.param(payment("0"), None, id="nothing was charged"),
        pytest.param(
            payment("1.00", ("REFUND_SUCCESS", "30.00", "302-1234567-1234567-cancelled")),
            None,
            id="it was reported before, whatever was charged since",
        ),
    ],
)
def test_what_a_cancelled_order_cost_was_never_charged(
    transaction: Any, expected: str | None
) -> None:
    saleor = shop(status="CANCELED", transaction=transaction)
    told = [(D(expected), "302-1234567-1234567-cancelled")] if expected else []
    assert given_back(plan(cancelled(), saleor)) == told


@pytest.mark.parametrize(
    ("untold", "expected"), [("0", ["30.00"]), ("12.00", ["18.00"]), ("30.00", []), ("31.00", [])]
)
def test_what_amazon_lists_as_refunded_of_a_cancelled_order_counts_once(
    untold: str, expected: list[str]
) -> None:
    """Some buyers pay before Amazon ships; they get a refund that Amazon lists."""
    made = plan_inward(
        cancelled(), shop(), match(cancelled(), shop()), [], address_mark=None, untold=D(untold)
    )
    assert [amount for amount, _ in given_back(made)] == [D(amount) for amount in expected]


def test_what_amazon_lists_after_the_end_is_the_same_money() -> None:
    told = cancelled()
    then = after(shop(), plan(told, shop()))
    assert (has_ended(told, shop()), has_ended(told, then)) == (False, True)


def test_an_order_without_amazons_payment_gives_nothing_back() -> None:
    other = replace(payment("30.00"), name="Somebody's card")
    assert given_back(plan(cancelled(), shop(transaction=other))) == []


# --- cancelled in part --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "transaction", "words", "expected"),
    [
        pytest.param(
            order(a=1), payment("30.00"), "1 of item 1", [("10.00", "1")], id="one unit of two"
        ),
        pytest.param(
            order(b=0), payment("30.00"), "1 of item 2", [("10.00", "1")], id="an item, wholly"
        ),
        pytest.param(
            order(a=1, b=0),
            payment("20.00", ("REFUND_SUCCESS", "10.00", "302-1234567-1234567-units-1")),
            "1 of item 1, 1 of item 2",
            [("10.00", "2")],
            id="another unit, after the first was reported",
        ),
        pytest.param(
            order(a=1),
            payment("20.00", ("REFUND_SUCCESS", "10.00", "302-1234567-1234567-units-1")),
            "1 of item 1",
            [],
            id="it was reported before",
        ),
        pytest.param(
            order(a=1, proceeds=None),
            payment("30.00"),
            "1 of item 1",
            [],
            id="Amazon withholds the total: a person has to look",
        ),
        pytest.param(
            order(a=1),
            payment("25.00", ("REFUND_SUCCESS", "5.00", "R1")),
            "1 of item 1",
            [("10.00", "1")],
            id="a refund before it is another matter",
        ),
    ],
)
def test_units_cancelled_at_amazon(
    told: AmazonOrder, transaction: Any, words: str, expected: list[tuple[str, str]]
) -> None:
    made = plan(told, shop(transaction=transaction))
    assert kinds(made) == [ProblemKind.UNITS_CANCELLED]
    short = made.problems[0].message.replace("0000000000000", "")
    assert short == f"Cancelled at Amazon: {words}."
    prefix = "302-1234567-1234567-units-"
    assert given_back(made) == [(D(amount), prefix + count) for amount, count in expected]


# --- the buyer's wish ---------------------------------------------------------------------------


def wish(reason: str | None = None, requester: str = "BUYER", **more: Any) -> AmazonOrder:
    told = {"cancellationRequest": {"requester": requester, "cancelReason": reason}}
    return order(items={"cancellation": told}, **more)


@pytest.mark.parametrize(
    ("told", "subject", "text"),
    [
        (wish("ORDERED_BY_MISTAKE"), "ORDERED_BY_MISTAKE", "the order (ORDERED_BY_MISTAKE)."),
        (wish(), "asked", "the order."),
        (wish("Mein Nachbar Herr Meier hat es schon"), "asked", "the order."),
        (wish(status="PARTIALLY_SHIPPED"), "asked", "the order."),
    ],
)
def test_a_buyers_wish_to_cancel_is_shown_with_its_two_answers(
    told: AmazonOrder, subject: str, text: str
) -> None:
    (problem,) = plan(told, shop()).problems
    assert (problem.kind, problem.subject) == (ProblemKind.CANCEL_REQUESTED, subject)
    assert problem.message.endswith(text)
    assert "BuyerCanceled" in problem.cure
    assert "ship it all the same" in problem.cure


@pytest.mark.parametrize(
    ("told", "intents"),
    [
        pytest.param(wish(requester="AMAZON"), [], id="it is not the buyer's"),
        pytest.param(wish(status="SHIPPED"), [], id="it has been shipped meanwhile"),
        pytest.param(wish(), [ASKED], id="it was answered by cancelling"),
        pytest.param(
            wish(),
            [known(IntentKind.CANCEL_ORDER, IntentState.SUBMITTED)],
            id="the answer is on its way",
        ),
    ],
)
def test_a_wish_that_is_answered_or_no_wish_is_not_shown(
    told: AmazonOrder, intents: list[Known]
) -> None:
    assert ProblemKind.CANCEL_REQUESTED not in kinds(plan(told, shop(), *intents))


def test_a_wish_stays_open_where_amazon_refused_the_answer() -> None:
    refused = known(IntentKind.CANCEL_ORDER, IntentState.REJECTED)
    assert kinds(plan(wish(), shop(), refused)) == [ProblemKind.CANCEL_REQUESTED]


@pytest.mark.parametrize(
    ("told", "noted", "writes"),
    [
        pytest.param(wish("CHANGED_MIND"), None, "CHANGED_MIND", id="asked for"),
        pytest.param(wish(), None, "yes", id="asked for without a reason"),
        pytest.param(wish(), "yes", None, id="noted before"),
        pytest.param(wish("CHANGED_MIND"), "yes", "CHANGED_MIND", id="another reason"),
        pytest.param(order(), "CHANGED_MIND", "withdrawn", id="taken back"),
        pytest.param(order(), "withdrawn", None, id="taken back, and noted"),
        pytest.param(order(), None, None, id="never asked for"),
        pytest.param(wish(), "withdrawn", "yes", id="asked for once more"),
        pytest.param(order(status="SHIPPED"), "yes", None, id="shipped all the same"),
    ],
)
def test_the_order_remembers_the_wish_for_the_merchants_own_automation(
    told: AmazonOrder, noted: str | None, writes: str | None
) -> None:
    facts = {"amazon.cancelRequested": noted} if noted else {}
    made = plan(told, shop(facts=facts | {"amazon.status": told.status}))
    written = [a.facts["amazon.cancelRequested"] for a in made.actions if isinstance(a, Remember)]
    assert written == ([writes] if writes else [])


# --- address, ship-by date, status --------------------------------------------------------------


def moved(**changes: str) -> Json:
    return {"recipient": {"deliveryAddress": ADDRESS | changes}}


@pytest.mark.parametrize(
    ("told", "mine", "changes"),
    [
        pytest.param(order(**moved(addressLine1="Neue Gasse 7")), [], True, id="before shipment"),
        pytest.param(order(), [], False, id="it is the same"),
        pytest.param(
            order(**moved(addressLine1="Neue Gasse 7"), status="SHIPPED", shipped=(2, 1)),
            [fulfillment({A: 2, B: 1}, tracking="")],
            False,
            id="shipped at Amazon",
        ),
        pytest.param(
            order(**moved(addressLine1="Neue Gasse 7")),
            [fulfillment({A: 1})],
            False,
            id="a parcel has left here, which Amazon has not heard of",
        ),
        pytest.param(order(recipient=None), [], False, id="Amazon has taken it away"),
        pytest.param(order(**moved(addressLine1="")), [], False, id="without its street"),
    ],
)
def test_a_changed_address(
    told: AmazonOrder, mine: list[SaleorFulfillment], *, changes: bool
) -> None:
    made = plan(told, shop(*mine), mark=address_mark(order()))
    found = [action for action in made.actions if isinstance(action, ChangeAddress)]
    assert [action.mark for action in found] == ([address_mark(told)] if changes else [])
    assert not any("Neue Gasse" in action.note for action in found)


def test_an_address_that_was_never_marked_has_not_changed() -> None:
    assert deeds(plan(order(**moved(addressLine1="Neue Gasse 7")), shop(), mark=None)) == []


def test_a_changed_address_that_saleor_cannot_hold_is_a_problem() -> None:
    told = order(**moved(countryCode="XX"))
    made = plan(told, shop(), mark=address_mark(order()))
    assert kinds(made) == [ProblemKind.ADDRESS]
    assert deeds(made) == []


@pytest.mark.parametrize(
    ("told", "facts", "note"),
    [
        pytest.param(
            order(status="SHIPPED"),
            {"amazon.status": "SHIPPED"},
            "",
            id="another status is remembered",
        ),
        pytest.param(
            order(
                fulfillment={
                    "fulfillmentStatus": "UNSHIPPED",
                    "fulfilledBy": "MERCHANT",
                    "shipByWindow": {"latestDateTime": "2026-11-30T22:59:59Z"},
                }
            ),
            {"amazon.shipBy": "2026-11-30T22:59:59Z"},
            "Amazon moved the ship-by date to 2026-11-30 22:59 UTC.",
            id="a moved ship-by date is said",
        ),
    ],
)
def test_what_the_order_remembers(told: AmazonOrder, facts: dict[str, str], note: str) -> None:
    remembered = [a for a in plan(told, shop()).actions if isinstance(a, Remember)]
    assert [(dict(a.facts), a.note) for a in remembered] == [(facts, note)]


def test_a_ship_by_date_that_is_told_late_has_not_moved() -> None:
    saleor = replace(shop(), facts={"amazon.status": "UNSHIPPED"})
    (remembered,) = plan(order(), saleor).actions
    assert remembered == Remember({"amazon.shipBy": SHIP_BY})


# --- mails --------------------------------------------------------------------------------------

REAL = "x1@marketplace.amazon.de"


@pytest.mark.parametrize(
    ("told", "first"),
    [
        pytest.param(cancelled(), True, id="Saleor writes when an order is cancelled"),
        pytest.param(order(a=1), True, id="Saleor writes when money goes back"),
        pytest.param(order(package({A: 2}), shipped=(2, 0)), False, id="a parcel can be silent"),
    ],
)
def test_before_saleor_writes_a_mail_its_address_reaches_nobody(
    told: AmazonOrder, *, first: bool
) -> None:
    made = plan(told, shop(email=REAL))
    assert isinstance(made.actions[0], Silence) == first
    assert sum(isinstance(action, Silence) for action in made.actions) == first


def test_an_address_that_reaches_nobody_is_left_alone() -> None:
    assert silenced("302-1", shop()) is None
    put = silenced("302-1", shop(email=REAL))
    assert put is not None
    assert put.email == "302-1@amazon-order.invalid"


# --- repeated runs ------------------------------------------------------------------------------


def after(saleor: SaleorOrder, made: Inward) -> SaleorOrder:
    """Return Saleor's order once the actions were taken."""
    for number, action in enumerate(made.actions, start=10):
        saleor = _taken(saleor, action, number)
    return saleor


def _taken(saleor: SaleorOrder, action: Action, number: int) -> SaleorOrder:
    match action:
        case Fulfil():
            return _fulfilled(saleor, action, number)
        case Track():
            mine = tuple(_tracked(f, action) for f in saleor.fulfillments)
            return replace(saleor, fulfillments=mine)
        case Cancel():
            assert not saleor.has_active_fulfillment
            saleor = replace(saleor, status="CANCELED")
        case GiveBack():
            return _given_back(saleor, action)
        case Remember():
            return replace(saleor, facts={**saleor.facts, **action.facts})
        case Silence():
            saleor = replace(saleor, email=action.email)
    return saleor


def _fulfilled(saleor: SaleorOrder, action: Fulfil, number: int) -> SaleorOrder:
    lines = tuple(
        replace(line, to_fulfill=line.to_fulfill - action.lines.get(line.id, 0))
        for line in saleor.lines
    )
    assert all(line.to_fulfill >= 0 for line in lines)
    units: dict[str, int] = {
        line.item_id: action.lines[line.id] for line in lines if line.id in action.lines
    }
    words = {"package": action.reference} if action.reference else {}
    made = fulfillment(units, number, "FULFILLED", action.tracking, "", **words)
    return replace(saleor, lines=lines, fulfillments=(*saleor.fulfillments, made))


def _tracked(one: SaleorFulfillment, action: Track) -> SaleorFulfillment:
    if one.id != action.fulfillment_id:
        return one
    words = {**one.words, "amazon.tracking": action.tracking}
    return replace(one, tracking=action.tracking, words=words)


def _given_back(saleor: SaleorOrder, action: GiveBack) -> SaleorOrder:
    was = saleor.payment
    assert was is not None
    assert 0 < action.amount <= was.charged
    event = TransactionEvent("REFUND_SUCCESS", action.amount, action.reference)
    now = replace(
        was,
        charged=was.charged - action.amount,
        refunded=was.refunded + action.amount,
        events=(*was.events, event),
    )
    return replace(saleor, transactions=(now,))


@st.composite
def happenings(draw: st.DrawFn) -> tuple[AmazonOrder, SaleorOrder, list[Known]]:
    """Any state of the two sides: parcels here and there, units cancelled, money given back."""
    a, b = draw(st.integers(0, 2)), draw(st.integers(0, 1))
    counts = st.fixed_dictionaries({A: st.integers(0, a), B: st.integers(0, b)})
    numbers = st.sampled_from(["", UPS, DHL])
    packages = [
        package({i: n for i, n in units.items() if n}, draw(numbers), str(name))
        for name, units in enumerate(draw(st.lists(counts, max_size=2)), start=7)
    ]
    shipped = (draw(st.integers(0, a)), draw(st.integers(0, b)))
    mine = [
        fulfillment(
            {i: n for i, n in units.items() if n},
            number,
            draw(st.sampled_from(["FULFILLED", "CANCELED", "RETURNED", "WAITING_FOR_APPROVAL"])),
            draw(numbers),
        )
        for number, units in enumerate(draw(st.lists(counts, max_size=2)), start=1)
    ]
    states = [IntentState.SUBMITTED, IntentState.ACCEPTED, IntentState.REJECTED]
    intents = [told_shipment(f, draw(st.sampled_from(states))) for f in mine if f.units]
    status = draw(st.sampled_from(["UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED"]))
    told = order(*packages, status=status, a=a, b=b, shipped=shipped)
    saleor = shop(
        *mine, email=REAL, facts={"amazon.importedFulfillments": draw(st.sampled_from("01"))}
    )
    assume(all(line.to_fulfill >= 0 for line in saleor.lines))
    return told, saleor, draw(st.sampled_from([[], intents]))


@given(happenings())
def test_what_was_done_is_not_done_again(
    happened: tuple[AmazonOrder, SaleorOrder, list[Known]],
) -> None:
    told, saleor, intents = happened
    first = plan(told, saleor, *intents)
    assert plan(told, saleor, *intents) == first
    then = after(saleor, first)
    assert [a for a in plan(told, then, *intents).actions if not isinstance(a, Track)] == []
    for _ in range(2):
        then = after(then, plan(told, then, *intents))
    assert plan(told, then, *intents).actions == []
