"""How fast orders come into a real Saleor, against the same calls sent bare.

Run: SALEOR_CONTRACT_URL=… SALEOR_CONTRACT_TOKEN=… python benchmarks/import_real.py [ORDERS]

The app reads orders from the simulated Amazon, stores, drafts and imports them. After each batch
the GraphQL calls that the app just made are made twice again with nothing around them: the same
documents and inputs, prepared before the clock starts, under other order numbers. So all share the
state of the machine and of the shop, batch by batch, and the two bare rounds show how far the same
work differs by itself. Printed are orders per second of either, the ratio,
and how much of its time the app spent waiting for the shop; once with and once without reserving
stock. On a busy machine the ratio swings by half, the share does not.

The shop is one for tests, furnished by ``python -m tests.contract.furnishing``; it keeps the
orders. The token is an app's with the permissions of the manifest.
"""

import os
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
import simplejson
from cryptography.fernet import Fernet
from graphql import DocumentNode, print_ast

from saleor_amazon_app.demo.processes import Processes, free_port
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.marketplaces import MARKETPLACES, Region
from saleor_amazon_app.saleor.client import SaleorApi
from saleor_amazon_app.saleor.installing import verify_installation
from saleor_amazon_app.saleor.shop import read_shop
from saleor_amazon_app.sandbox.amazon.state import CLIENT_ID, CLIENT_SECRET
from saleor_amazon_app.sandbox.catalogue import SALES_CHANNELS
from saleor_amazon_app.settings import Settings
from saleor_amazon_app.store import migrating
from saleor_amazon_app.store.tenants import save_installation
from saleor_amazon_app.sync import accounts, passes
from saleor_amazon_app.sync.services import Services, build_services

REST = 8.0
"""Seconds after each batch, so that what the shop's workers do about it slows no clock down."""

ROUNDS = 2
"""So often the bare calls are made."""

Json = Any


@dataclass
class Bare:
    """Makes the calls of the app's last batch again, and nothing else."""

    api_url: str
    token: str
    seconds: list[float] = field(default_factory=lambda: [0.0] * ROUNDS)
    """Of each round; how far they are apart is what the shop's own moods are worth."""
    orders: int = 0
    waited: float = 0.0
    """Seconds in which the app had a call under way, or two."""
    under_way: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    by_call: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(_nothing))
    """By the call's name: how often, the app's seconds, the bare seconds."""
    calls: list[tuple[DocumentNode, str, dict[str, Json], Json]] = field(default_factory=list)
    """Of the batch under way: document, name, variables, answer."""
    session: requests.Session = field(default_factory=requests.Session)

    def listen(self) -> None:
        """Note each call that the app makes."""
        genuine = SaleorApi.run_document

        def noting(api: SaleorApi, node: Json, name: str, variables: dict[str, Json]) -> Json:
            sent = self._begin()
            try:
                answer = genuine(api, node, name, variables)
            finally:
                took = self._end(sent)
            with self.lock:
                self.by_call[name][0] += 1
                self.by_call[name][1] += took
                self.calls.append((node, name, variables, answer))
            return answer

        SaleorApi.run_document = noting  # type: ignore[method-assign,assignment]

    def _begin(self) -> float:
        with self.lock:
            now = time.perf_counter()
            if not self.under_way:
                self.waited -= now
            self.under_way += 1
            return now

    def _end(self, sent: float) -> float:
        with self.lock:
            now = time.perf_counter()
            self.under_way -= 1
            if not self.under_way:
                self.waited += now
            return now - sent

    def again(self) -> float:
        """Make the noted calls again under other order numbers; returns the seconds it all took."""
        begun = time.perf_counter()
        for number in range(ROUNDS):
            time.sleep(REST)
            self._round(number)
        self.calls.clear()
        time.sleep(REST)
        return time.perf_counter() - begun

    def _round(self, number: int) -> None:
        ids: dict[str, str] = {}
        for node, name, variables, answer in self.calls:
            body = _body(print_ast(node), name, _renamed(variables, ids, f"-bare{number}"))
            sent = time.perf_counter()
            told = self.session.post(self.api_url, data=body, headers=self._headers(), timeout=120)
            took = time.perf_counter() - sent
            self.seconds[number] += took
            self.by_call[name][2 + number] += took
            data = told.json()["data"]
            if name == "ImportOrders":
                self.orders += data["orderBulkCreate"]["count"]
                ids |= _twins(answer["orderBulkCreate"], data["orderBulkCreate"])

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}


