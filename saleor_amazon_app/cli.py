"""The command ``saleor-amazon``: runs the processes, and does by hand what the jobs do alone.

Each command reads its arguments, calls one function, and prints. What it prints with ``--json`` is
one object, for machines.
"""

import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import click
from cryptography.fernet import Fernet
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rq import Queue, Worker

from saleor_amazon_app import __version__, cli_mirror, cli_notifications
from saleor_amazon_app.logs import configure_logging
from saleor_amazon_app.mirror.failures import AppFailure, Misconfigured
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.mapping import BuyerEmail
from saleor_amazon_app.mirror.marketplaces import Region
from saleor_amazon_app.settings import load_settings
from saleor_amazon_app.store import migrating
from saleor_amazon_app.store.models import SweepKind
from saleor_amazon_app.sync import accounts, carrying, checks, listing, passes, refetching, repairs
from saleor_amazon_app.sync.jobs import QUEUE, scheduler
from saleor_amazon_app.sync.services import Services, process_services
from saleor_amazon_app.sync.sweeping import SweepEnd
from saleor_amazon_app.terminal import (
    err,
    json_option,
    opened,
    out,
    print_json,
    shop_option,
    tell,
)

_FOREGROUND_PATIENCE: Final = 200.0
"""Seconds that ``sync`` waits for a quota: longer than Amazon's slowest operation needs."""


