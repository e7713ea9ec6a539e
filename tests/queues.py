"""Queues of SQS for tests: moto's server, spoken to by AWS's own client."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from saleor_amazon_app.demo.processes import free_port

AMAZON = "437568002678"


def policy(principal: Any, *actions: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": list(actions),
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


OPEN = policy({"AWS": f"arn:aws:iam::{AMAZON}:root"}, "sqs:SendMessage", "sqs:GetQueueAttributes")


@dataclass
class TestQueue:
    """A queue, and handles to act on it and look into it."""

    __test__ = False

    client: Any
    url: str
    arn: str

    def put(self, body: Any) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        self.client.send_message(QueueUrl=self.url, MessageBody=text)

    def set(self, **attributes: str) -> None:
        self.client.set_queue_attributes(QueueUrl=self.url, Attributes=attributes)

    def delete(self) -> None:
        self.client.delete_queue(QueueUrl=self.url)

    def count(self) -> int:
        """Count the messages, those that somebody is at included."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = self.client.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)
        return sum(int(told["Attributes"][name]) for name in names)

    def bodies(self) -> list[Any]:
        """Take all messages out."""
        found: list[Any] = []
        while told := self.client.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for message in told:
                found.append(json.loads(message["Body"]))
                receipt = message["ReceiptHandle"]
                self.client.delete_message(QueueUrl=self.url, ReceiptHandle=receipt)
        return found


@pytest.fixture(scope="session")
def sqs_url() -> Iterator[str]:
    """Run a simulated SQS; AWS's client finds it by the environment, and credentials too."""
    port = free_port()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    url = f"http://127.0.0.1:{port}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_SQS", url)
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield url
    server.stop()


def new_queue(sqs_url: str, name: str = "", **attributes: str) -> TestQueue:
    client: Any = boto3.client("sqs", region_name="eu-west-1", endpoint_url=sqs_url)
    name = name or f"queue-{uuid.uuid4().hex}"
    url = client.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    told = client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return TestQueue(client, url, told["Attributes"]["QueueArn"])


@pytest.fixture
def queue(sqs_url: str) -> TestQueue:
    """An empty queue that is open to Amazon."""
    return new_queue(sqs_url, Policy=OPEN)
