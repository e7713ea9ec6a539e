"""orderBulkCreate accepts and refuses what the real server does, with its paths and codes."""

from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.sandbox.saleor.ids import to_global
from saleor_amazon_app.sandbox.saleor.model import User
from tests.sandbox.saleor.shops import IMPORT, OTHER, Shop, ago, payment

Changes = dict[str, Any]


def line_with(**more: Any) -> Any:
    return lambda shop: {"lines": [shop.line(**more)]}


def delivery_with(**more: Any) -> Any:
    return lambda shop: {"deliveryMethod": shop.delivery(**more)}


def price(gross: float, net: float) -> Changes:
    return {"gross": gross, "net": net}


def one(shop: Shop, **more: Any) -> Any:
    return shop.create(shop.order(**more), stock="SKIP")["results"][0]


def test_a_good_order_is_created(shop: Shop) -> None:
    told = shop.create(shop.order())
    assert told["count"] == 1
    assert told["results"][0]["errors"] == []
    assert told["results"][0]["order"]["number"] == "1"


REFUSALS = [
    ({"channel": "nowhere"}, "channel", "NOT_FOUND"),
    ({"currency": "EUR"}, "currency", "INCORRECT_CURRENCY"),
    ({"createdAt": "2999-01-01T00:00:00Z"}, "created_at", "FUTURE_DATE"),
    ({"user": {}}, "user", "REQUIRED"),
    ({"user": {"id": "VXNlcjox", "email": "a@b.c"}}, "user", "TOO_MANY_IDENTIFIERS"),
    ({"user": {"email": ""}}, "user", "NOT_FOUND"),
    ({"deliveryMethod": None}, "delivery_method", "REQUIRED"),
    ({"deliveryMethod": {"shippingMethodName": "x"}}, "delivery_method", "REQUIRED"),
    ({"status": "FULFILLED"}, "status", "INVALID"),
    ({"notes": [{"message": "x" * 256}]}, "notes.0.message", "NOTE_LENGTH"),
    ({"metadata": [{"key": " ", "value": "x"}]}, "metadata", "METADATA_KEY_REQUIRED"),
    ({"weight": -1}, "weight", "INVALID"),
    ({"giftCards": ["x"]}, "gift_cards.0", "NOT_FOUND"),
    ({"voucherCode": "x"}, "voucher_code", "NOT_FOUND"),
    (line_with(variantId=None), "lines.0", "REQUIRED"),
    (line_with(variantId=None, variantSku="SHOP-01-NAT"), "lines.0.variant_sku", "NOT_FOUND"),
    (line_with(variantSku="SHOP-01-NAT"), "lines.0", "TOO_MANY_IDENTIFIERS"),
    (line_with(variantId=to_global("ProductVariant", 9)), "lines.0.variant_id", "NOT_FOUND"),
    (line_with(variantId=to_global("Product", 9)), "lines.0.variant_id", "INVALID"),
    (line_with(warehouse=to_global("Warehouse", "9")), "lines.0.warehouse", "NOT_FOUND"),
    (line_with(taxClassId=None), "lines.0", "NOT_FOUND"),
    (line_with(quantity=0), "lines.0.quantity", "INVALID_QUANTITY"),
    (line_with(totalPrice=price(9, 10)), "lines.0.total_price", "PRICE_ERROR"),
    (line_with(totalPrice=price(30, 16)), "lines.0.undiscounted_total_price", "PRICE_ERROR"),
    (line_with(createdAt="2999-01-01T00:00:00Z"), "lines.0.created_at", "FUTURE_DATE"),
    (
        line_with(unitDiscountType="FIXED", unitDiscountValue=3),
        "lines.0.unit_discount_value",
        "PRICE_ERROR",
    ),
    (
        delivery_with(shippingTaxClassId=None),
        "delivery_method.shipping_tax_class_id",
        "NOT_FOUND",
    ),
    (
        delivery_with(shippingMethodId=to_global("ShippingMethodType", 1)),
        "delivery_method.shipping_method_id.shipping_method_id",
        "INVALID",
    ),
    (
        delivery_with(shippingPrice=price(1, 2)),
        "delivery_method.shipping_price",
        "PRICE_ERROR",
    ),
    (
        {"transactions": [payment() | {"amountCharged": {"amount": 1, "currency": "EUR"}}]},
        "transactions.0",
        "INCORRECT_CURRENCY",
    ),
    ({"transactions": [payment(externalUrl="nonsense")]}, "transactions.0", "INVALID"),
]


