"""The world of the jobs with a shop in it: the app installed through the real handshake."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import requests
from graphql import parse
from sqlalchemy import select
from werkzeug.serving import make_server

from saleor_amazon_app.mirror.drafting import draft
from saleor_amazon_app.mirror.marketplaces import Region
from saleor_amazon_app.sandbox.catalogue import SALES_CHANNELS
from saleor_amazon_app.sandbox.saleor.app import running as saleor_running
from saleor_amazon_app.sandbox.saleor.state import State as SaleorState
from saleor_amazon_app.store.models import Account, Marketplace, Order, OrderState
from saleor_amazon_app.sync import accounts, importing, passes
from saleor_amazon_app.sync.importing import ImportReport
from saleor_amazon_app.sync.services import Services
from saleor_amazon_app.web import create_app
from tests.mirror.amazon_orders import DE, JP, UK, US
from tests.world import LONG_AGO, SELLER, World, settings_for

CHANNELS = {channel.marketplace_id: channel.slug for channel in SALES_CHANNELS}

_ORDER = parse(
    """
    query Look($reference: String!) {
      order(externalReference: $reference) {
        id number status chargeStatus userEmail
        total { gross { amount } net { amount } tax { amount } }
        shippingPrice { gross { amount } }
        shippingAddress { streetAddress1 postalCode city }
        lines { quantity variant { id } totalPrice { net { amount } gross { amount } } }
        transactions { name pspReference actions externalUrl createdBy { __typename } }
      }
    }
    """
)


@dataclass
class ShopWorld(World):
    """The app between a simulated Amazon and a simulated Saleor."""

    saleor_url: str = ""
    marketplaces = (DE, JP, UK, US)

    def import_(self) -> ImportReport:
        return passes.import_ready(self.services, self.tenant_id, self.account_id)

    def run(self) -> None:
        """Sweep all that is new, and import it."""
        self.sweep_all()
        self.import_()

    def map(self, marketplace: str, **choice: Any) -> None:
        choice.setdefault("channel", CHANNELS[marketplace])
        accounts.map_marketplace(
            self.services,
            self.tenant_id,
            self.account_id,
            marketplace,
            accounts.MappingChoice(**choice),
        )

    def warehouse(self, marketplace: str = DE) -> str:
        """Return the warehouse of a marketplace's orders."""
        with self.services.database.tenant(self.tenant_id) as session:
            query = select(Marketplace).where(Marketplace.marketplace_id == marketplace)
            return session.scalars(query).one().warehouse_id or ""

    def unmap(self, marketplace: str) -> None:
        with self.services.database.tenant(self.tenant_id) as session:
            query = select(Marketplace).where(Marketplace.marketplace_id == marketplace)
            session.scalars(query).one().channel = None

    # --- looking into Saleor --------------------------------------------------------------------

    def saleor_orders(self) -> list[Any]:
        return list(self._control("GET", "/orders"))

    def saleor_order(self, number: int = 1) -> Any:
        with self.services.saleor(self.tenant_id) as api:
            data = api.run_document(_ORDER, "Look", {"reference": self.numbered(number)})
        return data["order"]

    def stock(self, sku: str) -> tuple[int, int]:
        """Return the quantity and the allocated units of an SKU."""
        (row,) = [row for row in self._control("GET", "/stocks") if row["sku"] == sku]
        return row["quantity"], row["allocated"]

    def calls(self) -> Any:
        return self._control("GET", "/calls")

    def mails(self) -> Any:
        return self._control("GET", "/mails")

    def variant_id(self, sku: str) -> str:
        query = parse(
            "query V($s: [String!]) { productVariants(first: 1, filter: {sku: $s})"
            " { edges { node { id } } } }"
        )
        with self.services.saleor(self.tenant_id) as api:
            data = api.run_document(query, "V", {"s": [sku]})
        return str(data["productVariants"]["edges"][0]["node"]["id"])

    # --- acting on Saleor -----------------------------------------------------------------------

    def remove_stock(self, sku: str) -> None:
        self._control("POST", "/stocks", {"sku": sku, "quantity": None})

    def add_variant(self, sku: str) -> None:
        self._control("POST", "/variants", {"sku": sku})

    def allow_unpaid(self, *, on: bool) -> None:
        """Let the shop fulfil what is not fully paid, as a new one does, or not."""
        self._control("POST", "/settings", {"fulfillment_allow_unpaid": on})

    def saleor_fault(self, kind: str, operation: str, **details: Any) -> None:
        self._control("POST", "/faults", {"kind": kind, "operation": operation} | details)

    def _control(self, method: str, path: str, body: Any = None) -> Any:
        url = f"{self.saleor_url}/control{path}"
        answer = requests.request(method, url, json=body, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    # --- acting on the app ----------------------------------------------------------------------

    def connected_a_day_ago(self) -> None:
        with self.services.database.tenant(self.tenant_id) as session:
            session.scalars(select(Account)).one().connected_at -= timedelta(days=1)

    def forget_imports(self) -> None:
        """Set the orders back to ready, as an older copy of the database would have them."""
        with self.services.database.tenant(self.tenant_id) as session:
            for row in session.scalars(select(Order)):
                row.state, row.attempts = OrderState.READY, 0
                row.saleor_order_id = row.saleor_number = None

    def break_drafts_of(self, number: int, changes: dict[str, Any]) -> None:
        """Make the drafts of one order such that Saleor stumbles over it."""
        genuine = draft

        def breaking(order: Any, *args: Any, **kwargs: Any) -> Any:
            made = genuine(order, *args, **kwargs)
            if order.order_id == self.numbered(number):
                made.input.update(changes)
            return made

        self._patch.setattr(importing, "draft", breaking)

    def rows_of(self, session: Any) -> list[Order]:
        return list(session.scalars(select(Order)))

    _patch: pytest.MonkeyPatch = None  # type: ignore[assignment]


@pytest.fixture
def saleor_url() -> Iterator[str]:
    with saleor_running(SaleorState()) as url:
        yield url


@pytest.fixture
def web_url(services: Services) -> Iterator[str]:
    """The app's own web application, reachable by the simulated Saleor."""
    server = make_server("127.0.0.1", 0, create_app(services), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def shop(  # noqa: PLR0917
    services: Services,
    amazon: Any,
    amazon_url: str,
    saleor_url: str,
    web_url: str,
    database_url: str,
    redis_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> ShopWorld:
    """The app installed by the simulated Saleor, an account connected, its marketplaces mapped."""
    services.settings = settings_for(
        amazon_url,
        database_url,
        redis_url,
        app_base_url=web_url,
        allowed_saleor_urls=f"{saleor_url}/graphql/",
    )
    answer = requests.post(
        f"{saleor_url}/control/install", json={"manifestUrl": f"{web_url}/api/manifest"}, timeout=30
    )
    assert answer.ok, answer.text
    tenant_id = accounts.tenant_of(services, f"{saleor_url}/graphql/")
    account_id = accounts.connect_account(
        services,
        tenant_id,
        seller_id=SELLER,
        region=Region.EU,
        refresh_token="Atzr|token",
        import_from=LONG_AGO,
    )
    made = ShopWorld(services, amazon, tenant_id, account_id, saleor_url)
    made._patch = monkeypatch
    for marketplace in made.marketplaces:
        made.map(marketplace)
    return made
