"""Requests: who may ask what, and what is refused before anything is carried out."""

from typing import Any

import pytest
import requests

from saleor_amazon_app.sandbox.saleor.ids import to_global
from tests.sandbox.saleor.shops import IMPORT, SKU, Shop, add_app, payment

NOTE = """mutation Note($order: ID!, $message: String!) {
  orderNoteAdd(order: $order, input: {message: $message}) {
    event { type message app { id } } errors { field code message } } }"""
UPDATE = """mutation Update($id: ID!, $input: OrderUpdateInput!) {
  orderUpdate(id: $id, input: $input) { order { id } errors { field code addressType } } }"""
ORDERS = """query Orders($filter: OrderFilterInput, $where: OrderWhereInput, $after: String,
                         $search: String, $sort: OrderSortingInput) {
  orders(first: 2, filter: $filter, where: $where, after: $after, search: $search, sortBy: $sort) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { externalReference } } } }"""


@pytest.mark.parametrize(
    "query",
    [
        "{ nonsense }",
        "{ orders(first: 1) { edges { node { nonsense } } } }",
        "not graphql",
        "",
        "{" + "".join(f'a{n}: order(id: "x") {{ id }}' for n in range(101)) + "}",
    ],
)
def test_an_invalid_query_is_400(shop: Shop, query: str) -> None:
    response = shop.post(query)
    assert response.status_code == 400
    assert "data" not in response.json()


def test_a_batch_is_400(shop: Shop) -> None:
    url = f"{shop.base}/graphql/"
    batch = [{"query": "{ shop { version } }"}] * 2
    assert requests.post(url, json=batch, timeout=5).status_code == 400
    assert requests.post(url, data=b"nonsense", timeout=5).status_code == 400


def test_five_mutations_are_one_too_many(shop: Shop) -> None:
    fields = "".join(f'm{n}: orderCancel(id: "x") {{ errors {{ code }} }}' for n in range(5))
    told = shop.post(f"mutation {{ {fields} }}").json()
    assert told["errors"][0]["message"] == "Number of mutations exceed the limit of 4"


@pytest.mark.parametrize(
    "change",
    [
        {"totalPrice": {"gross": "20", "net": 16}},
        {"totalPrice": {"gross": -1, "net": -2}},
        {"quantity": "2"},
        {"warehouse": None},
        {"nonsense": 1},
        {"createdAt": "yesterday"},
    ],
)
def test_input_of_the_wrong_type_is_400_and_told_back(shop: Shop, change: Any) -> None:
    response = shop.post(IMPORT, {"orders": [shop.order(lines=[shop.line(**change)])]})
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["message"].startswith('Variable "$orders" got invalid value [{')
    assert "1 Main St" in error["message"]
    assert error["extensions"]["exception"]["code"] == "GraphQLError"


def test_decimal_takes_texts_where_positive_decimal_does_not(shop: Shop) -> None:
    query = """mutation M($a: Decimal) {
      orderGrantRefundCreate(id: "x", input: {transactionId: "x", amount: $a}) {
        errors { code } } }"""
    assert shop.post(query, {"a": "5"}).status_code == 200


def test_cents_stay_exact(shop: Shop) -> None:
    price = {"gross": 1234567890.07, "net": 1234567890.07}
    line = shop.line(quantity=1, totalPrice=price, undiscountedTotalPrice=price)
    shop.create(shop.order(lines=[line]))
    order = shop.state.order_by_reference("111-1")
    assert order
    assert str(order.lines[0].total_price.gross) == "1234567890.07"


def test_no_token_or_a_wrong_one_is_200_with_permission_denied(shop: Shop) -> None:
    for token in ("", "nonsense", "a.b.c"):
        answer = Shop(shop.state, shop.base, token).post(IMPORT, {"orders": []})
        assert answer.status_code == 200
        (error,) = answer.json()["errors"]
        assert error["extensions"]["exception"]["code"] == "PermissionDenied"
        assert error["message"] == (
            "To access this path, you need one of the following permissions: MANAGE_ORDERS_IMPORT"
        )


@pytest.mark.parametrize(
    ("query", "missing"),
    [
        ("{ orders(first: 1) { totalCount } }", "MANAGE_ORDERS"),
        ('{ order(externalReference: "x") { id } }', "MANAGE_ORDERS"),
        ('mutation { orderCancel(id: "x") { errors { code } } }', "MANAGE_ORDERS"),
        (
            'mutation { updateMetadata(id: "T3JkZXI6MQ==", input: []) { errors { code } } }',
            "MANAGE_ORDERS",
        ),
        (
            'mutation { transactionUpdate(id: "x") { errors { code } } }',
            "HANDLE_PAYMENTS",
        ),
    ],
)
def test_a_missing_permission_is_named(shop: Shop, query: str, missing: str) -> None:
    poor = Shop(shop.state, shop.base, add_app(shop.state, "MANAGE_SHIPPING", identifier="p").token)
    (error,) = poor.post(query).json()["errors"]
    assert error["message"].endswith(f"permissions: {missing}")
    assert error["extensions"]["exception"]["code"] == "PermissionDenied"


