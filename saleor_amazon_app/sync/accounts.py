"""Connects sellers' accounts, and maps their marketplaces to channels of the shop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Final

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from saleor_amazon_app.amazon.errors import AuthorisationLost, Forbidden
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.amazon.sellers import participating_marketplaces
from saleor_amazon_app.mirror.failures import Misconfigured, NotFitting
from saleor_amazon_app.mirror.ids import AccountId, MarketplaceId, TenantId
from saleor_amazon_app.mirror.mapping import BuyerEmail
from saleor_amazon_app.mirror.marketplaces import MARKETPLACES, Region
from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.mirror.sentences import Sentence, say
from saleor_amazon_app.saleor.shop import Channel, Named, Shop, read_shop
from saleor_amazon_app.store import sweeps
from saleor_amazon_app.store.accounts import (
    add_marketplaces,
    find_account,
    get_account,
    list_marketplaces,
)
from saleor_amazon_app.store.models import (
    Account,
    AccountState,
    Marketplace,
    Order,
    OrderState,
    Problem,
    SkuMapping,
    new_id,
)
from saleor_amazon_app.store.tenants import find_tenant
from saleor_amazon_app.sync.filing import Filing
from saleor_amazon_app.sync.services import Services


def tenant_of(services: Services, saleor_api_url: str) -> TenantId:
    """Return the tenant of a shop.

    Raises:
        Misconfigured: The app is not installed there.
    """
    with services.database.system() as session:
        tenant = find_tenant(session, saleor_api_url)
        if tenant is None:
            raise Misconfigured(
                f"The app is not installed in {saleor_api_url}.",
                cure=f"Install it there from {services.settings.base_url}/api/manifest.",
            )
        return TenantId(tenant.id)


def connect_account(
    services: Services,
    tenant_id: TenantId,
    *,
    seller_id: str,
    region: Region,
    refresh_token: str,
    import_from: datetime | None = None,
) -> AccountId:
    """Connect a seller's account, or renew its authorisation; its marketplaces come from Amazon.

    Args:
        services: This process's services.
        tenant_id: The shop that connects the account.
        seller_id: The seller's id (merchant token) in Seller Central.
        region: Where the account is.
        refresh_token: The authorisation; it is used once before it is stored.
        import_from: Import orders bought since then; by default since now.

    Raises:
        NotFitting: Amazon does not accept the token, or it is another region's or seller's; what
            was stored before stays.
        AmazonFailure: Amazon could not be asked.
    """
    _refuse_another_sellers(services, tenant_id, seller_id, refresh_token)
    trial = SellerCredentials(f"trial-{new_id()}", seller_id, refresh_token)
    found = _marketplaces_of(services, trial, region)
    now = services.now()
    with services.database.tenant(tenant_id) as session:
        account = find_account(session, seller_id, region)
        if account is not None and import_from:
            import_since(services, session, account, import_from)
        if account is None:
            account = Account(
                seller_id=seller_id,
                region=region,
                connected_at=now,
                import_from=import_from or now,
                withheld_data=[],
            )
            session.add(account)
        refuse_leaving(account)
        account.refresh_token = services.vault.seal(refresh_token)
        account.state, account.authorised_at = AccountState.CONNECTED, now
        session.flush()
        add_marketplaces(session, account.id, found)
        sweeps.add_sweeps(session, account.id)
        return AccountId(account.id)


def import_since(services: Services, session: Session, account: Account, since: datetime) -> None:
    """Import orders bought since another moment.

    With an earlier one everything is read from there once more, and what was left out is decided
    upon anew; orders that are in Saleor stay there whatever the moment is.
    """
    is_earlier = since < account.import_from
    account.import_from = since
    if not is_earlier:
        return
    sweeps.begin_anew(session, account.id)
    left_out = select(Order).where(
        Order.account_id == account.id,
        Order.state == OrderState.LEFT_OUT,
        Order.purchased_at >= since,
    )
    filing = Filing(session, account, services.vault, services.now())
    for order in session.scalars(left_out).all():
        filing.settle_again(order)


def refuse_leaving(account: Account) -> None:
    """Refuse to change an account that is being removed.

    Raises:
        Misconfigured: It is.
    """
    if account.state == AccountState.REMOVING:
        raise Misconfigured(
            say("why_not.being_removed"),
            cure=say("refused.connect_after_removal"),
            code="being_removed",
        )


def _marketplaces_of(services: Services, trial: SellerCredentials, region: Region) -> list[str]:
    """Return where the account sells, of what is known; the first use of its token."""
    try:
        told = participating_marketplaces(services.amazon, trial, region)
    except AuthorisationLost as lost:
        raise _not_fitting("refresh_token", say("connecting.token"), lost.code) from None
    except Forbidden as forbidden:
        raise _not_fitting("region", say("connecting.region"), forbidden.code) from None
    known = [MARKETPLACES[MarketplaceId(id_)] for id_ in told if id_ in MARKETPLACES]
    if known and all(marketplace.region != region for marketplace in known):
        names = ", ".join(marketplace.name for marketplace in known)
        why = say("connecting.other_region", marketplaces=names)
        raise _not_fitting("region", why, "other_region")
    return [marketplace.id for marketplace in known]


def _refuse_another_sellers(
    services: Services, tenant_id: TenantId, seller_id: str, refresh_token: str
) -> None:
    """Refuse a token that is in use for another seller; Amazon never tells whose a token is."""
    with services.database.tenant(tenant_id) as session:
        for account in session.scalars(select(Account)):
            known = services.vault.open(account.refresh_token).encode()
            if account.seller_id != seller_id and compare_digest(known, refresh_token.encode()):
                why = say("connecting.seller", seller=account.seller_id)
                raise _not_fitting("seller_id", why, "other_seller")


def _not_fitting(field: str, why: Sentence, code: str) -> NotFitting:
    return NotFitting(say("connecting.refused"), {field: why}, code=code)


_CURED: Final = (
    ProblemKind.UNMAPPED_MARKETPLACE,
    ProblemKind.MAPPING,
    ProblemKind.CURRENCY,
    ProblemKind.ADDRESS_WITHHELD,
)
"""Problems that another mapping may cure."""


@dataclass(frozen=True)
class MappingChoice:
    """What a merchant chooses for a marketplace; None takes the only, or the obvious, one."""

    channel: str | None = None
    warehouse: str | None = None
    shipping_method: str | None = None
    tax_class: str | None = None
    import_orders: bool = True
    hold_stock: bool = True
    buyer_email: BuyerEmail = BuyerEmail.PLACEHOLDER
    without_address: bool = False


def map_marketplace(
    services: Services,
    tenant_id: TenantId,
    account_id: AccountId,
    marketplace_id: str,
    choice: MappingChoice,
    shop: Shop | None = None,
) -> Marketplace:
    """Map a marketplace to a channel; its waiting orders are decided upon at once.

    ``shop`` is what Saleor offers, for those who have read it already.

    Raises:
        Misconfigured: The account has no such marketplace, or the shop nothing of that name, or
            more than one thing could be meant, or the currencies differ.
    """
    known = MARKETPLACES.get(MarketplaceId(marketplace_id))
    if known is None:
        raise Misconfigured(say("refused.unknown_marketplace", marketplace=marketplace_id))
    if shop is None:
        with services.saleor(tenant_id) as api:
            shop = read_shop(api)
    channel = _channel(shop, choice.channel, known.currency, known.country)
    warehouse = _pick("warehouse", choice.warehouse, channel.warehouses or shop.warehouses)
    method = _pick("shipping_method", choice.shipping_method, channel.shipping_methods)
    tax_class = _pick("tax_class", choice.tax_class, shop.tax_classes)
    with services.database.tenant(tenant_id) as session:
        rows = {m.marketplace_id: m for m in list_marketplaces(session, account_id)}
        row = rows.get(marketplace_id)
        if row is None:
            raise Misconfigured(
                say("refused.not_on", marketplace=known.name),
                cure=_there_is(sorted(rows)),
            )
        row.channel, row.currency = channel.slug, channel.currency
        row.warehouse_id, row.shipping_method_id = warehouse.id, method.id
        row.tax_class_id = tax_class.id
        row.import_orders, row.hold_stock = choice.import_orders, choice.hold_stock
        row.buyer_email, row.without_address = choice.buyer_email, choice.without_address
        row.denied = False
        session.flush()
        _settle_again(services, session, account_id, marketplace_id)
        return row


def _settle_again(
    services: Services, session: Session, account_id: AccountId, marketplace_id: str
) -> None:
    filing = Filing(session, get_account(session, account_id), services.vault, services.now())
    by_mapping = exists().where(
        Problem.order_id == Order.id, Problem.kind.in_(_CURED), Problem.closed_at.is_(None)
    )
    undecided = select(Order).where(
        Order.account_id == account_id,
        Order.marketplace_id == marketplace_id,
        or_(
            Order.state.in_((OrderState.WAITING, OrderState.LEFT_OUT)),
            and_(Order.state == OrderState.BLOCKED, by_mapping),
        ),
    )
    for order in session.scalars(undecided).all():
        filing.settle_again(order)


def _channel(shop: Shop, slug: str | None, currency: str, country: str) -> Channel:
    if slug:
        channel = shop.channel(slug)
        if channel is None:
            names = [c.slug for c in shop.channels]
            raise Misconfigured(say("refused.no_channel", name=slug), cure=_there_is(names))
        if channel.currency != currency:
            raise Misconfigured(
                say(
                    "refused.channel_currency",
                    channel=slug,
                    currency=channel.currency,
                    wanted=currency,
                ),
                cure=say("refused.choose_channel"),
            )
        return channel
    fitting = [c for c in shop.channels if c.currency == currency]
    local = [c for c in fitting if c.slug.endswith(f"-{country.lower()}")]
    if len(local or fitting) == 1:
        return (local or fitting)[0]
    names = [c.slug for c in fitting]
    cure = _name_one(names) if names else say("refused.no_channel_in", currency=currency)
    raise Misconfigured(say("refused.which_channel"), cure=cure)


def _pick(kind: str, wanted: str | None, offered: tuple[Named, ...]) -> Named:
    """Return the thing of that id, slug or name; without a wish the only one there is.

    ``kind`` is ``warehouse``, ``shipping_method`` or ``tax_class``.
    """
    names = [thing.slug or thing.name for thing in offered]
    if wanted:
        for thing in offered:
            if wanted in (thing.id, thing.slug, thing.name):
                return thing
        raise Misconfigured(say(f"refused.no_{kind}", name=wanted), cure=_there_is(names))
    if len(offered) == 1:
        return offered[0]
    raise Misconfigured(say(f"refused.which_{kind}"), cure=_name_one(names))


def _there_is(names: Sequence[str]) -> Sentence:
    if not names:
        return say("refused.none_there")
    return say("refused.there_is", names=", ".join(names))


def _name_one(names: Sequence[str]) -> Sentence:
    return say("refused.name_one", names=", ".join(names)) if names else say("refused.none_there")


def map_sku(services: Services, tenant_id: TenantId, seller_sku: str, variant_id: str) -> None:
    """Let an SKU of the seller's stand for a variant; it wins over the shop's own SKUs."""
    with services.database.tenant(tenant_id) as session:
        row = session.scalar(select(SkuMapping).where(SkuMapping.seller_sku == seller_sku))
        if row is None:
            row = SkuMapping(seller_sku=seller_sku, created_at=services.now())
            session.add(row)
        row.variant_id = variant_id