@pytest.mark.parametrize(("changes", "path", "code"), REFUSALS, ids=[r[1] for r in REFUSALS])
def test_a_bad_order_is_refused(shop: Shop, changes: Any, path: str, code: str) -> None:
    result = one(shop, **(changes(shop) if callable(changes) else changes))
    assert result["order"] is None
    told = [error["path"] for error in result["errors"]]
    wanted = path if path in told else f"{path}.{path}"
    assert (wanted, code) in {(e["path"], e["code"]) for e in result["errors"]}, result["errors"]


def test_messages_are_the_real_ones(shop: Shop) -> None:
    (error,) = one(shop, lines=[shop.line(taxClassId=None)])["errors"]
    assert error["message"] == "Can't return TaxClass instance."
    (error,) = one(shop, lines=[shop.line(variantId=None, variantSku="SHOP-01-NAT")])["errors"]
    assert error["message"] == "ProductVariant instance with sku=SHOP-01-NAT doesn't exist."


def test_a_reference_that_exists_is_refused_in_its_row_only(shop: Shop) -> None:
    shop.create(shop.order("A"))
    told = shop.create(shop.order("A"), shop.order("B"))
    assert told["count"] == 1
    assert [e["code"] for e in told["results"][0]["errors"]] == ["UNIQUE"]
    (error,) = told["results"][0]["errors"]
    assert error["message"] == "Order with external_reference: A already exists."


def test_the_same_reference_twice_in_one_call_fails_the_whole_call(shop: Shop) -> None:
    assert shop.crash(shop.order("A"), shop.order("A"), shop.order("B")) == "IntegrityError"
    assert shop.state.shop.orders == {}


def test_orders_without_a_reference_may_be_many(shop: Shop) -> None:
    assert shop.create(shop.order(None), shop.order(None))["count"] == 2


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"lines": {"productName": "x" * 387}}, "DataError"),
        ({"lines": {"variantName": "x" * 256}}, "DataError"),
        ({"lines": {"totalPrice": price(20, 1)}}, "DataError"),
        ({"externalReference": "x" * 251}, "DataError"),
        ({"transactions": [payment(pspReference="x" * 513)]}, "DataError"),
    ],
)
def test_what_only_the_database_refuses_fails_the_whole_call(
    shop: Shop, changes: Changes, name: str
) -> None:
    if isinstance(line := changes.get("lines"), dict):
        changes = {"lines": [shop.line(**line)]}
    assert shop.crash(shop.order("good"), shop.order("bad") | changes) == name
    assert shop.state.shop.orders == {}


def test_more_than_fifty_orders_fail_the_whole_call(shop: Shop) -> None:
    assert shop.crash(*(shop.order(f"r{n}") for n in range(51))) == "TypeError"


def test_a_missing_status_fails_the_whole_call(shop: Shop) -> None:
    order = shop.order()
    del order["status"]
    assert shop.crash(order) == "KeyError"


def test_rejected_rows_burn_numbers_but_duplicates_do_not(shop: Shop) -> None:
    shop.create(shop.order("A"))
    shop.create(shop.order("B", user={}), stock="SKIP")
    shop.create(shop.order("A"))
    told = shop.create(shop.order("C"))
    assert told["results"][0]["order"]["number"] == "3"


@pytest.mark.parametrize(
    ("policy", "created"),
    [
        (None, [False, False]),
        ("REJECT_FAILED_ROWS", [True, False]),
        ("IGNORE_FAILED", [True, True]),
    ],
)
def test_the_error_policy_decides_about_errors_that_are_not_critical(
    shop: Shop, policy: str | None, created: list[bool]
) -> None:
    orders = [shop.order("good"), shop.order("bad", lines=[shop.line(taxClassId=None)])]
    variables = {"orders": orders, "errors": policy, "stock": "SKIP"}
    told = shop.ask(IMPORT, **variables)["orderBulkCreate"]
    assert [r["order"] is not None for r in told["results"]] == created
    assert told["count"] == sum(created)


