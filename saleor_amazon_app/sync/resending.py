"""Tells Amazon an order's packages again: the tracking that the merchant has, once more.

Safe to repeat: a package's reference stays the same, and Amazon then edits the package that it has
(SP-API documentation, confirmShipment).
"""

from typing import Final

from sqlalchemy import select

from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.intents import IntentKind, IntentState
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.models import Intent
from saleor_amazon_app.sync.listing import no_such_order
from saleor_amazon_app.sync.services import Services

_SENT: Final = (IntentState.ACCEPTED, IntentState.REJECTED, IntentState.NEEDS_ATTENTION)


def send_tracking_again(
    services: Services, tenant_id: TenantId, amazon_order_id: str, by: Person
) -> int:
    """Queue the order's shipments again; returns how many.

    Raises:
        NotKnown: There is no such order.
        Misconfigured: Nothing was sent, or it is on its way.
    """
    with services.database.tenant(tenant_id) as session:
        row = order_store.find_order(session, amazon_order_id)
        if row is None:
            raise no_such_order(amazon_order_id)
        if row.status == "CANCELLED":
            raise Misconfigured(say("why_not.order_cancelled"), code="cancelled")
        query = select(Intent).where(
            Intent.order_id == row.id,
            Intent.kind == IntentKind.SHIPMENT,
            Intent.state.in_(_SENT),
            Intent.message.is_not(None),
        )
        intents = session.scalars(query.with_for_update()).all()
        if not intents:
            raise Misconfigured(say("refused.nothing_to_resend"), code="nothing_to_send")
        for intent in intents:
            intent.looks = intent.attempts = 0
            intent.answer, intent.settled_at = "", None
            ledger.requeue(intent)
        text = say("history.tracking_again", packages=len(intents))
        order_store.note(
            session, row, text, actor="merchant", at=services.now(), for_saleor=True, by=by.name
        )
        return len(intents)