def test_anyone_reads_an_order_by_id_but_not_what_is_private(shop: Shop) -> None:
    order = shop.reserve()
    nobody = Shop(shop.state, shop.base, "")
    key = to_global("Order", order.id)
    query = f'{{ order(id: "{key}") {{ number metadata {{ key }} privateMetafield(key: "x") }} }}'
    told = nobody.post(query).json()
    assert told["data"]["order"] == {"number": "1", "metadata": [], "privateMetafield": None}
    assert told["errors"][0]["path"] == ["order", "privateMetafield"]


@pytest.mark.parametrize(
    ("arguments", "message"), [("", "You must provide"), ("first: 101", "101")]
)
def test_lists_have_limits(shop: Shop, arguments: str, message: str) -> None:
    args = f"({arguments})" if arguments else ""
    told = shop.post(f"{{ orders{args} {{ totalCount }} }}").json()
    assert message in told["errors"][0]["message"]


def test_orders_are_listed_page_by_page_newest_first(shop: Shop) -> None:
    shop.create(*(shop.order(f"r{n}") for n in range(3)))
    first = shop.ask(ORDERS)["orders"]
    assert first["totalCount"] == 3
    assert [e["node"]["externalReference"] for e in first["edges"]] == ["r2", "r1"]
    rest = shop.ask(ORDERS, after=first["pageInfo"]["endCursor"])["orders"]
    assert [e["node"]["externalReference"] for e in rest["edges"]] == ["r0"]
    assert rest["pageInfo"]["hasNextPage"] is False


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({"filter": {"metadata": [{"key": "a", "value": "1"}]}}, ["r1"]),
        ({"filter": {"metadata": [{"key": "a"}]}}, ["r1"]),
        ({"filter": {"numbers": ["1"]}}, ["r0"]),
        ({"filter": {"updatedAt": {"gte": "2999-01-01T00:00:00Z"}}}, []),
        ({"filter": {"created": {"lte": "2000-01-01"}}}, []),
        ({"filter": {"status": ["FULFILLED"]}}, []),
        ({"filter": {"search": "r1"}}, ["r1"]),
        ({"filter": {"channels": [to_global("Channel", 1)]}}, ["r1", "r0"]),
        ({"where": {"metadata": {"key": "a", "value": {"eq": "1"}}}}, ["r1"]),
        ({"where": {"OR": [{"metadata": {"key": "a"}}, {"ids": []}]}}, ["r1", "r0"]),
        ({"search": "shop-01 ada"}, ["r1", "r0"]),
        ({"sort": {"field": "NUMBER", "direction": "ASC"}}, ["r0", "r1"]),
    ],
)
def test_orders_are_found(shop: Shop, variables: Any, found: list[str]) -> None:
    shop.create(shop.order("r0"), shop.order("r1", metadata=[{"key": "a", "value": "1"}]))
    edges = shop.ask(ORDERS, **variables)["orders"]["edges"]
    assert [e["node"]["externalReference"] for e in edges] == found


def test_variants_are_found_by_sku(shop: Shop) -> None:
    told = shop.ask(
        """query V($skus: [String!]!) { productVariants(first: 100, filter: {sku: $skus}) { edges {
             node { id sku name product { name } quantityAvailable
                    stocks { quantity quantityAllocated warehouse { name } } } } } }""",
        skus=[SKU, "unknown"],
    )
    (edge,) = told["productVariants"]["edges"]
    assert edge["node"] == {
        "id": shop.variant(),
        "sku": SKU,
        "name": "natural",
        "product": {"name": "Enamel Mug"},
        "quantityAvailable": 50,
        "stocks": [
            {"quantity": 400, "quantityAllocated": 0, "warehouse": {"name": "Main warehouse"}}
        ],
    }


def test_a_channel_tells_shipping_methods_by_the_id_that_an_import_takes(shop: Shop) -> None:
    told = shop.ask(
        """{ channels { slug currencyCode taxConfiguration { pricesEnteredWithTax }
             availableShippingMethodsPerCountry { shippingMethods { id name } } } }"""
    )
    channel = told["channels"][0]
    method = channel["availableShippingMethodsPerCountry"][0]["shippingMethods"][0]
    assert method == {"id": to_global("ShippingMethod", 1), "name": "Amazon"}


