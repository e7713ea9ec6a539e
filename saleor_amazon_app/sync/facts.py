"""What lists sort, filter and search by: copied out of the sealed payload, kept beside it.

Personal data stays sealed; of names there are only keyed hashes (``store.searching``).
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.amazon_order import (
    AmazonOrder,
    OrderItem,
    UnreadableOrder,
    read_order,
)
from saleor_amazon_app.mirror.cancelling import CANCELLED
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.messages import Shipment
from saleor_amazon_app.mirror.money import fits, minor_unit
from saleor_amazon_app.mirror.personal_data import KEPT_FOR, End, end_of
from saleor_amazon_app.mirror.search_words import words_of
from saleor_amazon_app.store import ledger
from saleor_amazon_app.store.models import Order
from saleor_amazon_app.store.searching import SearchKey, search_key, set_words
from saleor_amazon_app.store.vault import Vault
from saleor_amazon_app.sync import ledgering
from saleor_amazon_app.sync.services import Services

VERSION: Final = 2
"""To be raised whenever ``copy_facts`` or ``words_of`` tell more than before."""
_AT_ONCE: Final = 500


def copy_facts(row: Order, order: AmazonOrder) -> None:
    """Copy what lists sort and filter by, and when the order is over."""
    _copy_end(row, order)
    row.marketplace_id = order.marketplace_id
    row.status, row.fulfilled_by = order.status[:64], order.fulfilled_by[:32]
    row.purchased_at, row.amazon_updated_at = order.created_time, order.last_updated_time
    row.ship_by = order.ship_by
    row.units = sum(item.quantity_ordered for item in order.order_items)
    row.units_open = sum(_open(order, item) for item in order.order_items)
    row.is_prime, row.is_business = "PRIME" in order.programs, "AMAZON_BUSINESS" in order.programs
    row.replaces = order.replaces
    row.currency = row.total_minor = None
    if (total := order.grand_total) and fits(total.amount, total.currency_code):
        row.currency = total.currency_code
        row.total_minor = int(total.amount / minor_unit(total.currency_code))


def _copy_end(row: Order, order: AmazonOrder) -> None:
    row.over_at = end_told(row, order).at
    if row.erased_at is None:
        row.erase_at = row.over_at + KEPT_FOR


def end_told(row: Order, order: AmazonOrder) -> End:
    """Return when an order is over by what Amazon tells now, and what it told before.

    Once its personal data is deleted only Amazon's telling that it goes on can put that off.
    """
    counts = row.status == order.status[:64] or row.erased_at is not None
    return end_of(order, row.over_at if counts else None)


def _open(order: AmazonOrder, item: OrderItem) -> int:
    if order.status == CANCELLED:
        return 0
    told = item.fulfillment.quantity_unfulfilled if item.fulfillment else None
    return item.quantity_ordered - item.quantity_shipped if told is None else told


def index(
    session: Session,
    vault: Vault,
    key: SearchKey,
    row: Order,
    order: AmazonOrder,
) -> None:
    """Make an order findable by its words."""
    is_new = not row.facts_version
    told = () if is_new and not row.saleor_order_id else _told_tracking(session, vault, row.id)
    set_words(session, key, row.id, words_of(order, told), is_new=is_new)
    row.facts_version = VERSION


def _told_tracking(session: Session, vault: Vault, order_id: str) -> Iterable[str]:
    """Return the tracking numbers that the app has told or is to tell Amazon."""
    for intent in ledger.intents_of(session, [order_id])[order_id]:
        message = ledgering.open_message(vault, intent)
        if isinstance(message, Shipment) and message.tracking_number:
            yield message.tracking_number


def bring_up_to_date(services: Services, tenant_id: TenantId) -> int:
    """Copy the facts of orders that were stored by an older version; returns how many it did."""
    with services.database.tenant(tenant_id) as session:
        query = select(Order).where(Order.facts_version < VERSION).limit(_AT_ONCE)
        rows = session.scalars(query.with_for_update(skip_locked=True)).all()
        key = search_key(session, services.vault, tenant_id) if rows else None
        for row in rows:
            try:
                order = read_order(services.vault.open_json(row.payload))
            except UnreadableOrder:
                row.facts_version = VERSION
                if row.erased_at is None:
                    row.erase_at = row.first_seen_at + KEPT_FOR
                continue
            copy_facts(row, order)
            if key:
                index(session, services.vault, key, row, order)
    return len(rows)


def tenants_behind(services: Services) -> list[str]:
    """Return the tenants with orders that an older version stored, across tenants."""
    with services.database.system() as session:
        query = select(Order.tenant_id).where(Order.facts_version < VERSION).distinct()
        return list(session.scalars(query))
