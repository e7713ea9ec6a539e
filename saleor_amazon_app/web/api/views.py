"""Lists that somebody wants to come back to; each sees their own."""

from flask import Response

from saleor_amazon_app.showing.settings import show_views
from saleor_amazon_app.showing.shapes.orders import SavedView, SavedViews, ViewBody
from saleor_amazon_app.web.api.auth import Permission, caller, tenant_id
from saleor_amazon_app.web.api.desk import desk
from saleor_amazon_app.web.api.paths import IdPath
from saleor_amazon_app.web.api.routing import NOTHING, Resource, answer, needs, nothing
from saleor_amazon_app.web.context import services

api = Resource("views", __name__)


@api.get("/views", responses={200: SavedViews})
@needs(Permission.SEE)
def list_views() -> Response:
    """List one's saved views, by name."""
    return answer(show_views(services(), tenant_id(), caller().person.id))


@api.post("/views", responses={200: SavedView})
@needs(Permission.SEE)
def save_view(body: ViewBody) -> Response:
    """Save a view, or replace the one of that name."""
    row = desk().save_view(body.name, body.query)
    return answer(SavedView(id=row.id, name=row.name, query=row.query))


@api.delete("/views/<id>", responses=NOTHING)
@needs(Permission.SEE)
def delete_view(path: IdPath) -> Response:
    """Forget a view."""
    desk().delete_view(path.id)
    return nothing()
