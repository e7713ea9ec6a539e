"""Notifications API v1: destinations of the app, and sellers' subscriptions.

Source: the model notifications.json, and real answers where it gives no words. One port serves all
regions here; at Amazon each has destinations of its own. The tests of ``sendTestNotification`` are
offered by Amazon's sandbox hosts alone, and the names of its scenarios are not in the model: any is
taken.
"""

import json
import re
import uuid
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response

from saleor_amazon_app.sandbox.amazon.errors import SpApiError, invalid, unparsable
from saleor_amazon_app.sandbox.amazon.gateway import Call, answer, json_body
from saleor_amazon_app.sandbox.amazon.limits import (
    CREATE_DESTINATION,
    CREATE_SUBSCRIPTION,
    DELETE_SUBSCRIPTION,
    GET_DESTINATIONS,
    GET_SUBSCRIPTION,
    SEND_TEST,
)
from saleor_amazon_app.sandbox.amazon.notification_messages import VERSIONS
from saleor_amazon_app.sandbox.amazon.notifying import begin, put_test
from saleor_amazon_app.sandbox.amazon.records import Destination, Subscription
from saleor_amazon_app.sandbox.amazon.state import CLIENT_ID, State

Json = dict[str, Any]

SCOPE: Final = "sellingpartnerapi::notifications"
_ARN: Final = re.compile(r"^arn:aws:sqs:\S+:\S+:\S+")
_CHANGES: Final = frozenset({"BuyerRequestedChange", "DeliveryTipChange", "OrderStatusChange"})
_LONGEST_NAME: Final = 256


def blueprint(state: State) -> Blueprint:
    pages = Blueprint("notifications", __name__, url_prefix="/notifications/v1")

    @pages.get("/destinations")
    def get_destinations() -> Response:
        return answer(state, GET_DESTINATIONS, _destinations, scope=SCOPE)

    @pages.post("/destinations")
    def create_destination() -> Response:
        return answer(state, CREATE_DESTINATION, _create_destination, scope=SCOPE)

    @pages.get("/subscriptions/<kind>")
    def get_subscription(kind: str) -> Response:
        return answer(state, GET_SUBSCRIPTION, lambda call: _get(call, kind))

    @pages.post("/subscriptions/<kind>")
    def create_subscription(kind: str) -> Response:
        return answer(state, CREATE_SUBSCRIPTION, lambda call: _subscribe(call, kind))

    @pages.delete("/subscriptions/<kind>/<subscription_id>")
    def delete_subscription(kind: str, subscription_id: str) -> Response:
        def delete(call: Call) -> Json:
            return _delete(call, kind, subscription_id)

        return answer(state, DELETE_SUBSCRIPTION, delete, scope=SCOPE)

    @pages.post("/subscriptions/<kind>/testNotification")
    def send_test(kind: str) -> Response:
        return answer(state, SEND_TEST, lambda call: _test(call, kind), scope=SCOPE)

    return pages


# --- destinations -------------------------------------------------------------------------------


def _destinations(call: Call) -> Json:
    return {"payload": [_destination(each) for each in call.state.destinations.values()]}


def _create_destination(call: Call) -> Json:
    told = json_body()
    name, arn = told.get("name"), _queue(told.get("resourceSpecification"))
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME:
        raise unparsable("name is required.")
    if any(each.resource["sqs"]["arn"] == arn for each in call.state.destinations.values()):
        raise _conflict(
            "Conflict",
            "The requested resource conflict with a resource in the server.",
            f"A destination with arn {arn} already exists for the application {CLIENT_ID}",
        )
    made = Destination(str(uuid.uuid4()), name, {"sqs": {"arn": arn}})
    call.state.destinations[made.destination_id] = made
    call.state.on_change()
    return {"payload": _destination(made)}


def _destination(made: Destination) -> Json:
    return {
        "destinationId": made.destination_id,
        "name": made.name,
        "resource": made.resource,
    }


def _queue(specification: object) -> str:
    """Return the queue's name; the simulator has no EventBridge. A FIFO queue is taken too."""
    told = specification if isinstance(specification, dict) else {}
    if set(told) != {"sqs"} or not isinstance(told["sqs"], dict):
        raise unparsable("One resource type (sqs or eventBridge) per destination is required.")
    arn = str(told["sqs"].get("arn", ""))
    if not _ARN.match(arn):
        raise unparsable("The arn is not valid.")
    return arn


