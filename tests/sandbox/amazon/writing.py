"""What the tests write to the simulated Amazon: confirmations, feeds, and orders to write about."""

import gzip
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

from saleor_amazon_app.sandbox.amazon.state import State, StoredOrder
from tests.sandbox.amazon.amazon import ALL_DATA, JP, SELLER, UK, US, Caller, ago, an_order

MUG, PAN = "10000000000001", "10000000000002"
ACKNOWLEDGE = "POST_ORDER_ACKNOWLEDGEMENT_DATA"
ADJUST = "POST_PAYMENT_ADJUSTMENT_DATA"
FULFILL = "POST_ORDER_FULFILLMENT_DATA"
MESSAGE_TYPES = {
    ACKNOWLEDGE: "OrderAcknowledgement",
    ADJUST: "OrderAdjustment",
    FULFILL: "OrderFulfillment",
}
FEEDS = "/feeds/2021-06-30/feeds"
DOCUMENTS = "/feeds/2021-06-30/documents"
TRANSACTIONS = "/finances/2024-06-19/transactions"
XML = "text/xml; charset=UTF-8"
CURRENCIES = {US: "USD", UK: "GBP", JP: "JPY"}
NAMES = {US: "Amazon.com", UK: "Amazon.co.uk", JP: "Amazon.co.jp"}

Json = dict[str, Any]


def an_item(
    item_id: str = MUG,
    price: str = "20.00",
    quantity: int = 1,
    *,
    currency: str = "USD",
    tax_on_top: bool = True,
    facilitated: bool = False,
    **parts: str,
) -> Json:
    """An item; parts are ``shipping``, ``tax`` (of the price) and ``discount``."""

    def money(value: str | Decimal) -> Json:
        return {"amount": str(value), "currencyCode": currency}

    total = Decimal(price) + Decimal(parts.get("shipping", "0"))
    breakdowns: list[Json] = [{"type": "ITEM", "subtotal": money(price)}]
    if "shipping" in parts:
        breakdowns.append({"type": "SHIPPING", "subtotal": money(parts["shipping"])})
    if "discount" in parts:
        off = money(f"-{parts['discount']}")
        details = [{"subtype": "ITEM", "value": off}]
        told = {"type": "DISCOUNT", "subtotal": off, "detailedBreakdowns": details}
        breakdowns.append(told)
        total -= Decimal(parts["discount"])
    if "tax" in parts:
        details = [{"subtype": "ITEM", "value": money(parts["tax"])}]
        told = {"type": "TAX", "subtotal": money(parts["tax"]), "detailedBreakdowns": details}
        breakdowns.append(told)
        total += Decimal(parts["tax"]) if tax_on_top else 0
    item = {
        "orderItemId": item_id,
        "quantityOrdered": quantity,
        "product": {"asin": f"B0{item_id[-8:]}", "title": "Mug", "sellerSku": f"SKU-{item_id[-1]}"},
        "proceeds": {"proceedsTotal": money(total), "breakdowns": breakdowns},
        "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": quantity},
    }
    if facilitated:
        item["tax"] = {"taxCollections": [{"model": "MARKETPLACE_FACILITATOR"}]}
    return item


def a_sale(*items: Json, number: int = 1, marketplace: str = US, **fields: Any) -> Json:
    """An order with money, paid two days ago and to be shipped by the merchant."""
    chosen = list(items) or [an_item()]
    totals = [item["proceeds"]["proceedsTotal"] for item in chosen]
    grand = str(sum(Decimal(total["amount"]) for total in totals))
    sums: dict[str, Decimal] = {}
    for told in (each for item in chosen for each in item["proceeds"]["breakdowns"]):
        value = Decimal(told["subtotal"]["amount"])
        sums[told["type"]] = sums.get(told["type"], Decimal(0)) + value
    currency = CURRENCIES[marketplace]
    breakdowns = [
        {"type": kind, "subtotal": {"amount": str(value), "currencyCode": currency}}
        for kind, value in sums.items()
    ]
    total = {"amount": grand, "currencyCode": currency}
    channel = {
        "channelName": "AMAZON",
        "marketplaceId": marketplace,
        "marketplaceName": NAMES[marketplace],
    }
    fields.setdefault("salesChannel", channel)
    fields.setdefault("proceeds", {"grandTotal": total, "breakdowns": breakdowns})
    return an_order(number, updated=ago(days=2), orderItems=chosen, **fields)


