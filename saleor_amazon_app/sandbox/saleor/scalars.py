"""Saleor's own scalars (Saleor 3.23: saleor/graphql/core/scalars.py)."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, DecimalException
from typing import Any, Final

from graphql import GraphQLError, GraphQLSchema, ValueNode
from graphql.language import FloatValueNode, IntValueNode, StringValueNode

Scalar = tuple[Callable[[Any], Any], Callable[[Any], Any]]


def _expected(name: str, value: object) -> GraphQLError:
    return GraphQLError(f'Expected type "{name}", found {value!r}.')


def _decimal(value: object) -> Decimal:
    """Take numbers, and texts that are numbers."""
    try:
        parsed = Decimal(str(value))
    except DecimalException as error:
        raise _expected("Decimal", value) from error
    if isinstance(value, bool) or not parsed.is_finite() or parsed.is_subnormal():
        raise _expected("Decimal", value)
    return parsed


def _positive_decimal(value: object) -> Decimal:
    """Take numbers from zero on; a text is refused, unlike by Decimal."""
    if isinstance(value, str):
        raise _expected("PositiveDecimal", value)
    parsed = _decimal(value)
    if parsed < 0:
        raise _expected("PositiveDecimal", value)
    return parsed


def _weight(value: object) -> Decimal:
    """Take kilograms, or an object with ``value``; other units are not converted."""
    return _decimal(value["value"] if isinstance(value, dict) else value)


def _datetime(value: object) -> datetime:
    """Take ISO 8601. A time without an offset is refused later by what uses it."""
    try:
        parsed = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise _expected("DateTime", value) from error
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _date(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise _expected("Date", value) from error


def _uuid(value: object) -> str:
    try:
        return str(uuid.UUID(str(value)))
    except ValueError as error:
        raise _expected("UUID", value) from error


def _iso(value: datetime) -> str:
    return value.isoformat()


def _same(value: object) -> object:
    return value


_SCALARS: Final[dict[str, Scalar]] = {
    "Decimal": (_decimal, float),
    "PositiveDecimal": (_positive_decimal, float),
    "WeightScalar": (_weight, str),
    "DateTime": (_datetime, _iso),
    "Date": (_date, str),
    "UUID": (_uuid, str),
    "Metadata": (_same, _same),
}


def install(schema: GraphQLSchema) -> None:
    """Teach the schema's scalars to read and write."""
    for name, (parse, serialize) in _SCALARS.items():
        scalar: Any = schema.type_map[name]
        scalar.parse_value = scalar.coerce_input_value = parse
        scalar.parse_literal = _literal(name, parse)
        scalar.serialize = scalar.coerce_output_value = serialize


def _literal(name: str, parse: Callable[[Any], Any]) -> Callable[..., Any]:
    def read(node: ValueNode, _variables: object = None) -> object:
        if isinstance(node, IntValueNode | FloatValueNode):
            return parse(Decimal(node.value))
        if isinstance(node, StringValueNode) and name not in ("Decimal", "PositiveDecimal"):
            return parse(node.value)
        raise _expected(name, getattr(node, "value", node.kind))

    return read
