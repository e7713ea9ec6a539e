"""The shop's settings, and what of the shop can be chosen."""

from collections.abc import Iterable

from sqlalchemy import select

from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.marketplaces import MARKETPLACES, Region
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.saleor.shop import Named as ShopNamed
from saleor_amazon_app.saleor.shop import read_shop
from saleor_amazon_app.showing.orders import marketplace_ref
from saleor_amazon_app.showing.sentences import show_sentence
from saleor_amazon_app.showing.sentences import show_words as show_any
from saleor_amazon_app.showing.shapes.common import Choice
from saleor_amazon_app.showing.shapes.orders import SavedView, SavedViews
from saleor_amazon_app.showing.shapes.settings import (
    ChannelChoice,
    ConnectChoices,
    Named,
    ShopChoices,
    ShopSettings,
    Word,
    WordKind,
    Words,
)
from saleor_amazon_app.store.desk_models import SavedView as SavedViewRow
from saleor_amazon_app.store.models import ACTIVITY_DAYS, Tenant, WordMapping
from saleor_amazon_app.store.sentences import sentence_of
from saleor_amazon_app.sync.services import Services

_REGIONS = {
    Region.NA: "North America and Brazil",
    Region.EU: "Europe, Middle East, Africa, India",
    Region.FE: "Japan, Australia, Singapore",
}


def show_settings(services: Services, tenant_id: TenantId) -> ShopSettings:
    with services.database.tenant(tenant_id) as session:
        tenant = session.get_one(Tenant, tenant_id)
        return ShopSettings(
            read_only=tenant.read_only,
            read_only_reason=show_any(sentence_of(tenant, "read_only_reason")),
            activity_days=tenant.activity_days,
            defaults={"activity_days": ACTIVITY_DAYS},
        )


def show_shop_choices(services: Services, tenant_id: TenantId) -> ShopChoices:
    """Return what a marketplace can be mapped to.

    Raises:
        SaleorFailure: Saleor could not be asked.
    """
    with services.saleor(tenant_id) as api:
        shop = read_shop(api)
    return ShopChoices(
        channels=[
            ChannelChoice(
                slug=channel.slug,
                name=channel.name,
                currency=channel.currency,
                warehouses=_named(channel.warehouses),
                shipping_methods=_named(channel.shipping_methods),
            )
            for channel in shop.channels
        ],
        warehouses=_named(shop.warehouses),
        tax_classes=_named(shop.tax_classes),
    )


def show_connect_choices(services: Services) -> ConnectChoices:
    has_id = bool(services.settings.amazon_application_id)
    why_not = None if has_id else show_sentence(say("why_not.no_application_id"))
    refs = [ref for id_ in MARKETPLACES if (ref := marketplace_ref(id_))]
    return ConnectChoices(
        by_consent=has_id,
        why_not_by_consent=why_not,
        marketplaces=refs,
        regions=[Choice(value=r, label=label) for r, label in _REGIONS.items()],
    )


def show_words(services: Services, tenant_id: TenantId) -> Words:
    with services.database.tenant(tenant_id) as session:
        query = select(WordMapping).order_by(WordMapping.kind, WordMapping.word)
        return Words(items=[show_word(row) for row in session.scalars(query)])


def show_word(row: WordMapping) -> Word:
    return Word(id=row.id, kind=WordKind(row.kind), word=row.word, code=row.code)


def show_views(services: Services, tenant_id: TenantId, user_id: str) -> SavedViews:
    """Return the views that one member of staff has saved."""
    query = select(SavedViewRow).where(SavedViewRow.user_id == user_id)
    with services.database.tenant(tenant_id) as session:
        rows = session.scalars(query.order_by(SavedViewRow.name)).all()
    return SavedViews(items=[SavedView(id=r.id, name=r.name, query=r.query) for r in rows])


def _named(things: Iterable[ShopNamed]) -> list[Named]:
    return [Named(id=thing.id, name=thing.name) for thing in things]