def _nothing() -> list[float]:
    return [0.0] * (2 + ROUNDS)


def _body(text: str, name: str, variables: Json) -> bytes:
    told = {"query": text, "operationName": name, "variables": variables}
    return simplejson.dumps(told, use_decimal=True).encode()


def _renamed(value: Json, ids: dict[str, str], suffix: str) -> Json:
    """Return variables with other order numbers, and the ids of the twins."""
    if isinstance(value, dict):
        return {
            k: f"{v}{suffix}" if k == "externalReference" else _renamed(v, ids, suffix)
            for k, v in value.items()
        }
    if isinstance(value, list):
        return [_renamed(entry, ids, suffix) for entry in value]
    return ids.get(value, value) if isinstance(value, str) else value


def _twins(app: Json, bare: Json) -> dict[str, str]:
    """Map the ids of what the app made to those of what was made bare."""
    found: dict[str, str] = {}
    for one, other in zip(app["results"], bare["results"], strict=True):
        if not (one["order"] and other["order"]):
            continue
        for name in ("fulfillments", "transactions"):
            twins = zip(one["order"][name], other["order"][name], strict=True)
            found |= {mine["id"]: theirs["id"] for mine, theirs in twins}
    return found


@dataclass
class Bench:
    """The app with a database of its own, between the simulated Amazon and the real shop."""

    services: Services
    amazon_url: str
    api_url: str
    token: str
    orders: int

    def connect(self, seller: str, seed: int, *, hold_stock: bool) -> tuple[TenantId, AccountId]:
        marketplaces = [
            c.marketplace_id for c in SALES_CHANNELS if c.marketplace_id in MARKETPLACES
        ]
        told = {"seller_id": seller, "refresh_token": f"Atzr|{seller}", "region": "eu"}
        self._post("/control/sellers", told | {"marketplaces": marketplaces})
        day = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
        wanted = {"seller_id": seller, "seed": seed, "count": self.orders, "day": day}
        self._post("/control/generate", wanted)
        tenant_id = self._install()
        account_id = accounts.connect_account(
            self.services,
            tenant_id,
            seller_id=seller,
            region=Region.EU,
            refresh_token=f"Atzr|{seller}",
            import_from=datetime(2020, 1, 1, tzinfo=UTC),
        )
        with self.services.saleor(tenant_id) as api:
            tax_class = read_shop(api).tax_classes[0].name
        for channel in SALES_CHANNELS:
            choice = accounts.MappingChoice(
                channel=channel.slug, tax_class=tax_class, hold_stock=hold_stock
            )
            accounts.map_marketplace(
                self.services, tenant_id, account_id, channel.marketplace_id, choice
            )
        return tenant_id, account_id

    def _install(self) -> TenantId:
        found = verify_installation(self.api_url, self.token)
        with self.services.database.system() as session:
            return save_installation(
                session,
                api_url=found.api_url,
                app_id=found.app_id,
                token=self.services.vault.seal(found.token),
                jwks=found.jwks,
                now=self.services.now(),
            )

    def _post(self, path: str, body: dict[str, Json]) -> None:
        requests.post(self.amazon_url + path, json=body, timeout=60).raise_for_status()

    def run(self, seed: int, bare: Bare, *, hold_stock: bool) -> None:
        tenant_id, account_id = self.connect(f"ABENCH{seed}", seed, hold_stock=hold_stock)
        begun = time.perf_counter()
        passes.sweep(self.services, tenant_id, account_id)
        read = time.perf_counter() - begun
        bare.calls.clear()
        bare.by_call.clear()
        bare.waited = aside = 0.0

        def on_batch(_report: Json) -> None:
            nonlocal aside
            aside += bare.again()

        begun = time.perf_counter()
        progress = passes.Progress(on_batch=on_batch)
        report = passes.import_ready(self.services, tenant_id, account_id, progress)
        imported = time.perf_counter() - begun - aside
        if report.failure:
            raise report.failure
        self._print(report.imported, read, imported, bare, hold_stock=hold_stock)

    def _print(
        self, count: int, read: float, imported: float, bare: Bare, *, hold_stock: bool
    ) -> None:
        mine, theirs = count / (read + imported), bare.orders / sum(bare.seconds)
        print("reserving stock" if hold_stock else "without reserving stock")
        print(f"  app   {count:5d} orders  {read:6.2f} s read  {imported:7.2f} s imported", end="")
        print(f"  {mine:6.2f} orders/s in all")
        rounds = " and ".join(f"{seconds:.2f} s" for seconds in bare.seconds)
        print(f"  bare  {bare.orders // ROUNDS:5d} orders in {rounds}  {theirs:6.2f} orders/s")
        print(f"  app : bare  {mine / theirs:.1%}", end="")
        share = bare.waited / (read + imported)
        print(f"; {share:.1%} of the app's time was spent waiting for the shop")
        for name, (often, app, *alone) in bare.by_call.items():
            rounds = " and ".join(f"{seconds:.2f} s" for seconds in alone)
            print(f"  {name:20s} {often:5.0f} calls  app {app:7.2f} s  bare {rounds}")
        sys.stdout.flush()


