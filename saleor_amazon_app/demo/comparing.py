"""Compares the two simulators: what Amazon has, what Saleor got, and what the app says of it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Final

from saleor_amazon_app.mirror.intents import IntentKind, IntentState
from saleor_amazon_app.store.models import OrderState

_OUTCOMES: Final = {
    OrderState.IMPORTED: "imported",
    OrderState.WAITING: "waiting",
    OrderState.BLOCKED: "blocked",
    OrderState.LEFT_OUT: "left_out",
}


_KINDS: Final = {
    "shipments": (IntentKind.SHIPMENT,),
    "cancellations": (IntentKind.CANCEL_ORDER, IntentKind.CANCEL_UNITS),
    "refunds": (IntentKind.REFUND,),
}
_ENDS: Final = (IntentState.ACCEPTED, IntentState.REJECTED, IntentState.NEEDS_ATTENTION)


@dataclass
class DaySummary:
    """How a merchant's day ended.

    What Amazon was asked, with ``asked`` and how that ended, and where the two sides differ.
    """

    shipments: dict[str, int]
    cancellations: dict[str, int]
    refunds: dict[str, int]
    disagreements: int
    differences: list[str]
    day_seconds: float


@dataclass
class Summary:
    """The result of a demo; every figure is read from the simulators or the store."""

    orders: int
    importable: int
    """Orders of the kinds that are to be imported."""
    imported: int
    waiting: int
    blocked: int
    left_out: int
    created: int
    """Orders that came to be in Saleor in this run; running it again creates none."""
    failed: int
    """Orders that did not end as they should."""
    duplicates: int
    total_mismatches: int
    amazon_calls: dict[str, int]
    saleor_calls: int
    seconds: float
    orders_per_second: float
    unexpected: list[str] = field(default_factory=list)
    day: DaySummary | None = None

    @property
    def is_right(self) -> bool:
        wrong = self.failed or self.duplicates or self.total_mismatches
        return not wrong and not (self.day and self.day.disagreements)

    def as_json(self) -> dict[str, Any]:
        told = asdict(self)
        return told | (told.pop("day") or {})


@dataclass(frozen=True)
class Sides:
    """What each side says when everything has come to rest."""

    amazon: list[dict[str, Any]]
    """``order_id``, ``expected``, ``case``, ``grand_total``, for each order."""
    saleor: list[dict[str, Any]]
    """``externalReference``, ``total``, for each order."""
    states: Mapping[str, str]
    """The app's state of each Amazon order."""
    amazon_calls: dict[str, int]
    saleor_calls: int


def summarise(sides: Sides, *, existed: int, seconds: float) -> Summary:
    """Judge the result.

    Args:
        sides: What each side says.
        existed: Saleor's orders before this run.
        seconds: How long it took.
    """
    outcomes = {id_: _OUTCOMES.get(OrderState(s), s) for id_, s in sides.states.items()}
    counts = Counter(outcomes.values())
    unexpected = [
        f"{order['order_id']} ({order['case']}): {outcomes.get(order['order_id'], 'unknown')}, "
        f"not {order['expected']}"
        for order in sides.amazon
        if outcomes.get(order["order_id"]) != order["expected"]
    ]
    created = len(sides.saleor) - existed
    return Summary(
        orders=len(sides.amazon),
        importable=sum(order["expected"] == "imported" for order in sides.amazon),
        imported=counts["imported"],
        waiting=counts["waiting"],
        blocked=counts["blocked"],
        left_out=counts["left_out"],
        created=created,
        failed=len(unexpected),
        duplicates=_duplicates(sides.saleor),
        total_mismatches=_mismatches(sides),
        amazon_calls=sides.amazon_calls,
        saleor_calls=sides.saleor_calls,
        seconds=round(seconds, 2),
        orders_per_second=round(created / seconds, 1) if seconds else 0.0,
        unexpected=unexpected,
    )


def summarise_day(
    intents: Sequence[tuple[str, str, int]], differences: list[str], *, seconds: float
) -> DaySummary:
    """Judge a day.

    Args:
        intents: How many of each (kind, state) the ledger holds.
        differences: Where the two sides differ, in sentences.
        seconds: How long it took.
    """
    counts = {name: _ends(intents, kinds) for name, kinds in _KINDS.items()}
    return DaySummary(
        **counts,
        disagreements=len(differences),
        differences=differences,
        day_seconds=round(seconds, 2),
    )


def _ends(intents: Sequence[tuple[str, str, int]], kinds: Collection[str]) -> dict[str, int]:
    """Count what was asked, and how it ended; what was withdrawn was never asked."""
    mine = [(state, count) for kind, state, count in intents if kind in kinds]
    asked = sum(count for state, count in mine if state != IntentState.WITHDRAWN)
    ends = {end.value: sum(count for state, count in mine if state == end) for end in _ENDS}
    return {"asked": asked, **ends}


def _duplicates(orders: list[dict[str, Any]]) -> int:
    counts = Counter(order["externalReference"] for order in orders)
    return sum(count - 1 for count in counts.values())


def _mismatches(sides: Sides) -> int:
    """Count Saleor's orders whose total is not Amazon's; no total is a total of nothing."""
    totals = {order["order_id"]: _amount(order["grand_total"]) for order in sides.amazon}
    return sum(
        totals.get(order["externalReference"]) != Decimal(order["total"]) for order in sides.saleor
    )


def _amount(total: Mapping[str, str] | None) -> Decimal:
    return Decimal(total["amount"]) if total else Decimal(0)
