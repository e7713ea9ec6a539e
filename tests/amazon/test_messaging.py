"""The client of the Messaging API: what it asks, what it understands, what it never repeats."""

from typing import Any

import pytest
import requests

from saleor_amazon_app.amazon.client import SellingPartnerApi
from saleor_amazon_app.amazon.errors import (
    Forbidden,
    OutcomeUnknown,
    Refused,
    Throttled,
    Unavailable,
)
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.amazon.messaging import (
    GET_ACTIONS,
    GET_ATTRIBUTES,
    WRITE,
    buyer_locale,
    is_not_offered,
    offered_actions,
    write_to_buyer,
)
from saleor_amazon_app.amazon.sellers import store_names
from saleor_amazon_app.mirror.buyer_messages import BuyerMessageKind
from saleor_amazon_app.mirror.failures import AmazonFailure
from saleor_amazon_app.mirror.ids import AmazonOrderId, MarketplaceId
from saleor_amazon_app.mirror.messages import BuyerMessage
from saleor_amazon_app.sandbox.amazon.faults import Fault, FaultKind
from saleor_amazon_app.sandbox.amazon.state import State
from tests.amazon.conftest import Scripted
from tests.mirror.amazon_orders import DE, UK, amazon_order
from tests.web_stub import Answer

SELLER = SellerCredentials("account-1", "A1SELLER", "Atzr|token")
NUMBER, STORE = AmazonOrderId("302-1234567-1234567"), MarketplaceId(DE)
TEXT = "Welche Farbe möchten Sie?\nRot oder Blau 😀"


def message(about: BuyerMessageKind = BuyerMessageKind.ORDER_DETAILS) -> BuyerMessage:
    return BuyerMessage(order_id=NUMBER, marketplace_id=STORE, about=about, text=TEXT)


def paths(kind: BuyerMessageKind) -> str:
    return WRITE[kind].path.format(order_id=NUMBER)


@pytest.fixture
def amazon_with_order(amazon: State) -> State:
    amazon.put_order("A1SELLER", amazon_order())
    return amazon


# --- against the simulated Amazon ---------------------------------------------------------------


def test_what_amazon_offers_is_told(simulated: SellingPartnerApi, amazon_with_order: State) -> None:
    found = offered_actions(simulated, SELLER, "eu", NUMBER, STORE)
    assert set(found) == {
        *("confirmDeliveryDetails", "confirmOrderDetails"),
        *("legalDisclosure", "unexpectedProblem"),
    }
    assert buyer_locale(simulated, SELLER, "eu", NUMBER, STORE) == "de-DE"


def test_the_very_text_arrives(simulated: SellingPartnerApi, amazon_with_order: State) -> None:
    write_to_buyer(simulated, SELLER, "eu", message())
    (written,) = amazon_with_order.messages
    assert (written.order_id, written.kind, written.text) == (NUMBER, "confirmOrderDetails", TEXT)


@pytest.mark.parametrize("kind", BuyerMessageKind)
def test_each_kind_arrives_as_itself(
    simulated: SellingPartnerApi, amazon_with_order: State, kind: BuyerMessageKind
) -> None:
    amazon_with_order.orders[NUMBER].messaging = list(BuyerMessageKind)
    write_to_buyer(simulated, SELLER, "eu", message(kind))
    assert [written.kind for written in amazon_with_order.messages] == [kind]


def test_a_kind_that_is_not_offered_is_told_from_a_missing_role(
    simulated: SellingPartnerApi, amazon_with_order: State
) -> None:
    with pytest.raises(Forbidden) as refused:
        write_to_buyer(simulated, SELLER, "eu", message(BuyerMessageKind.SERVICE_DETAILS))
    assert is_not_offered(refused.value)
    amazon_with_order.sellers["A1SELLER"].roles = frozenset()
    with pytest.raises(Forbidden) as refused:
        write_to_buyer(simulated, SELLER, "eu", message())
    assert not is_not_offered(refused.value)


