"""What a feed's messages have in common: the order and the items that they name."""

from xml.etree.ElementTree import Element as Node

from saleor_amazon_app.sandbox.amazon.order_facts import is_own, item_of
from saleor_amazon_app.sandbox.amazon.refusals import Refused
from saleor_amazon_app.sandbox.amazon.state import Json, State, StoredOrder


def order_id_of(body: Node | None) -> str:
    return "" if body is None else body.findtext("AmazonOrderID", "")


def named_order(state: State, seller_id: str, body: Node) -> StoredOrder:
    """Return the order that a message names by Amazon's id or the merchant's.

    Raises:
        Refused: The seller has no such order.
    """
    found = state.order_of(seller_id, order_id_of(body)) or _by_alias(state, seller_id, body)
    if found is None:
        raise Refused("The order ID does not match any of your orders.")
    return found


def own_order(state: State, seller_id: str, body: Node) -> StoredOrder:
    """Return the order that a message names, if the merchant fulfils it.

    Raises:
        Refused: There is none, or Amazon fulfils it.
    """
    stored = named_order(state, seller_id, body)
    if not is_own(stored.order):
        raise Refused("The order is fulfilled by Amazon.")
    return stored


def named_item(order: Json, node: Node) -> Json:
    """Return the item that a message names. The merchant's ids for items are not kept.

    Raises:
        Refused: The order has no such item.
    """
    return item_of(order, node.findtext("AmazonOrderItemCode", ""))


def count_of(node: Node, name: str) -> int | None:
    value = node.findtext(name)
    return None if value is None else int(value)


def _by_alias(state: State, seller_id: str, body: Node) -> StoredOrder | None:
    own_id = body.findtext("MerchantOrderID")
    if body.find("AmazonOrderID") is not None or not own_id:
        return None
    for stored in state.orders_of(seller_id):
        aliases = stored.order.get("orderAliases", ())
        if any(alias["aliasId"] == own_id for alias in aliases):
            return stored
    return None
