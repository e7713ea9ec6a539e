"""The process is stopped at every write of a flow: nothing goes out twice, and nothing is lost.

Each order is stopped at the next write: just after a commit (what is recorded was not sent), or
just after the other side did what it was asked to, before the app knew (what was done is not
recorded). Whatever is left must be picked up afterwards.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
import requests
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.intents import IntentState
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.sandbox.amazon import seller_central
from saleor_amazon_app.store.models import Intent, InvoiceFile, Order
from saleor_amazon_app.sync import asking, invoicing
from saleor_amazon_app.sync.inbox import Inbox
from saleor_amazon_app.sync.refunds import RefundReader
from tests.day import Day
from tests.mirror.amazon_orders import item
from tests.sandbox.saleor.paying import REFUND
from tests.sandbox.saleor.waiting import until
from tests.shop_world import ShopWorld

COMMITS, WRITES = 18, 9
"""The most that are tried of one flow; a flow that is over sooner ends the test sooner."""

pytestmark = pytest.mark.slow


def stopped(*where: tuple[str, str]) -> pytest.MarkDecorator:
    """Run a test on these databases, stopped at these moments.

    Between a commit and the next there is nothing to lose but what the other side was told, so that
    ``after_commit`` and ``after_write`` are all the moments that there are.
    """
    names = ("database_url", "moment")
    return pytest.mark.parametrize(names, where, indirect=["database_url"])


ON_SQLITE = (("sqlite", "after_commit"), ("sqlite", "after_write"))
on_sqlite = stopped(*ON_SQLITE)
on_both = stopped(*ON_SQLITE, ("postgresql", "after_write"))


class Killed(BaseException):
    """The process is gone: no handler may catch this."""


@dataclass
class Blow:
    """A stop at the n-th write of the main thread; other threads are the app's web server."""

    left: int
    struck: bool = False

    def strike(self, *_ignored: object) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        self.left -= 1
        if self.left == 0:
            self.struck = True
            raise Killed


@contextmanager
def killed_at(moment: str, number: int) -> Iterator[Blow]:
    """Stop at the n-th commit or write."""
    blow = Blow(number)
    with _after_writes(blow) if moment == "after_write" else _at_commits(blow, moment):
        yield blow


@contextmanager
def _at_commits(blow: Blow, moment: str) -> Iterator[None]:
    event.listen(Session, moment, blow.strike)
    try:
        yield
    finally:
        event.remove(Session, moment, blow.strike)


@contextmanager
def _after_writes(blow: Blow) -> Iterator[None]:
    genuine = requests.Session.send

    def send(
        session: requests.Session, request: requests.PreparedRequest, **more: Any
    ) -> requests.Response:
        response = genuine(session, request, **more)
        if _is_write(request):
            blow.strike()
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.Session, "send", send)
        yield


def _is_write(request: requests.PreparedRequest) -> bool:
    """Tell whether a request changes something at Saleor or Amazon."""
    url, body = request.url or "", request.body or b""
    if url.endswith("/graphql/"):
        text = body.decode() if isinstance(body, bytes) else str(body)
        return '"mutation' in text or "mutation " in text
    return request.method in ("POST", "PUT") and "/auth/" not in url


# --- what happens -------------------------------------------------------------------------------


def ship(day: Day, number: int) -> None:
    day.ship(2, number)


def cancel(day: Day, number: int) -> None:
    day.cancel_in_saleor(number)


def refund(day: Day, number: int) -> None:
    shop = day.shop
    asked = asking.RefundAsked(Decimal("14.90"))
    asking.refund(shop.services, shop.tenant_id, shop.numbered(number), asked, "test")


def invoice(day: Day, number: int) -> None:
    shop, asked = day.shop, invoicing.Asked(f"R-{number}", b"%PDF-1.7")
    order = shop.numbered(number)
    seen = invoicing.preview(shop.services, shop.tenant_id, order, asked)
    named = {"request_id": seen.request_id, "digest": seen.digest}
    by = Person("VXNlcjox", "staff@shop.example")
    invoicing.ask(shop.services, shop.tenant_id, order, asked, **named, by=by)


