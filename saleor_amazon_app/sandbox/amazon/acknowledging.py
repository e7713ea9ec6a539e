"""Messages of POST_ORDER_ACKNOWLEDGEMENT_DATA: the order is taken on, or cancelled whole.

Sources: MWS help on the order acknowledgement feed, as reproduced by suitebridge and cdata.
"""

from typing import Final
from xml.etree.ElementTree import Element as Node

from saleor_amazon_app.sandbox.amazon.cancelling import cancel_order, restock
from saleor_amazon_app.sandbox.amazon.feed_orders import named_item, named_order, own_order
from saleor_amazon_app.sandbox.amazon.ledger import everything
from saleor_amazon_app.sandbox.amazon.order_facts import any_fulfilled, ordered, status, touch
from saleor_amazon_app.sandbox.amazon.refunding import give_back
from saleor_amazon_app.sandbox.amazon.refusals import Refused
from saleor_amazon_app.sandbox.amazon.state import Json, State, StoredOrder

_IN_STOCK_NO_MORE: Final = "NoInventory"
_MAY_END: Final = ("UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED")


def acknowledge(state: State, seller_id: str, body: Node, at: str) -> list[str]:
    """Carry out a message.

    Raises:
        Refused: The order is unknown, Amazon's to fulfil, not paid yet or cancelled already.
    """
    if body.findtext("StatusCode") == "Success":
        _name(state, named_order(state, seller_id, body), body.findtext("MerchantOrderID"), at)
    else:
        _fail(state, own_order(state, seller_id, body), body, at)
    return []


def _name(state: State, stored: StoredOrder, own_id: str | None, at: str) -> None:
    if not own_id:
        return
    aliases = [a for a in stored.order.get("orderAliases", ()) if a["aliasId"] != own_id]
    alias = {"aliasId": own_id, "aliasType": "SELLER_ORDER_ID"}
    stored.order["orderAliases"] = [*aliases, alias]
    touch(stored, at)
    state.on_change()


def _fail(state: State, stored: StoredOrder, body: Node, at: str) -> None:
    order = stored.order
    if status(order) not in _MAY_END:
        raise Refused(f"The order cannot be cancelled in status {status(order)}.")
    named = [(named_item(order, node), node.findtext("CancelReason")) for node in body.iter("Item")]
    if any_fulfilled(order):
        _refund_all(state, stored, at)
        return
    _put_back(state, stored, named)
    reason = next((told for _, told in named if told), None)
    cancel_order(state, stored, "MERCHANT", reason, at)


def _refund_all(state: State, stored: StoredOrder, at: str) -> None:
    """The help warns: after any shipment a Failure refunds the whole order's amount."""
    stored.refunded_by_mistake = True
    if parts := everything(state, stored.order):
        give_back(state, stored, parts, source="double", at=at)
    touch(stored, at)


def _put_back(state: State, stored: StoredOrder, named: list[tuple[Json, str | None]]) -> None:
    """Only items with another reason return to stock; of items not named nothing is known."""
    for item, reason in named:
        if reason not in (None, _IN_STOCK_NO_MORE):
            restock(state, stored.seller_id, item, ordered(item))
