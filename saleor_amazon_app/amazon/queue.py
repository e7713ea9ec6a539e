"""The SQS queue into which Amazon puts notifications, read by AWS's own client.

AWS credentials come from boto3's own chain: environment, profile, or the role of the machine.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import simplejson

from saleor_amazon_app.amazon.errors import QueueRefused, QueueUnavailable
from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.sentences import Sentence, say

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

AMAZON: Final = "437568002678"
"""The AWS account from which the SP-API writes to queues (SP-API page "Set up notifications")."""
AT_ONCE: Final = 10
"""SQS gives no more in one call."""
_AWS_REGION: Final = re.compile(r"(?:^|\.)sqs(?:-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d)\.")
_PASSING: Final = re.compile(r"Throttl|RequestLimit|ServiceUnavailable|Internal|OverLimit")


@dataclass(frozen=True)
class QueueMessage:
    """A message as SQS gave it. ``receipt`` is what it is deleted by."""

    message_id: str
    receipt: str
    body: str


@dataclass
class NotificationQueue:
    """A queue by its URL; nothing is reached before it is used."""

    url: str

    def receive(self, wait: int) -> list[QueueMessage]:
        """Return up to ten messages, after at most ``wait`` seconds.

        They stay in the queue, hidden for its visibility timeout, until they are deleted. With 0
        seconds SQS asks only some of its servers and may return none though there are some.

        Raises:
            QueueRefused, QueueUnavailable: It cannot be read.
        """
        client = self._client
        with _translated(say("queue.to_read")):
            answer = client.receive_message(
                QueueUrl=self.url, MaxNumberOfMessages=AT_ONCE, WaitTimeSeconds=wait
            )
        return [
            QueueMessage(told["MessageId"], told["ReceiptHandle"], told["Body"])
            for told in answer.get("Messages", [])
        ]

    def delete(self, messages: Sequence[QueueMessage]) -> None:
        """Delete what has been dealt with; what SQS fails to delete it delivers again.

        Raises:
            QueueRefused, QueueUnavailable: Nothing was deleted.
        """
        if not messages:
            return
        client = self._client
        entries = [{"Id": str(n), "ReceiptHandle": m.receipt} for n, m in enumerate(messages)]
        with _translated(say("queue.to_empty")):
            client.delete_message_batch(QueueUrl=self.url, Entries=entries)  # type: ignore[arg-type]

    def facts(self) -> "QueueFacts":
        """Look at the queue without touching its messages.

        Raises:
            QueueRefused, QueueUnavailable: It cannot be looked at.
        """
        client = self._client
        with _translated(say("queue.to_look_at")):
            answer = client.get_queue_attributes(
                QueueUrl=self.url,
                AttributeNames=["QueueArn", "ApproximateNumberOfMessages", "Policy"],
            )
        told: Any = answer.get("Attributes", {})
        return QueueFacts(
            arn=str(told.get("QueueArn", "")),
            waiting=int(told.get("ApproximateNumberOfMessages", 0)),
            open_to_amazon=lets_amazon_send(str(told.get("Policy") or "{}")),
        )

    @cached_property
    def _client(self) -> "SQSClient":
        try:
            import boto3  # noqa: PLC0415 - an optional dependency
            from botocore.config import Config  # noqa: PLC0415
        except ImportError:
            raise Misconfigured(
                say("queue.no_client"),
                cure=say("queue.install_client"),
            ) from None
        address = urlsplit(self.url)
        region = _AWS_REGION.search(address.hostname or "")
        with _translated(say("queue.to_reach")):
            return boto3.session.Session().client(  # the default session is not for threads
                "sqs",
                region_name=region.group(1) if region else None,
                endpoint_url=f"{address.scheme}://{address.netloc}",
                config=Config(
                    connect_timeout=5,
                    read_timeout=30,
                    retries={"mode": "standard", "max_attempts": 2},
                ),
            )


@dataclass(frozen=True)
class QueueFacts:
    """What AWS tells of a queue."""

    arn: str
    waiting: int
    """About so many messages wait in it."""
    open_to_amazon: bool
    """Whether its access policy lets Amazon put messages into it, as far as that can be read."""


def lets_amazon_send(policy: str) -> bool:
    """Tell whether an access policy lets Amazon's account send, conditions left aside.

    Without it notifications stay away and nobody is told (amzn/selling-partner-api-docs#2043).
    """
    try:
        statements = simplejson.loads(policy).get("Statement") or []
    except (ValueError, AttributeError):
        return False
    return any(_lets_amazon_send(each) for each in _listed(statements) if isinstance(each, dict))


def _lets_amazon_send(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    named = _listed(principal.get("AWS") if isinstance(principal, dict) else principal)
    actions = {str(action).casefold() for action in _listed(statement.get("Action"))}
    return (
        statement.get("Effect") == "Allow"
        and any(str(each) == "*" or AMAZON in str(each) for each in named)
        and not actions.isdisjoint({"sqs:sendmessage", "sqs:*", "*"})
    )


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - JSON of any shape
    return value if isinstance(value, list) else [value]


@contextmanager
def _translated(done: Sentence) -> Iterator[None]:
    """Turn AWS's errors into the app's, without a word of what was sent."""
    from botocore import exceptions  # noqa: PLC0415 - an optional dependency

    try:
        yield
    except exceptions.ClientError as error:
        raise _refusal(error.response.get("Error", {}).get("Code", ""), done) from None
    except (exceptions.ConnectionError, exceptions.HTTPClientError) as error:
        raise QueueUnavailable(say("queue.silent", done=done), code=type(error).__name__) from None
    except exceptions.BotoCoreError as error:  # no credentials, no region, an illegible profile
        raise QueueRefused(
            say("queue.broken", done=done, answer=str(error)),
            cure=say("queue.credentials"),
            code=type(error).__name__,
        ) from None


def _refusal(code: str, done: Sentence) -> QueueRefused | QueueUnavailable:
    text = say("queue.refused", done=done, answer=code or "error")
    if _PASSING.search(code):
        return QueueUnavailable(text, code=code)
    cure = say("queue.check")
    return QueueRefused(text, cure=cure, code=code)
