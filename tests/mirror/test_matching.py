"""Which fulfilment stands for which package: by reference, by number, by units."""

from typing import Any

import pytest

from saleor_amazon_app.mirror.amazon_order import AmazonOrder, read_order
from saleor_amazon_app.mirror.matching import match, reference_of
from tests.mirror.amazon_orders import amazon_order, item
from tests.mirror.saleor_orders import fulfillment, saleor_order

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


def test_a_fulfilment_stands_for_the_package_that_bears_its_reference() -> None:
    mine = fulfillment({A: 2}, tracking="NEW")
    told = order(package(reference_of(mine.id), {A: 2}, "OLD"), shipped_a=2)
    found = match(told, saleor_order({A: 3, B: 1}, mine))
    assert found.parcel_of[mine.id].tracking == "OLD"
    assert (found.alone_in_saleor, found.alone_at_amazon) == ([], [])


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
