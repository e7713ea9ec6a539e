"""Sellers' accounts: connect, pause, remove, map."""

from http import HTTPStatus

from flask import Response

from saleor_amazon_app.showing.accounts import (
    show_account,
    show_accounts,
    show_marketplace,
    show_marketplaces,
    show_removal,
)
from saleor_amazon_app.showing.settings import show_connect_choices
from saleor_amazon_app.showing.shapes.overview import (
    AccountRemoval,
    Accounts,
    AccountShown,
    RemovalQuery,
)
from saleor_amazon_app.showing.shapes.settings import (
    ConnectBody,
    ConnectChoices,
    Consent,
    ConsentBody,
    ImportStartBody,
    Marketplaces,
    MarketplaceSettings,
    MarketplaceShown,
)
from saleor_amazon_app.store.models import SweepKind
from saleor_amazon_app.sync import jobs
from saleor_amazon_app.sync.accounts import MappingChoice
from saleor_amazon_app.sync.consents import Consents
from saleor_amazon_app.sync.desk import TERMS
from saleor_amazon_app.web.api.auth import Permission, caller, tenant_id
from saleor_amazon_app.web.api.desk import desk
from saleor_amazon_app.web.api.paths import IdPath, MarketplacePath
from saleor_amazon_app.web.api.routing import Resource, answer, needs
from saleor_amazon_app.web.api.waking import wake_import
from saleor_amazon_app.web.context import services

api = Resource("accounts", __name__)


@api.get("/accounts", responses={200: Accounts})
@needs(Permission.SEE)
def list_accounts() -> Response:
    """List the accounts with their state."""
    return answer(show_accounts(services(), tenant_id()))


@api.get("/accounts/choices", responses={200: ConnectChoices})
@needs(Permission.SETTINGS)
def get_connect_choices() -> Response:
    """Tell how an account can be connected."""
    return answer(show_connect_choices(services()))


@api.post("/accounts", responses={200: AccountShown})
@needs(Permission.SETTINGS)
def connect_account(body: ConnectBody) -> Response:
    """Connect an account by a self-authorised token, or renew its authorisation."""
    token = body.refresh_token.get_secret_value()
    account_id = desk().connect(body.seller_id, body.region, token, body.import_from)
    return _working(account_id)


@api.post("/accounts/consent", responses={200: Consent})
@needs(Permission.SETTINGS)
def ask_consent(body: ConsentBody) -> Response:
    """Begin connecting through Amazon's consent page."""
    url, until = Consents(services()).ask(
        tenant_id(), caller().person, body.marketplace_id, body.import_from
    )
    return answer(Consent(url=url, expires_at=until))


@api.post("/accounts/<id>/pause", responses={200: AccountShown})
@needs(Permission.SETTINGS)
def pause_account(path: IdPath) -> Response:
    """Stop working on an account."""
    desk().pause(path.id)
    return answer(show_account(services(), tenant_id(), path.id))


@api.post("/accounts/<id>/resume", responses={200: AccountShown})
@needs(Permission.SETTINGS)
def resume_account(path: IdPath) -> Response:
    """Work on a paused account again."""
    desk().resume(path.id)
    return _working(path.id)


@api.put("/accounts/<id>/import-from", responses={200: AccountShown})
@needs(Permission.SETTINGS)
def set_import_start(path: IdPath, body: ImportStartBody) -> Response:
    """Import orders bought since another moment; earlier ones are read once more."""
    desk().import_since(path.id, body.import_from)
    wake_import(path.id)
    return _working(path.id)


@api.get("/accounts/<id>/removal", responses={200: AccountRemoval})
@needs(Permission.SETTINGS)
def get_account_removal(path: IdPath) -> Response:
    """Tell what removing an account would delete, and what is in the way of it."""
    return answer(show_removal(services(), tenant_id(), path.id))


@api.delete("/accounts/<id>", responses={202: AccountShown})
@needs(Permission.SETTINGS)
def remove_account(path: IdPath, query: RemovalQuery) -> Response:
    """Remove an account with all that is kept of it, in the background; Saleor's orders stay."""
    desk().remove(path.id, query.leave_unanswered)
    shown = show_account(services(), tenant_id(), path.id)
    jobs.wake(services().redis, jobs.wipe_account, tenant_id(), path.id)
    return answer(shown, HTTPStatus.ACCEPTED)


@api.get("/marketplaces", responses={200: Marketplaces})
@needs(Permission.SEE)
def list_marketplaces() -> Response:
    """List the marketplaces of all accounts with their settings."""
    return answer(show_marketplaces(services(), tenant_id()))


@api.put("/accounts/<id>/marketplaces/<marketplace_id>", responses={200: MarketplaceShown})
@needs(Permission.SETTINGS)
def set_marketplace(path: MarketplacePath, body: MarketplaceSettings) -> Response:
    """Map a marketplace to a channel and say how its orders are handled."""
    choice = MappingChoice(
        channel=body.channel,
        warehouse=body.warehouse_id,
        shipping_method=body.shipping_method_id,
        tax_class=body.tax_class_id,
        import_orders=body.import_orders,
        hold_stock=body.hold_stock,
        buyer_email=body.buyer_email,
        without_address=body.without_address,
    )
    terms = {name: getattr(body, name) for name in TERMS}
    row = desk().set_marketplace(path.id, path.marketplace_id, choice, terms)
    wake_import(path.id)
    return answer(show_marketplace(row))


def _working(account_id: str) -> Response:
    """Have the account swept at once, and show it."""
    kind = SweepKind.UPDATES.value
    jobs.wake(services().redis, jobs.sweep_account, tenant_id(), account_id, kind)
    return answer(show_account(services(), tenant_id(), account_id))
