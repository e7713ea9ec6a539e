"""What a member of staff changed, by the names that a merchant knows instead of Saleor's ids."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from saleor_amazon_app.mirror.buyer_messages import BuyerMessageKind
from saleor_amazon_app.mirror.marketplaces import MARKETPLACES, Marketplace
from saleor_amazon_app.mirror.parcels import Variant
from saleor_amazon_app.mirror.sentences import (
    Param,
    Sentence,
    Term,
    Vocabulary,
    quote,
    say,
    several,
)
from saleor_amazon_app.saleor.shop import Shop
from saleor_amazon_app.store.template_models import MessageTemplate

_LISTS: Final[Mapping[str, Vocabulary]] = {
    "buyer_email": "buyer_emails",
    "cancel_reason": "cancel_reasons",
    "refund_reason": "refund_reasons",
    "notice_pace": "notice_paces",
}
"""Settings whose values are of one of the lists of words."""


def names_in(shop: Shop) -> dict[str, str]:
    """Return what staff call the things of a shop, by the ids and slugs that are stored."""
    named = [*shop.tax_classes, *shop.warehouses]
    for channel in shop.channels:
        named += [*channel.warehouses, *channel.shipping_methods]
    return {channel.slug: channel.name for channel in shop.channels} | {
        thing.id: thing.name for thing in named
    }


def setting(name: str, before: object, after: object, names: Mapping[str, str]) -> Sentence:
    """Tell a setting with what it was and what it is."""
    return say(
        "detail.setting",
        setting=Term("settings", name.removesuffix("_id")),
        before=_value(name, before, names),
        after=_value(name, after, names),
    )


def differences(
    before: Mapping[str, object], after: Mapping[str, object], names: Mapping[str, str]
) -> Sentence:
    """Tell the settings that differ, one after the other."""
    changed = (name for name in after if str(before[name]) != str(after[name]))
    return several(*(setting(name, before[name], after[name], names) for name in changed))


def _value(name: str, value: object, names: Mapping[str, str]) -> Param:
    match value:
        case None | "":
            return say("detail.none")
        case bool():
            return say("detail.yes") if value else say("detail.no")
        case int() | datetime() | Sentence():
            return value
    text = str(value)
    return Term(_LISTS[name], text) if name in _LISTS else quote(names.get(text, text))


def marketplace_name(marketplace_id: str) -> str:
    """Return what people call a marketplace; one that this version does not know has its id."""
    known: Mapping[str, Marketplace] = {str(id_): each for id_, each in MARKETPLACES.items()}
    return known[marketplace_id].name if marketplace_id in known else marketplace_id


def variant_name(variant: Variant) -> str:
    """Return a variant's names and its SKU in Saleor."""
    names = " ".join(filter(None, (variant.product_name, variant.variant_name)))
    return f"{names} ({variant.sku})" if variant.sku else names


def template_detail(template: MessageTemplate) -> Sentence:
    """Tell what kind of message a template is for, and in which language."""
    kind = BuyerMessageKind(template.kind).label
    if not template.language:
        return kind
    return say("detail.template", kind=kind, language=template.language)
