"""Who asked for a refund in Saleor: a member of staff, or an app.

Saleor remembers who asked for an amount. The request for a granted refund has nobody, so that the
app is named that granted it. Which member of staff granted a refund, or cancelled or shipped an
order, Saleor tells only to apps that may manage users or staff, which this one may not.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from graphql import parse

from saleor_amazon_app.mirror.refund_requests import open_requests
from saleor_amazon_app.mirror.saleor_order import SaleorOrder, SaleorTransaction
from saleor_amazon_app.saleor.client import SaleorApi
from saleor_amazon_app.saleor.errors import AccessDenied, InvalidRequest

_REQUEST: Final = "REFUND_REQUEST"
_DOCUMENT: Final = parse(
    """
    query RefundAskers($id: ID!) {
      order(id: $id) {
        grantedRefunds { app { name } transactionEvents { pspReference } }
        transactions {
          id
          events {
            type
            pspReference
            createdBy {
              ... on User { email firstName lastName }
              ... on App { name }
            }
          }
        }
      }
    }
    """
)

Node = Mapping[str, Any]


def with_askers(api: SaleorApi, order: SaleorOrder) -> SaleorOrder:
    """Return the order with the names of those who asked for refunds, if it asks for any.

    A shop that does not tell them loses nothing but the names.
    """
    if order.payment is None or not any(open_requests(order.payment)):
        return order
    try:
        told = api.run_document(_DOCUMENT, "RefundAskers", {"id": order.id})["order"]
    except (AccessDenied, InvalidRequest):
        return order
    names = _names(told) if told else {}
    return replace(order, transactions=tuple(_named(t, names) for t in order.transactions))


def _names(order: Node) -> dict[str, str]:
    """Return the names of those who asked for refunds, by the requests' references."""
    requests = [
        (e, g["app"]) for g in order["grantedRefunds"] for e in g["transactionEvents"] or ()
    ]
    for transaction in order["transactions"]:
        asked = (e for e in transaction["events"] if e["type"] == _REQUEST)
        requests += [(event, event["createdBy"]) for event in asked]
    return {event["pspReference"]: name for event, who in requests if (name := _name(who))}


def _name(who: Node | None) -> str:
    """Return a person's name, else the e-mail address; an app's name."""
    if who is None:
        return ""
    full = " ".join(filter(None, (who.get("firstName"), who.get("lastName"))))
    return str(who.get("name") or full or who.get("email") or "")


def _named(transaction: SaleorTransaction, names: Mapping[str, str]) -> SaleorTransaction:
    events = (
        replace(event, by=names.get(event.reference, "")) if event.type == _REQUEST else event
        for event in transaction.events
    )
    return replace(transaction, events=tuple(events))
