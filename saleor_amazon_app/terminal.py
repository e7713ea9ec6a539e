"""What the commands share: the two streams, common options, services for the foreground."""

import json as jsonlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, ParamSpec, TypeVar

import click
from rich.console import Console

from saleor_amazon_app.logs import configure_logging
from saleor_amazon_app.settings import load_settings
from saleor_amazon_app.sync.services import Services, build_services

P = ParamSpec("P")
R = TypeVar("R")

out: Final = Console()
err: Final = Console(stderr=True)


def json_option(function: Callable[P, R]) -> Callable[P, R]:
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(function)


def shop_option(function: Callable[P, R]) -> Callable[P, R]:
    return click.option(
        "--saleor-url", required=True, help="The shop's API address, https://.../graphql/."
    )(function)


@contextmanager
def opened(*, patience: float = 10.0) -> Iterator[Services]:
    """Open the services for a command that works in the foreground."""
    settings = load_settings()
    configure_logging(settings.log_level)
    services = build_services(settings, patience=patience)
    try:
        yield services
    finally:
        services.close()


def tell(text: str) -> None:
    """Print a line for a person; the terminal breaks it, not the program."""
    out.print(text, highlight=False, soft_wrap=True)


def print_json(value: object) -> None:
    click.echo(jsonlib.dumps(value, default=str, ensure_ascii=False))
