"""What the imported order looks like in Saleor."""

from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.mirror.amazon_order import read_order
from saleor_amazon_app.mirror.drafting import Draft, Held, draft
from saleor_amazon_app.mirror.ids import MarketplaceId, SellerId, SellerSku, VariantId
from saleor_amazon_app.mirror.mapping import BuyerEmail, Mapping
from saleor_amazon_app.mirror.parcels import Variant
from saleor_amazon_app.mirror.problems import ProblemKind
from tests.mirror.amazon_orders import CURRENCY, DE, JP, US, amazon_order, breakdown, item

VARIANTS = {
    SellerSku(sku): Variant(VariantId(f"variant-of-{sku}"), sku, f"Product {sku}", "rust")
    for sku in ("SHOP-01-NAT", "SHOP-02-RUS")
}


def mapping(marketplace: str = DE, **settings: Any) -> Mapping:
    return Mapping(
        marketplace_id=MarketplaceId(marketplace),
        channel="amazon",
        currency=CURRENCY[marketplace],
        warehouse_id="warehouse",
        shipping_method_id="method",
        tax_class_id="tax-class",
        **settings,
    )


def drafted(payload: dict[str, Any], to: Mapping | None = None, **more: Any) -> Draft:
    marketplace = payload["salesChannel"]["marketplaceId"]
    return draft(
        read_order(payload),
        to or mapping(marketplace),
        VARIANTS,
        seller_id=SellerId("A1SELLER"),
        app_id="app",
        **more,
    )


def metadata(of: dict[str, Any]) -> dict[str, str]:
    return {entry["key"]: entry["value"] for entry in of["privateMetadata"]}


def test_it_is_found_again_by_amazons_number() -> None:
    made = drafted(amazon_order()).input
    assert made["externalReference"] == "302-1234567-1234567"
    assert metadata(made)["amazon.orderId"] == "302-1234567-1234567"


def test_nothing_of_amazon_is_public_metadata() -> None:
    made = drafted(amazon_order()).input
    assert "metadata" not in made
    assert all("metadata" not in entry for entry in made["lines"])


def test_what_every_line_and_delivery_must_name_for_saleor_to_take_it() -> None:
    """Without a tax class, a shipping tax class or a status, Saleor rejects or breaks."""
    made = drafted(amazon_order()).input
    assert made["status"]
    assert made["deliveryMethod"]["shippingTaxClassId"] == "tax-class"
    assert made["deliveryMethod"]["shippingMethodId"] == "method"
    for entry in made["lines"]:
        assert entry["taxClassId"] == "tax-class"
        assert entry["variantId"] == "variant-of-SHOP-01-NAT"
        assert "variantSku" not in entry
        assert entry["isShippingRequired"], "else Saleor drops the shipping price"


def test_facts_are_in_private_metadata() -> None:
    payload = amazon_order(
        programs=["PRIME", "AMAZON_BUSINESS", "A_PROGRAM_OF_2031"],
        orderAliases=[{"aliasId": "MY-1", "aliasType": "SELLER_ORDER_ID"}],
    )
    payload["buyer"]["buyerPurchaseOrderNumber"] = "PO-77"
    facts = metadata(drafted(payload).input)
    assert facts["amazon.programs"] == "PRIME,AMAZON_BUSINESS,A_PROGRAM_OF_2031"
    assert facts["amazon.shipBy"] == "2026-11-24T22:59:59Z"
    assert facts["amazon.purchaseOrderNumber"] == "PO-77"
    assert facts["amazon.sellerOrderId"] == "MY-1"
    assert facts["amazon.status"] == "UNSHIPPED"
    assert facts["amazon.fulfilledBy"] == "MERCHANT"


def test_lines_remember_amazons_item() -> None:
    facts = metadata(drafted(amazon_order(item(42))).input["lines"][0])
    assert facts["amazon.orderItemId"] == "00000000000042"
    assert facts["amazon.money"] == '{"ITEM": {"net": "14.90", "gross": "14.90"}}'


def test_a_note_in_the_history_says_where_it_comes_from() -> None:
    (note,) = drafted(amazon_order()).input["notes"]
    assert note["message"].startswith("Imported from Amazon.de: order 302-1234567-1234567, bought")
    assert "ship by 2026-11-24 22:59 UTC" in note["message"]
    assert len(note["message"]) <= 255
    assert note["appId"] == "app"


def test_a_long_title_is_cut_to_what_saleor_can_store() -> None:
    payload = amazon_order(item())
    payload["orderItems"][0]["product"]["title"] = "ä" * 900
    assert len(drafted(payload).input["lines"][0]["productName"]) == 386


