"""What is left to do to an order that exists in Saleor, read from the order itself."""

from dataclasses import replace
from decimal import Decimal

from saleor_amazon_app.mirror.completion import (
    AdoptTransaction,
    FulfillmentSeen,
    OrderSeen,
    ReleaseReservation,
    TransactionSeen,
    differences,
    remaining_steps,
)
from saleor_amazon_app.mirror.ids import SaleorOrderId
from saleor_amazon_app.mirror.problems import ProblemKind
from tests.mirror.amazon_orders import amazon_order, item
from tests.mirror.test_drafting import drafted

HELD = FulfillmentSeen("f2", 2, "FULFILLED")
PAID = TransactionSeen("t1", "Amazon", ())
SEEN = OrderSeen(
    id=SaleorOrderId("o1"),
    number="17",
    status="FULFILLED",
    external_reference="302-1234567-1234567",
    total=Decimal("14.90"),
    currency="EUR",
    fulfilled_by="MERCHANT",
    amazon_status="UNSHIPPED",
    reservation=2,
    reservation_warehouse="w",
    quantities={f"{1:014d}": 1},
    fulfillments=[FulfillmentSeen("f1", 1, "FULFILLED"), HELD],
    transactions=[PAID],
)


def test_a_new_order_has_its_reservation_released_and_its_payment_adopted() -> None:
    assert remaining_steps(SEEN) == [ReleaseReservation("f2", "w"), AdoptTransaction("t1")]


def test_only_the_fulfilment_that_was_made_to_hold_stock_is_cancelled() -> None:
    """A shipment of the merchant's, or of Amazon's telling, is never touched."""
    later = FulfillmentSeen("f3", 3, "FULFILLED")
    seen = replace(SEEN, fulfillments=[*SEEN.fulfillments, later])
    assert ReleaseReservation("f2", "w") in remaining_steps(seen)
    assert len(remaining_steps(seen)) == 2


def test_a_complete_order_has_nothing_left() -> None:
    done = replace(
        SEEN,
        fulfillments=[replace(HELD, status="CANCELED")],
        transactions=[replace(PAID, actions=("REFUND",))],
    )
    assert remaining_steps(done) == []


def test_other_peoples_transactions_are_left_alone() -> None:
    seen = replace(SEEN, fulfillments=[], transactions=[replace(PAID, name="Gift card")])
    assert remaining_steps(seen) == []


def test_refunds_are_not_offered_on_what_amazon_ships() -> None:
    seen = replace(SEEN, fulfilled_by="AMAZON", reservation=None)
    assert remaining_steps(seen) == []


def test_what_saleor_made_is_compared_with_what_it_was_told() -> None:
    made = drafted(amazon_order(item()))
    assert differences(made, SEEN) == []
    cent_off = differences(made, replace(SEEN, total=Decimal("14.89")))
    assert [p.kind for p in cent_off] == [ProblemKind.DIFFERS_IN_SALEOR]
    assert "€14.89" in cent_off[0].message
    assert "€14.90" in cent_off[0].message
    line_missing = differences(made, replace(SEEN, quantities={}))
    assert [p.subject for p in line_missing] == ["items"]
