"""An app that owns an order's payment and is asked to give money back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from saleor_amazon_app.sandbox.saleor.ids import to_global
from saleor_amazon_app.sandbox.saleor.model import Order, Transaction
from tests.sandbox.saleor.app_server import AppServer, Call, app_server
from tests.sandbox.saleor.shops import Shop, payment
from tests.sandbox.saleor.waiting import until

REQUESTED = """subscription { event { __typename issuedAt version recipient { id }
  issuingPrincipal { __typename }
  ... on TransactionRefundRequested {
    action { actionType amount currency }
    grantedRefund { id reason shippingCostsIncluded
      lines { quantity reason orderLine { id item: privateMetafield(key: "amazon.orderItemId") } } }
    transaction { id pspReference order { id externalReference channel { slug } } } } } }"""
ADOPT = """mutation Adopt($id: ID!) {
  transactionUpdate(id: $id, transaction: {availableActions: [REFUND]}) { errors { code } } }"""
REFUND = """mutation Refund($id: ID!, $amount: PositiveDecimal) {
  transactionRequestAction(id: $id, actionType: REFUND, amount: $amount) {
    transaction { id } errors { field code message } } }"""
GRANT = """mutation Grant($id: ID!, $input: OrderGrantRefundCreateInput!) {
  orderGrantRefundCreate(id: $id, input: $input) {
    grantedRefund { id status amount { amount } } errors { field code } } }"""
REFUND_GRANTED = """mutation RefundGranted($id: ID!) {
  transactionRequestRefundForGrantedRefund(grantedRefundId: $id) {
    transaction { id } errors { field code message } } }"""
REPORT = """mutation Report($id: ID!, $type: TransactionEventTypeEnum!, $amount: PositiveDecimal!,
                        $psp: String!, $time: DateTime) {
  transactionEventReport(id: $id, type: $type, amount: $amount, pspReference: $psp, time: $time) {
    alreadyProcessed errors { field code } } }"""


@dataclass
class Paid:
    """A paid order, the app that owns its payment, and staff who give money back."""

    shop: Shop
    server: AppServer

    @property
    def order(self) -> Order:
        order = self.shop.state.order_by_reference("111-1")
        assert order
        return order

    @property
    def transaction(self) -> Transaction:
        return self.order.transactions[0]

    @property
    def key(self) -> str:
        return to_global("TransactionItem", self.transaction.token)

    @property
    def kinds(self) -> list[str]:
        """The types of the events after the charge."""
        return [event.type for event in self.transaction.events[1:]]

    @property
    def amounts(self) -> tuple[float, float, float]:
        """What is charged, refunded, and on its way back."""
        t = self.transaction
        return float(t.charged), float(t.refunded), float(t.refund_pending)

    def act(self, query: str, **variables: Any) -> Any:
        """Act as staff; returns the payload of the only mutation."""
        told = self.shop.control("/act", {"query": query, "variables": variables}).json()
        assert "errors" not in told, told
        return next(iter(told["data"].values()))

    def refund(self, amount: object = None) -> Any:
        return self.act(REFUND, id=self.key, amount=amount)

    def grant(self, **wish: Any) -> Any:
        given = {"transactionId": self.key} | wish
        return self.act(GRANT, id=to_global("Order", self.order.id), input=given)

    def granted(self, **wish: Any) -> str:
        """Grant a refund of 10 and ask for it; returns its id."""
        key: str = self.grant(**({"amount": "10"} | wish))["grantedRefund"]["id"]
        assert self.act(REFUND_GRANTED, id=key)["errors"] == []
        return key

    def report(self, kind: str, amount: object, psp: str = "R1", **more: Any) -> Any:
        told = self.shop.ask(REPORT, id=self.key, type=kind, amount=amount, psp=psp, **more)
        return told["transactionEventReport"]

    def calls(self, wanted: int = 1) -> list[Call]:
        until(lambda: len(self.server.at("/refund")) >= wanted)
        return self.server.at("/refund")

    def deliveries(self) -> list[Any]:
        told: list[Any] = self.shop.control("/deliveries").json()
        return [d for d in told if d["event"] == "TRANSACTION_REFUND_REQUESTED"]

    def settled(self) -> Any:
        """Wait until the app's answer has had its effect; returns the delivery."""
        until(lambda: bool(self.deliveries()) and self.deliveries()[-1]["status"] != "PENDING")
        return self.deliveries()[-1]

    def answers(self, told: object, status: int = 200) -> None:
        self.server.on_webhook = lambda _call: (status, told)


@contextmanager
def paid(shop: Shop, query: str = REQUESTED) -> Iterator[Paid]:
    """Install the app, import an order of 25 dollars that is paid, and let the app own it."""
    with app_server() as server:
        hook = {"name": "refund", "targetUrl": f"{server.base}/refund", "query": query}
        server.manifest["webhooks"] = [hook]
        told = shop.control("/install", {"manifestUrl": f"{server.base}/manifest"})
        shop.token = told.json()["token"]
        line = shop.line(privateMetadata=[{"key": "amazon.orderItemId", "value": "I1"}])
        shop.create(shop.order(lines=[line], transactions=[payment()]))
        order = Paid(shop, server)
        shop.ask(ADOPT, id=order.key)
        order.answers({"pspReference": "R1"})
        yield order
