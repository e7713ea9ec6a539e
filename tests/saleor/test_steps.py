"""The steps after creation: each is taken once, and those on stock follow one another."""

import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from saleor_amazon_app.mirror.completion import AdoptTransaction, ReleaseReservation, Step
from saleor_amazon_app.saleor import orders
from saleor_amazon_app.saleor.client import SaleorApi
from saleor_amazon_app.saleor.errors import ServerFault


class Shop(SaleorApi):
    """Notes what is asked, and how many requests about stock are under way at once."""

    def __init__(self, *, declines: str = "", breaks_on: str = "") -> None:
        self.declines, self.breaks_on = declines, breaks_on
        self.taken: list[str] = []
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()

    def run_document(self, node: Any, name: str, variables: dict[str, Any]) -> dict[str, Any]:
        named = {key: value for key, value in variables.items() if key.startswith("i")}
        on_stock = any(key.startswith("w") for key in variables)
        with self._lock:
            self.at_once += on_stock
            self.most_at_once = max(self.most_at_once, self.at_once)
        if self.breaks_on not in named.values():
            time.sleep(0.002)
        with self._lock:
            self.at_once -= on_stock
            if self.breaks_on in named.values():
                raise ServerFault("Saleor broke.")
            self.taken += named.values()
        return {f"s{key[1:]}": {"errors": self._errors(value)} for key, value in named.items()}

    def _errors(self, value: str) -> list[dict[str, str]]:
        return [{"code": "INVALID", "message": "no"}] if value == self.declines else []


def _steps(count: int, *, stock: bool = True) -> list[Step]:
    pairs = [(ReleaseReservation(f"f{n}", "w"), AdoptTransaction(f"t{n}")) for n in range(count)]
    return [step for pair in pairs for step in pair if stock or isinstance(step, AdoptTransaction)]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 30])
@pytest.mark.parametrize("stock", [True, False])
def test_every_step_is_taken_once(count: int, *, stock: bool) -> None:
    shop = Shop()
    steps = _steps(count, stock=stock)
    assert orders.take_steps(shop, steps) == [""] * len(steps)
    assert len(shop.taken) == len(set(shop.taken)) == len(steps)
    assert shop.most_at_once <= 1


@pytest.mark.parametrize("place", range(12))
def test_a_refusal_is_told_for_the_step_it_is_about(place: int) -> None:
    steps = _steps(6)
    name = f"{'t' if place % 2 else 'f'}{place // 2}"
    errors = orders.take_steps(Shop(declines=name), steps)
    assert [n for n, error in enumerate(errors) if error] == [place]


@pytest.fixture
def _slow_to_switch() -> Iterator[None]:
    """A thread runs on until it waits, as on a busy machine: one lane fails before the other."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(5)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("_slow_to_switch")
def test_a_request_that_fails_is_raised_after_the_other_lane_has_ended() -> None:
    shop = Shop(breaks_on="f0")
    with pytest.raises(ServerFault):
        orders.take_steps(shop, _steps(10))
    assert {f"t{n}" for n in range(10)} <= set(shop.taken)
