"""An order in the making: what the cases change, and how it is written in Amazon's words."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from saleor_amazon_app.sandbox.amazon.clock import iso
from saleor_amazon_app.sandbox.amazon.people import (
    address,
    buyer_name,
    relay_email,
)
from saleor_amazon_app.sandbox.amazon.pricing import (
    PARTS,
    ZERO,
    Line,
    amount,
    line,
    money,
    proceeds,
    taxes,
    total,
)
from saleor_amazon_app.sandbox.catalogue import SalesChannel

Json = dict[str, Any]

_ID_PREFIXES: Final = {
    "US": ("111", "112", "113", "114"),
    "CA": ("701", "702"),
    "GB": ("202", "203", "204", "205", "026"),
    "DE": ("302", "303", "304", "305", "028"),
    "FR": ("171", "402", "403", "404"),
    "TR": ("405", "407"),
    "JP": ("249", "250", "503"),
    "BR": ("700", "701"),
    "AU": ("249", "250", "503"),
}
_SERVICE_DAYS: Final = {"STANDARD": 6, "EXPEDITED": 3, "NEXT_DAY": 1, "FREE_ECONOMY": 9}


@dataclass
class Draft:
    """An order before it is written down. A case changes what makes it special."""

    rng: random.Random
    channel: SalesChannel
    day: datetime
    lines: list[Line]
    address: Json
    buyer: Json
    created: datetime
    updated: datetime
    status: str = "UNSHIPPED"
    fulfilled_by: str = "MERCHANT"
    service_level: str = "STANDARD"
    programs: list[str] = field(default_factory=list)
    extra: Json = field(default_factory=dict)
    """Merged into the order as it is."""
    tip: Decimal = ZERO
    tip_in_total: bool = True
    priced: bool = True
    early: Callable[["Draft"], None] | None = None
    """Takes away what Amazon does not tell yet."""
    finish: list[Callable[[Json], None]] = field(default_factory=list)
    """Changes to the order as written."""

    def money(self, value: str) -> Decimal:
        return amount(value, self.channel.currency)

    @property
    def first(self) -> Line:
        return self.lines[0]


def start(rng: random.Random, channel: SalesChannel, day: datetime) -> Draft:
    """Begin a plain order of the day: one line, to be shipped by the merchant."""
    midnight = day.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    created = midnight + timedelta(milliseconds=rng.randrange(24 * 3_600_000))
    last = midnight + timedelta(days=1) - timedelta(milliseconds=1)
    updated = min(created + timedelta(seconds=rng.randrange(60, 7200)), last)
    name = buyer_name(rng, channel.country)
    return Draft(
        rng=rng,
        channel=channel,
        day=midnight,
        lines=[line(rng, channel)],
        address=address(rng, channel.country, name),
        buyer={"buyerName": name, "buyerEmail": relay_email(rng, channel.marketplace_name)},
        created=created,
        updated=updated,
    )


def order_id(rng: random.Random, channel: SalesChannel) -> str:
    prefix = rng.choice(_ID_PREFIXES[channel.country])
    return f"{prefix}-{rng.randrange(10**7):07d}-{rng.randrange(10**7):07d}"


def write(draft: Draft, number: str) -> Json:
    """Write an order down with every data set, as Amazon would tell it."""
    order: Json = {
        "orderId": number,
        "orderAliases": [{"aliasId": number, "aliasType": "SELLER_ORDER_ID"}],
        "createdTime": iso(draft.created),
        "lastUpdatedTime": iso(draft.updated),
        "programs": draft.programs,
        "salesChannel": _sales_channel(draft.channel),
        "buyer": draft.buyer,
        "recipient": {"deliveryAddress": draft.address} if draft.address else {},
        "fulfillment": _fulfillment(draft),
        "orderItems": [_item(draft, told) for told in draft.lines],
    }
    if draft.priced:
        order["proceeds"] = _order_proceeds(draft)
    order.update(draft.extra)
    for change in draft.finish:
        change(order)
    return {key: value for key, value in order.items() if value not in ({}, [])}


def _sales_channel(channel: SalesChannel) -> Json:
    return {
        "channelName": "AMAZON",
        "marketplaceId": channel.marketplace_id,
        "marketplaceName": channel.marketplace_name,
    }


def _fulfillment(draft: Draft) -> Json:
    days = _SERVICE_DAYS.get(draft.service_level, 6)
    ship = draft.created.replace(hour=7, minute=0, second=0, microsecond=0) + timedelta(days=1)
    deliver = ship + timedelta(days=days)
    return {
        "fulfillmentStatus": draft.status,
        "fulfilledBy": draft.fulfilled_by,
        "fulfillmentServiceLevel": draft.service_level,
        "shipByWindow": _window(ship, ship + timedelta(days=1)),
        "deliverByWindow": _window(deliver - timedelta(days=days // 2), deliver),
    }


def _window(earliest: datetime, latest: datetime) -> Json:
    end = latest.replace(hour=23, minute=59, second=59)
    return {"earliestDateTime": iso(earliest), "latestDateTime": iso(end)}


def _item(draft: Draft, told: Line) -> Json:
    item: Json = {
        "orderItemId": told.item_id,
        "quantityOrdered": told.quantity,
        "product": _product(draft, told),
    }
    if draft.priced:
        item["proceeds"] = proceeds(told, draft.channel)
    item["fulfillment"] = _item_fulfillment(draft, told)
    if told.facilitated:
        item["tax"] = _facilitated(draft)
    for key, value in told.extra.items():
        item[key] = {**item.get(key, {}), **value} if isinstance(value, dict) else value
    return item


def _product(draft: Draft, told: Line) -> Json:
    product: Json = {
        "asin": told.product.asin,
        "title": told.product.title,
        "sellerSku": told.product.sku,
        "condition": {"conditionType": "NEW", "conditionSubtype": "NEW", "conditionNote": ""},
    }
    if draft.priced and told.quantity:
        each = told.charges.get("ITEM", ZERO) / told.quantity
        product["price"] = {"unitPrice": money(each, draft.channel.currency)}
    return product


def _item_fulfillment(draft: Draft, told: Line) -> Json:
    done = told.quantity if draft.status == "SHIPPED" else 0
    return {"quantityFulfilled": done, "quantityUnfulfilled": told.quantity - done}


def _facilitated(draft: Draft) -> Json:
    party = {"US": "Amazon Services, Inc.", "JP": "Amazon Services International LLC"}
    name = party.get(draft.channel.country, "Amazon Services Europe S.a.r.L.")
    return {"taxCollections": [{"model": "MARKETPLACE_FACILITATOR", "responsibleParty": name}]}


def _order_proceeds(draft: Draft) -> Json:
    currency = draft.channel.currency
    grand = sum((total(told, draft.channel) for told in draft.lines), ZERO)
    breakdowns = [
        {"type": kind, "subtotal": money(value, currency)} for kind, value in _sums(draft).items()
    ]
    if draft.tip:
        tip = {"type": "DELIVERY_TIP", "status": "PENDING", "subtotal": money(draft.tip, currency)}
        breakdowns.append(tip)
        grand += draft.tip if draft.tip_in_total else ZERO
    return {"grandTotal": money(grand, currency), "breakdowns": breakdowns}


def _sums(draft: Draft) -> dict[str, Decimal]:
    """Return what the items have of each category, added up."""
    sums = {part: _sum_of(draft, part) for part in PARTS}
    tax = sum((sum(taxes(told, draft.channel).values(), ZERO) for told in draft.lines), ZERO)
    off = sum((_discounts_told(told) for told in draft.lines), ZERO)
    sums |= {"TAX": tax, "DISCOUNT": off}
    return {kind: value for kind, value in sums.items() if value or kind == "ITEM"}


def _sum_of(draft: Draft, part: str) -> Decimal:
    return sum((told.charges.get(part, ZERO) for told in draft.lines), ZERO)


def _discounts_told(told: Line) -> Decimal:
    off = sum(told.discounts.values(), ZERO)
    return -off if told.minus else off