def main() -> None:
    api_url, token = os.environ["SALEOR_CONTRACT_URL"], os.environ["SALEOR_CONTRACT_TOKEN"]
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with tempfile.TemporaryDirectory() as folder:
        processes = Processes(Path(folder) / "logs", dict(os.environ))
        (Path(folder) / "logs").mkdir()
        try:
            redis, amazon = free_port(), free_port()
            processes.start_redis(redis)
            amazon_url = f"http://127.0.0.1:{amazon}"
            arguments = ["sandbox", "amazon", "--port", str(amazon), "--speed", "60"]
            processes.start_command("amazon", *arguments, url=f"{amazon_url}/")
            services = _services(folder, redis, amazon_url, api_url)
            bench = Bench(services, amazon_url, api_url, token, orders)
            seed = int(time.time())
            for number, hold_stock in enumerate((True, False)):
                bare = Bare(api_url, token)
                genuine = SaleorApi.run_document
                bare.listen()
                bench.run(seed + number, bare, hold_stock=hold_stock)
                SaleorApi.run_document = genuine  # type: ignore[method-assign]
            services.close()
        finally:
            with suppress(KeyboardInterrupt):
                processes.stop()


def _services(folder: str, redis: int, amazon_url: str, api_url: str) -> Services:
    database = os.environ.get("DATABASE_URL", f"sqlite:///{folder}/app.sqlite3")
    settings = Settings(
        app_base_url="http://app.example",
        database_url=database,
        redis_url=f"redis://127.0.0.1:{redis}/0",
        secret_keys=Fernet.generate_key().decode(),
        allowed_saleor_urls=api_url,
        amazon_lwa_client_id=CLIENT_ID,
        amazon_lwa_client_secret=CLIENT_SECRET,
        amazon_lwa_endpoint=f"{amazon_url}/auth/o2/token",
        amazon_spapi_endpoint=amazon_url,
    )
    made = build_services(settings, patience=200)
    migrating.migrate(made.database.engine)
    return made


if __name__ == "__main__":
    main()
