"""The running app between both simulators, for a browser: one for all tests of this folder."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests
from cryptography.fernet import Fernet

from saleor_amazon_app.demo.processes import Processes, free_port
from saleor_amazon_app.mirror.marketplaces import Region
from saleor_amazon_app.sandbox.amazon.app import running as amazon_running
from saleor_amazon_app.sandbox.amazon.clock import Clock
from saleor_amazon_app.sandbox.amazon.generator import generate
from saleor_amazon_app.sandbox.amazon.state import CLIENT_ID, CLIENT_SECRET
from saleor_amazon_app.sandbox.amazon.state import State as AmazonState
from saleor_amazon_app.sandbox.saleor.app import running as saleor_running
from saleor_amazon_app.sandbox.saleor.state import State as SaleorState
from saleor_amazon_app.settings import Settings
from saleor_amazon_app.store import migrating
from saleor_amazon_app.store.models import SweepKind
from saleor_amazon_app.sync import accounts
from saleor_amazon_app.sync.jobs import enqueue, sweep_account
from saleor_amazon_app.sync.services import Services, build_services
from tests.mails import SENDER, MailServer, mail_server
from tests.mirror.amazon_orders import ADDRESS, DE, JP, UK, US, amazon_order, breakdown, item

SELLER, NEWCOMER, SECOND = "A1BROWSER", "A2NEWCOMER", "A3SECOND"
TO_SHIP, TO_CANCEL, TO_REFUND = "302-0000001-0000001", "302-0000002-0000002", "302-0000003-0000003"
BAD_ADDRESS, UNKNOWN, OTHER_UNKNOWN = (
    "302-0000004-0000004",
    "302-0000005-0000005",
    "302-0000006-0000006",
)
WANTS_OUT = "302-0000007-0000007"
TO_INVOICE = "302-0000008-0000008"
BULK, BULK_REFUSED = "302-0000011-0000011", "302-0000012-0000012"
BULK_HELD = "302-0000013-0000013"
"""All that begins with ``302-000001``."""
BULK_BEGINS = "302-000001"
TRACKING = "00340434161094022115"
GENERATED = 40
_PATIENCE = 60.0
_DASHBOARD = "/dashboard"


@dataclass
class Shop:
    """A shop with its Dashboard."""

    state: SaleorState
    url: str

    @property
    def app_id(self) -> str:
        (app,) = self.get("/dashboard/session")["apps"]
        return str(app["id"])

    def get(self, path: str) -> Any:
        response = requests.get(self.url + path, timeout=30)
        response.raise_for_status()
        return response.json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        response = requests.post(self.url + path, json=body, timeout=30)
        response.raise_for_status()
        return response.json()

    def app_page(self, path: str = "") -> str:
        """The address of a page of the app in the Dashboard."""
        return f"{self.url}{_DASHBOARD}/extensions/app/{quote(self.app_id, safe='')}{path}"

    def order(self, amazon_number: str) -> Any:
        """The shop's order for one of Amazon's; None as long as there is none."""
        found = [o for o in self.get("/control/orders") if o["externalReference"] == amazon_number]
        return found[0] if found else None

    def order_page(self, amazon_number: str) -> str:
        order = self.order(amazon_number)
        return f"{self.url}{_DASHBOARD}/orders/{quote(order['id'], safe='')}"


@dataclass
class BrowserWorld:
    """Everything that runs, with handles to act behind the browser's back."""

    amazon: AmazonState
    amazon_url: str
    app_url: str
    shop: Shop
    new_shop: Shop
    """A shop in which nothing is installed yet."""
    database: Path
    mails: MailServer
    settings: dict[str, Any]
    """Of the app's processes."""

    def at_amazon(self, path: str, body: dict[str, Any]) -> None:
        """Have the simulated Amazon do something, by its own interface."""
        requests.post(self.amazon_url + path, json=body, timeout=30).raise_for_status()

    def mend_amazon(self) -> None:
        """Have the simulated Amazon make no more faults."""
        requests.delete(self.amazon_url + "/control/faults", timeout=30).raise_for_status()

    def count(self, query: str) -> int:
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as connection:
            (number,) = connection.execute(query).fetchone()
            return int(number)


def wait_for(what: str, ready: Callable[[], object], patience: float = _PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"It did not come to pass: {what}.")
        time.sleep(0.2)


@contextmanager
def browser_world(folder: Path, redis_url: str) -> Iterator[BrowserWorld]:
    amazon = AmazonState(clock=Clock(speed=60.0))
    with ExitStack() as stack:
        amazon_url = stack.enter_context(amazon_running(amazon))
        shops = [_open_shop(stack) for _ in range(2)]
        port = free_port()
        app_url = f"http://127.0.0.1:{port}"
        mails = stack.enter_context(mail_server())
        settings = _settings(folder, amazon_url, app_url, redis_url, shops) | {
            "SMTP_URL": mails.url,
            "NOTICES_FROM": SENDER,
        }
        services = build_services(Settings(**{k.lower(): v for k, v in settings.items()}))
        stack.callback(services.close)
        migrating.migrate(services.database.engine)
        processes = Processes(folder, {**os.environ, **settings})
        stack.callback(processes.stop)
        _stock_amazon(amazon)
        _start_app(processes, port, app_url)
        _set_up(services, shops[0], app_url)
        world = BrowserWorld(
            amazon,
            amazon_url,
            app_url,
            shops[0],
            shops[1],
            folder / "app.sqlite3",
            mails,
            settings,
        )
        wait_for("all orders are imported", lambda: _is_imported(world))
        yield world


