"""Reasons that the merchant chose from the shop's list."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from graphql import DocumentNode, print_ast

from saleor_amazon_app.mirror.ids import OrderItemId, SaleorOrderId
from saleor_amazon_app.mirror.saleor_order import (
    GrantedRefund,
    SaleorOrder,
    SaleorTransaction,
    TransactionEvent,
)
from saleor_amazon_app.saleor.client import SaleorApi
from saleor_amazon_app.saleor.errors import InvalidRequest
from saleor_amazon_app.saleor.reasons import with_chosen_reasons

ITEM = OrderItemId("1")
REQUEST = TransactionEvent("REFUND_REQUEST", Decimal(5), "amazon-refund-1", "please")
GRANT = GrantedRefund("g", Decimal(5), "", False, {ITEM: 1}, {ITEM: "one"}, ("amazon-refund-1",))
ORDER = SaleorOrder(
    id=SaleorOrderId("o"),
    number="1",
    status="FULFILLED",
    reference="302-1",
    total=Decimal(10),
    currency="EUR",
    email="",
    facts={},
    lines=(),
    fulfillments=(),
    transactions=(SaleorTransaction("t", "Amazon", Decimal(10), Decimal(0), (REQUEST,)),),
    grants=(GRANT,),
)
PAGE = {"title": "Damaged Item"}


class Shop(SaleorApi):
    """Knows chosen reasons of grants and requests, and of lines from 3.23 on."""

    def __init__(self, version: float) -> None:
        self.version = version
        self.asked = 0

    def run_document(
        self, node: DocumentNode, name: str, variables: dict[str, Any]
    ) -> dict[str, Any]:
        self.asked += 1
        lines = "orderItemId" in print_ast(node)
        if self.version < (3.23 if lines else 3.22):
            raise InvalidRequest("Cannot query field")
        line = {"orderLine": {"orderItemId": ITEM}, "reasonReference": PAGE}
        grant = {"id": "g", "reasonReference": PAGE} | ({"lines": [line]} if lines else {})
        event = {"pspReference": "amazon-refund-1", "reasonReference": PAGE}
        transaction = {"id": "t", "events": [event]}
        return {"order": {"grantedRefunds": [grant], "transactions": [transaction]}}


def test_they_stand_before_what_was_written() -> None:
    seen = with_chosen_reasons(Shop(3.23), ORDER)
    assert seen.grants[0].reason == "Damaged Item"
    assert seen.grants[0].reasons == {ITEM: "Damaged Item. one"}
    assert seen.transactions[0].events[0].message == "Damaged Item. please"


def test_lines_have_none_in_3_22() -> None:
    seen = with_chosen_reasons(Shop(3.22), ORDER)
    assert seen.grants[0].reason == "Damaged Item"
    assert seen.grants[0].reasons == {ITEM: "one"}


def test_older_shops_have_none() -> None:
    assert with_chosen_reasons(Shop(3.21), ORDER) == ORDER


@pytest.mark.parametrize("event", [None, replace(REQUEST, reference="somebody-else")])
def test_nothing_is_asked_of_orders_without_an_open_request(event: TransactionEvent | None) -> None:
    payment = replace(ORDER.transactions[0], events=(event,) if event else ())
    shop = Shop(3.23)
    order = replace(ORDER, transactions=(payment,))
    assert with_chosen_reasons(shop, order) == order
    assert shop.asked == 0
