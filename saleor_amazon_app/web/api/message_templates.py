"""The merchant's templates of messages to buyers."""

from http import HTTPStatus

from flask import Response

from saleor_amazon_app.showing.contact import show_template, show_templates
from saleor_amazon_app.showing.shapes.contact import TemplateBody, Templates, TemplateShown
from saleor_amazon_app.sync.template_desk import Draft, TemplateDesk
from saleor_amazon_app.web.api.auth import Permission, caller, tenant_id
from saleor_amazon_app.web.api.paths import IdPath
from saleor_amazon_app.web.api.routing import NOTHING, Resource, answer, needs, nothing
from saleor_amazon_app.web.context import services

api = Resource("message_templates", __name__)


@api.get("/message-templates", responses={200: Templates})
@needs(Permission.SEE)
def list_message_templates() -> Response:
    """List the templates, with kinds, placeholders and suggestions."""
    return answer(show_templates(services(), tenant_id()))


@api.post("/message-templates", responses={201: TemplateShown})
@needs(Permission.SETTINGS)
def add_message_template(body: TemplateBody) -> Response:
    """Add a template."""
    return answer(show_template(_desk().add(_draft(body))), HTTPStatus.CREATED)


@api.put("/message-templates/<id>", responses={200: TemplateShown})
@needs(Permission.SETTINGS)
def set_message_template(path: IdPath, body: TemplateBody) -> Response:
    """Change a template."""
    return answer(show_template(_desk().change(path.id, _draft(body))))


@api.delete("/message-templates/<id>", responses=NOTHING)
@needs(Permission.SETTINGS)
def delete_message_template(path: IdPath) -> Response:
    """Delete a template."""
    _desk().delete(path.id)
    return nothing()


def _desk() -> TemplateDesk:
    return TemplateDesk(services(), tenant_id(), caller().person)


def _draft(body: TemplateBody) -> Draft:
    return Draft(body.name.strip(), body.kind, body.language.strip(), body.text)
