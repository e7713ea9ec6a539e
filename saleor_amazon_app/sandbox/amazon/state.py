"""All that the simulated Amazon knows: sellers, their orders, faults and a count of calls."""

import copy
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from saleor_amazon_app.sandbox.amazon.clock import Clock, iso
from saleor_amazon_app.sandbox.amazon.faults import FaultBook
from saleor_amazon_app.sandbox.amazon.limits import Limits
from saleor_amazon_app.sandbox.amazon.records import (
    BuyerMessage,
    Destination,
    Feed,
    FeedDelay,
    FeedDocument,
    Outgoing,
    Refund,
    Shipment,
    Subscription,
    Transaction,
    UploadedInvoice,
)

CLIENT_ID: Final = "amzn1.application-oa2-client.sandbox"
CLIENT_SECRET: Final = "sandbox-secret"

SHIPPING_ROLE: Final = "DIRECT_TO_CONSUMER_SHIPPING"
INVOICING_ROLE: Final = "TAX_INVOICING"
TAX_ROLES: Final = frozenset({INVOICING_ROLE, "TAX_REMITTANCE"})
MESSAGING_ROLE: Final = "BUYER_COMMUNICATION"
ALL_ROLES: Final = TAX_ROLES | {SHIPPING_ROLE, MESSAGING_ROLE, "INVENTORY_AND_ORDER_TRACKING"}
"""The roles that matter for orders (SP-API page "Roles in the Selling Partner API")."""

Json = dict[str, Any]


@dataclass
class Seller:
    """A selling account that has authorised the app."""

    seller_id: str
    refresh_token: str
    marketplaces: tuple[str, ...]
    region: str = "eu"
    roles: frozenset[str] = ALL_ROLES
    denied_data_sets: frozenset[str] = frozenset()
    denied_marketplaces: frozenset[str] = frozenset()
    revoked: bool = False
    store_name: str = "Simulated Store"
    invoiced_by_amazon: bool = False
    """The seller lets Amazon write invoices, so that it takes none."""

    def __post_init__(self) -> None:
        self.marketplaces = tuple(self.marketplaces)
        self.roles = frozenset(self.roles)
        self.denied_data_sets = frozenset(self.denied_data_sets)
        self.denied_marketplaces = frozenset(self.denied_marketplaces)

    def as_json(self) -> Json:
        told = asdict(self)
        for name in ("roles", "denied_data_sets", "denied_marketplaces"):
            told[name] = sorted(told[name])
        return told


@dataclass
class StoredOrder:
    """An order with what a test wants to know about it.

    ``later`` is the order as Amazon tells it once it leaves PENDING: until then Amazon keeps
    prices and the address back.
    """

    seller_id: str
    order: Json
    case: str = "manual"
    expected: str = "imported"
    why: str = ""
    later: Json | None = None
    refunded_by_mistake: bool = False
    """The order was to be cancelled when part of it was shipped, so Amazon refunded all of it."""
    messaging: list[str] | None = None
    """The kinds of messages that Amazon offers for it, where they are not those of its state."""

    @property
    def order_id(self) -> str:
        return str(self.order["orderId"])


def _nothing() -> None:
    return None


@dataclass
class State:
    """The simulator's memory. Hold ``lock`` to read or change it."""

    clock: Clock = field(default_factory=Clock)
    sellers: dict[str, Seller] = field(default_factory=dict)
    orders: dict[str, StoredOrder] = field(default_factory=dict)
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Authorisation codes: (seller id, ISO time at which the code ends)."""
    faults: FaultBook = field(default_factory=FaultBook)
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Calls by operation and outcome."""
    feeds: dict[tuple[str, str], Feed] = field(default_factory=dict)
    """Feeds by seller and id: a feed's id is unique only in combination with the seller's."""
    documents: dict[str, FeedDocument] = field(default_factory=dict)
    shipments: list[Shipment] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    messages: list[BuyerMessage] = field(default_factory=list)
    invoices: list[UploadedInvoice] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)
    restocked: dict[str, dict[str, int]] = field(default_factory=dict)
    """Units that Amazon put back on offer, by seller and SKU."""
    feed_delay: FeedDelay = field(default_factory=FeedDelay)
    report_charset: str = "UTF-8"
    finance_delay: float = 2.0
    """Simulated seconds until a transaction can be seen; at Amazon up to 48 hours."""
    finance_fees: bool = True
    """Whether transactions contain Amazon's fees, as the real ones do."""
    page_of_transactions: int = 100
    empty_pages: bool = False
    """Whether listTransactions begins with an empty page, as its model says may happen."""
    destinations: dict[str, Destination] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    outgoing: list[Outgoing] = field(default_factory=list)
    """Notifications, in the order in which they arose."""
    on_change: Callable[[], None] = _nothing

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self.sending = threading.Lock()
        """Held by whoever puts notifications into queues; taken before ``lock``."""
        self.closing = threading.Event()
        self.limits = Limits(self.clock)

    def add_seller(
        self,
        seller_id: str,
        refresh_token: str,
        marketplaces: Iterable[str],
        region: str = "eu",
        roles: Iterable[str] = ALL_ROLES,
        *,
        denied_data_sets: Iterable[str] = (),
        denied_marketplaces: Iterable[str] = (),
    ) -> Seller:
        """Add a seller, or replace the one with the same id."""
        seller = Seller(
            seller_id,
            refresh_token,
            tuple(marketplaces),
            region,
            frozenset(roles),
            frozenset(denied_data_sets),
            frozenset(denied_marketplaces),
        )
        with self.lock:
            self.sellers[seller_id] = seller
            self.on_change()
        return seller

    def put_order(
        self,
        seller_id: str,
        order_dict: Json,
        case: str = "manual",
        expected: str = "imported",
        why: str = "",
        *,
        later: Json | None = None,
    ) -> StoredOrder:
        """Add an order as Amazon would tell it with every data set, or replace it."""
        order, later = copy.deepcopy(order_dict), copy.deepcopy(later)
        stored = StoredOrder(seller_id, order, case, expected, why, later)
        with self.lock:
            self.orders[stored.order_id] = stored
            self.on_change()
        return stored

    def order_of(self, seller_id: str, order_id: str) -> StoredOrder | None:
        """Return a seller's order; another seller's is as unknown as none."""
        stored = self.orders.get(order_id)
        return stored if stored and stored.seller_id == seller_id else None

    def orders_of(self, seller_id: str) -> list[StoredOrder]:
        with self.lock:
            return [stored for stored in self.orders.values() if stored.seller_id == seller_id]

    def seller_by_token(self, refresh_token: str) -> Seller | None:
        """Return the seller who gave this refresh token, unless it was withdrawn since."""
        with self.lock:
            matching = (s for s in self.sellers.values() if s.refresh_token == refresh_token)
            seller = next(matching, None)
        return seller if seller and not seller.revoked else None

    def count(self, operation: str, outcome: str) -> None:
        with self.lock:
            self.calls[operation, outcome] += 1

    def now_text(self) -> str:
        return iso(self.clock.now())
