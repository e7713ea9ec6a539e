"""What is told to Amazon one call each, and given back where it certainly never left."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final

from saleor_amazon_app.amazon.errors import Throttled
from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.intents import IntentState
from saleor_amazon_app.store import ledger
from saleor_amazon_app.sync import settling
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.services import Services

_LATER: Final = timedelta(minutes=5)


@dataclass
class SingleSender(ABC):
    """Sends the intents of one account that are a call of their own.

    ``_send_one`` settles every outcome that it knows. What it raises says that Amazon has certainly
    not taken the intent, which then waits; the others wait with it.
    """

    operation: ClassVar[str]
    """Under this name the log tells of failures."""

    services: Services
    tenant_id: TenantId
    account_id: AccountId

    def send(self) -> None:
        """Send what is due, one call each."""
        for intent_id in self._due():
            try:
                self._send_one(intent_id)
            except Throttled as throttled:
                self._back(intent_id, timedelta(seconds=throttled.retry_after))
                return
            except AppFailure as failure:
                self._back(intent_id, _LATER)
                self._record(self.operation, failure)
                return

    @abstractmethod
    def _due(self) -> Sequence[int]:
        """Return the ids of the intents to send now."""

    @abstractmethod
    def _send_one(self, intent_id: int) -> None:
        """Claim an intent, send it and settle what came of it."""

    def _back(self, intent_id: int, wait: timedelta) -> None:
        with self.services.database.tenant(self.tenant_id) as session:
            for row in ledger.locked(session, [intent_id], IntentState.SENDING):
                ledger.requeue(row, self.services.now() + wait)

    def _settle(self, intent_id: int, state: IntentState, answer: str = "") -> None:
        open_states = (IntentState.SENDING, IntentState.SUBMITTED)
        with self.services.database.tenant(self.tenant_id) as session:
            for row in ledger.locked(session, [intent_id], *open_states):
                settling.settle(self.services, session, row, state, answer)

    def _record(self, operation: str, failure: AppFailure) -> None:
        record_failure(self.services, self.tenant_id, self.account_id, operation, failure)
