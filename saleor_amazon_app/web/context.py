"""The services of the application that answers the current request."""

from typing import cast

from flask import current_app

from saleor_amazon_app.sync.services import Services


def services() -> Services:
    return cast(Services, current_app.extensions["services"])
