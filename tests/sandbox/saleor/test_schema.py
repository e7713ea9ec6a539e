"""The served schema is a part of the real ones, to the letter."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    build_schema,
    parse,
    validate,
)

from saleor_amazon_app.sandbox.saleor.served import PATH

# On one worker, which reads each of the large schemas once.
VERSIONS = ["3.21", "3.22", "3.23"]
NOT_SERVED_ALIKE = {
    # The where argument came with 3.22, and with it the search argument.
    "3.21": {
        "OrderWhereInput",
        "MetadataFilterInput",
        "MetadataValueFilterInput",
        "Query.orders(where)",
        "Query.orders(search)",
        # Required before 3.23, which finds webhooks by identifier as well.
        "Mutation.webhookUpdate(id)",
        "Mutation.webhookDelete(id)",
        # Reasons chosen from the shop's list came with 3.22, on lines with 3.23.
        "OrderGrantedRefund.reasonReference",
        "OrderGrantedRefundLine.reasonReference",
        "TransactionEvent.reasonReference",
        # Problems of apps came with 3.22.36.
        "Minute",
        "PositiveInt",
        "AppProblem",
        "AppProblemCreate",
        "AppProblemCreateError",
        "AppProblemCreateErrorCode",
        "AppProblemCreateInput",
        "AppProblemDismiss",
        "AppProblemDismissByAppInput",
        "AppProblemDismissError",
        "AppProblemDismissErrorCode",
        "AppProblemDismissInput",
        "Mutation.appProblemCreate",
        "Mutation.appProblemCreate(input)",
        "Mutation.appProblemDismiss",
        "Mutation.appProblemDismiss(input)",
    },
    "3.22": {
        "Mutation.webhookUpdate(id)",
        "Mutation.webhookDelete(id)",
        "OrderGrantedRefundLine.reasonReference",
    },
    "3.23": set(),
}


@pytest.fixture(scope="module")
def ours() -> GraphQLSchema:
    return build_schema(PATH.read_text(encoding="utf-8"))


@cache
def real_schema(shared: Path, version: str) -> GraphQLSchema:
    text = (shared / "saleor" / f"schema-{version}.graphql").read_text(encoding="utf-8")
    return build_schema(text, assume_valid_sdl=True)


def described(schema: GraphQLSchema) -> dict[str, str]:
    """Every name of a schema with what it promises."""
    told: dict[str, str] = {}
    for name, kind in schema.type_map.items():
        if name.startswith("__"):
            continue
        told[name] = type(kind).__name__
        if isinstance(kind, GraphQLEnumType):
            told |= {f"{name}.{value}": "value" for value in kind.values}
        if isinstance(kind, GraphQLInputObjectType):
            told |= {f"{name}.{f}": argument(field) for f, field in kind.fields.items()}
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in kind.fields.items():
                told[f"{name}.{field_name}"] = str(field.type)
                for arg, value in field.args.items():
                    told[f"{name}.{field_name}({arg})"] = argument(value)
    return told


def argument(value: Any) -> str:
    return f"{value.type} = {value.default_value}"


@pytest.mark.parametrize("version", VERSIONS)
def test_every_type_field_argument_and_value_is_the_real_one(
    ours: GraphQLSchema, shared: Path, version: str
) -> None:
    real = described(real_schema(shared, version))
    other = NOT_SERVED_ALIKE[version]
    served = {
        name: promise
        for name, promise in described(ours).items()
        if name not in other and name.split(".")[0] not in other
    }
    assert {k: v for k, v in served.items() if real.get(k) != v} == {}


def test_nothing_that_is_required_was_left_out(ours: GraphQLSchema, shared: Path) -> None:
    """An input without a field that the real server requires would accept too much."""
    real = real_schema(shared, "3.23")
    missing = [
        f"{name}.{field_name}"
        for name, kind in ours.type_map.items()
        if isinstance(kind, GraphQLInputObjectType)
        for field_name, field in real.type_map[name].fields.items()  # type: ignore[attr-defined]
        if str(field.type).endswith("!") and field_name not in kind.fields
    ]
    assert missing == []


def operations_of(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]


def is_served(schema: GraphQLSchema, operation: OperationDefinitionNode) -> bool:
    root = schema.get_root_type(operation.operation)
    assert root
    for field in operation.selection_set.selections:
        assert isinstance(field, FieldNode)
        if field.name.value not in root.fields:
            return False
        for part in field.selection_set.selections if field.selection_set else ():
            if isinstance(part, InlineFragmentNode):
                assert part.type_condition
                if part.type_condition.name.value not in schema.type_map:
                    return False
    return True


def test_known_operations_are_valid(ours: GraphQLSchema, shared: Path) -> None:
    served = []
    for path in sorted((shared / "reference" / "saleor-operations").glob("*.graphql")):
        for operation in operations_of(parse(path.read_text(encoding="utf-8"))):
            if is_served(ours, operation):
                assert validate(ours, DocumentNode(definitions=(operation,))) == []
                assert operation.name
                served.append(operation.name.value)
    assert len(served) >= 25
    assert {"ImportOrders", "AdoptTransaction", "FulfillmentCreatedSub"} <= set(served)
