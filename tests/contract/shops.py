"""A shop in three kinds: simulated, recorded from a real one, and a real one.

The same tests run on each. A recorded run replays the answers of a real Saleor to the very same
requests; a request that was not made when it was recorded fails. While the simulated shop answers,
what it says is compared with what the real one said to the same requests.
"""

import json
import os
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import requests
import vcr
from vcr.request import Request

from saleor_amazon_app.mirror.amazon_order import read_order
from saleor_amazon_app.mirror.completion import OrderSeen, remaining_steps
from saleor_amazon_app.mirror.drafting import draft
from saleor_amazon_app.mirror.ids import MarketplaceId, SellerId, SellerSku
from saleor_amazon_app.mirror.mapping import Mapping as ChannelMapping
from saleor_amazon_app.mirror.saleor_order import SaleorOrder
from saleor_amazon_app.saleor.client import SaleorApi
from saleor_amazon_app.saleor.orders import RowResult, import_orders, take_steps
from saleor_amazon_app.saleor.reading import read_orders
from saleor_amazon_app.saleor.shop import read_self, read_shop, variants_by_sku
from tests.mirror.amazon_orders import DE, amazon_order, breakdown, item

CASSETTES: Final = Path(__file__).parent / "cassettes"
_RUNS: Final = CASSETTES / "runs.json"
CHANNEL: Final = "amazon-de"
SKU: Final = "SHOP-05-NAT"
URL, TOKEN, RECORD = "SALEOR_CONTRACT_URL", "SALEOR_CONTRACT_TOKEN", "SALEOR_CONTRACT_RECORD"

_STOCK = """
query Stock($skus: [String!]!) {
  productVariants(first: 1, filter: {sku: $skus}) {
    edges { node { stocks { warehouse { id } quantity quantityAllocated } } }
  }
}"""


@dataclass(frozen=True)
class Run:
    """When a run took place, and what its orders are numbered with: unique in a real shop."""

    tag: int
    at: datetime

    @classmethod
    def now(cls) -> "Run":
        return cls(int(time.time()) % 10_000_000, datetime.now(UTC).replace(microsecond=0))


@dataclass(frozen=True)
class Furniture:
    """What a shop calls the things that the tests use, and the app in it."""

    saleor: str
    """Saleor's version."""
    app_id: str
    warehouse_id: str
    shipping_method_id: str
    tax_class_id: str

    @classmethod
    def read(cls, api_url: str, token: str) -> "Furniture":
        with SaleorApi(api_url, token) as api:
            me, shop = read_self(api), read_shop(api)
        channel = shop.channel(CHANNEL)
        assert channel is not None, "furnish the shop: python -m tests.contract.furnishing"
        return cls(
            me.version,
            me.app_id,
            channel.warehouses[0].id,
            channel.shipping_methods[0].id,
            shop.tax_classes[0].id,
        )


def save_recorded(name: str, run: Run, furniture: Furniture) -> None:
    """Remember the run that a cassette is of: each may be recorded by itself."""
    told = _read_runs()
    told["furniture"] = asdict(furniture)
    told["runs"][name] = {"tag": run.tag, "at": run.at.isoformat()}
    told["runs"] = dict(sorted(told["runs"].items()))
    CASSETTES.mkdir(exist_ok=True)
    _RUNS.write_text(json.dumps(told, indent=1) + "\n")


def recorded(name: str) -> tuple[Run, Furniture]:
    """Return the run that a cassette is of."""
    told = _read_runs()
    run = told["runs"][name]
    at = datetime.fromisoformat(run["at"])
    return Run(run["tag"], at), Furniture(**told["furniture"])


def _read_runs() -> Any:
    return json.loads(_RUNS.read_text()) if _RUNS.exists() else {"runs": {}}


