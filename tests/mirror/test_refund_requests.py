"""Refunds asked for in Saleor: which of them Amazon hears of, and what is said of the others."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from saleor_amazon_app.mirror.amazon_order import AmazonOrder, read_order
from saleor_amazon_app.mirror.ids import OrderItemId
from saleor_amazon_app.mirror.intents import IntentKind, IntentState, Known, Wish
from saleor_amazon_app.mirror.messages import AdjustmentReason as Reason
from saleor_amazon_app.mirror.messages import Refund
from saleor_amazon_app.mirror.reckoning import reckon_by_custom
from saleor_amazon_app.mirror.refund_requests import (
    open_requests,
    plan_refunds,
    refunds_that_count,
)
from saleor_amazon_app.mirror.refundable import Left, left_to_refund
from saleor_amazon_app.mirror.saleor_order import GrantedRefund, SaleorOrder
from saleor_amazon_app.mirror.terms import Terms
from tests.mirror.amazon_orders import US, amazon_order, breakdown, item
from tests.mirror.saleor_orders import known, payment, saleor_order
from tests.mirror.test_refunding import orders

A, B = "00000000000001", "00000000000002"
D = Decimal
R1, R2 = "amazon-refund-1", "amazon-refund-2"
Event = tuple[str, str, str]
Json = dict[str, Any]


def asked(amount: str = "10.00", reference: str = R1) -> Event:
    return "REFUND_REQUEST", amount, reference


def order(
    *, shipped: tuple[int, int] = (3, 1), status: str = "SHIPPED", **more: Any
) -> AmazonOrder:
    """Three of A for ten euros each, with five of shipping; one of B for twenty."""
    parts = [breakdown("ITEM", "30.00"), breakdown("SHIPPING", "5.00")]
    items = (
        item(1, quantity=3, total="35.00", breakdowns=parts, shipped=shipped[0]),
        item(2, quantity=1, total="20.00", shipped=shipped[1]),
    )
    return read_order(amazon_order(*items, status=status, **more))


def shop(*events: Event, **more: Any) -> SaleorOrder:
    told: Json = {"total": D("55.00"), "transaction": payment("55.00", *events)} | more
    return saleor_order({A: 3, B: 1}, **told)


def grant(
    units: Mapping[str, int] | None = None,
    *references: str,
    amount: str = "10.00",
    shipping: bool = False,
    reason: str = "",
    reasons: Mapping[str, str] | None = None,
) -> GrantedRefund:
    return GrantedRefund(
        "grant",
        D(amount),
        reason,
        shipping,
        {OrderItemId(i): n for i, n in (units or {}).items()},
        {OrderItemId(i): text for i, text in (reasons or {}).items()},
        references or (R1,),
    )


def plan(
    told: AmazonOrder,
    saleor: SaleorOrder,
    *intents: Known,
    elsewhere: str = "0",
    **terms: Any,
) -> list[Wish]:
    return plan_refunds(told, saleor, intents, Terms(**terms), D(elsewhere))


def message(wish: Wish) -> Refund:
    assert isinstance(wish.message, Refund), wish.why
    return wish.message


def paid(wish: Wish) -> dict[str, dict[str, str]]:
    """Return what goes back by item (its last digit) and component."""
    return {
        each.item_id[-1]: {part.type.value: str(part.amount) for part in each.components}
        for each in message(wish).items
    }


def made(wish: Wish, state: IntentState = IntentState.ACCEPTED) -> Known:
    return known(IntentKind.REFUND, state, wish.message, key=wish.key, amount=wish.amount)


# --- what is asked for --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "grants", "expected"),
    [
        pytest.param(
            "55.00",
            (),
            {"1": {"Principal": "30.00", "Shipping": "5.00"}, "2": {"Principal": "20.00"}},
            id="all of it, without lines",
        ),
        pytest.param(
            "11.00",
            (),
            {"1": {"Principal": "6.00", "Shipping": "1.00"}, "2": {"Principal": "4.00"}},
            id="an amount without lines: in proportion",
        ),
        pytest.param(
            "20.00",
            (grant({A: 2}, amount="20.00"),),
            {"1": {"Principal": "20.00"}},
            id="two of three units",
        ),
        pytest.param(
            "25.00",
            (grant({B: 1}, amount="25.00", shipping=True),),
            {"1": {"Shipping": "5.00"}, "2": {"Principal": "20.00"}},
            id="an item and the order's shipping",
        ),
        pytest.param(
            "5.00",
            (grant(amount="5.00", shipping=True),),
            {"1": {"Shipping": "5.00"}},
            id="shipping alone",
        ),
        pytest.param(
            "8.00",
            (grant({A: 1}, amount="8.00"),),
            {"1": {"Principal": "8.00"}},
            id="a unit, with two euros kept for the damage",
        ),
        pytest.param(
            "5.50",
            (grant({B: 1}, "another request"),),
            {"1": {"Principal": "3.00", "Shipping": "0.50"}, "2": {"Principal": "2.00"}},
            id="the grant is another request's",
        ),
        pytest.param(
            "20.00",
            (grant({A: 2, B: 0}, amount="20.00"),),
            {"1": {"Principal": "20.00"}},
            id="a return: the other lines are granted with no unit",
        ),
        pytest.param(
            "5.00",
            (grant({A: 0, B: 0}, amount="5.00", shipping=True),),
            {"1": {"Shipping": "5.00"}},
            id="no unit of any line, with the shipping",
        ),
        pytest.param(
            "11.00",
            (grant({A: 0, B: 0}, amount="11.00"),),
            {"1": {"Principal": "6.00", "Shipping": "1.00"}, "2": {"Principal": "4.00"}},
            id="no unit of any line: an amount without lines",
        ),
        pytest.param(
            "8.25",
            (grant(amount="8.25"),),
            {"1": {"Principal": "4.50", "Shipping": "0.75"}, "2": {"Principal": "3.00"}},
            id="a grant of an amount, without lines",
        ),
    ],
)
def test_a_request_becomes_a_refund_of_just_that(
    amount: str, grants: tuple[GrantedRefund, ...], expected: Json
) -> None:
    (wish,) = plan(order(), shop(asked(amount), grants=grants))
    assert paid(wish) == expected
    assert (wish.key, wish.amount, message(wish).amount) == (R1, D(amount), D(amount))
    assert (message(wish).reference, wish.state) == (R1, IntentState.QUEUED)


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([("REFUND_REQUEST", "9.00", "")], id="no app has named it"),
        pytest.param([("REFUND_REQUEST", "9.00", "stripe-1")], id="another app's"),
        pytest.param([("REFUND_REQUEST", "9.00", ""), ("REFUND_FAILURE", "9.00", "")], id="lost"),
        pytest.param([asked(), ("REFUND_SUCCESS", "10.00", R1)], id="it was answered"),
        pytest.param([asked(), ("REFUND_FAILURE", "10.00", R1)], id="it was answered with no"),
        pytest.param([("CHARGE_REQUEST", "9.00", R1)], id="no refund"),
        pytest.param([("REFUND_SUCCESS", "9.00", "somebody's")], id="made elsewhere"),
    ],
)
def test_what_asks_for_nothing(events: list[Event]) -> None:
    assert plan(order(), shop(*events)) == []


def test_an_order_without_amazons_payment_asks_for_nothing() -> None:
    assert plan(order(), shop(transactions=())) == []


# --- each once ----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", IntentState)
def test_a_request_is_taken_up_once_whatever_became_of_it(state: IntentState) -> None:
    saleor = shop(asked())
    (wish,) = plan(order(), saleor)
    assert plan(order(), saleor, made(wish, state)) == []


def test_a_request_that_saleor_shows_twice_is_taken_up_once() -> None:
    assert len(plan(order(), shop(asked(), asked()))) == 1


def test_two_requests_at_once_are_two_refunds_that_leave_enough_for_each() -> None:
    first, second = plan(order(), shop(asked("30.00"), asked("25.00", R2)))
    assert (message(first).amount, message(second).amount) == (D("30.00"), D("25.00"))
    first, second = plan(order(), shop(asked("30.00"), asked("25.01", R2)))
    assert (second.message, second.state) == (None, IntentState.REJECTED)
    assert "€25.00" in second.why


def test_what_cannot_be_paid_takes_nothing_from_what_can() -> None:
    refused, second = plan(order(), shop(asked("99.00"), asked("55.00", R2)))
    assert refused.why
    assert message(second).amount == D("55.00")


@pytest.mark.parametrize(
    ("state", "left"),
    [
        (IntentState.QUEUED, "45.00"),
        (IntentState.SENDING, "45.00"),
        (IntentState.SUBMITTED, "45.00"),
        (IntentState.ACCEPTED, "45.00"),
        (IntentState.NEEDS_ATTENTION, "45.00"),
        (IntentState.REJECTED, "55.00"),
        (IntentState.WITHDRAWN, "55.00"),
    ],
)
def test_what_amazon_paid_or_may_have_paid_is_not_there_any_more(
    state: IntentState, left: str
) -> None:
    (first,) = plan(order(), shop(asked("10.00")))
    earlier = made(first, state)
    (enough,) = plan(order(), shop(asked(left, R2)), earlier)
    assert message(enough).amount == D(left)
    (refused,) = plan(order(), shop(asked(str(D(left) + D("0.01")), R2)), earlier)
    assert refused.state is IntentState.REJECTED


def test_what_was_refunded_in_seller_central_is_not_there_any_more() -> None:
    (refused,) = plan(order(), shop(asked("45.01")), elsewhere="10.00")
    assert "€45.00" in refused.why
    (wish,) = plan(order(), shop(asked("45.00")), elsewhere="10.00")
    assert message(wish).amount == D("45.00")


# --- what Amazon would not take -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (order(status="UNSHIPPED", shipped=(0, 0)), "this one is UNSHIPPED. Cancel it instead"),
        (order(status="CANCELLED", shipped=(0, 0)), "cancelled at Amazon, so the buyer is not"),
        (order(by="AMAZON"), "Amazon fulfils this order and refunds it itself"),
        (order(by="AMAZON", status="UNSHIPPED"), "Amazon fulfils this order"),
        (order(total="56.00"), "do not add up. Refund it in Seller Central"),
    ],
)
def test_what_amazon_would_not_refund_is_settled_at_once_with_the_way_out(
    told: AmazonOrder, why: str
) -> None:
    (wish,) = plan(told, shop(asked()))
    assert (wish.state, wish.message) == (IntentState.REJECTED, None)
    assert why in wish.why
    assert wish.amount == D("10.00")


PARTLY: Json = {"status": "PARTIALLY_SHIPPED", "shipped": (2, 0)}


@pytest.mark.parametrize(
    ("amount", "grants", "why"),
    [
        pytest.param("20.00", (grant({A: 2}),), "", id="the units that have left"),
        pytest.param("30.00", (grant({A: 3}),), "only 2 units have shipped", id="one more"),
        pytest.param("20.00", (grant({B: 1}),), "only 0 units have shipped", id="not at all"),
        pytest.param("36.00", (), "more than can still be refunded", id="more than it cost"),
    ],
)
def test_of_a_partly_shipped_order_what_has_left_is_refunded(
    amount: str, grants: tuple[GrantedRefund, ...], why: str
) -> None:
    (wish,) = plan(order(**PARTLY), shop(asked(amount), grants=grants))
    assert bool(wish.why) == bool(why)
    assert why in wish.why


def test_units_refunded_before_are_counted_among_those_that_have_left() -> None:
    first_grant = grant({A: 1}, R1)
    (first,) = plan(order(**PARTLY), shop(asked(), grants=(first_grant,)))
    second_grant = grant({A: 2}, R2, amount="20.00")
    saleor = shop(asked("20.00", R2), grants=(first_grant, second_grant))
    (refused,) = plan(order(**PARTLY), saleor, made(first))
    assert "only 2 units have shipped, and 1 of them is refunded" in refused.why
    third_grant = grant({A: 1}, R2)
    (wish,) = plan(order(**PARTLY), shop(asked("10.00", R2), grants=(third_grant,)), made(first))
    assert paid(wish) == {"1": {"Principal": "10.00"}}


def test_tax_that_amazon_withholds_is_no_part_of_what_is_asked() -> None:
    """Amazon gives it back by itself; Saleor's total leaves it out."""
    taxed = item(
        1,
        total="20.00",
        breakdowns=[
            breakdown("ITEM", "20.00", "USD"),
            breakdown("TAX", "1.60", "USD", ITEM="1.60"),
        ],
        currency="USD",
        shipped=1,
        tax={"taxCollections": [{"model": "MARKETPLACE_FACILITATOR"}]},
    )
    told = read_order(amazon_order(taxed, marketplace=US, status="SHIPPED"))
    (wish,) = plan(told, shop(asked("20.00")))
    assert paid(wish) == {"1": {"Principal": "20.00"}}
    (refused,) = plan(told, shop(asked("21.60")))
    assert "$20.00" in refused.why


