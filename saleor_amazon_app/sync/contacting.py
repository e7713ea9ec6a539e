"""Writing to a buyer: what Amazon allows, a look at the very text, and then exactly that text."""

import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from saleor_amazon_app.amazon.errors import Forbidden
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.amazon.messaging import buyer_locale, offered_actions
from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.buyer_messages import (
    BuyerMessageKind,
    length_of,
    warnings_about,
    why_not_sendable,
)
from saleor_amazon_app.mirror.failures import AmazonFailure, Misconfigured, NotFitting
from saleor_amazon_app.mirror.ids import AccountId, MarketplaceId, TenantId
from saleor_amazon_app.mirror.intents import MAY_COUNT, IntentKind, Known, Wish
from saleor_amazon_app.mirror.message_templates import (
    Placeholder,
    Rendered,
    closeness,
    holes_in,
    render,
)
from saleor_amazon_app.mirror.message_values import values_for
from saleor_amazon_app.mirror.messages import BuyerMessage
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.mirror.sentences import NOTHING, Sentence, say
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.accounts import get_account
from saleor_amazon_app.store.models import Tenant
from saleor_amazon_app.store.template_models import MessageTemplate
from saleor_amazon_app.sync import ledgering, store_names
from saleor_amazon_app.sync.filing import open_order
from saleor_amazon_app.sync.opening import lock_order, why_nothing_goes
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.sync.services import Services


@dataclass(frozen=True)
class Filled:
    """A template with an order's values in it."""

    template: MessageTemplate
    rendered: Rendered


@dataclass(frozen=True)
class Choices:
    """What the buyer of an order can be written now. ``offered`` are Amazon's names."""

    offered: tuple[str, ...]
    locale: str
    """The buyer's language; empty if Amazon does not tell it."""
    templates: list[Filled]
    """Those that fit the buyer's language best come first."""


@dataclass(frozen=True)
class Preview:
    """A message as it would be sent."""

    request_id: str
    kind: BuyerMessageKind
    text: str
    characters: int
    warnings: list[Sentence]


def why_not(order: AmazonOrder | None, account_state: str, *, read_only: bool) -> Sentence:
    """Say why no buyer can be written to; nothing if Amazon can be asked whether it allows it."""
    if why := why_nothing_goes(account_state, read_only=read_only):
        return why
    return NOTHING if order and order.marketplace_id else say("money.illegible")


def choices(services: Services, tenant_id: TenantId, amazon_order_id: str) -> Choices:
    """Ask Amazon what the buyer of an order can be written now.

    Raises:
        NotKnown: There is no such order.
        Misconfigured: Nothing can be sent to Amazon now.
        AmazonFailure: Amazon does not let the app write, or did not answer.
    """
    with services.database.tenant(tenant_id) as session:
        opened = _Opened(services, session, amazon_order_id)
        rows = list(session.scalars(select(MessageTemplate).order_by(MessageTemplate.name)))
    asked = _Asked(services, tenant_id, opened)
    offered = asked.offered()
    usable = [row for row in rows if row.kind in offered]
    locale = asked.locale() if offered else ""
    usable.sort(key=lambda row: closeness(row.language, locale))
    needs_name = any(Placeholder.SHOP_NAME in holes_in(row.text) for row in usable)
    shop = ""
    if needs_name:
        shop = store_names.name_of(services, tenant_id, opened.account_id, opened.store)
    return Choices(offered, locale, [_fill(opened.order, row, locale, shop) for row in usable])


def preview(
    services: Services,
    tenant_id: TenantId,
    amazon_order_id: str,
    kind: BuyerMessageKind,
    text: str,
) -> Preview:
    """Look at a message before it is sent; nothing is written down, and Amazon is not asked.

    Raises:
        NotKnown: There is no such order.
        NotFitting: Amazon does not take such a text, or it has a hole in it.
        Misconfigured: Nothing can be sent to Amazon now.
    """
    with services.database.tenant(tenant_id) as session:
        _Opened(services, session, amazon_order_id)
    _refuse_unfit(kind, text)
    return Preview(secrets.token_hex(12), kind, text, length_of(text), warnings_about(text))