def test_a_price_that_does_not_divide_keeps_its_total() -> None:
    made = drafted(amazon_order(item(quantity=3, total="10.00"))).input["lines"][0]
    assert (made["quantity"], made["totalPrice"]["gross"]) == (3, Decimal("10.00"))


def test_a_discount_shows_as_a_discount() -> None:
    parts = [breakdown("ITEM", "20.00"), breakdown("DISCOUNT", "-5.00")]
    made = drafted(amazon_order(item(total="15.00", breakdowns=parts))).input["lines"][0]
    assert made["totalPrice"]["gross"] == Decimal("15.00")
    assert made["undiscountedTotalPrice"]["gross"] == Decimal("20.00")
    assert made["unitDiscountReason"] == "Amazon promotion"
    assert (made["unitDiscountType"], made["unitDiscountValue"]) == ("FIXED", Decimal("5.00"))


def test_a_discount_is_told_of_one_unit_rounded_as_saleor_rounds() -> None:
    parts = [breakdown("ITEM", "10.00"), breakdown("DISCOUNT", "-1.00")]
    told = item(quantity=8, total="9.00", breakdowns=parts)
    made = drafted(amazon_order(told)).input["lines"][0]
    # 10.00 / 8 is 1.25, and 9.00 / 8 is 1.125: halves go to the even cent.
    assert made["unitDiscountValue"] == Decimal("0.13")


def test_without_a_discount_no_type_is_named() -> None:
    made = drafted(amazon_order(item())).input["lines"][0]
    assert made["unitDiscountReason"] is None
    assert "unitDiscountType" not in made


def test_gift_wrap_is_named_in_the_shipping_and_the_message_is_kept() -> None:
    parts = [breakdown("ITEM", "20.00"), breakdown("GIFT_WRAP", "3.00")]
    payload = amazon_order(item(total="23.00", breakdowns=parts))
    gift = {"giftMessage": "Alles Gute! 🎂", "giftWrapLevel": "CLASSIC"}
    payload["orderItems"][0]["fulfillment"]["packing"] = {"giftOption": gift}
    made = drafted(payload).input
    assert made["deliveryMethod"]["shippingPrice"]["gross"] == Decimal("3.00")
    assert made["deliveryMethod"]["shippingMethodName"] == "Amazon standard (with gift wrap)"
    assert metadata(made["lines"][0])["amazon.giftMessage"] == "Alles Gute! 🎂"
    assert made["customerNote"] == "Gift SHOP-01-NAT (wrap: CLASSIC): Alles Gute! 🎂"


def test_the_payment_is_charged_in_full_and_links_to_seller_central() -> None:
    (paid,) = drafted(amazon_order(item(total="14.90"))).input["transactions"]
    assert paid["name"] == "Amazon"
    assert paid["pspReference"] == "302-1234567-1234567"
    assert paid["amountCharged"] == {"amount": Decimal("14.90"), "currency": "EUR"}
    assert paid["externalUrl"] == (
        "https://sellercentral-europe.amazon.com/orders-v3/order/302-1234567-1234567"
    )


def test_a_replacement_is_free_and_names_the_order_it_replaces() -> None:
    replaced = [{"orderId": "302-0000000-0000001", "associationType": "REPLACEMENT_ORIGINAL_ID"}]
    made = drafted(amazon_order(item(total="0.00"), associatedOrders=replaced)).input
    assert made["transactions"] == []
    assert metadata(made)["amazon.replacementOf"] == "302-0000000-0000001"
    assert made["lines"][0]["totalPrice"] == {"net": 0, "gross": 0}


# --- e-mail -------------------------------------------------------------------------------------


def test_by_default_the_address_can_reach_nobody() -> None:
    assert drafted(amazon_order()).input["user"] == {
        "email": "302-1234567-1234567@amazon-order.invalid"
    }


def test_the_relay_address_is_used_only_if_the_merchant_chose_it() -> None:
    relay = mapping(buyer_email=BuyerEmail.RELAY)
    assert drafted(amazon_order(), relay).input["user"] == {"email": "x1@marketplace.amazon.de"}
    without = amazon_order(buyer=None)
    assert drafted(without, relay).input["user"]["email"].endswith(".invalid")


# --- stock and fulfilments ----------------------------------------------------------------------

TWO = (item(1, quantity=2), item(2, sku="SHOP-02-RUS", quantity=1))


def parcels(made: Draft) -> list[dict[int, int]]:
    return [
        {part["orderLineIndex"]: part["quantity"] for part in parcel["lines"]}
        for parcel in made.input["fulfillments"]
    ]


