"""What the ledger says that a person has to know, and what Saleor's transaction has to hear."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from saleor_amazon_app.mirror.intents import IntentKind, IntentState, Known
from saleor_amazon_app.mirror.problems import Problem, ProblemKind
from saleor_amazon_app.mirror.saleor_order import SaleorOrder

_NAMES: Mapping[str, str] = {
    IntentKind.SHIPMENT: "the shipment",
    IntentKind.CANCEL_ORDER: "the cancellation",
    IntentKind.CANCEL_UNITS: "the cancellation of units",
    IntentKind.REFUND: "the refund",
}


@dataclass(frozen=True)
class RefundOutcome:
    """What Saleor's transaction has to hear about a refund. ``amount`` is in major units."""

    intent_id: int
    type: str
    amount: Decimal
    reference: str
    message: str


def name_of(kind: str) -> str:
    return _NAMES.get(kind, kind)


def accepted_words(kind: str, summary: str, answer: str = "") -> str:
    """Write the history's line about an acceptance, with Amazon's warning if it gave one."""
    text = f"Amazon accepted {name_of(kind)}: {summary}."
    return f"{text} {answer}" if answer else text


def rejected_words(kind: str, summary: str, answer: str) -> str:
    return f"Amazon rejected {name_of(kind)} ({summary}): {answer}"


def problems(known: Sequence[Known], saleor: SaleorOrder) -> Iterator[Problem]:
    """Yield what went wrong with the latest attempt at each thing."""
    latest = {_thing(intent): intent for intent in known}
    for intent in latest.values():
        match intent.state:
            case IntentState.REJECTED if not _said_otherwise(intent, saleor):
                text = rejected_words(intent.kind, intent.summary, intent.answer)
                yield Problem(ProblemKind.REJECTED, text, intent.key)
            case IntentState.NEEDS_ATTENTION:
                text = f"What became of {name_of(intent.kind)} ({intent.summary}) is not known: "
                yield Problem(ProblemKind.NEEDS_ATTENTION, text + intent.answer, intent.key)
            case IntentState.SUBMITTED if intent.answer:
                text = f"Amazon has not answered about {name_of(intent.kind)}: {intent.answer}"
                yield Problem(ProblemKind.FEED_HANGS, text, intent.key)


def _thing(intent: Known) -> tuple[str, str]:
    """Name what an intent is about: later attempts at the same thing replace earlier ones."""
    refund = intent.kind == IntentKind.REFUND
    return intent.kind, intent.key if refund else intent.subject


def _said_otherwise(intent: Known, saleor: SaleorOrder) -> bool:
    """A refused cancellation of an order cancelled in Saleor has a problem of its own."""
    return intent.kind == IntentKind.CANCEL_ORDER and saleor.is_cancelled


def refund_outcomes(known: Sequence[Known], saleor: SaleorOrder) -> Iterator[RefundOutcome]:
    """Yield the settled refunds that Saleor's transaction has not heard of."""
    payment = saleor.payment
    asked = {e.reference for e in payment.events if e.type == "REFUND_REQUEST"} if payment else ()
    for intent in known:
        if intent.kind != IntentKind.REFUND or intent.saleor_told:
            continue
        if intent.state == IntentState.ACCEPTED:
            words = accepted_words(intent.kind, intent.summary, intent.answer)
            yield RefundOutcome(intent.id, "REFUND_SUCCESS", intent.amount, intent.key, words)
        elif intent.state == IntentState.REJECTED and intent.key in asked:
            words = intent.answer or "Amazon rejected the refund."
            yield RefundOutcome(intent.id, "REFUND_FAILURE", intent.amount, intent.key, words)