def sell(state: State, *items: Json, **fields: Any) -> StoredOrder:
    return state.put_order(SELLER, a_sale(*items, **fields))


def confirmation(**detail: Any) -> Json:
    told = {
        "packageReferenceId": "1",
        "carrierCode": "UPS",
        "trackingNumber": "1Z999AA10123456784",
        "shipDate": ago(hours=1),
        "orderItems": [{"orderItemId": MUG, "quantity": 1}],
    }
    kept = {name: value for name, value in (told | detail).items() if value is not None}
    return {"marketplaceId": US, "packageDetail": kept}


def confirm(call: Caller, order_id: str, body: Json | None = None, **detail: Any) -> Any:
    path = f"/orders/v0/orders/{order_id}/shipmentConfirmation"
    return call.send("POST", path, confirmation(**detail) if body is None else body)


def told(call: Caller, order_id: str) -> Json:
    """The order as getOrder tells it now, with every data set."""
    order: Json = call.order(order_id, includedData=ALL_DATA).json["order"]
    return order


def envelope(message_type: str, *bodies: str, seller: str = SELLER) -> str:
    messages = "".join(
        f"<Message><MessageID>{number}</MessageID>{body}</Message>"
        for number, body in enumerate(bodies, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">'
        "<Header><DocumentVersion>1.01</DocumentVersion>"
        f"<MerchantIdentifier>{seller}</MerchantIdentifier></Header>"
        f"<MessageType>{message_type}</MessageType>{messages}</AmazonEnvelope>"
    )


def acknowledgement(order_id: str, status: str = "Failure", items: str = "", own: str = "") -> str:
    return (
        f"<OrderAcknowledgement><AmazonOrderID>{order_id}</AmazonOrderID>{own}"
        f"<StatusCode>{status}</StatusCode>{items}</OrderAcknowledgement>"
    )


def cancelled_item(item_id: str = MUG, reason: str = "NoInventory") -> str:
    return (
        f"<Item><AmazonOrderItemCode>{item_id}</AmazonOrderItemCode>"
        f"<CancelReason>{reason}</CancelReason></Item>"
    )


def amounts(currency: str, sums: dict[str, str]) -> str:
    return "".join(
        f'<Component><Type>{kind}</Type><Amount currency="{currency}">{value}</Amount></Component>'
        for kind, value in sums.items()
    )


def adjusted_item(
    item_id: str = MUG,
    *,
    promotions: dict[str, str] | None = None,
    currency: str = "USD",
    quantity: int | None = None,
    **sums: str,
) -> str:
    prices = amounts(currency, sums)
    told = f"<ItemPriceAdjustments>{prices}</ItemPriceAdjustments>" if sums else ""
    if promotions:
        told += f"<PromotionAdjustments>{amounts(currency, promotions)}</PromotionAdjustments>"
    if quantity:
        told += f"<Quantity>{quantity}</Quantity>"
    return (
        f"<AdjustedItem><AmazonOrderItemCode>{item_id}</AmazonOrderItemCode>"
        f"<AdjustmentReason>CustomerReturn</AdjustmentReason>{told}</AdjustedItem>"
    )


def cancelled_units(item_id: str, units: int, reason: str = "NoInventory") -> str:
    return (
        f"<AdjustedItem><AmazonOrderItemCode>{item_id}</AmazonOrderItemCode>"
        f"<AdjustmentReason>{reason}</AdjustmentReason>"
        f"<QuantityCancelled>{units}</QuantityCancelled></AdjustedItem>"
    )


def adjustment(order_id: str, *items: str, action: str = "Refund") -> str:
    return (
        f"<OrderAdjustment><AmazonOrderID>{order_id}</AmazonOrderID>"
        f"<ActionType>{action}</ActionType>{''.join(items)}</OrderAdjustment>"
    )


def fulfillment(order_id: str, items: str = "", tracking: str = "1Z999AA10123456784") -> str:
    return (
        f"<OrderFulfillment><AmazonOrderID>{order_id}</AmazonOrderID>"
        "<MerchantFulfillmentID>7</MerchantFulfillmentID>"
        f"<FulfillmentDate>{ago(hours=1)}</FulfillmentDate>"
        "<FulfillmentData><CarrierCode>UPS</CarrierCode><ShippingMethod>Ground</ShippingMethod>"
        f"<ShipperTrackingNumber>{tracking}</ShipperTrackingNumber></FulfillmentData>{items}"
        "</OrderFulfillment>"
    )


def shipped_item(item_id: str = MUG, quantity: int = 1) -> str:
    return (
        f"<Item><AmazonOrderItemCode>{item_id}</AmazonOrderItemCode>"
        f"<Quantity>{quantity}</Quantity></Item>"
    )


def upload(call: Caller, content: str | bytes, kind: str = XML) -> str:
    """Upload a document as an app does and return its id."""
    made = call.send("POST", DOCUMENTS, {"contentType": kind}).json
    data = content.encode() if isinstance(content, str) else content
    answer = call.client.open(made["url"], method="PUT", data=data, content_type=kind)
    assert answer.status_code == 200, answer.text
    return str(made["feedDocumentId"])


def submit(call: Caller, kind: str, document_id: str, *marketplaces: str) -> Any:
    body = {
        "feedType": kind,
        "marketplaceIds": list(marketplaces or (US,)),
        "inputFeedDocumentId": document_id,
    }
    return call.send("POST", FEEDS, body)


def post(call: Caller, kind: str, *bodies: str) -> str:
    """Hand in a feed of these messages and return its id."""
    document = upload(call, envelope(MESSAGE_TYPES[kind], *bodies))
    return str(submit(call, kind, document).json["feedId"])


def feed(call: Caller, feed_id: str) -> Json:
    answer: Json = call.send("GET", f"{FEEDS}/{feed_id}").json
    return answer


def report(call: Caller, feed_id: str) -> ET.Element:
    """Download a feed's processing report as an app does."""
    made = call.send("GET", f"{DOCUMENTS}/{feed(call, feed_id)['resultFeedDocumentId']}").json
    assert made["compressionAlgorithm"] == "GZIP"
    return ET.fromstring(gzip.decompress(call.client.get(made["url"]).data))


def process(state: State, call: Caller, kind: str, *bodies: str) -> ET.Element:
    """Hand in a feed, wait until it is done, and return its report."""
    feed_id = post(call, kind, *bodies)
    state.clock.advance(15)
    assert feed(call, feed_id)["processingStatus"] == "DONE"
    return report(call, feed_id)


def summary(told: ET.Element) -> tuple[int, ...]:
    """Messages processed, successful, with an error and with a warning."""
    found = told.find("Message/ProcessingReport/ProcessingSummary")
    assert found is not None
    return tuple(int(child.text or "") for child in found)


def results(told: ET.Element) -> list[tuple[str, str, str, str]]:
    """Message id, Error or Warning, number and description of each result."""
    names = ("MessageID", "ResultCode", "ResultMessageCode", "ResultDescription")
    found = told.iterfind("Message/ProcessingReport/Result")
    return [
        (values[0], values[1], values[2], values[3])
        for values in ([r.findtext(name, "") for name in names] for r in found)
    ]


def refused(told: ET.Element) -> str:
    """Why the only message was refused."""
    assert summary(told) == (1, 0, 1, 0)
    ((_, code, _, text),) = results(told)
    assert code == "Error"
    return text
