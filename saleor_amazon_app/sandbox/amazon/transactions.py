"""Transactions as Finances API 2024-06-19 tells them: of parcels that went out, and of refunds.

The model names no breakdown types. These are the ones of real answers: Sales and Expenses over
Tax, ProductCharges, Shipping, PromoRebates and AmazonFees, with leaves such as OurPricePrincipal
(amzn/selling-partner-api-models#4245, the recorded answer in Airbyte's Amazon connector). Prices
are told without the tax they contain, and tax that Amazon withholds is taken off again. A refund
returns the commission less a share that Amazon keeps, so its total is not what the buyer got.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from saleor_amazon_app.sandbox.amazon.clock import iso, parse_iso
from saleor_amazon_app.sandbox.amazon.ledger import added, charged, tax_parts, unit
from saleor_amazon_app.sandbox.amazon.order_facts import (
    ZERO,
    currency,
    fulfilled,
    includes_tax,
    is_facilitated,
    is_own,
    item_of,
    marketplace,
    ordered,
)
from saleor_amazon_app.sandbox.amazon.records import Refund, Transaction
from saleor_amazon_app.sandbox.amazon.state import State, StoredOrder

Json = dict[str, Any]
Sums = Mapping[str, Decimal]

_COMMISSION: Final = Decimal("0.15")
_KEPT: Final = Decimal("0.20")
_KEPT_AT_MOST: Final = Decimal(5)
"""Amazon's refund administration fee: a fifth of the commission, at most five dollars."""
_LEAVES: Final = {
    "Principal": ("ProductCharges", "OurPricePrincipal"),
    "Shipping": ("Shipping", "ShippingPrincipal"),
    "GiftWrap": ("Giftwrap", "GiftwrapPrincipal"),
    "COD": ("Other", "CODPrincipal"),
    "Goodwill": ("Other", "GoodwillPrincipal"),
    "RestockingFee": ("Other", "RestockingDeductionPrincipal"),
    "RestockingFeeTax": ("Tax", "RestockingDeductionTax"),
    "Tax": ("Tax", "OurPriceTax"),
    "ShippingTax": ("Tax", "ShippingTax"),
    "GiftWrapTax": ("Tax", "GiftwrapTax"),
    "CODTax": ("Tax", "CODTax"),
}
_DISCOUNTS: Final = {"Principal": "OurPriceDiscount", "Shipping": "ShippingDiscount"}
_TAX_OF: Final = {
    "Principal": "Tax",
    "Shipping": "ShippingTax",
    "GiftWrap": "GiftWrapTax",
    "COD": "CODTax",
}


@dataclass(frozen=True)
class _Leaf:
    """An amount in the seller's account: what comes in is positive."""

    group: str
    name: str
    value: Decimal


def post_shipment(
    state: State, stored: StoredOrder, before: Mapping[str, int], parcel_id: str, at: str
) -> None:
    """Post the money of what went out since, by the quantities that had gone out before."""
    order = stored.order
    items = [_shipped(state, order, item, before) for item in order["orderItems"]]
    told = [item for item in items if item is not None]
    if told and currency(order):
        ids = {"SHIPMENT_ID": parcel_id}
        _post(state, stored, told, at=at, ids=ids, kind="Shipment")


def post_refund(state: State, stored: StoredOrder, refund: Refund) -> None:
    items = [_refunded(state, stored.order, told) for told in refund.items]
    ids = {"REFUND_ID": refund.refund_id}
    _post(state, stored, items, at=refund.at, ids=ids, kind="Refund")


def _shipped(state: State, order: Json, item: Json, before: Mapping[str, int]) -> Json | None:
    earlier, now = before.get(item["orderItemId"], 0), fulfilled(item)
    if now <= earlier:
        return None
    account, smallest = charged(order, item), unit(order)

    def share(value: Decimal) -> Decimal:
        parts = [value * each / max(ordered(item), 1) for each in (now, earlier)]
        return _round(parts[0], smallest) - _round(parts[1], smallest)

    components = {name: share(value) for name, value in account.components.items()}
    promotions = {name: -share(value) for name, value in account.promotions.items()}
    leaves = _leaves(order, item, components, promotions, share(account.tax))
    fee = _commission(state, leaves, smallest)
    return _item(order, item, [*leaves, *_fees(-fee, ZERO)], now - earlier)


