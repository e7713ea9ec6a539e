"""Receives Amazon's notifications: they say where to look, never what is so.

1. Up to ten messages are taken from the queue; SQS hides them from others meanwhile.
2. Each is stored in a transaction that also notes where to look. A repeat is known by its id.
3. Only then are they deleted from the queue. Whatever stops this before leaves them there.

Lost ones, late ones and those that came in the wrong order do no harm: what is looked at is read
from Amazon as it is then, and sweeps and polling find what no notification told.
"""

from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from saleor_amazon_app.amazon.errors import IllegibleNotification, QueueRefused
from saleor_amazon_app.amazon.notification_messages import (
    FeedFinished,
    Notification,
    OrderChanged,
    TransactionPosted,
    digest_of,
    read_notification,
)
from saleor_amazon_app.amazon.queue import NotificationQueue, QueueMessage
from saleor_amazon_app.mirror.failures import AmazonFailure, AppFailure
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.store import notifications as notification_store
from saleor_amazon_app.store.models import Account
from saleor_amazon_app.store.models import Notification as Row
from saleor_amazon_app.sync.order_looks import LISTED_AFTER
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.services import Services

log = structlog.get_logger(__name__)

_WAIT: Final = 1
"""Seconds. With 0 SQS asks only some of its servers; with more a worker would stand idle."""
_MOST_BATCHES: Final = 50
_TRIES: Final = 3
_TOLD_AGAIN_AFTER: Final = 3600
"""Seconds. A queue that stays unreadable is one failure an hour, not one every tick."""
_FAILURE: Final = "notifications:failure"
_ILLEGIBLE: Final = "notifications:illegible"


@dataclass
class Received:
    """What one turn of receiving brought."""

    messages: int = 0
    repeats: int = 0
    nobodys: int = 0
    """About sellers, or marketplaces, that no account is connected for."""
    illegible: int = 0
    failure: AppFailure | None = None


def queue_of(services: Services) -> NotificationQueue:
    """Return the queue of the settings.

    Raises:
        QueueRefused: There is none.
    """
    if not (url := services.settings.amazon_notifications_queue_url):
        raise QueueRefused(say("queue.none"), cure=say("queue.set_url"))
    return NotificationQueue(url)


def last_failure(services: Services) -> str:
    """Return why the queue could not be read when it was read last; empty if it could."""
    told = services.redis.get(_FAILURE)
    return told.decode() if isinstance(told, bytes) else ""


@dataclass
class Receiver:
    """Empties the queue, in a bounded number of calls."""

    services: Services

    def run(self) -> Received:
        """Receive until the queue seems empty, or a worker has been at it long enough."""
        received = Received()
        try:
            queue = queue_of(self.services)
            for _ in range(_MOST_BATCHES):
                if not self._batch(queue, received):
                    break
        except AppFailure as failure:
            received.failure = failure
            self._tell(_FAILURE, failure)
        else:
            self.services.redis.delete(_FAILURE)
        with self.services.database.system() as session:
            notification_store.forget_old(session, self.services.now())
        return received

    def _batch(self, queue: NotificationQueue, received: Received) -> bool:
        messages = queue.receive(_WAIT)
        for message in messages:
            self._take(message, received)
        queue.delete(messages)
        received.messages += len(messages)
        return bool(messages)

    def _take(self, message: QueueMessage, received: Received) -> None:
        try:
            told = read_notification(message.body)
        except IllegibleNotification as failure:
            received.illegible += 1
            self._tell(_ILLEGIBLE, failure)
            told = Notification(digest_of(message.body), "", "", None, None)
        led_to = self._store(told)
        if led_to is None:
            received.repeats += 1
        elif led_to == 0 and told.type:
            received.nobodys += 1
            log.info("notification for nobody", type=told.type, seller=told.seller_id)

    def _store(self, told: Notification) -> int | None:
        """Store a notification and where to look; None for a repeat, else how many accounts."""
        for last in (False,) * (_TRIES - 1) + (True,):
            try:
                return self._store_once(told)
            except IntegrityError:  # another worker stored it, or a look at its order, first
                if last:
                    raise
        return None

    def _store_once(self, told: Notification) -> int | None:
        now = self.services.now()
        with self.services.database.system() as session:
            if notification_store.count_repeat(session, told.notification_id, now):
                return None
            row = Row(
                id=told.notification_id,
                type=told.type,
                seller_id=told.seller_id,
                subject=told.subject,
                published_at=told.published_at,
                received_at=now,
                seen_at=now,
                repeats=0,
            )
            session.add(row)
            session.flush()
            accounts = self._lead(session, told)
            row.accounts = len(accounts)
            for account in accounts:
                account.notified_at = now
            return len(accounts)

    # --- where to look --------------------------------------------------------------------------

    def _lead(self, session: Session, told: Notification) -> list[Account]:
        """Note for each account concerned where to look; returns these accounts."""
        match told.about:
            case OrderChanged(order_id, marketplace_id):
                return self._order(session, told.seller_id, marketplace_id, order_id)
            case FeedFinished(feed_id):
                return self._feed(session, told.seller_id, feed_id)
            case TransactionPosted() as posted:
                return self._money(session, told.seller_id, posted)
        return []

    def _order(
        self, session: Session, seller_id: str, marketplace_id: str, order_id: str
    ) -> list[Account]:
        accounts = notification_store.accounts_selling(session, seller_id, marketplace_id)
        for account in accounts:
            now = self.services.now()
            notification_store.want_look(session, account, order_id, now, refunds=False)
        return accounts

    def _feed(self, session: Session, seller_id: str, feed_id: str) -> list[Account]:
        found = notification_store.feeds_of(session, seller_id, feed_id)
        for _, feed in found:
            feed.next_look_at = self.services.now()
        return [account for account, _ in found]

    def _money(self, session: Session, seller_id: str, posted: TransactionPosted) -> list[Account]:
        """Have refunds read: the order's, or all of the account's if Amazon names no order.

        Sales and fees are none of the mirror's business. Amazon lists nothing at once.
        """
        accounts = notification_store.accounts_selling(session, seller_id, posted.marketplace_id)
        now = self.services.now()
        for account in accounts if posted.is_refund else ():
            notification_store.want_look(
                session, account, posted.order_id, now, refunds=True, not_before=now + LISTED_AFTER
            )
        return accounts

    # --- failures -------------------------------------------------------------------------------

    def _tell(self, key: str, failure: AppFailure) -> None:
        """Record a failure with every account that relies on notifications, if it is news."""
        text = str(failure)
        before = self.services.redis.set(key, text, ex=_TOLD_AGAIN_AFTER, get=True)
        log.warning("notifications", code=failure.code, message=failure.message)
        if before == text.encode():
            return
        with self.services.database.system() as session:
            concerned = notification_store.accounts_notified(session)
        told = failure if isinstance(failure, AmazonFailure) else QueueRefused(text)
        for tenant_id, account_id in concerned:
            record_failure(
                self.services, TenantId(tenant_id), AccountId(account_id), "receiveMessage", told
            )
