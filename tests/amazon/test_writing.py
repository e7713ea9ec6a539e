"""What changes something at Amazon: confirmations, and calls that must not be made twice."""

import json
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest
import requests

from saleor_amazon_app.amazon.errors import (
    Forbidden,
    OutcomeUnknown,
    Refused,
    Throttled,
    Unavailable,
)
from saleor_amazon_app.amazon.feeds import create_feed
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.amazon.operations import CONFIRM_SHIPMENT, CREATE_FEED, CREATE_FEED_DOCUMENT
from saleor_amazon_app.amazon.shipments import confirm_shipment, confirmation
from saleor_amazon_app.mirror.failures import Remedy
from saleor_amazon_app.mirror.ids import MarketplaceId, OrderItemId
from saleor_amazon_app.mirror.messages import FeedType, PackedUnits
from tests.amazon.conftest import Scripted
from tests.amazon.test_feed_documents import ITEM, ORDER, a_shipment
from tests.web_stub import Answer

SELLER = SellerCredentials("account-1", "A1SELLER", "Atzr|token")
CONFIRMING = f"/orders/v0/orders/{ORDER}/shipmentConfirmation"
DONE = Answer(204, text="")
TAKEN = Answer(202, json={"feedId": "50001"})


def feed(scripted: Scripted) -> str:
    kind = FeedType.ADJUSTMENT
    return create_feed(scripted.api, SELLER, "eu", kind, ["A1PA6795UKMFR9"], "document-1")


def test_a_confirmation_says_what_amazon_wants(scripted: Scripted) -> None:
    scripted.stub.script(CONFIRMING, DONE)
    confirm_shipment(scripted.api, SELLER, "eu", a_shipment())
    request = scripted.stub.requests[-1]
    assert request.headers["Content-Type"] == "application/json"
    assert json.loads(request.body) == {
        "marketplaceId": "ATVPDKIKX0DER",
        "packageDetail": {
            "packageReferenceId": "1234567",
            "carrierCode": "Other",
            "carrierName": "Example Courier",
            "shippingMethod": "Ground",
            "trackingNumber": "1Z999",
            "shipDate": "2026-11-01T10:00:00.000Z",
            "orderItems": [{"orderItemId": ITEM, "quantity": 1}],
        },
    }


def test_a_confirmation_leaves_out_what_is_not_known() -> None:
    units = (
        PackedUnits(item_id=ITEM, quantity=2, transparency_codes=("AZ:1",)),
        PackedUnits(item_id=OrderItemId("2"), quantity=1),
    )
    body = confirmation(
        a_shipment(
            marketplace_id=MarketplaceId("A1VC38T7YXB528"),
            carrier_code="YAMATO",
            carrier_name="",
            shipping_method="",
            shipped_at=datetime(2026, 11, 1, 10, 0, 0, 123456, tzinfo=UTC),
            units=units,
            cash_on_delivery=True,
        )
    )
    assert body == {
        "marketplaceId": "A1VC38T7YXB528",
        "codCollectionMethod": "DirectPayment",
        "packageDetail": {
            "packageReferenceId": "1234567",
            "carrierCode": "YAMATO",
            "trackingNumber": "1Z999",
            "shipDate": "2026-11-01T10:00:00.123Z",
            "orderItems": [
                {"orderItemId": ITEM, "quantity": 2, "transparencyCodes": ["AZ:1"]},
                {"orderItemId": "2", "quantity": 1},
            ],
        },
    }


def test_a_confirmation_says_where_the_package_left_from() -> None:
    body = confirmation(a_shipment(supply_source_id="SOURCE-1"))
    assert body["packageDetail"]["shipFromSupplySourceId"] == "SOURCE-1"


def test_a_confirmation_is_sent_again_as_it_edits_the_package(scripted: Scripted) -> None:
    scripted.stub.script(CONFIRMING, Answer(drop=True), Answer(503, text="<html>"), DONE)
    confirm_shipment(scripted.api, SELLER, "eu", a_shipment())
    assert scripted.stub.count(CONFIRMING) == 3