def _refunded(state: State, order: Json, told: Json) -> Json:
    item, smallest = item_of(order, told["orderItemId"]), unit(order)
    components, promotions = _decimals(told["components"]), _decimals(told["promotions"])
    tax = Decimal(told["tax_by_amazon"])
    given = _leaves(order, item, components, promotions, tax)
    leaves = [_Leaf(leaf.group, leaf.name, -leaf.value) for leaf in given]
    fee = _commission(state, given, smallest)
    kept = min(_round(fee * _KEPT, smallest), _KEPT_AT_MOST)
    quantity = told["quantity"] or fulfilled(item)
    return _item(order, item, [*leaves, *_fees(fee, -kept)], quantity)


def _leaves(
    order: Json, item: Json, components: Sums, promotions: Sums, tax: Decimal
) -> list[_Leaf]:
    taken_apart = _without_tax(order, item, components)
    taken_apart["Tax"] = taken_apart.get("Tax", ZERO) + tax
    leaves = [_Leaf(*_LEAVES.get(name, ("Other", name)), v) for name, v in taken_apart.items()]
    leaves += [_Leaf("PromoRebates", _DISCOUNTS[name], v) for name, v in promotions.items()]
    leaves += _withheld(order, item, leaves)
    return [leaf for leaf in leaves if leaf.value]


def _without_tax(order: Json, item: Json, components: Sums) -> dict[str, Decimal]:
    """Take the tax out of prices that contain it."""
    apart = dict(components)
    if not includes_tax(order):
        return apart
    gross, taxes = charged(order, item).components, tax_parts(item)
    for name, tax_name in _TAX_OF.items():
        if name in components and gross.get(name) and tax_name in taxes:
            tax = _round(components[name] * taxes[tax_name] / gross[name], unit(order))
            apart[name] -= tax
            apart[tax_name] = apart.get(tax_name, ZERO) + tax
    return apart


def _withheld(order: Json, item: Json, leaves: Iterable[_Leaf]) -> list[_Leaf]:
    if not is_facilitated(item):
        return []
    kind = "VAT" if includes_tax(order) else "Tax"
    tax = sum((leaf.value for leaf in leaves if leaf.group == "Tax"), ZERO)
    return [_Leaf("Tax", f"MarketplaceFacilitator{kind}-Principal", -tax)]


def _commission(state: State, leaves: Iterable[_Leaf], smallest: Decimal) -> Decimal:
    if not state.finance_fees:
        return ZERO
    base = sum((leaf.value for leaf in leaves if leaf.group != "Tax"), ZERO)
    return _round(base * _COMMISSION, smallest)


def _fees(commission: Decimal, kept: Decimal) -> list[_Leaf]:
    fees = {"Commission": commission, "RefundCommission": kept}
    return [_Leaf("AmazonFees", name, value) for name, value in fees.items() if value]


def _item(order: Json, item: Json, leaves: list[_Leaf], quantity: int) -> Json:
    product = item.get("product", {})
    context = {
        "contextType": "ProductContext",
        "asin": product.get("asin", ""),
        "sku": product.get("sellerSku", ""),
        "quantityShipped": quantity,
        "fulfillmentNetwork": "MFN" if is_own(order) else "AFN",
    }
    own_id = hashlib.sha256(f"{order['orderId']}/{item['orderItemId']}".encode()).hexdigest()
    adjustment = {
        "itemRelatedIdentifierName": "ORDER_ADJUSTMENT_ITEM_ID",
        "itemRelatedIdentifierValue": str(int(own_id[:11], 16)),
    }
    return {
        "description": product.get("title", ""),
        "relatedIdentifiers": [adjustment],
        "totalAmount": _money(sum((leaf.value for leaf in leaves), ZERO), currency(order)),
        "breakdowns": _groups(leaves, currency(order)),
        "contexts": [context],
    }


