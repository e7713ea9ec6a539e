"""Amazon's notifications in the hands of a member of staff: switched with who, looked at, tried."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from saleor_amazon_app.amazon.notifications import NotificationType
from saleor_amazon_app.mirror.failures import Misconfigured, NotKnown
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.mirror.sentences import NOTHING, Sentence, say
from saleor_amazon_app.store.models import Account, AccountState
from saleor_amazon_app.sync.changes import record_change
from saleor_amazon_app.sync.services import Services
from saleor_amazon_app.sync.subscribing import NotificationState, Subscriptions, TypeState

_PATIENCE: Final = 20.0
"""Seconds for which a test is waited for; a person waits with it."""
_BETWEEN_LOOKS: Final = 1.0


@dataclass
class NotificationDesk:
    """The notifications of a shop's accounts."""

    services: Services
    tenant_id: TenantId
    by: Person

    def look(self, account_id: str) -> NotificationState:
        """Ask the queue and Amazon how an account's notifications are.

        Raises:
            NotKnown: There is no such account.
            AppFailure: The queue or Amazon cannot be asked.
        """
        self._account(account_id)
        return self._subscriptions(account_id).look()

    def switch(self, account_id: str, *, on: bool) -> tuple[TypeState, ...]:
        """Switch an account's notifications on or off.

        Raises:
            NotKnown: There is no such account.
            Misconfigured: It is not connected, or the shop is in read-only mode, or the queue is
                closed to Amazon.
            AppFailure: The queue or Amazon cannot be reached.
        """
        account = self._account(account_id)
        if on and account.state != AccountState.CONNECTED:
            raise Misconfigured(say("subscription.not_working"), code="account_state")
        subscriptions = self._subscriptions(account_id)
        types = subscriptions.switch_on().types if on else subscriptions.switch_off()
        self._record(account, types, on=on)
        return types

    def test(self, account_id: str, kind: NotificationType, scenario: str) -> bool:
        """Have Amazon's sandbox send a made-up notification; tells whether it came in time.

        Raises:
            NotKnown: There is no such account.
            Misconfigured: The app does not work with a sandbox.
            AppFailure: The queue or Amazon cannot be reached, or Amazon knows no such scenario.
        """
        account = self._account(account_id)
        if not may_test(self.services):
            raise Misconfigured(
                say("subscription.sandbox_only"),
                cure=say("subscription.see_last"),
                code="sandbox_only",
            )
        came = self._subscriptions(account_id).test(kind, scenario, _patience())
        self._note(account, "Tested", NOTHING)
        return came

    def _record(self, account: Account, types: tuple[TypeState, ...], *, on: bool) -> None:
        not_done = [
            say("detail.type", type=each.type.value, note=each.note)
            for each in types
            if each.on is not on
        ]
        detail = say("detail.types", types=not_done) if not_done else NOTHING
        self._note(account, "Switched on" if on else "Switched off", detail)

    def _note(self, account: Account, action: str, detail: Sentence) -> None:
        seller = f"{account.seller_id} ({account.region})"
        subject = say("subject.notifications", seller=seller)
        record_change(self.services, self.tenant_id, self.by, subject, action, detail)

    def _subscriptions(self, account_id: str) -> Subscriptions:
        return Subscriptions(self.services, self.tenant_id, AccountId(account_id))

    def _account(self, account_id: str) -> Account:
        with self.services.database.tenant(self.tenant_id) as session:
            row = session.scalar(select(Account).where(Account.id == account_id))
        if row is None:
            raise NotKnown(say("refused.no_account"), code="no_account")
        return row


def may_test(services: Services) -> bool:
    """Tell whether Amazon's sandbox, which alone sends tests, is what the app calls."""
    return services.settings.amazon_spapi_endpoint is not None


def _patience() -> Callable[[], bool]:
    until = time.monotonic() + _PATIENCE

    def wait() -> bool:
        time.sleep(_BETWEEN_LOOKS)
        return time.monotonic() < until

    return wait
