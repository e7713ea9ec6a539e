"""Notifications API v1: where Amazon sends notifications, and to which ones a seller is subscribed.

Destinations belong to the app, one set for each region; subscriptions to a seller and the app, one
for each type. What concerns no seller is called with the app's own ("grantless") token. Source: the
model notifications.json and the SP-API page "Notifications API v1 Use Case Guide".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from saleor_amazon_app.amazon.client import SellingPartnerApi
from saleor_amazon_app.amazon.errors import Conflict, NotFound
from saleor_amazon_app.amazon.lwa import NOTIFICATIONS, SellerCredentials
from saleor_amazon_app.amazon.operations import (
    CREATE_DESTINATION,
    CREATE_SUBSCRIPTION,
    DELETE_SUBSCRIPTION,
    GET_DESTINATIONS,
    GET_SUBSCRIPTION,
    SEND_TEST_NOTIFICATION,
    Operation,
)
from saleor_amazon_app.amazon.reading import missing, objects, required


class NotificationType(StrEnum):
    """The notifications that the app subscribes to."""

    ORDER_CHANGE = "ORDER_CHANGE"
    FEED_PROCESSING_FINISHED = "FEED_PROCESSING_FINISHED"
    TRANSACTION_UPDATE = "TRANSACTION_UPDATE"


_PAYLOAD_VERSIONS: Final = {
    NotificationType.ORDER_CHANGE: "1.0",
    NotificationType.FEED_PROCESSING_FINISHED: "2020-09-04",
    NotificationType.TRANSACTION_UPDATE: "1.0",
}
_DIRECTIVES: Final[Mapping[NotificationType, dict[str, Any]]] = {
    NotificationType.ORDER_CHANGE: {
        "eventFilter": {
            "eventFilterType": "ORDER_CHANGE",
            "orderChangeTypes": ["OrderStatusChange", "BuyerRequestedChange"],
        }
    }
}
"""ORDER_CHANGE is refused without one (jlevers/selling-partner-api#885)."""


@dataclass(frozen=True)
class Destination:
    """A queue to which Amazon sends; ``arn`` is empty for a destination of another kind."""

    destination_id: str
    name: str
    arn: str


@dataclass(frozen=True)
class Subscription:
    """A seller's subscription to one type of notifications."""

    subscription_id: str
    destination_id: str


def list_destinations(api: SellingPartnerApi, region: str) -> list[Destination]:
    """Return the app's destinations in a region."""
    answer = api.call(GET_DESTINATIONS, NOTIFICATIONS, region)
    return [_destination(told) for told in objects(answer, "payload")]


def ensure_destination(api: SellingPartnerApi, region: str, arn: str, name: str) -> Destination:
    """Return the destination for a queue, made if there is none yet.

    Amazon refuses a second one for the same queue (amzn/selling-partner-api-docs#2072).

    Args:
        api: The client.
        region: Of the SP-API, not of AWS: each has its own destinations.
        arn: The queue's Amazon Resource Name.
        name: What a new destination is called.
    """
    if known := _destination_of(api, region, arn):
        return known
    specification = {"sqs": {"arn": arn}}
    body = {"name": name, "resourceSpecification": specification}
    try:
        answer = api.call(CREATE_DESTINATION, NOTIFICATIONS, region, body=body)
    except Conflict:
        if known := _destination_of(api, region, arn):
            return known
        raise
    return _destination(_payload(answer, CREATE_DESTINATION))


def get_subscription(
    api: SellingPartnerApi, seller: SellerCredentials, region: str, kind: NotificationType
) -> Subscription | None:
    """Return a seller's subscription to a type; None if there is none."""
    query = {"payloadVersion": _PAYLOAD_VERSIONS[kind]}
    try:
        answer = api.call(GET_SUBSCRIPTION, seller, region, path={"type": kind}, query=query)
    except NotFound:
        return None
    return _subscription(_payload(answer, GET_SUBSCRIPTION))


def create_subscription(
    api: SellingPartnerApi,
    seller: SellerCredentials,
    region: str,
    kind: NotificationType,
    destination_id: str,
) -> Subscription:
    """Subscribe a seller to a type.

    Raises:
        Conflict: The seller is subscribed already, perhaps for another destination.
        Refused: Amazon does not take the destination or the type.
        Forbidden: A role is missing.
    """
    body: dict[str, Any] = {
        "payloadVersion": _PAYLOAD_VERSIONS[kind],
        "destinationId": destination_id,
    }
    if directive := _DIRECTIVES.get(kind):
        body["processingDirective"] = directive
    answer = api.call(CREATE_SUBSCRIPTION, seller, region, path={"type": kind}, body=body)
    return _subscription(_payload(answer, CREATE_SUBSCRIPTION))


def delete_subscription(
    api: SellingPartnerApi, region: str, kind: NotificationType, subscription_id: str
) -> None:
    """End a subscription; one that is gone already is as good."""
    path = {"type": kind, "subscription_id": subscription_id}
    try:
        api.call(DELETE_SUBSCRIPTION, NOTIFICATIONS, region, path=path)
    except NotFound:
        return


def send_test(
    api: SellingPartnerApi, region: str, kind: NotificationType, destination_id: str, scenario: str
) -> None:
    """Have Amazon send a made-up notification; only Amazon's sandbox hosts offer that.

    Raises:
        Refused: There is no scenario of that name; the model names none, and wants one.
    """
    test = {"payloadVersion": _PAYLOAD_VERSIONS[kind], "testScenario": scenario}
    body = {"destinationId": destination_id, "testNotification": test}
    api.call(SEND_TEST_NOTIFICATION, NOTIFICATIONS, region, path={"type": kind}, body=body)


def _destination_of(api: SellingPartnerApi, region: str, arn: str) -> Destination | None:
    return next((each for each in list_destinations(api, region) if each.arn == arn), None)


def _payload(answer: dict[str, Any], operation: Operation) -> dict[str, Any]:
    payload = answer.get("payload")
    if not isinstance(payload, dict):
        raise missing("payload", operation.name)
    return payload


def _destination(told: dict[str, Any]) -> Destination:
    resource = told.get("resource") or {}
    queue = resource.get("sqs") or {}
    return Destination(
        required(told, "destinationId", "getDestinations"),
        str(told.get("name") or ""),
        str(queue.get("arn") or ""),
    )


def _subscription(told: dict[str, Any]) -> Subscription:
    return Subscription(
        required(told, "subscriptionId", "getSubscription"),
        required(told, "destinationId", "getSubscription"),
    )