@pytest.mark.parametrize(
    ("fault", "error", "arrived"),
    [
        (FaultKind.LOST_ANSWER, OutcomeUnknown, 1),
        (FaultKind.BROKEN_JSON, OutcomeUnknown, 1),
        (FaultKind.DROP, OutcomeUnknown, 0),
        (FaultKind.SERVER_ERROR, OutcomeUnknown, 0),
        (FaultKind.HTML_503, OutcomeUnknown, 0),
        (FaultKind.EMPTY_500, OutcomeUnknown, 0),
        (FaultKind.TRANSIENT_400, Refused, 0),
        (FaultKind.THROTTLE, Throttled, 0),
    ],
)
def test_no_fault_makes_the_client_send_again(
    simulated: SellingPartnerApi,
    amazon_with_order: State,
    fault: FaultKind,
    error: type[AmazonFailure],
    arrived: int,
) -> None:
    amazon_with_order.faults.add(Fault(fault, operation="createConfirmOrderDetails"))
    with pytest.raises(error):
        write_to_buyer(simulated, SELLER, "eu", message())
    assert len(amazon_with_order.messages) == arrived
    calls = sum(n for (name, _), n in amazon_with_order.calls.items() if name.startswith("create"))
    assert calls == 1


def test_a_connection_that_never_came_about_may_be_tried_again(scripted: Scripted) -> None:
    api = scripted.api
    api.tokens.access_token(SELLER)
    api.endpoint = "http://127.0.0.1:9"
    with pytest.raises(Unavailable):
        write_to_buyer(api, SELLER, "eu", message())


def test_the_names_of_the_stores_are_told(simulated: SellingPartnerApi) -> None:
    names = store_names(simulated, SELLER, "eu")
    assert names[DE] == names[UK] == "Simulated Store"


# --- against a scripted Amazon ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(Answer(201, json={}), None, id="as published"),
        pytest.param(Answer(201, text=""), None, id="the status alone"),
        pytest.param(Answer(201, text="<html>"), OutcomeUnknown, id="a page"),
        pytest.param(
            Answer(201, json={"errors": [{"code": "X", "message": "Y"}]}),
            OutcomeUnknown,
            id="taken, with errors",
        ),
        pytest.param(Answer(301, text=""), OutcomeUnknown, id="a redirection"),
    ],
)
def test_an_answer_to_a_message(
    scripted: Scripted, answer: Answer, error: type[AmazonFailure] | None
) -> None:
    path = paths(BuyerMessageKind.ORDER_DETAILS)
    scripted.stub.script(path, answer)
    if error is None:
        write_to_buyer(scripted.api, SELLER, "eu", message())
    else:
        with pytest.raises(error):
            write_to_buyer(scripted.api, SELLER, "eu", message())
    sent = [request for request in scripted.stub.requests if request.path == path]
    assert len(sent) == 1
    assert sent[0].query == {"marketplaceIds": DE}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param({"actions": []}, (), id="none"),
        pytest.param({"actions": [{"href": "/x", "name": "new"}]}, ("new",), id="a new one"),
        pytest.param({"actions": [{"href": "/x"}, "x", None]}, (), id="nameless"),
        pytest.param({"self": {"href": ["/x"]}, "actions": []}, (), id="a strange self"),
    ],
)
def test_actions_are_an_open_set(scripted: Scripted, told: Any, expected: tuple[str, ...]) -> None:
    scripted.stub.script(GET_ACTIONS.path.format(order_id=NUMBER), Answer(json={"_links": told}))
    assert offered_actions(scripted.api, SELLER, "eu", NUMBER, STORE) == expected


@pytest.mark.parametrize("told", [{}, {"_links": {}}, {"_links": []}, {"_links": {"actions": 1}}])
def test_an_answer_without_actions_is_not_taken_for_none(scripted: Scripted, told: Any) -> None:
    scripted.stub.script(GET_ACTIONS.path.format(order_id=NUMBER), Answer(json=told))
    with pytest.raises(Unavailable):
        offered_actions(scripted.api, SELLER, "eu", NUMBER, STORE)


@pytest.mark.parametrize("told", [{}, {"buyer": {}}, {"buyer": None}, {"buyer": {"locale": None}}])
def test_a_buyer_without_a_language(scripted: Scripted, told: Any) -> None:
    scripted.stub.script(GET_ATTRIBUTES.path.format(order_id=NUMBER), Answer(json=told))
    assert buyer_locale(scripted.api, SELLER, "eu", NUMBER, STORE) == ""


def test_requests_is_not_asked_to_retry(scripted: Scripted) -> None:
    """A retry by the adapter would be a second message that nothing here knows of."""
    adapter = scripted.api.session.get_adapter(scripted.stub.url)
    assert isinstance(adapter, requests.adapters.HTTPAdapter)
    assert adapter.max_retries.total == 0