def test_the_app_and_the_shop_tell_about_themselves(shop: Shop) -> None:
    told = shop.ask(
        """{ app { identifier isActive permissions { code } }
             shop { version schemaVersion fulfillmentAutoApprove fulfillmentAllowUnpaid } }"""
    )
    assert told["app"]["identifier"] == "test.app"
    assert told["shop"]["version"].startswith(told["shop"]["schemaVersion"])


def test_a_dashboard_token_opens_what_its_permissions_open(shop: Shop) -> None:
    minted = shop.control("/tokens", {"permissions": ["MANAGE_ORDERS"]}).json()
    staff = Shop(shop.state, shop.base, minted["token"])
    assert staff.ask(ORDERS)["orders"]["totalCount"] == 0
    assert "errors" in staff.post(IMPORT, {"orders": []}).json()


def test_notes_are_signed_by_the_app(shop: Shop) -> None:
    key = to_global("Order", shop.reserve().id)
    told = shop.ask(NOTE, order=key, message=" Hello ")["orderNoteAdd"]
    assert (told["event"]["type"], told["event"]["message"]) == ("NOTE_ADDED", "Hello")
    assert told["event"]["app"]
    (error,) = shop.ask(NOTE, order=key, message=" ")["orderNoteAdd"]["errors"]
    assert (error["field"], error["code"]) == ("message", "REQUIRED")


def test_an_order_is_changed(shop: Shop) -> None:
    shop.create(shop.order("A"), shop.order("B"))
    order = shop.state.order_by_reference("A")
    assert order
    key = to_global("Order", order.id)
    (taken,) = shop.ask(UPDATE, id=key, input={"externalReference": "B"})["orderUpdate"]["errors"]
    assert (taken["field"], taken["code"]) == ("externalReference", "UNIQUE")
    bad = {"shippingAddress": {"country": "US"}}
    errors = shop.ask(UPDATE, id=key, input=bad)["orderUpdate"]["errors"]
    assert {"streetAddress1", "city"} <= {e["field"] for e in errors}
    assert {e["addressType"] for e in errors} == {"SHIPPING"}
    good = {"externalReference": "C", "userEmail": "x@y.z"}
    assert shop.ask(UPDATE, id=key, input=good)["orderUpdate"]["errors"] == []
    assert shop.state.order_by_reference("C") is order
    assert shop.state.order_by_reference("A") is None


@pytest.mark.parametrize("name", ["updateMetadata", "updatePrivateMetadata"])
def test_metadata_of_orders_lines_and_fulfilments(shop: Shop, name: str) -> None:
    shop.create(shop.sent(transactions=[payment()]))
    order = shop.state.order_by_reference("111-1")
    assert order
    ids = {
        "Order": order.id,
        "OrderLine": order.lines[0].id,
        "Fulfillment": order.fulfillments[0].id,
        "TransactionItem": order.transactions[0].token,
    }
    read = "metadata" if name == "updateMetadata" else "privateMetadata"
    for type_name, key in ids.items():
        query = f"""mutation M($id: ID!) {{ {name}(id: $id, input: [{{key: "k", value: "v"}}]) {{
          item {{ {read} {{ key value }} }} errors {{ code }} }} }}"""
        told = shop.ask(query, id=to_global(type_name, key))[name]
        assert told == {"item": {read: [{"key": "k", "value": "v"}]}, "errors": []}


def test_four_mutations_fit_into_one_request(shop: Shop) -> None:
    shop.create(*(shop.sent(f"r{n}") for n in range(4)))
    orders = list(shop.state.shop.orders.values())
    fields = "".join(
        f'm{n}: orderFulfillmentCancel(id: "{to_global("Fulfillment", o.fulfillments[0].id)}", '
        f'input: {{warehouseId: "{shop.warehouse}"}}) {{ order {{ status }} }} '
        for n, o in enumerate(orders)
    )
    told = shop.ask(f"mutation Back {{ {fields} }}")
    assert [told[f"m{n}"]["order"]["status"] for n in range(4)] == ["UNFULFILLED"] * 4
    assert shop.levels() == (400, 8)
    assert shop.control("/calls").json() == {"ImportOrders": 1, "Back": 1}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("enamel", {"SHOP-01-NAT", "SHOP-01-SLA", "SHOP-01-RUS", "SHOP-01-MOS"}),
        ("shop-01-n", {"SHOP-01-NAT"}),
        ("SHOP-01-NAT Enamel", set()),
    ],
)
def test_variants_are_searched_by_sku_and_by_their_products_name(
    shop: Shop, text: str, found: set[str]
) -> None:
    query = """query Search($text: String!) {
      productVariants(filter: {search: $text}, first: 50) { edges { node { sku } } } }"""
    data = shop.ask(query, text=text)
    assert {edge["node"]["sku"] for edge in data["productVariants"]["edges"]} == found
