"""The documents of feeds: any messages make a valid document, whose numbers are the messages'."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saleor_amazon_app.amazon import feed_documents
from saleor_amazon_app.amazon.feed_documents import (
    FeedTooLarge,
    Unwritable,
    amount_text,
    write_feed,
)
from saleor_amazon_app.mirror.ids import AmazonOrderId, MarketplaceId, OrderItemId
from saleor_amazon_app.mirror.messages import (
    AdjustmentReason,
    CancelledUnits,
    CancelReason,
    Component,
    ComponentType,
    FeedType,
    ItemRefund,
    Message,
    OrderCancellation,
    PackedUnits,
    PromotionShare,
    Refund,
    Shipment,
    UnitsCancellation,
)
from saleor_amazon_app.sandbox.amazon import feed_xml
from tests.amazon import feed_schema

SELLER = "A1SELLER"
ORDER = AmazonOrderId("111-1111111-1111111")
ITEM = OrderItemId("12345678901234")
OTHER_ITEM = OrderItemId("22345678901234")
NOON = datetime(2026, 11, 1, 10, tzinfo=UTC)


def a_shipment(**more: Any) -> Shipment:
    told: dict[str, Any] = {
        "order_id": ORDER,
        "marketplace_id": MarketplaceId("ATVPDKIKX0DER"),
        "reference": "1234567",
        "carrier_code": "Other",
        "carrier_name": "Example Courier",
        "shipping_method": "Ground",
        "tracking_number": "1Z999",
        "shipped_at": NOON,
        "units": (PackedUnits(item_id=ITEM, quantity=1),),
    }
    return Shipment(**(told | more))


def a_refund(**more: Any) -> Refund:
    components = (
        Component(type=ComponentType.PRINCIPAL, amount=Decimal("9.99")),
        Component(type=ComponentType.RESTOCKING_FEE, amount=Decimal(-1)),
    )
    off = (Component(type=ComponentType.PRINCIPAL, amount=Decimal("-1.00")),)
    item = ItemRefund(
        item_id=ITEM,
        reason=AdjustmentReason.CUSTOMER_RETURN,
        quantity=1,
        components=components,
        promotions=(PromotionShare(promotion_id="P1", components=off),),
    )
    told: dict[str, Any] = {
        "order_id": ORDER,
        "currency": "USD",
        "reference": "RF-1",
        "items": (item,),
    }
    return Refund(**(told | more))


CANCELLATION = OrderCancellation(
    order_id=ORDER, item_ids=(ITEM, OTHER_ITEM), reason=CancelReason.NO_INVENTORY
)
UNITS = UnitsCancellation(
    order_id=ORDER,
    units=(CancelledUnits(item_id=ITEM, quantity=1),),
    reason=AdjustmentReason.NO_INVENTORY,
)
ITEM_XML = f"<AmazonOrderItemCode>{ITEM}</AmazonOrderItemCode>"
ORDER_XML = f"<AmazonOrderID>{ORDER}</AmazonOrderID>"


def body_of(kind: FeedType, message: Message) -> str:
    document = write_feed(SELLER, kind, [(7, message)])
    feed_schema.check(document)
    after = document.decode().split("<MessageID>7</MessageID>")[1]
    return after.removesuffix("</Message></AmazonEnvelope>")


@pytest.mark.parametrize(
    ("kind", "message", "expected"),
    [
        pytest.param(
            FeedType.FULFILLMENT,
            a_shipment(),
            f"<OrderFulfillment>{ORDER_XML}"
            "<MerchantFulfillmentID>1234567</MerchantFulfillmentID>"
            "<FulfillmentDate>2026-11-01T10:00:00+00:00</FulfillmentDate><FulfillmentData>"
            "<CarrierCode>Other</CarrierCode><CarrierName>Example Courier</CarrierName>"
            "<ShippingMethod>Ground</ShippingMethod>"
            "<ShipperTrackingNumber>1Z999</ShipperTrackingNumber></FulfillmentData>"
            f"<Item>{ITEM_XML}<Quantity>1</Quantity></Item></OrderFulfillment>",
            id="a shipment",
        ),
        pytest.param(
            FeedType.FULFILLMENT,
            a_shipment(
                carrier_code="YAMATO",
                carrier_name="not said",
                shipping_method="",
                shipped_at=NOON.astimezone(timezone(timedelta(hours=9))),
                cash_on_delivery=True,
                units=(PackedUnits(item_id=ITEM, quantity=2, transparency_codes=("A", "B")),),
            ),
            f"<OrderFulfillment>{ORDER_XML}"
            "<MerchantFulfillmentID>1234567</MerchantFulfillmentID>"
            "<FulfillmentDate>2026-11-01T10:00:00+00:00</FulfillmentDate><FulfillmentData>"
            "<CarrierCode>YAMATO</CarrierCode>"
            "<ShipperTrackingNumber>1Z999</ShipperTrackingNumber></FulfillmentData>"
            "<CODCollectionMethod>DirectPayment</CODCollectionMethod>"
            f"<Item>{ITEM_XML}<Quantity>2</Quantity><TransparencyCode>A</TransparencyCode>"
            "<TransparencyCode>B</TransparencyCode></Item></OrderFulfillment>",
            id="a shipment paid on delivery",
        ),
        pytest.param(
            FeedType.ACKNOWLEDGEMENT,
            CANCELLATION,
            f"<OrderAcknowledgement>{ORDER_XML}<StatusCode>Failure</StatusCode>"
            f"<Item>{ITEM_XML}<CancelReason>NoInventory</CancelReason></Item>"
            f"<Item><AmazonOrderItemCode>{OTHER_ITEM}</AmazonOrderItemCode>"
            "<CancelReason>NoInventory</CancelReason></Item></OrderAcknowledgement>",
            id="a cancelled order",
        ),
        pytest.param(
            FeedType.ADJUSTMENT,
            UNITS,
            f"<OrderAdjustment>{ORDER_XML}<ActionType>Cancel</ActionType>"
            f"<AdjustedItem>{ITEM_XML}<AdjustmentReason>NoInventory</AdjustmentReason>"
            "<QuantityCancelled>1</QuantityCancelled></AdjustedItem></OrderAdjustment>",
            id="cancelled units",
        ),
        pytest.param(
            FeedType.ADJUSTMENT,
            a_refund(),
            f"<OrderAdjustment>{ORDER_XML}<ActionType>Refund</ActionType>"
            f"<AdjustedItem>{ITEM_XML}"
            "<MerchantAdjustmentItemID>RF-1</MerchantAdjustmentItemID>"
            "<AdjustmentReason>CustomerReturn</AdjustmentReason><ItemPriceAdjustments>"
            '<Component><Type>Principal</Type><Amount currency="USD">9.99</Amount></Component>'
            '<Component><Type>RestockingFee</Type><Amount currency="USD">-1.00</Amount>'
            "</Component></ItemPriceAdjustments>"
            "<PromotionAdjustments><MerchantPromotionID>P1</MerchantPromotionID>"
            '<Component><Type>Principal</Type><Amount currency="USD">-1.00</Amount></Component>'
            "</PromotionAdjustments><Quantity>1</Quantity></AdjustedItem></OrderAdjustment>",
            id="a refund",
        ),
    ],
)
def test_each_kind_of_message(kind: FeedType, message: Message, expected: str) -> None:
    assert body_of(kind, message) == expected


def test_the_envelope_names_the_seller_and_the_type() -> None:
    document = write_feed("A<&>", FeedType.ADJUSTMENT, [(1, UNITS), (5, a_refund())])
    root = feed_schema.check(document)
    assert document.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<AmazonEnvelope")
    assert root.findtext("Header/MerchantIdentifier") == "A<&>"
    assert [node.text for node in root.iter("MessageID")] == ["1", "5"]
    assert [node.text for node in root.iter("ActionType")] == ["Cancel", "Refund"]


def test_texts_are_one_clean_line_of_the_allowed_length() -> None:
    shipment = a_shipment(carrier_name="A\x00\x0b &\n<b>\ud800" + "é" * 60)
    root = feed_schema.check(write_feed(SELLER, FeedType.FULFILLMENT, [(1, shipment)]))
    name = root.find(".//CarrierName")
    assert name is not None
    assert name.text == "A & <b>" + "é" * 43


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1", "USD", "1.00"),
        ("1.50", "JPY", None),
        ("1E+3", "JPY", "1000"),
        ("-0.00", "EUR", "0.00"),
        ("1.005", "EUR", None),
        ("1.005", "KWD", None),
        ("1.00000", "KWD", "1.00"),
        ("123456789012345678", "USD", "123456789012345678.00"),
        ("1234567890123456789", "USD", None),
    ],
)
def test_amounts_are_exact(amount: str, currency: str, text: str | None) -> None:
    if text is not None:
        assert amount_text(Decimal(amount), currency) == text
        return
    with pytest.raises(ValueError, match="amount"):
        amount_text(Decimal(amount), currency)


def test_what_cannot_be_said_names_its_message() -> None:
    codes = tuple(f"AZ:{n}" for n in range(11))
    many = a_shipment(units=(PackedUnits(item_id=ITEM, quantity=11, transparency_codes=codes),))
    with pytest.raises(Unwritable, match="transparency") as error:
        write_feed(SELLER, FeedType.FULFILLMENT, [(1, a_shipment()), (2, many)])
    assert error.value.message_id == 2
    fine = Component(type=ComponentType.PRINCIPAL, amount=Decimal("0.001"))
    item = ItemRefund(item_id=ITEM, reason=AdjustmentReason.OTHER, components=(fine,))
    with pytest.raises(Unwritable, match="finer"):
        write_feed(SELLER, FeedType.ADJUSTMENT, [(1, a_refund(items=(item,)))])
    share = PromotionShare(components=(Component(type=ComponentType.TAX, amount=Decimal(1)),))
    taxed = item.model_copy(update={"components": (), "promotions": (share,)})
    with pytest.raises(Unwritable, match="promotion"):
        write_feed(SELLER, FeedType.ADJUSTMENT, [(1, a_refund(items=(taxed,)))])


@pytest.mark.parametrize(
    "messages",
    [
        pytest.param([], id="none"),
        pytest.param([(1, UNITS), (1, UNITS)], id="one number twice"),
        pytest.param([(0, UNITS)], id="the number of the document"),
        pytest.param([(1, CANCELLATION)], id="another feed's"),
    ],
)
def test_messages_that_make_no_feed(messages: Sequence[tuple[int, Message]]) -> None:
    with pytest.raises(Unwritable):
        write_feed(SELLER, FeedType.ADJUSTMENT, messages)


def test_a_document_has_ten_mebibytes_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    document = write_feed(SELLER, FeedType.ADJUSTMENT, [(1, UNITS)])
    monkeypatch.setattr(feed_documents, "MOST_BYTES", len(document))
    assert write_feed(SELLER, FeedType.ADJUSTMENT, [(1, UNITS)]) == document
    with pytest.raises(FeedTooLarge):
        write_feed(SELLER, FeedType.ADJUSTMENT, [(10, UNITS)])


# --- any message --------------------------------------------------------------------------------

anything = st.text(max_size=90)
item_ids = st.from_regex(r"[0-9]{14}", fullmatch=True).map(OrderItemId)
order_ids = st.from_regex(r"[0-9]{3}-[0-9]{7}-[0-9]{7}", fullmatch=True).map(AmazonOrderId)
counts = st.integers(1, 10**6)
cents = st.integers(-(10**9), 10**9)


def components(types: Any, digits: int, low: int = 0) -> Any:
    amounts = cents.map(lambda n: Decimal(n).scaleb(-digits))
    return st.lists(st.builds(Component, type=types, amount=amounts), min_size=low, max_size=4).map(
        tuple
    )


def refunds(currency: str, digits: int) -> Any:
    promotion = st.builds(
        PromotionShare,
        promotion_id=st.text(max_size=80),
        components=components(
            st.sampled_from([ComponentType.PRINCIPAL, ComponentType.SHIPPING]), digits
        ),
    )
    item = st.builds(
        ItemRefund,
        item_id=item_ids,
        reason=st.sampled_from(AdjustmentReason),
        quantity=st.none() | counts,
        components=components(st.sampled_from(ComponentType), digits),
        promotions=st.lists(promotion, max_size=2).map(tuple),
    )
    return st.builds(
        Refund,
        order_id=order_ids,
        currency=st.just(currency),
        reference=st.text(max_size=50),
        items=st.lists(item, min_size=1, max_size=3).map(tuple),
    )


units_cancellations = st.builds(
    UnitsCancellation,
    order_id=order_ids,
    units=st.lists(
        st.builds(CancelledUnits, item_id=item_ids, quantity=counts), min_size=1, max_size=3
    ).map(tuple),
    reason=st.sampled_from(AdjustmentReason),
)
shipments = st.builds(
    Shipment,
    order_id=order_ids,
    marketplace_id=st.just(MarketplaceId("A1PA6795UKMFR9")),
    reference=st.from_regex(r"[1-9][0-9]{0,19}", fullmatch=True),
    carrier_code=st.sampled_from(["Other", "UPS", "Post NL"]),
    carrier_name=anything,
    shipping_method=anything,
    tracking_number=anything,
    shipped_at=st.datetimes(timezones=st.just(UTC)),
    units=st.lists(
        st.builds(
            PackedUnits,
            item_id=item_ids,
            quantity=counts,
            transparency_codes=st.lists(anything, max_size=10).map(tuple),
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    cash_on_delivery=st.booleans(),
)
cancellations = st.builds(
    OrderCancellation,
    order_id=order_ids,
    item_ids=st.lists(item_ids, max_size=3).map(tuple),
    reason=st.sampled_from(CancelReason),
)
FEEDS = {
    FeedType.FULFILLMENT: shipments,
    FeedType.ACKNOWLEDGEMENT: cancellations,
    FeedType.ADJUSTMENT: refunds("EUR", 2) | refunds("JPY", 0) | units_cancellations,
}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_messages_make_a_valid_document(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(FEEDS)))
    messages: list[Message] = data.draw(st.lists(FEEDS[kind], min_size=1, max_size=3))
    document = write_feed(SELLER, kind, list(enumerate(messages, 1)))
    root = feed_schema.check(document)
    amounts = sum((Decimal(node.text or "") for node in root.iter("Amount")), Decimal(0))
    assert amounts == sum((m.amount for m in messages if isinstance(m, Refund)), Decimal(0))
    assert [node.text for node in root.iter("AmazonOrderID")] == [m.order_id for m in messages]
    cancelled = [int(node.text or "") for node in root.iter("QuantityCancelled")]
    told = [u.quantity for m in messages if isinstance(m, UnitsCancellation) for u in m.units]
    assert cancelled == told
    names = {node.find("Message")[-1].tag for node in [root]}  # type: ignore[index]
    read = feed_xml.read(document, SELLER, names.pop())
    assert [message.fault for message in read] == [""] * len(messages)
