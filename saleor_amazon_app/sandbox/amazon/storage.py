"""The simulator's memory on disk, so that a demo goes on where it was stopped."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from saleor_amazon_app.sandbox.amazon.clock import Clock, parse_iso
from saleor_amazon_app.sandbox.amazon.records import (
    BuyerMessage,
    Destination,
    Feed,
    FeedDelay,
    FeedDocument,
    Refund,
    Shipment,
    Subscription,
    Transaction,
    UploadedInvoice,
)
from saleor_amazon_app.sandbox.amazon.state import Seller, State, StoredOrder
from saleor_amazon_app.sandbox.saving import Saver, write_whole

_VERSION: Final = 1
_LISTS: Final[dict[str, Any]] = {
    "shipments": Shipment,
    "refunds": Refund,
    "messages": BuyerMessage,
    "invoices": UploadedInvoice,
    "transactions": Transaction,
}
_SETTINGS: Final = (
    *("report_charset", "finance_delay", "finance_fees"),
    *("page_of_transactions", "empty_pages"),
)


def as_json(state: State) -> dict[str, Any]:
    with state.lock:
        return {
            "version": _VERSION,
            "now": state.clock.now().isoformat(),
            "speed": state.clock.speed,
            "sellers": [seller.as_json() for seller in state.sellers.values()],
            "orders": [dict(vars(stored)) for stored in state.orders.values()],
            "codes": state.codes,
            "feeds": [vars(feed) for feed in state.feeds.values()],
            "documents": [vars(document) for document in state.documents.values()],
            "settings": _settings(state),
            "restocked": state.restocked,
            "destinations": [vars(each) for each in state.destinations.values()],
            "subscriptions": [vars(each) for each in state.subscriptions.values()],
            **{name: [dict(vars(each)) for each in getattr(state, name)] for name in _LISTS},
        }


def from_json(told: dict[str, Any], speed: float = 1.0) -> State:
    """Rebuild a state. Its time never runs back: it starts at the later of then and now."""
    start = max(parse_iso(told["now"]), datetime.now(UTC))
    state = State(Clock(speed, start))
    state.sellers = {s["seller_id"]: Seller(**s) for s in told["sellers"]}
    stored = [StoredOrder(**o) for o in told["orders"]]
    state.orders = {o.order_id: o for o in stored}
    state.codes = {code: (owner, end) for code, (owner, end) in told["codes"].items()}
    _restore_writes(state, told)
    return state


def _settings(state: State) -> dict[str, Any]:
    settings = {name: getattr(state, name) for name in _SETTINGS}
    return settings | {"feed_delay": vars(state.feed_delay)}


def _restore_writes(state: State, told: dict[str, Any]) -> None:
    """Rebuild what feeds and calls have brought about; files of older versions hold none."""
    feeds = [Feed(**each) for each in told.get("feeds", ())]
    state.feeds = {(feed.seller_id, feed.feed_id): feed for feed in feeds}
    documents = [FeedDocument(**each) for each in told.get("documents", ())]
    state.documents = {document.document_id: document for document in documents}
    state.restocked = told.get("restocked", {})
    made = [Destination(**each) for each in told.get("destinations", ())]
    state.destinations = {each.destination_id: each for each in made}
    subscribed = [Subscription(**each) for each in told.get("subscriptions", ())]
    state.subscriptions = {each.subscription_id: each for each in subscribed}
    for name, kind in _LISTS.items():
        setattr(state, name, [kind(**each) for each in told.get(name, ())])
    for name, value in told.get("settings", {}).items():
        setattr(state, name, FeedDelay(**value) if name == "feed_delay" else value)


def load(path: Path | None, speed: float = 1.0, behind: timedelta = timedelta(0)) -> State:
    """Return the state kept in a file, or a new one, whose clock starts so much behind."""
    if path is None or not path.exists():
        return State(Clock(speed, datetime.now(UTC) - behind))
    return from_json(json.loads(path.read_text(encoding="utf-8")), speed)


def save(state: State, path: Path) -> None:
    with state.lock:
        text = json.dumps(as_json(state), ensure_ascii=False)
    write_whole(path, text.encode())


def saver(state: State, path: Path, delay: float = 0.5) -> Saver:
    def watch(changed: Callable[[], None]) -> None:
        state.on_change = changed

    return Saver(watch, lambda: save(state, path), delay)
