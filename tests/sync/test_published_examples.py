"""The main job on Amazon's own published example orders."""

import json
from decimal import Decimal
from pathlib import Path

import requests

from saleor_amazon_app.mirror.marketplaces import Region
from saleor_amazon_app.store.models import OrderState
from saleor_amazon_app.sync import accounts
from tests.shop_world import CHANNELS, ShopWorld

EXPECTED = {
    "250-1234567-8901234": ("amazon-jp", "FULFILLED", Decimal(19940)),
    "202-7654321-1098765": ("amazon-uk", "FULFILLED", Decimal("34.99")),
    "171-2345678-9012345": ("amazon-br", "UNFULFILLED", Decimal("1599.90")),
    "171-9876543-2109876": ("amazon-br", "UNFULFILLED", Decimal("299.90")),
    "028-1234567-8901234": ("amazon-tr", "FULFILLED", Decimal("125.00")),
    "114-9876543-1234567": ("amazon-us", "UNFULFILLED", Decimal("49.99")),
}
"""Order: channel, status in Saleor, total."""


def test_amazons_published_example_orders_import(
    shop: ShopWorld, shared: Path, amazon_url: str
) -> None:
    cases = json.loads((shared / "amazon" / "sandbox_cases_and_limits.json").read_text())
    loaded = requests.post(
        f"{amazon_url}/control/static-cases",
        json={"seller_id": "A1SELLER", "cases": cases},
        timeout=30,
    )
    assert loaded.json() == {"put": len(EXPECTED)}
    account = shop.account()
    accounts.connect_account(
        shop.services,
        shop.tenant_id,
        seller_id=account.seller_id,
        region=Region.EU,
        refresh_token="Atzr|token",
    )
    for marketplace in shop.amazon.sellers["A1SELLER"].marketplaces:
        shop.map(marketplace, channel=CHANNELS[marketplace])
    skus = {
        item["product"]["sellerSku"]
        for stored in shop.amazon.orders.values()
        for item in stored.order["orderItems"]
    }
    for sku in sorted(skus):
        shop.add_variant(sku)
    shop.run()
    assert {row.state for row in shop.rows()} == {OrderState.IMPORTED}, [
        row.note for row in shop.rows()
    ]
    assert {
        order["externalReference"]: (order["channel"], order["status"], Decimal(order["total"]))
        for order in shop.saleor_orders()
    } == EXPECTED
