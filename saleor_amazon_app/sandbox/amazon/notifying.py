"""Notices what happens, and puts notifications into the queues of those who have subscribed.

What is told is found by comparing what is with what was told: so nothing that changes an order, a
feed or the money can be forgotten here. Notified are new orders, changed states and buyers' wishes
to cancel; a changed address or ship-by time is none of the changes that ORDER_CHANGE knows.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from saleor_amazon_app.sandbox.amazon import notification_messages as messages
from saleor_amazon_app.sandbox.amazon.clock import iso
from saleor_amazon_app.sandbox.amazon.faults import Aim, Fault, FaultKind
from saleor_amazon_app.sandbox.amazon.feed_processing import settle
from saleor_amazon_app.sandbox.amazon.order_facts import status
from saleor_amazon_app.sandbox.amazon.records import Destination, Outgoing, Subscription
from saleor_amazon_app.sandbox.amazon.state import State

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

Json = dict[str, Any]

NOTIFYING: Final = "notify"
"""The operation that faults may name for what happens to notifications."""
_EVERY: Final = 0.2
"""Real seconds between two looks at what has happened."""
_ACCOUNT: Final = "437568002678"
"""The account that writes to queues (SP-API page "Set up notifications")."""
_ENDED: Final = ("CANCELLED", "DONE", "FATAL")
_STATUS_CHANGE: Final = "OrderStatusChange"
_BUYERS_CHANGE: Final = "BuyerRequestedChange"


def run(state: State) -> None:
    """Notify as long as the simulator serves."""
    while not state.closing.wait(_EVERY):
        if state.subscriptions or state.outgoing:
            pump(state)


def pump(state: State) -> None:
    """Notice what has happened, and send what is due; when it returns, that is in the queues."""
    with state.sending:
        with state.lock:
            settle(state)
            for subscription in state.subscriptions.values():
                _notice(state, subscription)
            now = state.now_text()
            due = [o for o in state.outgoing if o.outcome == "waiting" and o.due <= now]
        for outgoing in due:
            outgoing.outcome = _put(outgoing)


def begin(state: State, subscription: Subscription) -> None:
    """Begin a subscription: what is so already is not told."""
    subscription.seen = _facts(state, subscription)
    state.subscriptions[subscription.subscription_id] = subscription
    state.on_change()


def put_test(state: State, destination: Destination, kind: str) -> None:
    """Send a made-up notification, about a seller and things that nobody has."""
    now = state.now_text()
    body = messages.envelope(kind, messages.VERSIONS[kind], _EXAMPLES[kind](now), "test", now)
    _queue_up(state, destination.destination_id, kind, "test", body, Aim(NOTIFYING))


# --- noticing -----------------------------------------------------------------------------------


def _facts(state: State, subscription: Subscription) -> Json:
    """Return what a subscription could tell of, by number, in a form that can be compared."""
    seller_id = subscription.seller_id
    if subscription.type == "ORDER_CHANGE":
        return {o.order_id: _mark(o.order) for o in state.orders_of(seller_id)}
    if subscription.type == "FEED_PROCESSING_FINISHED":
        mine = [feed for (owner, _), feed in state.feeds.items() if owner == seller_id]
        return {feed.feed_id: feed.status for feed in mine if feed.status in _ENDED}
    told = [each for each in state.transactions if each.seller_id == seller_id]
    return {each.body["transactionId"]: each.order_id for each in told}


def _mark(order: Json) -> list[Any]:
    asked = [i["orderItemId"] for i in order["orderItems"] if messages.asked_to_cancel(i)]
    return [status(order), asked]


def _notice(state: State, subscription: Subscription) -> None:
    facts = _facts(state, subscription)
    for subject, fact in facts.items():
        before = subscription.seen.get(subject)
        if before != fact:
            for order_id, payload in _payloads(state, subscription, subject, before):
                _tell(state, subscription, subject, order_id, payload)
    if facts != subscription.seen:
        subscription.seen = facts
        state.on_change()


def _payloads(
    state: State, subscription: Subscription, subject: str, before: list[Any] | None
) -> Iterator[tuple[str, Json]]:
    """Yield the notifications about a subject, each with the order that it concerns."""
    seller_id = subscription.seller_id
    if subscription.type == "FEED_PROCESSING_FINISHED":
        yield "", messages.feed_finished(state.feeds[seller_id, subject])
    elif subscription.type == "TRANSACTION_UPDATE":
        found = next(t for t in state.transactions if t.body["transactionId"] == subject)
        yield found.order_id, messages.transaction_update(found)
    else:
        order = state.orders[subject].order
        wanted = (subscription.directive or {})["eventFilter"]["orderChangeTypes"]
        for change in _changes(before, _mark(order)):
            if change in wanted:
                yield subject, messages.order_change(order, seller_id, change)


def _changes(before: list[Any] | None, now: list[Any]) -> Iterator[str]:
    """Yield what kinds of change lie between two states of an order; a new one has a new state."""
    if before is None or before[0] != now[0]:
        yield _STATUS_CHANGE
    if set(now[1]) - set(before[1] if before else ()):
        yield _BUYERS_CHANGE


# --- sending ------------------------------------------------------------------------------------


def _tell(
    state: State, subscription: Subscription, subject: str, order_id: str, payload: Json
) -> None:
    body = messages.envelope(
        subscription.type,
        subscription.payload_version,
        payload,
        subscription.subscription_id,
        state.now_text(),
    )
    aim = Aim(NOTIFYING, subscription.seller_id, order_id=order_id or None)
    _queue_up(state, subscription.destination_id, subscription.type, subject, body, aim)


def _queue_up(
    state: State, destination_id: str, kind: str, subject: str, body: Json, aim: Aim
) -> None:
    """Put a notification on its way, with what faults have in store for it."""
    arn = state.destinations[destination_id].resource["sqs"]["arn"]
    late = _strike(state, FaultKind.NOTIFICATION_LATE, aim)
    due = state.clock.now() + timedelta(seconds=late.seconds if late else 0)
    text = json.dumps(body, ensure_ascii=False)
    made = Outgoing(kind, subject, arn, iso(due), text)
    overtaken = [each for each in state.outgoing if each.outcome == "held"]
    state.outgoing.append(made)
    if _strike(state, FaultKind.NOTIFICATION_LOST, aim):
        made.outcome = "lost"
    elif _strike(state, FaultKind.NOTIFICATION_SWAPPED, aim):
        made.outcome = "held"
    elif _strike(state, FaultKind.NOTIFICATION_TWICE, aim):
        state.outgoing.append(Outgoing(kind, subject, arn, iso(due), text))
    for each in overtaken:
        state.outgoing.remove(each)
        state.outgoing.append(each)
        each.outcome = "waiting"


def _strike(state: State, kind: FaultKind, aim: Aim) -> Fault | None:
    return state.faults.strike(kind, aim, state.now_text())


def _put(outgoing: Outgoing) -> str:
    """Put a notification into its queue; returns what became of it.

    Amazon tells nobody when it cannot: a FIFO queue (amzn/selling-partner-api-docs#845) and a
    policy that does not let it in (#2043) both just stay empty.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - optional

    _, _, _, region, account, name = outgoing.arn.split(":", 5)
    if name.endswith(".fifo"):
        return "refused: a FIFO queue"
    try:
        client = _client(region)
        url = client.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)["QueueUrl"]
        told = client.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
        if not _is_let_in(told.get("Attributes", {}).get("Policy", "{}")):
            return "refused: the queue's policy"
        client.send_message(QueueUrl=url, MessageBody=outgoing.body)
    except (BotoCoreError, ClientError) as error:
        return f"failed: {error}"
    return "sent"


@cache
def _client(region: str) -> "SQSClient":
    """Connect to SQS; AWS_ENDPOINT_URL_SQS says where it is, if it is a simulated one."""
    import boto3  # noqa: PLC0415 - an optional dependency

    return boto3.session.Session().client("sqs", region_name=region)


def _is_let_in(policy: str) -> bool:
    """Tell whether a policy lets the account send. A simulated SQS does not look at policies."""
    statements = json.loads(policy).get("Statement", [])
    return any(
        each.get("Effect") == "Allow"
        and _ACCOUNT in json.dumps(each.get("Principal"))
        and "sendmessage" in json.dumps(each.get("Action")).lower()
        for each in (statements if isinstance(statements, list) else [statements])
    )


# --- tests --------------------------------------------------------------------------------------

_SELLER: Final = "A3TH9S8BH6GOGM"
"""The seller of the schemas' examples."""


def _example_order(now: str) -> Json:
    order = {
        "orderId": "903-8868176-2219830",
        "createdTime": now,
        "lastUpdatedTime": now,
        "salesChannel": {"marketplaceId": "ATVPDKIKX0DER"},
        "fulfillment": {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT"},
        "orderItems": [{"orderItemId": "OIID34853450", "quantityOrdered": 10}],
    }
    return messages.order_change(order, _SELLER, _STATUS_CHANGE)


def _example_feed(_now: str) -> Json:
    told = {
        "sellerId": _SELLER,
        "accountId": f"amzn1.merchant.o.{_SELLER}",
        "feedId": "53347018456",
        "feedType": "POST_PRODUCT_DATA",
        "processingStatus": "DONE",
    }
    return {"feedProcessingFinishedNotification": told}


def _example_transaction(now: str) -> Json:
    seller = {
        "SellingPartnerId": _SELLER,
        "MarketplaceId": "ATIV93840DER",
        "AccountType": "PAYABLE",
    }
    return {
        "TransactionUpdateNotification": {
            "SellingPartnerMetadata": seller,
            "TransactionType": "Shipment",
            "PostedDate": now,
            "TotalAmount": {"CurrencyAmount": 10, "CurrencyCode": "USD"},
        }
    }


_EXAMPLES: Final = {
    "ORDER_CHANGE": _example_order,
    "FEED_PROCESSING_FINISHED": _example_feed,
    "TRANSACTION_UPDATE": _example_transaction,
}
