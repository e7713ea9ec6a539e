"""Invoices of an order for Amazon."""

import base64
import binascii

from flask import Response

from saleor_amazon_app.mirror.failures import NotFitting
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.showing.invoices import show_choices, show_preview
from saleor_amazon_app.showing.shapes.invoices import (
    MOST_BODY,
    InvoiceAsk,
    InvoiceChoices,
    InvoiceConfirmed,
    InvoicePreview,
)
from saleor_amazon_app.showing.shapes.order import OrderDetail
from saleor_amazon_app.sync import invoicing
from saleor_amazon_app.web.api.auth import Permission, caller, tenant_id
from saleor_amazon_app.web.api.order import shown
from saleor_amazon_app.web.api.paths import OrderPath
from saleor_amazon_app.web.api.routing import Resource, answer, needs, takes
from saleor_amazon_app.web.api.waking import wake_carrier
from saleor_amazon_app.web.context import services

api = Resource("invoices", __name__)


@api.get("/orders/<amazon_order_id>/invoices", responses={200: InvoiceChoices})
@needs(Permission.SEE)
def get_invoice_choices(path: OrderPath) -> Response:
    """Show the order's invoices in Saleor, and what one for Amazon has to come to."""
    return answer(show_choices(invoicing.choices(services(), tenant_id(), path.amazon_order_id)))


@api.post("/orders/<amazon_order_id>/invoices/preview", responses={200: InvoicePreview})
@needs(Permission.SEE)
@takes(MOST_BODY)
def preview_invoice(path: OrderPath, body: InvoiceAsk) -> Response:
    """Show exactly what would go to Amazon."""
    found = invoicing.preview(services(), tenant_id(), path.amazon_order_id, _asked(body))
    return answer(show_preview(found))


@api.post("/orders/<amazon_order_id>/invoices", responses={200: OrderDetail})
@needs(Permission.SEE)
@takes(MOST_BODY)
def send_invoice(path: OrderPath, body: InvoiceConfirmed) -> Response:
    """Send Amazon an invoice, as previewed."""
    invoicing.ask(
        services(),
        tenant_id(),
        path.amazon_order_id,
        _asked(body),
        request_id=body.request_id,
        digest=body.digest,
        by=caller().person,
    )
    wake_carrier(path.amazon_order_id)
    return shown(path)


def _asked(body: InvoiceAsk) -> invoicing.Asked:
    content = None if body.file is None else _decoded(body.file)
    return invoicing.Asked(body.number, content, body.saleor_invoice_id)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        faults = {"file": say("invoice.file_unreadable")}
        raise NotFitting(say("invoice.not_fitting"), faults, code="not_fitting") from None
