"""A refund asked for in Saleor, from the Dashboard's request to the transaction's last event.

The webhook is delivered by the simulated Saleor to the app's own web server, signed and over HTTP.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from saleor_amazon_app.saleor.webhooks import REFUND_REQUESTED
from saleor_amazon_app.sandbox.amazon.faults import FaultKind
from saleor_amazon_app.showing.order import show_order
from saleor_amazon_app.store.models import Delivery, Intent
from saleor_amazon_app.sync import asking, watching
from saleor_amazon_app.sync.inbox import Inbox
from saleor_amazon_app.sync.reconciling import Reconciler
from saleor_amazon_app.web import webhooks
from tests.day import Day, a_day
from tests.mirror.amazon_orders import breakdown, item
from tests.sandbox.saleor.paying import GRANT, REFUND, REFUND_GRANTED
from tests.sandbox.saleor.waiting import until
from tests.shop_world import ShopWorld

D = Decimal
STAFF = "Ada"
"""Who uses the simulated Dashboard."""
PAYMENT = """query P($reference: String!) { order(externalReference: $reference) {
  id lines { id quantity }
  grantedRefunds { id status amount { amount } }
  transactions { id chargedAmount { amount } refundedAmount { amount }
    refundPendingAmount { amount } events { type message pspReference amount { amount } } } } }"""


class Till:
    """A shipped order of two units for 30.00 and 4.90 of shipping, and staff who give back."""

    def __init__(self, shop: ShopWorld, *more: Any, shipped: bool = True) -> None:
        parts = [breakdown("ITEM", "30.00"), breakdown("SHIPPING", "4.90")]
        self.day: Day = a_day(shop, item(1, quantity=2, total="34.90", breakdowns=parts), *more)
        self.shop = shop
        if shipped:
            self.day.ship(2)
            self.day.carry(3)

    def act(self, query: str, **variables: Any) -> Any:
        told = self.shop._control("POST", "/act", {"query": query, "variables": variables})
        assert "errors" not in told, told
        (payload,) = told["data"].values()
        return payload

    @property
    def order(self) -> Any:
        return self.act(PAYMENT, reference=self.shop.numbered(1))

    @property
    def payment(self) -> Any:
        return self.order["transactions"][0]

    @property
    def amounts(self) -> tuple[Decimal, ...]:
        """What is charged, refunded, and on its way back."""
        told = (self.payment[f"{name}Amount"]["amount"] for name in ("charged", "refunded"))
        return (*map(_money, told), _money(self.payment["refundPendingAmount"]["amount"]))

    @property
    def grants(self) -> list[str]:
        return [grant["status"] for grant in self.order["grantedRefunds"]]

    def ask(self, amount: str) -> None:
        wish = {"id": self.payment["id"], "amount": float(amount)}
        assert self.act(REFUND, **wish)["errors"] == []
        self.settled()

    def grant(self, units: int, *, shipping: bool, reason: str = "") -> None:
        """Grant units, with or without shipping, and ask for it."""
        order = self.order
        lines = [{"id": order["lines"][0]["id"], "quantity": units, "reason": reason}]
        wish = {
            "transactionId": order["transactions"][0]["id"],
            "lines": lines if units else None,
            "grantRefundForShipping": shipping,
        }
        self.act(GRANT, id=order["id"], input=wish)
        self.ask_for_grant()

    def ask_for_grant(self) -> None:
        (granted,) = self.order["grantedRefunds"]
        assert self.act(REFUND_GRANTED, id=granted["id"])["errors"] == []
        self.settled()

    def deliveries(self) -> list[Any]:
        return [
            d for d in self.shop._control("GET", "/deliveries") if d["event"] == REFUND_REQUESTED
        ]

    def settled(self) -> None:
        """Wait until the app's answer has had its effect."""
        until(lambda: all(d["status"] in ("SUCCESS", "FAILED") for d in self.deliveries()))

    def take_up(self, rounds: int = 5) -> None:
        """Handle the inbox, and let the answer come from Amazon."""
        Inbox(self.shop.services, self.shop.tenant_id).run()
        self.day.carry(rounds)

    def events(self) -> list[Any]:
        """Return what was asked and answered about refunds, the earliest first."""
        told = self.payment["events"]
        return [event for event in reversed(told) if event["type"].startswith("REFUND")]

    def types(self) -> list[str]:
        return [event["type"] for event in self.events()]

    def paid(self) -> list[dict[str, str]]:
        """Return what Amazon paid out, refund by refund."""
        return [
            {name: str(value) for name, value in each["components"].items()}
            for refund in self.shop.amazon.refunds
            for each in refund.items
        ]


def _money(amount: Any) -> Decimal:
    return Decimal(str(amount)).quantize(D("0.01"))


