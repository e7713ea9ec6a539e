"""A client on a scripted Amazon, one on the simulated Amazon, and a store of documents."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
import requests
from redis import Redis
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse

from saleor_amazon_app.amazon.client import SellingPartnerApi
from saleor_amazon_app.amazon.lwa import LwaApp, LwaTokens
from saleor_amazon_app.amazon.quota import Quota
from saleor_amazon_app.sandbox.amazon.state import CLIENT_ID, CLIENT_SECRET
from saleor_amazon_app.store.vault import Vault
from tests.web_stub import Answer, WebStub, stub_running

STORE = "https://store.example/document?signature=secret"


@dataclass
class Stored:
    """An answer of the store; ``error`` is what happens instead of one."""

    status: int = 200
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    error: Exception | None = None


@dataclass
class Store(BaseAdapter):
    """Answers in the order scripted; the last answer is repeated."""

    answers: list[Stored] = field(default_factory=lambda: [Stored()])
    sent: list[Any] = field(default_factory=list)

    def send(self, request: Any, *_: Any, **__: Any) -> requests.Response:
        self.sent.append(request)
        told = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if told.error:
            raise told.error
        raw = HTTPResponse(BytesIO(told.content), told.headers, told.status, preload_content=False)
        return HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        pass


@dataclass
class Scripted:
    """A client whose Amazon and whose store answer what the test scripts."""

    stub: WebStub
    store: Store
    api: SellingPartnerApi


def client_on(
    url: str, redis: Redis, redis_url: str, vault: Vault, app: tuple[str, str] = ("client", "s")
) -> SellingPartnerApi:
    session = requests.Session()
    tokens = LwaTokens(LwaApp(*app, f"{url}/auth/o2/token"), session, redis, vault)
    quota = Quota.on(redis_url, redis, app[0])
    return SellingPartnerApi(session, tokens, quota, url, sleep=lambda _seconds: None)


@pytest.fixture
def scripted(redis: Redis, redis_url: str, vault: Vault) -> Iterator[Scripted]:
    with stub_running() as stub:
        stub.script("/auth/o2/token", Answer(json={"access_token": "Atza|1"}))
        api = client_on(stub.url, redis, redis_url, vault)
        store = Store()
        api.session.mount("https://store.example/", store)
        yield Scripted(stub, store, api)


@pytest.fixture
def simulated(amazon_url: str, redis: Redis, redis_url: str, vault: Vault) -> SellingPartnerApi:
    return client_on(amazon_url, redis, redis_url, vault, (CLIENT_ID, CLIENT_SECRET))
