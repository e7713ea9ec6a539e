"""Sends messages to buyers, each at most once.

Amazon has no way to tell that a message is a repeat, and none to read what was sent. So of each
outcome that is not known a person is told at once, and nothing is sent again by itself but what
Amazon certainly has not taken: a call that never left (no connection, no token), or that met a
quota. Whatever Amazon refuses is told as a refusal; a person may have it sent again.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from saleor_amazon_app.amazon.errors import Forbidden, OutcomeUnknown, Throttled, Unavailable
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.amazon.messaging import WRITE, is_not_offered, write_to_buyer
from saleor_amazon_app.mirror.failures import AmazonFailure
from saleor_amazon_app.mirror.intents import IntentKind, IntentState
from saleor_amazon_app.mirror.messages import BuyerMessage
from saleor_amazon_app.mirror.sentences import Sentence, quote, say, several
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store.accounts import get_account
from saleor_amazon_app.sync import ledgering, settling
from saleor_amazon_app.sync.singly import SingleSender

_MESSAGES: Final = (IntentKind.BUYER_MESSAGE,)
_AT_ONCE: Final = 50
_OLDEST: Final = timedelta(days=1)
"""What could not be sent by then, as in read-only mode, is not sent any more."""


_TELLING: Final = 12
"""So many characters of a text show that it is repeated; Amazon's words are cut off somewhere."""


@dataclass
class _Claimed:
    """A message that this worker alone may send, with all that the call needs."""

    intent_id: int
    message: BuyerMessage
    seller: SellerCredentials
    region: str


class Messenger(SingleSender):
    """Sends the messages of one account."""

    operation = "messaging"

    def recover(self) -> None:
        """Ask a person about the messages that a worker was sending when it stopped."""
        with self.services.database.tenant(self.tenant_id) as session:
            now = self.services.now()
            for row in ledger.dropped(session, self.account_id, _MESSAGES, now):
                text = say("answer.message_unknown")
                settling.settle(self.services, session, row, IntentState.NEEDS_ATTENTION, text)

    def _due(self) -> list[int]:
        with self.services.database.tenant(self.tenant_id) as session:
            now = self.services.now()
            rows = ledger.due(session, self.account_id, _MESSAGES, now, _AT_ONCE)
            return [row.id for row in rows]

    def _send_one(self, intent_id: int) -> None:
        claimed = self._claim(intent_id)
        if claimed is None:
            return
        name = WRITE[claimed.message.about].name
        try:
            write_to_buyer(self.services.amazon, claimed.seller, claimed.region, claimed.message)
        except OutcomeUnknown as failure:
            self._settle(intent_id, IntentState.NEEDS_ATTENTION, say("answer.message_unknown"))
            self._record(name, failure)
        except (Throttled, Unavailable):  # certainly not taken
            raise
        except AmazonFailure as refusal:
            self._settle(intent_id, IntentState.REJECTED, words_of(refusal, claimed.message.text))
            self._record(name, _without_words(refusal))
        else:
            self._settle(intent_id, IntentState.ACCEPTED)

    def _claim(self, intent_id: int) -> _Claimed | None:
        """Claim a message, and open what the call needs, so that nothing else can fail after."""
        now = self.services.now()
        with self.services.database.tenant(self.tenant_id) as session:
            if self._is_too_old(session, intent_id):
                return None
            won = ledger.claim(session, [intent_id], now)
            message = ledgering.open_message(self.services.vault, won[0]) if won else None
            if not isinstance(message, BuyerMessage):
                return None
            account = get_account(session, self.account_id)
            seller = self.services.seller(account)
            return _Claimed(intent_id, message, seller, account.region)

    def _is_too_old(self, session: Session, intent_id: int) -> bool:
        for row in ledger.locked(session, [intent_id], IntentState.QUEUED):
            if self.services.now() - row.asked_at > _OLDEST:
                text = say("answer.message_too_old")
                settling.settle(self.services, session, row, IntentState.WITHDRAWN, text)
                return True
        return False


def words_of(refusal: AmazonFailure, text: str) -> Sentence:
    """Say why Amazon did not take a message, and what can be done.

    Amazon's words are left out if they repeat the text, which belongs in no history.
    """
    words = quote("" if text[:_TELLING] in refusal.message else refusal.message)
    if not isinstance(refusal, Forbidden):
        return several(words or say("answer.amazon_rejected"), quote(refusal.cure))
    words = say("answer.amazons_words", words=words) if words else words
    if is_not_offered(refusal):
        return several(say("message.not_offered"), words)
    return several(say("message.no_role"), say("cure.buyer_communication"), words)


def _without_words(refusal: AmazonFailure) -> AmazonFailure:
    """Return a refusal for the log, which must not hold what Amazon may repeat of a text."""
    return type(refusal)("Amazon did not take a message to a buyer.", code=refusal.code)
