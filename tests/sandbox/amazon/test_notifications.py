"""The simulated Notifications API: its refusals, and its messages against the published schemas."""

import json
from typing import Any

import pytest
from jsonschema import Draft7Validator

from saleor_amazon_app.sandbox.amazon.changes import change
from saleor_amazon_app.sandbox.amazon.faults import Fault, FaultKind
from saleor_amazon_app.sandbox.amazon.generator import generate
from saleor_amazon_app.sandbox.amazon.limits import PLANS
from saleor_amazon_app.sandbox.amazon.notifying import pump
from saleor_amazon_app.sandbox.amazon.records import Feed
from saleor_amazon_app.sandbox.amazon.state import State
from saleor_amazon_app.sandbox.amazon.storage import as_json, from_json
from tests.queues import AMAZON, TestQueue, new_queue, policy
from tests.sandbox.amazon.amazon import SELLER, Caller, Client, a_rich_order, an_order, order_id
from tests.sandbox.amazon.test_conformance import Model, faults_of, unknown_fields

DESTINATIONS = "/notifications/v1/destinations"
SUBSCRIPTIONS = "/notifications/v1/subscriptions"
FILTER = {"eventFilterType": "ORDER_CHANGE", "orderChangeTypes": ["OrderStatusChange"]}
BOTH = FILTER | {"orderChangeTypes": ["OrderStatusChange", "BuyerRequestedChange"]}
VERSIONS = {
    "ORDER_CHANGE": "1.0",
    "FEED_PROCESSING_FINISHED": "2020-09-04",
    "TRANSACTION_UPDATE": "1.0",
}
SCHEMAS = {
    "ORDER_CHANGE": "OrderChange",
    "FEED_PROCESSING_FINISHED": "FeedProcessingFinished",
    "TRANSACTION_UPDATE": "TransactionUpdate",
}


@pytest.fixture
def grantless(client: Client) -> Caller:
    caller = Caller(client)
    told = caller.token(
        grant_type="client_credentials", scope="sellingpartnerapi::notifications"
    ).json
    caller.access_token = told["access_token"]
    return caller


def destination(grantless: Caller, arn: str, name: str = "queue") -> Any:
    body = {"name": name, "resourceSpecification": {"sqs": {"arn": arn}}}
    return grantless.send("POST", DESTINATIONS, body)


def subscribe(call: Caller, kind: str, destination_id: str, **more: Any) -> Any:
    body: dict[str, Any] = {"payloadVersion": VERSIONS.get(kind, "1.0")}
    if kind == "ORDER_CHANGE":
        body["processingDirective"] = {"eventFilter": BOTH}
    body |= {"destinationId": destination_id} | more
    return call.send("POST", f"{SUBSCRIPTIONS}/{kind}", body)


@pytest.fixture
def destination_id(grantless: Caller, queue: TestQueue) -> str:
    return str(destination(grantless, queue.arn).json["payload"]["destinationId"])


@pytest.fixture
def subscribed(call: Caller, destination_id: str) -> None:
    for kind in VERSIONS:
        assert subscribe(call, kind, destination_id).status_code == 200


def error_of(answer: Any) -> tuple[int, str, str]:
    (error,) = answer.json["errors"]
    return answer.status_code, error["code"], error["details"] or error["message"]


# --- the API ------------------------------------------------------------------------------------


def test_a_queue_is_a_destination_once(grantless: Caller, queue: TestQueue) -> None:
    """amzn/selling-partner-api-docs#2072."""
    made = destination(grantless, queue.arn).json["payload"]
    assert made["resource"] == {"sqs": {"arn": queue.arn}}
    status, code, details = error_of(destination(grantless, queue.arn, "another name"))
    assert (status, code) == (409, "Conflict")
    assert "already exists for the application" in details
    assert grantless.get(DESTINATIONS).json["payload"] == [made]


def test_a_type_is_subscribed_to_once(call: Caller, destination_id: str) -> None:
    """amzn/selling-partner-api-docs#3448."""
    first = subscribe(call, "ORDER_CHANGE", destination_id).json["payload"]
    status, code, details = error_of(subscribe(call, "ORDER_CHANGE", destination_id))
    assert (status, code) == (409, "StateConflict")
    assert "Subscription already exist" in details
    told = call.get(f"{SUBSCRIPTIONS}/ORDER_CHANGE", payloadVersion="1.0").json["payload"]
    assert told == first


