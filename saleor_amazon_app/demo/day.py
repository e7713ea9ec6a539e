"""A merchant's day on both sides: what is done with the orders, and what Amazon and buyers do.

Each act takes orders that no other act has had, so that a seed always plays the same day.
"""

import math
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final

from saleor_amazon_app.demo.hands import Dashboard, SellerCentral
from saleor_amazon_app.demo.resting import Rest
from saleor_amazon_app.mirror.ids import OrderItemId
from saleor_amazon_app.mirror.intents import IntentState
from saleor_amazon_app.mirror.messages import AdjustmentReason, CancelReason, FeedType
from saleor_amazon_app.mirror.money import minor_unit
from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.sync import asking

Json = dict[str, Any]

BEHIND: Final = 1200.0
"""Seconds that Amazon's clock starts behind: it lists nothing of its last two or three minutes, and
what happens in the morning is older than that when the clock is put right."""
_WHO: Final = "the demo's merchant"
_CONFIRMED_BY_AMAZON: Final = {"FBM_SHIP_PLUS", "AMAZON_EASY_SHIP", "DELIVERY_BY_AMAZON"}


@dataclass
class Day:
    """One day. Everything is done through the simulators, or as a merchant asks it of the app."""

    seller_central: SellerCentral
    dashboard: Dashboard
    rest: Rest
    seed: int
    _open: list[Json] = field(default_factory=list)
    _sent: list[Json] = field(default_factory=list)
    """Orders that have left, with Saleor's lines, fit to be refunded."""
    _evening: list[Callable[[], object]] = field(default_factory=list)
    _share: int = 0
    _parcels: int = 0

    def play(self) -> None:
        """Play it all, and wait after each part until both sides have heard of it."""
        self.dashboard.allow_unpaid(on=False)
        self._look_at_the_orders()
        self._at_amazon()
        self.seller_central.let_pass(BEHIND)
        self.rest.wait()
        self._in_saleor()
        self.rest.wait()
        self._work_off()
        self._give_money_back()
        self.rest.wait()
        self._send_again()
        self.rest.wait()

    # --- choosing -------------------------------------------------------------------------------

    def _look_at_the_orders(self) -> None:
        mirrored = self.dashboard.orders()
        told = [each for each in self.seller_central.orders() if each["order_id"] in mirrored]
        random.Random(self.seed).shuffle(told)  # noqa: S311 - the same day for a seed
        for each in told:
            order = mirrored[each["order_id"]]
            if each["status"] == "UNSHIPPED" and self._is_ours(each):
                self._open.append(order)
            elif each["status"] == "SHIPPED" and order["transactions"]:
                self._sent.append(order)
        self._share = len(self._open)

    def _is_ours(self, told: Json) -> bool:
        """Leave out orders whose parcels Amazon does not want to hear of."""
        if told["fulfilled_by"] != "MERCHANT":
            return False
        programs = self.seller_central.order(told["order_id"]).get("programs", ())
        return _CONFIRMED_BY_AMAZON.isdisjoint(programs)

    def _take(self, percent: int, units: int = 1) -> Iterator[Json]:
        """Take a share of the open orders, those that have at least so many units."""
        fit = [o for o in self._open if sum(_units(o).values()) >= units]
        for order in fit[: math.ceil(self._share * percent / 100)]:
            self._open.remove(order)
            yield order

    def _number(self) -> str:
        self._parcels += 1
        return f"1Z999AA1{self.seed:04d}{self._parcels:06d}"

    # --- morning: Amazon's side -----------------------------------------------------------------

    def _at_amazon(self) -> None:
        act = self.seller_central.do
        for order in self._take(6):
            act(_id(order), "ship", trackingNumber=self._number())
            self._sent.append(order)
        for order in self._take(3, units=2):
            act(_id(order), "ship", items=_one_of(order), trackingNumber=self._number())
        for order in self._take(2, units=2):
            act(_id(order), "ship", items=_one_of(order), trackingNumber=self._number())
            act(_id(order), "ship", trackingNumber=self._number())
        for by, reason in (("BUYER", None), ("MERCHANT", "NoInventory"), ("AMAZON", None)):
            for order in self._take(2):
                act(_id(order), "cancel", by=by, reason=reason)
        self._buyers_ask()
        for order in self._take(2):
            act(_id(order), "ship-by", latest="2031-05-01T12:00:00Z")
        self._refund_at_amazon()

    def _buyers_ask(self) -> None:
        """Buyers ask to cancel; the merchant grants some wishes and ships the others."""
        for order in self._take(2):
            self.seller_central.do(_id(order), "request-cancel", reason="ORDERED_BY_MISTAKE")
            self._evening.append(_later(self._grant_the_wish, order))
        for order in self._take(2):
            self.seller_central.do(_id(order), "request-cancel", reason="FOUND_CHEAPER")
            self._evening.append(_later(self._ship_all_the_same, order))

    def _refund_at_amazon(self) -> None:
        """Give money back in Seller Central: all of it, some, and as Amazon does itself."""
        paid = [order for order in self._sent if Decimal(order["charged"]) > 0]
        for number, order in enumerate(paid[: len(paid) // 2]):
            by = "AMAZON" if number % 3 == 2 else "MERCHANT"  # noqa: PLR2004 - every third
            amount = None if number % 2 else str(_part(order, 10))
            self.seller_central.do(_id(order), "refund", amount=amount, by=by)
            self._sent.remove(order)

    # --- day: Saleor's side ---------------------------------------------------------------------

    def _in_saleor(self) -> None:
        self._webhooks_fail()
        for order in self._take(24):
            self._ship(order)
            self._sent.append(order)
        self._ship_in_parts()
        self._ship_with_words()
        self._cancel()
        self._amazon_refuses()
        self._both_cancel()

    def _webhooks_fail(self) -> None:
        wrong = self.dashboard.webhooks_go_wrong
        wrong("lose", "FULFILLMENT_CREATED", 2)
        wrong("repeat", "FULFILLMENT_CREATED", 5)
        wrong("delay", "FULFILLMENT_CREATED", 3, seconds=5)
        wrong("lose", "ORDER_CANCELLED", 1)
        wrong("repeat", "ORDER_CANCELLED", 2)

    def _ship(self, order: Json, units: Mapping[str, int] | None = None) -> str:
        """Fulfil an order, or units of its lines; returns the fulfilment's id."""
        return self.dashboard.fulfil(order, units or _units(order), self._number())

    def _ship_in_parts(self) -> None:
        for order in self._take(4, units=2):
            first, rest = _split(order)
            self._ship(order, first)
            self._ship(order, rest)
        for order in self._take(4, units=2):
            first, rest = _split(order)
            self._ship(order, first)
            self._evening.append(_later(self._ship, order, rest))

    def _ship_with_words(self) -> None:
        """Ship with a carrier of one's own words, after an approval, with another number later."""
        for order in self._take(2):
            self.dashboard.remember(self._ship(order), carrierCode="DHL", shippingMethod="Express")
        for order in self._take(4):
            made = self._ship(order)
            self._evening.append(_later(self.dashboard.track, made, self._number()))
        self.dashboard.approve_by_hand(on=True)
        for order in self._take(2):
            made = self._ship(order)
            self._evening.append(_later(self.dashboard.approve, made))
        self.dashboard.approve_by_hand(on=False)

    def _cancel(self) -> None:
        for order in self._take(6):
            self.dashboard.cancel(order)
        for order in self._take(2):
            self.dashboard.remember(order["id"], cancelReason=CancelReason.PRICING_ERROR)
            self.dashboard.cancel(order)
        for order in self._take(2):
            self._ask_to_cancel(order, CancelReason.NO_INVENTORY)
        for order in self._take(2, units=2):
            first, _ = _split(order)
            units = {OrderItemId(_item_of(order, line)): count for line, count in first.items()}
            reason = AdjustmentReason.NO_INVENTORY
            app = self.rest
            asking.cancel_units(app.services, app.tenant_id, _id(order), units, reason, _WHO)

    def _amazon_refuses(self) -> None:
        """Amazon refuses a cancellation and a parcel once; the answer to a feed gets lost."""
        wrong = self.seller_central.go_wrong
        for order in self._take(1):
            feed_type = FeedType.ACKNOWLEDGEMENT
            wrong("message_error", feed_type=feed_type, order_id=_id(order), count=1)
            self.dashboard.cancel(order)
        for order in self._take(1):
            wrong("transient_400", operation="confirmShipment", order_id=_id(order), count=2)
            self._ship(order)
        wrong("lost_answer", operation="createFeed", count=1)

    def _both_cancel(self) -> None:
        for order in self._take(1):
            self.dashboard.cancel(order)
            self.seller_central.do(_id(order), "cancel", by="MERCHANT", reason="NoInventory")

    # --- evening --------------------------------------------------------------------------------

    def _work_off(self) -> None:
        for act in self._evening:
            act()

    def _grant_the_wish(self, order: Json) -> None:
        self._ask_to_cancel(order, CancelReason.BUYER_CANCELED)

    def _ship_all_the_same(self, order: Json) -> None:
        kind = ProblemKind.CANCEL_REQUESTED
        asking.dismiss(self.rest.services, self.rest.tenant_id, _id(order), kind)
        self._ship(order)

    def _ask_to_cancel(self, order: Json, reason: CancelReason) -> None:
        asking.cancel(self.rest.services, self.rest.tenant_id, _id(order), reason, _WHO)

    def _give_money_back(self) -> None:
        """Refund in Saleor what has left: all, an amount, lines; and by the app's own command."""
        paid = [o for o in self._sent if o["transactions"] and Decimal(o["charged"]) > 0]
        ours = [o for o in paid if o["privateMetadata"]["amazon.fulfilledBy"] == "MERCHANT"]
        ways = (
            self.dashboard.refund,
            self._refund_part,
            self._refund_lines,
            self._refund_by_command,
            self._refund_refused,
        )
        for number, order in enumerate(ours):
            ways[number % len(ways)](order)

    def _refund_part(self, order: Json) -> None:
        self.dashboard.refund(order, _part(order, 4))

    def _refund_lines(self, order: Json) -> None:
        line = next((line for line in order["lines"] if Decimal(line["total"]) > 0), None)
        if line:
            wish = {"id": line["id"], "quantity": 1, "reason": "Broken"}
            self.dashboard.grant_and_pay(order, [wish], shipping=line is order["lines"][0])

    def _refund_by_command(self, order: Json) -> None:
        asked = asking.RefundAsked(_part(order, 5), reason=AdjustmentReason.CUSTOMER_RETURN)
        asking.refund(self.rest.services, self.rest.tenant_id, _id(order), asked, _WHO)

    def _refund_refused(self, order: Json) -> None:
        """Amazon refuses it, and the buyer gets nothing: neither there nor in Saleor."""
        feed_type = FeedType.ADJUSTMENT
        self.seller_central.go_wrong(
            "message_error", feed_type=feed_type, order_id=_id(order), count=1
        )
        self.dashboard.refund(order, _part(order, 2))

    def _send_again(self) -> None:
        """Have sent again what Amazon refused, as the problems of these orders propose."""
        services, tenant_id = self.rest.services, self.rest.tenant_id
        for intent in asking.intents(services, tenant_id, IntentState.REJECTED, 1000):
            if intent["kind"] != "refund":
                asking.send_again(services, tenant_id, int(str(intent["id"])), _WHO)


def _later(act: Callable[..., object], *about: object) -> Callable[[], object]:
    return lambda: act(*about)


def _id(order: Json) -> str:
    return str(order["externalReference"])


def _units(order: Json) -> dict[str, int]:
    """Return what is left to ship, by the Saleor line's id."""
    left = {line["id"]: line["quantity"] - line["quantityFulfilled"] for line in order["lines"]}
    return {line: count for line, count in left.items() if count > 0}


def _split(order: Json) -> tuple[dict[str, int], dict[str, int]]:
    """Return one unit of the order, and all the others."""
    units = _units(order)
    line = next(iter(units))
    rest = {**units, line: units[line] - 1}
    return {line: 1}, {line: count for line, count in rest.items() if count}


def _item_of(order: Json, line_id: str) -> str:
    return str(next(line["orderItemId"] for line in order["lines"] if line["id"] == line_id))


def _one_of(order: Json) -> list[Json]:
    """Return one unit of the order as Amazon names it."""
    line = next(iter(_units(order)))
    return [{"orderItemId": _item_of(order, line), "quantity": 1}]


def _part(order: Json, share: int) -> Decimal:
    """Return a part of the order's total, in whole minor units."""
    unit = minor_unit(order["currency"])
    return (Decimal(order["total"]) / share).quantize(unit, ROUND_DOWN) or unit
