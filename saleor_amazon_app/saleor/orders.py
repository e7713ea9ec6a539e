"""Orders in Saleor: import, look-up by Amazon's number, and the steps after creation."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from graphql import parse

from saleor_amazon_app.mirror.completion import (
    AdoptTransaction,
    FulfillmentSeen,
    OrderSeen,
    ReleaseReservation,
    Step,
    TransactionSeen,
)
from saleor_amazon_app.mirror.ids import SaleorOrderId
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.saleor import documents
from saleor_amazon_app.saleor.client import SaleorApi, safe_message
from saleor_amazon_app.saleor.errors import InvalidRequest

BATCH: Final = 50
"""``orderBulkCreate`` breaks above."""
_MUTATIONS: Final = 4
"""Saleor refuses a request with more mutations."""
_LOOK_UPS: Final = 25
_LANES: Final = 2


@dataclass(frozen=True)
class RowError:
    """Saleor's complaint about one order of a batch."""

    path: str
    code: str
    message: str


@dataclass(frozen=True)
class RowResult:
    """What became of one order of a batch."""

    order: OrderSeen | None
    errors: tuple[RowError, ...]


def import_orders(
    api: SaleorApi, orders: Sequence[Mapping[str, Any]], *, touch_stock: bool
) -> list[RowResult]:
    """Send a batch to ``orderBulkCreate`` and return a result for each order, in their order.

    With stock, one bad row rejects all: under REJECT_FAILED_ROWS Saleor takes the units of a
    rejected row off the stock of every variant that it shares with an accepted one.
    Without stock, the good rows are created.
    """
    data = api.run(
        "ImportOrders",
        orders=list(orders),
        errorPolicy="REJECT_EVERYTHING" if touch_stock else "REJECT_FAILED_ROWS",
        stockUpdatePolicy="FORCE" if touch_stock else "SKIP",
    )
    answer = data["orderBulkCreate"]
    results = answer["results"]
    if len(results) != len(orders):
        raise _whole_batch_refused(answer["errors"])
    return [_row(result) for result in results]


def _whole_batch_refused(errors: Sequence[Mapping[str, Any]]) -> InvalidRequest:
    """Say why there are no results, e.g. a date without its zone; nothing was created."""
    if not errors:
        return InvalidRequest(say("saleor.batch_differs"), code="batch")
    told = safe_message(errors[0]["message"] or "")
    return InvalidRequest(say("saleor.refuses_batch", answer=told), code="batch")


def find_orders(api: SaleorApi, references: Sequence[str]) -> dict[str, OrderSeen]:
    """Look up orders by external reference; those that do not exist are missing from the result."""
    found: dict[str, OrderSeen] = {}
    for start in range(0, len(references), _LOOK_UPS):
        part = references[start : start + _LOOK_UPS]
        data = api.run_document(
            parse(_look_up_document(len(part))),
            "FindOrders",
            {f"r{i}": reference for i, reference in enumerate(part)},
        )
        seen = (read_order_seen(data[f"o{i}"]) for i in range(len(part)) if data[f"o{i}"])
        found |= {order.external_reference: order for order in seen}
    return found


def take_steps(api: SaleorApi, steps: Sequence[Step]) -> list[str]:
    """Take steps, several to a request; return an error text for each, empty if it was taken.

    Each step is safe to be asked for twice: Saleor refuses the second time. Many steps go in two
    lanes at once; those that touch stock share one, since two requests that lock the same stocks in
    another sequence could block each other.
    """
    if len(steps) <= _MUTATIONS:
        return _take(api, steps) if steps else []
    errors = [""] * len(steps)
    with ThreadPoolExecutor(_LANES, "finish-orders") as pool:
        # Not pool.map: when one lane fails it drops the other if that has not begun.
        lanes = [pool.submit(_take_lane, api, steps, lane) for lane in _lanes(steps)]
    for lane in lanes:
        for place, error in lane.result():
            errors[place] = error
    return errors


