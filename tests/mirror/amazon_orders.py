"""Amazon orders for tests, as Amazon would tell them: change what the test is about."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

US, CA, DE, UK, JP = (
    "ATVPDKIKX0DER",
    "A2EUQ1WTGCTBG2",
    "A1PA6795UKMFR9",
    "A1F83G8C2ARO7P",
    "A1VC38T7YXB528",
)
CURRENCY = {US: "USD", CA: "CAD", DE: "EUR", UK: "GBP", JP: "JPY"}

Json = dict[str, Any]


def money(amount: object, currency: str = "EUR") -> Json:
    return {"amount": str(amount), "currencyCode": currency}


def breakdown(kind: str, amount: object, currency: str = "EUR", **details: object) -> Json:
    """A proceeds breakdown; keyword arguments are its detailed breakdowns."""
    told: Json = {"type": kind, "subtotal": money(amount, currency)}
    if details:
        told["detailedBreakdowns"] = [
            {"subtype": subtype, "value": money(value, currency)}
            for subtype, value in details.items()
        ]
    return told


def item(
    number: int = 1,
    *,
    sku: str = "SHOP-01-NAT",
    quantity: int = 1,
    total: object = "14.90",
    breakdowns: list[Json] | None = None,
    currency: str = "EUR",
    shipped: int = 0,
    **more: Any,
) -> Json:
    """An order item; without breakdowns its total is the price of the goods."""
    return {
        "orderItemId": f"{number:014d}",
        "quantityOrdered": quantity,
        "product": {"asin": "B0SHOP0101", "title": f"Thing {number}", "sellerSku": sku},
        "proceeds": {
            "proceedsTotal": money(total, currency),
            "breakdowns": breakdowns or [breakdown("ITEM", total, currency)],
        },
        "fulfillment": {
            "quantityFulfilled": shipped,
            "quantityUnfulfilled": quantity - shipped,
        },
    } | more


ADDRESS: Json = {
    "name": "Erika Mustermann",
    "addressLine1": "Beispielweg 12",
    "city": "Berlin",
    "postalCode": "10115",
    "countryCode": "DE",
    "phone": "+49 30 901820",
}


def amazon_order(
    *items: Json,
    marketplace: str = DE,
    status: str = "UNSHIPPED",
    by: str = "MERCHANT",
    total: object | None = None,
    **more: Any,
) -> Json:
    """An order of the given items; its grand total is their sum unless it is named."""
    items = items or (item(currency=CURRENCY[marketplace]),)
    amounts = [Decimal(i["proceeds"]["proceedsTotal"]["amount"]) for i in items if "proceeds" in i]
    grand = sum(amounts, Decimal(0)) if total is None else total
    return deepcopy(
        {
            "orderId": "302-1234567-1234567",
            "createdTime": "2026-11-20T10:00:00Z",
            "lastUpdatedTime": "2026-11-20T11:00:00Z",
            "salesChannel": {"channelName": "AMAZON", "marketplaceId": marketplace},
            "buyer": {"buyerName": "Erika Mustermann", "buyerEmail": "x1@marketplace.amazon.de"},
            "recipient": {"deliveryAddress": ADDRESS},
            "proceeds": {"grandTotal": money(grand, CURRENCY[marketplace])},
            "fulfillment": {
                "fulfillmentStatus": status,
                "fulfilledBy": by,
                "fulfillmentServiceLevel": "STANDARD",
                "shipByWindow": {"latestDateTime": "2026-11-24T22:59:59Z"},
            },
            "orderItems": list(items),
        }
        | more
    )
