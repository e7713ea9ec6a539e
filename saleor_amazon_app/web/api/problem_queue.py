"""What waits for a person, grouped by cause. Retry and dismissal of many orders are tasks."""

from flask import Response

from saleor_amazon_app.showing import problems as showing
from saleor_amazon_app.showing.shapes.waiting import ProblemGroups, ProblemPage, ProblemQuery
from saleor_amazon_app.web.api.auth import Permission, tenant_id
from saleor_amazon_app.web.api.routing import Resource, answer, needs
from saleor_amazon_app.web.context import services

api = Resource("problems", __name__)


@api.get("/problems", responses={200: ProblemGroups})
@needs(Permission.SEE)
def list_problem_groups() -> Response:
    """List the kinds of open problems with how many orders each holds."""
    return answer(showing.show_groups(services(), tenant_id()))


@api.get("/problems/orders", responses={200: ProblemPage})
@needs(Permission.SEE)
def list_problems(query: ProblemQuery) -> Response:
    """List the open problems of a kind with their orders, the oldest first."""
    return answer(showing.list_problems(services(), tenant_id(), query))
