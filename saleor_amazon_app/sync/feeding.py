"""Gathers intents into feeds and gets each feed to Amazon once.

1. What is due for a seller and type becomes one feed, written down with its messages.
2. Its document is uploaded: that alone has no effect and may be done again.
3. "Sending" is written down, ``createFeed`` is called, its answer is written down.

A worker that stops before 3 leaves a feed that is taken apart again. One that stops within 3 leaves
an outcome that nobody knows: Amazon's list of feeds is looked through before anything else happens,
and a refund or an invoice is then never sent again by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import simplejson
import structlog
from sqlalchemy.orm import Session

from saleor_amazon_app.amazon.errors import Forbidden, OutcomeUnknown, Throttled
from saleor_amazon_app.amazon.feed_documents import FeedTooLarge, Unwritable, write_feed
from saleor_amazon_app.amazon.feeds import (
    CONTENT_TYPE,
    PDF,
    create_feed,
    recent_feeds,
    upload_document,
)
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.mirror.cancelling import CANCELLED, why_not_cancellable
from saleor_amazon_app.mirror.failures import AppFailure, Misconfigured
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.intents import IntentKind, IntentState
from saleor_amazon_app.mirror.invoicing import options_of, why_not_invoiceable
from saleor_amazon_app.mirror.messages import FeedType, InvoiceUpload, Shipment
from saleor_amazon_app.mirror.sentences import Sentence, quote, say, several
from saleor_amazon_app.mirror.shipping import may_be_sent
from saleor_amazon_app.store import invoices, ledger
from saleor_amazon_app.store.accounts import get_account
from saleor_amazon_app.store.models import Feed, FeedState, Intent, Order, new_id
from saleor_amazon_app.sync import confirming, ledgering, settling
from saleor_amazon_app.sync.filing import open_order
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.refetching import fetch_order
from saleor_amazon_app.sync.services import Services

log = structlog.get_logger(__name__)

_KINDS: Final = {
    FeedType.ACKNOWLEDGEMENT: (IntentKind.CANCEL_ORDER,),
    FeedType.ADJUSTMENT: (IntentKind.CANCEL_UNITS, IntentKind.REFUND),
    FeedType.FULFILLMENT: (IntentKind.SHIPMENT,),
    FeedType.INVOICE: (IntentKind.INVOICE,),
}
_IN_A_ROW: Final = {FeedType.INVOICE: 5}
"""Feeds of a type in one pass. An invoice is a feed of its own, and all feeds share one quota: so
many leave something of it for refunds and cancellations."""
_NEVER_AGAIN: Final = (IntentKind.REFUND, IntentKind.INVOICE)
"""What only a person sends again once it may have reached Amazon."""
_MOST_MESSAGES: Final = 2000
_FIRST_LOOK: Final = timedelta(seconds=15)
_LISTED_AFTER: Final = timedelta(minutes=10)
"""A feed that Amazon does not list by then was not created."""
_SLACK: Final = timedelta(minutes=2)
_TRIES: Final = 5


@dataclass(frozen=True)
class _Parts:
    """What a feed is made of: its document, and what is said beside it."""

    content: bytes
    content_type: str
    options: dict[str, str]


@dataclass
class Feeder:
    """Makes and sends the feeds of one account."""

    services: Services
    tenant_id: TenantId
    account_id: AccountId

    def run(self) -> None:
        """Send what is due, one feed of each type at a time, invoices last."""
        for feed_type in FeedType:
            try:
                self._feed(feed_type)
            except AppFailure as failure:
                if not isinstance(failure, Throttled):
                    name = f"feed {feed_type}"
                    record_failure(self.services, self.tenant_id, self.account_id, name, failure)

    def _feed(self, feed_type: FeedType) -> None:
        if feed_type is FeedType.ACKNOWLEDGEMENT:
            self._read_before_cancelling()
        for _ in range(_IN_A_ROW.get(feed_type, 1)):
            feed = self._gather(feed_type)
            if feed is None:
                return
            self._submit(feed, feed_type)

    # --- 1 --------------------------------------------------------------------------------------

    def _read_before_cancelling(self) -> None:
        """Read each order first: a cancellation after a shipment refunds all of it."""
        for intent_id, amazon_order_id in self._cancellations():
            fetch_order(self.services, self.tenant_id, self.account_id, amazon_order_id)
            with self.services.database.tenant(self.tenant_id) as session:
                for row in ledger.locked(session, [intent_id], IntentState.QUEUED):
                    self._check_cancellation(session, row)

    def _cancellations(self) -> list[tuple[int, str]]:
        with self.services.database.tenant(self.tenant_id) as session:
            kinds = _KINDS[FeedType.ACKNOWLEDGEMENT]
            now = self.services.now()
            rows = ledger.due(session, self.account_id, kinds, now, _MOST_MESSAGES)
            orders = ((row.id, session.get_one(Order, row.order_id)) for row in rows)
            return [(id_, order.amazon_order_id) for id_, order in orders]

    def _check_cancellation(self, session: Session, row: Intent) -> None:
        order = open_order(self.services.vault, session.get_one(Order, row.order_id))
        if order is None:
            return
        if order.status == CANCELLED:
            text = say("answer.already_cancelled")
            settling.settle(self.services, session, row, IntentState.ACCEPTED, text)
        elif why := why_not_cancellable(order):
            text = say("answer.not_sent", why=why)
            settling.settle(self.services, session, row, IntentState.REJECTED, text)

    def _gather(self, feed_type: FeedType) -> Feed | None:
        """Claim what is due and write it down as a feed, in one transaction."""
        now = self.services.now()
        with self.services.database.tenant(self.tenant_id) as session:
            if ledger.has_open_feed(session, self.account_id, feed_type):
                return None
            ids = self._due(session, feed_type, now)
            claimed = ledger.claim(session, ids, now) if ids else []
            if not claimed:
                return None
            account = get_account(session, self.account_id)
            return self._write(session, account.seller_id, feed_type, claimed, now)

    def _due(self, session: Session, feed_type: FeedType, now: datetime) -> list[int]:
        kinds = _KINDS[feed_type]
        rows = ledger.due(session, self.account_id, kinds, now, _MOST_MESSAGES)
        if feed_type is FeedType.ACKNOWLEDGEMENT:
            return [row.id for row in rows if self._is_cancellable(session, row)]
        if feed_type is FeedType.ADJUSTMENT:
            return [row.id for row in rows]
        if feed_type is FeedType.INVOICE:
            return [row.id for row in rows[:1]]
        backlog = len(rows) > confirming.BACKLOG
        return [row.id for row in rows if self._goes_by_feed(session, row, now, backlog=backlog)]

    def _is_cancellable(self, session: Session, row: Intent) -> bool:
        """Take only orders that were read a moment ago and can be cancelled."""
        stored = session.get_one(Order, row.order_id)
        fresh = stored.read_at and self.services.now() - stored.read_at < _SLACK
        order = open_order(self.services.vault, stored)
        return bool(fresh and order and not why_not_cancellable(order))

    def _goes_by_feed(self, session: Session, row: Intent, now: datetime, *, backlog: bool) -> bool:
        """Tell whether a shipment goes by feed: in a backlog, and without a tracking number."""
        shipment = ledgering.open_message(self.services.vault, row)
        if not isinstance(shipment, Shipment):
            return False
        if shipment.tracking_number:
            return backlog
        order = session.get_one(Order, row.order_id)
        terms = ledgering.terms_of(session, self.account_id, order.marketplace_id)
        if may_be_sent(shipment, terms):
            return True
        row.next_attempt_at = now + timedelta(hours=6)
        return False

    def _write(
        self,
        session: Session,
        seller_id: str,
        feed_type: FeedType,
        claimed: Sequence[Intent],
        now: datetime,
    ) -> Feed | None:
        if feed_type is FeedType.INVOICE:
            document, kept = self._invoice(session, claimed)
        else:
            document, kept = self._document(session, seller_id, feed_type, claimed)
        if not document:
            return None
        feed = Feed(
            id=new_id(),
            account_id=self.account_id,
            feed_type=feed_type,
            document=self.services.vault.seal(document.decode()),
            messages=len(kept),
            state=FeedState.READY,
            created_at=now,
            claim=new_id(),
            claimed_until=now + ledger.LEASE,
            looks=0,
        )
        session.add(feed)
        session.flush()
        for row in kept:
            row.feed_id = feed.id
        return feed

    def _document(
        self, session: Session, seller_id: str, feed_type: FeedType, claimed: Sequence[Intent]
    ) -> tuple[bytes, list[Intent]]:
        """Write the document; a message that cannot be written is rejected, not the others."""
        kept = list(claimed)
        while kept:
            messages = [
                (row.id, message)
                for row in kept
                if (message := ledgering.open_message(self.services.vault, row))
            ]
            try:
                return write_feed(seller_id, feed_type, messages), kept
            except FeedTooLarge:
                for row in kept[len(kept) // 2 :]:
                    ledger.requeue(row)
                kept = kept[: len(kept) // 2]
            except Unwritable as unwritable:
                bad = [r for r in kept if unwritable.message_id in (0, r.id)]
                for row in bad:
                    settling.settle(
                        self.services, session, row, IntentState.REJECTED, unwritable.message
                    )
                kept = [row for row in kept if row not in bad]
        return b"", []

    def _invoice(self, session: Session, claimed: Sequence[Intent]) -> tuple[bytes, list[Intent]]:
        """Write the options of an invoice's feed, if there is still a file to send."""
        (row,) = claimed
        message = ledgering.open_message(self.services.vault, row)
        if isinstance(message, InvoiceUpload):
            order = open_order(self.services.vault, session.get_one(Order, row.order_id))
            why = why_not_invoiceable(order) if order else say("money.illegible")
            if not why and invoices.has_file(session, row.order_id, message.reference):
                return simplejson.dumps(options_of(message)).encode(), [row]
            text = say("answer.not_sent", why=why or say("invoice.file_gone"))
            settling.settle(self.services, session, row, IntentState.WITHDRAWN, text)
        return b"", []

    # --- 2 and 3 --------------------------------------------------------------------------------

    def _submit(self, feed: Feed, feed_type: FeedType) -> None:
        seller, region = self._seller()
        try:
            parts = self._parts(feed, feed_type)
            document_id = upload_document(
                self.services.amazon, seller, region, parts.content, parts.content_type
            )
            self._mark_sending(feed)
            amazon_id = create_feed(
                self.services.amazon,
                seller,
                region,
                feed_type,
                self._marketplaces(feed),
                document_id,
                parts.options,
            )
        except OutcomeUnknown:
            self._leave_for_a_look(feed)
            raise
        except AppFailure as failure:
            self._take_apart(feed, failure)
            raise
        self._mark_submitted(feed.id, amazon_id)

    def _parts(self, feed: Feed, feed_type: FeedType) -> _Parts:
        text = self.services.vault.open(feed.document)
        if feed_type is not FeedType.INVOICE:
            return _Parts(text.encode(), CONTENT_TYPE, {})
        with self.services.database.tenant(self.tenant_id) as session:
            (row,) = ledger.of_feed(session, feed.id)
            message = ledgering.open_message(self.services.vault, row)
            reference = message.reference if isinstance(message, InvoiceUpload) else ""
            content = invoices.open_file(session, self.services.vault, row.order_id, reference)
        if content is None:
            raise Misconfigured(say("invoice.file_gone"), cure=say("cure.upload_anew"))
        return _Parts(content, PDF, simplejson.loads(text))

    def _seller(self) -> tuple[SellerCredentials, str]:
        with self.services.database.tenant(self.tenant_id) as session:
            account = get_account(session, self.account_id)
            return self.services.seller(account), account.region

    def _marketplaces(self, feed: Feed) -> list[str]:
        with self.services.database.tenant(self.tenant_id) as session:
            rows = ledger.of_feed(session, feed.id)
            orders = (session.get_one(Order, row.order_id) for row in rows)
            return sorted({order.marketplace_id for order in orders if order.marketplace_id})

    def _mark_sending(self, feed: Feed) -> None:
        """From here on the feed's outcome is unknown until it is recorded."""
        with self.services.database.tenant(self.tenant_id) as session:
            row = ledger.get_feed_row(session, feed.id)
            row.state, row.sent_at = FeedState.SENDING, self.services.now()

    def _mark_submitted(
        self, feed_id: str, amazon_id: str, state: FeedState = FeedState.SUBMITTED
    ) -> None:
        with self.services.database.tenant(self.tenant_id) as session:
            now = self.services.now()
            row = ledger.get_feed_row(session, feed_id)
            row.state, row.amazon_feed_id, row.submitted_at = state, amazon_id, now
            ledger.release_feed(row, now + _FIRST_LOOK)
            settling.submitted(self.services, session, ledger.of_feed(session, feed_id))

    def _leave_for_a_look(self, feed: Feed) -> None:
        with self.services.database.tenant(self.tenant_id) as session:
            row = ledger.get_feed_row(session, feed.id)
            ledger.release_feed(row, self.services.now() + _FIRST_LOOK)

    def _take_apart(self, feed: Feed, failure: AppFailure | None = None) -> None:
        """Put the messages of a feed back that Amazon certainly does not have."""
        with self.services.database.tenant(self.tenant_id) as session:
            now = self.services.now()
            row = ledger.get_feed_row(session, feed.id)
            row.state, row.finished_at = FeedState.FAILED, now
            ledger.release_feed(row, None)
            wait = timedelta(seconds=failure.retry_after if failure else 0)
            throttled = isinstance(failure, Throttled)
            for intent in ledger.of_feed(session, feed.id):
                intent.attempts -= throttled
                if failure and (_is_final(intent, failure) or intent.attempts >= _TRIES):
                    text = _words_of(intent, failure)
                    settling.settle(self.services, session, intent, IntentState.REJECTED, text)
                else:
                    ledger.requeue(intent, now + max(wait, timedelta(seconds=30)))

    # --- what a stopped worker left ---------------------------------------------------------------

    def recover(self, feed: Feed) -> None:
        """Find out about a feed that was being made or sent when its worker stopped."""
        if feed.state == FeedState.READY:
            self._take_apart(feed)
            return
        candidates = self._unknown_feeds(feed)
        if len(candidates) == 1:
            self._mark_submitted(feed.id, candidates[0], FeedState.ADOPTED)
        elif not candidates and not self._may_still_appear(feed):
            self._never_created(feed)
        elif candidates:
            text = say("answer.feeds_like_it")
            self._ask_a_person(feed, text)
        else:
            with self.services.database.tenant(self.tenant_id) as session:
                row = ledger.get_feed_row(session, feed.id)
                ledger.release_feed(row, self.services.now() + _SLACK)

    def _unknown_feeds(self, feed: Feed) -> list[str]:
        """Return Amazon's feeds of that type and time that the ledger does not know."""
        sent = feed.sent_at or feed.created_at
        seller, region = self._seller()
        listed = recent_feeds(
            self.services.amazon, seller, region, [FeedType(feed.feed_type)], sent - _SLACK
        )
        with self.services.database.tenant(self.tenant_id) as session:
            known = ledger.known_feed_ids(session, self.account_id)
        until = sent + _LISTED_AFTER
        return [f.feed_id for f in listed if f.feed_id not in known and f.created_at <= until]

    def _may_still_appear(self, feed: Feed) -> bool:
        sent = feed.sent_at or feed.created_at
        return self.services.now() - sent < _LISTED_AFTER

    def _never_created(self, feed: Feed) -> None:
        """Amazon has no such feed. What may be done only once waits for a person all the same."""
        with self.services.database.tenant(self.tenant_id) as session:
            now = self.services.now()
            row = ledger.get_feed_row(session, feed.id)
            row.state, row.finished_at = FeedState.FAILED, now
            ledger.release_feed(row, None)
            for intent in ledger.of_feed(session, feed.id):
                if intent.kind in _NEVER_AGAIN:
                    text = say("answer.feed_lost")
                    settling.settle(
                        self.services, session, intent, IntentState.NEEDS_ATTENTION, text
                    )
                else:
                    ledger.requeue(intent)

    def _ask_a_person(self, feed: Feed, text: str) -> None:
        with self.services.database.tenant(self.tenant_id) as session:
            row = ledger.get_feed_row(session, feed.id)
            row.state, row.finished_at = FeedState.FAILED, self.services.now()
            ledger.release_feed(row, None)
            for intent in ledger.of_feed(session, feed.id):
                settling.settle(self.services, session, intent, IntentState.NEEDS_ATTENTION, text)


def _is_final(intent: Intent, failure: AppFailure) -> bool:
    """Tell whether trying again is no use: without its role Amazon takes no invoice."""
    return intent.kind == IntentKind.INVOICE and isinstance(failure, Forbidden)


def _words_of(intent: Intent, failure: AppFailure) -> Sentence:
    if not _is_final(intent, failure):
        return failure.message
    words = say("answer.amazons_words", words=quote(failure.message))
    return several(say("invoice.no_role"), say("cure.tax_invoicing"), words)
