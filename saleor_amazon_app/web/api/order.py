"""One order."""

from flask import Response

from saleor_amazon_app.showing.money import compare_money as compare
from saleor_amazon_app.showing.order import show_for_widget, show_order, show_raw
from saleor_amazon_app.showing.shapes.order import (
    MoneyComparison,
    OrderDetail,
    RawOrder,
    WidgetOrder,
)
from saleor_amazon_app.sync.changes import record_change
from saleor_amazon_app.web.api.auth import Permission, caller, tenant_id
from saleor_amazon_app.web.api.paths import OrderPath, SaleorOrderPath
from saleor_amazon_app.web.api.routing import Resource, answer, needs
from saleor_amazon_app.web.context import services

api = Resource("order", __name__)


@api.get("/orders/<amazon_order_id>", responses={200: OrderDetail})
@needs(Permission.SEE)
def get_order(path: OrderPath) -> Response:
    """Show everything that is known of an order."""
    return shown(path)


@api.get("/orders/<amazon_order_id>/money", responses={200: MoneyComparison})
@needs(Permission.SEE)
def compare_money(path: OrderPath) -> Response:
    """Put Amazon's and Saleor's amounts side by side; Saleor's are read now."""
    return answer(compare(services(), tenant_id(), path.amazon_order_id))


@api.get("/orders/<amazon_order_id>/raw", responses={200: RawOrder})
@needs(Permission.SETTINGS)
def get_raw_order(path: OrderPath) -> Response:
    """Show what Amazon sent, as it came; that somebody looked is recorded.

    It holds more than anybody needs for an order, personal data of the buyer among it: it is for
    those who look after the app.
    """
    raw = show_raw(services(), tenant_id(), path.amazon_order_id)
    action = "Looked at Amazon's raw data"
    record_change(services(), tenant_id(), caller().person, path.amazon_order_id, action)
    return answer(raw)


@api.get("/saleor-orders/<saleor_order_id>", responses={200: WidgetOrder})
@needs(Permission.SEE)
def get_by_saleor_id(path: SaleorOrderPath) -> Response:
    """Show what the widget on Saleor's order page shows; 404: not an Amazon order."""
    return answer(show_for_widget(services(), tenant_id(), path.saleor_order_id))


def shown(path: OrderPath) -> Response:
    """Answer with the order as it is now."""
    return answer(show_order(services(), tenant_id(), path.amazon_order_id))
