"""Settings of the shop, and the words that fields take."""

from flask import Response

from saleor_amazon_app.showing.settings import (
    show_settings,
    show_shop_choices,
    show_word,
    show_words,
)
from saleor_amazon_app.showing.shapes.settings import (
    ReadOnlyBody,
    ShopChoices,
    ShopSettings,
    ShopSettingsBody,
    Vocabulary,
    Word,
    WordBody,
    Words,
)
from saleor_amazon_app.showing.vocabulary import show_vocabulary
from saleor_amazon_app.web.api.auth import Permission, tenant_id
from saleor_amazon_app.web.api.desk import desk
from saleor_amazon_app.web.api.paths import IdPath
from saleor_amazon_app.web.api.routing import NOTHING, Resource, answer, needs, nothing
from saleor_amazon_app.web.context import services

api = Resource("settings", __name__)


@api.get("/settings", responses={200: ShopSettings})
@needs(Permission.SEE)
def get_settings() -> Response:
    """Show the shop's settings."""
    return answer(show_settings(services(), tenant_id()))


@api.put("/settings", responses={200: ShopSettings})
@needs(Permission.SETTINGS)
def set_settings(body: ShopSettingsBody) -> Response:
    """Change the shop's settings."""
    desk().keep_activity(body.activity_days)
    return answer(show_settings(services(), tenant_id()))


@api.put("/settings/read-only", responses={200: ShopSettings})
@needs(Permission.SETTINGS)
def set_read_only(body: ReadOnlyBody) -> Response:
    """Switch read-only mode: nothing goes to Amazon, what would have gone waits."""
    desk().set_read_only(on=body.on, reason=body.reason)
    return answer(show_settings(services(), tenant_id()))


@api.get("/settings/shop", responses={200: ShopChoices})
@needs(Permission.SETTINGS)
def get_shop_choices() -> Response:
    """Show the channels, warehouses, shipping methods and tax classes of the shop."""
    return answer(show_shop_choices(services(), tenant_id()))


@api.get("/vocabulary", responses={200: Vocabulary})
@needs(Permission.SEE)
def get_vocabulary() -> Response:
    """Show the values that fields take, with their explanations."""
    return answer(show_vocabulary(services(), tenant_id()))


@api.get("/words", responses={200: Words})
@needs(Permission.SEE)
def list_words() -> Response:
    """List the merchant's words for carriers and for reasons of refunds."""
    return answer(show_words(services(), tenant_id()))


@api.put("/words", responses={200: Word})
@needs(Permission.SETTINGS)
def set_word(body: WordBody) -> Response:
    """Let a word stand for a carrier or a reason of Amazon's."""
    return answer(show_word(desk().set_word(body.kind, body.word, body.code)))


@api.delete("/words/<id>", responses=NOTHING)
@needs(Permission.SETTINGS)
def delete_word(path: IdPath) -> Response:
    """Forget a word."""
    desk().delete_word(path.id)
    return nothing()
