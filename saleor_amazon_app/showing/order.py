"""One order with everything that is known of it, read from the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.addresses import AddressFix, is_withheld
from saleor_amazon_app.mirror.amazon_order import AmazonOrder, Window
from saleor_amazon_app.mirror.failures import NotKnown
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.intents import IN_SALEOR as ASKED_IN_SALEOR
from saleor_amazon_app.mirror.intents import IntentKind, IntentState, Known
from saleor_amazon_app.mirror.messages import BuyerMessage, Shipment
from saleor_amazon_app.mirror.problems import ProblemKind, cure_of, may_dismiss, may_retry
from saleor_amazon_app.mirror.sentences import say, several
from saleor_amazon_app.showing.items import show_items
from saleor_amazon_app.showing.orders import Rows, seller_central
from saleor_amazon_app.showing.permits import Facts, permits
from saleor_amazon_app.showing.sentences import show_sentence, show_words
from saleor_amazon_app.showing.shapes.common import Amount, ProblemShown, Sentence
from saleor_amazon_app.showing.shapes.order import (
    AddressShown,
    BuyerShown,
    EventShown,
    IntentShown,
    OrderDetail,
    PackageShown,
    Permits,
    RawOrder,
    ShippingShown,
    WidgetOrder,
)
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.accounts import get_account, list_marketplaces
from saleor_amazon_app.store.desk_models import Change
from saleor_amazon_app.store.models import IN_SALEOR, Intent, Order, OrderEvent, Problem, Tenant
from saleor_amazon_app.store.sentences import sentence_of
from saleor_amazon_app.sync import ledgering
from saleor_amazon_app.sync.filing import open_fix, open_order
from saleor_amazon_app.sync.services import Services

_EVENTS: Final = 500


@dataclass
class _Opened:
    """An order with what belongs to it, in the session that loaded it."""

    services: Services
    session: Session
    row: Order

    def __post_init__(self) -> None:
        self.order = open_order(self.services.vault, self.row)
        self.problems = order_store.open_problems(self.session, self.row.id)
        self.intents = ledger.intents_of(self.session, [self.row.id])[self.row.id]
        self.known = ledgering.known_of(self.session, self.services.vault, self.row.id)

    @property
    def permits(self) -> Permits:
        account = get_account(self.session, AccountId(self.row.account_id))
        read_only = self.session.get_one(Tenant, self.row.tenant_id).read_only
        elsewhere = self._elsewhere()
        return permits(
            Facts(
                self.row.state,
                account.state,
                self.order,
                self.known,
                elsewhere,
                read_only,
                is_erased=self.row.erased_at is not None,
            )
        )

    def _elsewhere(self) -> Decimal:
        listed = ledger.foreign_refunds(self.session, [self.row.id])[self.row.id]
        return sum((Decimal(r.amount) for r in listed if not r.intent_id), Decimal(0))

    def shown_intents(self) -> list[IntentShown]:
        """The latest first."""
        known = {each.id: each for each in self.known}
        currency = self.row.currency
        feeds = ledger.feed_numbers(self.session, self.intents)
        return [
            _intent(row, known[row.id], currency, feeds.get(row.feed_id or ""))
            for row in reversed(self.intents)
        ]


def show_order(
    services: Services, tenant_id: TenantId, amazon_order_id: str, timezone: str = "UTC"
) -> OrderDetail:
    """Return everything that is known of an order.

    Raises:
        NotKnown: There is no such order.
    """
    with services.database.tenant(tenant_id) as session:
        opened = _Opened(services, session, find(session, amazon_order_id))
        return _detail(opened, timezone)


def show_for_widget(services: Services, tenant_id: TenantId, saleor_order_id: str) -> WidgetOrder:
    """Return the order of a Saleor order.

    Raises:
        NotKnown: It is no order of Amazon's.
    """
    with services.database.tenant(tenant_id) as session:
        row = session.scalar(select(Order).where(Order.saleor_order_id == saleor_order_id))
        if row is None:
            raise NotKnown(say("refused.not_amazons"), code="not_amazon")
        return _widget(_Opened(services, session, row))


def show_raw(services: Services, tenant_id: TenantId, amazon_order_id: str) -> RawOrder:
    """Return what Amazon sent, personal data and all.

    Raises:
        NotKnown: There is no such order.
    """
    with services.database.tenant(tenant_id) as session:
        row = find(session, amazon_order_id)
        payload = services.vault.open_json(row.payload)
    return RawOrder(amazon_order_id=row.amazon_order_id, read_at=row.read_at, payload=payload)


def find(session: Session, amazon_order_id: str) -> Order:
    """Find an order by Amazon's number.

    Raises:
        NotKnown: There is no such order.
    """
    row = order_store.find_order(session, amazon_order_id)
    if row is None:
        raise NotKnown(say("refused.no_order", number=amazon_order_id), code="no_order")
    return row


def show_problem(row: Problem, order: Order) -> ProblemShown:
    in_saleor = order.state in IN_SALEOR
    return ProblemShown(
        kind=row.kind,
        subject=row.subject,
        message=show_sentence(sentence_of(row, "message")),
        cure=show_sentence(cure_of(ProblemKind(row.kind))),
        opened_at=row.opened_at,
        may_dismiss=may_dismiss(row.kind, in_saleor=in_saleor),
        may_retry=may_retry(row.kind, in_saleor=in_saleor),
    )


def _detail(opened: _Opened, timezone: str) -> OrderDetail:
    row, order = opened.row, opened.order
    return OrderDetail(
        order=Rows(opened.services, opened.session, timezone).one(row, opened.problems),
        buyer=_buyer(order),
        shipping=_shipping(opened),
        items=show_items(order, opened.problems) if order else [],
        packages=_packages(order),
        intents=opened.shown_intents(),
        problems=[show_problem(problem, row) for problem in opened.problems],
        timeline=_timeline(opened),
        permits=opened.permits,
        holds_stock=_holds_stock(opened.session, row),
        sales_channel=order.sales_channel.channel_name if order else None,
        first_seen_at=row.first_seen_at,
        amazon_updated_at=row.amazon_updated_at,
        read_at=row.read_at,
        imported_at=row.mirrored_at,
        erased_at=row.erased_at,
        seller_central_url=seller_central(row),
    )


def _widget(opened: _Opened) -> WidgetOrder:
    row = opened.row
    shown = Rows(opened.services, opened.session).one(row, opened.problems)
    return WidgetOrder(
        amazon_order_id=row.amazon_order_id,
        status=row.status,
        ship_by=row.ship_by,
        due=shown.due,
        is_prime=row.is_prime,
        is_business=row.is_business,
        replaces=row.replaces,
        note=shown.note,
        sent=opened.shown_intents(),
        problems=[show_problem(problem, row) for problem in opened.problems],
        permits=opened.permits,
        seller_central_url=shown.seller_central_url,
    )


def _buyer(order: AmazonOrder | None) -> BuyerShown:
    buyer = order.buyer if order else None
    return BuyerShown(
        name=buyer.buyer_name if buyer else None,
        email=buyer.buyer_email if buyer else None,
        company=buyer.buyer_company_name if buyer else None,
        purchase_order_number=buyer.buyer_purchase_order_number if buyer else None,
    )


def _shipping(opened: _Opened) -> ShippingShown:
    order = opened.order
    fulfilment = order.fulfillment if order else None
    ship = (fulfilment and fulfilment.ship_by_window) or Window()
    deliver = (fulfilment and fulfilment.deliver_by_window) or Window()
    preference = order.recipient.delivery_preference if order and order.recipient else None
    fix = open_fix(opened.services.vault, opened.row)
    repaired = {k: v for k, v in vars(fix).items() if v is not None} if fix else {}
    return ShippingShown(
        service_level=fulfilment.fulfillment_service_level if fulfilment else None,
        drop_off_location=preference.drop_off_location if preference else None,
        instructions=preference.address_instruction if preference else None,
        ship_from=ship.earliest_date_time,
        ship_by=ship.latest_date_time,
        deliver_from=deliver.earliest_date_time,
        deliver_by=deliver.latest_date_time,
        address=_address(order, repaired),
        address_is_withheld=_is_withheld(opened, fix),
        repaired_fields=sorted(repaired),
    )


def _is_withheld(opened: _Opened, fix: AddressFix | None) -> bool:
    if opened.order is None or opened.row.erased_at is not None:
        return False
    return is_withheld(opened.order, fix)


def _address(order: AmazonOrder | None, repaired: dict[str, str]) -> AddressShown | None:
    told = order.address if order else None
    if told is None and not repaired:
        return None
    fields = {name: getattr(told, name, None) for name in AddressShown.model_fields}
    return AddressShown(**fields | repaired)


def _packages(order: AmazonOrder | None) -> list[PackageShown]:
    return [
        PackageShown(
            reference=package.package_reference_id,
            carrier=package.carrier,
            tracking_number=package.tracking_number,
            shipped_at=package.ship_time,
            units={item.order_item_id: item.quantity for item in package.package_items},
        )
        for package in (order.packages if order else ())
    ]


def _intent(row: Intent, known: Known, currency: str | None, feed: str | None) -> IntentShown:
    shipment = known.message if isinstance(known.message, Shipment) else None
    told = row.kind == IntentKind.REFUND and row.saleor_told_at is not None
    # The file of an invoice is kept no longer once Amazon has answered.
    is_gone = row.kind == IntentKind.INVOICE and row.state == IntentState.REJECTED
    settled_badly = row.state in (IntentState.REJECTED, IntentState.NEEDS_ATTENTION)
    return IntentShown(
        id=row.id,
        kind=row.kind,
        state=row.state,
        summary=show_sentence(sentence_of(row, "summary")),
        asked_by=row.asked_name if row.asked_by == ASKED_IN_SALEOR else row.asked_by,
        asked_in_saleor=row.asked_by == ASKED_IN_SALEOR,
        asked_at=row.asked_at,
        amount=Amount(amount=Decimal(row.amount), currency=currency)
        if row.amount and currency
        else None,
        attempts=row.attempts,
        sent_at=row.sent_at,
        settled_at=row.settled_at,
        next_attempt_at=row.next_attempt_at,
        answer=show_words(sentence_of(row, "answer")),
        carrier=(shipment.carrier_name or shipment.carrier_code) if shipment else None,
        tracking_number=shipment.tracking_number if shipment else None,
        feed_id=feed,
        may_send_again=settled_badly and row.message is not None and not told and not is_gone,
        may_settle_as_done=row.state == IntentState.NEEDS_ATTENTION,
        may_give_up=row.state in (IntentState.QUEUED, IntentState.NEEDS_ATTENTION),
        text=known.message.text if isinstance(known.message, BuyerMessage) else None,
    )


def _timeline(opened: _Opened) -> list[EventShown]:
    """Merge what happened with what left no line in the order's history.

    That is what staff did, here or in Saleor, and that the personal data was deleted.
    """
    session, row = opened.session, opened.row
    events = session.scalars(
        select(OrderEvent)
        .where(OrderEvent.order_id == row.id)
        .order_by(OrderEvent.id.desc())
        .limit(_EVENTS)
    )
    changes = session.scalars(
        select(Change).where(Change.order_id == row.id).order_by(Change.id.desc()).limit(_EVENTS)
    )
    shown = [
        EventShown(
            at=e.at, actor=e.actor, message=show_sentence(sentence_of(e, "message")), by=e.by
        )
        for e in events
    ]
    shown += [
        EventShown(at=c.at, actor="merchant", message=_change(c), by=c.by_name) for c in changes
    ]
    shown += [_asked(i) for i in opened.intents if i.asked_by == ASKED_IN_SALEOR]
    if row.erased_at:
        text = show_sentence(say("history.personal_data_deleted"))
        shown.append(EventShown(at=row.erased_at, actor="app", message=text, by=None))
    return sorted(shown, key=lambda event: event.at, reverse=True)


def _asked(intent: Intent) -> EventShown:
    is_parcel = intent.kind == IntentKind.SHIPMENT
    code = "history.shipped_in_saleor" if is_parcel else "history.asked_in_saleor"
    text = say(code, what=sentence_of(intent, "summary"))
    return EventShown(
        at=intent.asked_at, actor="saleor", message=show_sentence(text), by=intent.asked_name
    )


def _change(row: Change) -> Sentence:
    return show_sentence(several(row.action, sentence_of(row, "detail")))


def _holds_stock(session: Session, row: Order) -> bool:
    rows: Sequence[object] = [
        m
        for m in list_marketplaces(session, row.account_id)
        if m.marketplace_id == row.marketplace_id and m.hold_stock
    ]
    return bool(rows)
