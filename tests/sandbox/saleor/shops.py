"""A shop that runs, an app that calls it, and orders to import."""

import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from saleor_amazon_app.sandbox.saleor.ids import to_global
from saleor_amazon_app.sandbox.saleor.model import App
from saleor_amazon_app.sandbox.saleor.state import State

PERMISSIONS = ["MANAGE_ORDERS", "MANAGE_ORDERS_IMPORT", "HANDLE_PAYMENTS"]
SKU, OTHER = "SHOP-01-NAT", "SHOP-02-NAT"

IMPORT = """
mutation ImportOrders($orders: [OrderBulkCreateInput!]!, $errors: ErrorPolicyEnum,
                      $stock: StockUpdatePolicyEnum) {
  orderBulkCreate(orders: $orders, errorPolicy: $errors, stockUpdatePolicy: $stock) {
    count
    results { order { id number status fulfillments { id } } errors { path message code } }
    errors { message }
  }
}"""
CANCEL_FULFILLMENT = """
mutation Back($id: ID!, $warehouse: ID) {
  orderFulfillmentCancel(id: $id, input: {warehouseId: $warehouse}) {
    order { status total { gross { amount } } lines { quantityFulfilled allocations { quantity } } }
    fulfillment { status }
    errors { field code message }
  }
}"""


def add_app(state: State, *permissions: str, identifier: str = "test.app") -> App:
    """Put an app into the shop without the handshake."""
    key = state.next_id()
    state.shop.apps[key] = App(
        id=key,
        identifier=identifier,
        name=identifier,
        version="1",
        token=f"token-of-{key}",
        permissions=list(permissions or PERMISSIONS),
        manifest_url="http://app.example/manifest",
    )
    return state.shop.apps[key]


@dataclass
class Shop:
    """A running shop and one app's way to talk to it."""

    state: State
    base: str
    token: str

    def post(self, query: Any, variables: Any = None, **more: Any) -> requests.Response:
        return requests.post(
            f"{self.base}/graphql/",
            json={"query": query, "variables": variables} | more,
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=10,
        )

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        response = self.post(query, variables)
        assert response.status_code == 200, response.text
        told: dict[str, Any] = response.json()
        assert "errors" not in told, told
        data: dict[str, Any] = told["data"]
        return data

    def create(
        self, *orders: Any, errors: str = "REJECT_FAILED_ROWS", stock: str = "UPDATE"
    ) -> Any:
        return self.ask(IMPORT, orders=orders, errors=errors, stock=stock)["orderBulkCreate"]

    def crash(self, *orders: Any, stock: str = "SKIP") -> Any:
        """Import orders whose call falls over as a whole; returns the exception's name."""
        response = self.post(IMPORT, {"orders": orders, "stock": stock})
        assert response.status_code == 200
        told = response.json()
        assert told["data"] == {"orderBulkCreate": None}
        assert told["errors"][0]["message"] == "Internal Server Error"
        return told["errors"][0]["extensions"]["exception"]["code"]

    def control(self, path: str, body: Any = None, method: str | None = None) -> requests.Response:
        verb = method or ("GET" if body is None else "POST")
        return requests.request(verb, f"{self.base}/control{path}", json=body, timeout=10)

    @property
    def warehouse(self) -> str:
        return to_global("Warehouse", self.state.shop.warehouses[0].id)

    def variant(self, sku: str = SKU) -> str:
        variant = self.state.variant(sku)
        assert variant
        return to_global("ProductVariant", variant.id)

    def levels(self, sku: str = SKU) -> tuple[int, int]:
        """Return quantity and allocated quantity."""
        variant = self.state.variant(sku)
        assert variant
        stock = self.state.stocks_of(variant.id)[0]
        return stock.quantity, stock.quantity_allocated

    # --- input ----------------------------------------------------------------------------------

    def line(self, sku: str = SKU, quantity: int = 2, **more: Any) -> dict[str, Any]:
        price = {"gross": 20, "net": 16}
        return {
            "variantId": self.variant(sku),
            "productName": "Mug",
            "productSku": sku,
            "createdAt": ago(),
            "isShippingRequired": True,
            "isGiftCard": False,
            "quantity": quantity,
            "totalPrice": price,
            "undiscountedTotalPrice": price,
            "warehouse": self.warehouse,
            "taxClassId": to_global("TaxClass", 1),
        } | more

    def delivery(self, **more: Any) -> dict[str, Any]:
        return {
            "shippingMethodId": to_global("ShippingMethod", 1),
            "shippingMethodName": "Amazon Std",
            "shippingPrice": {"gross": 5, "net": 4},
            "shippingTaxClassId": to_global("TaxClass", 1),
        } | more

    def order(self, reference: str | None = "111-1", **more: Any) -> dict[str, Any]:
        return {
            "externalReference": reference,
            "channel": "amazon-us",
            "createdAt": ago(),
            "status": "UNFULFILLED",
            "user": {"email": "buyer@amazon.invalid"},
            "billingAddress": copy.deepcopy(US),
            "shippingAddress": copy.deepcopy(US),
            "currency": "USD",
            "languageCode": "EN",
            "lines": [self.line()],
            "deliveryMethod": self.delivery(),
        } | more

    def sent(
        self, reference: str | None = "111-1", quantity: int = 2, **more: Any
    ) -> dict[str, Any]:
        """An order that is imported as fulfilled."""
        line = {
            "variantId": self.variant(),
            "quantity": quantity,
            "warehouse": self.warehouse,
            "orderLineIndex": 0,
        }
        status = "FULFILLED" if quantity == 2 else "PARTIALLY_FULFILLED"
        return self.order(reference, status=status, fulfillments=[{"lines": [line]}]) | more

    def reserve(self, reference: str = "111-1", **more: Any) -> Any:
        """Import an order and take its fulfilment back, which reserves its stock."""
        order = self.create(self.sent(reference, **more))["results"][0]["order"]
        fulfillment = order["fulfillments"][0]["id"]
        told = self.ask(CANCEL_FULFILLMENT, id=fulfillment, warehouse=self.warehouse)
        assert not told["orderFulfillmentCancel"]["errors"]
        return self.state.order_by_reference(reference)


US = {
    "firstName": "Ada",
    "streetAddress1": "1 Main St",
    "city": "New York",
    "postalCode": "10001",
    "country": "US",
    "countryArea": "NY",
}


def ago(minutes: float = 60) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


def payment(amount: object = 25, **more: Any) -> dict[str, Any]:
    return {
        "name": "Amazon",
        "pspReference": "111-1",
        "amountCharged": {"amount": amount, "currency": "USD"},
    } | more
