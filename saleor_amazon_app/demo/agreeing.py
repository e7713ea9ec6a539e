"""Do both sides tell the same story? Compares every mirrored order of the two simulators.

The app is not asked: what is compared is what Amazon has and what the shop shows.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from saleor_amazon_app.demo.hands import Dashboard, SellerCentral
from saleor_amazon_app.mirror.drafting import PLACEHOLDER_EMAIL_DOMAIN

Json = dict[str, Any]

_STATUSES: Final = {
    "CANCELLED": "CANCELED",
    "UNSHIPPED": "UNFULFILLED",
    "PARTIALLY_SHIPPED": "PARTIALLY_FULFILLED",
    "SHIPPED": "FULFILLED",
}
_GONE: Final = ("CANCELED", "WAITING_FOR_APPROVAL")


def disagreements(seller_central: SellerCentral, dashboard: Dashboard) -> list[str]:
    """Return a sentence for each difference between the two sides."""
    saleor = dashboard.orders()
    found: list[str] = []
    for told in seller_central.orders():
        mirrored = saleor.get(told["order_id"])
        if mirrored is None:
            continue
        order = seller_central.order(told["order_id"])
        sentences = _differences(order, told, mirrored)
        found += [f"{told['order_id']} ({told['case']}): {each}" for each in sentences]
    return [*found, *_mails(dashboard)]


def _differences(order: Json, told: Json, mirrored: Json) -> Iterator[str]:
    cancelled = told["status"] == "CANCELLED"
    if _STATUSES.get(told["status"], told["status"]) != _status(order, mirrored):
        yield f"{told['status']} at Amazon, {mirrored['status']} in Saleor"
    if not cancelled:
        yield from _units(order, mirrored)
        yield from _trackings(order, mirrored)
    paid = Decimal(0) if cancelled else Decimal(told["paid"])
    if paid != Decimal(mirrored["charged"]):
        yield f"the buyer has paid {paid} at Amazon and {mirrored['charged']} in Saleor"
    if Decimal(mirrored["refundPending"]):
        yield f"a refund of {mirrored['refundPending']} is pending in Saleor"
    if told["refunded_by_mistake"]:
        yield "refunded by mistake"


def _status(order: Json, mirrored: Json) -> str:
    """Return Saleor's status, without units that Amazon cancelled: Saleor's lines keep them."""
    status = str(mirrored["status"])
    ordered = {item["orderItemId"]: item["quantityOrdered"] for item in order["orderItems"]}
    all_sent = all(
        line["quantityFulfilled"] >= ordered.get(line["orderItemId"], 0)
        for line in mirrored["lines"]
    )
    return "FULFILLED" if status == "PARTIALLY_FULFILLED" and all_sent else status


def _units(order: Json, mirrored: Json) -> Iterator[str]:
    lines = {line["orderItemId"]: line for line in mirrored["lines"]}
    for item in order["orderItems"]:
        line = lines.get(item["orderItemId"])
        if line is None:
            if item["quantityOrdered"]:  # an item that was cancelled before the import is left out
                yield f"item {item['orderItemId']} is not in Saleor"
            continue
        sent = item.get("fulfillment", {}).get("quantityFulfilled", 0)
        if sent != line["quantityFulfilled"]:
            yield (
                f"of item {item['orderItemId']} {sent} units are sent at Amazon and "
                f"{line['quantityFulfilled']} in Saleor"
            )


def _trackings(order: Json, mirrored: Json) -> Iterator[str]:
    """Compare the parcels that have a number, each with its units."""
    at_amazon = Counter(
        (parcel["trackingNumber"], _content(parcel["packageItems"]))
        for parcel in order.get("packages", ())
        if parcel.get("trackingNumber")
    )
    in_saleor = Counter(
        (made["tracking"], _content(made["lines"]))
        for made in mirrored["fulfillments"]
        if made["tracking"] and made["status"] not in _GONE
    )
    for number, _ in at_amazon - in_saleor:
        yield f"parcel {number} is not so in Saleor"
    for number, _ in in_saleor - at_amazon:
        yield f"parcel {number} is not so at Amazon"


def _content(parts: list[Mapping[str, Any]]) -> tuple[tuple[str, int], ...]:
    units: Counter[str] = Counter()
    for part in parts:
        units[part["orderItemId"]] += part["quantity"]
    return tuple(sorted(units.items()))


def _mails(dashboard: Dashboard) -> Iterator[str]:
    for mail in dashboard.mails():
        if not mail["to"].endswith(f"@{PLACEHOLDER_EMAIL_DOMAIN}"):
            yield f"Saleor wrote a mail ({mail['kind']}) to a buyer"
