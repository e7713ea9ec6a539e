"""Messages of POST_PAYMENT_ADJUSTMENT_DATA: refunds, and units cancelled before they are shipped.

Sources: Seller Central help G200387280 (amounts are totals of the quantity; the net must be a
credit), amzn/selling-partner-api-models#1372 (tax). There is no idempotency: a repeated message
refunds again, as long as money is left.
"""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from itertools import chain
from typing import Final
from xml.etree.ElementTree import Element as Node

from saleor_amazon_app.sandbox.amazon import ledger
from saleor_amazon_app.sandbox.amazon.cancelling import cancel_units, restock
from saleor_amazon_app.sandbox.amazon.feed_orders import count_of, named_item, own_order
from saleor_amazon_app.sandbox.amazon.ledger import Account, Part, Sums, added
from saleor_amazon_app.sandbox.amazon.order_facts import (
    ZERO,
    any_fulfilled,
    currency,
    fulfilled,
    includes_tax,
    is_facilitated,
    item_of,
    status,
    unfulfilled,
)
from saleor_amazon_app.sandbox.amazon.refunding import give_back
from saleor_amazon_app.sandbox.amazon.refusals import Refused
from saleor_amazon_app.sandbox.amazon.state import Json, State, StoredOrder

_TAXES: Final = frozenset({"Tax", "ShippingTax", "GiftWrapTax", "CODTax", "RestockingFeeTax"})
_DEDUCTIONS: Final = ("RestockingFee", "RestockingFeeTax")
_TAX_NOT_ELIGIBLE: Final = "The requested refund amount for the tax or shipping tax is not eligible"
_CHARGED: Final = frozenset((*ledger.CHARGES.values(), *ledger.TAXES.values())) - {"Other"}
"""Components of which no more can go back than was charged. Goodwill and the like have no charge
of their own; only the sum limits them."""
_REFUNDABLE: Final = ("PARTIALLY_SHIPPED", "SHIPPED")
_CANCELLABLE: Final = ("UNSHIPPED", "PARTIALLY_SHIPPED")


def adjust(state: State, seller_id: str, body: Node, at: str) -> list[str]:
    """Carry out a message, all of it or nothing.

    Raises:
        Refused: The order or its money does not allow it.
    """
    stored = own_order(state, seller_id, body)
    nodes = body.findall("AdjustedItem")
    if body.findtext("ActionType") == "Cancel":
        _cancel(state, stored, nodes, at)
    else:
        _refund(state, stored, nodes, at)
    return []


def _refund(state: State, stored: StoredOrder, nodes: list[Node], at: str) -> None:
    order = stored.order
    if status(order) not in _REFUNDABLE:
        raise Refused(f"The order cannot be refunded in status {status(order)}.")
    parts = [_part(order, node) for node in nodes]
    for item_id in dict.fromkeys(part.item_id for part in parts):
        _check_item(state, order, [part for part in parts if part.item_id == item_id])
    give_back(state, stored, parts, source="feed", at=at)


def _part(order: Json, node: Node) -> Part:
    item = named_item(order, node)
    item_id = item["orderItemId"]
    if node.find("QuantityCancelled") is not None:
        raise Refused("QuantityCancelled needs the action type Cancel.", item_id=item_id)
    paths = ("ItemPriceAdjustments/Component", "DirectPaymentAdjustments/Component")
    components = _sums(order, chain(*(node.iterfind(path) for path in paths)))
    promotions = _sums(order, node.iterfind("PromotionAdjustments/Component"))
    quantity = count_of(node, "Quantity")
    _check_quantity(item, quantity)
    own_id = node.findtext("MerchantAdjustmentItemID", "")
    return Part(item_id, components, promotions, quantity, own_id)


def _sums(order: Json, nodes: Iterable[Node]) -> Sums:
    return added((node.findtext("Type", ""), _amount(order, node)) for node in nodes)


def _amount(order: Json, node: Node) -> Decimal:
    told = node.find("Amount")
    code = None if told is None else told.get("currency")
    if code not in (None, currency(order)):
        raise Refused(f"The order was not paid in {code}.")
    return Decimal(node.findtext("Amount", "0"))


def _check_quantity(item: Json, quantity: int | None) -> None:
    if not fulfilled(item) or (quantity or 0) > fulfilled(item):
        text = "The quantity to refund is more than was shipped of the item."
        raise Refused(text, item_id=item["orderItemId"])


def _check_item(state: State, order: Json, parts: list[Part]) -> None:
    """Check all that a message says of one item against what is left of it."""
    item = item_of(order, parts[0].item_id)
    components = added(pair for part in parts for pair in part.components.items())
    promotions = added(pair for part in parts for pair in part.promotions.items())
    given = sum((*components.values(), *promotions.values()), ZERO)
    try:
        _check_taxes(order, item, components)
        _check_signs(components, promotions, given)
        _check_amounts(ledger.left(state, order, item), components, promotions, given)
    except Refused as refused:
        raise Refused(refused.message, item_id=item["orderItemId"]) from None


def _check_taxes(order: Json, item: Json, components: Sums) -> None:
    if _TAXES & set(components) and (includes_tax(order) or is_facilitated(item)):
        raise Refused(_TAX_NOT_ELIGIBLE)


def _check_signs(components: Sums, promotions: Sums, given: Decimal) -> None:
    if any(components.get(name, ZERO) > 0 for name in _DEDUCTIONS):
        raise Refused("A restocking fee must be negative.")
    if any(value > 0 for value in promotions.values()):
        raise Refused("A promotion adjustment must be negative.")
    if given <= 0:
        raise Refused("The adjustment must be a credit to the buyer.")


def _check_amounts(
    left: Account,
    components: Sums,
    promotions: Sums,
    given: Decimal,
) -> None:
    for name in _CHARGED & set(components):
        if components[name] > left.components.get(name, ZERO):
            raise Refused(f"The refund of {name} is more than is left of it.")
    for name, value in promotions.items():
        if -value > left.promotions.get(name, ZERO):
            raise Refused(f"The adjustment of the {name} promotion is more than is left of it.")
    if given > left.total:
        raise Refused("The refund is more than is left of the item.")


def _cancel(state: State, stored: StoredOrder, nodes: list[Node], at: str) -> None:
    order = stored.order
    if status(order) not in _CANCELLABLE:
        raise Refused(f"Units cannot be cancelled in status {status(order)}.")
    units: Counter[str] = Counter()
    for node in nodes:
        units[named_item(order, node)["orderItemId"]] += _units(node)
    _check_units(order, units)
    reason = nodes[0].findtext("AdjustmentReason", "")
    for node in nodes:
        if node.findtext("AdjustmentReason") != "NoInventory":
            restock(state, stored.seller_id, named_item(order, node), _units(node))
    cancel_units(state, stored, dict(units), reason, at)


def _units(node: Node) -> int:
    units = count_of(node, "QuantityCancelled")
    if units is None or node.find("ItemPriceAdjustments") is not None:
        raise Refused("A cancellation needs QuantityCancelled and no amounts.")
    return units


def _check_units(order: Json, units: Counter[str]) -> None:
    """A whole order must be cancelled with the acknowledgement feed (G200387280)."""
    for item_id, count in units.items():
        if count > unfulfilled(item_of(order, item_id)):
            raise Refused("More units than are left to ship.", item_id=item_id)
    waiting = sum(unfulfilled(item) for item in order["orderItems"])
    if not any_fulfilled(order) and units.total() == waiting:
        raise Refused("Cancel a whole order with the order acknowledgement feed.")
