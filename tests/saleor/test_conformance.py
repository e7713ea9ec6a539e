"""Every GraphQL document of the project is valid on every supported version of Saleor."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate
from graphql.execution.values import get_variable_values

from saleor_amazon_app.mirror.completion import AdoptTransaction, ReleaseReservation, Step
from saleor_amazon_app.saleor import documents, orders, reading, reasons, webhooks
from saleor_amazon_app.saleor.client import SaleorApi
from tests.mirror.amazon_orders import amazon_order, item
from tests.mirror.test_drafting import drafted

VERSIONS = ["3.21", "3.22", "3.23"]


@cache
def _schema(path: Path) -> GraphQLSchema:
    return build_schema(path.read_text(), assume_valid_sdl=True)


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def schema(version: str, shared: Path) -> GraphQLSchema:
    return _schema(shared / "saleor" / f"schema-{version}.graphql")


@pytest.mark.parametrize("name", documents.names())
def test_a_document_is_valid_since_its_version(
    schema: GraphQLSchema, version: str, name: str
) -> None:
    is_understood = not validate(schema, documents.document(name))
    assert is_understood == (version >= documents.SINCE.get(name, "3.21"))


def test_the_look_up_of_many_orders_is_valid(schema: GraphQLSchema) -> None:
    assert validate(schema, parse(orders._look_up_document(25))) == []
    assert validate(schema, parse(reading._document(10))) == []


@pytest.mark.parametrize(("version", "valid"), [("3.21", []), ("3.22", [1]), ("3.23", [0, 1])])
def test_chosen_reasons_are_asked_for_as_each_version_knows_them(
    shared: Path, version: str, valid: list[int]
) -> None:
    schema = _schema(shared / "saleor" / f"schema-{version}.graphql")
    asked = [parse(text) for text in reasons._DOCUMENTS]
    assert [i for i, document in enumerate(asked) if not validate(schema, document)] == valid


@pytest.mark.parametrize("webhook", webhooks.definitions("3.23"), ids=lambda webhook: webhook.slug)
def test_a_subscription_is_valid(schema: GraphQLSchema, webhook: webhooks.Webhook) -> None:
    assert validate(schema, parse(webhook.query)) == []


class Recorder(SaleorApi):
    """Keeps the documents it is asked to run, and answers that every step was taken."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def run_document(self, node: Any, name: str, variables: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(node)
        return {f"s{i}": {"errors": []} for i in range(4)}


def test_the_steps_after_creation_are_valid_and_few_to_a_request(schema: GraphQLSchema) -> None:
    api = Recorder()
    steps: list[Step] = [ReleaseReservation("f", "w"), AdoptTransaction("t")] * 3
    assert orders.take_steps(api, steps) == [""] * 6
    assert len(api.asked) == 2, "Saleor refuses more than four mutations in a request"
    for document in api.asked:
        assert validate(schema, document) == []


@pytest.mark.parametrize("status", ["UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED"])
def test_a_drafted_order_is_a_valid_input(schema: GraphQLSchema, status: str) -> None:
    made = drafted(amazon_order(item(quantity=2, shipped=1), status=status))
    operation = documents.document("ImportOrders").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    variables = {
        "orders": [made.input],
        "errorPolicy": "IGNORE_FAILED",
        "stockUpdatePolicy": "SKIP",
    }
    found = get_variable_values(schema, operation.variable_definitions or (), variables)
    assert not isinstance(found, list), [error.message for error in found]
