"""Who asked for refunds in Saleor, as far as the shop tells."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from graphql import DocumentNode

from saleor_amazon_app.mirror.failures import SaleorFailure
from saleor_amazon_app.mirror.saleor_order import SaleorTransaction, TransactionEvent
from saleor_amazon_app.saleor.askers import with_askers
from saleor_amazon_app.saleor.client import SaleorApi
from saleor_amazon_app.saleor.errors import AccessDenied, InvalidRequest, Unreachable
from tests.saleor.test_reasons import ORDER

R = "amazon-refund-1"
PERSON = {"email": "jane@shop.example", "firstName": "Jane", "lastName": "Doe"}


class Shop(SaleorApi):
    """Tells of one transaction, or fails."""

    def __init__(
        self, *events: Any, granted: Any = None, failure: SaleorFailure | None = None
    ) -> None:
        self.events = events
        self.granted = granted
        self.failure = failure
        self.asked = 0

    def run_document(
        self, node: DocumentNode, name: str, variables: dict[str, Any]
    ) -> dict[str, Any]:
        assert (name, variables) == ("RefundAskers", {"id": ORDER.id})
        self.asked += 1
        if self.failure:
            raise self.failure
        grant = {"app": self.granted, "transactionEvents": [{"pspReference": R}]}
        transaction = {"id": "t", "events": list(self.events)}
        return {"order": {"grantedRefunds": [grant], "transactions": [transaction]}}


def made(by: Any, reference: str = R, type_: str = "REFUND_REQUEST") -> dict[str, Any]:
    return {"type": type_, "pspReference": reference, "createdBy": by}


def names(shop: Shop) -> list[str]:
    (transaction,) = with_askers(shop, ORDER).transactions
    return [event.by for event in transaction.events]


@pytest.mark.parametrize(
    ("by", "name"),
    [
        (PERSON, "Jane Doe"),
        (PERSON | {"firstName": ""}, "Doe"),
        (PERSON | {"firstName": "", "lastName": ""}, "jane@shop.example"),
        ({"name": "Returns Portal"}, "Returns Portal"),
        ({"name": None}, ""),
        ({}, ""),
        (None, ""),
    ],
)
def test_a_person_or_an_app_is_told_by_name(by: Any, name: str) -> None:
    assert names(Shop(made(by))) == [name]


def test_the_request_counts_and_not_the_apps_own_answer_to_it() -> None:
    """The answer bears the request's reference."""
    answer = made({"name": "Amazon Orders"}, type_="REFUND_SUCCESS")
    for events in ((answer, made(PERSON)), (made(PERSON), answer)):
        assert names(Shop(*events)) == ["Jane Doe"]
    assert names(Shop(made(PERSON, "another"))) == [""]


def test_a_granted_refund_names_the_app_that_granted_it_unless_somebody_else_asked() -> None:
    portal = {"name": "Returns Portal"}
    assert names(Shop(made(None), granted=portal)) == ["Returns Portal"]
    assert names(Shop(made(PERSON), granted=portal)) == ["Jane Doe"]
    assert names(Shop(made(None), granted=None)) == [""]


@pytest.mark.parametrize("failure", [InvalidRequest("unknown field"), AccessDenied("no")])
def test_a_shop_that_does_not_tell_loses_only_the_names(failure: SaleorFailure) -> None:
    assert with_askers(Shop(failure=failure), ORDER) == ORDER


def test_a_shop_that_does_not_answer_is_asked_again_later() -> None:
    with pytest.raises(Unreachable):
        with_askers(Shop(failure=Unreachable("nothing")), ORDER)


def test_nothing_is_asked_of_orders_without_an_open_request() -> None:
    event = TransactionEvent("REFUND_REQUEST", Decimal(5), "somebody-else")
    quiet = SaleorTransaction("t", "Amazon", Decimal(10), Decimal(0), (event,))
    shop = Shop(made(PERSON))
    for transactions in ((), (quiet,)):
        order = replace(ORDER, transactions=transactions)
        assert with_askers(shop, order) == order
    assert shop.asked == 0
