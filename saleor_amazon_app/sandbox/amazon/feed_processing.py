"""Feeds go on by the simulated clock, whenever somebody looks: no thread is needed.

What a feed does happens at the moment at which it ends, also when that is found out later.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final
from xml.etree.ElementTree import Element as Node

from saleor_amazon_app.sandbox.amazon import invoicing
from saleor_amazon_app.sandbox.amazon.acknowledging import acknowledge
from saleor_amazon_app.sandbox.amazon.adjusting import adjust
from saleor_amazon_app.sandbox.amazon.clock import iso, normal, parse_iso
from saleor_amazon_app.sandbox.amazon.faults import Aim, Fault, FaultKind
from saleor_amazon_app.sandbox.amazon.feed_documents import add_report
from saleor_amazon_app.sandbox.amazon.feed_orders import order_id_of
from saleor_amazon_app.sandbox.amazon.feed_xml import DocumentRejected, Message, read
from saleor_amazon_app.sandbox.amazon.feeds import ORDER_FEEDS, REMOVED_FEEDS
from saleor_amazon_app.sandbox.amazon.fulfilling import fulfill
from saleor_amazon_app.sandbox.amazon.invoicing import INVOICE_FEED, take_invoice, write_report
from saleor_amazon_app.sandbox.amazon.records import Feed
from saleor_amazon_app.sandbox.amazon.refusals import NOT_POSSIBLE, NOT_VALID, Refused
from saleor_amazon_app.sandbox.amazon.reports import Outcome, Verdict, write
from saleor_amazon_app.sandbox.amazon.state import State

Handler = Callable[[State, str, Node, str], list[str]]

PROCESSING: Final = "processFeed"
"""The operation that faults may name for what happens to feeds and messages."""
_HANDLERS: Final[dict[str, Handler]] = {
    "OrderAcknowledgement": acknowledge,
    "OrderAdjustment": adjust,
    "OrderFulfillment": fulfill,
}


def settle(state: State) -> None:
    """Bring all feeds to where they are by now, in the order of time."""
    with state.lock:
        now = state.now_text()
        while due := [each for each in map(_next, state.feeds.values()) if each[0] <= now]:
            _, _, feed = min(due, key=lambda each: each[:2])
            _step(state, feed)
            state.on_change()


def resume(state: State, seller_id: str, feed_id: str) -> None:
    """Let a feed that hangs end now.

    Raises:
        KeyError: There is no such feed.
    """
    with state.lock:
        feed = state.feeds[seller_id, feed_id]
        if feed.status == "IN_PROGRESS":
            feed.ends = state.now_text()
        settle(state)


def _next(feed: Feed) -> tuple[str, str, Feed]:
    """Return when something happens to a feed next; a time that never comes if nothing does."""
    times = {"IN_QUEUE": feed.begins, "IN_PROGRESS": feed.ends}
    return times.get(feed.status) or "never", feed.feed_id, feed


def _step(state: State, feed: Feed) -> None:
    if feed.status == "IN_PROGRESS":
        _finish(state, feed)
    elif _strike(state, FaultKind.FEED_CANCELLED, feed):
        feed.status, feed.ended = "CANCELLED", feed.begins
    else:
        feed.status, feed.started = "IN_PROGRESS", feed.begins


def _finish(state: State, feed: Feed) -> None:
    if not feed.delayed and _is_delayed(state, feed):
        feed.delayed = True
        return
    feed.ended = feed.ends or state.now_text()
    if _is_fatal(state, feed):
        feed.status = "FATAL"
        return
    if feed.feed_type == INVOICE_FEED:
        _finish_invoice(state, feed)
        return
    partly = _strike(state, FaultKind.FEED_FATAL_PARTLY, feed) is not None
    outcome = _carry_out(state, feed, partly=partly)
    feed.messages = [verdict.as_json() for verdict in outcome.verdicts]
    feed.status = "FATAL" if partly else "DONE"
    if not partly and not _strike(state, FaultKind.REPORT_MISSING, feed):
        text = write(feed.seller_id, feed.feed_id, outcome, state.report_charset)
        report = add_report(state, feed.seller_id, text, state.report_charset)
        feed.report_id = report.document_id


def _finish_invoice(state: State, feed: Feed) -> None:
    verdict = _judge_invoice(state, feed)
    feed.messages, feed.status = [verdict.as_json()], "DONE"
    if not _strike(state, FaultKind.REPORT_MISSING, feed):
        text = write_report(verdict)
        report = add_report(state, feed.seller_id, text, "UTF-8", "text/tab-separated-values")
        feed.report_id = report.document_id


def _judge_invoice(state: State, feed: Feed) -> Verdict:
    order_id = invoicing.order_id_of(feed)
    if fault := _strike(state, FaultKind.MESSAGE_ERROR, feed, order_id):
        return Verdict("1", order_id, number=fault.code, error=fault.description)
    try:
        taken = take_invoice(state, feed)
    except Refused as refused:
        return Verdict("1", order_id, number=refused.number, error=refused.message)
    state.invoices.append(taken)
    fault = _strike(state, FaultKind.MESSAGE_WARNING, feed, order_id)
    return Verdict("1", order_id, warnings=[(fault.code, fault.description)] if fault else [])


def _is_delayed(state: State, feed: Feed) -> bool:
    """Put a feed's end off, if a fault wants that. It is put off once only."""
    if hang := _strike(state, FaultKind.FEED_HANGS, feed):
        feed.ends = normal(hang.until) if hang.until else None
        return True
    if slow := _strike(state, FaultKind.FEED_SLOW, feed):
        feed.ends = iso(parse_iso(str(feed.ends)) + timedelta(seconds=slow.seconds))
        return True
    return False


