"""One running shop for each test."""

import functools
from collections.abc import Iterator

import pytest

from saleor_amazon_app.sandbox.saleor import keys
from saleor_amazon_app.sandbox.saleor.app import running
from saleor_amazon_app.sandbox.saleor.state import State
from tests.sandbox.saleor.paying import Paid
from tests.sandbox.saleor.paying import paid as paid_order
from tests.sandbox.saleor.shops import Shop, add_app

_key = functools.cache(keys.new_private_key)


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> State:
    monkeypatch.setattr(keys, "new_private_key", _key)
    return State()


@pytest.fixture
def shop(state: State) -> Iterator[Shop]:
    app = add_app(state)
    with running(state) as base:
        yield Shop(state, base, app.token)


@pytest.fixture
def paid(shop: Shop) -> Iterator[Paid]:
    with paid_order(shop) as order:
        yield order
