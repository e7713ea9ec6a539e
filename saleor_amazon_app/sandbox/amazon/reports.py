"""The processing report on a feed, as amzn-envelope's ProcessingReport writes it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from xml.sax.saxutils import escape

_VERSION: Final = "1.02"
"""amzn/selling-partner-api-models#853."""
_ENVELOPE: Final = (
    '<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">'
)


@dataclass(frozen=True)
class Verdict:
    """What became of a message. ``error`` is empty if it was carried out."""

    message_id: str
    order_id: str = ""
    item_id: str = ""
    number: int = 0
    error: str = ""
    warnings: list[tuple[int, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        result = "error" if self.error else "warning" if self.warnings else "ok"
        return {**asdict(self), "result": result}


@dataclass(frozen=True)
class Outcome:
    """What became of a feed; ``rejected`` is the StatusCode where no message was looked at."""

    verdicts: Sequence[Verdict]
    rejected: bool = False


def write(seller_id: str, feed_id: str, outcome: Outcome, charset: str) -> bytes:
    """Write a report; characters that its charset lacks are written as references."""
    lines = (
        f'<?xml version="1.0" encoding="{charset}"?>',
        _ENVELOPE,
        f"<Header><DocumentVersion>{_VERSION}</DocumentVersion>",
        f"<MerchantIdentifier>{escape(seller_id)}</MerchantIdentifier></Header>",
        "<MessageType>ProcessingReport</MessageType>",
        "<Message><MessageID>1</MessageID><ProcessingReport>",
        f"<DocumentTransactionID>{feed_id}</DocumentTransactionID>",
        f"<StatusCode>{'Rejected' if outcome.rejected else 'Complete'}</StatusCode>",
        _summary(outcome.verdicts),
        *_results(outcome.verdicts),
        "</ProcessingReport></Message></AmazonEnvelope>",
    )
    return "\n".join(lines).encode(charset, "xmlcharrefreplace")


def _summary(verdicts: Sequence[Verdict]) -> str:
    """Count the messages. A document that is refused whole counts as one with an error (#582)."""
    wrong = sum(bool(each.error) for each in verdicts)
    warned = sum(bool(each.warnings) and not each.error for each in verdicts)
    counts = {
        "MessagesProcessed": len(verdicts),
        "MessagesSuccessful": len(verdicts) - wrong,
        "MessagesWithError": wrong,
        "MessagesWithWarning": warned,
    }
    told = "".join(f"<{name}>{number}</{name}>" for name, number in counts.items())
    return f"<ProcessingSummary>{told}</ProcessingSummary>"


def _results(verdicts: Sequence[Verdict]) -> Iterator[str]:
    for verdict in verdicts:
        if verdict.error:
            yield _result(verdict, "Error", verdict.number, verdict.error)
            continue
        for number, text in verdict.warnings:
            yield _result(verdict, "Warning", number, text)


def _result(verdict: Verdict, code: str, number: int, text: str) -> str:
    return (
        f"<Result><MessageID>{verdict.message_id}</MessageID><ResultCode>{code}</ResultCode>"
        f"<ResultMessageCode>{number}</ResultMessageCode>"
        f"<ResultDescription>{escape(text)}</ResultDescription>{_additional(verdict)}</Result>"
    )


def _additional(verdict: Verdict) -> str:
    told = {"AmazonOrderID": verdict.order_id, "AmazonOrderItemCode": verdict.item_id}
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in told.items() if value)
    return f"<AdditionalInfo>{inner}</AdditionalInfo>" if inner else ""
