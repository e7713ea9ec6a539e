"""The GraphQL endpoint: reads a request, has it carried out, tells errors as Saleor does.

Saleor 3.23: saleor/graphql/views.py. A request that is not valid gets HTTP 400; everything that
goes wrong while it is carried out, denied access included, comes with HTTP 200.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    execute,
    parse,
    validate,
)
from graphql.execution.values import get_variable_values
from graphql.language import Visitor, visit

from saleor_amazon_app.sandbox.saleor.access import NEEDED, check
from saleor_amazon_app.sandbox.saleor.context import Context, Info, Record, Value
from saleor_amazon_app.sandbox.saleor.errors import Crash, PermissionDenied
from saleor_amazon_app.sandbox.saleor.model import App, now
from saleor_amazon_app.sandbox.saleor.operations import MUTATIONS, QUERIES
from saleor_amazon_app.sandbox.saleor.resolvers import (
    EVENT_FIELDS,
    FIELDS,
    METADATA_FIELDS,
    TYPE_NAMES,
    global_id,
)
from saleor_amazon_app.sandbox.saleor.served import SCHEMA, snake
from saleor_amazon_app.sandbox.saleor.state import Happening, Principal, State

_logger = logging.getLogger(__name__)
_MOST_MUTATIONS: Final = 4
_MOST_ALIASES: Final = 100
_INTERNAL: Final = "Internal Server Error"


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any]


# --- the schema's resolvers ---------------------------------------------------------------------


def _default(source: Record, info: Info, **_args: Value) -> Record:
    name = snake(info.field_name)
    value = source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)
    return list(value) if isinstance(value, list) else value


def _guarded(resolver: Record, needed: tuple[str, ...]) -> Record:
    def resolve(source: Record, info: Info, **args: Value) -> Record:
        check(info.context.principal, needed)
        return resolver(source, info, **args)

    return resolve


def _type_of(source: Record, *_: Value) -> str:
    if isinstance(source, Happening):
        return "".join(part.title() for part in source.event.split("_"))
    return TYPE_NAMES[type(source)]


def _attach() -> None:
    """Give every field its resolver, and guard those that need a permission."""
    for named in SCHEMA.type_map.values():
        if not isinstance(named, GraphQLObjectType) or named.name.startswith("__"):
            continue
        special = _special(named)
        for name, field in named.fields.items():
            resolver = special.get(name, _default)
            needed = NEEDED.get(f"{named.name}.{name}")
            field.resolve = _guarded(resolver, needed) if needed else resolver
    for name in ("Event", "Node", "ObjectWithMetadata", "UserOrApp", "IssuingPrincipal"):
        abstract: Any = SCHEMA.type_map[name]
        abstract.resolve_type = _type_of


def _special(named: GraphQLObjectType) -> dict[str, Any]:
    roots = {
        "Query": QUERIES,
        "Mutation": MUTATIONS,
        "Subscription": {"event": lambda root, _info: root},
    }
    if named.name in roots:
        return roots[named.name]
    if any(interface.name == "Event" for interface in named.interfaces):
        return EVENT_FIELDS
    ids = {"id": global_id} if named.name in {*TYPE_NAMES.values(), "ShippingMethod"} else {}
    return METADATA_FIELDS | ids | FIELDS.get(named.name, {})


_attach()

# --- requests -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Prepared:
    """A document that was parsed and validated once, or what is wrong with it."""

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()


class _Aliases(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.count += node.alias is not None


@lru_cache(maxsize=512)
def prepare(query: str) -> Prepared:
    try:
        document = parse(query)
    except GraphQLSyntaxError as error:
        return Prepared(None, (error,))
    errors = tuple(validate(SCHEMA, document)) or _limits(document)
    return Prepared(document, errors)


def _limits(document: DocumentNode) -> tuple[GraphQLError, ...]:
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    mutations = [o for o in operations if o.operation is OperationType.MUTATION]
    if sum(len(o.selection_set.selections) for o in mutations) > _MOST_MUTATIONS:
        return (GraphQLError(f"Number of mutations exceed the limit of {_MOST_MUTATIONS}"),)
    aliases = _Aliases()
    visit(document, aliases)
    if aliases.count > _MOST_ALIASES:
        return (GraphQLError(f"Number of aliases exceed the limit of {_MOST_ALIASES}"),)
    return ()


def read(body: bytes) -> dict[str, Any] | Answer:
    """Read a request's JSON; numbers keep every digit they were written with."""
    try:
        told = json.loads(body, parse_float=Decimal)
    except ValueError:
        return _invalid(GraphQLError("Unable to parse query."))
    if isinstance(told, list):
        # GRAPHQL_BATCH_MAX_COUNT is 1, and a batch of one is no use to anybody.
        return _invalid(GraphQLError("Number of batch queries exceeded."))
    return told if isinstance(told, dict) else _invalid(GraphQLError("Unable to parse query."))


