"""What the fields of types say; a field that is not here is the attribute of the same name."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from saleor_amazon_app.sandbox.saleor import line_discounts, model, money, refunds
from saleor_amazon_app.sandbox.saleor.context import Info, Record
from saleor_amazon_app.sandbox.saleor.ids import to_global
from saleor_amazon_app.sandbox.saleor.money import ZERO, quantized
from saleor_amazon_app.sandbox.saleor.served import SCHEMA
from saleor_amazon_app.sandbox.saleor.state import Happening, State

Resolver = Callable[..., Any]

TYPE_NAMES: Final[dict[type, str]] = {
    model.Order: "Order",
    model.Line: "OrderLine",
    model.Fulfillment: "Fulfillment",
    model.FulfillmentLine: "FulfillmentLine",
    model.Transaction: "TransactionItem",
    model.TransactionEvent: "TransactionEvent",
    model.HistoryEntry: "OrderEvent",
    model.Address: "Address",
    model.Channel: "Channel",
    model.Warehouse: "Warehouse",
    model.TaxClass: "TaxClass",
    model.Product: "Product",
    model.Variant: "ProductVariant",
    model.Stock: "Stock",
    model.Allocation: "Allocation",
    model.User: "User",
    model.App: "App",
    model.AppProblem: "AppProblem",
    model.Webhook: "Webhook",
    model.Discount: "OrderDiscount",
    model.Invoice: "Invoice",
    model.GrantedRefund: "OrderGrantedRefund",
    model.GrantedRefundLine: "OrderGrantedRefundLine",
}


def state_of(info: Info) -> State:
    state: State = info.context.state
    return state


def global_id(source: Record, _info: Info) -> str:
    if isinstance(source, dict):
        return str(source["id"])
    key = source.token if isinstance(source, model.Transaction) else source.id
    return to_global(TYPE_NAMES[type(source)], key)


def _amount(amount: Decimal, currency: str) -> dict[str, Any]:
    return {"amount": quantized(amount, currency), "currency": currency}


def _taxed(price: model.Taxed, currency: str) -> dict[str, Any]:
    return {
        "currency": currency,
        "gross": _amount(price.gross, currency),
        "net": _amount(price.net, currency),
        "tax": _amount(price.gross - price.net, currency),
    }


def _taxed_field(name: str) -> Resolver:
    return lambda source, _info: _taxed(getattr(source, name), source.currency)


def _money_field(name: str) -> Resolver:
    return lambda source, _info: _amount(getattr(source, name), source.currency)


def _order_money(add: Callable[[model.Order], Decimal]) -> Resolver:
    return lambda order, _info: _amount(add(order), order.currency)


def _country(code: str) -> dict[str, str]:
    return {"code": code, "country": code}


def _by_id(items: list[Any], key: object) -> Record:
    return next((item for item in items if item.id == key), None)


def _actor(source: Record, info: Info) -> Record:
    shop = state_of(info).shop
    if source.app_id:
        return shop.apps.get(source.app_id)
    return shop.users.get(source.user_id) if source.user_id else None


def _app(source: Record, info: Info) -> model.App | None:
    return state_of(info).shop.apps.get(source.app_id or 0)


def _user(source: Record, info: Info) -> model.User | None:
    return state_of(info).shop.users.get(source.user_id or 0)


def _metadata(private: bool) -> dict[str, Resolver]:
    kept = "private_metadata" if private else "metadata"
    prefix = "privateMeta" if private else "meta"

    def items(source: Record, _info: Info) -> list[dict[str, str]]:
        return [{"key": k, "value": v} for k, v in sorted(getattr(source, kept).items())]

    def one(source: Record, _info: Info, key: str) -> str | None:
        value: str | None = getattr(source, kept).get(key)
        return value

    def some(source: Record, _info: Info, keys: list[str] | None = None) -> Record:
        stored = getattr(source, kept)
        return stored if keys is None else {k: v for k, v in stored.items() if k in keys}

    return {f"{prefix}data": items, f"{prefix}field": one, f"{prefix}fields": some}


METADATA_FIELDS: Final = _metadata(private=False) | _metadata(private=True)


# --- orders -------------------------------------------------------------------------------------


def _channel(order: model.Order, info: Info) -> model.Channel:
    channels = state_of(info).shop.channels
    return next(c for c in channels if c.slug == order.channel_slug)


def _balance(order: model.Order) -> Decimal:
    return money.charged(order) - (order.total.gross - money.granted(order))


def _remaining_grant(order: model.Order) -> Decimal:
    return max(money.granted(order) - money.refunded(order), ZERO)


def _discounts(order: model.Order, _info: Info) -> list[model.Discount]:
    return list(order.discounts)


def _line_variant(line: model.Line, info: Info) -> model.Variant | None:
    return state_of(info).shop.variants.get(line.variant_id or 0)


def _tax_class(name: str) -> Resolver:
    return lambda source, info: _by_id(state_of(info).shop.tax_classes, getattr(source, name))


def _order_line(source: Record, info: Info) -> model.Line | None:
    order = state_of(info).order(source.order_id)
    return order.line(source.line_id) if order else None


def _fulfillment_warehouse(fulfillment: model.Fulfillment, info: Info) -> model.Warehouse | None:
    """Saleor 3.23: the warehouse of the first line's stock, which an imported line lacks."""
    shop = state_of(info).shop
    stock_id = fulfillment.lines[0].stock_id if fulfillment.lines else None
    stock = shop.stocks.get(stock_id or 0)
    return _stock_warehouse(stock, info) if stock else None