def ask(
    services: Services,
    tenant_id: TenantId,
    amazon_order_id: str,
    *,
    request_id: str,
    kind: BuyerMessageKind,
    text: str,
    by: Person,
) -> None:
    """Write a message down to be sent; the same ``request_id`` twice is one message.

    Raises:
        NotKnown: There is no such order.
        NotFitting: Amazon does not take such a text, or it has a hole in it.
        Misconfigured: Nothing can be sent now, or the buyer has been sent the same.
    """
    _refuse_unfit(kind, text)
    try:
        with services.database.tenant(tenant_id) as session:
            opened = _Opened(services, session, amazon_order_id)
            wish = _wish(opened, request_id, kind, text, by)
            known = ledgering.known_of(session, services.vault, opened.row.id)
            if _is_asked_for(known, wish):
                return
            ledgering.write(session, services.vault, opened.row, [wish], services.now())
            line = say("history.message_asked", kind=kind.label)
            order_store.note(
                session,
                opened.row,
                line,
                actor="merchant",
                at=services.now(),
                for_saleor=True,
                repeats=True,
                by=by.name,
            )
    except IntegrityError:  # the same request at the same moment, written down by the other
        return


def _wish(
    opened: "_Opened", request_id: str, kind: BuyerMessageKind, text: str, by: Person
) -> Wish:
    order = opened.order
    return Wish(
        IntentKind.BUYER_MESSAGE,
        f"message:{request_id}",
        opened.row.saleor_order_id or "",
        kind.label,
        BuyerMessage(order_id=order.order_id, marketplace_id=opened.store, about=kind, text=text),
        asked_by=by.name[:64],
    )


def _is_asked_for(known: list[Known], wish: Wish) -> bool:
    """Tell whether it is this very request that is written down already.

    Raises:
        Misconfigured: It asked for another text, or another request asked for the same.
    """
    same = [intent for intent in known if intent.message == wish.message]
    for intent in known:
        if intent.key == wish.key:
            if intent in same:
                return True
            raise Misconfigured(say("message.other_text"), code="other_text")
    if any(intent.state in MAY_COUNT for intent in same):
        raise Misconfigured(say("message.said_already"), code="said_already")
    return False


def _refuse_unfit(kind: BuyerMessageKind, text: str) -> None:
    if wrong := why_not_sendable(kind, text):
        raise NotFitting(say("message.not_fitting"), {"text": wrong}, code="not_fitting")


def _fill(order: AmazonOrder, row: MessageTemplate, locale: str, shop_name: str) -> Filled:
    values = values_for(order, language=row.language or locale, shop_name=shop_name)
    return Filled(row, render(row.text, values))


class _Opened:
    """An order, locked, that can be written about.

    Raises:
        NotKnown: There is no such order.
        Misconfigured: Nothing can be sent to Amazon now.
    """

    def __init__(self, services: Services, session: Session, amazon_order_id: str) -> None:
        row = lock_order(session, amazon_order_id)
        self.account_id = AccountId(row.account_id)
        account = get_account(session, self.account_id)
        order = open_order(services.vault, row)
        why = why_not(
            order, account.state, read_only=session.get_one(Tenant, row.tenant_id).read_only
        )
        if why or order is None:
            raise Misconfigured(why, code=why.code.rpartition(".")[2])
        self.row, self.order = row, order
        self.store = MarketplaceId(order.marketplace_id or "")
        self.seller: SellerCredentials = services.seller(account)
        self.region = account.region


@dataclass(frozen=True)
class _Asked:
    """What Amazon says about an order's buyer."""

    services: Services
    tenant_id: TenantId
    opened: _Opened

    def offered(self) -> tuple[str, ...]:
        opened = self.opened
        try:
            return offered_actions(
                self.services.amazon,
                opened.seller,
                opened.region,
                opened.order.order_id,
                opened.store,
            )
        except AmazonFailure as failure:
            self._record("getMessagingActionsForOrder", failure)
            if isinstance(failure, Forbidden):
                cure = say("cure.buyer_communication")
                raise Forbidden(say("message.no_role"), cure=cure, code="no_role") from None
            raise

    def locale(self) -> str:
        """Return the buyer's language; a message can be written without knowing it."""
        opened = self.opened
        try:
            return buyer_locale(
                self.services.amazon,
                opened.seller,
                opened.region,
                opened.order.order_id,
                opened.store,
            )
        except AmazonFailure as failure:
            self._record("GetAttributes", failure)
            return ""

    def _record(self, operation: str, failure: AmazonFailure) -> None:
        record_failure(self.services, self.tenant_id, self.opened.account_id, operation, failure)
