"""Which fulfilment stands for which package: by reference, by number, by units."""

from typing import Any

import pytest

from saleor_amazon_app.mirror.amazon_order import AmazonOrder, read_order
from saleor_amazon_app.mirror.ids import AmazonOrderId, MarketplaceId
from saleor_amazon_app.mirror.intents import IntentKind, IntentState, Known
from saleor_amazon_app.mirror.matching import match, reference_of
from saleor_amazon_app.mirror.messages import PackedUnits, Shipment
from saleor_amazon_app.mirror.saleor_order import SaleorFulfillment
from tests.mirror.amazon_orders import amazon_order, item
from tests.mirror.saleor_orders import SHIPPED_AT, fulfillment, known, saleor_order

A, B = "00000000000001", "00000000000002"


def package(reference: str, units: dict[str, int], tracking: str = "") -> dict[str, Any]:
    return {
        "packageReferenceId": reference,
        "trackingNumber": tracking,
        "packageItems": [{"orderItemId": i, "quantity": n} for i, n in units.items()],
    }


def order(*packages: dict[str, Any], shipped_a: int = 0, status: str = "UNSHIPPED") -> AmazonOrder:
    items = (item(1, quantity=3, total="30.00", shipped=shipped_a), item(2, quantity=1))
    return read_order(amazon_order(*items, status=status, packages=list(packages)))


def told_of(mine: SaleorFulfillment, state: IntentState = IntentState.ACCEPTED) -> Known:
    message = Shipment(
        order_id=AmazonOrderId("302-1234567-1234567"),
        marketplace_id=MarketplaceId("A1PA6795UKMFR9"),
        reference=reference_of(mine.id),
        carrier_code="UPS",
        shipped_at=SHIPPED_AT,
        units=tuple(PackedUnits(item_id=i, quantity=n) for i, n in mine.units.items()),
    )
    return known(IntentKind.SHIPMENT, state, message, subject=mine.id)


def test_a_fulfilment_stands_for_the_package_that_bears_its_reference() -> None:
    mine = fulfillment({A: 2}, tracking="NEW")
    told = order(package(reference_of(mine.id), {A: 2}, "OLD"), shipped_a=2)
    found = match(told, saleor_order({A: 3, B: 1}, mine), [told_of(mine)])
    assert found.parcel_of[mine.id].tracking == "OLD"
    assert (found.alone_in_saleor, found.alone_at_amazon) == ([], [])


@pytest.mark.parametrize("intents", [[], ["withdrawn"]])
def test_a_package_of_seller_centrals_may_bear_the_number_of_a_fulfilment(
    intents: list[str],
) -> None:
    mine = fulfillment({A: 2}, tracking="MINE")
    told = order(package(reference_of(mine.id), {A: 1}, "THEIRS"), shipped_a=1)
    never = [told_of(mine, IntentState(state)) for state in intents]
    found = match(told, saleor_order({A: 3, B: 1}, mine), never)
    assert [f.id for f in found.alone_in_saleor] == [mine.id]
    assert [p.tracking for p in found.alone_at_amazon] == ["THEIRS"]


def test_a_fulfilment_made_for_a_package_stands_for_it() -> None:
    mine = fulfillment({A: 1}, tracking="CHANGED", package="7")
    told = order(package("7", {A: 2}, "1Z999AA1"), shipped_a=2)
    assert match(told, saleor_order({A: 3, B: 1}, mine)).parcel_of[mine.id].reference == "7"


@pytest.mark.parametrize("number", [1, 2])
def test_a_parcel_of_which_units_came_back_is_still_known_by_its_number(number: int) -> None:
    """Saleor takes returned units off the fulfilment that they were sent with."""
    mine = fulfillment({A: 1}, number=number, tracking="1Z999AA1")
    told = order(package("7", {A: 2, B: 1}, "1Z999AA1"), shipped_a=2)
    found = match(told, saleor_order({A: 3, B: 1}, mine))
    assert found.parcel_of[mine.id].reference == "7"