def refund_in_saleor(day: Day, number: int) -> None:
    """Ask in the Dashboard; the webhook is in the inbox, and is handled with the work."""
    query = """query P($r: String!) { order(externalReference: $r) { transactions { id } } }"""
    found = _as_staff(day, query, r=day.shop.numbered(number))["order"]
    _as_staff(day, REFUND, id=found["transactions"][0]["id"], amount=14.9)
    until(lambda: all(d["status"] != "PENDING" for d in _requests(day)))


def _as_staff(day: Day, query: str, **variables: Any) -> Any:
    told = day.shop._control("POST", "/act", {"query": query, "variables": variables})
    assert "errors" not in told, told
    return told["data"]


def _requests(day: Day) -> list[Any]:
    deliveries = day.shop._control("GET", "/deliveries")
    return [d for d in deliveries if d["event"] == "TRANSACTION_REFUND_REQUESTED"]


# --- the play -----------------------------------------------------------------------------------


def intents(day: Day, number: int) -> list[str]:
    with day.shop.services.database.tenant(day.shop.tenant_id) as session:
        query = select(Intent.state).join(Order, Order.id == Intent.order_id)
        mine = query.where(Order.amazon_order_id == day.shop.numbered(number))
        return list(session.scalars(mine))


def last_of(moment: str) -> int:
    return WRITES if moment == "after_write" else COMMITS


def open_shop(shop: ShopWorld, count: int) -> Day:
    for number in range(1, count + 1):
        shop.sell(item(1, quantity=2, total="29.80"), number=number)
    shop.run()
    return Day(shop)


def play(
    shop: ShopWorld,
    moment: str,
    act: Callable[[Day, int], None],
    *,
    shipped: bool,
    most: int = COMMITS,
) -> tuple[Day, Sequence[int]]:
    """Stop the work at another write for each order, and only then let it come to rest.

    Returns the day, and the orders that something happened to.
    """
    numbers = range(1, min(last_of(moment), most) + 1)
    day = open_shop(shop, len(numbers))
    if shipped:
        for number in numbers:
            day.ship(2, number)
        day.carry(4)
    played = stop_each(day, moment, numbers, act)
    come_to_rest(day)
    return day, played


def stop_each(
    day: Day, moment: str, numbers: Sequence[int], act: Callable[[Day, int], None]
) -> Sequence[int]:
    for write, number in enumerate(numbers, start=1):
        act(day, number)
        with killed_at(moment, write) as blow, suppress(Killed):
            Inbox(day.shop.services, day.shop.tenant_id).run()
            day.carry(3, seconds=30)
        if not blow.struck:
            return numbers[:write]
        come_to_rest(day, rounds=2)
    return numbers


def come_to_rest(day: Day, rounds: int = 5) -> None:
    """Let the leases of the stopped process run out, and another one take over."""
    for _ in range(rounds):
        day.shop.pass_time(minutes=6)
        Inbox(day.shop.services, day.shop.tenant_id).run()
        day.carry()


# --- to Amazon ----------------------------------------------------------------------------------


@on_both
def test_a_shipment_survives(shop: ShopWorld, moment: str) -> None:
    day, played = play(shop, moment, ship, shipped=False)
    for number in played:
        assert intents(day, number) == [IntentState.ACCEPTED], number
        assert len(day.amazon(number)["packages"]) == 1
    assert [one.count for one in shop.amazon.shipments] == [1] * len(played)


@on_sqlite
def test_a_cancellation_survives(shop: ShopWorld, moment: str) -> None:
    day, played = play(shop, moment, cancel, shipped=False)
    for number in played:
        assert intents(day, number) == [IntentState.ACCEPTED], number
        assert day.amazon(number)["fulfillment"]["fulfillmentStatus"] == "CANCELLED"
    assert not any(order.refunded_by_mistake for order in shop.amazon.orders.values())