def _open_shop(stack: ExitStack) -> Shop:
    state = SaleorState()
    return Shop(state, stack.enter_context(saleor_running(state)))


def _settings(
    folder: Path, amazon_url: str, app_url: str, redis_url: str, shops: list[Shop]
) -> dict[str, Any]:
    return {
        "APP_BASE_URL": app_url,
        "DATABASE_URL": f"sqlite:///{folder / 'app.sqlite3'}",
        "REDIS_URL": redis_url,
        "SECRET_KEYS": Fernet.generate_key().decode(),
        "ALLOWED_SALEOR_URLS": ",".join(f"{shop.url}/graphql/" for shop in shops),
        "AMAZON_LWA_CLIENT_ID": CLIENT_ID,
        "AMAZON_LWA_CLIENT_SECRET": CLIENT_SECRET,
        "AMAZON_LWA_ENDPOINT": f"{amazon_url}/auth/o2/token",
        "AMAZON_SPAPI_ENDPOINT": amazon_url,
        "AMAZON_APPLICATION_ID": "amzn1.sp.solution.sandbox",
        "AMAZON_SELLER_CENTRAL": amazon_url,
        "SWEEP_INTERVAL_SECONDS": "30",
    }


def _start_app(processes: Processes, port: int, app_url: str) -> None:
    arguments = ("serve", "--port", str(port), "--processes", "1")
    processes.start_command("web", *arguments, url=f"{app_url}/healthz")
    processes.start_command("worker", "worker")
    processes.start_command("scheduler", "schedule")


def _set_up(services: Services, shop: Shop, app_url: str) -> None:
    """Install, connect and map, and ask for the first sweep."""
    shop.post("/control/install", {"manifestUrl": f"{app_url}/api/manifest"})
    tenant_id = accounts.tenant_of(services, f"{shop.url}/graphql/")
    account_id = accounts.connect_account(
        services,
        tenant_id,
        seller_id=SELLER,
        region=Region.EU,
        refresh_token=f"Atzr|{SELLER}",
        import_from=datetime(2020, 1, 1, tzinfo=UTC),
    )
    for marketplace, channel in ((DE, "amazon-de"), (UK, "amazon-uk"), (US, "amazon-us")):
        choice = accounts.MappingChoice(channel=channel)
        accounts.map_marketplace(services, tenant_id, account_id, marketplace, choice)
    enqueue(services.redis, sweep_account, tenant_id, account_id, SweepKind.UPDATES)


def _is_imported(world: BrowserWorld) -> bool:
    moving = world.count(
        "SELECT count(*) FROM orders WHERE state IN ('ready', 'creating', 'created')"
    )
    seen = world.count("SELECT count(*) FROM orders")
    return moving == 0 and seen == len(world.amazon.orders_of(SELLER))


# --- what Amazon has ----------------------------------------------------------------------------


def _stock_amazon(amazon: AmazonState) -> None:
    amazon.add_seller(SELLER, f"Atzr|{SELLER}", (DE, UK, US))
    amazon.add_seller(NEWCOMER, f"Atzr|{NEWCOMER}", (DE, JP))
    amazon.add_seller(SECOND, f"Atzr|{SECOND}", (UK,))
    yesterday = datetime.now(UTC) - timedelta(days=1)
    day = yesterday.replace(hour=0, minute=0, second=0, microsecond=0)
    for made in generate(11, GENERATED, day=day, channels=(DE, UK, US)):
        amazon.put_order(SELLER, made.order, made.case, made.expected, made.why, later=made.later)
    for number, told in _orders_of_the_journeys().items():
        amazon.put_order(SELLER, told | {"orderId": number} | _stamps(yesterday))
    amazon.put_order(
        NEWCOMER, amazon_order() | {"orderId": "302-9999999-0000001"} | _stamps(yesterday)
    )


def _stamps(moment: datetime) -> dict[str, Any]:
    text = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"createdTime": text, "lastUpdatedTime": text}


def _orders_of_the_journeys() -> dict[str, dict[str, Any]]:
    two = item(quantity=2, total="29.80")
    shipped = item(sku="SHOP-03-NAT", total="12.00", shipped=1)
    taxed = [breakdown("ITEM", "24.90"), breakdown("TAX", "3.98")]
    sent = item(sku="SHOP-04-NAT", total="24.90", shipped=1, breakdowns=taxed)
    strange = ADDRESS | {"countryCode": "XX"}
    wish = {"cancellationRequest": {"requester": "BUYER", "cancelReason": "CREATED_BY_MISTAKE"}}
    return {
        TO_SHIP: amazon_order(two),
        TO_CANCEL: amazon_order(item(sku="SHOP-02-NAT", total="9.95")),
        TO_REFUND: amazon_order(shipped, status="SHIPPED"),
        BAD_ADDRESS: amazon_order(recipient={"deliveryAddress": strange}),
        UNKNOWN: amazon_order(item(sku="AMZ-MUG", total="14.90")),
        OTHER_UNKNOWN: amazon_order(item(sku="AMZ-KETTLE", total="74.25")),
        WANTS_OUT: amazon_order(item(cancellation=wish)),
        TO_INVOICE: amazon_order(sent, status="SHIPPED"),
        BULK: amazon_order(item(sku="SHOP-04-NAT", total="39.50")),
        BULK_REFUSED: amazon_order(item(sku="SHOP-04-NAT", total="39.50")),
        BULK_HELD: amazon_order(item(sku="AMZ-LAMP", total="21.15")),
    }
