"""Switches Amazon's notifications on and off for an account, and looks at what is on.

Amazon keeps one subscription for a seller, an app and a type. Shops that have connected the same
seller share it, so that it ends only when the last of them wants it no more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.amazon.notifications import (
    Destination,
    NotificationType,
    Subscription,
    create_subscription,
    delete_subscription,
    ensure_destination,
    get_subscription,
    list_destinations,
    send_test,
)
from saleor_amazon_app.amazon.queue import AMAZON, QueueFacts
from saleor_amazon_app.mirror.failures import AppFailure, Misconfigured
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.sentences import NOTHING, Sentence, say
from saleor_amazon_app.store import notifications as notification_store
from saleor_amazon_app.store.accounts import get_account
from saleor_amazon_app.store.models import Account
from saleor_amazon_app.sync.guarding import may_write
from saleor_amazon_app.sync.receiving import Receiver, queue_of
from saleor_amazon_app.sync.services import Services

_NAME: Final = "saleor-amazon-app"


@dataclass(frozen=True)
class TypeState:
    """One type of notifications for an account, as Amazon tells it.

    ``on`` is None where Amazon could not be asked or did not do it; ``note`` then says why.
    """

    type: NotificationType
    on: bool | None
    note: Sentence = NOTHING


@dataclass(frozen=True)
class NotificationState:
    """Everything about an account's notifications."""

    since: datetime | None
    """When they were switched on here."""
    last: datetime | None
    """When the last one about the account came."""
    waiting: int
    """About so many messages wait in the queue."""
    open_to_amazon: bool
    """Whether the queue's access policy lets Amazon send."""
    types: tuple[TypeState, ...]


@dataclass
class Subscriptions:
    """The notifications of one account."""

    services: Services
    tenant_id: TenantId
    account_id: AccountId

    def switch_on(self) -> NotificationState:
        """Make the destination and the subscriptions that are missing.

        A subscription for another queue is moved to this one. A type that Amazon refuses does not
        keep the others from being switched on.

        Raises:
            Misconfigured: The shop is in read-only mode, or the queue is closed to Amazon.
            AppFailure: The queue or Amazon cannot be reached.
        """
        self._refuse_read_only()
        queue = self._open_queue()
        seller, region = self._seller()
        destination = ensure_destination(self.services.amazon, region, queue.arn, _NAME)

        def ensure(kind: NotificationType) -> TypeState:
            return self._ensure(seller, region, kind, destination)

        types = self._each(ensure)
        if any(state.on for state in types):
            with self.services.database.tenant(self.tenant_id) as session:
                account = get_account(session, self.account_id)
                account.notifications_since = account.notifications_since or self.services.now()
        return self._state(queue, types)

    def switch_off(self) -> tuple[TypeState, ...]:
        """End the subscriptions, unless another connected account relies on them.

        Raises:
            Misconfigured: The shop is in read-only mode.
        """
        self._refuse_read_only()
        with self.services.database.tenant(self.tenant_id) as session:
            get_account(session, self.account_id).notifications_since = None
        with self.services.database.system() as session:
            account = get_account(session, self.account_id)
            if notification_store.is_wanted_elsewhere(session, account):
                note = say("subscription.kept")
                return tuple(TypeState(kind, on=True, note=note) for kind in NotificationType)
        seller, region = self._seller()

        def end(kind: NotificationType) -> TypeState:
            known = get_subscription(self.services.amazon, seller, region, kind)
            if known:
                delete_subscription(self.services.amazon, region, kind, known.subscription_id)
            return TypeState(
                kind, on=False, note=say("subscription.ended" if known else "subscription.was_off")
            )

        return self._each(end)

    def look(self) -> NotificationState:
        """Ask the queue and Amazon how things are."""
        queue = queue_of(self.services).facts()
        return self._state(queue, self.types(queue))

    def types(self, queue: QueueFacts) -> tuple[TypeState, ...]:
        """Ask Amazon which types are on, and whether they go to this queue."""
        seller, region = self._seller()
        own = {
            each.destination_id
            for each in list_destinations(self.services.amazon, region)
            if each.arn == queue.arn
        }

        def ask(kind: NotificationType) -> TypeState:
            known = get_subscription(self.services.amazon, seller, region, kind)
            if known and known.destination_id not in own:
                return TypeState(kind, on=False, note=say("subscription.elsewhere"))
            return TypeState(kind, on=known is not None)

        return self._each(ask)

    def test(self, kind: NotificationType, scenario: str, wait: Callable[[], bool]) -> bool:
        """Have Amazon's sandbox send a made-up notification; tells whether it came.

        Args:
            kind: Its type.
            scenario: Amazon's name for what it is to tell.
            wait: Called between looks; answers False when it is time to give up.
        """
        queue = self._open_queue()
        _, region = self._seller()
        destination = ensure_destination(self.services.amazon, region, queue.arn, _NAME)
        started = self.services.now()
        api = self.services.amazon
        send_test(api, region, kind, destination.destination_id, scenario)
        while not self._came(kind, started):
            if not wait():
                return False
        return True

    def _came(self, kind: NotificationType, started: datetime) -> bool:
        if failure := Receiver(self.services).run().failure:
            raise failure
        with self.services.database.system() as session:
            last = notification_store.last_seen(session, kind)
        return last is not None and last >= started

    # --- parts ----------------------------------------------------------------------------------

    def _open_queue(self) -> QueueFacts:
        queue = queue_of(self.services).facts()
        if not queue.open_to_amazon:
            raise Misconfigured(
                say("refused.queue_closed"),
                cure=say("refused.open_queue", account=AMAZON),
            )
        return queue

    def _ensure(
        self,
        seller: SellerCredentials,
        region: str,
        kind: NotificationType,
        destination: Destination,
    ) -> TypeState:
        api = self.services.amazon
        known = get_subscription(api, seller, region, kind)
        if known and known.destination_id == destination.destination_id:
            return TypeState(kind, on=True)
        if known:
            delete_subscription(api, region, kind, known.subscription_id)
        create_subscription(api, seller, region, kind, destination.destination_id)
        return TypeState(kind, on=True, note=_note(known))

    def _refuse_read_only(self) -> None:
        if not may_write(self.services, self.tenant_id):
            raise Misconfigured(
                say("refused.read_only"),
                cure=say("refused.end_read_only"),
            )

    def _each(self, ask: Callable[[NotificationType], TypeState]) -> tuple[TypeState, ...]:
        """Ask for each type; what fails for one says so and leaves the others alone."""
        states = []
        for kind in NotificationType:
            try:
                states.append(ask(kind))
            except AppFailure as failure:
                states.append(TypeState(kind, on=None, note=failure.said))
        return tuple(states)

    def _seller(self) -> tuple[SellerCredentials, str]:
        account = self._account()
        return self.services.seller(account), account.region

    def _account(self) -> Account:
        with self.services.database.tenant(self.tenant_id) as session:
            return get_account(session, self.account_id)

    def _state(self, queue: QueueFacts, types: tuple[TypeState, ...]) -> NotificationState:
        account = self._account()
        return NotificationState(
            since=account.notifications_since,
            last=account.notified_at,
            waiting=queue.waiting,
            open_to_amazon=queue.open_to_amazon,
            types=types,
        )


def _note(known: Subscription | None) -> Sentence:
    return say("subscription.moved") if known else say("subscription.new")