@dataclass
class ContractShop:
    """A shop and the app's way to talk to it. The token may also do what a merchant does."""

    kind: str
    api_url: str
    token: str
    run: Run
    furniture: Furniture
    name: str
    """The test's name; its orders are numbered by it."""
    control: str | None = None
    """Where the simulated shop is changed by other ways than the API."""
    api: SaleorApi = field(init=False)

    def __post_init__(self) -> None:
        self.api = SaleorApi(self.api_url, self.token)

    def ask(self, query: str, **variables: Any) -> Any:
        """Run a document that is not the app's: what a merchant does, or a look."""
        answer = self._post(query, variables)
        assert "errors" not in answer, answer
        return answer["data"]

    def errors_of(self, query: str, **variables: Any) -> list[str]:
        """Run a document that Saleor cannot answer as a whole; returns what it says of it."""
        return [error["message"] for error in self._post(query, variables)["errors"]]

    def _post(self, query: str, variables: dict[str, Any]) -> Any:
        return requests.post(
            self.api_url,
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=60,
        ).json()

    def reference(self, number: int = 1) -> str:
        """Return an Amazon order number that no other test and no other run has."""
        middle = (zlib.crc32(self.name.encode()) + number) % 10_000_000
        return f"302-{middle:07d}-{self.run.tag:07d}"

    @property
    def mapping(self) -> ChannelMapping:
        return ChannelMapping(
            marketplace_id=MarketplaceId(DE),
            channel=CHANNEL,
            currency="EUR",
            warehouse_id=self.furniture.warehouse_id,
            shipping_method_id=self.furniture.shipping_method_id,
            tax_class_id=self.furniture.tax_class_id,
        )

    def draft(self, *items: Any, number: int = 1, **more: Any) -> dict[str, Any]:
        """Draft an order as the app does; the import's input."""
        bought = self.run.at - timedelta(hours=3)
        told = amazon_order(
            *(items or (two_with_tax(),)),
            **{
                "orderId": self.reference(number),
                "createdTime": bought.isoformat(),
                "lastUpdatedTime": bought.isoformat(),
            }
            | more,
        )
        skus = [SellerSku(entry["product"]["sellerSku"]) for entry in told["orderItems"]]
        variants = {SellerSku(k): v for k, v in variants_by_sku(self.api, skus).items()}
        made = draft(
            read_order(told),
            self.mapping,
            variants,
            seller_id=SellerId("A1CONTRACT"),
            app_id=self.furniture.app_id,
        )
        return made.input

    def import_(self, *drafts: Mapping[str, Any]) -> list[RowResult]:
        return import_orders(self.api, drafts, touch_stock=True)

    def sell(self, *items: Any, **more: Any) -> OrderSeen:
        """Import an order and take the remaining steps, as the app does."""
        (row,) = self.import_(self.draft(*items, **more))
        assert row.order is not None, row.errors
        assert take_steps(self.api, remaining_steps(row.order)) == [
            "" for _ in remaining_steps(row.order)
        ]
        return row.order

    def order(self, number: int = 1) -> SaleorOrder:
        return read_orders(self.api, [self.reference(number)])[self.reference(number)]

    def stock(self, sku: str = SKU) -> tuple[int, int]:
        """Return quantity and allocated units of an SKU."""
        (edge,) = self.ask(_STOCK, skus=[sku])["productVariants"]["edges"]
        (stock,) = edge["node"]["stocks"]
        return stock["quantity"], stock["quantityAllocated"]

    def approve_by_hand(self, by_hand: bool) -> None:
        if self.control:
            wish = {"fulfillment_auto_approve": not by_hand}
            answer = requests.post(f"{self.control}/settings", json=wish, timeout=30)
            assert answer.ok, answer.text
            return
        query = "mutation S($v: Boolean!) { shopSettingsUpdate(input: "
        query += "{fulfillmentAutoApprove: $v}) { errors { field } } }"
        assert not self.ask(query, v=not by_hand)["shopSettingsUpdate"]["errors"]


def two_with_tax() -> dict[str, Any]:
    """Two units of a pan, with tax told apart and shipping: Amazon's usual German order."""
    return item(
        1,
        sku=SKU,
        quantity=2,
        total="134.97",
        breakdowns=[
            breakdown("ITEM", "109.22"),
            breakdown("SHIPPING", "4.20"),
            breakdown("TAX", "21.55", ITEM="20.75", SHIPPING="0.80"),
        ],
    )


GROSS: Final = Decimal("134.97")


# --- cassettes ----------------------------------------------------------------------------------


def recorder(*, record: bool) -> vcr.VCR:
    """Return the recorder: no tokens, and each question answered once, if it is the same."""
    made = vcr.VCR(
        record_mode="all" if record else "none",
        match_on=["method", "path", "question"],
        filter_headers=["Authorization", "User-Agent", "Cookie"],
        before_record_request=_scrub_request,
        before_record_response=_scrub_response,
    )
    made.register_matcher("question", _same_question)
    return made


def _same_question(one: Request, other: Request) -> None:
    """Compare operation and variables. What a document asks for may grow or shrink."""
    if not one.body or not other.body:
        assert one.body == other.body
        return
    mine, recorded = (json.loads(request.body) for request in (one, other))
    assert _operation(mine) == _operation(recorded)
    assert (mine.get("variables") or {}) == (recorded.get("variables") or {})


def _operation(question: dict[str, Any]) -> str:
    return question.get("operationName") or str(question["query"])


def _scrub_request(request: Request) -> Request | None:
    return None if "/control/" in request.path else request


def _scrub_response(response: dict[str, Any]) -> dict[str, Any]:
    """Keep what the app reads: body, status, type."""
    kept = {k: v for k, v in response["headers"].items() if k.lower() == "content-type"}
    return response | {"headers": kept}


def cassette(name: str) -> Path:
    return CASSETTES / f"{name}.yaml"


def real_shop() -> tuple[str, str] | None:
    """Return the address and the token of a real shop, if one is named."""
    url, token = os.environ.get(URL), os.environ.get(TOKEN)
    return (url, token) if url and token else None


def is_recording() -> bool:
    return bool(os.environ.get(RECORD)) and real_shop() is not None


@contextmanager
def taped(name: str, kind: str, tmp: Path) -> Iterator[Path | None]:
    """Replay, record, or tape for the comparison, as the kind of shop wants it."""
    if kind == "real" and not is_recording():
        yield None
        return
    path = tmp / "tape.yaml" if kind == "simulated" else cassette(name)
    if kind == "real":
        path.unlink(missing_ok=True)
    with recorder(record=kind != "recorded").use_cassette(str(path)) as tape:
        yield path
        if kind == "recorded":
            assert tape.all_played, "requests of the recording were not made"
