"""Orders: imported, read, fulfilled, cancelled, changed."""

from datetime import timedelta
from decimal import Decimal

import pytest

from saleor_amazon_app.mirror.facts import PACKAGE, STATUS
from saleor_amazon_app.saleor import acting
from saleor_amazon_app.saleor.errors import Declined, ServerFault
from saleor_amazon_app.saleor.orders import find_orders, import_orders
from saleor_amazon_app.saleor.reading import changed_since
from tests.contract.shops import GROSS, ContractShop
from tests.mirror.amazon_orders import breakdown, item

DISCOUNTED = item(
    quantity=2,
    total="117.97",
    breakdowns=[breakdown("ITEM", "129.97"), breakdown("DISCOUNT", "-12.00")],
)
_DISCOUNTS = """
query Discounts($reference: String!) {
  order(externalReference: $reference) {
    lines {
      unitDiscountType
      discounts { type valueType value reason total { amount } unit { amount } }
    }
  }
}"""


def lines(shop: ContractShop, units: int) -> list[acting.FulfilledLine]:
    return [acting.FulfilledLine(shop.order().lines[0].id, units)]


def fulfil(shop: ContractShop, units: int, tracking: str = "1Z999AA10123456784") -> str:
    return acting.fulfill(
        shop.api,
        shop.order().id,
        lines(shop, units),
        warehouse_id=shop.mapping.warehouse_id,
        tracking=tracking,
    )


def test_an_open_order_holds_its_units_and_costs_what_amazon_says(shop: ContractShop) -> None:
    quantity, allocated = shop.stock()
    shop.sell()
    order = shop.order()
    assert (order.status, order.total, order.currency) == ("UNFULFILLED", GROSS, "EUR")
    assert shop.stock() == (quantity, allocated + 2)
    payment = order.payment
    assert payment is not None
    assert (payment.charged, payment.refunded) == (GROSS, Decimal(0))
    assert order.email == f"{order.reference}@amazon-order.invalid"
    assert [(line.quantity, line.to_fulfill) for line in order.lines] == [(2, 2)]
    assert order.facts[STATUS] == "UNSHIPPED"


def test_several_items_are_several_lines(shop: ContractShop) -> None:
    shop.sell(item(1), item(2, sku="SHOP-02-NAT", quantity=3, total="29.85"))
    order = shop.order()
    assert {line.item_id: line.quantity for line in order.lines} == {
        f"{1:014d}": 1,
        f"{2:014d}": 3,
    }
    assert order.total == Decimal("44.75")


def test_a_discount_is_told_with_its_type(shop: ContractShop) -> None:
    shop.sell(DISCOUNTED)
    (line,) = shop.ask(_DISCOUNTS, reference=shop.reference())["order"]["lines"]
    assert line["unitDiscountType"] == "FIXED"
    assert line["discounts"] == [
        {
            "type": "MANUAL",
            "valueType": "FIXED",
            "value": 6.0,
            "reason": "Amazon promotion",
            "total": {"amount": 12.0},
            "unit": {"amount": 6.0},
        }
    ]


def test_a_discount_without_a_type_is_one_that_saleor_cannot_tell(shop: ContractShop) -> None:
    made = shop.draft(DISCOUNTED)
    del made["lines"][0]["unitDiscountType"]
    assert shop.import_(made)[0].order is not None
    (error,) = shop.errors_of(_DISCOUNTS, reference=shop.reference())
    assert error == 'Expected a value of type "DiscountValueTypeEnum" but received: FIXED'


def test_a_discount_that_does_not_explain_the_price_is_refused(shop: ContractShop) -> None:
    made = shop.draft(DISCOUNTED)
    made["lines"][0]["unitDiscountValue"] = Decimal("6.01")
    (row,) = shop.import_(made)
    assert row.errors[0].code == "PRICE_ERROR"
    assert row.order is None


