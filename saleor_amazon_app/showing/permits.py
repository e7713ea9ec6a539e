"""What can be done about an order now, and why not: the rules of ``mirror``, asked beforehand.

The action asks the same rules again when it is carried out; what is shown here binds nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.cancelling import CANCELLED, why_not_cancellable
from saleor_amazon_app.mirror.intents import UNDER_WAY, IntentKind, IntentState, Known
from saleor_amazon_app.mirror.messages import Shipment
from saleor_amazon_app.mirror.money import ZERO
from saleor_amazon_app.mirror.reckoning import reckon_by_custom
from saleor_amazon_app.mirror.refund_requests import refunds_that_count
from saleor_amazon_app.mirror.refunding import left_to_refund
from saleor_amazon_app.mirror.sentences import NOTHING, Sentence, say
from saleor_amazon_app.showing.sentences import show_words
from saleor_amazon_app.showing.shapes.order import Permits, Permitted
from saleor_amazon_app.store.models import IN_SALEOR, AccountState, OrderState
from saleor_amazon_app.sync import invoicing
from saleor_amazon_app.sync.asking import units_under_way
from saleor_amazon_app.sync.contacting import why_not

_SENT: Final = (IntentState.ACCEPTED, IntentState.REJECTED, IntentState.NEEDS_ATTENTION)
_SHIPPED: Final = ("PARTIALLY_SHIPPED", "SHIPPED")
_NOT_IMPORTED: Final = say("why_not.not_imported")


@dataclass(frozen=True)
class Facts:
    """What decides; ``order`` is None if Amazon's data is illegible."""

    state: str
    account_state: str
    order: AmazonOrder | None
    known: Sequence[Known]
    refunded_elsewhere: Decimal
    read_only: bool = False
    is_erased: bool = False
    """Its personal data is deleted."""


def permits(facts: Facts) -> Permits:
    return Permits(
        retry=_permitted(_why_not_retry(facts)),
        fetch=_permitted(_why_not_ask_amazon(facts)),
        cancel=_permitted(_why_not_cancel(facts)),
        cancel_units=_permitted(_why_not_cancel_units(facts)),
        refund=_permitted(_why_not_refund(facts)),
        send_tracking=_permitted(_why_not_send_tracking(facts)),
        repair_address=_permitted(_why_not_repair(facts)),
        contact=_permitted(why_not(facts.order, facts.account_state, read_only=facts.read_only)),
        invoice=_permitted(
            invoicing.why_not(
                facts.order, facts.state, facts.account_state, read_only=facts.read_only
            )
        ),
    )


def _permitted(why_not: Sentence) -> Permitted:
    return Permitted(allowed=not why_not, why_not=show_words(why_not))


def _why_not_retry(facts: Facts) -> Sentence:
    return say("why_not.in_saleor") if facts.state in IN_SALEOR else NOTHING


def _why_not_repair(facts: Facts) -> Sentence:
    if facts.state in IN_SALEOR:
        return say("why_not.address_in_saleor")
    return say("why_not.personal_data_deleted") if facts.is_erased else NOTHING


def _why_not_ask_amazon(facts: Facts) -> Sentence:
    if facts.account_state == AccountState.AUTHORISATION_LOST:
        return say("why_not.authorisation_lost")
    return NOTHING


def _why_not_cancel(facts: Facts) -> Sentence:
    if facts.state != OrderState.IMPORTED or facts.order is None:
        return _NOT_IMPORTED
    if why := why_not_cancellable(facts.order):
        return why
    return _why_under_way(facts, IntentKind.CANCEL_ORDER, "why_not.cancel_under_way")


def _why_not_cancel_units(facts: Facts) -> Sentence:
    order = facts.order
    if facts.state != OrderState.IMPORTED or order is None:
        return _NOT_IMPORTED
    if order.fulfilled_by != "MERCHANT":
        return say("why_not.amazon_fulfils")
    if order.status == CANCELLED:
        return say("why_not.order_cancelled")
    if sum(item.quantity_ordered - item.quantity_shipped for item in order.order_items) <= 1:
        return say("why_not.no_other_units")
    if why := _why_under_way(facts, IntentKind.CANCEL_ORDER, "why_not.order_being_cancelled"):
        return why
    return say("refused.units_under_way") if units_under_way(facts.known) else NOTHING


def _why_under_way(facts: Facts, kind: IntentKind, code: str) -> Sentence:
    is_under_way = any(known.kind == kind and known.state in UNDER_WAY for known in facts.known)
    return say(code) if is_under_way else NOTHING


def _why_not_refund(facts: Facts) -> Sentence:
    order = facts.order
    if facts.state != OrderState.IMPORTED or order is None:
        return _NOT_IMPORTED
    if order.fulfilled_by != "MERCHANT":
        return say("why_not.amazon_refunds")
    if order.status not in _SHIPPED:
        return say("why_not.not_shipped")
    return _why_nothing_left(order, facts)


def _why_nothing_left(order: AmazonOrder, facts: Facts) -> Sentence:
    sums = reckon_by_custom(order)
    if sums is None:
        return say("why_not.amounts")
    earlier = list(refunds_that_count(facts.known))
    left = left_to_refund(order, sums, earlier, facts.refunded_elsewhere)
    return NOTHING if left.total > ZERO else say("why_not.all_refunded")


def _why_not_send_tracking(facts: Facts) -> Sentence:
    if facts.order is not None and facts.order.status == CANCELLED:
        return say("why_not.order_cancelled")
    told = [known for known in facts.known if isinstance(known.message, Shipment)]
    if not told:
        return say("why_not.no_shipment")
    if not any(known.state in _SENT for known in told):
        return say("why_not.tracking_under_way")
    return NOTHING
