"""The desk of the member of staff who calls."""

from saleor_amazon_app.sync.desk import Desk
from saleor_amazon_app.web.api.auth import caller
from saleor_amazon_app.web.context import services


def desk() -> Desk:
    return Desk(services(), caller().tenant_id, caller().person)