def _allocation_warehouse(allocation: model.Allocation, info: Info) -> model.Warehouse | None:
    return _stock_warehouse(state_of(info).shop.stocks[allocation.stock_id], info)


def _allocations(line: model.Line, _info: Info) -> list[model.Allocation]:
    return list(line.allocations)


def _fulfilled_items(entry: model.HistoryEntry, info: Info) -> list[model.FulfillmentLine] | None:
    if not entry.fulfilled_items:
        return None
    orders = list(state_of(info).shop.orders.values())
    lines = (x for o in orders if entry in o.events for f in o.fulfillments for x in f.lines)
    return [line for line in lines if line.id in entry.fulfilled_items]


def _order_of(source: Record, info: Info) -> model.Order | None:
    return state_of(info).order(source.order_id)


def _transaction_events(transaction: model.Transaction, _info: Info) -> list[Any]:
    """Return the latest first (Saleor 3.23: TransactionEventByTransactionIdLoader)."""
    return sorted(transaction.events, key=lambda e: (e.created_at, e.id), reverse=True)


def _refund_transaction(refund: model.GrantedRefund, info: Info) -> model.Transaction | None:
    found = state_of(info).payment(refund.transaction_token)
    return found[1] if found else None


def _refund_events(refund: model.GrantedRefund, info: Info) -> list[model.TransactionEvent] | None:
    order = state_of(info).order(refund.order_id)
    return refunds.events_of(order, refund) if order else None


def _discount_amount(discount: model.Discount, _info: Info) -> dict[str, Any]:
    """Saleor 3.23: an imported discount stores no amount."""
    return _amount(ZERO, discount.currency)


# --- the shop -----------------------------------------------------------------------------------


def _shipping_per_country(
    channel: model.Channel, info: Info, countries: list[str] | None = None
) -> list[dict[str, Any]]:
    """Saleor 3.23: methods are told here as ShippingMethod, not as ShippingMethodType."""
    shop = state_of(info).shop
    methods = [
        {
            "id": to_global("ShippingMethod", method.id),
            "name": method.name,
            "active": method.active,
            "price": _amount(method.price, channel.currency_code),
        }
        for method in shop.shipping_methods
    ]
    codes = countries or sorted({c.default_country for c in shop.channels})
    return [{"country_code": code, "shipping_methods": methods} for code in codes]


def _variant_stocks(variant: model.Variant, info: Info) -> list[model.Stock]:
    return state_of(info).stocks_of(variant.id)


def _quantity_available(variant: model.Variant, info: Info) -> int:
    """At most 50: the shop's limit for a checkout (limitQuantityPerCheckout)."""
    stocks = state_of(info).stocks_of(variant.id)
    if not variant.track_inventory:
        return 50
    return min(50, max(0, sum(s.quantity - s.quantity_allocated for s in stocks)))