# --- reasons ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grants", "terms", "reason"),
    [
        pytest.param((), {}, Reason.GENERAL_ADJUSTMENT, id="nobody said why"),
        pytest.param((), {"refund_reason": Reason.OTHER}, Reason.OTHER, id="the default"),
        pytest.param(
            (grant({A: 1}, reason="Returned by the buyer"),),
            {"refund_reason": Reason.OTHER},
            Reason.CUSTOMER_RETURN,
            id="the grant's reason",
        ),
        pytest.param(
            (grant({A: 1}, reason="Kulanz"),),
            {"refund_reasons": {"kulanz": Reason.PRICE_ERROR}},
            Reason.PRICE_ERROR,
            id="the merchant's own words",
        ),
        pytest.param(
            (grant({A: 1}, reason="Returned", reasons={A: "wrong item"}),),
            {},
            Reason.DIFFERENT_ITEM,
            id="the line's own reason comes first",
        ),
    ],
)
def test_the_reason(grants: tuple[GrantedRefund, ...], terms: Json, reason: Reason) -> None:
    (wish,) = plan(order(), shop(asked(), grants=grants), **terms)
    assert message(wish).items[0].reason is reason


def test_a_reason_of_a_line_without_units_is_no_reason_of_the_refund() -> None:
    told = grant({A: 1, B: 0}, amount="15.00", shipping=True, reasons={B: "wrong item"})
    (wish,) = plan(order(), shop(asked("15.00"), grants=(told,)))
    assert paid(wish) == {"1": {"Principal": "10.00", "Shipping": "5.00"}}
    (wish,) = plan(order(), shop(asked("10.01"), grants=(grant({A: 1, B: 0}, reasons={B: "x"}),)))
    assert {each.reason for each in message(wish).items} == {Reason.GENERAL_ADJUSTMENT}
    assert message(wish).amount == D("10.01")


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        pytest.param(
            [("6.67", 1), ("13.33", 2)],
            [{"1": {"Principal": "6.67"}}, {"1": {"Principal": "13.33"}}],
            id="one came back, then the rest",
        ),
        pytest.param(
            [("13.34", 2), ("6.66", 1)],
            [{"1": {"Principal": "13.34"}}, {"1": {"Principal": "6.66"}}],
            id="two at Saleor's rounded price, then the rest",
        ),
        pytest.param(
            [("6.67", 1), ("6.67", 1), ("6.66", 1)],
            [{"1": {"Principal": p}} for p in ("6.67", "6.67", "6.66")],
            id="one by one",
        ),
        pytest.param(
            [("6.67", 1), ("6.67", 1), ("6.67", 1)],
            [
                {"1": {"Principal": "6.67"}},
                {"1": {"Principal": "6.67"}},
                {"1": {"Principal": "6.66"}, "2": {"Principal": "0.01"}},
            ],
            id="one by one, at Saleor's rounded price to the end",
        ),
        pytest.param(
            [("5.00", 1), ("15.00", 2)],
            [{"1": {"Principal": "5.00"}}, {"1": {"Principal": "15.00"}}],
            id="with something kept for a damage, and given back after all",
        ),
    ],
)
def test_partial_returns_of_a_price_that_does_not_divide_are_right_to_the_cent(
    returned: list[tuple[str, int]], expected: list[Json]
) -> None:
    items = (
        item(1, quantity=3, total="20.00", shipped=3),
        item(2, quantity=1, total="9.00", shipped=1),
    )
    told = read_order(amazon_order(*items, status="SHIPPED"))
    events: list[Event] = []
    grants: list[GrantedRefund] = []
    known_: list[Known] = []
    wishes: list[Wish] = []
    for place, (amount, units) in enumerate(returned):
        reference = f"amazon-refund-{place}"
        events.append(asked(amount, reference))
        grants.append(grant({A: units, B: 0}, reference, amount=amount))
        saleor = shop(*events, total=D("29.00"), grants=tuple(grants))
        (wish,) = plan(told, saleor, *known_)
        known_.append(made(wish))
        wishes.append(wish)
    assert [paid(wish) for wish in wishes] == expected
    assert [message(wish).amount for wish in wishes] == [D(amount) for amount, _ in returned]
    assert [each.quantity for w in wishes for each in message(w).items if each.item_id == A] == [
        units for _, units in returned
    ]


