"""Commands for Amazon's notifications: switch them on and off, look, try them."""

import sys
import time
from collections.abc import Callable, Sequence
from typing import Final

import click
from rich.markup import escape

from saleor_amazon_app.amazon.notifications import NotificationType
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.sync import accounts, listing
from saleor_amazon_app.sync.services import Services
from saleor_amazon_app.sync.subscribing import NotificationState, Subscriptions, TypeState
from saleor_amazon_app.terminal import json_option, opened, print_json, shop_option, tell

_BETWEEN_LOOKS: Final = 2.0
_seller_option = click.option("--seller-id", help="Needed if the shop has several accounts.")


@click.group("notifications")
def notifications() -> None:
    """Have Amazon tell of changes at once (docs/notifications.md)."""


@notifications.command("on")
@shop_option
@_seller_option
@json_option
def switch_on(saleor_url: str, seller_id: str | None, as_json: bool) -> None:
    """Subscribe an account; what is on already stays."""
    with opened() as services:
        state = _subscriptions(services, saleor_url, seller_id).switch_on()
    _show(state, as_json=as_json)


@notifications.command("off")
@shop_option
@_seller_option
@json_option
def switch_off(saleor_url: str, seller_id: str | None, as_json: bool) -> None:
    """End an account's subscriptions; sweeps go on as before."""
    with opened() as services:
        types = _subscriptions(services, saleor_url, seller_id).switch_off()
    if as_json:
        print_json({"types": [vars(each) for each in types]})
    else:
        _show_types(types)


@notifications.command("status")
@shop_option
@_seller_option
@json_option
def status(saleor_url: str, seller_id: str | None, as_json: bool) -> None:
    """Show what is on at Amazon, when the last one came, and how the queue is."""
    with opened() as services:
        state = _subscriptions(services, saleor_url, seller_id).look()
    _show(state, as_json=as_json)


@notifications.command("test")
@shop_option
@_seller_option
@click.option(
    "--type",
    "kind",
    type=click.Choice([kind.value for kind in NotificationType]),
    default=NotificationType.ORDER_CHANGE.value,
    show_default=True,
)
@click.option("--scenario", required=True, help="Amazon's name for what the message tells.")
@click.option("--wait", default=60, show_default=True, help="Seconds to wait for it.")
def test(saleor_url: str, seller_id: str | None, kind: str, scenario: str, wait: int) -> None:
    """Have Amazon's sandbox send a made-up notification, and wait until it has come."""
    with opened() as services:
        subscriptions = _subscriptions(services, saleor_url, seller_id)
        came = subscriptions.test(NotificationType(kind), scenario, _patience(wait))
    tell("It came." if came else "[bold red]It did not come.[/] See docs/notifications.md.")
    sys.exit(0 if came else 1)


def _subscriptions(services: Services, saleor_url: str, seller_id: str | None) -> Subscriptions:
    tenant_id: TenantId = accounts.tenant_of(services, saleor_url)
    return Subscriptions(services, tenant_id, listing.one_account(services, tenant_id, seller_id))


def _patience(seconds: int) -> Callable[[], bool]:
    until = time.monotonic() + seconds

    def wait() -> bool:
        time.sleep(_BETWEEN_LOOKS)
        return time.monotonic() < until

    return wait


def _show(state: NotificationState, *, as_json: bool) -> None:
    """Print how things are; the exit code is 0 only if all types are on."""
    if as_json:
        print_json(vars(state) | {"types": [vars(each) for each in state.types]})
    else:
        _show_types(state.types)
        last = f"{state.last:%Y-%m-%d %H:%M UTC}" if state.last else "never"
        tell(f"Last one: {last}. In the queue: about {state.waiting}.")
        if not state.open_to_amazon:
            tell("[bold red]The queue's access policy does not let Amazon send to it.[/]")
    sys.exit(0 if state.open_to_amazon and all(each.on for each in state.types) else 1)


def _show_types(types: Sequence[TypeState]) -> None:
    marks = {True: "[green]on [/]", False: "[bold]off[/]", None: "[bold red]?  [/]"}
    for each in types:
        tell(f"{marks[each.on]} {each.type}  [dim]{escape(each.note)}[/]")


COMMANDS = (notifications,)
