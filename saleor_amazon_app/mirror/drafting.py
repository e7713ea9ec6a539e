"""An Amazon order as Saleor's ``OrderBulkCreateInput``.

``draft`` is the one place that says what the imported order looks like. It needs no connection to
anything: SKUs are resolved to variants before, and the mapping names everything else in Saleor.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from saleor_amazon_app.mirror import facts
from saleor_amazon_app.mirror.addresses import (
    AddressFix,
    AddressNotUsable,
    SaleorAddress,
    saleor_address,
)
from saleor_amazon_app.mirror.amazon_order import AmazonOrder, OrderItem
from saleor_amazon_app.mirror.ids import SellerId, SellerSku
from saleor_amazon_app.mirror.mapping import BuyerEmail
from saleor_amazon_app.mirror.mapping import Mapping as ChannelMapping
from saleor_amazon_app.mirror.marketplaces import MARKETPLACES, Marketplace, seller_central_link
from saleor_amazon_app.mirror.money import minor_unit
from saleor_amazon_app.mirror.parcels import Line, Plan, Variant
from saleor_amazon_app.mirror.problems import Problem, ProblemKind
from saleor_amazon_app.mirror.reckoning import (
    Charge,
    DoesNotAddUp,
    ItemSums,
    OrderSums,
    Taxed,
    reckon,
)
from saleor_amazon_app.mirror.sentences import say

TRANSACTION_NAME: Final = "Amazon"
PLACEHOLDER_EMAIL_DOMAIN: Final = "amazon-order.invalid"
"""``.invalid`` can never receive mail (RFC 2606)."""

_PRODUCT_NAME: Final = 386
_NAME: Final = 255
_NOTE: Final = 255
"""Saleor's limits; a longer text is a database error there, not a refusal."""


@dataclass(frozen=True)
class Draft:
    """An order ready to be created, and what to look at once it is."""

    input: dict[str, Any]
    total: Decimal
    """Amazon's grand total in major units; the created order must show the same."""
    quantities: Mapping[str, int]
    """Units by order item id; the created order must show the same."""
    touches_stock: bool
    reserves: bool
    """A last fulfilment only holds stock and has to be cancelled after creation."""
    placeholders: tuple[str, ...]


