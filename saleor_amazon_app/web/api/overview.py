"""The overview: accounts, figures, what waits."""

from flask import Response

from saleor_amazon_app.showing.figures import show_figures
from saleor_amazon_app.showing.overview import show_checklist, show_overview
from saleor_amazon_app.showing.shapes.overview import (
    Checklist,
    Figures,
    FiguresQuery,
    Overview,
    OverviewQuery,
)
from saleor_amazon_app.web.api.auth import Permission, tenant_id
from saleor_amazon_app.web.api.routing import Resource, answer, needs
from saleor_amazon_app.web.context import services

api = Resource("overview", __name__)


@api.get("/overview", responses={200: Overview})
@needs(Permission.SEE)
def get_overview(query: OverviewQuery) -> Response:
    """Show the accounts' state, what waits for a person, and the latest orders."""
    return answer(show_overview(services(), tenant_id(), query.timezone))


@api.get("/figures", responses={200: Figures})
@needs(Permission.SEE)
def get_figures(query: FiguresQuery) -> Response:
    """Show revenue and orders of 7 days, 30 days and all, and a series of days."""
    return answer(show_figures(services(), tenant_id(), query.timezone, query.days))


@api.get("/checklist", responses={200: Checklist})
@needs(Permission.SEE)
def get_checklist() -> Response:
    """Show the way from the installation to the first imported order."""
    return answer(show_checklist(services(), tenant_id()))
