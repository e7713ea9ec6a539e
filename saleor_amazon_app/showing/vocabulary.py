"""The values that fields take, each with the sentence that explains it."""

from typing import Final

from sqlalchemy import select

from saleor_amazon_app.mirror.carriers import CARRIER_CODES
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.mapping import BuyerEmail
from saleor_amazon_app.mirror.messages import AdjustmentReason, CancelReason
from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.showing.orders import marketplace_ref
from saleor_amazon_app.showing.problems import title_of
from saleor_amazon_app.showing.sentences import show_sentence
from saleor_amazon_app.showing.shapes.common import Choice
from saleor_amazon_app.showing.shapes.settings import Vocabulary
from saleor_amazon_app.store.models import Marketplace, OrderState
from saleor_amazon_app.sync.services import Services

_STATUSES: Final = (
    "PENDING_AVAILABILITY",
    "PENDING",
    "UNSHIPPED",
    "PARTIALLY_SHIPPED",
    "SHIPPED",
    "CANCELLED",
    "UNFULFILLABLE",
)


def show_vocabulary(services: Services, tenant_id: TenantId) -> Vocabulary:
    with services.database.tenant(tenant_id) as session:
        ids = session.scalars(select(Marketplace.marketplace_id).distinct()).all()
    refs = [ref for id_ in sorted(ids) if (ref := marketplace_ref(id_))]
    return Vocabulary(
        cancel_reasons=[
            _choice(
                r.value, "explained.restock" if r.restocks_at_amazon else "explained.no_restock"
            )
            for r in CancelReason
        ],
        refund_reasons=[_choice(reason.value) for reason in AdjustmentReason],
        carriers=[Choice(value=code, label=code) for code in CARRIER_CODES],
        statuses=[_named(status, f"explained.statuses.{status}") for status in _STATUSES],
        states=[_named(state, f"explained.states.{state}") for state in OrderState],
        problems=[_named(kind, f"cure.{kind}") for kind in ProblemKind],
        buyer_emails=[_named(kind, f"explained.buyer_emails.{kind}") for kind in BuyerEmail],
        marketplaces=refs,
    )


def _named(value: str, explained: str) -> Choice:
    """Label a value that is written with underscores."""
    explanation = show_sentence(say(explained))
    return Choice(value=value, label=title_of(value.lower()), explanation=explanation)


def _choice(value: str, explained: str = "") -> Choice:
    """Label one of Amazon's words: ``CustomerReturn`` becomes "Customer return"."""
    spaced = "".join(f" {c.lower()}" if c.isupper() else c for c in value).strip()
    explanation = show_sentence(say(explained)) if explained else None
    return Choice(value=value, label=spaced.capitalize(), explanation=explanation)