class Held(Exception):
    """The order cannot be drafted; it waits with these problems."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


def draft(
    order: AmazonOrder,
    mapping: ChannelMapping,
    variants: Mapping[SellerSku, Variant],
    *,
    seller_id: SellerId,
    app_id: str,
    fix: AddressFix | None = None,
    reserve: bool = True,
) -> Draft:
    """Draft the Saleor order for an Amazon order that is to be created.

    Args:
        order: The order, in a state for which ``creation.decide`` says CREATE.
        mapping: Where the marketplace's orders go.
        variants: The variants of the order's SKUs, as far as they are known.
        seller_id: The seller whose order it is.
        app_id: The app's id in this shop, as author of the note.
        fix: The merchant's repair of the address.
        reserve: False creates without touching stock, whatever the mapping says.

    Raises:
        Held: With every problem found, so that all can be cured in one go.
        TotalNotTold: Amazon has not told the order's price yet.
    """
    marketplace = MARKETPLACES[mapping.marketplace_id]
    sums = _sums(order, mapping, marketplace)
    lines = _lines(order, sums, variants)
    address = _address(order, marketplace, fix)
    plan = Plan.make(order, lines, mapping, reserve=reserve)
    private = facts.order_facts(order, sums, seller_id=seller_id) | plan.facts(mapping)
    created_at = facts.moment(order.created_time)
    input_ = {
        "externalReference": order.order_id,
        "channel": mapping.channel,
        "createdAt": created_at,
        "status": plan.status,
        "user": {"email": _email(order, mapping)},
        "billingAddress": dict(address.input),
        "shippingAddress": dict(address.input),
        "currency": sums.currency,
        "languageCode": marketplace.language,
        "privateMetadata": facts.as_metadata(private),
        "customerNote": _customer_note(order),
        "notes": [{"message": _origin_note(order, marketplace), "appId": app_id}],
        "lines": [_line_input(line, mapping, created_at) for line in lines],
        "deliveryMethod": _delivery(order, sums, mapping),
        "fulfillments": plan.fulfillments,
        "transactions": _transactions(order, sums, marketplace),
    }
    return Draft(
        input=input_,
        total=sums.total,
        quantities={line.item.order_item_id: line.item.quantity_ordered for line in lines},
        touches_stock=plan.touches_stock,
        reserves=plan.reserves,
        placeholders=address.placeholders,
    )


def _sums(order: AmazonOrder, mapping: ChannelMapping, marketplace: Marketplace) -> OrderSums:
    try:
        sums = reckon(
            order,
            prices_include_tax=marketplace.prices_include_tax,
            default_currency=mapping.currency,
        )
    except DoesNotAddUp as error:
        raise Held(error.problem) from None
    if sums.currency != mapping.currency:
        text = say(
            "problem.other_currency",
            order=sums.currency,
            channel=mapping.channel,
            currency=mapping.currency,
        )
        raise Held(Problem(ProblemKind.CURRENCY, text, mapping.marketplace_id))
    return sums


def _lines(
    order: AmazonOrder, sums: OrderSums, variants: Mapping[SellerSku, Variant]
) -> list[Line]:
    """Pair items with money and variants; items cancelled to nothing at Amazon are no lines."""
    lines: list[Line] = []
    problems: list[Problem] = []
    for item, item_sums in zip(order.order_items, sums.items, strict=True):
        if item.quantity_ordered < 1:
            problems += _paid_but_not_ordered(item, item_sums)
            continue
        variant = variants.get(item.product.seller_sku or SellerSku(""))
        if variant is None:
            problems.append(_unknown(item))
        else:
            lines.append(Line(item, item_sums, variant))
    if problems:
        raise Held(*problems)
    if not lines:
        raise Held(Problem(ProblemKind.UNREADABLE, say("problem.no_items")))
    return lines


def _paid_but_not_ordered(item: OrderItem, sums: ItemSums) -> Iterable[Problem]:
    if sums.line.total.gross:
        text = say("problem.paid_not_ordered", item=item.order_item_id)
        yield Problem(ProblemKind.AMOUNT, text)


def _unknown(item: OrderItem) -> Problem:
    sku = item.product.seller_sku or ""
    return Problem(ProblemKind.UNKNOWN_SKU, say("problem.unknown_sku", sku=sku), sku)


def _address(order: AmazonOrder, marketplace: Marketplace, fix: AddressFix | None) -> SaleorAddress:
    try:
        return saleor_address(order, default_country=marketplace.country, fix=fix)
    except AddressNotUsable as error:
        raise Held(error.problem) from None


def _email(order: AmazonOrder, mapping: ChannelMapping) -> str:
    relay = order.buyer.buyer_email if order.buyer else None
    if mapping.buyer_email is BuyerEmail.RELAY and relay:
        return relay
    return f"{order.order_id.lower()}@{PLACEHOLDER_EMAIL_DOMAIN}"


def _origin_note(order: AmazonOrder, marketplace: Marketplace) -> str:
    bought = order.created_time.strftime("%Y-%m-%d %H:%M UTC")
    parts = [f"Imported from {marketplace.name}: order {order.order_id}, bought {bought}"]
    parts.append("shipped by Amazon" if order.fulfilled_by == "AMAZON" else "shipped by you")
    if order.ship_by and order.status in ("UNSHIPPED", "PARTIALLY_SHIPPED"):
        parts.append(f"ship by {order.ship_by.strftime('%Y-%m-%d %H:%M UTC')}")
    if order.replaces:
        parts.append(f"replaces {order.replaces}")
    return (", ".join(parts) + ".")[:_NOTE]


def _customer_note(order: AmazonOrder) -> str:
    """What the packer must see: gifts and the buyer's wishes for the delivery."""
    wishes = order.recipient.delivery_preference if order.recipient else None
    told: list[str | None] = [_gift(item) for item in order.order_items if item.gift]
    if wishes:
        told += [wishes.drop_off_location, wishes.address_instruction]
    return "\n".join(text for text in told if text)


