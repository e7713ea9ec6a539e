"""What of an order has left, and what is still to be held in stock: the fulfilments at creation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from saleor_amazon_app.mirror.amazon_order import AmazonOrder, OrderItem
from saleor_amazon_app.mirror.facts import (
    IMPORTED_FULFILLMENTS,
    RESERVATION,
    RESERVATION_WAREHOUSE,
)
from saleor_amazon_app.mirror.ids import VariantId
from saleor_amazon_app.mirror.mapping import Mapping as ChannelMapping
from saleor_amazon_app.mirror.reckoning import ItemSums

_TRACKING: Final = 255
"""The length of Saleor's tracking numbers."""


@dataclass(frozen=True)
class Variant:
    """What an SKU means in Saleor."""

    id: VariantId
    sku: str
    product_name: str
    variant_name: str = ""


@dataclass(frozen=True)
class Line:
    item: OrderItem
    sums: ItemSums
    variant: Variant


@dataclass(frozen=True)
class Plan:
    """The order's status and fulfilments at creation."""

    status: str
    fulfillments: list[dict[str, Any]]
    touches_stock: bool
    reserves: bool

    def facts(self, mapping: ChannelMapping) -> dict[str, str]:
        """Return what the order has to remember: what Amazon shipped first, what holds stock."""
        if not self.fulfillments:
            return {}
        count = str(len(self.fulfillments))
        if not self.reserves:
            return {IMPORTED_FULFILLMENTS: count}
        return {
            IMPORTED_FULFILLMENTS: count,
            RESERVATION: count,
            RESERVATION_WAREHOUSE: mapping.warehouse_id,
        }

    @classmethod
    def make(
        cls, order: AmazonOrder, lines: list[Line], mapping: ChannelMapping, *, reserve: bool
    ) -> "Plan":
        """Plan fulfilments for what has left, and one that holds the stock of what has not.

        Saleor reserves nothing for an imported order. It does once a fulfilment of the open units
        is created with the order and cancelled afterwards.
        """
        hold = reserve and mapping.hold_stock and order.fulfilled_by == "MERCHANT"
        shipped = _shipments(order, lines, mapping)
        left = {i: line.item.quantity_ordered for i, line in enumerate(lines)}
        for parcel in shipped:
            for part in parcel["lines"]:
                left[part["orderLineIndex"]] -= part["quantity"]
        open_units = {i: quantity for i, quantity in left.items() if quantity}
        if hold and open_units:
            shipped.append(_fulfillment(open_units, lines, mapping))
            return cls("FULFILLED", shipped, touches_stock=True, reserves=True)
        status = _status(any_shipped=bool(shipped), any_open=bool(open_units))
        return cls(status, shipped, touches_stock=hold, reserves=False)


def _status(*, any_shipped: bool, any_open: bool) -> str:
    if not any_shipped:
        return "UNFULFILLED"
    return "PARTIALLY_FULFILLED" if any_open else "FULFILLED"


def _shipments(
    order: AmazonOrder, lines: list[Line], mapping: ChannelMapping
) -> list[dict[str, Any]]:
    """Return a fulfilment per package, and one for shipped units that no package names."""
    left = {i: _shipped(order, line.item) for i, line in enumerate(lines)}
    index = {line.item.order_item_id: i for i, line in enumerate(lines)}
    parcels = []
    for package in order.packages:
        units: dict[int, int] = {}
        for part in package.package_items:
            i = index.get(part.order_item_id)
            if i is None or not (quantity := min(part.quantity, left[i])):
                continue
            units[i] = units.get(i, 0) + quantity
            left[i] -= quantity
        if units:
            parcels.append(_fulfillment(units, lines, mapping, package.tracking_number))
    rest = {i: quantity for i, quantity in left.items() if quantity}
    return [*parcels, _fulfillment(rest, lines, mapping)] if rest else parcels


def _shipped(order: AmazonOrder, item: OrderItem) -> int:
    """Count the units that have left; a SHIPPED order has sent all, whatever its items say."""
    return item.quantity_ordered if order.status == "SHIPPED" else item.quantity_shipped


def _fulfillment(
    units: Mapping[int, int],
    lines: list[Line],
    mapping: ChannelMapping,
    tracking: str | None = None,
) -> dict[str, Any]:
    return {
        "trackingCode": (tracking or "")[:_TRACKING],
        "lines": [
            {
                "variantId": lines[i].variant.id,
                "quantity": quantity,
                "warehouse": mapping.warehouse_id,
                "orderLineIndex": i,
            }
            for i, quantity in units.items()
        ],
    }
