"""Plays the demo: sets everything up, imports a day of orders, shows the result, keeps running."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import click
from cryptography.fernet import Fernet
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import select

from saleor_amazon_app.demo import newcomer
from saleor_amazon_app.demo.agreeing import disagreements
from saleor_amazon_app.demo.comparing import DaySummary, Sides, Summary, summarise, summarise_day
from saleor_amazon_app.demo.day import BEHIND, Day
from saleor_amazon_app.demo.hands import Dashboard, SellerCentral, get, post
from saleor_amazon_app.demo.processes import Processes, free_port, is_taken
from saleor_amazon_app.demo.resting import Rest
from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.marketplaces import MARKETPLACES, Region
from saleor_amazon_app.sandbox.catalogue import SALES_CHANNELS
from saleor_amazon_app.settings import load_settings
from saleor_amazon_app.store import migrating
from saleor_amazon_app.store.models import Order, OrderState, SweepKind
from saleor_amazon_app.store.sweeps import get_sweep
from saleor_amazon_app.sync import accounts, listing
from saleor_amazon_app.sync.jobs import enqueue, sweep_account
from saleor_amazon_app.sync.services import Services, build_services

_PACE: Final = 60.0
"""Amazon allows this many times more calls, so that nobody waits three minutes for a page."""
DAY: Final = "day"
_LONGEST: Final = 900.0
_NAMES: Final = ("redis", "amazon", "saleor", newcomer.NAME, "web")
_MOVING: Final = (OrderState.READY, OrderState.CREATING, OrderState.CREATED)
_APPLICATION: Final = "amzn1.sp.solution.sandbox"
_CLIENT: Final = ("amzn1.application-oa2-client.sandbox", "sandbox-secret")


@dataclass(frozen=True)
class AccountAt:
    """An account, and the moment from which on its sweep is waited for."""

    tenant_id: TenantId
    account_id: AccountId
    since: datetime


@dataclass
class Demo:
    """One demo on one folder of data; a second run on the same folder finds everything there."""

    folder: Path
    count: int
    seed: int
    scenario: str = "import"
    quiet: bool = False
    fresh: bool = False

    def run(self, *, once: bool, as_json: bool) -> int:
        """Play it; returns the exit code."""
        console = Console(stderr=self.quiet)
        ports = self.prepare()
        processes = Processes(self.folder / "logs", self.environment(ports))
        try:
            summary = self._play(processes, ports, console)
            if not once:
                state = str(self.folder / f"{newcomer.NAME}.json")
                newcomer.open_shop(processes, ports, state, self.seed)
            if as_json:
                click.echo(json.dumps(summary.as_json()))
            else:
                self._show(summary, ports, console, once=once)
            if not once:
                self._keep_running(processes)
            return 0 if summary.is_right else 1
        except KeyboardInterrupt:
            return 0
        finally:
            processes.stop()

    # --- setting up -----------------------------------------------------------------------------

    def prepare(self) -> dict[str, int]:
        """Make the folder; returns the port of each process."""
        if self.fresh:
            shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "logs").mkdir(parents=True, exist_ok=True)
        return self._ports()

    def _ports(self) -> dict[str, int]:
        """Return the ports; a shop keeps its address, which is how the app knows it."""
        file = self.folder / "ports.json"
        ports: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
        ports |= {name: free_port() for name in _NAMES if name not in ports}
        file.write_text(json.dumps(ports))
        if any(is_taken(port) for port in ports.values()):
            raise Misconfigured(
                "Another demo seems to be running on the same data.",
                cure="Stop it, or use --data with another folder, or --fresh.",
            )
        return ports

    def environment(self, ports: dict[str, int]) -> dict[str, str]:
        key = self.folder / "secret-key"
        if not key.exists():
            key.write_bytes(Fernet.generate_key())
        amazon = f"http://127.0.0.1:{ports['amazon']}"
        settings = {
            "APP_BASE_URL": f"http://127.0.0.1:{ports['web']}",
            "DATABASE_URL": f"sqlite:///{(self.folder / 'app.sqlite3').resolve()}",
            "REDIS_URL": f"redis://127.0.0.1:{ports['redis']}/0",
            "SECRET_KEYS": key.read_text(),
            "ALLOWED_SALEOR_URLS": f"{saleor_url(ports)},{saleor_url(ports, newcomer.NAME)}",
            "AMAZON_LWA_CLIENT_ID": _CLIENT[0],
            "AMAZON_LWA_CLIENT_SECRET": _CLIENT[1],
            "AMAZON_LWA_ENDPOINT": f"{amazon}/auth/o2/token",
            "AMAZON_SPAPI_ENDPOINT": amazon,
            "AMAZON_APPLICATION_ID": _APPLICATION,
            "AMAZON_SELLER_CENTRAL": amazon,
            "SWEEP_INTERVAL_SECONDS": "30",
            "SHOP_LOOK_INTERVAL_SECONDS": "30",
            "REFUNDS_INTERVAL_SECONDS": "30",
            "LOG_LEVEL": "INFO",
        }
        return {**os.environ, **settings}

    def _play(self, processes: Processes, ports: dict[str, int], console: Console) -> Summary:
        with console.status("Starting Redis, the simulated Amazon and the simulated Saleor …"):
            self.start_simulators(processes, ports)
        os.environ.update(processes.environment)
        with _services() as services:
            migrating.migrate(services.database.engine)
            with console.status("Starting the app: web, worker, scheduler …"):
                self.start_web(processes, ports)
                processes.start_command("worker", "worker")
                processes.start_command("scheduler", "schedule")
            existed = len(get(_saleor(ports), "/control/orders"))
            tenant_id, account_id = self.set_up(services, ports)
            begun, since = time.monotonic(), services.now()
            enqueue(services.redis, sweep_account, tenant_id, account_id, SweepKind.UPDATES)
            at = AccountAt(tenant_id, account_id, since)
            self._watch(services, at, processes, console)
            seconds = time.monotonic() - begun
            sides = self._look(services, tenant_id, ports)
            summary = summarise(sides, existed=existed, seconds=seconds)
            if self.scenario == DAY:
                with console.status("Playing a merchant's day on both sides …"):
                    summary.day = self._play_day(services, at, processes, ports)
        return summary

    def _play_day(
        self, services: Services, at: AccountAt, processes: Processes, ports: dict[str, int]
    ) -> DaySummary:
        seller_central, dashboard = SellerCentral(_amazon(ports)), Dashboard(_saleor(ports))
        rest = Rest(services, at.tenant_id, at.account_id, dashboard, processes.check)
        begun = time.monotonic()
        Day(seller_central, dashboard, rest, self.seed).play()
        return summarise_day(
            listing.intent_counts(services, at.tenant_id, at.account_id),
            disagreements(seller_central, dashboard),
            seconds=time.monotonic() - begun,
        )

    def start_simulators(self, processes: Processes, ports: dict[str, int]) -> None:
        processes.start_redis(ports["redis"])
        late = BEHIND if self.scenario == DAY else 0
        for name, more in (
            ("amazon", ["--pace", str(_PACE), "--behind", str(late)]),
            ("saleor", []),
        ):
            port, state = str(ports[name]), str(self.folder / f"{name}.json")
            arguments = ["sandbox", name, "--port", port, "--state-file", state, *more]
            processes.start_command(name, *arguments, url=f"http://127.0.0.1:{port}/")

    def start_web(self, processes: Processes, ports: dict[str, int]) -> None:
        port = str(ports["web"])
        web = f"http://127.0.0.1:{port}"
        processes.start_command(
            "web", "serve", "--port", port, "--processes", "1", url=f"{web}/healthz"
        )

    def set_up(self, services: Services, ports: dict[str, int]) -> tuple[TenantId, AccountId]:
        """Install, connect and map, the way a merchant does, unless an earlier run did."""
        seller = self._seller
        if not get(_amazon(ports), f"/control/orders?seller_id={seller}"):
            self._open_the_shops(ports, seller)
        tenant_id = accounts.tenant_of(services, saleor_url(ports))
        account_id = accounts.connect_account(
            services,
            tenant_id,
            seller_id=seller,
            region=Region.EU,
            refresh_token=f"Atzr|{seller}",
            import_from=datetime(2020, 1, 1, tzinfo=UTC),
        )
        for channel in SALES_CHANNELS:
            choice = accounts.MappingChoice(channel=channel.slug)
            accounts.map_marketplace(
                services, tenant_id, account_id, channel.marketplace_id, choice
            )
        return tenant_id, account_id

    @property
    def _seller(self) -> str:
        return f"ADEMO{self.seed}"

    def _open_the_shops(self, ports: dict[str, int], seller: str) -> None:
        """Make a seller with a day of orders at Amazon, and install the app in the shop."""
        yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
        web = f"http://127.0.0.1:{ports['web']}"
        post(_saleor(ports), "/control/install", {"manifestUrl": f"{web}/api/manifest"})
        marketplaces = [
            c.marketplace_id for c in SALES_CHANNELS if c.marketplace_id in MARKETPLACES
        ]
        account = {"seller_id": seller, "refresh_token": f"Atzr|{seller}", "region": "eu"}
        post(_amazon(ports), "/control/sellers", account | {"marketplaces": marketplaces})
        wanted = {"seller_id": seller, "seed": self.seed, "count": self.count, "day": yesterday}
        post(_amazon(ports), "/control/generate", wanted)

    # --- watching -------------------------------------------------------------------------------

    def _watch(
        self,
        services: Services,
        at: AccountAt,
        processes: Processes,
        console: Console,
    ) -> None:
        """Show the worker's progress until everything has come to rest."""
        columns = (
            TextColumn("Importing"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        deadline = time.monotonic() + _LONGEST
        with Progress(*columns, console=console, disable=self.quiet) as bar:
            task = bar.add_task("orders", total=self.count)
            while True:
                states = listing.states(services, at.tenant_id, at.account_id)
                moving = sum(states.get(state, 0) for state in _MOVING)
                bar.update(task, completed=sum(states.values()) - moving)
                if not moving and _has_been_read(services, at):
                    return
                processes.check()
                if time.monotonic() > deadline:
                    raise Misconfigured("The import does not end.", cure="See the demo's logs.")
                time.sleep(0.2)

    def _look(self, services: Services, tenant_id: TenantId, ports: dict[str, int]) -> Sides:
        with services.database.tenant(tenant_id) as session:
            rows = session.execute(select(Order.amazon_order_id, Order.state)).all()
        return Sides(
            amazon=get(_amazon(ports), f"/control/orders?seller_id={self._seller}"),
            saleor=get(_saleor(ports), "/control/orders"),
            states={row[0]: row[1] for row in rows},
            amazon_calls=get(_amazon(ports), "/control/calls")["by_operation"],
            saleor_calls=sum(get(_saleor(ports), "/control/calls").values()),
        )

    # --- showing --------------------------------------------------------------------------------

    def _show(
        self, summary: Summary, ports: dict[str, int], console: Console, *, once: bool
    ) -> None:
        table = Table(title="Amazon → Saleor", show_header=False, title_style="bold")
        table.add_column(style="bold")
        table.add_column(justify="right")
        for label, value in _lines(summary):
            table.add_row(label, value)
        console.print(table)
        for line in summary.unexpected:
            console.print(f"[bold red]unexpected[/] {line}")
        for line in summary.day.differences if summary.day else ():
            console.print(f"[bold red]disagreement[/] {line}")
        if not once:
            console.print("\nOpen in a browser:")
            for name, path, what in _places(ports):
                console.print(
                    f"  [bold]http://127.0.0.1:{ports[name]}{path}[/]  {what}", soft_wrap=True
                )
            console.print("Ctrl-C stops everything.")

    def _keep_running(self, processes: Processes) -> None:
        while True:
            processes.check()
            time.sleep(1)


def _places(ports: dict[str, int]) -> Iterator[tuple[str, str, str]]:
    """Yield what to open: whose, which page, and what one finds there."""
    yield "saleor", "/dashboard/", "a shop's Dashboard with the app in it: begin here"
    path = newcomer.path_to_install(ports)
    yield newcomer.NAME, path, "an empty shop: from the installation to the first order"
    yield "saleor", "/", "everything that the first shop knows"
    yield "amazon", "/", "Amazon's side"


def _lines(summary: Summary) -> Iterator[tuple[str, str]]:
    yield "orders at Amazon", str(summary.orders)
    yield "imported into Saleor", str(summary.imported)
    yield "waiting for Amazon", str(summary.waiting)
    yield "held for a person", str(summary.blocked)
    yield "left out by rule", str(summary.left_out)
    yield "created in this run", str(summary.created)
    yield "ended otherwise than they should", str(summary.failed)
    yield "duplicates", str(summary.duplicates)
    yield "totals that differ", str(summary.total_mismatches)
    yield "calls to Amazon", ", ".join(f"{n} {name}" for name, n in summary.amazon_calls.items())
    yield "calls to Saleor", str(summary.saleor_calls)
    yield "seconds", f"{summary.seconds:.1f} ({summary.orders_per_second:.1f} orders/s)"
    if day := summary.day:
        for label, counts in (
            ("shipments", day.shipments),
            ("cancellations", day.cancellations),
            ("refunds", day.refunds),
        ):
            yield label, ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in counts.items())
        yield "disagreements", str(day.disagreements)


def saleor_url(ports: dict[str, int], name: str = "saleor") -> str:
    return f"http://127.0.0.1:{ports[name]}/graphql/"


def _saleor(ports: dict[str, int]) -> str:
    return f"http://127.0.0.1:{ports['saleor']}"


def _amazon(ports: dict[str, int]) -> str:
    return f"http://127.0.0.1:{ports['amazon']}"


@contextmanager
def _services() -> Iterator[Services]:
    services = build_services(load_settings())
    try:
        yield services
    finally:
        services.close()


def _has_been_read(services: Services, at: AccountAt) -> bool:
    """Tell whether a sweep has come to an end since the demo asked for it."""
    with services.database.tenant(at.tenant_id) as session:
        sweep = get_sweep(session, at.account_id, SweepKind.UPDATES)
        finished = sweep.finished_at
        return finished is not None and finished >= at.since and sweep.window is None
