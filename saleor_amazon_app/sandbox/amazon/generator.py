"""Orders of a day, made up from a seed: many plain ones, and every odd one that Amazon has."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from saleor_amazon_app.sandbox.amazon import cases_money, cases_people, cases_states
from saleor_amazon_app.sandbox.amazon.cases import CASES, Case
from saleor_amazon_app.sandbox.amazon.drafts import order_id, start, write
from saleor_amazon_app.sandbox.catalogue import SALES_CHANNELS, SalesChannel

Json = dict[str, Any]

CASE_MODULES: Final = (cases_states, cases_money, cases_people)
"""Importing them fills the register."""


@dataclass(frozen=True)
class GeneratedOrder:
    """An order, and what a mirror should make of it.

    ``order`` holds every data set as Amazon tells it now. ``later`` is the same order once Amazon
    tells what it keeps back so far; None if nothing is kept back.
    """

    order: Json
    case: str
    expected: str
    """imported, waiting, blocked or left_out"""
    why: str
    later: Json | None = None


def generate(
    seed: int, count: int, *, day: datetime, channels: Iterable[str] | None = None
) -> list[GeneratedOrder]:
    """Make up a day's orders, always the same for the same arguments.

    Each case comes up at least once as soon as there is an order for each.

    Args:
        seed: What the randomness starts from.
        count: How many orders.
        day: The day (UTC) on which the orders are placed or, a few, updated.
        channels: Slugs or marketplace ids of the sales channels to order on, or None for all.
    """
    rng = random.Random(f"{seed}/{count}")
    open_channels = _channels(channels)
    numbers: set[str] = set()
    chosen = _choose(rng, count, open_channels)
    return [_generate(rng, each, day, open_channels, numbers) for each in chosen]


def _channels(wanted: Iterable[str] | None) -> list[SalesChannel]:
    names = None if wanted is None else set(wanted)
    return [
        channel
        for channel in SALES_CHANNELS
        if names is None or channel.slug in names or channel.marketplace_id in names
    ]


def _choose(rng: random.Random, count: int, channels: list[SalesChannel]) -> list[Case]:
    slugs = {channel.slug for channel in channels}
    possible = [each for each in CASES.values() if slugs & set(each.channels)]
    sure = possible if count >= len(possible) else []
    weights = [each.weight for each in possible]
    chosen = [*sure, *rng.choices(possible, weights, k=count - len(sure))]
    rng.shuffle(chosen)
    return chosen


def _generate(
    rng: random.Random,
    kind: Case,
    day: datetime,
    channels: list[SalesChannel],
    numbers: set[str],
) -> GeneratedOrder:
    channel = rng.choice([c for c in channels if c.slug in kind.channels])
    number = _new_number(rng, channel, numbers)
    draft = start(rng, channel, day)
    kind.change(draft)
    later = None
    if draft.early:
        later = write(draft, number)
        draft.early(draft)
    return GeneratedOrder(write(draft, number), kind.name, kind.expected, kind.why, later)


def _new_number(rng: random.Random, channel: SalesChannel, numbers: set[str]) -> str:
    while (number := order_id(rng, channel)) in numbers:
        continue
    numbers.add(number)
    return number
