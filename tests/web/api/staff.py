"""A member of staff in a shop between both simulators, with tokens of the simulated Dashboard."""

from typing import Any

import requests

from saleor_amazon_app.web import create_app
from tests.day import Day
from tests.shop_world import ShopWorld


class Staff:
    """Calls the API, and looks at both sides."""

    def __init__(self, shop: ShopWorld) -> None:
        self.shop = shop
        self.client = create_app(shop.services).test_client()
        self.day = Day(shop)
        self.permissions: list[str] | None = None

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        wish = {} if self.permissions is None else {"permissions": self.permissions}
        url = f"{self.shop.saleor_url}/control/tokens"
        token = requests.post(url, json=wish, timeout=10).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        if body is not None:
            more["json"] = body
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **more)

    def get(self, path: str, **query: Any) -> Any:
        answer = self.call("GET", path, query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.json

    def post(self, path: str, body: Any = None) -> Any:
        return self.done("POST", path, {} if body is None else body)

    def put(self, path: str, body: Any) -> Any:
        return self.done("PUT", path, body)

    def done(self, method: str, path: str, body: Any) -> Any:
        answer = self.call(method, path, body)
        assert answer.status_code < 300, answer.text
        return answer.json

    def refused(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.call(method, path, {} if body is None else body)
        assert answer.status_code >= 400, answer.text
        return answer.json

    def order(self, number: int = 1) -> Any:
        return self.get(self.path(number))

    def path(self, number: int = 1) -> str:
        return f"/orders/{self.shop.numbered(number)}"