def test_a_link_is_compared_by_the_number_in_it() -> None:
    mine = fulfillment({A: 1}, tracking="https://t.example/?tracknum=1Z999AA10123456784")
    told = order(package("7", {A: 1}, "1Z999AA10123456784"), shipped_a=1)
    assert match(told, saleor_order({A: 3, B: 1}, mine)).parcel_of[mine.id].reference == "7"


def test_a_package_of_seller_central_is_known_by_its_number_and_units() -> None:
    mine = fulfillment({A: 1}, tracking="1z 999 aa1")
    told = order(package("7", {A: 1}, "1Z999AA1"), shipped_a=1)
    assert match(told, saleor_order({A: 3, B: 1}, mine)).parcel_of[mine.id].reference == "7"


def test_the_same_units_with_another_number_are_another_parcel() -> None:
    mine = fulfillment({A: 1}, tracking="1Z999AA10123456784")
    told = order(package("7", {A: 1}, "OTHER"), shipped_a=1)
    found = match(told, saleor_order({A: 3, B: 1}, mine))
    assert [f.id for f in found.alone_in_saleor] == [mine.id]
    assert [p.reference for p in found.alone_at_amazon] == ["7"]


def test_an_imported_fulfilment_follows_its_package_to_another_number() -> None:
    mine = fulfillment({A: 1}, number=1, tracking="OLD")
    told = order(package("7", {A: 1}, "NEW"), shipped_a=1)
    saleor = saleor_order({A: 3, B: 1}, mine, facts={"amazon.importedFulfillments": "1"})
    assert match(told, saleor).parcel_of[mine.id].tracking == "NEW"


def test_units_shipped_without_a_package_cover_a_fulfilment() -> None:
    mine = fulfillment({A: 2}, tracking="")
    found = match(order(shipped_a=2), saleor_order({A: 3, B: 1}, mine))
    assert found.alone_in_saleor == []
    assert found.alone_at_amazon == []


def test_units_shipped_without_a_package_and_a_fulfilment_are_told() -> None:
    found = match(order(shipped_a=2), saleor_order({A: 3, B: 1}))
    assert [dict(parcel.units) for parcel in found.alone_at_amazon] == [{A: 2}]


def test_a_shipped_order_has_sent_everything_whatever_its_items_say() -> None:
    found = match(order(status="SHIPPED"), saleor_order({A: 3, B: 1}))
    assert [dict(parcel.units) for parcel in found.alone_at_amazon] == [{A: 3, B: 1}]


def test_the_fulfilment_that_only_held_stock_stands_for_nothing() -> None:
    held = fulfillment({A: 3, B: 1}, number=1)
    saleor = saleor_order({A: 3, B: 1}, held, facts={"amazon.reservation": "1"})
    assert match(order(), saleor).alone_in_saleor == []


@pytest.mark.parametrize(
    ("fulfillment_id", "reference"),
    [
        ("RnVsZmlsbG1lbnQ6NDI=", "42"),
        ("RnVsZmlsbG1lbnQ6MA==", None),
        ("not base64", None),
        ("RnVsZmlsbG1lbnQ6YWJj", None),
    ],
)
def test_a_reference_is_a_positive_integer_and_always_the_same(
    fulfillment_id: str, reference: str | None
) -> None:
    made = reference_of(fulfillment_id)
    assert made == reference_of(fulfillment_id)
    assert made.isdigit()
    assert int(made) > 0
    assert reference in (None, made)


def test_a_number_that_a_package_bears_already_is_not_given_to_another() -> None:
    mine = "RnVsZmlsbG1lbnQ6Nw=="
    assert reference_of(mine) == "7"
    other = reference_of(mine, {"7"})
    assert (other, len(other) > 5) == (reference_of(mine, {"7", "8"}), True)
