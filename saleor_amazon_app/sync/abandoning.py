"""The way out for an account whose authorisation Amazon has ended for good.

What Amazon has and has not answered can then never be asked for again, and would keep the account
from being removed for ever. A person may leave it behind: only after Amazon has said once more that
the authorisation is gone, only as many messages as they were told of, and with a line for each.
What was never sent is given up; what Amazon may have is never said to be done or not done.
"""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from saleor_amazon_app.amazon.errors import AuthorisationLost
from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.intents import UNDER_WAY, IntentState
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.store.models import Account, AccountState, Intent, Order
from saleor_amazon_app.store.sentences import sentence_of
from saleor_amazon_app.sync import settling
from saleor_amazon_app.sync.changes import add_change
from saleor_amazon_app.sync.services import Services

_FOR_GOOD: Final = "invalid_grant"
"""The refresh token is "invalid, expired, revoked" (RFC 6749, section 5.2). Other refusals concern
the app, and pass once its operator has mended them."""


def refuse_unless_gone(services: Services, tenant_id: TenantId, account_id: str) -> None:
    """Ask Amazon once more whether the seller's authorisation is gone.

    Raises:
        Misconfigured: It is not, or not for good.
        AmazonFailure: Amazon could not be asked.
    """
    with services.database.tenant(tenant_id) as session:
        row = session.scalar(select(Account).where(Account.id == account_id))
        if row is None or row.state != AccountState.AUTHORISATION_LOST:
            raise _refusal("refused.not_lost")
        seller = services.seller(row)
    services.amazon.tokens.forget(seller)
    try:
        services.amazon.tokens.access_token(seller)
    except AuthorisationLost as lost:
        if lost.code != _FOR_GOOD:
            raise _refusal("refused.not_for_good") from None
    else:
        raise _refusal("refused.not_lost")


def _refusal(code: str) -> Misconfigured:
    return Misconfigured(say(code), cure=say("refused.renew_and_wait"), code="not_gone")


def leave_behind(services: Services, session: Session, account_id: str, by: Person) -> int:
    """Settle all that has no answer, with a line in each order's history and in the log of changes.

    Returns:
        How many messages nobody will know the outcome of.
    """
    open_states = (*UNDER_WAY, IntentState.NEEDS_ATTENTION)
    query = select(Intent).where(Intent.account_id == account_id, Intent.state.in_(open_states))
    unknown = 0
    for intent in session.scalars(query.order_by(Intent.id).with_for_update()).all():
        unknown += _leave(services, session, intent, by)
    return unknown


def _leave(services: Services, session: Session, intent: Intent, by: Person) -> bool:
    """Leave one message behind; tells whether Amazon may have carried it out."""
    is_unsent = intent.state == IntentState.QUEUED
    if is_unsent:
        answer, state = say("answer.given_up", by=by.name), IntentState.WITHDRAWN
    else:
        answer, state = say("answer.left_behind", by=by.name), IntentState.NEEDS_ATTENTION
    settling.settle(services, session, intent, state, answer)
    order = session.get_one(Order, intent.order_id)
    action = say("change.left_unsent" if is_unsent else "change.left_unanswered")
    detail = sentence_of(intent, "summary")
    add_change(services, session, by, order.amazon_order_id, action, detail, order_id=order.id)
    return not is_unsent
