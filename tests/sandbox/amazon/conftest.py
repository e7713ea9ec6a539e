"""A simulated Amazon with one seller, on a clock that stands still."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from saleor_amazon_app.sandbox.amazon.app import create_app
from saleor_amazon_app.sandbox.amazon.clock import Clock
from saleor_amazon_app.sandbox.amazon.state import State
from saleor_amazon_app.sandbox.catalogue import SALES_CHANNELS
from tests.sandbox.amazon.amazon import NOW, SELLER, TOKEN, Caller, Client


@pytest.fixture
def state() -> State:
    state = State(Clock(0, NOW))
    state.add_seller(SELLER, TOKEN, [c.marketplace_id for c in SALES_CHANNELS])
    return state


@pytest.fixture
def client(state: State) -> Client:
    return Client(create_app(state))


@pytest.fixture
def call(client: Client) -> Caller:
    return Caller(client)


@pytest.fixture(scope="session")
def model(shared: Path) -> Callable[[str], dict[str, Any]]:
    """Amazon's published files, by their path in the folder of published models."""

    def published(name: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((shared / "amazon" / name).read_text("utf-8"))
        return content

    return published


@pytest.fixture
def yesterday() -> datetime:
    return datetime(2026, 11, 22, tzinfo=UTC)
