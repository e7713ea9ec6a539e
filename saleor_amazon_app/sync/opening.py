"""An order in a person's hands: locked, so that nobody else asks for the same meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.intents import Known
from saleor_amazon_app.mirror.sentences import NOTHING, Sentence, say
from saleor_amazon_app.store.models import AccountState, Order, OrderState
from saleor_amazon_app.sync import ledgering
from saleor_amazon_app.sync.filing import open_order
from saleor_amazon_app.sync.listing import no_such_order
from saleor_amazon_app.sync.services import Services

_WHY_NOT: Final[Mapping[str, str]] = {
    AccountState.PAUSED: "why_not.paused",
    AccountState.AUTHORISATION_LOST: "why_not.authorisation_lost",
    AccountState.REMOVING: "why_not.being_removed",
}


@dataclass(frozen=True)
class OpenedOrder:
    """An order in Saleor as Amazon told it last, with what was told to Amazon about it."""

    row: Order
    order: AmazonOrder
    known: list[Known]


def open_imported(services: Services, session: Session, amazon_order_id: str) -> OpenedOrder:
    """Open an order that is in Saleor; it stays locked until the transaction ends.

    Raises:
        NotKnown: There is no such order.
        Misconfigured: It is not in Saleor, or Amazon's data of it is illegible.
    """
    row = lock_order(session, amazon_order_id)
    if row.state != OrderState.IMPORTED:
        raise Misconfigured(say("why_not.not_imported"))
    order = open_order(services.vault, row)
    if order is None:
        raise Misconfigured(say("money.illegible"), cure=say("refused.fetch_again"))
    return OpenedOrder(row, order, ledgering.known_of(session, services.vault, row.id))


def lock_order(session: Session, amazon_order_id: str) -> Order:
    """Return an order's row, locked until the transaction ends.

    Raises:
        NotKnown: There is no such order.
    """
    query = select(Order).where(Order.amazon_order_id == amazon_order_id)
    row = session.scalar(query.with_for_update())
    if row is None:
        raise no_such_order(amazon_order_id)
    return row


def why_nothing_goes(account_state: str, *, read_only: bool) -> Sentence:
    """Say why nothing of an account's orders goes to Amazon at once; nothing if it does."""
    if read_only:
        return say("why_not.read_only")
    code = _WHY_NOT.get(account_state)
    return say(code) if code else NOTHING
