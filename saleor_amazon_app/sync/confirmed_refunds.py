"""Refunds that a person looks at before they are sent: a preview, and then exactly that."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from saleor_amazon_app.amazon.feed_documents import write_feed
from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.ids import OrderItemId, TenantId
from saleor_amazon_app.mirror.intents import IntentKind, Wish
from saleor_amazon_app.mirror.messages import AdjustmentReason, FeedType, Refund
from saleor_amazon_app.mirror.money import ZERO
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.mirror.reckoning import reckon_by_custom
from saleor_amazon_app.mirror.refund_requests import (
    REFERENCE_PREFIX,
    refund_message,
    refunds_that_count,
)
from saleor_amazon_app.mirror.refunding import (
    CannotRefund,
    Left,
    RefundWish,
    cost_of,
    left_to_refund,
)
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.mirror.summaries import refund_of
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store.models import Account, Order
from saleor_amazon_app.sync import ledgering
from saleor_amazon_app.sync.opening import open_imported
from saleor_amazon_app.sync.previews import digest_of, refuse_another
from saleor_amazon_app.sync.services import Services

_MESSAGE: Final = re.compile(r"<Message>.*</Message>", re.DOTALL)


@dataclass(frozen=True)
class Asked:
    """What a person asks to give back. Without ``amount``: what units and shipping cost."""

    units: Mapping[OrderItemId, int] = field(default_factory=dict)
    shipping: bool = False
    amount: Decimal | None = None
    reason: AdjustmentReason = AdjustmentReason.GENERAL_ADJUSTMENT


@dataclass(frozen=True)
class Preview:
    """A refund as it would be sent. ``message`` and ``left_after`` are of this moment."""

    request_id: str
    digest: str
    refund: Refund
    order: AmazonOrder
    left_after: Decimal
    message: str


def preview(services: Services, tenant_id: TenantId, amazon_order_id: str, asked: Asked) -> Preview:
    """Return what a refund would send to Amazon; nothing is written down.

    Raises:
        NotKnown: There is no such order.
        Misconfigured: It cannot be refunded so.
    """
    request_id = secrets.token_hex(12)
    with services.database.tenant(tenant_id) as session:
        opened = _Opened(services, session, amazon_order_id)
        refund = opened.refund(asked, request_id)
        account = session.get_one(Account, opened.row.account_id)
        xml = write_feed(account.seller_id, FeedType.ADJUSTMENT, [(1, refund)]).decode()
    found = _MESSAGE.search(xml)
    left_after = opened.left.total - refund.amount
    message = found.group() if found else xml
    return Preview(request_id, digest_of(refund), refund, opened.order, left_after, message)


def confirm(
    services: Services,
    tenant_id: TenantId,
    amazon_order_id: str,
    asked: Asked,
    *,
    request_id: str,
    digest: str,
    by: Person,
) -> None:
    """Write down a refund that was previewed; the same ``request_id`` twice is one refund.

    Raises:
        NotKnown: There is no such order.
        Misconfigured: It cannot be refunded so, or would now be another refund than was shown.
    """
    try:
        with services.database.tenant(tenant_id) as session:
            opened = _Opened(services, session, amazon_order_id)
            if opened.is_known(request_id):
                return
            refund = opened.refund(asked, request_id)
            refuse_another(refund, digest)
            wish = _wish(refund, opened.row, asked.reason, by)
            ledgering.write(session, services.vault, opened.row, [wish], services.now())
    except IntegrityError:  # the same request at the same moment, written down by the other
        return


class _Opened:
    """An order, locked while its refund is reckoned: two refunds never share what is left."""

    def __init__(self, services: Services, session: Session, amazon_order_id: str) -> None:
        opened = open_imported(services, session, amazon_order_id)
        self.row, self.order, self._known = opened.row, opened.order, opened.known
        listed = ledger.foreign_refunds(session, [self.row.id])[self.row.id]
        self._elsewhere = sum((Decimal(r.amount) for r in listed if not r.intent_id), ZERO)

    @property
    def left(self) -> Left:
        sums = reckon_by_custom(self.order)
        if sums is None:
            raise Misconfigured(say("refund.amounts"))
        earlier = list(refunds_that_count(self._known))
        return left_to_refund(self.order, sums, earlier, self._elsewhere)

    def is_known(self, request_id: str) -> bool:
        return any(known.key == _reference(request_id) for known in self._known)

    def refund(self, asked: Asked, request_id: str) -> Refund:
        try:
            return refund_message(
                self.order,
                self._wish(asked),
                reference=_reference(request_id),
                earlier=list(refunds_that_count(self._known)),
                refunded_elsewhere=self._elsewhere,
            )
        except CannotRefund as error:
            raise Misconfigured(error.message, code="cannot_refund") from None

    def _wish(self, asked: Asked) -> RefundWish:
        amount = asked.amount
        if amount is None:
            unknown = set(asked.units) - {item.order_item_id for item in self.order.order_items}
            if unknown:
                raise CannotRefund(say("refund.no_such_item", item=", ".join(sorted(unknown))))
            amount = cost_of(asked.units, self.left, shipping=asked.shipping)
        return RefundWish(amount, asked.units, shipping=asked.shipping, reason=asked.reason)


def _wish(refund: Refund, row: Order, reason: AdjustmentReason, by: Person) -> Wish:
    return Wish(
        IntentKind.REFUND,
        refund.reference,
        row.saleor_order_id or "",
        refund_of(refund.amount, refund.currency, reason),
        refund,
        amount=refund.amount,
        asked_by=by.name[:64],
    )


def _reference(request_id: str) -> str:
    return f"{REFERENCE_PREFIX}{request_id}"