def _gift(item: OrderItem) -> str:
    gift = item.gift
    if not gift or not (gift.gift_message or gift.gift_wrap_level):
        return ""
    wrap = f" (wrap: {gift.gift_wrap_level})" if gift.gift_wrap_level else ""
    return f"Gift {item.product.seller_sku or ''}{wrap}: {gift.gift_message or ''}".rstrip(": ")


def _line_input(line: Line, mapping: ChannelMapping, created_at: str | None) -> dict[str, Any]:
    charge: Charge = line.sums.line
    return {
        "variantId": line.variant.id,
        "variantName": line.variant.variant_name[:_NAME],
        "productName": (line.item.product.title or line.variant.product_name)[:_PRODUCT_NAME],
        "productSku": line.variant.sku,
        "createdAt": created_at,
        "isShippingRequired": True,
        "isGiftCard": False,
        "quantity": line.item.quantity_ordered,
        "totalPrice": _taxed_input(charge.total),
        "undiscountedTotalPrice": _taxed_input(charge.undiscounted),
        **_unit_discount(charge, line.item.quantity_ordered, mapping.currency),
        "warehouse": mapping.warehouse_id,
        "privateMetadata": facts.as_metadata(facts.line_facts(line.item, line.sums)),
        "taxClassId": mapping.tax_class_id,
    }


def _unit_discount(charge: Charge, quantity: int, currency: str) -> dict[str, Any]:
    """Name a discount, fixed, of so much a unit and net.

    A discount without a type is stored by Saleor as one whose type its own API cannot tell
    (``FIXED`` for ``fixed``; Saleor 3.23, order_bulk_create.py): the Dashboard then shows an error
    on the order's page. The value has to explain the unit prices as Saleor rounds them, halves to
    even.
    """
    if charge.total == charge.undiscounted:
        return {"unitDiscountReason": None}
    unit = minor_unit(currency)
    before, after = (
        (taxed.net / quantity).quantize(unit, rounding=ROUND_HALF_EVEN)
        for taxed in (charge.undiscounted, charge.total)
    )
    return {
        "unitDiscountReason": "Amazon promotion",
        "unitDiscountType": "FIXED",
        "unitDiscountValue": before - after,
    }


def _taxed_input(taxed: Taxed) -> dict[str, Decimal]:
    return {"net": taxed.net, "gross": taxed.gross}


def _delivery(order: AmazonOrder, sums: OrderSums, mapping: ChannelMapping) -> dict[str, Any]:
    return {
        "shippingMethodId": mapping.shipping_method_id,
        "shippingMethodName": _shipping_name(order, sums)[:_NAME],
        "shippingPrice": _taxed_input(sums.shipping),
        "shippingTaxClassId": mapping.tax_class_id,
    }


def _shipping_name(order: AmazonOrder, sums: OrderSums) -> str:
    """Name the service, and what the shipping price contains beside the shipping."""
    level = order.fulfillment.fulfillment_service_level if order.fulfillment else None
    extras = [
        words
        for part, words in _EXTRAS.items()
        if any(item.charges[part].total.gross for item in sums.items)
    ]
    if sums.tip:
        extras.append("tip")
    service = f"Amazon {(level or 'standard').replace('_', ' ').lower()}"
    return f"{service} (with {', '.join(extras)})" if extras else service


_EXTRAS: Final = {"GIFT_WRAP": "gift wrap", "COD_FEE": "cash on delivery fee", "OTHER": "fees"}


def _transactions(
    order: AmazonOrder, sums: OrderSums, marketplace: Marketplace
) -> list[dict[str, Any]]:
    """One transaction, charged in full; nothing is charged for a replacement."""
    if not sums.total:
        return []
    return [
        {
            "name": TRANSACTION_NAME,
            "message": "Paid to Amazon.",
            "pspReference": order.order_id,
            "amountCharged": {"amount": sums.total, "currency": sums.currency},
            "externalUrl": seller_central_link(marketplace, order.order_id),
        }
    ]
