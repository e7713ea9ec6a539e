"""The schema that is served, read from ``schema.graphql`` once."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
)

from saleor_amazon_app.sandbox.saleor import scalars

PATH: Final = Path(__file__).with_name("schema.graphql")


@cache
def snake(name: str) -> str:
    """Spell a name as graphene does: ``streetAddress1`` is ``street_address_1``."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])|(?<=[a-z])(\d)", r"_\1\2", name).lower()


def camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


def _arguments(schema: GraphQLSchema) -> Iterator[tuple[str, Any]]:
    for named in schema.type_map.values():
        if named.name.startswith("__"):
            continue
        if isinstance(named, GraphQLInputObjectType):
            yield from named.fields.items()
        elif isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
            for field in named.fields.values():
                yield from field.args.items()


def _read() -> GraphQLSchema:
    schema = build_schema(PATH.read_text(encoding="utf-8"))
    scalars.install(schema)
    for name, argument in _arguments(schema):
        argument.out_name = name if name.isupper() else snake(name)
    return schema


SCHEMA: Final = _read()