def _product_variants(product: model.Product, info: Info) -> list[model.Variant]:
    variants = list(state_of(info).shop.variants.values())
    return [v for v in variants if v.product_id == product.id]


def _stock_warehouse(stock: model.Stock, info: Info) -> model.Warehouse | None:
    warehouse: model.Warehouse | None = _by_id(state_of(info).shop.warehouses, stock.warehouse_id)
    return warehouse


def _sync_events() -> frozenset[str]:
    named: Any = SCHEMA.type_map["WebhookEventTypeSyncEnum"]
    return frozenset(named.values)


def _webhook_events(*, sync: bool | None = None) -> Resolver:
    """Tell a webhook's events: all, or only those whose answer Saleor waits for, or the others."""

    def events(webhook: model.Webhook, _info: Info) -> list[dict[str, str]]:
        return [
            {"name": e.replace("_", " ").capitalize(), "event_type": e}
            for e in webhook.events
            if sync is None or (e in _sync_events()) is sync
        ]

    return events


# --- events of webhooks -------------------------------------------------------------------------


def _event_fulfillment(happening: Happening, info: Info) -> model.Fulfillment | None:
    found = state_of(info).fulfillment(happening.fulfillment_id or 0)
    return found[1] if found else None


def _event_orders(happening: Happening, info: Info) -> list[model.Order]:
    found = (state_of(info).order(key) for key in happening.order_ids)
    return [order for order in found if order]


def _event_order(happening: Happening, info: Info) -> model.Order | None:
    return next(iter(_event_orders(happening, info)), None)


def _event_transaction(happening: Happening, info: Info) -> Record:
    found = state_of(info).payment(happening.transaction_token or "")
    return found[1] if found else None


def _event_granted_refund(happening: Happening, info: Info) -> model.GrantedRefund | None:
    order, action = _event_order(happening, info), happening.action
    if order is None or action is None:
        return None
    refund: model.GrantedRefund | None = _by_id(order.granted_refunds, action.granted_refund_id)
    return refund


def _event_action(happening: Happening, _info: Info) -> dict[str, Any] | None:
    asked = happening.action
    if asked is None:
        return None
    return {"action_type": asked.type, "amount": asked.amount, "currency": asked.currency}


def _event_app(happening: Happening, info: Info) -> model.App | None:
    return state_of(info).shop.apps.get(happening.app_id or 0) or info.context.recipient


EVENT_FIELDS: Final[dict[str, Resolver]] = {
    "issuedAt": lambda _h, info: info.context.issued_at,
    "version": lambda _h, info: state_of(info).shop.settings.version,
    "issuingPrincipal": lambda h, _info: h.principal.app or h.principal.user,
    "recipient": lambda _h, info: info.context.recipient,
    "order": _event_order,
    "orders": _event_orders,
    "fulfillment": _event_fulfillment,
    "transaction": _event_transaction,
    "action": _event_action,
    "grantedRefund": _event_granted_refund,
    "app": _event_app,
}

