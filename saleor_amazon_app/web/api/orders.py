"""Lists of orders."""

from flask import Response

from saleor_amazon_app.showing import orders as showing
from saleor_amazon_app.showing.shapes.common import Count
from saleor_amazon_app.showing.shapes.orders import OrderFilter, OrderPage, OrderQuery
from saleor_amazon_app.web.api.auth import Permission, tenant_id
from saleor_amazon_app.web.api.routing import CSV, Resource, answer, download, needs
from saleor_amazon_app.web.context import services

api = Resource("orders", __name__)


@api.get("/orders", responses={200: OrderPage})
@needs(Permission.SEE)
def list_orders(query: OrderQuery) -> Response:
    """List orders, filtered and sorted, a page at a time."""
    return answer(showing.list_orders(services(), tenant_id(), query))


@api.get("/orders/count", responses={200: Count})
@needs(Permission.SEE)
def count_orders(query: OrderFilter) -> Response:
    """Count the orders that a filter finds, up to ten thousand."""
    return answer(showing.count_orders(services(), tenant_id(), query))


@api.get("/orders/export", responses=CSV)
@needs(Permission.SEE)
def export_orders(query: OrderQuery) -> Response:
    """Write all orders that a filter finds as CSV, in the order of the list."""
    return download(showing.export(services(), tenant_id(), query), "amazon-orders.csv")