def _groups(leaves: list[_Leaf], code: str) -> list[Json]:
    names = dict.fromkeys(leaf.group for leaf in leaves)
    return [_group(name, [leaf for leaf in leaves if leaf.group == name], code) for name in names]


def _group(name: str, leaves: list[_Leaf], code: str) -> Json:
    each = [_breakdown(leaf.name, leaf.value, code, []) for leaf in leaves]
    return _breakdown(name, sum((leaf.value for leaf in leaves), ZERO), code, each)


def _post(
    state: State,
    stored: StoredOrder,
    items: list[Json],
    *,
    at: str,
    ids: Mapping[str, str],
    kind: str,
) -> None:
    order = stored.order
    seen = parse_iso(at) + timedelta(seconds=state.finance_delay)
    body = _body(stored, items, at=at, ids=ids, kind=kind)
    body["transactionId"] = f"simulated-{len(state.transactions) + 1}"
    state.transactions.append(
        Transaction(
            stored.seller_id,
            stored.order_id,
            marketplace(order),
            is_own(order),
            at,
            iso(seen),
            body,
        )
    )


def _body(
    stored: StoredOrder, items: list[Json], *, at: str, ids: Mapping[str, str], kind: str
) -> Json:
    order = stored.order
    group = f"{stored.seller_id}-{at[:7]}"
    related = {"ORDER_ID": stored.order_id, **ids, "FINANCIAL_EVENT_GROUP_ID": group}
    total = sum((Decimal(item["totalAmount"]["currencyAmount"]) for item in items), ZERO)
    return {
        "sellingPartnerMetadata": {
            "sellingPartnerId": stored.seller_id,
            "accountType": "Standard Orders",
            "marketplaceId": marketplace(order),
        },
        "relatedIdentifiers": [
            {"relatedIdentifierName": name, "relatedIdentifierValue": value}
            for name, value in related.items()
        ],
        "transactionType": kind,
        "transactionStatus": "RELEASED",
        "description": "Refund Order" if kind == "Refund" else "Order Payment",
        "postedDate": at,
        "totalAmount": _money(total, currency(order)),
        "marketplaceDetails": {
            "marketplaceId": marketplace(order),
            "marketplaceName": order["salesChannel"].get("marketplaceName", ""),
        },
        "items": items,
        "contexts": [],
        "breakdowns": _over_all(items, kind, currency(order)),
    }


def _over_all(items: list[Json], kind: str, code: str) -> list[Json]:
    told = [each for item in items for each in item["breakdowns"]]
    sums = added(
        (t["breakdownType"], Decimal(t["breakdownAmount"]["currencyAmount"])) for t in told
    )
    fees = {name: value for name, value in sums.items() if name == "AmazonFees"}
    sales = {name: value for name, value in sums.items() if name != "AmazonFees"}
    prefix = "Refunded " if kind == "Refund" else ""
    sides = (("Sales", sales), ("Expenses", fees))
    return [_side(f"{prefix}{name}", part, code) for name, part in sides if part]


def _side(name: str, sums: Sums, code: str) -> Json:
    each = [_breakdown(kind, value, code, []) for kind, value in sums.items()]
    return _breakdown(name, sum(sums.values(), ZERO), code, each)


def _breakdown(name: str, value: Decimal, code: str, parts: list[Json]) -> Json:
    return {"breakdownType": name, "breakdownAmount": _money(value, code), "breakdowns": parts}


def _money(value: Decimal, code: str) -> Json:
    return {"currencyAmount": str(value), "currencyCode": code}


def _decimals(told: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in told.items()}


def _round(value: Decimal, smallest: Decimal) -> Decimal:
    return value.quantize(smallest, ROUND_HALF_UP)
