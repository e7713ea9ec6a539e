"""Writing to the buyer of an order."""

from flask import Response

from saleor_amazon_app.showing.contact import show_choices, show_preview
from saleor_amazon_app.showing.shapes.contact import (
    ContactChoices,
    MessageAsk,
    MessageConfirmed,
    MessagePreview,
)
from saleor_amazon_app.showing.shapes.order import OrderDetail
from saleor_amazon_app.sync import contacting
from saleor_amazon_app.web.api.auth import Permission, caller, tenant_id
from saleor_amazon_app.web.api.order import shown
from saleor_amazon_app.web.api.paths import OrderPath
from saleor_amazon_app.web.api.routing import Resource, answer, needs
from saleor_amazon_app.web.api.waking import wake_carrier
from saleor_amazon_app.web.context import services

api = Resource("contact", __name__)


@api.get("/orders/<amazon_order_id>/contact", responses={200: ContactChoices})
@needs(Permission.SEE)
def get_contact_choices(path: OrderPath) -> Response:
    """Show what Amazon lets the buyer be written now, which it is asked; with the templates."""
    return answer(show_choices(contacting.choices(services(), tenant_id(), path.amazon_order_id)))


@api.post("/orders/<amazon_order_id>/messages/preview", responses={200: MessagePreview})
@needs(Permission.SEE)
def preview_message(path: OrderPath, body: MessageAsk) -> Response:
    """Show exactly what would be sent to the buyer."""
    number = path.amazon_order_id
    found = contacting.preview(services(), tenant_id(), number, body.kind, body.text)
    return answer(show_preview(found))


@api.post("/orders/<amazon_order_id>/messages", responses={200: OrderDetail})
@needs(Permission.SEE)
def send_message(path: OrderPath, body: MessageConfirmed) -> Response:
    """Send the buyer a message, as previewed."""
    contacting.ask(
        services(),
        tenant_id(),
        path.amazon_order_id,
        request_id=body.request_id,
        kind=body.kind,
        text=body.text,
        by=caller().person,
    )
    wake_carrier(path.amazon_order_id)
    return shown(path)
