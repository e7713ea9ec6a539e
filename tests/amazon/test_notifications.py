"""The Notifications API as the app calls it: its own token, one of each thing, typed refusals."""

from typing import Any
from urllib.parse import parse_qsl

import pytest

from saleor_amazon_app.amazon.client import SellingPartnerApi
from saleor_amazon_app.amazon.errors import (
    AppCredentialsRefused,
    Conflict,
    Forbidden,
    NotFound,
    Refused,
)
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.amazon.notifications import (
    NotificationType,
    create_subscription,
    delete_subscription,
    ensure_destination,
    get_subscription,
    list_destinations,
    send_test,
)
from saleor_amazon_app.sandbox.amazon.state import State
from tests.amazon.conftest import Scripted, Store, Stored
from tests.web_stub import Answer
from tests.world import SELLER

ARN = "arn:aws:sqs:eu-west-1:123456789012:amazon"
SELLING = SellerCredentials("key", SELLER, "Atzr|token")
ORDER_CHANGE = NotificationType.ORDER_CHANGE
DESTINATIONS = "/notifications/v1/destinations"
TOLD = {"destinationId": "d1", "name": "x", "resource": {"sqs": {"arn": ARN}}}


def test_a_destination_is_made_once(simulated: SellingPartnerApi) -> None:
    made = ensure_destination(simulated, "eu", ARN, "app")
    assert (made.arn, made.name) == (ARN, "app")
    assert ensure_destination(simulated, "eu", ARN, "another name") == made
    assert list_destinations(simulated, "eu") == [made]


def test_a_destination_that_somebody_made_meanwhile_is_found(scripted: Scripted) -> None:
    conflict = {"errors": [{"code": "Conflict", "message": "A destination already exists"}]}
    scripted.stub.script(
        DESTINATIONS,
        Answer(json={"payload": []}),
        Answer(409, json=conflict),
        Answer(json={"payload": [TOLD]}),
    )
    assert ensure_destination(scripted.api, "eu", ARN, "app").destination_id == "d1"


def test_a_destination_that_can_be_neither_made_nor_found_is_a_conflict(
    scripted: Scripted,
) -> None:
    """amzn/selling-partner-api-docs#2125."""
    conflict = {"errors": [{"code": "Conflict", "message": "conflict"}]}
    scripted.stub.script(
        DESTINATIONS,
        Answer(json={"payload": []}),
        Answer(409, json=conflict),
        Answer(json={"payload": None}),
    )
    with pytest.raises(Conflict):
        ensure_destination(scripted.api, "eu", ARN, "app")


@pytest.mark.parametrize("kind", list(NotificationType))
def test_a_subscription_begins_and_ends(
    simulated: SellingPartnerApi, kind: NotificationType
) -> None:
    destination = ensure_destination(simulated, "eu", ARN, "app").destination_id
    assert get_subscription(simulated, SELLING, "eu", kind) is None
    made = create_subscription(simulated, SELLING, "eu", kind, destination)
    assert made.destination_id == destination
    assert get_subscription(simulated, SELLING, "eu", kind) == made
    with pytest.raises(Conflict, match="already exist"):
        create_subscription(simulated, SELLING, "eu", kind, destination)
    delete_subscription(simulated, "eu", kind, made.subscription_id)
    delete_subscription(simulated, "eu", kind, made.subscription_id)
    assert get_subscription(simulated, SELLING, "eu", kind) is None


def test_amazons_words_are_kept(simulated: SellingPartnerApi) -> None:
    with pytest.raises(Refused, match="No destination with id nowhere"):
        create_subscription(simulated, SELLING, "eu", ORDER_CHANGE, "nowhere")


def test_a_test_goes_to_the_destination(simulated: SellingPartnerApi, amazon: State) -> None:
    destination = ensure_destination(simulated, "eu", ARN, "app").destination_id
    send_test(simulated, "eu", ORDER_CHANGE, destination, "any")
    assert [(o.type, o.arn) for o in amazon.outgoing] == [("ORDER_CHANGE", ARN)]
    with pytest.raises(Refused, match="testScenario"):
        send_test(simulated, "eu", ORDER_CHANGE, destination, "")


def test_a_test_is_asked_of_amazons_sandbox_hosts(scripted: Scripted) -> None:
    """The model: sendTestNotification must be directed to a sandbox endpoint."""
    store = Store([Stored(content=b"{}")])
    scripted.api.endpoint = None
    scripted.api.session.mount("https://", store)
    send_test(scripted.api, "eu", ORDER_CHANGE, "d1", "any")
    (sent,) = store.sent
    assert sent.url == (
        "https://sandbox.sellingpartnerapi-eu.amazon.com"
        "/notifications/v1/subscriptions/ORDER_CHANGE/testNotification"
    )


def test_the_apps_own_token_is_asked_for_once_and_is_not_the_sellers(scripted: Scripted) -> None:
    scripted.stub.script(
        "/auth/o2/token",
        Answer(json={"access_token": "Atza|app"}),
        Answer(json={"access_token": "Atza|seller"}),
    )
    scripted.stub.script(DESTINATIONS, Answer(json={"payload": []}))
    for _ in range(2):
        list_destinations(scripted.api, "eu")
    get_subscription(scripted.api, SELLING, "eu", ORDER_CHANGE)
    asked = [r for r in scripted.stub.requests if r.path == "/auth/o2/token"]
    forms: list[dict[str, Any]] = [dict(parse_qsl(r.body.decode())) for r in asked]
    assert [form["grant_type"] for form in forms] == ["client_credentials", "refresh_token"]
    assert forms[0]["scope"] == "sellingpartnerapi::notifications"
    calls = [r for r in scripted.stub.requests if r.path != "/auth/o2/token"]
    tokens = [r.headers["x-amz-access-token"] for r in calls]
    assert tokens == ["Atza|app", "Atza|app", "Atza|seller"]


@pytest.mark.parametrize("code", ["invalid_scope", "unauthorized_client", "invalid_grant"])
def test_an_app_that_may_not_is_no_lost_seller(scripted: Scripted, code: str) -> None:
    scripted.stub.script("/auth/o2/token", Answer(400, json={"error": code}))
    with pytest.raises(AppCredentialsRefused, match="notifications"):
        list_destinations(scripted.api, "eu")


@pytest.mark.parametrize(
    ("status", "expected"), [(403, Forbidden), (404, NotFound), (409, Conflict)]
)
def test_refusals_have_types(scripted: Scripted, status: int, expected: type[Exception]) -> None:
    body = {"errors": [{"code": "x", "message": "y"}]}
    scripted.stub.script(DESTINATIONS, Answer(status, json=body))
    with pytest.raises(expected):
        list_destinations(scripted.api, "eu")