@on_both
@pytest.mark.parametrize(("ask", "most"), [(refund, COMMITS), (refund_in_saleor, 8)])
def test_a_refund_survives_or_waits_for_a_person_but_is_never_paid_twice(
    shop: ShopWorld, moment: str, ask: Callable[[Day, int], None], most: int
) -> None:
    """What Saleor asks for takes another way only at its beginning."""
    day, played = play(shop, moment, ask, shipped=True, most=most)
    for number in played:
        paid = [r for r in shop.amazon.refunds if r.order_id == shop.numbered(number)]
        state = intents(day, number)[-1]
        assert (state, len(paid)) in [
            (IntentState.ACCEPTED, 1),
            (IntentState.NEEDS_ATTENTION, 0),
        ], number
        told = day.saleor(number)["transactions"][0]["refundedAmount"]["amount"]
        assert told == (Decimal("14.9") if paid else 0), number


@on_both
def test_an_invoice_survives_or_waits_for_a_person_but_never_goes_twice(
    shop: ShopWorld, moment: str
) -> None:
    """Amazon shows no invoices, so whether one arrived only a person can see."""
    day, played = play(shop, moment, invoice, shipped=True)
    for number in played:
        mine = [i for i in shop.amazon.invoices if i.order_id == shop.numbered(number)]
        state = intents(day, number)[-1]
        assert (state, len(mine)) in [
            (IntentState.ACCEPTED, 1),
            (IntentState.NEEDS_ATTENTION, 1),
            (IntentState.NEEDS_ATTENTION, 0),
        ], number
        assert kept_files(day, number) == (0 if state == IntentState.ACCEPTED else 1), number


def kept_files(day: Day, number: int) -> int:
    with day.shop.services.database.tenant(day.shop.tenant_id) as session:
        query = select(InvoiceFile).join(Order, Order.id == InvoiceFile.order_id)
        mine = query.where(Order.amazon_order_id == day.shop.numbered(number))
        return len(session.scalars(mine).all())


# --- to Saleor ----------------------------------------------------------------------------------


def at_amazon(day: Day, number: int) -> None:
    """Let one of three things happen to an order there."""
    state, order_id = day.shop.amazon, day.shop.numbered(number)
    match number % 3:
        case 0:
            seller_central.ship(state, order_id, carrier="DHL", tracking_number="003404341")
            seller_central.refund(state, order_id, amount="9.80")
        case 1:
            seller_central.cancel(state, order_id, "BUYER")
        case 2:
            seller_central.change_address(state, order_id, {"addressLine1": "Neue Gasse 7"})


def look_at_amazon(day: Day) -> None:
    """Read all that happened there, and put it aside until an order's turn comes."""
    shop = day.shop
    shop.pass_time(minutes=40)
    shop.run()
    RefundReader(shop.services, shop.tenant_id, shop.account_id).run()
    with shop.services.database.tenant(shop.tenant_id) as session:
        session.execute(update(Order).values(reconcile_at=None))


@on_sqlite
def test_what_happened_at_amazon_shows_in_saleor_once(shop: ShopWorld, moment: str) -> None:
    """Each of the three things is stopped at each of its own writes."""
    numbers = range(1, 3 * (6 if moment == "after_write" else 7) + 1)
    day = open_shop(shop, len(numbers))
    for number in numbers:
        at_amazon(day, number)
    look_at_amazon(day)
    for thing in range(3):
        mine = [number for number in numbers if number % 3 == thing]
        stop_each(day, moment, mine, lambda day, number: day.mark(number))
    with shop.services.database.tenant(shop.tenant_id) as session:
        session.execute(update(Order).values(reconcile_at=shop.services.now()))
    come_to_rest(day)
    for number in numbers:
        check_saleor(day, number)
        assert intents(day, number) == [], number


def check_saleor(day: Day, number: int) -> None:
    order, thing = day.saleor(number), number % 3
    parcels = [f["trackingNumber"] for f in order["fulfillments"] if f["status"] == "FULFILLED"]
    assert parcels == (["003404341"] if thing == 0 else []), number
    given = {0: Decimal("9.8"), 1: Decimal("29.8")}.get(thing, 0)
    assert order["transactions"][0]["refundedAmount"]["amount"] == given, number
    assert (order["status"] == "CANCELED") == (thing == 1), number
    street = day.shop.saleor_order(number)["shippingAddress"]["streetAddress1"]
    assert (street == "Neue Gasse 7") == (thing == 2), number
    lines = [note for note in day.notes(number) if "at Amazon" in note or "address" in note]
    assert len(lines) == len(set(lines)), number
    assert len(lines) >= 1, number
