"""Relay connections with Saleor's limits, and the filters and orders of lists."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from graphql import GraphQLError

from saleor_amazon_app.sandbox.saleor.ids import InvalidId, from_global
from saleor_amazon_app.sandbox.saleor.model import Channel, Order, Product, Variant

Args = dict[str, Any]
Cursor = list[str | int]
_MOST: Final = 100


@dataclass(frozen=True)
class Ordering:
    """By what a list is sorted; Saleor's cursors hold these values (core/connection.py)."""

    key: Callable[[Any], Any]
    descending: bool

    def cursor(self, item: object) -> Cursor:
        key = self.key(item)
        return [_plain(part) for part in (key if isinstance(key, tuple) else (key,))]

    def precedes(self, one: Cursor, other: Cursor) -> bool:
        pair: Any = (other, one) if self.descending else (one, other)
        return bool(pair[0] < pair[1])


def _plain(part: object) -> str | int:
    """Spell a value so that texts sort as the values do."""
    if isinstance(part, datetime):
        return part.astimezone(UTC).isoformat(timespec="microseconds")
    return part if isinstance(part, int) else str(part)


def connection(
    items: Sequence[Any], args: Args, field: str, order: Ordering | None = None
) -> dict[str, Any]:
    """Cut a page out of a list.

    Args:
        items: The list.
        args: What the field was given.
        field: The field's name.
        order: What cursors hold, so that a page goes on after the same value even where the list
            has changed meanwhile; None for the place in the list.

    Raises:
        GraphQLError: Neither ``first`` nor ``last`` is given, or more than 100 are asked for.
    """
    first, last = args.get("first"), args.get("last")
    _check(first, last, args, field)
    cursors: list[Cursor] = [
        order.cursor(item) if order else [str(n)] for n, item in enumerate(items)
    ]
    low = _place(args["after"], cursors, order, after=True) if args.get("after") else 0
    high = _place(args["before"], cursors, order) if args.get("before") else len(items)
    start, end = low, high
    if first:
        end = min(high, low + first)
    elif last:
        start = max(low, high - last)
    edges = [
        {"node": items[n], "cursor": _encoded(cursors[n])}
        for n in range(start, min(end, len(items)))
    ]
    return {
        "total_count": len(items),
        "edges": edges,
        "page_info": {
            "has_next_page": end < len(items) if first else False,
            "has_previous_page": start > 0 if last or args.get("after") else False,
            "start_cursor": edges[0]["cursor"] if edges else None,
            "end_cursor": edges[-1]["cursor"] if edges else None,
        },
    }


def _check(first: int | None, last: int | None, args: Args, field: str) -> None:
    if first and last:
        raise GraphQLError("Argument `last` cannot be combined with `first`.")
    if first and args.get("before"):
        raise GraphQLError("Argument `first` cannot be combined with `before`.")
    if last and args.get("after"):
        raise GraphQLError("Argument `last` cannot be combined with `after`.")
    if not first and not last:
        raise GraphQLError(
            "You must provide a `first` or `last` value to properly paginate "
            f"the `{field}` connection."
        )
    for name, count in (("first", first), ("last", last)):
        if count and count < 0:
            raise GraphQLError(f"Argument `{name}` must be a non-negative integer.")
        if count and count > _MOST:
            raise GraphQLError(
                f"Requesting {count} records on the `{field}` connection exceeds the "
                f"`{name}` limit of {_MOST} records."
            )


def _encoded(cursor: Cursor) -> str:
    return base64.b64encode(json.dumps(cursor).encode()).decode()


def _decoded(text: str) -> Cursor:
    try:
        cursor = json.loads(base64.b64decode(text))
    except ValueError as error:
        raise GraphQLError("Received cursor is invalid.") from error
    if not isinstance(cursor, list) or not cursor:
        raise GraphQLError("Received cursor is invalid.")
    return cursor


def _place(text: str, cursors: list[Cursor], order: Ordering | None, *, after: bool = False) -> int:
    """Count the items before a cursor, with ``after`` those up to it."""
    told = _decoded(text)
    if order is None:
        if not str(told[0]).isdigit():
            raise GraphQLError("Received cursor is invalid.")
        return int(told[0]) + after
    try:
        return sum(order.precedes(c, told) or (after and c == told) for c in cursors)
    except TypeError as error:
        raise GraphQLError("Received cursor is invalid.") from error


# --- orders -------------------------------------------------------------------------------------

_SORTED_BY: Final[dict[str, Callable[[Order], Any]]] = {
    "NUMBER": lambda o: o.number,
    "CREATION_DATE": lambda o: (o.created, o.status, o.number),
    "CREATED_AT": lambda o: (o.created, o.number),
    "LAST_MODIFIED_AT": lambda o: (o.updated_at, o.number),
    "CUSTOMER": lambda o: (o.user_email, o.number),
    "PAYMENT": lambda o: (o.charge_status, o.number),
    "FULFILLMENT_STATUS": lambda o: (o.status, o.number),
    "RANK": lambda o: o.number,
}


def orders(everything: list[Order], channels: list[Channel], args: Args) -> list[Order]:
    """Filter and sort; newest first unless asked otherwise."""
    if args.get("filter") and args.get("where"):
        raise GraphQLError("Only one filtering argument (filter or where) can be specified.")
    found = [o for o in everything if o.status != "DRAFT"]
    if told := args.get("filter"):
        found = [o for o in found if _passes_filter(o, channels, told)]
    if told := args.get("where"):
        found = [o for o in found if _passes_where(o, told)]
    if text := args.get("search"):
        found = [o for o in found if matches(o, text)]
    order = ordering(args)
    return sorted(found, key=order.key, reverse=order.descending)


