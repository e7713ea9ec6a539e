"""Follows feeds at Amazon to their end, and judges each message by its own result.

DONE is not success, CANCELLED and FATAL are not failure: for either, Amazon is looked at before
anything is said of a message. A feed that hangs raises an alarm and is never resubmitted
(amzn/selling-partner-api-models#4914).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from saleor_amazon_app.amazon.errors import IllegibleReport, Throttled
from saleor_amazon_app.amazon.feeds import FeedStatus, get_feed, get_report
from saleor_amazon_app.amazon.invoice_reports import read_invoice_report
from saleor_amazon_app.amazon.reports import Report, read_report
from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.intents import IntentKind, IntentState
from saleor_amazon_app.mirror.invoicing import cure_of
from saleor_amazon_app.mirror.messages import FeedType
from saleor_amazon_app.mirror.sentences import Sentence, quote, say, several
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store.accounts import get_account
from saleor_amazon_app.store.models import (
    FEEDS_AT_AMAZON,
    OPEN_FEEDS,
    Feed,
    FeedState,
    Intent,
    Order,
)
from saleor_amazon_app.sync import settling
from saleor_amazon_app.sync.feeding import Feeder
from saleor_amazon_app.sync.looking import Looker
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.refetching import fetch_order
from saleor_amazon_app.sync.services import Services

_LOOKS: Final = tuple(timedelta(seconds=seconds) for seconds in (15, 30, 60, 120))
_LATER: Final = timedelta(minutes=5)
_HANGS_AFTER: Final = timedelta(hours=2)
_REPORT_TRIES: Final = 8
_SILENT: Final = say("answer.silent")
_ADOPTED: Final = say("answer.adopted")


@dataclass
class Answers:
    """Looks after the open feeds of one account."""

    services: Services
    tenant_id: TenantId
    account_id: AccountId

    def run(self) -> None:
        """Look at each feed whose time has come."""
        with self.services.database.tenant(self.tenant_id) as session:
            feeds = ledger.claim_feeds(session, self.account_id, self.services.now())
        for feed in feeds:
            try:
                self._look(feed)
            except AppFailure as failure:
                wait = timedelta(seconds=max(failure.retry_after, 30))
                self._again(feed, wait)
                if not isinstance(failure, Throttled):
                    name = "getFeed"
                    record_failure(self.services, self.tenant_id, self.account_id, name, failure)

    def _look(self, feed: Feed) -> None:
        if feed.state not in FEEDS_AT_AMAZON:
            Feeder(self.services, self.tenant_id, self.account_id).recover(feed)
            return
        status = self._status(feed)
        match status.status:
            case "DONE":
                self._read(feed, status)
            case "CANCELLED" | "FATAL":
                self._broken(feed, status.status)
            case _:
                self._wait(feed, status.status)

    def _status(self, feed: Feed) -> FeedStatus:
        with self.services.database.tenant(self.tenant_id) as session:
            account = get_account(session, self.account_id)
            seller, region = self.services.seller(account), account.region
        return get_feed(self.services.amazon, seller, region, feed.amazon_feed_id or "")

    def _wait(self, feed: Feed, status: str) -> None:
        with self.services.database.tenant(self.tenant_id) as session:
            now = self.services.now()
            row = ledger.get_feed_row(session, feed.id)
            row.amazon_status = status[:32]
            wait = _LOOKS[row.looks] if row.looks < len(_LOOKS) else _LATER
            row.looks += 1
            if row.submitted_at and now - row.submitted_at > _HANGS_AFTER and not row.alarmed_at:
                row.alarmed_at = now
                ledger.mark(session, {i.order_id for i in ledger.of_feed(session, feed.id)}, now)
            ledger.release_feed(row, now + wait)

    # --- DONE -----------------------------------------------------------------------------------

    def _read(self, feed: Feed, status: FeedStatus) -> None:
        report, content = self._report(feed, status)
        if report is None:
            self._without_report(feed)
            return
        unsure = []
        adopted = feed.state == FeedState.ADOPTED
        with self.services.database.tenant(self.tenant_id) as session:
            row = ledger.get_feed_row(session, feed.id)
            row.report = self.services.vault.seal(content.decode("utf-8", "replace"))
            self._finish(row, "DONE")
            for intent in ledger.of_feed(session, feed.id):
                verdict = report.verdict(intent.id)
                is_anyones = adopted and (verdict.accepted or intent.kind == IntentKind.INVOICE)
                if verdict.accepted is None or is_anyones:
                    unsure.append((intent.id, _doubt(intent, verdict.words, adopted=adopted)))
                elif verdict.accepted:
                    self._accepted(session, intent, verdict.words)
                else:
                    words = _rejection(intent, verdict.words)
                    settling.settle(self.services, session, intent, IntentState.REJECTED, words)
        self._read_orders_again(feed)
        for intent_id, why in unsure:
            self._settle_by_looking([intent_id], why)

    def _read_orders_again(self, feed: Feed) -> None:
        """Read the orders that Amazon has cancelled, so that Saleor follows at once."""
        kinds = (IntentKind.CANCEL_ORDER, IntentKind.CANCEL_UNITS)
        with self.services.database.tenant(self.tenant_id) as session:
            accepted = [
                session.get_one(Order, intent.order_id).amazon_order_id
                for intent in ledger.of_feed(session, feed.id)
                if intent.kind in kinds and intent.state == IntentState.ACCEPTED
            ]
        for amazon_order_id in accepted:
            try:
                fetch_order(self.services, self.tenant_id, self.account_id, amazon_order_id)
            except AppFailure as failure:  # the next sweep brings it
                name = "getOrder"
                record_failure(self.services, self.tenant_id, self.account_id, name, failure)
                return

    def _report(self, feed: Feed, status: FeedStatus) -> tuple[Report | None, bytes]:
        if not status.result_document_id:
            return None, b""
        with self.services.database.tenant(self.tenant_id) as session:
            account = get_account(session, self.account_id)
            seller, region = self.services.seller(account), account.region
        file = get_report(self.services.amazon, seller, region, status.result_document_id)
        read = read_invoice_report if feed.feed_type == FeedType.INVOICE else read_report
        try:
            return read(file.content, file.charset), file.content
        except IllegibleReport as failure:
            name = f"report of feed {feed.amazon_feed_id}"
            record_failure(self.services, self.tenant_id, self.account_id, name, failure)
            return None, file.content

    def _accepted(self, session: Session, intent: Intent, words: str) -> None:
        """A shipment still has to show; everything else is done with Amazon's word."""
        if intent.kind == IntentKind.SHIPMENT:
            intent.answer, intent.looks = words, 0
            intent.next_attempt_at = self.services.now()
            return
        settling.settle(self.services, session, intent, IntentState.ACCEPTED, words)

    def _without_report(self, feed: Feed) -> None:
        if feed.looks < _REPORT_TRIES:
            self._wait(feed, "DONE")
            return
        ids = self._close(feed, "DONE", FeedState.DONE)
        self._settle_by_looking(ids, say("answer.no_report"))

    # --- CANCELLED and FATAL --------------------------------------------------------------------

    def _broken(self, feed: Feed, status: str) -> None:
        ids = self._close(feed, status, FeedState.FAILED)
        number = feed.amazon_feed_id or ""
        text = (
            say("answer.feed_cancelled", feed=number)
            if status == "CANCELLED"
            else say("answer.feed_broke_off", feed=number)
        )
        self._settle_by_looking(ids, text)

    def _close(self, feed: Feed, status: str, state: FeedState) -> list[int]:
        with self.services.database.tenant(self.tenant_id) as session:
            row = ledger.get_feed_row(session, feed.id)
            self._finish(row, status)
            row.state = state
            return [intent.id for intent in ledger.of_feed(session, feed.id)]

    def _finish(self, row: Feed, status: str) -> None:
        row.state, row.amazon_status = FeedState.DONE, status[:32]
        row.finished_at = self.services.now()
        ledger.release_feed(row, None)

    def _settle_by_looking(self, ids: Sequence[int], why: str) -> None:
        looker = Looker(self.services, self.tenant_id, self.account_id)
        for intent_id in ids:
            looker.settle(intent_id, why)

    def _again(self, feed: Feed, wait: timedelta) -> None:
        with self.services.database.tenant(self.tenant_id) as session:
            row = ledger.get_feed_row(session, feed.id)
            if row.state in OPEN_FEEDS:
                ledger.release_feed(row, self.services.now() + wait)


def _doubt(intent: Intent, words: str, *, adopted: bool) -> Sentence:
    """Say why a report settles nothing; of an invoice with what it says."""
    why = _ADOPTED if adopted else _SILENT
    told = words and intent.kind == IntentKind.INVOICE
    return several(why, say("answer.amazons_words", words=quote(words))) if told else why


def _rejection(intent: Intent, words: str) -> Sentence:
    cure = cure_of(words) if intent.kind == IntentKind.INVOICE else ""
    return several(quote(words), cure)