@pytest.mark.parametrize(
    ("kind", "more", "details"),
    [
        ("ORDER_CHANGE", {"processingDirective": None}, "eventFilter must not be empty"),
        ("ORDER_CHANGE", {"processingDirective": {"eventFilter": {}}}, "must not be empty"),
        (
            "ORDER_CHANGE",
            {
                "processingDirective": {
                    "eventFilter": {"eventFilterType": "ORDER_CHANGE", "marketplaceIds": ["M"]}
                }
            },
            "failed to validate for notification type ORDER_CHANGE",
        ),
        (
            "ORDER_CHANGE",
            {"processingDirective": {"eventFilter": FILTER | {"orderChangeTypes": ["Other"]}}},
            "failed to validate",
        ),
        ("TRANSACTION_UPDATE", {"processingDirective": {"eventFilter": FILTER}}, "not supported"),
        ("ORDER_CHANGE", {"payloadVersion": "2.0"}, "payloadVersion"),
        ("ORDER_CHANGE", {"destinationId": "none"}, "No destination with id none"),
        ("ORDER_STATUS_CHANGE", {}, 'Invalid value "ORDER_STATUS_CHANGE"'),
    ],
)
def test_what_a_subscription_needs(
    call: Caller, destination_id: str, kind: str, more: dict[str, Any], details: str
) -> None:
    status, code, told = error_of(subscribe(call, kind, destination_id, **more))
    assert (status, code) == (400, "InvalidInput")
    assert details in told


def test_what_concerns_no_seller_wants_the_apps_own_token(
    call: Caller, grantless: Caller, queue: TestQueue
) -> None:
    assert error_of(destination(call, queue.arn))[:2] == (403, "Unauthorized")
    assert call.get(DESTINATIONS).status_code == 403
    assert error_of(subscribe(grantless, "ORDER_CHANGE", "x"))[:2] == (403, "Unauthorized")
    assert call.send("DELETE", f"{SUBSCRIPTIONS}/ORDER_CHANGE/x").status_code == 403


def test_an_ended_subscription_is_gone(
    state: State, call: Caller, grantless: Caller, subscribed: None, queue: TestQueue
) -> None:
    told = call.get(f"{SUBSCRIPTIONS}/ORDER_CHANGE").json["payload"]
    path = f"{SUBSCRIPTIONS}/ORDER_CHANGE/{told['subscriptionId']}"
    assert grantless.send("DELETE", path).status_code == 200
    assert grantless.send("DELETE", path).status_code == 404
    assert error_of(call.get(f"{SUBSCRIPTIONS}/ORDER_CHANGE"))[:2] == (404, "NotFound")
    state.put_order(SELLER, an_order(1))
    pump(state)
    assert queue.count() == 0


def test_the_api_conforms(
    call: Caller, grantless: Caller, destination_id: str, model: Model
) -> None:
    published = model("models/notifications.json")
    answers = {
        "GetDestinationsResponse": grantless.get(DESTINATIONS),
        "CreateDestinationResponse": destination(grantless, "arn:aws:sqs:eu-west-1:1:other"),
        "CreateSubscriptionResponse": subscribe(call, "ORDER_CHANGE", destination_id),
        "GetSubscriptionResponse": call.get(f"{SUBSCRIPTIONS}/ORDER_CHANGE"),
    }
    for definition, answer in answers.items():
        assert answer.status_code == 200
        assert faults_of(published, definition, answer.json) == []
        assert unknown_fields(published, definition, answer.json) == set()
    limits = model("sandbox_cases_and_limits.json")
    for name in ("getDestinations", "createDestination", "getSubscription", "createSubscription"):
        told = limits[f"notifications.{name}"]
        assert (PLANS[name].rate, PLANS[name].burst) == (told["rate"], told["burst"])


# --- the messages -------------------------------------------------------------------------------


def types(bodies: list[Any]) -> list[str]:
    return [body.get("NotificationType") or body["notificationType"] for body in bodies]


def test_what_is_so_already_is_not_told(
    state: State, call: Caller, destination_id: str, queue: TestQueue
) -> None:
    state.put_order(SELLER, an_order(1))
    subscribe(call, "ORDER_CHANGE", destination_id)
    pump(state)
    assert queue.bodies() == []


def test_new_orders_changed_states_and_wishes_to_cancel_are_told(
    state: State, subscribed: None, queue: TestQueue
) -> None:
    order = a_rich_order(1)
    del order["orderItems"][0]["cancellation"]
    state.put_order(SELLER, order)
    pump(state)
    change(state, order_id(1), {"buyer_cancel_reason": "ORDERED_BY_MISTAKE"})
    pump(state)
    change(state, order_id(1), {"patch": {"recipient": None}})
    pump(state)
    told = [body["Payload"]["OrderChangeNotification"] for body in queue.bodies()]
    assert [each["OrderChangeType"] for each in told] == [
        "OrderStatusChange",
        "BuyerRequestedChange",
    ]
    assert told[0]["Summary"]["OrderStatus"] == "Unshipped"
    assert told[0]["Summary"]["DestinationPostalCode"] == "78704"


def test_ended_feeds_and_money_are_told(state: State, subscribed: None, queue: TestQueue) -> None:
    now = state.now_text()
    state.feeds[SELLER, "9"] = Feed(
        SELLER, "9", "POST_ORDER_FULFILLMENT_DATA", [], "d", now, now, now, status="CANCELLED"
    )
    state.put_order(SELLER, a_rich_order(1))
    pump(state)
    change(state, order_id(1), {"status": "SHIPPED"})
    pump(state)
    found = queue.bodies()
    assert sorted(types(found)) == [
        "FEED_PROCESSING_FINISHED",
        *("ORDER_CHANGE",) * 3,
        "TRANSACTION_UPDATE",
    ]
    (feed,) = [body["payload"] for body in found if "payload" in body]
    assert feed["feedProcessingFinishedNotification"]["processingStatus"] == "CANCELLED"