def test_open_requests_come_in_the_order_they_were_asked() -> None:
    told = payment("55.00", asked("1.00", R2), asked("2.00", R1))
    assert [event.reference for event in open_requests(told)] == [R2, R1]


# --- any sequence of requests -------------------------------------------------------------------

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Till:
    """An order, all that was asked of it in Saleor, and the ledger as it grows."""

    def __init__(self, payload: Json) -> None:
        self.order = read_order(payload)
        sums = reckon_by_custom(self.order)
        assume(sums is not None)
        assert sums is not None
        self.sums = sums
        self.events: list[Event] = []
        self.grants: list[GrantedRefund] = []
        self.known: list[Known] = []

    def left(self) -> Left:
        return left_to_refund(self.order, self.sums, list(refunds_that_count(self.known)))

    def ask(self, amount: Decimal, units: Mapping[str, int], *, shipping: bool) -> None:
        reference = f"amazon-refund-{len(self.events)}"
        self.events.append(asked(str(amount), reference))
        if units or shipping:
            self.grants.append(grant(units, reference, amount=str(amount), shipping=shipping))

    def plan(self) -> list[Wish]:
        return plan(self.order, shop(*self.events, grants=tuple(self.grants)), *self.known)

    def write(self, wishes: Sequence[Wish], states: Sequence[IntentState]) -> None:
        for wish, state in zip(wishes, states, strict=True):
            intent = made(wish, IntentState.REJECTED if wish.why else state)
            self.known.append(replace(intent, id=len(self.known) + 1))