def all_of(till: Till) -> None:
    till.ask("34.90")


def an_amount(till: Till) -> None:
    till.ask("3.49")


def a_unit(till: Till) -> None:
    till.grant(1, shipping=False, reason="returned")


def a_unit_with_shipping(till: Till) -> None:
    till.grant(1, shipping=True)


def shipping_alone(till: Till) -> None:
    till.grant(0, shipping=True)


@pytest.mark.parametrize(
    ("ask", "components"),
    [
        (all_of, {"Principal": "30.00", "Shipping": "4.90"}),
        (an_amount, {"Principal": "3.00", "Shipping": "0.49"}),
        (a_unit, {"Principal": "15.00"}),
        (a_unit_with_shipping, {"Principal": "15.00", "Shipping": "4.90"}),
        (shipping_alone, {"Shipping": "4.90"}),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_is_paid_out_as_asked_and_saleor_hears_of_it(
    shop: ShopWorld, ask: Callable[[Till], None], components: dict[str, str]
) -> None:
    till = Till(shop)
    ask(till)
    amount = sum((D(part) for part in components.values()), D(0))
    assert till.amounts == (D("34.90") - amount, D(0), amount)
    assert till.paid() == []
    assert set(till.grants) <= {"PENDING"}
    till.take_up()
    assert till.paid() == [components]
    assert till.amounts == (D("34.90") - amount, amount, D(0))
    assert till.types() == ["REFUND_REQUEST", "REFUND_SUCCESS"]
    assert set(till.grants) <= {"SUCCESS"}
    till.day.carry(3, minutes=40)
    assert till.amounts == (D("34.90") - amount, amount, D(0))
    assert shop.problems() == {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("ask", "who"), [(an_amount, STAFF), (a_unit, None)])
def test_the_order_tells_who_asked_in_saleor(
    shop: ShopWorld, ask: Callable[[Till], None], who: str | None
) -> None:
    till = Till(shop)
    ask(till)
    till.take_up()
    shown = show_order(shop.services, shop.tenant_id, shop.numbered(1))
    refund, parcel = shown.intents
    assert (refund.kind, refund.asked_in_saleor) == ("refund", True)
    assert refund.asked_by == who
    assert (parcel.kind, parcel.asked_in_saleor, parcel.asked_by) == ("shipment", True, None)
    lines = {e.message.code: e for e in shown.timeline if e.actor == "saleor"}
    assert lines["history.asked_in_saleor"].by == who
    assert "Asked in Saleor: Refund of" in lines["history.asked_in_saleor"].message.text
    assert lines["history.shipped_in_saleor"].by is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_refund_that_staff_confirm_in_the_same_moment_counts(
    shop: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both want all of it: one is told to Amazon, the other is refused before it gets there."""
    till = Till(shop)
    write_intents = Reconciler._write_intents

    def meanwhile(reconciler: Reconciler, job: Any) -> bool:
        monkeypatch.undo()
        whole = asking.RefundAsked(D("34.90"))
        asking.refund(shop.services, shop.tenant_id, shop.numbered(1), whole, STAFF)
        return write_intents(reconciler, job)

    monkeypatch.setattr(Reconciler, "_write_intents", meanwhile)
    till.ask("34.90")
    till.take_up()
    assert till.day.states()[1:] == [("refund", "accepted"), ("refund", "rejected")]
    assert till.paid() == [{"Principal": "30.00", "Shipping": "4.90"}]
    with shop.services.database.tenant(shop.tenant_id) as session:
        feeds = session.scalars(select(Intent.feed_id).order_by(Intent.id)).all()[1:]
    assert [bool(feed) for feed in feeds] == [True, False]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_return_in_the_dashboard_pays_out_the_units_that_came_back(shop: ShopWorld) -> None:
    """It grants every line of the order, those that did not come back with no unit (3.23.27)."""
    till = Till(shop, item(2, total="9.95", breakdowns=[breakdown("ITEM", "9.95")]))
    first, second = (line["id"] for line in till.order["lines"])
    lines = [{"id": first, "quantity": 1}, {"id": second, "quantity": 0}]
    wish = {
        "transactionId": till.payment["id"],
        "lines": lines,
        "amount": 15.00,
        "grantRefundForShipping": False,
    }
    assert till.act(GRANT, id=till.order["id"], input=wish)["errors"] == []
    till.ask_for_grant()
    till.take_up()
    assert till.paid() == [{"Principal": "15.00"}]
    assert till.types() == ["REFUND_REQUEST", "REFUND_SUCCESS"]
    assert till.grants == ["SUCCESS"]
    assert shop.problems() == {}


@pytest.mark.parametrize("ask", [an_amount, a_unit_with_shipping])
def test_what_amazon_rejects_is_charged_again_and_may_be_asked_for_again(
    shop: ShopWorld, ask: Callable[[Till], None]
) -> None:
    till = Till(shop)
    shop.fault(FaultKind.MESSAGE_ERROR, count=1, description="Not today.")
    ask(till)
    till.take_up()
    assert till.amounts == (D("34.90"), D(0), D(0))
    assert till.types() == ["REFUND_REQUEST", "REFUND_FAILURE"]
    assert "Not today." in till.events()[-1]["message"]
    assert set(till.grants) <= {"FAILURE"}
    assert "rejected" in shop.problems()
    if till.grants:
        till.ask_for_grant()
    else:
        ask(till)
    till.take_up()
    assert len(till.paid()) == 1
    assert till.types()[-1] == "REFUND_SUCCESS"
    assert set(till.grants) <= {"SUCCESS"}
    assert till.amounts[2] == 0
    assert shop.problems() == {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_be_paid_out_is_refused_before_anything_is_sent(shop: ShopWorld) -> None:
    till = Till(shop, shipped=False)
    till.ask("5.00")
    till.take_up()
    assert till.types() == ["REFUND_REQUEST", "REFUND_FAILURE"]
    assert "Cancel it instead" in till.events()[-1]["message"]
    assert till.amounts == (D("34.90"), D(0), D(0))
    assert not shop.amazon.feeds


@pytest.mark.parametrize("kind", ["lose", "repeat", "delay"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whatever_becomes_of_the_other_webhooks(shop: ShopWorld, kind: str) -> None:
    """Saleor spares the request itself, whose answer it waits for."""
    shop._control("POST", "/deliveries/faults", {"kind": kind, "count": None, "seconds": 0.3})
    till = Till(shop)
    till.grant(1, shipping=True)
    for _ in range(2):
        till.take_up(2)
        watching.watch(shop.services, shop.tenant_id)
    till.take_up(3)
    assert till.paid() == [{"Principal": "15.00", "Shipping": "4.90"}]
    assert till.amounts == (D("15.00"), D("19.90"), D(0))
    assert till.grants == ["SUCCESS"]


def test_a_request_of_which_the_app_is_unsure_is_a_failure_and_never_paid(
    shop: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first was stored, but the app said 503; Saleor's second try is empty."""
    shop._control("POST", "/settings", {"clock_speed": 100})
    till, genuine, times = Till(shop), webhooks._store, []

    def stumble(tenant: Any, event: str, body: bytes) -> None:
        genuine(tenant, event, body)
        if event == REFUND_REQUESTED:
            times.append(body)
            raise OperationalError("COMMIT", {}, Exception("gone"))

    monkeypatch.setattr(webhooks, "_store", stumble)
    till.ask("10.00")
    till.take_up()
    assert len(times) == 1
    assert len(till.deliveries()[0]["attempts"]) == 2
    assert till.paid() == []
    assert till.types() == ["REFUND_REQUEST", "REFUND_FAILURE"]


def unreachable(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens at the app's address."""
    monkeypatch.setattr(webhooks, "_store", _never)
    till.shop._control("POST", "/settings", {"clock_speed": 100000})


def _never(*_args: Any) -> None:
    raise OperationalError("INSERT", {}, Exception("gone"))


def cut_off(_till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """The app stores the request, and its answer does not arrive whole."""
    monkeypatch.setattr(webhooks, "jsonify", lambda **_told: "{")


@pytest.mark.parametrize(
    ("trouble", "stored"), [(unreachable, False), (cut_off, True)], ids=["unreachable", "cut off"]
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_request_that_saleor_believes_lost_is_never_paid(
    shop: ShopWorld,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Callable[[Till, pytest.MonkeyPatch], None],
    *,
    stored: bool,
) -> None:
    """Saleor has told the merchant that it failed: they will ask again."""
    till = Till(shop)
    with monkeypatch.context() as patch:
        trouble(till, patch)
        till.ask("10.00")
    assert till.types() == ["REFUND_REQUEST", "REFUND_FAILURE"]
    assert till.amounts == (D("34.90"), D(0), D(0))
    for _ in range(14):
        till.take_up(1)
        watching.watch(shop.services, shop.tenant_id)
        shop.pass_time(minutes=40)
    assert till.day.states() == [("shipment", "accepted")]
    assert till.paid() == []
    with shop.services.database.tenant(shop.tenant_id) as session:
        query = select(Delivery.state).where(Delivery.event == REFUND_REQUESTED)
        assert list(session.scalars(query)) == (["done"] if stored else [])
    till.ask("10.00")
    till.take_up()
    assert len(till.paid()) == 1
    assert till.amounts == (D("24.90"), D("10.00"), D(0))
