"""The shop itself: who the app is there, what there is to map, its webhooks."""

import pytest

from saleor_amazon_app.saleor.acting import shop_address
from saleor_amazon_app.saleor.client import SaleorApi
from saleor_amazon_app.saleor.errors import AccessDenied
from saleor_amazon_app.saleor.shop import (
    read_self,
    read_shop,
    variants_by_id,
    variants_by_sku,
)
from saleor_amazon_app.saleor.webhooks import definitions, sync_webhooks
from tests.contract.shops import CHANNEL, SKU, ContractShop

OWN = "query Own { app { webhooks { id name isActive } } }"
DELETE = "mutation Delete($id: ID!) { webhookDelete(id: $id) { errors { code } } }"


def test_the_app_knows_itself_and_what_it_may_do(shop: ContractShop) -> None:
    me = read_self(shop.api)
    assert me.app_id
    assert me.version.startswith("3.")
    assert me.permissions >= {"MANAGE_ORDERS", "MANAGE_ORDERS_IMPORT", "HANDLE_PAYMENTS"}


def test_a_token_nobody_knows_is_denied(shop: ContractShop) -> None:
    with SaleorApi(shop.api_url, "nobody") as api, pytest.raises(AccessDenied):
        read_self(api)


def test_there_is_a_channel_to_map(shop: ContractShop) -> None:
    channel = read_shop(shop.api).channel(CHANNEL)
    assert channel is not None
    assert channel.currency == "EUR"
    assert len(channel.warehouses) == len(channel.shipping_methods) == 1
    assert read_shop(shop.api).tax_classes


def test_variants_are_found_by_sku_and_by_id(shop: ContractShop) -> None:
    found = variants_by_sku(shop.api, [SKU, "NOT-THERE"])
    assert found.keys() == {SKU}
    variant = found[SKU]
    assert variants_by_id(shop.api, [variant.id]) == {variant.id: variant}
    assert variant.product_name == "Cast Iron Pan"


def test_the_shop_tells_its_address(shop: ContractShop) -> None:
    assert shop_address(shop.api).startswith("http")


def test_webhooks_are_made_once_and_mended(shop: ContractShop) -> None:
    version = read_self(shop.api).version
    wanted = {webhook.name for webhook in definitions(version)}
    try:
        made = sync_webhooks(shop.api, "https://app.example", version)
        assert set(made.created) == wanted
        again = sync_webhooks(shop.api, "https://app.example", version)
        assert set(again.unchanged) == wanted
        moved = sync_webhooks(shop.api, "https://moved.example", version)
        assert set(moved.updated) == wanted
    finally:
        for webhook in shop.ask(OWN)["app"]["webhooks"]:
            if webhook["name"] in wanted:
                shop.ask(DELETE, id=webhook["id"])