def test_the_messages_conform(
    state: State, subscribed: None, queue: TestQueue, model: Model, yesterday: Any
) -> None:
    for each in generate(23, 60, day=yesterday):
        state.put_order(SELLER, each.order, later=each.later)
    pump(state)
    for stored in list(state.orders.values()):
        change(state, stored.order_id, {"status": "SHIPPED", "buyer_cancel_reason": "x"})
    now = state.now_text()
    for number, status in enumerate(("DONE", "FATAL", "CANCELLED")):
        state.feeds[SELLER, str(number)] = Feed(
            SELLER, str(number), "T", [], "d", now, now, now, status=status, report_id="r"
        )
    pump(state)
    found = queue.bodies()
    assert set(types(found)) == set(SCHEMAS)
    validators = {
        kind: Draft7Validator(model(f"schemas/notifications/{name}Notification.json"))
        for kind, name in SCHEMAS.items()
    }
    for kind, body in zip(types(found), found, strict=True):
        assert [error.message for error in validators[kind].iter_errors(body)] == []


def test_a_test_is_a_notification_about_nobody(
    state: State, grantless: Caller, destination_id: str, queue: TestQueue, model: Model
) -> None:
    for kind, version in VERSIONS.items():
        test = {"payloadVersion": version, "testScenario": "any"}
        body = {"destinationId": destination_id, "testNotification": test}
        path = f"{SUBSCRIPTIONS}/{kind}/testNotification"
        assert grantless.send("POST", path, body).status_code == 200
        body = {"destinationId": destination_id, "testNotification": test | {"testScenario": ""}}
        assert grantless.send("POST", path, body).status_code == 400
        state.limits.reset()
    pump(state)
    found = queue.bodies()
    assert sorted(types(found)) == sorted(VERSIONS)
    for kind, body in zip(types(found), found, strict=True):
        schema = model(f"schemas/notifications/{SCHEMAS[kind]}Notification.json")
        assert list(Draft7Validator(schema).iter_errors(body)) == []
        assert SELLER not in json.dumps(body)


# --- faults, and queues that Amazon cannot write to -----------------------------------------------


def subjects(queue: TestQueue) -> list[str]:
    found = queue.bodies()
    return [body["Payload"]["OrderChangeNotification"]["AmazonOrderId"] for body in found]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (FaultKind.NOTIFICATION_LOST, [2, 3]),
        (FaultKind.NOTIFICATION_TWICE, [1, 1, 2, 3]),
        (FaultKind.NOTIFICATION_SWAPPED, [2, 1, 3]),
        (FaultKind.NOTIFICATION_LATE, [2, 3, 1]),
    ],
)
def test_what_goes_wrong_on_the_way(
    state: State, subscribed: None, queue: TestQueue, kind: FaultKind, expected: list[int]
) -> None:
    state.faults.add(Fault(kind, count=1, seconds=60))
    told: list[str] = []
    for number in (1, 2, 3):
        state.put_order(SELLER, an_order(number))
        pump(state)
        told += subjects(queue)
    state.clock.advance(61)
    pump(state)
    told += subjects(queue)
    assert told == [order_id(number) for number in expected]


def test_queues_that_amazon_cannot_write_to_stay_empty_and_nobody_is_told(
    state: State, call: Caller, grantless: Caller, sqs_url: str
) -> None:
    """amzn/selling-partner-api-docs#845 and #2043."""
    strangers = policy({"AWS": "123456789012"}, "sqs:SendMessage")
    closed = new_queue(sqs_url, Policy=strangers)
    made = destination(grantless, closed.arn)
    subscribe(call, "ORDER_CHANGE", made.json["payload"]["destinationId"])
    state.put_order(SELLER, an_order(1))
    pump(state)
    (outgoing,) = state.outgoing
    assert outgoing.outcome == "refused: the queue's policy"
    assert closed.count() == 0
    closed.set(Policy=policy({"AWS": AMAZON}, "sqs:SendMessage"))
    state.put_order(SELLER, an_order(2))
    pump(state)
    assert closed.count() == 1


def test_subscriptions_outlive_a_restart(
    state: State, subscribed: None, queue: TestQueue, client: Client
) -> None:
    state.put_order(SELLER, an_order(1))
    pump(state)
    again = from_json(json.loads(json.dumps(as_json(state))))
    pump(again)
    assert len(subjects(queue)) == 1, "what was told before is not told again"
    again.put_order(SELLER, an_order(2))
    pump(again)
    assert subjects(queue) == [order_id(2)]
    (told,) = client.get("/control/notifications").json
    assert told["outcome"] == "sent"
