"""What a customer of the shop is offered while Amazon sells the same units."""

from collections.abc import Iterator

import pytest
import requests

from saleor_amazon_app.saleor import acting
from saleor_amazon_app.saleor.orders import import_orders
from tests.contract.shops import CHANNEL, ContractShop
from tests.mirror.amazon_orders import item

SKU = "SHOP-12-MOS"
OFFERED = """
query Offered($sku: String!, $channel: String!) {
  productVariant(sku: $sku, channel: $channel) { quantityAvailable }
}"""
FIND = "query Find($sku: String!) { productVariant(sku: $sku) { id stocks { ...Units } } }"
FIND += "\nfragment Units on Stock { quantity quantityAllocated }"
STOCK = """
mutation Stock($variant: ID!, $stocks: [StockInput!]!) {
  productVariantStocksUpdate(variantId: $variant, stocks: $stocks) { errors { message } }
}"""
pytestmark = pytest.mark.not_simulated("it has no storefront")


class Storefront:
    """Looks at the shop as a customer does, without a token."""

    def __init__(self, shop: ContractShop) -> None:
        self.shop = shop

    def offers(self) -> int:
        body = {"query": OFFERED, "variables": {"sku": SKU, "channel": CHANNEL}}
        told = requests.post(self.shop.api_url, json=body, timeout=60).json()
        return int(told["data"]["productVariant"]["quantityAvailable"])

    def sell(self, units: int, number: int) -> str:
        wish = item(1, sku=SKU, quantity=units, total=units * 10)
        return self.shop.sell(wish, number=number).id

    def ship(self, units: int, number: int) -> None:
        order = self.shop.order(number)
        acting.fulfill(
            self.shop.api,
            order.id,
            [acting.FulfilledLine(order.lines[0].id, units)],
            warehouse_id=self.shop.mapping.warehouse_id,
            tracking="1Z999AA10123456784",
        )


@pytest.fixture
def storefront(shop: ContractShop) -> Iterator[Storefront]:
    """Three units are left; the shop's own count comes back afterwards."""
    found = shop.ask(FIND, sku=SKU)["productVariant"]
    (stock,) = found["stocks"]

    def set_stock(units: int) -> None:
        stocks = [{"warehouse": shop.furniture.warehouse_id, "quantity": units}]
        told = shop.ask(STOCK, variant=found["id"], stocks=stocks)
        assert not told["productVariantStocksUpdate"]["errors"]

    set_stock(3 + stock["quantityAllocated"])
    yield Storefront(shop)
    set_stock(stock["quantity"])


def test_the_last_unit_is_offered_until_amazon_sells_it(storefront: Storefront) -> None:
    assert storefront.offers() == 3
    storefront.sell(2, number=1)
    assert storefront.offers() == 1
    storefront.sell(1, number=2)
    assert storefront.offers() == 0


def test_units_of_a_cancelled_order_are_offered_again(storefront: Storefront) -> None:
    order = storefront.sell(3, number=1)
    assert storefront.offers() == 0
    acting.cancel_order(storefront.shop.api, order)
    assert storefront.offers() == 3


def test_shipping_changes_nothing_of_what_is_offered(storefront: Storefront) -> None:
    storefront.sell(2, number=1)
    storefront.ship(1, number=1)
    assert storefront.offers() == 1
    storefront.ship(1, number=1)
    assert storefront.offers() == 1


def test_what_amazon_ships_itself_leaves_the_shops_units_alone(storefront: Storefront) -> None:
    wish = item(1, sku=SKU, quantity=2, shipped=2, total=20)
    draft = storefront.shop.draft(wish, by="AMAZON", status="SHIPPED")
    (row,) = import_orders(storefront.shop.api, [draft], touch_stock=False)
    assert row.order is not None
    assert storefront.offers() == 3


def test_more_than_there_is_can_be_sold_and_nothing_is_offered_then(
    storefront: Storefront,
) -> None:
    storefront.sell(4, number=1)
    assert storefront.offers() == 0
