"""Who is asking, and where their Dashboard is."""

from flask import Response

from saleor_amazon_app import __version__
from saleor_amazon_app.showing.shapes.overview import DashboardBody, DashboardKnown, Me
from saleor_amazon_app.store.models import Tenant
from saleor_amazon_app.web.api.auth import Permission, caller
from saleor_amazon_app.web.api.desk import desk
from saleor_amazon_app.web.api.routing import Resource, answer, needs
from saleor_amazon_app.web.context import services

api = Resource("me", __name__)


@api.get("/me", responses={200: Me})
@needs(Permission.SEE)
def get_me() -> Response:
    """Tell who is asking and what they may do."""
    me = caller()
    with services().database.tenant(me.tenant_id) as session:
        dashboard = session.get_one(Tenant, me.tenant_id).dashboard_origin
    return answer(
        Me(
            user_id=me.person.id,
            name=me.person.name,
            may_see=me.may(Permission.SEE),
            may_refund=me.may(Permission.REFUND),
            may_change_settings=me.may(Permission.SETTINGS),
            saleor_api_url=me.saleor_api_url,
            app_id=me.app_id,
            app_version=__version__,
            dashboard_url=dashboard,
        )
    )


@api.put("/dashboard", responses={200: DashboardKnown})
@needs(Permission.SETTINGS)
def remember_dashboard(body: DashboardBody) -> Response:
    """Remember where the shop's Dashboard is, at its first verified use."""
    return answer(DashboardKnown(origin=desk().remember_dashboard(body.origin)))
