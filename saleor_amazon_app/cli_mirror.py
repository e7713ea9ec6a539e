"""Commands for the work between the two sides: cancel, refund, invoice, send again, read-only."""

import getpass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.ids import OrderItemId
from saleor_amazon_app.mirror.messages import AdjustmentReason, CancelReason
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.sync import accounts, asking, choices, guarding, invoicing, webhooks
from saleor_amazon_app.terminal import json_option, opened, print_json, shop_option, tell

_CANCEL_REASONS = click.Choice([reason.value for reason in CancelReason])
_ADJUSTMENT_REASONS = click.Choice([reason.value for reason in AdjustmentReason])


def _who() -> str:
    return f"cli:{getpass.getuser()}"


def _units(texts: tuple[str, ...]) -> dict[OrderItemId, int]:
    """Read ``ITEM=COUNT`` options."""
    units = {}
    for text in texts:
        item, _, count = text.partition("=")
        if not count.isdigit():
            raise Misconfigured(f"{text!r} is not ITEM=COUNT.", cure="Write it like 12345=2.")
        units[OrderItemId(item)] = int(count)
    return units


@click.group()
def amazon() -> None:
    """Act on orders at Amazon, and see what became of it."""


@amazon.command("cancel")
@shop_option
@click.argument("amazon_order_id")
@click.option("--reason", required=True, type=_CANCEL_REASONS)
@click.option("--item", "items", multiple=True, help="ITEM=COUNT: cancel only these units.")
def cancel(saleor_url: str, amazon_order_id: str, reason: str, items: tuple[str, ...]) -> None:
    """Cancel an unshipped order, or some of its units.

    For every reason but NoInventory Amazon adds the units back to its count of your stock.
    """
    chosen = CancelReason(reason)
    with opened() as services:
        tenant_id = accounts.tenant_of(services, saleor_url)
        if items:
            why = asking.adjustment_reason(chosen)
            units = _units(items)
            asking.cancel_units(services, tenant_id, amazon_order_id, units, why, _who())
        else:
            asking.cancel(services, tenant_id, amazon_order_id, chosen, _who())
    tell("Queued. Saleor follows once Amazon has accepted.")


@amazon.command("refund")
@shop_option
@click.argument("amazon_order_id")
@click.option("--amount", required=True, help="What the buyer gets, with tax, e.g. 12.50.")
@click.option("--item", "items", multiple=True, help="ITEM=COUNT: for these units.")
@click.option("--shipping", is_flag=True, help="Shipping, gift wrap and fees belong to it.")
@click.option("--reason", default="GeneralAdjustment", type=_ADJUSTMENT_REASONS)
def refund(
    saleor_url: str,
    amazon_order_id: str,
    amount: str,
    items: tuple[str, ...],
    shipping: bool,
    reason: str,
) -> None:
    """Refund the buyer of a shipped order through Amazon."""
    try:
        money = Decimal(amount)
    except InvalidOperation:
        raise Misconfigured(f"{amount!r} is no amount.", cure="Write it like 12.50.") from None
    asked = asking.RefundAsked(money, _units(items), shipping, AdjustmentReason(reason))
    with opened() as services:
        tenant_id = accounts.tenant_of(services, saleor_url)
        asking.refund(services, tenant_id, amazon_order_id, asked, _who())
    tell("Queued. Saleor's transaction follows once Amazon has accepted.")


@amazon.command("invoice")
@shop_option
@click.argument("amazon_order_id")
@click.option("--file", "path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--number", default="", help="As it is printed on the invoice.")
@click.option("--saleor-invoice", "saleor_id", default="", help="One of Saleor's, by its id.")
@click.option("--yes", is_flag=True, help="Send it without asking.")
def invoice(
    saleor_url: str,
    amazon_order_id: str,
    path: Path | None,
    number: str,
    saleor_id: str,
    yes: bool,
) -> None:
    """Upload an invoice of a shipped order to Amazon, a PDF or one of the order's in Saleor.

    Without either it lists those that Saleor has, and says what an invoice has to come to.
    """
    asked = invoicing.Asked(number, path.read_bytes() if path else None, saleor_id)
    with opened() as services:
        tenant_id = accounts.tenant_of(services, saleor_url)
        if not path and not saleor_id:
            _list_invoices(invoicing.choices(services, tenant_id, amazon_order_id))
            return
        seen = invoicing.preview(services, tenant_id, amazon_order_id, asked)
        _print_invoice(seen)
        if not yes and not click.confirm("Upload it?"):
            return
        invoicing.ask(
            services,
            tenant_id,
            amazon_order_id,
            asked,
            request_id=seen.request_id,
            digest=seen.digest,
            by=Person("", _who()),
        )
    tell("Queued. Amazon's answer is told by the intents.")


def _list_invoices(found: invoicing.Choices) -> None:
    amounts = found.amounts
    if amounts.total is None:
        tell(escape(amounts.why_not))
    else:
        total, vat = amounts.total, amounts.vat
        tell(f"An invoice has to come to {total} {amounts.currency}, of it {vat} VAT.")
    for one in found.listed:
        file = "" if one.url else "  [dim](no file yet)[/]"
        tell(f"[bold]{escape(one.number)}[/]  {one.created_at:%Y-%m-%d}  {escape(one.id)}{file}")
    if not found.listed:
        tell("The order has no invoice in Saleor.")


def _print_invoice(seen: invoicing.Preview) -> None:
    for name, value in seen.options.items():
        tell(f"[bold]{name:25}[/] {escape(value)}")
    tell(f"[bold]{'file':25}[/] PDF, {seen.message.size} bytes")
    for warning in seen.warnings:
        tell(f"[yellow]{escape(warning)}[/]")


