"""What orderBulkCreate does to stocks (Saleor 3.23: handle_stocks).

Only fulfilled quantities lower a stock. What is left to fulfil is checked and counted within the
call but never stored as an allocation: Saleor writes the quantity alone.
"""

from dataclasses import dataclass

from saleor_amazon_app.sandbox.saleor.bulk_rows import Row
from saleor_amazon_app.sandbox.saleor.state import State

Key = tuple[int | None, str]


@dataclass
class Level:
    """A stock within the call."""

    stock_id: int
    quantity: int
    allocated: int


def count_down(state: State, rows: list[Row], policy: str) -> dict[int, int]:
    """Check the rows against the stocks, and return the new quantities by stock id.

    Stocks are loaded for the rows that are still alive. A row rejected for a non-critical reason
    is counted all the same: where it shares a variant with a living row its fulfilled quantity is
    taken away too, and elsewhere it gets NON_EXISTING_STOCK as noise.
    """
    levels = _load(state, rows)
    for row in rows:
        draft = {key: Level(v.stock_id, v.quantity, v.allocated) for key, v in levels.items()}
        _take(row, draft, forced=policy == "FORCE")
        if not row.critical:
            levels = draft
    return {level.stock_id: level.quantity for level in levels.values()}


def _load(state: State, rows: list[Row]) -> dict[Key, Level]:
    alive = [row for row in rows if row.order]
    variants = {line.variant_id for row in alive for line, _ in row.lines}
    warehouses = {warehouse for row in alive for _, warehouse in row.lines}
    found = (state.stock(v, w) for v in variants for w in warehouses)
    return {
        (s.variant_id, s.warehouse_id): Level(s.id, s.quantity, s.quantity_allocated)
        for s in found
        if s
    }


def _take(row: Row, levels: dict[Key, Level], *, forced: bool) -> None:
    for index, (line, warehouse) in enumerate(row.lines):
        path = f"lines.{index}"
        fulfilled = sum(row.fulfilled.get(line.id, []))
        if fulfilled > line.quantity:
            text = (
                "There is more fulfillments, than ordered quantity for order line with variant: "
                f"{line.variant_id} and warehouse: {warehouse}"
            )
            row.fault(text, path, "INVALID_QUANTITY", critical=True)
            return
        level = levels.get((line.variant_id, warehouse))
        if level is None:
            text = (
                f"There is no stock for given product variant: {line.variant_id} "
                f"and warehouse: {warehouse}."
            )
            row.fault(text, path, "NON_EXISTING_STOCK", critical=True)
            return
        if line.quantity > level.quantity - level.allocated and not forced:
            text = (
                f"Insufficient stock for product variant: {line.variant_id} "
                f"and warehouse: {warehouse}."
            )
            row.fault(text, path, "INSUFFICIENT_STOCK", critical=True)
        level.allocated += line.quantity - fulfilled
        level.quantity -= fulfilled