def test_a_refusal_gives_amazons_words_and_details(scripted: Scripted) -> None:
    error = {
        "code": "InvalidInput",
        "message": "Failed to create package",
        "details": "cause:\n PackageToUpdateNotFound",
    }
    scripted.stub.script(CONFIRMING, Answer(400, json={"errors": [error]}))
    with pytest.raises(
        Refused, match=r"Failed to create package cause: PackageToUpdateNotFound\"$"
    ) as raised:
        confirm_shipment(scripted.api, SELLER, "eu", a_shipment())
    assert raised.value.code == "InvalidInput"


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Answer(drop=True), id="a dropped connection"),
        pytest.param(Answer(500, text=""), id="an empty 500"),
        pytest.param(Answer(503, text="<html>Service Unavailable</html>"), id="an HTML 503"),
        pytest.param(Answer(202, text='{"feedId": '), id="broken JSON"),
        pytest.param(Answer(202, json=[]), id="a list"),
        pytest.param(Answer(202, json={}), id="no id"),
        pytest.param(DONE, id="an empty answer"),
    ],
)
def test_a_feed_is_never_created_twice(scripted: Scripted, fault: Answer) -> None:
    scripted.stub.script(CREATE_FEED.path, fault, TAKEN)
    with pytest.raises(OutcomeUnknown) as error:
        feed(scripted)
    assert error.value.remedy is Remedy.RETRY
    assert scripted.stub.count(CREATE_FEED.path) == 1


def test_a_feed_is_not_created_twice_after_a_time_out(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def hang(method: str, url: str, **_: Any) -> Any:
        calls.append(url)
        raise requests.ReadTimeout

    monkeypatch.setattr(scripted.api.session, "request", hang)
    monkeypatch.setattr(scripted.api.tokens, "access_token", lambda _seller: "token")
    with pytest.raises(OutcomeUnknown):
        feed(scripted)
    assert len(calls) == 1


def test_a_feed_that_never_reached_amazon_is_sent_again(scripted: Scripted) -> None:
    scripted.api.tokens.access_token(SELLER)
    scripted.api.endpoint = "http://127.0.0.1:1"
    with pytest.raises(Unavailable):
        feed(scripted)


def test_a_token_that_cannot_be_had_leaves_no_doubt(scripted: Scripted) -> None:
    scripted.stub.script("/auth/o2/token", Answer(503, text="<html>"))
    with pytest.raises(Unavailable):
        feed(scripted)
    assert scripted.stub.count(CREATE_FEED.path) == 0


@pytest.mark.parametrize(("status", "error"), [(400, Refused), (403, Forbidden), (429, Throttled)])
def test_a_refused_feed_was_not_created(
    scripted: Scripted, status: int, error: type[Exception]
) -> None:
    refusal = Answer(status, json={"errors": [{"code": "C", "message": "M"}]})
    scripted.stub.script(CREATE_FEED.path, refusal)
    with pytest.raises(error, match="M"):
        feed(scripted)
    assert scripted.stub.count(CREATE_FEED.path) == 1


def test_a_feed_goes_out_with_a_new_token(scripted: Scripted) -> None:
    expired = {"code": "Unauthorized", "message": "The access token has expired."}
    scripted.stub.script(CREATE_FEED.path, Answer(403, json={"errors": [expired]}), TAKEN)
    assert feed(scripted) == "50001"
    assert json.loads(scripted.stub.requests[-1].body) == {
        "feedType": "POST_PAYMENT_ADJUSTMENT_DATA",
        "marketplaceIds": ["A1PA6795UKMFR9"],
        "inputFeedDocumentId": "document-1",
    }


def test_only_a_feed_must_not_be_repeated() -> None:
    assert not CREATE_FEED.repeatable
    assert CONFIRM_SHIPMENT.repeatable
    assert CREATE_FEED_DOCUMENT.repeatable


def test_the_bodies_are_in_the_models(shared: Any) -> None:
    def model(name: str, definition: str) -> Any:
        told = json.loads((shared / "amazon" / "models" / name).read_text())
        return told | {"$ref": f"#/definitions/{definition}"}

    confirming = model("ordersV0.json", "ConfirmShipmentRequest")
    codes = PackedUnits(item_id=ITEM, quantity=2, transparency_codes=("AZ:1",))
    for shipment in (a_shipment(), a_shipment(units=(codes,), cash_on_delivery=True)):
        body = confirmation(shipment)
        jsonschema.validate(body, confirming)
        known = confirming["definitions"]["PackageDetail"]["properties"]
        assert set(body["packageDetail"]) <= set(known)
    making = model("feeds_2021-06-30.json", "CreateFeedSpecification")
    jsonschema.validate(
        {"feedType": "X", "marketplaceIds": ["A"], "inputFeedDocumentId": "D"}, making
    )
