"""A merchant's day between both simulators: acts on either side, lets time pass, looks."""

from typing import Any

from graphql import parse
from sqlalchemy import select

from saleor_amazon_app.store import ledger
from saleor_amazon_app.store.models import Intent
from saleor_amazon_app.sync import carrying
from tests.mirror.amazon_orders import item
from tests.shop_world import ShopWorld

UPS = "1Z999AA10123456784"

_FULFIL = parse(
    """
    mutation Ship($order: ID!, $input: OrderFulfillInput!) {
      orderFulfill(order: $order, input: $input) {
        fulfillments { id } errors { message code }
      }
    }
    """
)
_LOOK = parse(
    """
    query Look($reference: String!) {
      order(externalReference: $reference) {
        id status userEmail
        lines { id quantity quantityToFulfill }
        fulfillments { id status trackingNumber lines { quantity } }
        transactions { chargedAmount { amount } refundedAmount { amount } }
        events { message }
      }
    }
    """
)


class Day:
    """A merchant at work: acts on both sides, lets time pass, looks at both sides."""

    def __init__(self, shop: ShopWorld) -> None:
        self.shop = shop

    def saleor(self, number: int = 1) -> Any:
        reference = self.shop.numbered(number)
        with self.shop.services.saleor(self.shop.tenant_id) as api:
            return api.run_document(_LOOK, "Look", {"reference": reference})["order"]

    def ship(self, units: int, number: int = 1, tracking: str = UPS, line: int = 0) -> str:
        order = self.saleor(number)
        mapping = self.shop.warehouse()
        stocks = [{"quantity": units, "warehouse": mapping}]
        wish = {
            "lines": [{"orderLineId": order["lines"][line]["id"], "stocks": stocks}],
            "trackingNumber": tracking,
            "notifyCustomer": False,
        }
        with self.shop.services.saleor(self.shop.tenant_id) as api:
            done = api.run_document(_FULFIL, "Ship", {"order": order["id"], "input": wish})
        made = done["orderFulfill"]
        assert not made["errors"], made
        self.mark(number)
        return str(made["fulfillments"][0]["id"])

    def mutate(self, name: str, text: str, number: int = 1, **variables: Any) -> Any:
        with self.shop.services.saleor(self.shop.tenant_id) as api:
            data = api.run_document(parse(text), name, variables)
        self.mark(number)
        return data

    def cancel_in_saleor(self, number: int = 1) -> None:
        text = "mutation C($id: ID!) { orderCancel(id: $id) { errors { message } } }"
        self.mutate("C", text, number, id=self.saleor(number)["id"])

    def mark(self, number: int = 1) -> None:
        """Say that a webhook came about the order."""
        with self.shop.services.database.tenant(self.shop.tenant_id) as session:
            references = [self.shop.numbered(number)]
            ledger.mark_by_reference(session, references, self.shop.services.now())

    def carry(self, rounds: int = 1, **time: float) -> None:
        for _ in range(rounds):
            self.shop.services.redis.flushall()
            carrying.carry(self.shop.services, self.shop.tenant_id, self.shop.account_id)
            self.shop.pass_time(**(time or {"seconds": 20}))

    def amazon(self, number: int = 1) -> Any:
        return self.shop.amazon.orders[self.shop.numbered(number)].order

    def states(self) -> list[tuple[str, str]]:
        with self.shop.services.database.tenant(self.shop.tenant_id) as session:
            rows = session.scalars(select(Intent).order_by(Intent.id)).all()
            return [(row.kind, row.state) for row in rows]

    def notes(self, number: int = 1) -> list[str]:
        return [e["message"] for e in self.saleor(number)["events"] if e["message"]]


def a_day(shop: ShopWorld, *items: Any, **more: Any) -> Day:
    shop.sell(*(items or (item(1, quantity=2, total="29.80"),)), **more)
    shop.run()
    return Day(shop)