def _is_fatal(state: State, feed: Feed) -> bool:
    """Feeds of types that Amazon removed are FATAL (SP-API page "Feeds API best practices")."""
    removed = feed.feed_type in REMOVED_FEEDS
    return removed or _strike(state, FaultKind.FEED_FATAL, feed) is not None


def _carry_out(state: State, feed: Feed, *, partly: bool) -> Outcome:
    document = state.documents[feed.document_id]
    message_type = ORDER_FEEDS[feed.feed_type]
    try:
        messages = read(document.data, feed.seller_id, message_type)
    except DocumentRejected as error:
        verdict = Verdict("0", number=error.number, error=error.text)
        return Outcome([verdict], rejected=not error.complete)
    judged = messages[: (len(messages) + 1) // 2] if partly else messages
    return Outcome(_judge_all(state, feed, judged, _HANDLERS[message_type]))


def _judge_all(
    state: State, feed: Feed, messages: Sequence[Message], handler: Handler
) -> list[Verdict]:
    return [_judge(state, feed, message, handler) for message in messages]


def _judge(state: State, feed: Feed, message: Message, handler: Handler) -> Verdict:
    """Judge a message by itself: what is wrong with others does not matter to it."""
    order_id = order_id_of(message.body)
    number = message.number
    if message.body is None or message.fault:
        return Verdict(number, order_id, number=NOT_VALID, error=message.fault)
    if fault := _strike(state, FaultKind.MESSAGE_ERROR, feed, order_id):
        return Verdict(number, order_id, number=fault.code, error=fault.description)
    try:
        texts = handler(state, feed.seller_id, message.body, str(feed.ended))
    except Refused as refused:
        text = f"{refused.message} {refused.details}".strip()
        return Verdict(number, order_id, refused.item_id, refused.number, text)
    warnings = [(NOT_POSSIBLE, text) for text in texts]
    if fault := _strike(state, FaultKind.MESSAGE_WARNING, feed, order_id):
        warnings.append((fault.code, fault.description))
    return Verdict(number, order_id, warnings=warnings)


def _strike(state: State, kind: FaultKind, feed: Feed, order_id: str | None = None) -> Fault | None:
    marketplaces = tuple(feed.marketplace_ids)
    aim = Aim(
        PROCESSING,
        feed.seller_id,
        marketplace_ids=marketplaces,
        order_id=order_id,
        feed_type=feed.feed_type,
    )
    return state.faults.strike(kind, aim, state.now_text())
