"""What a buyer can be written, and the merchant's templates, as people look at them."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select

from saleor_amazon_app.mirror.buyer_messages import BuyerMessageKind
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.message_templates import Placeholder
from saleor_amazon_app.mirror.sentences import NOTHING, say
from saleor_amazon_app.mirror.suggested_templates import SUGGESTIONS
from saleor_amazon_app.showing.sentences import show_sentence, show_words
from saleor_amazon_app.showing.shapes.contact import (
    ContactChoices,
    FilledTemplate,
    MessageKindOffered,
    MessageKindShown,
    MessagePreview,
    PlaceholderShown,
    Templates,
    TemplateShown,
    TemplateSuggestion,
)
from saleor_amazon_app.store.template_models import MessageTemplate
from saleor_amazon_app.sync.contacting import Choices, Filled, Preview
from saleor_amazon_app.sync.services import Services

_EXAMPLES: Final = {
    Placeholder.ORDER_NUMBER: "302-1234567-1234567",
    Placeholder.ORDER_DATE: "20 November 2026",
    Placeholder.ITEMS: "2 \N{MULTIPLICATION SIGN} Mug",
    Placeholder.CARRIER: "DHL",
    Placeholder.TRACKING_NUMBER: "00340434161094022115",
    Placeholder.SHIP_BY: "24 November 2026",
    Placeholder.SHOP_NAME: "Example Store",
}


def show_choices(found: Choices) -> ContactChoices:
    kinds = [_offered(kind, found.offered) for kind in BuyerMessageKind]
    known = {str(kind) for kind in BuyerMessageKind}
    return ContactChoices(
        kinds=sorted(kinds, key=lambda kind: not kind.allowed),
        elsewhere=[name for name in found.offered if name not in known],
        buyer_locale=found.locale or None,
        templates=[_filled(each) for each in found.templates],
    )


def show_preview(found: Preview) -> MessagePreview:
    return MessagePreview(
        request_id=found.request_id,
        kind=found.kind,
        text=found.text,
        characters=found.characters,
        longest=found.kind.longest,
        warnings=[show_sentence(warning) for warning in found.warnings],
    )


def show_templates(services: Services, tenant_id: TenantId) -> Templates:
    """Return the templates of a shop, with all that one needs to write another."""
    with services.database.tenant(tenant_id) as session:
        query = select(MessageTemplate).order_by(MessageTemplate.name)
        items = [show_template(row) for row in session.scalars(query)]
    return Templates(
        items=items,
        kinds=[MessageKindShown(**_kind(kind)) for kind in BuyerMessageKind],
        placeholders=[_placeholder(each) for each in Placeholder],
        suggestions=[TemplateSuggestion(**vars(each)) for each in SUGGESTIONS],
    )


def show_template(row: MessageTemplate) -> TemplateShown:
    return TemplateShown(
        id=row.id,
        name=row.name,
        kind=BuyerMessageKind(row.kind),
        language=row.language,
        text=row.text,
    )


def _kind(kind: BuyerMessageKind) -> dict[str, Any]:
    return {
        "kind": kind,
        "label": show_sentence(kind.label),
        "explanation": show_sentence(kind.explanation),
        "longest": kind.longest,
    }


def _offered(kind: BuyerMessageKind, offered: Sequence[str]) -> MessageKindOffered:
    why_not = NOTHING if kind in offered else say("message.not_offered")
    return MessageKindOffered(**_kind(kind), allowed=not why_not, why_not=show_words(why_not))


def _filled(each: Filled) -> FilledTemplate:
    row, rendered = each.template, each.rendered
    return FilledTemplate(
        id=row.id,
        name=row.name,
        kind=BuyerMessageKind(row.kind),
        language=row.language,
        text=rendered.text,
        missing=list(rendered.missing),
    )


def _placeholder(name: Placeholder) -> PlaceholderShown:
    explanation = show_sentence(say(f"placeholder.{name}"))
    return PlaceholderShown(name=name, explanation=explanation, example=_EXAMPLES[name])
