"""Sends shipments to Amazon, and believes in them only once Amazon shows the package.

A 204 is no proof: Amazon has been seen to drop the write (amzn/selling-partner-api-models#5232).
A shipment may be sent again, because the same package reference edits the same package; still
Amazon is looked at first, so that what arrived is not sent twice.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from saleor_amazon_app.amazon.errors import (
    NotFound,
    Refused,
    Throttled,
    Unavailable,
)
from saleor_amazon_app.amazon.shipments import confirm_shipment
from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.mirror.intents import IntentKind, IntentState
from saleor_amazon_app.mirror.messages import Shipment
from saleor_amazon_app.mirror.outcomes import is_shown
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store.accounts import get_account
from saleor_amazon_app.store.models import Intent, Order
from saleor_amazon_app.store.sentences import sentence_of
from saleor_amazon_app.sync import ledgering, settling
from saleor_amazon_app.sync.filing import open_order
from saleor_amazon_app.sync.refetching import fetch_order
from saleor_amazon_app.sync.singly import SingleSender

BACKLOG: Final = 60
"""More shipments than this go out as one feed: at two calls a second they would take too long."""
_SHIPMENTS: Final = (IntentKind.SHIPMENT,)
_LOOKS: Final = tuple(timedelta(seconds=seconds) for seconds in (15, 60, 300))
"""The waits before each look for a package; after the last one it counts as lost."""
_SENDS: Final = 3
_REFUSALS: Final = 2
"""One 400 may be a fault of Amazon's (amzn/selling-partner-api-models#5365); two are an answer."""
_AFTER_REFUSAL: Final = timedelta(seconds=60)


class Confirmer(SingleSender):
    """Sends the shipments of one account, and reads them back; a backlog is left to a feed."""

    operation = "confirmShipment"

    def _due(self) -> list[int]:
        with self.services.database.tenant(self.tenant_id) as session:
            now = self.services.now()
            rows = ledger.due(session, self.account_id, _SHIPMENTS, now, BACKLOG + 1)
            if len(rows) > BACKLOG:
                return []
            return [row.id for row in rows if self._has_tracking(row)]

    def _has_tracking(self, row: Intent) -> bool:
        """``confirmShipment`` demands a tracking number; without one a shipment goes by feed."""
        message = ledgering.open_message(self.services.vault, row)
        return isinstance(message, Shipment) and bool(message.tracking_number)

    def _send_one(self, intent_id: int) -> None:
        claimed = self._claim(intent_id)
        if claimed is None:
            return
        intent, shipment = claimed
        try:
            self._call(shipment)
        except Refused as refused:
            self._refused(intent, refused)
        except NotFound as missing:
            self._settle(intent.id, IntentState.REJECTED, missing.message)
        except Unavailable:
            self._unknown(intent.id)
        else:
            self._sent(intent.id)

    def _claim(self, intent_id: int) -> tuple[Intent, Shipment] | None:
        with self.services.database.tenant(self.tenant_id) as session:
            won = ledger.claim(session, [intent_id], self.services.now())
            if not won:
                return None
            message = ledgering.open_message(self.services.vault, won[0])
        return (won[0], message) if isinstance(message, Shipment) else None

    def _call(self, shipment: Shipment) -> None:
        with self.services.database.tenant(self.tenant_id) as session:
            account = get_account(session, self.account_id)
            seller, region = self.services.seller(account), account.region
        confirm_shipment(self.services.amazon, seller, region, shipment)

    def _sent(self, intent_id: int) -> None:
        with self.services.database.tenant(self.tenant_id) as session:
            rows = ledger.locked(session, [intent_id], IntentState.SENDING)
            settling.submitted(self.services, session, rows)
            for row in rows:
                row.looks, row.next_attempt_at = 0, self.services.now() + _LOOKS[0]

    def _unknown(self, intent_id: int) -> None:
        """Amazon did not answer: look for the package before sending it again."""
        with self.services.database.tenant(self.tenant_id) as session:
            for row in ledger.locked(session, [intent_id], IntentState.SENDING):
                row.state, row.submitted_at = IntentState.SUBMITTED, self.services.now()
                row.looks = len(_LOOKS) - 1
                row.next_attempt_at = self.services.now() + _LOOKS[0]

    def _refused(self, intent: Intent, refused: Refused) -> None:
        if intent.attempts < _REFUSALS:
            self._back(intent.id, _AFTER_REFUSAL)
        else:
            self._settle(intent.id, IntentState.REJECTED, refused.message)

    # --- reading back ---------------------------------------------------------------------------

    def confirm(self) -> None:
        """Look at Amazon for the packages that were sent."""
        read: set[str] = set()
        for intent_id, amazon_order_id in self._unconfirmed():
            try:
                if amazon_order_id not in read:
                    fetch_order(self.services, self.tenant_id, self.account_id, amazon_order_id)
                    read.add(amazon_order_id)
            except AppFailure as failure:
                if not isinstance(failure, Throttled):
                    self._record("getOrder", failure)
                return
            self._judge(intent_id)

    def _unconfirmed(self) -> Iterator[tuple[int, str]]:
        with self.services.database.tenant(self.tenant_id) as session:
            rows = ledger.unconfirmed(session, self.account_id, self.services.now(), BACKLOG)
            found = [(row.id, session.get_one(Order, row.order_id).amazon_order_id) for row in rows]
        yield from found

    def _judge(self, intent_id: int) -> None:
        """Accept a shipment whose package Amazon shows; look again, resend or give up otherwise."""
        open_states = (IntentState.SENDING, IntentState.SUBMITTED)
        with self.services.database.tenant(self.tenant_id) as session:
            for row in ledger.locked(session, [intent_id], *open_states):
                order = open_order(self.services.vault, session.get_one(Order, row.order_id))
                message = ledgering.open_message(self.services.vault, row)
                if order and isinstance(message, Shipment) and is_shown(message, order):
                    answer = sentence_of(row, "answer")
                    settling.settle(self.services, session, row, IntentState.ACCEPTED, answer)
                else:
                    self._not_shown(session, row)

    def _not_shown(self, session: Session, row: Intent) -> None:
        row.looks += 1
        now = self.services.now()
        if row.state == IntentState.SENDING:  # dropped by its worker, perhaps before the call
            row.state, row.submitted_at, row.looks = IntentState.SUBMITTED, now, len(_LOOKS) - 1
        if row.looks < len(_LOOKS):
            row.next_attempt_at = now + _LOOKS[row.looks]
        elif row.attempts < _SENDS and row.feed_id is None:
            ledger.requeue(row)
            ledger.mark(session, [row.order_id], now)  # it may have been cancelled meanwhile
        else:
            text = say("answer.package_not_shown")
            settling.settle(self.services, session, row, IntentState.NEEDS_ATTENTION, text)