def test_an_order_is_found_by_amazons_number(shop: ContractShop) -> None:
    seen = shop.sell()
    wanted = [shop.reference(), "302-0000000-0000000"]
    assert find_orders(shop.api, wanted).keys() == {shop.reference()}
    assert find_orders(shop.api, wanted)[shop.reference()].number == seen.number


def test_the_same_order_a_second_time_is_refused(shop: ContractShop) -> None:
    made = shop.draft()
    assert shop.import_(made)[0].order is not None
    (row,) = shop.import_(made)
    assert row.order is None
    assert [error.code for error in row.errors] == ["UNIQUE"]


def test_the_same_order_twice_in_a_call_breaks_the_whole_call(shop: ContractShop) -> None:
    made = shop.draft()
    with pytest.raises(ServerFault) as failure:
        shop.import_(made, made)
    assert failure.value.code == "IntegrityError"
    assert find_orders(shop.api, [shop.reference()]) == {}


def test_one_bad_row_keeps_all_out_where_stock_is_touched(shop: ContractShop) -> None:
    good, bad = shop.draft(), shop.draft(number=2)
    bad["lines"][0]["variantId"] = "UHJvZHVjdFZhcmlhbnQ6OTk5OTk5"
    results = shop.import_(good, bad)
    assert [row.order for row in results] == [None, None]
    assert results[1].errors[0].code == "NOT_FOUND"
    assert find_orders(shop.api, [shop.reference(), shop.reference(2)]) == {}


def test_without_stock_the_good_rows_come_in(shop: ContractShop) -> None:
    good, bad = shop.draft(), shop.draft(number=2)
    bad["shippingAddress"]["streetAddress1"] = ""
    results = import_orders(shop.api, [good, bad], touch_stock=False)
    assert results[0].order is not None
    assert results[1].order is None
    assert {error.code for error in results[1].errors} == {"INVALID"}


def test_units_leave_the_stock_parcel_by_parcel(shop: ContractShop) -> None:
    quantity, allocated = shop.stock()
    shop.sell()
    fulfil(shop, 1)
    assert shop.order().status == "PARTIALLY_FULFILLED"
    assert shop.stock() == (quantity - 1, allocated + 1)
    fulfil(shop, 1, "1Z999AA10123456785")
    order = shop.order()
    assert order.status == "FULFILLED"
    assert shop.stock() == (quantity - 2, allocated)
    assert [(f.tracking, sum(f.units.values())) for f in order.shipped] == [
        ("1Z999AA10123456784", 1),
        ("1Z999AA10123456785", 1),
    ]


def test_no_more_is_fulfilled_than_was_ordered(shop: ContractShop) -> None:
    shop.sell()
    with pytest.raises(Declined) as failure:
        fulfil(shop, 3)
    assert failure.value.code == "FULFILL_ORDER_LINE"


def test_the_tracking_number_changes(shop: ContractShop) -> None:
    shop.sell()
    acting.change_tracking(shop.api, fulfil(shop, 2), "1Z999AA10123456786")
    assert [f.tracking for f in shop.order().shipped] == ["1Z999AA10123456786"]


def test_where_fulfilments_are_approved_by_hand_they_are_approved(shop: ContractShop) -> None:
    shop.sell()
    shop.approve_by_hand(True)
    try:
        made = fulfil(shop, 2)
    finally:
        shop.approve_by_hand(False)
    assert [f.id for f in shop.order().shipped] == [made]


def test_a_cancelled_order_gives_its_units_back(shop: ContractShop) -> None:
    before = shop.stock()
    seen = shop.sell()
    acting.cancel_order(shop.api, seen.id)
    assert shop.order().is_cancelled
    assert shop.stock() == before
    payment = shop.order().payment
    assert payment is not None
    assert payment.charged == GROSS


@pytest.mark.parametrize("units", [0, 1], ids=["cancelled already", "shipped"])
def test_an_order_that_cannot_be_cancelled_is_declined(shop: ContractShop, units: int) -> None:
    seen = shop.sell()
    if units:
        fulfil(shop, units)
    else:
        acting.cancel_order(shop.api, seen.id)
    with pytest.raises(Declined) as failure:
        acting.cancel_order(shop.api, seen.id)
    assert failure.value.code == "CANNOT_CANCEL_ORDER"