@pytest.mark.parametrize(
    ("name", "payload", "hold", "status", "expected", "stock", "reservation"),
    [
        ("open, held", amazon_order(*TWO), True, "FULFILLED", [{0: 2, 1: 1}], True, "1"),
        ("open, not held", amazon_order(*TWO), False, "UNFULFILLED", [], False, None),
        (
            "partly shipped, held",
            amazon_order(item(1, quantity=2, shipped=1), TWO[1], status="PARTIALLY_SHIPPED"),
            True,
            "FULFILLED",
            [{0: 1}, {0: 1, 1: 1}],
            True,
            "2",
        ),
        (
            "partly shipped, not held",
            amazon_order(item(1, quantity=2, shipped=1), TWO[1], status="PARTIALLY_SHIPPED"),
            False,
            "PARTIALLY_FULFILLED",
            [{0: 1}],
            False,
            None,
        ),
        (
            "shipped by the merchant",
            amazon_order(*TWO, status="SHIPPED"),
            True,
            "FULFILLED",
            [{0: 2, 1: 1}],
            True,
            None,
        ),
        (
            "shipped by Amazon: never the merchant's stock",
            amazon_order(*TWO, status="SHIPPED", by="AMAZON"),
            True,
            "FULFILLED",
            [{0: 2, 1: 1}],
            False,
            None,
        ),
    ],
)
def test_fulfilments_at_creation(
    name: str,
    payload: dict[str, Any],
    hold: bool,
    status: str,
    expected: list[dict[int, int]],
    stock: bool,
    reservation: str | None,
) -> None:
    made = drafted(payload, mapping(hold_stock=hold))
    assert made.input["status"] == status
    assert parcels(made) == expected
    assert made.touches_stock is stock
    assert metadata(made.input).get("amazon.reservation") == reservation
    assert made.reserves is (reservation is not None)


def test_each_package_becomes_a_fulfilment_with_its_tracking_number() -> None:
    packages = [
        {
            "packageReferenceId": "1",
            "trackingNumber": "TRACK-1",
            "packageItems": [{"orderItemId": f"{1:014d}", "quantity": 1}],
        },
        {
            "packageReferenceId": "2",
            "trackingNumber": "TRACK-2",
            "packageItems": [
                {"orderItemId": f"{1:014d}", "quantity": 5},
                {"orderItemId": "unknown", "quantity": 1},
            ],
        },
    ]
    made = drafted(amazon_order(*TWO, status="SHIPPED", packages=packages))
    assert parcels(made) == [{0: 1}, {0: 1}, {1: 1}]
    codes = [parcel["trackingCode"] for parcel in made.input["fulfillments"]]
    assert codes == ["TRACK-1", "TRACK-2", ""]


def test_an_item_cancelled_to_nothing_is_no_line() -> None:
    made = drafted(amazon_order(item(1), item(2, sku="GONE", quantity=0, total="0.00")))
    assert len(made.input["lines"]) == 1


# --- held ---------------------------------------------------------------------------------------


def problems(payload: dict[str, Any], to: Mapping | None = None) -> dict[ProblemKind, str]:
    with pytest.raises(Held) as held:
        drafted(payload, to)
    return {problem.kind: problem.subject for problem in held.value.problems}


def test_an_unknown_sku_is_held_with_its_name() -> None:
    assert problems(amazon_order(item(sku="NEW-1"))) == {ProblemKind.UNKNOWN_SKU: "NEW-1"}


def test_all_unknown_skus_are_named_at_once() -> None:
    with pytest.raises(Held) as held:
        drafted(amazon_order(item(1, sku="NEW-1"), item(2, sku="NEW-2")))
    assert [problem.subject for problem in held.value.problems] == ["NEW-1", "NEW-2"]


def test_an_order_in_another_currency_than_the_channels_is_held() -> None:
    payload = amazon_order(item(currency="USD"), marketplace=US)
    to = Mapping(MarketplaceId(US), "amazon", "EUR", "w", "m", "t")
    assert ProblemKind.CURRENCY in problems(payload, to)


def test_an_order_without_items_is_held() -> None:
    payload = amazon_order()
    payload["orderItems"] = []
    payload["proceeds"]["grandTotal"]["amount"] = "0"
    assert ProblemKind.UNREADABLE in problems(payload)


def test_a_price_without_units_is_held() -> None:
    payload = amazon_order(item(1), item(2, quantity=0, total="5.00"))
    assert ProblemKind.AMOUNT in problems(payload)


def test_the_draft_says_what_to_compare_the_created_order_with() -> None:
    made = drafted(amazon_order(*TWO))
    assert made.total == Decimal("29.80")
    assert made.quantities == {f"{1:014d}": 2, f"{2:014d}": 1}


def test_japanese_orders_are_drafted_in_whole_yen() -> None:
    payload = amazon_order(item(total="1990", currency="JPY"), marketplace=JP)
    assert drafted(payload).input["lines"][0]["totalPrice"]["gross"] == 1990
