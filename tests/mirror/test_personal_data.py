"""How long personal data is kept, and that nothing of it is left."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from saleor_amazon_app.mirror.amazon_order import read_order
from saleor_amazon_app.mirror.personal_data import (
    AT_MOST,
    KEPT_FOR,
    LEFT_OF_ORDER,
    MESSAGES_KEPT,
    End,
    due_at,
    end_of,
    without_personal_data,
)
from tests.mirror.amazon_orders import Json, amazon_order, item

BOUGHT, UPDATED, SHIP_BY, DELIVER_BY = (
    "2026-11-01T10:00:00Z",
    "2026-11-05T10:00:00Z",
    "2026-11-03T22:59:59Z",
    "2026-11-09T22:59:59Z",
)
LATE = "2026-11-20T10:00:00Z"
"""An update after the promised delivery."""
DELIVERED: Json = {"packageReferenceId": "1", "packageStatus": {"status": "DELIVERED"}}
ON_ITS_WAY: Json = {"packageReferenceId": "2", "packageStatus": {"status": "IN_TRANSIT"}}


def told(
    status: str, *, by: str = "MERCHANT", updated: str = UPDATED, until: Any = None, **more: Any
) -> Json:
    windows = {name: {"latestDateTime": moment} for name, moment in (until or {}).items()}
    fulfillment = {"fulfillmentStatus": status, "fulfilledBy": by} | windows
    stamps = {"createdTime": BOUGHT, "lastUpdatedTime": updated, "fulfillment": fulfillment}
    return amazon_order(**(stamps | more))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


BOTH = {"shipByWindow": SHIP_BY, "deliverByWindow": DELIVER_BY}


@pytest.mark.parametrize(
    ("payload", "end", "is_delivered"),
    [
        (told("SHIPPED", until=BOTH), DELIVER_BY, False),
        (told("SHIPPED", until={"shipByWindow": SHIP_BY}), SHIP_BY, False),
        (told("SHIPPED", by="AMAZON"), BOUGHT, False),
        (told("SHIPPED", until=BOTH, packages=[DELIVERED]), UPDATED, True),
        (told("SHIPPED", until=BOTH, updated=LATE, packages=[DELIVERED]), DELIVER_BY, True),
        (told("SHIPPED", until=BOTH, packages=[DELIVERED, ON_ITS_WAY]), DELIVER_BY, False),
        (told("SHIPPED", until=BOTH, packages=[{"packageReferenceId": "1"}]), DELIVER_BY, False),
        (told("PARTIALLY_SHIPPED", until=BOTH, packages=[DELIVERED]), DELIVER_BY, False),
        (told("CANCELLED", until=BOTH), UPDATED, False),
        (told("CANCELLED", until=BOTH, updated=LATE), DELIVER_BY, False),
        (told("CANCELLED"), UPDATED, False),
        (told("UNSHIPPED", until=BOTH), DELIVER_BY, False),
        (told("PENDING_AVAILABILITY"), UPDATED, False),
        (told("PENDING"), UPDATED, False),
        (told("UNFULFILLABLE"), BOUGHT, False),
        (told("A_STATUS_OF_2031"), BOUGHT, False),
        (told("", until=None), BOUGHT, False),
    ],
)
def test_when_an_order_is_over(payload: Json, end: str, *, is_delivered: bool) -> None:
    assert end_of(read_order(payload)) == End(at(end), is_delivered)


@pytest.mark.parametrize(
    ("payload", "end"),
    [
        (told("SHIPPED", until=BOTH), UPDATED),
        (told("CANCELLED", updated=LATE), UPDATED),
        (told("UNSHIPPED", until=BOTH), DELIVER_BY),
        (told("PENDING", updated=LATE), LATE),
    ],
)
def test_later_updates_put_the_end_off_only_while_an_order_is_open(payload: Json, end: str) -> None:
    assert end_of(read_order(payload), at(UPDATED)).at == at(end)


END = at(DELIVER_BY)


@pytest.mark.parametrize(
    ("end", "is_needed", "messaged", "due"),
    [
        (End(END), False, None, END + KEPT_FOR),
        (End(END), True, None, END + AT_MOST),
        (End(END, is_delivered=True), True, None, END + KEPT_FOR),
        (End(END), False, END, END + KEPT_FOR),
        (End(END), False, END + KEPT_FOR, END + KEPT_FOR + MESSAGES_KEPT),
        (
            End(END, is_delivered=True),
            True,
            END + KEPT_FOR - timedelta(days=1),
            END + KEPT_FOR + timedelta(days=1),
        ),
    ],
)
def test_when_it_is_to_be_deleted(
    end: End, *, is_needed: bool, messaged: datetime | None, due: datetime
) -> None:
    assert due_at(end, is_needed=is_needed, messaged_at=messaged) == due


SECRET = "Geheim"
PERSONAL: Json = {
    "buyer": {
        "buyerName": SECRET,
        "buyerEmail": SECRET,
        "buyerCompanyName": SECRET,
        "buyerPurchaseOrderNumber": SECRET,
    },
    "recipient": {
        "deliveryAddress": {
            **dict.fromkeys(("name", "companyName", "addressLine1", "city", "phone"), SECRET),
            "extendedFields": {"streetName": SECRET},
            "countryCode": "DE",
            "addressType": "RESIDENTIAL",
        },
        "deliveryPreference": {"dropOffLocation": SECRET, "addressInstruction": SECRET},
    },
    "payment": {
        "paymentExecutions": [{"paymentMethod": "Other", "authorizationCode": SECRET}],
    },
    "tax": {
        "taxRegistrations": [{"entityType": "BUYER", "legalName": SECRET}],
        "taxInvoicing": {"invoiceStatus": "ACCEPTED"},
    },
    "packages": [DELIVERED | {"trackingNumber": "1Z", "shipFromAddress": {"name": SECRET}}],
    "aFieldOfTomorrow": {"name": SECRET},
}
PERSONAL_ITEM = item(
    cancellation={"cancellationRequest": {"requester": "BUYER", "cancelReason": f"I am {SECRET}"}},
    product={
        "sellerSku": "SKU",
        "title": "Thing",
        "serialNumbers": [SECRET],
        "customization": {"customizedUrl": SECRET},
    },
    fulfillment={
        "quantityFulfilled": 1,
        "packing": {"giftOption": {"giftMessage": SECRET, "giftWrapLevel": "Classic"}},
        "shipping": {"internationalShipping": {"iossNumber": "IM1"}},
    },
)


def test_nothing_personal_is_left_and_all_else_is() -> None:
    left = without_personal_data(amazon_order(PERSONAL_ITEM, **PERSONAL))
    assert SECRET not in json.dumps(left)
    assert left["recipient"] == {
        "deliveryAddress": {"countryCode": "DE", "addressType": "RESIDENTIAL"}
    }
    assert left["packages"] == [DELIVERED | {"trackingNumber": "1Z"}]
    assert left["payment"] == {"paymentExecutions": [{"paymentMethod": "Other"}]}
    assert left["tax"] == {"taxInvoicing": {"invoiceStatus": "ACCEPTED"}}
    (kept,) = left["orderItems"]
    assert kept["product"] == {"sellerSku": "SKU", "title": "Thing"}
    assert kept["cancellation"] == {"cancellationRequest": {"requester": "BUYER"}}
    assert kept["fulfillment"]["packing"] == {"giftOption": {"giftWrapLevel": "Classic"}}
    assert kept["proceeds"] == PERSONAL_ITEM["proceeds"]


def test_what_is_left_stays_as_it_is_and_can_be_read() -> None:
    left = without_personal_data(amazon_order(PERSONAL_ITEM, **PERSONAL))
    assert without_personal_data(left) == left
    order = read_order(left)
    assert (order.buyer, order.grand_total) == (None, read_order(amazon_order()).grand_total)


@pytest.mark.parametrize(("reason", "kept"), [("ORDERED_TWICE", True), ("Ich, Erika", False)])
def test_a_reason_is_kept_if_it_is_a_code(reason: str, *, kept: bool) -> None:
    asked = {"cancellationRequest": {"cancelReason": reason}}
    left = without_personal_data(amazon_order(item(cancellation=asked)))
    request = left["orderItems"][0]["cancellation"]["cancellationRequest"]
    assert ("cancelReason" in request) is kept


@pytest.mark.parametrize("odd", [None, "text", 3, [], [None, "text"]])
def test_odd_payloads_do_no_harm(odd: object) -> None:
    left = without_personal_data({"orderId": "1", "orderItems": odd, "recipient": odd})
    assert "text" not in json.dumps(left)


def test_the_fields_that_are_left_are_amazons(shared: Any) -> None:
    model = json.loads((shared / "amazon/models/orders_2026-01-01.json").read_text())
    schemas = model.get("definitions") or model["components"]["schemas"]

    def compare(keeping: Any, name: str) -> None:
        fields = schemas[name]["properties"]
        assert keeping.keys() <= fields.keys()
        for field, how in keeping.items():
            if isinstance(how, dict):
                told = fields[field]
                ref = told.get("$ref") or told["items"]["$ref"]
                compare(how, ref.rpartition("/")[2])

    compare(LEFT_OF_ORDER, "Order")