def test_critical_errors_keep_an_order_out_under_every_policy(shop: Shop) -> None:
    order = shop.order(channel="nowhere")
    assert shop.create(order, errors="IGNORE_FAILED", stock="SKIP")["count"] == 0


def test_a_line_without_variant_needs_ignore_and_skip(shop: Shop) -> None:
    order = shop.order(lines=[shop.line(variantId=None)])
    assert shop.create(order, errors="IGNORE_FAILED", stock="UPDATE")["count"] == 0
    assert shop.create(order, errors="IGNORE_FAILED", stock="SKIP")["count"] == 1
    made = shop.state.order_by_reference("111-1")
    assert made
    assert made.lines[0].variant_id is None


def test_prices_are_kept_to_the_cent_and_units_are_rounded(shop: Shop) -> None:
    ten = {"gross": 10.00, "net": 8.40}
    line = shop.line(quantity=3, totalPrice=ten, undiscountedTotalPrice=price(12, 10))
    assert one(shop, lines=[line])["errors"] == []
    made = shop.state.order_by_reference("111-1")
    assert made
    assert made.lines[0].unit_price.gross == Decimal("3.33")
    assert made.lines[0].total_price.gross == Decimal(10)
    assert (made.total.gross, made.total.net) == (Decimal(15), Decimal("12.4"))
    assert made.undiscounted_total.gross == Decimal(17)


def test_without_a_line_that_ships_the_delivery_and_its_price_are_dropped(shop: Shop) -> None:
    one(shop, lines=[shop.line(isShippingRequired=False)])
    made = shop.state.order_by_reference("111-1")
    assert made
    assert made.total.gross == Decimal(20)
    assert made.shipping_method_name is None


@pytest.mark.parametrize(
    ("amount", "status"), [(25, "FULL"), (10, "PARTIAL"), (26, "OVERCHARGED"), (None, "NONE")]
)
def test_the_charge_status_follows_from_the_transactions(
    shop: Shop, amount: int | None, status: str
) -> None:
    one(shop, transactions=[payment(amount)] if amount else [])
    made = shop.state.order_by_reference("111-1")
    assert made
    assert made.charge_status == status


def test_an_imported_transaction_belongs_to_nobody(shop: Shop) -> None:
    one(shop, transactions=[payment()])
    told = shop.ask(
        """{ order(externalReference: "111-1") { transactions {
             createdBy { __typename } pspReference
             events { pspReference message type amount { amount } } } } }"""
    )
    (transaction,) = told["order"]["transactions"]
    assert transaction["createdBy"] is None
    assert transaction["events"] == [
        {
            "pspReference": "",
            "message": "Manual adjustment of the transaction.",
            "type": "CHARGE_SUCCESS",
            "amount": {"amount": 25.0},
        }
    ]


def test_an_import_writes_no_history_and_no_mail(shop: Shop) -> None:
    one(shop, transactions=[payment()], notes=[{"message": "Hello"}])
    made = shop.state.order_by_reference("111-1")
    assert made
    assert [entry.type for entry in made.events] == ["NOTE_ADDED"]
    assert shop.control("/mails").json() == []


def test_the_email_of_a_customer_attaches_the_order_to_the_account(shop: Shop) -> None:
    shop.state.shop.users[2] = User(id=2, email="known@example.com", is_staff=False)
    one(shop, user={"email": "known@example.com"})
    made = shop.state.order_by_reference("111-1")
    assert made
    assert made.user_id == 2


@pytest.mark.parametrize("lines", [{"orderLineIndex": -1}, {"orderLineIndex": 1}, "variant"])
def test_fulfilment_lines_must_fit_their_order_lines(shop: Shop, lines: Any) -> None:
    order = shop.sent()
    change = {"variantId": shop.variant(OTHER)} if lines == "variant" else lines
    order["fulfillments"][0]["lines"][0] |= change
    (error, *_) = shop.create(order)["results"][0]["errors"]
    codes = {"NEGATIVE_INDEX", "NO_RELATED_ORDER_LINE", "ORDER_LINE_FULFILLMENT_LINE_MISMATCH"}
    assert error["code"] in codes


def test_a_time_four_minutes_ahead_is_let_through(shop: Shop) -> None:
    assert one(shop, createdAt=ago(-4))["errors"] == []
