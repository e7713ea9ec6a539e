"""The demo's judge: each way in which two sides can differ has to be seen."""

import copy
from collections.abc import Callable
from typing import Any, cast

import pytest

from saleor_amazon_app.demo.agreeing import disagreements
from saleor_amazon_app.demo.hands import Dashboard, SellerCentral

Json = dict[str, Any]
NUMBER = "302-0000001-1234567"


class Amazon:
    """Amazon's side of one order: one of three units is on its way, a part of it is refunded."""

    def __init__(self) -> None:
        self.told: Json = {
            "order_id": NUMBER,
            "case": "plain",
            "status": "PARTIALLY_SHIPPED",
            "paid": "20.00",
            "refunded_by_mistake": False,
        }
        parcel = {"trackingNumber": "T1", "packageItems": [{"orderItemId": "I1", "quantity": 1}]}
        item = {
            "orderItemId": "I1",
            "quantityOrdered": 3,
            "fulfillment": {"quantityFulfilled": 1},
        }
        self.whole: Json = {"orderItems": [item], "packages": [parcel]}

    def orders(self) -> list[Json]:
        return [self.told]

    def order(self, _order_id: str) -> Json:
        return self.whole


class Saleor:
    """The same order in the shop."""

    def __init__(self) -> None:
        parts = [{"orderItemId": "I1", "quantity": 1}]
        self.mirrored: Json = {
            "status": "PARTIALLY_FULFILLED",
            "charged": "20.00",
            "refundPending": "0.00",
            "lines": [{"orderItemId": "I1", "quantity": 3, "quantityFulfilled": 1}],
            "fulfillments": [
                {"status": "CANCELED", "tracking": "T0", "lines": parts},
                {"status": "FULFILLED", "tracking": "T1", "lines": parts},
            ],
        }
        self.written: list[Json] = [{"kind": "x", "to": f"{NUMBER}@amazon-order.invalid"}]

    def orders(self) -> dict[str, Json]:
        return {NUMBER: self.mirrored}

    def mails(self) -> list[Json]:
        return self.written


def judge(amazon: Amazon, saleor: Saleor) -> list[str]:
    return disagreements(cast(SellerCentral, amazon), cast(Dashboard, saleor))


def at_amazon(path: str, value: object) -> Callable[[Amazon, Saleor], None]:
    def change(amazon: Amazon, _saleor: Saleor) -> None:
        amazon.told[path] = value

    return change


def in_saleor(path: str, value: object) -> Callable[[Amazon, Saleor], None]:
    def change(_amazon: Amazon, saleor: Saleor) -> None:
        saleor.mirrored[path] = value

    return change


def lost_parcel(amazon: Amazon, _saleor: Saleor) -> None:
    amazon.whole["packages"] = []


def other_units(_amazon: Amazon, saleor: Saleor) -> None:
    saleor.mirrored["lines"][0]["quantityFulfilled"] = 2


def item_missing(amazon: Amazon, _saleor: Saleor) -> None:
    amazon.whole["orderItems"].append({"orderItemId": "I2", "quantityOrdered": 1})


def other_content(_amazon: Amazon, saleor: Saleor) -> None:
    saleor.mirrored["fulfillments"][1] = copy.deepcopy(saleor.mirrored["fulfillments"][1])
    saleor.mirrored["fulfillments"][1]["lines"][0]["quantity"] = 2


def mail_to_a_buyer(_amazon: Amazon, saleor: Saleor) -> None:
    saleor.written.append({"kind": "order_canceled", "to": "buyer@marketplace.amazon.de"})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (at_amazon("status", "CANCELLED"), "CANCELLED at Amazon"),
        (at_amazon("status", "SHIPPED"), "SHIPPED at Amazon"),
        (at_amazon("paid", "19.99"), "paid 19.99 at Amazon and 20.00 in Saleor"),
        (at_amazon("refunded_by_mistake", True), "refunded by mistake"),
        (in_saleor("charged", "0.00"), "paid 20.00 at Amazon and 0.00 in Saleor"),
        (in_saleor("refundPending", "1.00"), "a refund of 1.00 is pending"),
        (in_saleor("fulfillments", []), "parcel T1 is not so in Saleor"),
        (lost_parcel, "parcel T1 is not so at Amazon"),
        (other_content, "parcel T1 is not so at Amazon"),
        (other_units, "1 units are sent at Amazon and 2 in Saleor"),
        (item_missing, "item I2 is not in Saleor"),
        (mail_to_a_buyer, "order_canceled"),
    ],
)
def test_a_difference_is_seen(change: Callable[[Amazon, Saleor], None], sentence: str) -> None:
    amazon, saleor = Amazon(), Saleor()
    change(amazon, saleor)
    assert any(sentence in each for each in judge(amazon, saleor))


def test_sides_that_agree() -> None:
    assert judge(Amazon(), Saleor()) == []


def test_units_cancelled_at_amazon_stay_on_saleors_line() -> None:
    amazon, saleor = Amazon(), Saleor()
    amazon.whole["orderItems"][0]["quantityOrdered"] = 1
    amazon.told["status"] = "SHIPPED"
    assert judge(amazon, saleor) == []