def _lanes(steps: Sequence[Step]) -> list[list[int]]:
    """Divide steps among lanes, by their places; an order's two steps are far from each other."""
    stock = [i for i, step in enumerate(steps) if isinstance(step, ReleaseReservation)]
    others = [i for i, step in enumerate(steps) if not isinstance(step, ReleaseReservation)]
    others.reverse()
    if stock:
        return [stock, others]
    middle = len(others) // 2
    return [others[:middle], others[middle:]]


def _take_lane(api: SaleorApi, steps: Sequence[Step], lane: Sequence[int]) -> list[tuple[int, str]]:
    """Take a lane's steps one request after the other; return each one's place and error."""
    told: list[tuple[int, str]] = []
    for start in range(0, len(lane), _MUTATIONS):
        places = lane[start : start + _MUTATIONS]
        told += zip(places, _take(api, [steps[i] for i in places]), strict=True)
    return told


def _take(api: SaleorApi, steps: Sequence[Step]) -> list[str]:
    heads: list[str] = []
    fields: list[str] = []
    variables: dict[str, str] = {}
    for i, step in enumerate(steps):
        match step:
            case ReleaseReservation(fulfillment_id, warehouse_id):
                heads += [f"$i{i}: ID!", f"$w{i}: ID!"]
                variables |= {f"i{i}": fulfillment_id, f"w{i}": warehouse_id}
                fields.append(f"s{i}: {_CANCEL.format(i=i)}")
            case AdoptTransaction(transaction_id):
                heads.append(f"$i{i}: ID!")
                variables[f"i{i}"] = transaction_id
                fields.append(f"s{i}: {_ADOPT.format(i=i)}")
    text = f"mutation FinishOrders({', '.join(heads)}) {{ {' '.join(fields)} }}"
    data = api.run_document(parse(text), "FinishOrders", variables)
    return [_first_error(data[f"s{i}"]) for i in range(len(steps))]


_CANCEL: Final = (
    "orderFulfillmentCancel(id: $i{i}, input: {{warehouseId: $w{i}}})"
    " {{ errors {{ field message code }} }}"
)
_ADOPT: Final = (
    "transactionUpdate(id: $i{i}, transaction: {{availableActions: [REFUND]}})"
    " {{ errors {{ field message code }} }}"
)


def _first_error(payload: Mapping[str, Any]) -> str:
    errors = payload["errors"]
    return f"{errors[0]['code']}: {safe_message(errors[0]['message'] or '')}" if errors else ""


def _look_up_document(count: int) -> str:
    heads = ", ".join(f"$r{i}: String!" for i in range(count))
    fields = " ".join(
        f"o{i}: order(externalReference: $r{i}) {{ ...OrderSeen }}" for i in range(count)
    )
    fragment = (documents.FOLDER / "order_seen.graphql").read_text(encoding="utf-8")
    return f"query FindOrders({heads}) {{ {fields} }}\n{fragment}"


def _row(result: Mapping[str, Any]) -> RowResult:
    order = read_order_seen(result["order"]) if result["order"] else None
    errors = tuple(
        RowError(e["path"] or "", e["code"] or "", safe_message(e["message"] or ""))
        for e in result["errors"] or ()
    )
    return RowResult(order, errors)


def read_order_seen(node: Mapping[str, Any]) -> OrderSeen:
    """Read the fragment ``OrderSeen``."""
    total, reservation = node["total"]["gross"], node["reservation"]
    return OrderSeen(
        id=SaleorOrderId(node["id"]),
        number=str(node["number"]),
        status=node["status"],
        external_reference=node["externalReference"] or "",
        total=Decimal(total["amount"]),
        currency=total["currency"],
        fulfilled_by=node["fulfilledBy"] or "",
        amazon_status=node["amazonStatus"] or "",
        reservation=int(reservation) if reservation else None,
        quantities={line["orderItemId"] or "": line["quantity"] for line in node["lines"]},
        reservation_warehouse=node["reservationWarehouse"] or "",
        fulfillments=[
            FulfillmentSeen(f["id"], f["fulfillmentOrder"], f["status"])
            for f in node["fulfillments"]
        ],
        transactions=[
            TransactionSeen(t["id"], t["name"], tuple(t["actions"])) for t in node["transactions"]
        ],
    )