def main() -> None:
    """Run the command; what goes wrong ends as one sentence that says what to do."""
    try:
        cli.main(standalone_mode=False)
    except AppFailure as failure:
        err.print(f"[bold red]{failure.message}[/] {failure.cure}", highlight=False, soft_wrap=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """Mirrors Amazon orders into Saleor. Settings come from the environment (docs/settings.md)."""


# --- processes ----------------------------------------------------------------------------------


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--processes", default=2, show_default=True)
def serve(host: str, port: int, processes: int) -> None:
    """Serve the web application."""
    from saleor_amazon_app.web.server import run_server

    settings = load_settings()
    configure_logging(settings.log_level, json=True)
    run_server(host, port, processes)


@cli.command()
@click.option("--burst", is_flag=True, help="Stop when the queue is empty.")
def worker(burst: bool) -> None:
    """Work off the queue; run as many as you like, on as many machines."""
    settings = load_settings()
    configure_logging(settings.log_level, json=True)
    redis = process_services().redis
    queue = Queue(QUEUE, connection=redis)
    Worker([queue], connection=redis, log_job_description=False).work(
        burst=burst, logging_level="WARNING"
    )


@cli.command()
def schedule() -> None:
    """Queue the sweeps when they are due; one is enough, several do no harm."""
    settings = load_settings()
    configure_logging(settings.log_level, json=True)
    scheduler(process_services().redis).start()  # type: ignore[no-untyped-call]


@cli.command()
def migrate() -> None:
    """Bring the database's tables up to date."""
    with opened() as services:
        steps = migrating.pending(services.database.engine)
        migrating.migrate(services.database.engine)
    out.print(f"{len(steps)} migration(s) applied." if steps else "Nothing to migrate.")


@cli.command("secret-key")
def secret_key() -> None:
    """Print a new key for SECRET_KEYS."""
    click.echo(Fernet.generate_key().decode())


@cli.command()
@json_option
def doctor(as_json: bool) -> None:
    """Check everything the app needs; one line each, with the cure."""
    with opened() as services:
        findings = list(checks.examine(services))
    healthy = all(finding.ok for finding in findings)
    if as_json:
        print_json({"healthy": healthy, "checks": [vars(finding) for finding in findings]})
    else:
        for finding in findings:
            mark = "[green]ok  [/]" if finding.ok else "[bold red]FAIL[/]"
            cure = "" if finding.ok else f" → {finding.cure}"
            tell(f"{mark} {finding.name}: {escape(finding.detail)}{escape(cure)}")
    sys.exit(0 if healthy else 1)


# --- setting up ---------------------------------------------------------------------------------


@cli.command()
@shop_option
@click.option("--seller-id", required=True, help="The seller id (merchant token).")
@click.option("--region", required=True, type=click.Choice([region.value for region in Region]))
@click.option("--refresh-token", required=True, help="From Seller Central; - reads it from stdin.")
@click.option(
    "--import-from",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="Import orders bought since then (UTC). Without it: since now.",
)
def connect(
    saleor_url: str,
    seller_id: str,
    region: str,
    refresh_token: str,
    import_from: datetime | None,
) -> None:
    """Connect a seller's Amazon account by a self-authorised refresh token."""
    token = sys.stdin.readline().strip() if refresh_token == "-" else refresh_token  # noqa: S105
    with opened() as services:
        tenant_id = accounts.tenant_of(services, saleor_url)
        account_id = accounts.connect_account(
            services,
            tenant_id,
            seller_id=seller_id,
            region=Region(region),
            refresh_token=token,
            import_from=import_from.replace(tzinfo=UTC) if import_from else None,
        )
        found = listing.marketplaces(services, tenant_id, account_id)
    out.print(f"Connected. The account sells on: {', '.join(m['marketplace'] for m in found)}.")
    out.print("Next: saleor-amazon map --marketplace …", highlight=False)


@cli.command("map")
@shop_option
@click.option("--seller-id", help="Needed if the shop has several accounts.")
@click.option("--marketplace", "marketplace_id", required=True, help="Amazon's marketplace id.")
@click.option("--channel", help="Slug of a channel with the marketplace's currency.")
@click.option("--warehouse", help="Slug, name or id. Default: the channel's only one.")
@click.option("--shipping-method", help="Name or id. Default: the channel's only one.")
@click.option("--tax-class", help="Name or id. Default: the shop's only one.")
@click.option("--import/--no-import", "import_orders", default=True, show_default=True)
@click.option("--hold-stock/--no-hold-stock", default=True, show_default=True)
@click.option(
    "--buyer-email",
    type=click.Choice([choice.value for choice in BuyerEmail]),
    default=BuyerEmail.PLACEHOLDER.value,
    show_default=True,
)
@click.option("--without-address", is_flag=True, help="Import even if Amazon withholds it.")
def map_(saleor_url: str, seller_id: str | None, marketplace_id: str, **choice: Any) -> None:  # noqa: ANN401
    """Map a marketplace to a channel, warehouse, shipping method and tax class."""
    choice["buyer_email"] = BuyerEmail(choice["buyer_email"])
    with opened() as services:
        tenant_id = accounts.tenant_of(services, saleor_url)
        account_id = listing.one_account(services, tenant_id, seller_id)
        row = accounts.map_marketplace(
            services, tenant_id, account_id, marketplace_id, accounts.MappingChoice(**choice)
        )
    out.print(f"{marketplace_id} → channel {row.channel} ({row.currency}).", highlight=False)


@cli.command("map-sku")
@shop_option
@click.option("--sku", required=True, help="The seller's SKU at Amazon.")
@click.option("--variant", required=True, help="The variant's id in Saleor.")
def map_sku(saleor_url: str, sku: str, variant: str) -> None:
    """Let an SKU of Amazon's stand for a variant; orders that waited for it are imported."""
    with opened() as services:
        accounts.map_sku(services, accounts.tenant_of(services, saleor_url), sku, variant)
    out.print(f"{sku} → {variant}", highlight=False)


# --- working ------------------------------------------------------------------------------------


@cli.command()
@click.option("--saleor-url", help="Only this shop.")
@click.option("--reconcile", is_flag=True, help="Read by purchase date, to find what was missed.")
@json_option
def sync(saleor_url: str | None, reconcile: bool, as_json: bool) -> None:
    """Sweep all accounts once and import what is ready, in the foreground."""
    kind = SweepKind.RECONCILE if reconcile else SweepKind.UPDATES
    with opened(patience=_FOREGROUND_PATIENCE) as services:
        results = [
            _sync_account(services, tenant_id, account_id, kind, quiet=as_json)
            for tenant_id, account_id in listing.all_accounts(services, saleor_url)
        ]
    failed = any(result["failure"] for result in results)
    if as_json:
        print_json({"accounts": results})
    elif not results:
        out.print("No account is connected. Run saleor-amazon connect.")
    else:
        for result in results:
            _print_sync(result)
    sys.exit(1 if failed else 0)


def _print_sync(result: dict[str, Any]) -> None:
    states = ", ".join(
        f"{count} {state.replace('_', ' ')}" for state, count in result["states"].items()
    )
    tell(
        f"[bold]{result['seller']}[/]: {result['read']} orders read, {result['changed']} new or "
        f"changed; {result['imported']} imported, {result['blocked']} held."
    )
    tell(f"  All orders: {states or 'none'}.")
    for marketplace_id in result["unmapped"]:
        tell(
            f"  [bold]{marketplace_id}[/] is not mapped to a channel: nothing of it is imported. "
            f"Run saleor-amazon map --marketplace {marketplace_id}."
        )
    if result["failure"]:
        tell(f"  [bold red]failed[/] {escape(result['failure'])}")


def _sync_account(
    services: Services, tenant_id: TenantId, account_id: AccountId, kind: SweepKind, *, quiet: bool
) -> dict[str, Any]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, disable=quiet) as bar:
        reading = bar.add_task("reading Amazon", total=None)
        swept = passes.sweep(
            services,
            tenant_id,
            account_id,
            kind,
            passes.Progress(
                on_page=lambda r: bar.update(reading, description=f"{r.orders} orders read")
            ),
        )
        bar.update(reading, total=1, completed=1)
        ready = listing.ready_count(services, tenant_id, account_id)
        writing = bar.add_task("writing to Saleor", total=ready or 1)
        imported = passes.import_ready(
            services,
            tenant_id,
            account_id,
            passes.Progress(on_batch=lambda r: bar.update(writing, completed=r.imported)),
        )
        carried = bar.add_task("comparing both sides", total=None)
        report = carrying.carry(services, tenant_id, account_id)
        bar.update(carried, total=1, completed=1)
    failure = swept.failure if swept.end is SweepEnd.FAILED else imported.failure or report.failure
    return {
        "account": account_id,
        "seller": listing.seller_of(services, tenant_id, account_id),
        "sweep": swept.end.value,
        "read": swept.orders,
        "changed": swept.changed,
        "imported": imported.imported,
        "blocked": imported.blocked,
        "import": "busy" if imported.busy else "done",
        "states": listing.states(services, tenant_id, account_id),
        "unmapped": [
            row["marketplace"]
            for row in listing.marketplaces(services, tenant_id, account_id)
            if not row["channel"]
        ],
        "failure": str(failure) if failure else None,
    }