FIELDS: Final[dict[str, dict[str, Resolver]]] = {
    "Order": {
        "channel": _channel,
        "number": lambda o, _i: str(o.number),
        "isPaid": lambda o, _i: money.charged(o) >= o.total.gross,
        "total": _taxed_field("total"),
        "subtotal": _taxed_field("subtotal"),
        "shippingPrice": _taxed_field("shipping_price"),
        "undiscountedTotal": _taxed_field("undiscounted_total"),
        "shippingTaxRate": lambda o, _i: round(o.shipping_tax_rate, 4),
        "shippingTaxClass": _tax_class("shipping_tax_class_id"),
        "languageCodeEnum": lambda o, _i: o.language_code,
        "totalAuthorized": _order_money(money.authorized),
        "totalCharged": _order_money(money.charged),
        "totalCanceled": _order_money(lambda o: sum((t.canceled for t in o.transactions), ZERO)),
        "totalBalance": _order_money(_balance),
        "totalGrantedRefund": _order_money(money.granted),
        "totalRefunded": _order_money(money.refunded),
        "totalRemainingGrant": _order_money(_remaining_grant),
        "isShippingRequired": lambda o, _i: any(x.is_shipping_required for x in o.lines),
        "statusDisplay": lambda o, _i: o.status.replace("_", " ").capitalize(),
        "discounts": _discounts,
    },
    "OrderLine": {
        "productVariantId": lambda x, _i: (
            to_global("ProductVariant", x.variant_id) if x.variant_id else None
        ),
        "variant": _line_variant,
        "unitPrice": _taxed_field("unit_price"),
        "undiscountedUnitPrice": _taxed_field("undiscounted_unit_price"),
        "totalPrice": _taxed_field("total_price"),
        "undiscountedTotalPrice": _taxed_field("undiscounted_total_price"),
        "unitDiscount": _money_field("unit_discount"),
        "taxRate": lambda x, _i: x.tax_rate or ZERO,
        "taxClass": _tax_class("tax_class_id"),
        "allocations": _allocations,
        "discounts": lambda x, _i: line_discounts.discounts_of(x),
    },
    "OrderLineDiscount": {"valueType": lambda x, _i: line_discounts.value_type(x)},
    "Allocation": {"warehouse": _allocation_warehouse},
    "Fulfillment": {
        "warehouse": _fulfillment_warehouse,
        "statusDisplay": lambda f, _i: f.status.replace("_", " ").capitalize(),
    },
    "FulfillmentLine": {"orderLine": _order_line},
    "TransactionItem": {
        "authorizedAmount": _money_field("authorized"),
        "chargedAmount": _money_field("charged"),
        "refundedAmount": _money_field("refunded"),
        "canceledAmount": _money_field("canceled"),
        "refundPendingAmount": _money_field("refund_pending"),
        "createdBy": _actor,
        "order": _order_of,
        "events": _transaction_events,
    },
    "TransactionEvent": {"amount": _money_field("amount"), "createdBy": _actor},
    "OrderEvent": {
        "app": _app,
        "user": _user,
        "fulfilledItems": _fulfilled_items,
        "warehouse": lambda e, info: _by_id(state_of(info).shop.warehouses, e.warehouse_id),
    },
    "OrderDiscount": {
        "type": lambda _d, _i: "MANUAL",
        "amount": _discount_amount,
        "total": _discount_amount,
    },
    "Invoice": {"externalUrl": lambda i, _info: i.url},
    "OrderGrantedRefund": {
        "app": _app,
        "user": _user,
        "amount": _money_field("amount"),
        "transaction": _refund_transaction,
        "transactionEvents": _refund_events,
    },
    "OrderGrantedRefundLine": {"orderLine": _order_line},
    "Address": {"country": lambda a, _i: _country(a.country), "phone": lambda a, _i: a.phone},
    "Channel": {
        "defaultCountry": lambda c, _i: _country(c.default_country),
        "warehouses": lambda _c, info: list(state_of(info).shop.warehouses),
        "availableShippingMethodsPerCountry": _shipping_per_country,
        "taxConfiguration": lambda c, _i: c,
    },
    "TaxConfiguration": {
        "id": lambda c, _i: to_global("TaxConfiguration", c.id),
        "chargeTaxes": lambda _c, _i: True,
        "displayGrossPrices": lambda c, _i: c.display_gross_prices,
    },
    "ProductVariant": {
        "product": lambda v, info: state_of(info).shop.products[v.product_id],
        "stocks": _variant_stocks,
        "quantityAvailable": _quantity_available,
    },
    "Product": {"variants": _product_variants},
    "Stock": {
        "warehouse": _stock_warehouse,
        "productVariant": lambda s, info: state_of(info).shop.variants[s.variant_id],
        "quantityReserved": lambda _s, _i: 0,
    },
    "App": {
        "permissions": lambda a, _i: [
            {"code": p, "name": p.replace("_", " ").capitalize() + "."} for p in a.permissions
        ],
    },
    "Webhook": {
        "app": lambda w, info: state_of(info).shop.apps.get(w.app_id),
        "events": _webhook_events(),
        "asyncEvents": _webhook_events(sync=False),
        "syncEvents": _webhook_events(sync=True),
        "subscriptionQuery": lambda w, _i: w.query,
    },
}