@amazon.command("intents")
@shop_option
@click.option("--state", help="Only intents in this state, e.g. needs_attention.")
@click.option("--limit", default=50, show_default=True)
@json_option
def intents(saleor_url: str, state: str | None, limit: int, as_json: bool) -> None:
    """List what was to be told to Amazon, and what became of it."""
    with opened() as services:
        tenant_id = accounts.tenant_of(services, saleor_url)
        rows = asking.intents(services, tenant_id, state, limit)
    if as_json:
        print_json({"intents": rows})
        return
    for row in rows:
        tell(
            f"{row['id']:>5}  [bold]{row['amazon_order']}[/]  {row['kind']}  "
            f"[bold]{row['state']}[/]  {escape(str(row['summary']))}"
        )
        if row["answer"]:
            tell(f"       [dim]{escape(str(row['answer']))}[/]")
    tell(f"{len(rows)} intents." if rows else "Nothing was to be told to Amazon.")


@amazon.command("again")
@shop_option
@click.argument("intent_id", type=int)
def again(saleor_url: str, intent_id: int) -> None:
    """Send an intent again that was rejected, or whose outcome nobody knows.

    A refund may then be paid out twice: look in Seller Central first.
    """
    with opened() as services:
        tenant_id = accounts.tenant_of(services, saleor_url)
        asking.send_again(services, tenant_id, intent_id, _who())
    tell("Queued.")


@amazon.command("done")
@shop_option
@click.argument("intent_id", type=int)
def done(saleor_url: str, intent_id: int) -> None:
    """Settle an intent of unknown outcome: you have seen it done in Seller Central."""
    with opened() as services:
        tenant_id = accounts.tenant_of(services, saleor_url)
        asking.settle_as_done(services, tenant_id, intent_id, _who())
    tell("Settled as done.")


@amazon.command("give-up")
@shop_option
@click.argument("intent_id", type=int)
def give_up(saleor_url: str, intent_id: int) -> None:
    """Give up an intent: it was not done, and is not to be."""
    with opened() as services:
        tenant_id = accounts.tenant_of(services, saleor_url)
        asking.withdraw(services, tenant_id, intent_id, _who())
    tell("Given up.")


@amazon.command("dismiss")
@shop_option
@click.argument("amazon_order_id")
@click.argument("problem")
def dismiss(saleor_url: str, amazon_order_id: str, problem: str) -> None:
    """Close an order's problem for good, e.g. cancel_requested to ship all the same."""
    with opened() as services:
        tenant_id = accounts.tenant_of(services, saleor_url)
        count = asking.dismiss(services, tenant_id, amazon_order_id, problem)
    tell(f"{count} problem(s) closed." if count else "The order has no such problem.")


@amazon.command("terms")
@shop_option
@click.option("--seller-id", help="Needed if the shop has several accounts.")
@click.option("--marketplace", "marketplace_id", required=True, help="Amazon's marketplace id.")
@click.option("--default-carrier", help="For parcels whose carrier is not told or recognised.")
@click.option("--tracking-wait", "tracking_wait_hours", type=click.IntRange(0, 240), help="Hours.")
@click.option("--ship-without-tracking/--no-ship-without-tracking", default=None)
@click.option("--cancel-reason", type=_CANCEL_REASONS)
@click.option("--refund-reason", type=_ADJUSTMENT_REASONS)
def terms(saleor_url: str, seller_id: str | None, marketplace_id: str, **chosen: Any) -> None:  # noqa: ANN401
    """Choose how work goes back to a marketplace; what is left out stays as it is."""
    with opened() as services:
        tenant_id = accounts.tenant_of(services, saleor_url)
        now = choices.set_terms(services, tenant_id, seller_id, marketplace_id, chosen)
    for name, value in now.items():
        tell(f"[bold]{name.replace('_', ' '):22}[/] {escape(str(value))}")


@amazon.command("word")
@shop_option
@click.argument("kind", type=click.Choice(["carrier", "refund-reason", "supply-source"]))
@click.argument("word")
@click.argument("code", required=False)
def word(saleor_url: str, kind: str, word: str, code: str | None) -> None:
    """Let a word of yours stand for Amazon's; no code removes it.

    A word is a carrier's name, a reason, or a warehouse's slug in Saleor; the code of a warehouse
    is Amazon's supply source id.
    """
    with opened() as services:
        tenant_id = accounts.tenant_of(services, saleor_url)
        choices.set_word(services, tenant_id, kind.replace("-", "_"), word, code)
    tell(f"{word} → {code}" if code else f"{word} removed.")


@click.command("read-only")
@shop_option
@click.argument("mode", type=click.Choice(["on", "off"]))
def read_only(saleor_url: str, mode: str) -> None:
    """Keep everything from going to Amazon, or let it go: off vouches for the addresses."""
    with opened() as services:
        tenant_id = accounts.tenant_of(services, saleor_url)
        guarding.set_read_only(services, tenant_id, on=mode == "on")
    tell(
        "Read-only: what would go to Amazon waits."
        if mode == "on"
        else "Work goes to Amazon again."
    )


@click.group("webhooks")
def webhooks_group() -> None:
    """The app's webhooks in a shop."""


@webhooks_group.command("sync")
@shop_option
@json_option
def webhooks_sync(saleor_url: str, as_json: bool) -> None:
    """Make a shop's webhooks those of this version."""
    with opened() as services:
        changes = webhooks.sync(services, accounts.tenant_of(services, saleor_url))
    if as_json:
        print_json(vars(changes))
    else:
        for name, events in vars(changes).items():
            tell(f"[bold]{name:10}[/] {', '.join(events) if events else '-'}")


COMMANDS = (amazon, read_only, webhooks_group)
