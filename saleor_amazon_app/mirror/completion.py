"""What is still to be done to an order that exists in Saleor, read from the order itself.

Creating an order takes more than one mutation, and the app can stop between any two. The remaining
steps follow from Saleor's state alone, so that a first run and a resumed one are the same code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from saleor_amazon_app.mirror.drafting import TRANSACTION_NAME, Draft
from saleor_amazon_app.mirror.ids import SaleorOrderId
from saleor_amazon_app.mirror.problems import Problem, ProblemKind
from saleor_amazon_app.mirror.sentences import Sum, say


@dataclass(frozen=True)
class FulfillmentSeen:
    id: str
    number: int
    status: str


@dataclass(frozen=True)
class TransactionSeen:
    id: str
    name: str
    actions: tuple[str, ...]


@dataclass(frozen=True)
class OrderSeen:
    """A mirrored order as Saleor shows it. ``total`` is the gross total in major units."""

    id: SaleorOrderId
    number: str
    status: str
    external_reference: str
    total: Decimal
    currency: str
    fulfilled_by: str
    amazon_status: str
    """Amazon's status when the order was drafted, as noted at creation."""
    reservation: int | None
    """The number of the fulfilment that only holds stock, as noted at creation."""
    reservation_warehouse: str
    quantities: Mapping[str, int]
    """Units by Amazon's order item id."""
    fulfillments: Sequence[FulfillmentSeen]
    transactions: Sequence[TransactionSeen]


@dataclass(frozen=True)
class ReleaseReservation:
    """Cancel the fulfilment that was created to hold stock: its units become allocations."""

    fulfillment_id: str
    warehouse_id: str


@dataclass(frozen=True)
class AdoptTransaction:
    """Make the app the transaction's owner and offer refunds on it.

    A transaction made by ``orderBulkCreate`` belongs to no app, and nobody could be asked for a
    refund of it.
    """

    transaction_id: str


Step = ReleaseReservation | AdoptTransaction


def remaining_steps(seen: OrderSeen) -> list[Step]:
    """Return what is left to do, in order; nothing for an order that is complete."""
    steps: list[Step] = [
        ReleaseReservation(fulfillment.id, seen.reservation_warehouse)
        for fulfillment in seen.fulfillments
        if fulfillment.number == seen.reservation and fulfillment.status == "FULFILLED"
    ]
    if seen.fulfilled_by == "MERCHANT":
        steps += [
            AdoptTransaction(transaction.id)
            for transaction in seen.transactions
            if transaction.name == TRANSACTION_NAME and "REFUND" not in transaction.actions
        ]
    return steps


def differences(draft: Draft, seen: OrderSeen) -> list[Problem]:
    """Compare what Saleor made with what it was told: the total, the items, their units."""
    problems = []
    if seen.total != draft.total:
        saleor, amazon = Sum(seen.total, seen.currency), Sum(draft.total, seen.currency)
        text = say("problem.total_differs", saleor=saleor, amazon=amazon)
        problems.append(Problem(ProblemKind.DIFFERS_IN_SALEOR, text, "total"))
    if dict(seen.quantities) != dict(draft.quantities):
        text = say(
            "problem.items_differ",
            saleor_units=sum(seen.quantities.values()),
            saleor_lines=len(seen.quantities),
            amazon_units=sum(draft.quantities.values()),
            amazon_lines=len(draft.quantities),
        )
        problems.append(Problem(ProblemKind.DIFFERS_IN_SALEOR, text, "items"))
    return problems
