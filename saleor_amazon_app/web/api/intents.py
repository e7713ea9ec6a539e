"""What was to be told to Amazon: again, settled, given up."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Response
from sqlalchemy import select

from saleor_amazon_app.mirror.failures import NotKnown
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.intents import IntentKind
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.showing.shapes.order import OrderDetail
from saleor_amazon_app.store.models import Intent, Order
from saleor_amazon_app.sync import asking
from saleor_amazon_app.sync.services import Services
from saleor_amazon_app.web.api.auth import Permission, caller, tenant_id
from saleor_amazon_app.web.api.order import shown
from saleor_amazon_app.web.api.paths import IntentPath, OrderPath
from saleor_amazon_app.web.api.problems import Refused
from saleor_amazon_app.web.api.routing import Resource, needs
from saleor_amazon_app.web.api.waking import wake_carrier
from saleor_amazon_app.web.context import services

api = Resource("intents", __name__)

_Act = Callable[[Services, TenantId, int, str], None]


@api.post("/intents/<int:intent_id>/again", responses={200: OrderDetail})
@needs(Permission.SEE)
def send_intent_again(path: IntentPath) -> Response:
    """Send again what Amazon rejected, or of which nobody knows what became."""
    return _act(path, asking.send_again)


@api.post("/intents/<int:intent_id>/done", responses={200: OrderDetail})
@needs(Permission.SEE)
def settle_intent(path: IntentPath) -> Response:
    """Record that it was seen done at Amazon."""
    return _act(path, asking.settle_as_done)


@api.post("/intents/<int:intent_id>/give-up", responses={200: OrderDetail})
@needs(Permission.SEE)
def give_up_intent(path: IntentPath) -> Response:
    """Give it up: it was not done, and is not to be."""
    return _act(path, asking.withdraw)


def _act(path: IntentPath, act: _Act) -> Response:
    """Act on an intent; a refund takes the permission for refunds as well."""
    with services().database.tenant(tenant_id()) as session:
        query = (
            select(Intent.kind, Order.amazon_order_id)
            .join(Order, Order.id == Intent.order_id)
            .where(Intent.id == path.intent_id)
        )
        found = session.execute(query).one_or_none()
    if found is None:
        raise NotKnown(say("refused.no_intent", number=str(path.intent_id)), code="no_intent")
    kind, number = found
    if kind == IntentKind.REFUND and not caller().may(Permission.REFUND):
        raise Refused(
            HTTPStatus.FORBIDDEN,
            "needs_handle_payments",
            say("refused.refund_permission", permission=Permission.REFUND.value),
        )
    act(services(), tenant_id(), path.intent_id, caller().person.name[:64])
    wake_carrier(number)
    return shown(OrderPath(amazon_order_id=number))
