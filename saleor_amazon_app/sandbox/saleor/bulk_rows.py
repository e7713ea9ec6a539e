"""A row of orderBulkCreate while it is checked: its order, its errors, and what they refer to.

Saleor 3.23: saleor/graphql/order/bulk_mutations/order_bulk_create.py and utils.py. Errors gather
in the row; a *critical* one keeps the order out whatever the error policy says.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from saleor_amazon_app.sandbox.saleor.ids import InvalidId, from_global
from saleor_amazon_app.sandbox.saleor.model import Line, Order, WithMetadata, now
from saleor_amazon_app.sandbox.saleor.state import Principal, State

Input = dict[str, Any]
_TOLERANCE: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class BulkError:
    message: str
    path: str | None
    code: str


@dataclass
class Row:
    """One order of the call."""

    order: Order | None = None
    errors: list[BulkError] = field(default_factory=list)
    lines: list[tuple[Line, str]] = field(default_factory=list)
    """Lines, each with its warehouse's id, which Saleor does not keep."""
    fulfilled: dict[str, list[int]] = field(default_factory=dict)
    """The quantities of the fulfilment lines, by order line."""
    critical: bool = False

    def fault(self, message: str, path: str | None, code: str, *, critical: bool = False) -> None:
        self.errors.append(BulkError(message, path, code))
        self.critical = self.critical or critical


@dataclass(frozen=True)
class Call:
    """What the rows of one call share."""

    state: State
    principal: Principal
    taken: frozenset[str]
    """The external references that exist when the call begins."""


def _by_id(items: Any) -> Callable[[str], Any]:  # noqa: ANN401 - any record with an id
    return lambda key: next((item for item in items if str(item.id) == key), None)


def _lookup(state: State, model: str, key: str, value: str) -> Any:  # noqa: ANN401 - any record
    """Return the record, or None.

    Variants by SKU are never found: Saleor stores them under another key than it looks them up by
    (saleor/saleor#17452, in 3.21 to 3.24).
    """
    shop = state.shop
    tables: dict[tuple[str, str], Callable[[str], Any]] = {
        ("Channel", "slug"): lambda v: next((c for c in shop.channels if c.slug == v), None),
        ("Warehouse", "id"): _by_id(shop.warehouses),
        ("ShippingMethod", "id"): _by_id(shop.shipping_methods),
        ("TaxClass", "id"): _by_id(shop.tax_classes),
        ("ProductVariant", "id"): lambda v: shop.variants.get(int(v)) if v.isdigit() else None,
        ("ProductVariant", "external_reference"): lambda v: next(
            (x for x in shop.variants.values() if x.external_reference == v), None
        ),
        ("User", "id"): _by_id(shop.users.values()),
        ("User", "email"): lambda v: next((u for u in shop.users.values() if u.email == v), None),
        ("App", "id"): _by_id(list(shop.apps.values())),
    }
    find = tables.get((model, key))
    return find(value) if find else None


def find(
    call: Call, row: Row, told: Input, model: str, keys: dict[str, str], path: str = ""
) -> Any:  # noqa: ANN401
    """Return the record an input names, or None and an error in the row.

    Args:
        call: The call.
        row: Gets the error.
        told: The part of the input with the identifiers.
        model: The record's type.
        keys: The input's fields and the record's fields they are compared with.
        path: Where the error is told to be.
    """
    if not _names_one(row, told, model, keys, path):
        return None
    for name, key in keys.items():
        if value := told.get(name):
            return _found(call, row, str(value), model, key, f"{path}.{name}" if path else name)
    row.fault(f"Can't return {model} instance.", path, "NOT_FOUND")
    return None


def _names_one(row: Row, told: Input, model: str, keys: dict[str, str], path: str) -> bool:
    if len(keys) == 1:
        return True
    given = sum(told.get(name) is not None for name in keys)
    if given == 1:
        return True
    listed = ", ".join(keys)
    if given:
        text = f"Only one of [{listed}] arguments can be provided to resolve {model} instance."
        row.fault(text, path, "TOO_MANY_IDENTIFIERS")
    else:
        text = f"One of [{listed}] arguments must be provided to resolve {model} instance."
        row.fault(text, path, "REQUIRED")
    return False


def _found(call: Call, row: Row, value: str, model: str, key: str, path: str) -> Any:  # noqa: ANN401
    if key == "id":
        try:
            _, value = from_global(value, model)
        except InvalidId as error:
            row.fault(str(error), path, "INVALID")
            return None
    record = _lookup(call.state, model, key, value)
    if record is None:
        row.fault(f"{model} instance with {key}={value} doesn't exist.", path, "NOT_FOUND")
    return record


def is_too_late(moment: datetime) -> bool:
    """Tell whether a time lies more than five minutes in the future."""
    return moment >= now() + _TOLERANCE


def store_metadata(row: Row, told: Input, holder: WithMetadata, prefix: str = "") -> None:
    """Copy metadata; an empty key is an error and is left out."""
    for name, target in (
        ("metadata", holder.metadata),
        ("private_metadata", holder.private_metadata),
    ):
        items = told.get(name) or []
        if any(not item["key"].strip() for item in items):
            text = "Metadata key cannot be empty."
            row.fault(text, f"{prefix}{name}", "METADATA_KEY_REQUIRED")
        target.update({i["key"]: i["value"] for i in items if i["key"].strip()})
