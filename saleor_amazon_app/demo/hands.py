"""The merchant's hands in the demo: Seller Central on one side, the Dashboard on the other.

What they do goes through the simulators' own interfaces, as people do it, not through the app.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import requests
import simplejson

from saleor_amazon_app.mirror.failures import Misconfigured

Json = dict[str, Any]

_PATIENCE: Final = 60
_FULFIL: Final = """
mutation Fulfil($order: ID!, $input: OrderFulfillInput!) {
  orderFulfill(order: $order, input: $input) { fulfillments { id } errors { message } }
}"""
_APPROVE: Final = """
mutation Approve($id: ID!) {
  orderFulfillmentApprove(id: $id, notifyCustomer: false) { errors { message } }
}"""
_TRACK: Final = """
mutation Track($id: ID!, $number: String!) {
  orderFulfillmentUpdateTracking(id: $id, input: {trackingNumber: $number}) { errors { message } }
}"""
_REMEMBER: Final = """
mutation Remember($id: ID!, $input: [MetadataInput!]!) {
  updatePrivateMetadata(id: $id, input: $input) { errors { message } }
}"""
_CANCEL: Final = "mutation Cancel($id: ID!) { orderCancel(id: $id) { errors { message } } }"
_REFUND: Final = """
mutation Refund($id: ID!, $amount: PositiveDecimal) {
  transactionRequestAction(id: $id, actionType: REFUND, amount: $amount) { errors { message } }
}"""
_GRANT: Final = """
mutation Grant($id: ID!, $input: OrderGrantRefundCreateInput!) {
  orderGrantRefundCreate(id: $id, input: $input) { grantedRefund { id } errors { message } }
}"""
_PAY_GRANT: Final = """
mutation PayGrant($id: ID!) {
  transactionRequestRefundForGrantedRefund(grantedRefundId: $id) { errors { message } }
}"""


def get(base: str, path: str) -> Any:  # noqa: ANN401 - JSON
    response = requests.get(base + path, timeout=_PATIENCE)
    response.raise_for_status()
    return response.json()


def post(base: str, path: str, body: Json) -> Any:  # noqa: ANN401 - JSON
    headers = {"Content-Type": "application/json"}
    response = requests.post(
        base + path, data=simplejson.dumps(body), headers=headers, timeout=_PATIENCE
    )
    if not response.ok:
        raise Misconfigured(f"The simulator refuses {path}: {response.text[:200]}")
    return response.json()


@dataclass(frozen=True)
class SellerCentral:
    """Acts at the simulated Amazon: as the seller, as a buyer, or as Amazon itself."""

    base: str

    def orders(self) -> list[Json]:
        return list(get(self.base, "/control/orders"))

    def order(self, order_id: str) -> Json:
        return dict(get(self.base, f"/control/orders/{order_id}")["order"])

    def do(self, order_id: str, what: str, **told: object) -> None:
        post(self.base, f"/control/orders/{order_id}/{what}", told)

    def go_wrong(self, kind: str, **details: object) -> None:
        post(self.base, "/control/faults", {"kind": kind, **details})

    def let_pass(self, seconds: float) -> None:
        post(self.base, "/control/clock", {"advance_seconds": seconds})


@dataclass
class Dashboard:
    """Acts in the simulated Saleor as a member of staff."""

    base: str
    _warehouse: str = ""

    def orders(self) -> dict[str, Json]:
        """Return the shop's orders by Amazon's numbers."""
        return {order["externalReference"]: order for order in get(self.base, "/control/orders")}

    def mails(self) -> list[Json]:
        return list(get(self.base, "/control/mails"))

    def warehouse(self) -> str:
        """Return the shop's only warehouse."""
        self._warehouse = self._warehouse or get(self.base, "/control/stocks")[0]["warehouse"]
        return self._warehouse

    def webhooks_go_wrong(self, kind: str, event: str, count: int, **details: object) -> None:
        told = {"kind": kind, "event": event, "count": count, **details}
        post(self.base, "/control/deliveries/faults", told)

    def approve_by_hand(self, *, on: bool) -> None:
        post(self.base, "/control/settings", {"fulfillment_auto_approve": not on})

    def allow_unpaid(self, *, on: bool) -> None:
        """Let the shop fulfil what is not fully paid, as a new one does, or not."""
        post(self.base, "/control/settings", {"fulfillment_allow_unpaid": on})

    def webhooks_under_way(self) -> int:
        told = get(self.base, "/control/deliveries")
        return sum(delivery["status"] == "PENDING" for delivery in told)

    def fulfil(self, order: Json, units: Mapping[str, int], tracking: str) -> str:
        """Fulfil units of lines; returns the fulfilment's id."""
        warehouse = self.warehouse()
        lines = [
            {"orderLineId": line, "stocks": [{"quantity": count, "warehouse": warehouse}]}
            for line, count in units.items()
        ]
        wish = {"lines": lines, "trackingNumber": tracking, "notifyCustomer": False}
        made = self._act(_FULFIL, order=order["id"], input=wish)
        return str(made["fulfillments"][0]["id"])

    def approve(self, fulfillment_id: str) -> None:
        self._act(_APPROVE, id=fulfillment_id)

    def track(self, fulfillment_id: str, number: str) -> None:
        self._act(_TRACK, id=fulfillment_id, number=number)

    def remember(self, object_id: str, **words: str) -> None:
        """Write private metadata; ``carrierCode`` stands for ``amazon.carrierCode``."""
        told = [{"key": f"amazon.{name}", "value": value} for name, value in words.items()]
        self._act(_REMEMBER, id=object_id, input=told)

    def cancel(self, order: Json) -> None:
        self._act(_CANCEL, id=order["id"])

    def refund(self, order: Json, amount: Decimal | None = None) -> None:
        self._act(_REFUND, id=order["transactions"][0], amount=amount)

    def grant_and_pay(self, order: Json, lines: Sequence[Json], *, shipping: bool) -> None:
        wish = {
            "transactionId": order["transactions"][0],
            "lines": list(lines),
            "grantRefundForShipping": shipping,
            "reason": "Damaged on the way",
        }
        granted = self._act(_GRANT, id=order["id"], input=wish)["grantedRefund"]["id"]
        self._act(_PAY_GRANT, id=granted)

    def _act(self, document: str, **variables: object) -> Json:
        told = post(self.base, "/control/act", {"query": document, "variables": variables})
        if told.get("errors"):
            raise Misconfigured(f"The simulated Saleor refuses: {told['errors']}")
        payload: Json = next(iter(told["data"].values()))
        if payload["errors"]:
            raise Misconfigured(f"The simulated Saleor declines: {payload['errors']}")
        return payload