def ordering(args: Args) -> Ordering:
    """Newest first unless asked otherwise."""
    wish = args.get("sort_by") or {"field": "NUMBER", "direction": "DESC"}
    return Ordering(_SORTED_BY[wish["field"]], wish["direction"] == "DESC")


def _passes_filter(order: Order, channels: list[Channel], told: Args) -> bool:
    tests: dict[str, Callable[[Any], bool]] = {
        "status": lambda v: not v or _status_in(order, v),
        "search": lambda v: not v or matches(order, v),
        "metadata": lambda v: all(_has_metadata(order, m["key"], m.get("value")) for m in v),
        "updated_at": lambda v: _between(order.updated_at, v),
        "created": lambda v: _between(order.created.astimezone(UTC).date(), v),
        "ids": lambda v: not v or order.id in _keys(v),
        "numbers": lambda v: not v or str(order.number) in v,
        "charge_status": lambda v: not v or order.charge_status in v,
        "channels": lambda v: not v or _channel_key(order, channels) in _keys(v),
    }
    return all(tests[name](value) for name, value in told.items() if value is not None)


def _status_in(order: Order, wanted: list[str]) -> bool:
    paid = order.charge_status in ("FULL", "OVERCHARGED")
    ready = order.status in ("UNFULFILLED", "PARTIALLY_FULFILLED")
    if "READY_TO_FULFILL" in wanted and paid and ready:
        return True
    return order.status in wanted


def _passes_where(order: Order, told: Args) -> bool:
    tests: dict[str, Callable[[Any], bool]] = {
        "metadata": lambda v: _metadata_where(order, v),
        "ids": lambda v: not v or order.id in _keys(v),
        "created_at": lambda v: _between(order.created, v),
        "updated_at": lambda v: _between(order.updated_at, v),
        "AND": lambda v: all(_passes_where(order, one) for one in v),
        "OR": lambda v: any(_passes_where(order, one) for one in v),
    }
    return all(tests[name](value) for name, value in told.items() if value is not None)


def _metadata_where(order: Order, told: Args) -> bool:
    key, value = told["key"], told.get("value") or {}
    if key not in order.metadata:
        return False
    if value.get("eq") is not None:
        return order.metadata[key] == str(value["eq"])
    if value.get("one_of") is not None:
        return order.metadata[key] in value["one_of"]
    return True


def _has_metadata(order: Order, key: str, value: str | None) -> bool:
    if value is None:
        return key in order.metadata
    return order.metadata.get(key) == value


def _between(moment: datetime | date | Decimal, told: dict[str, Any]) -> bool:
    low, high = told.get("gte"), told.get("lte")
    return (low is None or moment >= low) and (high is None or moment <= high)


def _keys(ids: list[str]) -> set[str]:
    keys = set()
    for text in ids:
        try:
            keys.add(from_global(text)[1])
        except InvalidId as error:
            raise GraphQLError(str(error)) from error
    return keys


def _channel_key(order: Order, channels: list[Channel]) -> str:
    return next(str(c.id) for c in channels if c.slug == order.channel_slug)


def matches(order: Order, text: str) -> bool:
    """Tell whether each word begins a word of what Saleor's search index holds of an order."""
    words = _indexed(order)
    return all(any(w.startswith(part) for w in words) for part in text.lower().split())


def _indexed(order: Order) -> list[str]:
    parts = [str(order.number), order.user_email, order.external_reference or ""]
    parts.append(order.customer_note)
    for address in (order.billing_address, order.shipping_address):
        if address:
            parts += [address.first_name, address.last_name, address.company_name, address.city]
            parts += [address.street_address_1, address.street_address_2, address.postal_code]
            parts += [address.country, address.phone]
    for line in order.lines:
        parts += [line.product_sku or "", line.product_name, line.variant_name]
    for transaction in order.transactions:
        parts += [transaction.psp_reference, *(e.psp_reference for e in transaction.events)]
    parts += [e.message or "" for e in order.events if e.type == "NOTE_ADDED"]
    return " ".join(parts).lower().split()


# --- variants -----------------------------------------------------------------------------------


def _searched(variant: Variant, products: Mapping[int, Product]) -> tuple[str, ...]:
    return variant.name, variant.sku or "", products[variant.product_id].name


def variants(
    everything: list[Variant], products: Mapping[int, Product], args: Args
) -> list[Variant]:
    """Filter variants; a search looks into their names, SKUs and products' names, each by itself.

    Source: saleor/graphql/product/filters/product_variant.py.
    """
    found = sorted(everything, key=lambda v: (v.sku or "", v.id))
    if args.get("ids") is not None:
        keys = _keys(args["ids"])
        found = [v for v in found if str(v.id) in keys]
    told = args.get("filter") or {}
    if told.get("sku"):
        found = [v for v in found if v.sku in told["sku"]]
    if told.get("updated_at"):
        found = [v for v in found if _between(v.updated_at, told["updated_at"])]
    for item in told.get("metadata") or []:
        found = [v for v in found if v.metadata.get(item["key"]) == item.get("value")]
    if text := (told.get("search") or "").lower():
        found = [v for v in found if any(text in t.lower() for t in _searched(v, products))]
    return found