def test_facts_are_written_on_orders_and_fulfilments(shop: ContractShop) -> None:
    seen = shop.sell()
    acting.set_facts(shop.api, fulfil(shop, 1), {PACKAGE: "P1"})
    acting.set_facts(shop.api, seen.id, {STATUS: "SHIPPED"})
    order = shop.order()
    assert order.facts[STATUS] == "SHIPPED"
    assert [f.words for f in order.shipped] == [{PACKAGE: "P1"}]


def test_notes_are_written_and_read(shop: ContractShop) -> None:
    seen = shop.sell()
    acting.add_note(shop.api, seen.id, "Shipped at Amazon. " + "x" * 300)
    assert acting.shorten("Shipped at Amazon. " + "x" * 300) in acting.notes(shop.api, seen.id)


def test_the_address_and_the_e_mail_change(shop: ContractShop) -> None:
    seen = shop.sell()
    address = {
        "firstName": "Max",
        "lastName": "Beispiel",
        "streetAddress1": "Beispielweg 13",
        "city": "Berlin",
        "postalCode": "10117",
        "country": "DE",
    }
    changes = {"shippingAddress": address, "billingAddress": address, "userEmail": "y@shop.invalid"}
    acting.change_order(shop.api, seen.id, changes)
    query = "query A($i: ID!) { order(id: $i) { shippingAddress { postalCode } userEmail } }"
    told = shop.ask(query, i=seen.id)["order"]
    assert told == {"shippingAddress": {"postalCode": "10117"}, "userEmail": "y@shop.invalid"}


def test_an_address_that_cannot_be_is_declined(shop: ContractShop) -> None:
    seen = shop.sell()
    with pytest.raises(Declined):
        acting.change_order(shop.api, seen.id, {"shippingAddress": {"country": "DE"}})


def test_changed_orders_are_listed_by_the_time_of_their_change(shop: ContractShop) -> None:
    first, _second = shop.sell(number=1), shop.sell(number=2)
    acting.set_facts(shop.api, first.id, {STATUS: "SHIPPED"})
    listed = list(changed_since(shop.api, shop.run.at - timedelta(minutes=5)))
    references = [reference for reference, _ in listed]
    assert references.index(shop.reference(2)) < references.index(shop.reference(1))
    assert [at for _, at in listed] == sorted(at for _, at in listed)


@pytest.mark.parametrize("change", ["fulfil", "cancel", "metadata", "refund"])
def test_what_the_merchant_does_moves_the_time_of_the_change(
    shop: ContractShop, change: str
) -> None:
    seen = shop.sell()
    before = updated_at(shop)
    match change:
        case "fulfil":
            fulfil(shop, 1)
        case "cancel":
            acting.cancel_order(shop.api, seen.id)
        case "metadata":
            acting.set_facts(shop.api, seen.id, {STATUS: "SHIPPED"})
        case _:
            report = acting.Report("REFUND_SUCCESS", Decimal(1), "amazon-refund-1")
            acting.report_event(shop.api, seen.transactions[0].id, report)
    assert updated_at(shop) > before


@pytest.mark.parametrize("change", ["tracking", "metadata"])
def test_a_change_of_a_fulfilment_alone_leaves_the_time_where_it_was(
    shop: ContractShop, change: str
) -> None:
    shop.sell()
    made = fulfil(shop, 1)
    before = updated_at(shop)
    if change == "tracking":
        acting.change_tracking(shop.api, made, "1Z999AA10123456786")
    else:
        acting.set_facts(shop.api, made, {"amazon.carrierCode": "UPS"})
    assert updated_at(shop) == before


def updated_at(shop: ContractShop) -> str:
    query = "query U($r: String!) { order(externalReference: $r) { updatedAt } }"
    return str(shop.ask(query, r=shop.reference())["order"]["updatedAt"])
