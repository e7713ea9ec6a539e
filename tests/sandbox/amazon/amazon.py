"""What the tests say to the simulated Amazon, and the orders they put there."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from saleor_amazon_app.sandbox.amazon.clock import iso
from saleor_amazon_app.sandbox.amazon.state import CLIENT_ID, CLIENT_SECRET

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SELLER = "A1SELLER"
TOKEN = "Atzr|seller"
US, UK, JP = "ATVPDKIKX0DER", "A1F83G8C2ARO7P", "A1VC38T7YXB528"
LONG_AGO = "2026-01-01T00:00:00Z"
ALL_DATA = (
    "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT,"
    "FULFILLMENT_ORDERS"
)
SEARCH = "/orders/2026-01-01/orders"


class Client:
    """Flask's test client, with answers whose JSON may be looked into."""

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client()

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return self._client.open(*args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._client.get(*args, **kwargs)

    def post(self, *args: Any, **kwargs: Any) -> Any:
        return self._client.post(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._client.delete(*args, **kwargs)


class Caller:
    """An app that calls the Selling Partner API for a seller."""

    def __init__(self, client: Client, refresh_token: str = TOKEN) -> None:
        self.client = client
        self.refresh_token = refresh_token
        self.access_token: str | None = None

    def token(self, **form: str) -> Any:
        grant = {"grant_type": "refresh_token", "refresh_token": self.refresh_token}
        app = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        return self.client.post("/auth/o2/token", data=grant | app | form)

    def new_token(self) -> str:
        return str(self.token().json["access_token"])

    def get(self, path: str, **query: Any) -> Any:
        if self.access_token is None:
            self.access_token = self.new_token()
        headers = {"x-amz-access-token": self.access_token}
        return self.client.get(path, query_string=query, headers=headers)

    def send(self, method: str, path: str, json: Any = None) -> Any:
        if self.access_token is None:
            self.access_token = self.new_token()
        headers = {"x-amz-access-token": self.access_token}
        return self.client.open(path, method=method, json=json, headers=headers)

    def search(self, **query: Any) -> Any:
        if "createdAfter" not in query:
            query.setdefault("lastUpdatedAfter", LONG_AGO)
        return self.get(SEARCH, **query)

    def order(self, order_id: str, **query: Any) -> Any:
        return self.get(f"{SEARCH}/{order_id}", **query)

    def ids(self, **query: Any) -> list[str]:
        answer = self.search(**query)
        assert answer.status_code == 200, answer.text
        return [order["orderId"] for order in answer.json["orders"]]


def ago(**time: float) -> str:
    return iso(NOW - timedelta(**time))


def order_id(number: int) -> str:
    return f"111-0000000-{number:07d}"


def an_order(number: int = 1, *, updated: str | None = None, **fields: Any) -> dict[str, Any]:
    moment = updated or ago(hours=1)
    return {
        "orderId": order_id(number),
        "createdTime": moment,
        "lastUpdatedTime": moment,
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": US},
        "fulfillment": {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT"},
        "orderItems": [{"orderItemId": "1", "quantityOrdered": 1, "product": {}}],
        **fields,
    }


def a_rich_order(number: int = 1, **fulfillment: str) -> dict[str, Any]:
    """An order that has something in every data set."""
    money = {"amount": "9.00", "currencyCode": "USD"}
    status = {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT"}
    item = {
        "orderItemId": "1",
        "quantityOrdered": 1,
        "product": {"title": "Mug", "customization": {"customizedUrl": "https://x.invalid"}},
        "proceeds": {"proceedsTotal": money},
        "expense": {"pointsCost": {}},
        "promotion": {"breakdowns": []},
        "cancellation": {"cancellationRequest": {"requester": "BUYER"}},
        "fulfillment": {"packing": {"giftOption": {"giftMessage": "Hi", "giftWrapLevel": "1"}}},
        "tax": {"taxCollections": []},
    }
    return an_order(
        number,
        programs=["AMAZON_EASY_SHIP"],
        buyer={"buyerName": "Ada", "buyerEmail": "a@b.invalid", "buyerCompanyName": "Ada Ltd"},
        recipient={
            "deliveryAddress": {
                "name": "Ada",
                "addressLine1": "1 Made-up St",
                "city": "Austin",
                "stateOrRegion": "TX",
                "postalCode": "78704",
                "countryCode": "US",
                "phone": "+1 512-555-0100",
            }
        },
        proceeds={"grandTotal": money},
        payment={"paymentExecutions": []},
        tax={"taxRegistrations": []},
        fulfillment=status | fulfillment,
        packages=[{"packageReferenceId": "1"}],
        fulfillmentOrders=[{"fulfillmentOrderId": "F1"}],
        orderItems=[item],
    )