@cli.group()
def orders() -> None:
    """Look at orders, fetch them again, repair them."""


@orders.command("list")
@shop_option
@click.option("--state", help="Only orders in this state, e.g. blocked.")
@click.option("--limit", default=50, show_default=True)
@json_option
def orders_list(saleor_url: str, state: str | None, limit: int, as_json: bool) -> None:
    """List orders, the latest purchase first."""
    with opened() as services:
        tenant_id = accounts.tenant_of(services, saleor_url)
        rows = listing.orders(services, tenant_id, state, limit)
    if as_json:
        print_json({"orders": rows})
    else:
        for row in rows:
            _print_row(row)
        tell(f"{len(rows)} orders." if rows else "No orders.")


def _print_row(row: dict[str, Any]) -> None:
    bought = f"{row['purchased']:%Y-%m-%d %H:%M}" if row["purchased"] else "?"
    number = f" → Saleor {row['saleor_order']}" if row["saleor_order"] else ""
    tell(
        f"{bought:16}  [bold]{row['amazon_order']}[/]  {row['marketplace'] or '?'}  "
        f"{row['total'] or ''}  {row['state']}{number}"
    )
    tell(f"  [dim]{escape(row['note'])}[/]")


@orders.command("show")
@shop_option
@click.argument("amazon_order_id")
@json_option
def orders_show(saleor_url: str, amazon_order_id: str, as_json: bool) -> None:
    """Show an order: its state, its problems with their cures, its history."""
    with opened() as services:
        tenant_id = accounts.tenant_of(services, saleor_url)
        order = listing.order(services, tenant_id, amazon_order_id)
    if as_json:
        print_json(order)
        return
    for key, value in order.items():
        if key not in ("problems", "history", "note") and value is not None:
            shown = f"{value:%Y-%m-%d %H:%M UTC}" if isinstance(value, datetime) else value
            tell(f"[bold]{key.replace('_', ' '):14}[/] {escape(str(shown))}")
    for problem in order["problems"]:
        tell(f"[bold red]problem[/]        {escape(problem['message'])} {problem['cure']}")
    tell("[bold]history[/]")
    for event in order["history"]:
        tell(f"  {event['at']:%Y-%m-%d %H:%M}  {escape(event['message'])}")


@orders.command("fetch")
@shop_option
@click.option("--seller-id", help="Needed if the shop has several accounts.")
@click.argument("amazon_order_id")
@json_option
def orders_fetch(
    saleor_url: str, seller_id: str | None, amazon_order_id: str, as_json: bool
) -> None:
    """Fetch one order from Amazon, known or not, and import it if it is ready."""
    with opened() as services:
        tenant_id = accounts.tenant_of(services, saleor_url)
        account_id = listing.one_account(services, tenant_id, seller_id)
        refetching.fetch_order(services, tenant_id, account_id, amazon_order_id)
        passes.import_ready(services, tenant_id, account_id)
        order = listing.order(services, tenant_id, amazon_order_id)
    print_outcome(order, as_json=as_json)


