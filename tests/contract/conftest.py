"""The three kinds of shop that the contract is tested on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from saleor_amazon_app.sandbox.saleor.app import running
from saleor_amazon_app.sandbox.saleor.state import State
from tests.contract.comparing import differences
from tests.contract.shops import (
    ContractShop,
    Furniture,
    Run,
    cassette,
    is_recording,
    real_shop,
    recorded,
    save_recorded,
    taped,
)
from tests.sandbox.saleor.shops import add_app

RECORDED_AT = "http://saleor.example:28000/graphql/"
_PERMISSIONS = (
    "MANAGE_ORDERS",
    "MANAGE_ORDERS_IMPORT",
    "HANDLE_PAYMENTS",
    "MANAGE_PRODUCTS",
    "MANAGE_SETTINGS",
)
_run = Run.now()


@pytest.fixture(params=["simulated", "recorded", "real"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ContractShop]:
    """A shop furnished with the catalogue, and an app with the app's permissions in it."""
    kind: str = request.param
    name = _name(request, kind)
    if kind == "real":
        yield from _real(name, tmp_path)
    elif kind == "recorded":
        if is_recording():
            pytest.skip("is being recorded")
        with taped(name, kind, tmp_path):
            made = ContractShop(kind, RECORDED_AT, "a-token", *recorded(name), name)
            with made.api:
                yield made
    else:
        yield from _simulated(request, name, tmp_path)


def _name(request: pytest.FixtureRequest, kind: str) -> str:
    """Return the test's name with its parameters, which is its cassette's."""
    case = request.node.callspec.id.replace(kind, "", 1).strip("-").replace(" ", "-")
    return f"{request.node.originalname}-{case}".strip("-").removeprefix("test_")


def _real(name: str, tmp_path: Path) -> Iterator[ContractShop]:
    real = real_shop()
    if real is None:
        pytest.skip("no real shop is named in SALEOR_CONTRACT_URL and SALEOR_CONTRACT_TOKEN")
    furniture = Furniture.read(*real)
    if is_recording():
        save_recorded(name, _run, furniture)
    with taped(name, "real", tmp_path):
        made = ContractShop("real", *real, _run, furniture, name)
        with made.api:
            yield made


def _simulated(request: pytest.FixtureRequest, name: str, tmp_path: Path) -> Iterator[ContractShop]:
    if marker := request.node.get_closest_marker("not_simulated"):
        pytest.skip(f"the simulated shop does not have it: {marker.args[0]}")
    state, (run, _) = State(), recorded(name)
    app = add_app(state, *_PERMISSIONS)
    with running(state) as url:
        api_url, control = f"{url}/graphql/", f"{url}/control"
        furniture = Furniture.read(api_url, app.token)
        with taped(name, "simulated", tmp_path) as tape:
            made = ContractShop("simulated", api_url, app.token, run, furniture, name, control)
            with made.api:
                yield made
    assert tape is not None
    assert differences(cassette(name), tape) == []
