"""The log: calls that failed, and what staff changed."""

from flask import Response

from saleor_amazon_app.showing import logbook
from saleor_amazon_app.showing.shapes.waiting import (
    ActivityPage,
    ActivityQuery,
    ChangePage,
    PageQuery,
)
from saleor_amazon_app.web.api.auth import Permission, tenant_id
from saleor_amazon_app.web.api.routing import Resource, answer, needs
from saleor_amazon_app.web.context import services

api = Resource("activity", __name__)


@api.get("/activity", responses={200: ActivityPage})
@needs(Permission.SEE)
def list_activity(query: ActivityQuery) -> Response:
    """List failed calls, the latest first."""
    return answer(logbook.list_activity(services(), tenant_id(), query))


@api.get("/changes", responses={200: ChangePage})
@needs(Permission.SETTINGS)
def list_changes(query: PageQuery) -> Response:
    """List what members of staff changed, the latest first."""
    return answer(logbook.list_changes(services(), tenant_id(), query))
