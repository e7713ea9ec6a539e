"""The JSON API of the Dashboard pages, under ``/api/v1``. Its description is ``openapi.json``.

Each resource is a module; ``auth`` lets in, ``problems`` gives every error its shape.
"""

from typing import Any, Final

from flask_openapi3 import Info, OpenAPI

from saleor_amazon_app import __version__
from saleor_amazon_app.web.api import (
    accounts,
    activity,
    contact,
    intents,
    invoices,
    me,
    message_templates,
    notifications,
    order,
    order_actions,
    orders,
    overview,
    problem_queue,
    settings,
    skus,
    tasks,
    views,
)
from saleor_amazon_app.web.api.routing import BRIDGE

INFO: Final = Info(
    title="Amazon Orders for Saleor",
    version=__version__,
    description="The app's own API for its pages inside the Saleor Dashboard.",
)
SECURITY: Final[dict[str, Any]] = {
    BRIDGE: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The token that App Bridge hands to the page; scopes are permissions of the "
        "member of staff.",
    }
}
RESOURCES: Final = (
    me.api,
    overview.api,
    orders.api,
    order.api,
    order_actions.api,
    contact.api,
    invoices.api,
    intents.api,
    tasks.api,
    problem_queue.api,
    skus.api,
    activity.api,
    accounts.api,
    settings.api,
    message_templates.api,
    notifications.api,
    views.api,
)


def register(app: OpenAPI) -> None:
    """Add all resources to the application."""
    for resource in RESOURCES:
        app.register_api(resource)