def operation_name(told: dict[str, Any]) -> str:
    """Name a request for counting and for faults."""
    if name := told.get("operationName"):
        return str(name)
    query = told.get("query")
    document = prepare(query).document if isinstance(query, str) else None
    for definition in document.definitions if document else ():
        if isinstance(definition, OperationDefinitionNode):
            return definition.name.value if definition.name else "(anonymous)"
    return "(invalid)"


def answer(state: State, principal: Principal, told: dict[str, Any]) -> Answer:
    """Carry out one request."""
    query = told.get("query")
    if not query or not isinstance(query, str):
        return _invalid(GraphQLError("Must provide a query string."))
    prepared = prepare(query)
    if prepared.document is None or prepared.errors:
        return _invalid(*prepared.errors)
    variables = told.get("variables") or {}
    wanted = told.get("operationName")
    if wrong := _wrong_variables(prepared.document, wanted, variables):
        return _invalid(wrong)
    result: Any = execute(
        SCHEMA,
        prepared.document,
        variable_values=variables,
        operation_name=wanted,
        context_value=Context(state, principal),
    )
    body: dict[str, Any] = {}
    if result.errors:
        body["errors"] = [_told(error) for error in result.errors]
    return Answer(200, body | {"data": result.data, "extensions": _COST})


_COST: Final = {"cost": {"requestedQueryCost": 1, "maximumAvailable": 50000}}


def _wrong_variables(
    document: DocumentNode, wanted: str | None, variables: dict[str, Any]
) -> GraphQLError | None:
    """Check the variables. The real message repeats the whole value, addresses and all."""
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    named = [o for o in operations if not wanted or (o.name and o.name.value == wanted)]
    if not named:
        return GraphQLError(f'Unknown operation named "{wanted}".')
    for definition in named[0].variable_definitions or ():
        name = definition.variable.name.value
        given = get_variable_values(SCHEMA, (definition,), variables, max_errors=1)
        if isinstance(given, list):
            if name not in variables:
                return GraphQLError(given[0].message)
            value = json.dumps(variables[name], default=str, sort_keys=True)
            return GraphQLError(
                f'Variable "${name}" got invalid value {value}.\n{given[0].message}'
            )
    return None


def payload(state: State, happening: Happening, query: str, app: App) -> dict[str, Any] | None:
    """Run a webhook's subscription; None where it asks for another event."""
    prepared = prepare(query)
    if prepared.document is None or _type_of(happening) not in SCHEMA.type_map:
        return None
    principal = Principal(app=app, permissions=frozenset(app.permissions))
    issued = now()
    result: Any = execute(
        SCHEMA,
        prepared.document,
        root_value=happening,
        context_value=Context(state, principal, app, issued),
    )
    event = dict((result.data or {}).get("event") or {})
    if result.errors:
        event["errors"] = [_told(error) for error in result.errors]
    return event or None


# --- errors -------------------------------------------------------------------------------------


def _invalid(*errors: GraphQLError) -> Answer:
    return Answer(400, {"errors": [_told(error) for error in errors]})


def _told(error: GraphQLError) -> dict[str, Any]:
    told: dict[str, Any] = dict(error.formatted)
    original = error.original_error
    if original is None or isinstance(original, GraphQLError | PermissionDenied):
        name = type(original or error).__name__
    else:
        if not isinstance(original, Crash):
            # No crash of the real server but a bug of this simulator: somebody should see it.
            _logger.error("The simulator failed.", exc_info=original)
        name = original.name if isinstance(original, Crash) else type(original).__name__
        told["message"] = _INTERNAL
    told["extensions"] = {"exception": {"code": name}}
    return told