def _conflict(code: str, message: str, details: str) -> SpApiError:
    """Answer 409; words of amzn/selling-partner-api-docs#2072 and #3448."""
    return SpApiError(HTTPStatus.CONFLICT, code, message, details)


# --- subscriptions ------------------------------------------------------------------------------


def _get(call: Call, kind: str) -> Json:
    _check_type(kind)
    if (known := _subscription(call, kind)) is None:
        raise _missing()
    asked = call.args.get("payloadVersion", [known.payload_version])
    if asked != [known.payload_version]:
        raise _missing()
    return {"payload": _told(known)}


def _subscribe(call: Call, kind: str) -> Json:
    _check_type(kind)
    told = json_body()
    destination = told.get("destinationId")
    if told.get("payloadVersion") != VERSIONS[kind]:
        raise unparsable(f"The payloadVersion is not supported for {kind}.")
    if destination not in call.state.destinations:
        raise unparsable(f"No destination with id {destination} for applicationId {CLIENT_ID}")
    directive = told.get("processingDirective")
    _check_directive(kind, directive)
    if _subscription(call, kind):
        raise _conflict(
            "StateConflict",
            "The resource specified conflicts with the current state.",
            f"Subscription already exist for notification type {kind}",
        )
    identity = str(uuid.uuid4())
    made = Subscription(
        identity, call.seller.seller_id, kind, VERSIONS[kind], str(destination), directive
    )
    begin(call.state, made)
    return {"payload": _told(made)}


def _delete(call: Call, kind: str, subscription_id: str) -> Json:
    _check_type(kind)
    known = call.state.subscriptions.get(subscription_id)
    if known is None or known.type != kind:
        raise _missing()
    del call.state.subscriptions[subscription_id]
    call.state.on_change()
    return {}


def _test(call: Call, kind: str) -> Json:
    _check_type(kind)
    told = json_body()
    test = told.get("testNotification") or {}
    if test.get("payloadVersion") != VERSIONS[kind] or not test.get("testScenario"):
        raise unparsable("payloadVersion and testScenario are required.")
    destination = call.state.destinations.get(str(told.get("destinationId")))
    if destination is None:
        raise unparsable("There is no such destination.")
    put_test(call.state, destination, kind)
    return {}


def _check_type(kind: str) -> None:
    """Words of amzn/selling-partner-api-models#467."""
    if kind not in VERSIONS:
        raise invalid(f'Invalid value "{kind}" for path parameter notificationType')


def _check_directive(kind: str, directive: object) -> None:
    """ORDER_CHANGE needs a filter of its own (jlevers/selling-partner-api#885).

    One that names marketplaces but no changes was refused in
    amzn/selling-partner-api-models#4135, whose words these are.
    """
    told = directive if isinstance(directive, dict) else {}
    event_filter = told.get("eventFilter")
    if kind != "ORDER_CHANGE":
        if directive:
            raise unparsable(f"processingDirective is not supported for {kind}.")
        return
    if not event_filter:
        raise unparsable("Processing Directive eventFilter must not be empty")
    changes = event_filter.get("orderChangeTypes")
    if event_filter.get("eventFilterType") != kind or not _are_changes(changes):
        payload = json.dumps(event_filter, separators=(",", ":"))
        raise unparsable(
            f"EventFilter Payload {payload} failed to validate for notification type {kind}"
        )


def _are_changes(told: object) -> bool:
    return isinstance(told, list) and bool(told) and _CHANGES.issuperset(map(str, told))


def _subscription(call: Call, kind: str) -> Subscription | None:
    mine = (
        each
        for each in call.state.subscriptions.values()
        if each.seller_id == call.seller.seller_id and each.type == kind
    )
    return next(mine, None)


def _told(known: Subscription) -> Json:
    told: Json = {
        "subscriptionId": known.subscription_id,
        "payloadVersion": known.payload_version,
        "destinationId": known.destination_id,
    }
    return told | ({"processingDirective": known.directive} if known.directive else {})


def _missing() -> SpApiError:
    text = "The resource specified does not exist."
    return SpApiError(HTTPStatus.NOT_FOUND, "NotFound", text)
