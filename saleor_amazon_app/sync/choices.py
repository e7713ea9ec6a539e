"""What a merchant chooses for the work that goes back to Amazon."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.messages import AdjustmentReason
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.store.accounts import list_marketplaces
from saleor_amazon_app.store.models import WordMapping
from saleor_amazon_app.sync import ledgering, listing
from saleor_amazon_app.sync.services import Services

_TERMS: Final = (
    "default_carrier",
    "tracking_wait_hours",
    "ship_without_tracking",
    "cancel_reason",
    "refund_reason",
)


def set_terms(
    services: Services,
    tenant_id: TenantId,
    seller_id: str | None,
    marketplace_id: str,
    chosen: Mapping[str, Any],
) -> dict[str, Any]:
    """Change the terms that are not None; returns all of them.

    Raises:
        Misconfigured: The account has no such marketplace.
    """
    account_id = listing.one_account(services, tenant_id, seller_id)
    with services.database.tenant(tenant_id) as session:
        rows = {row.marketplace_id: row for row in list_marketplaces(session, account_id)}
        row = rows.get(marketplace_id)
        if row is None:
            names = say("refused.there_is", names=", ".join(sorted(rows)))
            raise Misconfigured(say("refused.no_marketplace"), cure=names)
        for name in _TERMS:
            if chosen.get(name) is not None:
                setattr(row, name, chosen[name])
        return {name: getattr(row, name) for name in _TERMS}


def set_word(
    services: Services, tenant_id: TenantId, kind: str, word: str, code: str | None
) -> None:
    """Let a word stand for a carrier, reason or supply source of Amazon's; no code removes it.

    Raises:
        Misconfigured: Amazon has no such reason.
    """
    if code and kind == ledgering.REASON_WORDS and code not in set(AdjustmentReason):
        names = say("refused.there_is", names=", ".join(AdjustmentReason))
        raise Misconfigured(say("refused.no_reason", code=code), cure=names)
    with services.database.tenant(tenant_id) as session:
        query = select(WordMapping).where(
            WordMapping.kind == kind, WordMapping.word == word.casefold()
        )
        row = session.scalar(query)
        if code is None:
            if row is not None:
                session.delete(row)
        elif row is None:
            session.add(WordMapping(kind=kind, word=word.casefold(), code=code))
        else:
            row.code = code
