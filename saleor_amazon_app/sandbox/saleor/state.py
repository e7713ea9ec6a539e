"""The simulator's memory: the shop, who may change it when, and what has to be told to apps.

Mutations hold the lock for as long as they change something, so that each of them happens as a
whole or not at all, as in the database of the real server.
"""

import copy
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from saleor_amazon_app.sandbox.saleor.faults import DeliveryFaultBook, FaultBook
from saleor_amazon_app.sandbox.saleor.keys import KeyRing
from saleor_amazon_app.sandbox.saleor.model import (
    App,
    Fulfillment,
    Mail,
    Order,
    Stock,
    Transaction,
    User,
    Variant,
    now,
)
from saleor_amazon_app.sandbox.saleor.shop import default_shop
from saleor_amazon_app.sandbox.saleor.shop_model import Shop


@dataclass(frozen=True)
class Principal:
    """Who calls: an app by its token, a user by the Dashboard's, or nobody."""

    app: App | None = None
    user: User | None = None
    permissions: frozenset[str] = frozenset()

    def may(self, *permissions: str) -> bool:
        return not self.permissions.isdisjoint(permissions)

    @property
    def app_id(self) -> int | None:
        return self.app.id if self.app else None

    @property
    def user_id(self) -> int | None:
        return self.user.id if self.user else None


@dataclass(frozen=True)
class Requested:
    """A payment action that is asked of the app a transaction belongs to."""

    type: str
    amount: Decimal
    currency: str
    event_id: int
    granted_refund_id: int | None = None


@dataclass(frozen=True)
class Happening:
    """Something that webhooks tell."""

    event: str
    principal: Principal = field(default_factory=Principal)
    order_ids: tuple[str, ...] = ()
    fulfillment_id: int | None = None
    transaction_token: str | None = None
    app_id: int | None = None
    notify_customer: bool = False
    action: Requested | None = None


def _nothing(_happening: Happening) -> None:
    return None


def _no_change() -> None:
    return None


class State:
    """A running shop.

    Args:
        shop: What it holds, or None for the shop of the catalogue.
        api_url: The address it is known by, ending in ``/graphql/``.
    """

    def __init__(
        self, shop: Shop | None = None, api_url: str = "http://127.0.0.1/graphql/"
    ) -> None:
        self.shop = shop or default_shop()
        self.api_url = api_url
        self.keys = KeyRing(self.shop.private_key)
        self.lock = threading.RLock()
        self.faults = FaultBook()
        self.delivery_faults = DeliveryFaultBook()
        self.calls: Counter[str] = Counter()
        self.clock_speed = 1.0
        self.on_change: Callable[[], None] = _no_change
        self.tell: Callable[[Happening], None] = _nothing
        self._happenings: list[Happening] = []
        self._by_reference = {
            o.external_reference: o.id for o in self.shop.orders.values() if o.external_reference
        }
        self._order_of_fulfillment = {
            f.id: o.id for o in self.shop.orders.values() for f in o.fulfillments
        }
        self._order_of_transaction = {
            t.token: o.id for o in self.shop.orders.values() for t in o.transactions
        }
        self._by_sku = {v.sku: v.id for v in self.shop.variants.values() if v.sku}
        self._stock_keys = {(s.variant_id, s.warehouse_id): s.id for s in self.shop.stocks.values()}

    # --- changing -------------------------------------------------------------------------------

    @contextmanager
    def transaction(self, order: Order | None = None) -> Iterator[None]:
        """Change the shop as a whole or not at all; an order given is put back on failure."""
        with self.lock:
            undo = self._savepoint(order)
            try:
                yield
            except BaseException:
                undo()
                self._happenings.clear()
                raise
            happened, self._happenings = self._happenings, []
            self.on_change()
        for happening in happened:
            self.tell(happening)

    def happen(self, happening: Happening) -> None:
        """Tell the apps once the transaction ends well."""
        self._happenings.append(happening)

    def mail(self, kind: str, order: Order) -> None:
        """Note a mail to the customer; without an address there is none."""
        if order.user_email:
            self.shop.mails.append(
                Mail(kind=kind, to=order.user_email, order_id=order.id, order_number=order.number)
            )

    def next_id(self) -> int:
        with self.lock:
            self.shop.last_id += 1
            return self.shop.last_id

    def next_order_number(self) -> int:
        """Return a number of the sequence: like PostgreSQL's, it is not given back."""
        with self.lock:
            self.shop.last_order_number += 1
            return self.shop.last_order_number

    def add_order(self, order: Order) -> None:
        self.shop.orders[order.id] = order
        self.index(order)

    def index(self, order: Order) -> None:
        """Make an order, its fulfilments and its transactions findable."""
        if order.external_reference:
            self._by_reference[order.external_reference] = order.id
        for fulfillment in order.fulfillments:
            self._order_of_fulfillment[fulfillment.id] = order.id
        for transaction in order.transactions:
            self._order_of_transaction[transaction.token] = order.id

    def rename(self, order: Order, reference: str | None) -> None:
        if order.external_reference:
            self._by_reference.pop(order.external_reference, None)
        order.external_reference = reference
        self.index(order)

    def reindex_stock(self) -> None:
        """Catch up with variants and stocks added or removed by the control API."""
        self._by_sku = {v.sku: v.id for v in self.shop.variants.values() if v.sku}
        self._stock_keys = {(s.variant_id, s.warehouse_id): s.id for s in self.shop.stocks.values()}

    def _savepoint(self, order: Order | None) -> Callable[[], None]:
        if order is None:
            return _no_change
        copied, mails = copy.deepcopy(order), len(self.shop.mails)
        variants = {line.variant_id for line in order.lines}
        stocks = {
            s.id: (s.quantity, s.quantity_allocated)
            for s in self.shop.stocks.values()
            if s.variant_id in variants
        }

        def undo() -> None:
            self.shop.orders[order.id] = copied
            del self.shop.mails[mails:]
            for key, (quantity, allocated) in stocks.items():
                stock = self.shop.stocks[key]
                stock.quantity, stock.quantity_allocated = quantity, allocated

        return undo

    # --- finding --------------------------------------------------------------------------------

    def order(self, key: str) -> Order | None:
        return self.shop.orders.get(key)

    def order_by_reference(self, reference: str) -> Order | None:
        key = self._by_reference.get(reference)
        return self.shop.orders.get(key) if key else None

    def fulfillment(self, key: int) -> tuple[Order, Fulfillment] | None:
        order = self.shop.orders.get(self._order_of_fulfillment.get(key, ""))
        if order is None:
            return None
        found = next((f for f in order.fulfillments if f.id == key), None)
        return (order, found) if found else None

    def payment(self, token: str) -> tuple[Order, Transaction] | None:
        order = self.shop.orders.get(self._order_of_transaction.get(token, ""))
        if order is None:
            return None
        return order, next(t for t in order.transactions if t.token == token)

    def variant(self, sku: str) -> Variant | None:
        key = self._by_sku.get(sku)
        return self.shop.variants.get(key) if key else None

    def stock(self, variant_id: int | None, warehouse_id: str) -> Stock | None:
        key = self._stock_keys.get((variant_id or 0, warehouse_id))
        return self.shop.stocks.get(key) if key else None

    def stocks_of(self, variant_id: int) -> list[Stock]:
        found = (self.stock(variant_id, w.id) for w in self.shop.warehouses)
        return [stock for stock in found if stock]

    def app_by_token(self, token: str) -> App | None:
        apps = list(self.shop.apps.values())
        return next((a for a in apps if a.token == token and a.is_active), None)

    def touch(self, order: Order) -> None:
        order.updated_at = now()