@patient
@given(st.data())
def test_any_sequence_of_requests_gives_back_what_was_asked_and_never_more_than_is_left(
    data: st.DataObject,
) -> None:
    till = Till(data.draw(orders()))
    whole = till.left()
    unit = D(1) if whole.currency == "JPY" else D("0.01")
    ids: list[str] = list(whole.items)
    for _ in range(data.draw(st.integers(1, 4))):
        before, counted = till.left(), len(till.known)
        for _ in range(data.draw(st.integers(1, 2))):
            most = max(int(before.total / unit), 1)
            amount = data.draw(st.integers(1, most + 1) | st.just(most)) * unit
            units = data.draw(st.dictionaries(st.sampled_from(ids), st.integers(1, 3), max_size=2))
            till.ask(amount, units, shipping=data.draw(st.booleans()))
        wishes = till.plan()
        assert till.plan() == wishes
        assert [wish.key for wish in wishes] == [e[2] for e in till.events[counted:]]
        check_wishes(wishes, till.events[counted:], before.total)
        states = st.sampled_from([IntentState.ACCEPTED, IntentState.REJECTED, IntentState.SENDING])
        till.write(wishes, [data.draw(states) for _ in wishes])
        assert till.plan() == []
        check_components(till, whole)
        refused = {IntentState.REJECTED}
        paid_out = sum((i.amount for i in till.known if i.state not in refused), D(0))
        assert till.left().total == whole.total - paid_out


def check_wishes(wishes: Sequence[Wish], events: Sequence[Event], left: Decimal) -> None:
    """Each is exactly what was asked, or refused with a reason; together no more than is left."""
    for wish, (_, amount, _) in zip(wishes, events, strict=True):
        assert wish.amount == D(amount)
        assert bool(wish.why) == (wish.message is None)
        assert wish.why or message(wish).amount == D(amount)
    assert sum((w.amount for w in wishes if w.message), D(0)) <= left


def check_components(till: Till, whole: Left) -> None:
    """No component of an item gave back more than was charged for it."""
    refunds = list(refunds_that_count(till.known))
    for item_id, item_left in whole.items.items():
        mine = [each for refund in refunds for each in refund.items if each.item_id == item_id]
        charged = {part.type: part.amount for part in item_left.money.components}
        for kind in {part.type for each in mine for part in each.components}:
            given = sum(p.amount for each in mine for p in each.components if p.type == kind)
            assert 0 < given <= charged.get(kind, D(0))
        assert sum(each.amount for each in mine) <= item_left.money.amount
        assert sum(each.quantity or 0 for each in mine) <= item_left.quantity