@orders.command("retry")
@shop_option
@click.argument("amazon_order_id")
@json_option
def orders_retry(saleor_url: str, amazon_order_id: str, as_json: bool) -> None:
    """Try a blocked order again."""
    with opened() as services:
        tenant_id = accounts.tenant_of(services, saleor_url)
        account_id = repairs.retry(services, tenant_id, amazon_order_id)
        passes.import_ready(services, tenant_id, account_id)
        order = listing.order(services, tenant_id, amazon_order_id)
    print_outcome(order, as_json=as_json)


@orders.command("repair-address")
@shop_option
@click.argument("amazon_order_id")
@click.option("--name")
@click.option("--company-name")
@click.option("--address-line1")
@click.option("--address-line2")
@click.option("--city")
@click.option("--state-or-region")
@click.option("--postal-code")
@click.option("--country-code")
@click.option("--phone")
@json_option
def orders_repair(
    saleor_url: str, amazon_order_id: str, as_json: bool, **changes: str | None
) -> None:
    """Repair an order's address and try it again; Amazon's later updates leave the repair alone."""
    wanted = {key: value for key, value in changes.items() if value is not None}
    if not wanted:
        raise Misconfigured("Nothing to repair.", cure="Name a field, e.g. --postal-code 98101.")
    with opened() as services:
        tenant_id = accounts.tenant_of(services, saleor_url)
        account_id = repairs.repair_address(services, tenant_id, amazon_order_id, wanted)
        passes.import_ready(services, tenant_id, account_id)
        order = listing.order(services, tenant_id, amazon_order_id)
    print_outcome(order, as_json=as_json)


# --- demo and sandbox ---------------------------------------------------------------------------


@cli.command()
@click.option("--once", is_flag=True, help="Stop after the import; exit 0 only if all is right.")
@click.option("--orders", "count", default=120, show_default=True, help="Orders to generate.")
@click.option("--seed", default=7, show_default=True)
@click.option(
    "--scenario",
    type=click.Choice(["import", "day"]),
    default="import",
    show_default=True,
    help="day: play a merchant's day on both sides after the import.",
)
@click.option("--data", type=click.Path(path_type=Path), default=Path(".demo"), show_default=True)
@click.option("--fresh", is_flag=True, help="Forget what an earlier demo left.")
@json_option
def demo(
    once: bool, count: int, seed: int, scenario: str, data: Path, fresh: bool, as_json: bool
) -> None:
    """Try it all without an account anywhere: simulated Amazon, simulated Saleor, real app."""
    from saleor_amazon_app.demo import Demo

    configure_logging("WARNING")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: stops all it started
    folder = data / f"{count}-orders-seed-{seed}{'-day' if scenario == 'day' else ''}"
    show = Demo(folder, count, seed, scenario, quiet=as_json, fresh=fresh)
    sys.exit(show.run(once=once, as_json=as_json))


@cli.group()
def sandbox() -> None:
    """Run a simulator on a port, for tests and integrations."""


@sandbox.command("amazon")
@click.option("--port", default=8801, show_default=True)
@click.option("--state-file", type=click.Path(path_type=Path))
@click.option("--speed", default=1.0, show_default=True, help="How fast its clock runs.")
@click.option("--pace", default=1.0, show_default=True, help="Allow so many times more calls.")
@click.option("--behind", default=0.0, show_default=True, help="Start its clock SECONDS ago.")
def sandbox_amazon(
    port: int, state_file: Path | None, speed: float, pace: float, behind: float
) -> None:
    """Run the simulated Amazon."""
    from saleor_amazon_app.sandbox.amazon.app import serve as serve_amazon

    late = timedelta(seconds=behind)
    serve_amazon(port, state_file=state_file, speed=speed, pace=pace, behind=late)


@sandbox.command("saleor")
@click.option("--port", default=8802, show_default=True)
@click.option("--state-file", type=click.Path(path_type=Path))
def sandbox_saleor(port: int, state_file: Path | None) -> None:
    """Run the simulated Saleor."""
    from saleor_amazon_app.sandbox.saleor.app import serve as serve_saleor

    serve_saleor(port, state_file=state_file)


def print_outcome(order: dict[str, Any], *, as_json: bool) -> None:
    """Tell what became of an order."""
    if as_json:
        print_json(order)
    else:
        tell(f"{order['state']}: {escape(order['note'])}")


for command in (*cli_mirror.COMMANDS, *cli_notifications.COMMANDS):
    cli.add_command(command)
