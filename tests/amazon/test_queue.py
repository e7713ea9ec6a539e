"""The queue, through AWS's own client: what it gives, and what each refusal means."""

import json
import sys

import pytest

from saleor_amazon_app.amazon.errors import QueueRefused, QueueUnavailable
from saleor_amazon_app.amazon.queue import NotificationQueue, lets_amazon_send
from saleor_amazon_app.demo.processes import free_port
from saleor_amazon_app.mirror.failures import Misconfigured
from tests.queues import AMAZON, OPEN, TestQueue, policy


def test_messages_stay_until_they_are_deleted(queue: TestQueue) -> None:
    queue.set(VisibilityTimeout="0")
    for number in range(3):
        queue.put({"number": number})
    reader = NotificationQueue(queue.url)
    first, again = reader.receive(0), reader.receive(0)
    assert {m.message_id for m in first} == {m.message_id for m in again}
    reader.delete(again)
    assert reader.receive(0) == []
    reader.delete([])


def test_no_more_than_ten_come_at_once(queue: TestQueue) -> None:
    for number in range(12):
        queue.put({"number": number})
    reader = NotificationQueue(queue.url)
    assert [len(reader.receive(0)) for _ in range(3)] == [10, 2, 0]


def test_the_facts_of_a_queue(queue: TestQueue) -> None:
    queue.put("x")
    facts = NotificationQueue(queue.url).facts()
    assert (facts.arn, facts.waiting, facts.open_to_amazon) == (queue.arn, 1, True)
    assert facts.arn.startswith("arn:aws:sqs:eu-west-1:")


def test_a_queue_that_is_gone_needs_a_person(queue: TestQueue) -> None:
    queue.delete()
    with pytest.raises(QueueRefused, match="AMAZON_NOTIFICATIONS_QUEUE_URL"):
        NotificationQueue(queue.url).receive(0)


def test_a_queue_that_does_not_answer_is_tried_again(sqs_url: str) -> None:
    with pytest.raises(QueueUnavailable, match="does not answer"):
        NotificationQueue(f"http://127.0.0.1:{free_port()}/123456789012/q").facts()


@pytest.mark.parametrize("missing", ["AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION"])
def test_missing_credentials_need_a_person(
    queue: TestQueue, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(missing)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    with pytest.raises(QueueRefused, match="Give this program AWS credentials"):
        NotificationQueue(queue.url).receive(0)


def test_the_region_is_read_from_amazons_addresses(
    sqs_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    for host in ("sqs.eu-central-1.amazonaws.com", "vpce-1.sqs.eu-central-1.vpce.amazonaws.com"):
        client = NotificationQueue(f"https://{host}/123456789012/q")._client
        assert client.meta.region_name == "eu-central-1"
        assert client.meta.endpoint_url == f"https://{host}"


def test_without_awss_client_the_cure_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(Misconfigured, match=r"saleor-amazon-app\[notifications\]"):
        NotificationQueue("https://sqs.eu-west-1.amazonaws.com/1/q").receive(0)


@pytest.mark.parametrize(
    ("text", "open_"),
    [
        (OPEN, True),
        (policy("*", "sqs:*"), True),
        (policy({"AWS": ["1", AMAZON]}, "SQS:SendMessage"), True),
        (policy({"AWS": AMAZON}, "sqs:ReceiveMessage"), False),
        (policy({"AWS": "arn:aws:iam::123456789012:root"}, "sqs:SendMessage"), False),
        (policy({"Service": "sns.amazonaws.com"}, "sqs:SendMessage"), False),
        (OPEN.replace("Allow", "Deny"), False),
        (json.dumps({"Statement": json.loads(OPEN)["Statement"][0]}), True),
        (json.dumps({"Statement": [None, 5]}), False),
        ("{}", False),
        ("[]", False),
        ("", False),
    ],
)
def test_whether_a_policy_lets_amazon_in(text: str, open_: bool) -> None:
    assert lets_amazon_send(text) is open_
