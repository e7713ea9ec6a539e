"""Finances API 2024-06-19: the money that moved, and so the refunds that others made.

Source: the model finances_2024-06-19.json. Amounts come as JSON numbers and are read as Decimal.
``marketplaceId`` is not sent: with it the US leaves out orders that merchants fulfil (the model).
An order younger than 48 hours may be missing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from saleor_amazon_app.amazon.client import SellingPartnerApi
from saleor_amazon_app.amazon.lwa import SellerCredentials
from saleor_amazon_app.amazon.operations import LIST_TRANSACTIONS
from saleor_amazon_app.amazon.reading import endless, missing, moment, objects

LONGEST_PERIOD: Final = timedelta(days=180)
"""Of a longer one Amazon answers with nothing at all (the model)."""
_MOST_PAGES: Final = 200

Json = dict[str, Any]


@dataclass(frozen=True)
class FinancialItem:
    """The part of a transaction that concerns a product; orders' item ids are not told."""

    sku: str
    asin: str
    quantity: int | None
    amount: Decimal


@dataclass(frozen=True)
class FinancialTransaction:
    """A movement in the seller's account.

    ``amount`` is in major units, negative where the seller pays. It is net of Amazon's fees and
    so not what a buyer got; that is ``buyer_amount``. ``currency`` is empty, and the amount 0, if
    Amazon tells none.
    """

    transaction_id: str
    type: str
    status: str
    description: str
    posted_at: datetime | None
    amount: Decimal
    currency: str
    order_id: str | None = None
    refund_id: str | None = None
    items: tuple[FinancialItem, ...] = ()
    fees: Decimal = Decimal(0)
    """Amazon's own part of ``amount``: returned to the seller, or kept, with a refund."""
    withheld_tax: Decimal = Decimal(0)
    """The part of ``amount`` by which Amazon takes tax that it remits itself off the seller's
    account, or in a refund gives it back to the account: then positive."""

    @property
    def buyer_amount(self) -> Decimal:
        """Return what the buyer of a refund got in all, tax included: positive.

        Where Amazon tells no breakdowns it is the net amount, and so too little by the fees.
        """
        return self.fees + self.withheld_tax - self.amount

    @property
    def is_refund(self) -> bool:
        """Tell whether the seller gave money back.

        The model names no types beyond Shipment; real ones are texts such as Refund. Other words
        for money that goes back, as for claims and chargebacks, are Amazon's or a bank's decision
        and not documented, so they do not count: a sum taken for a refund wrongly is worse than
        one that a person has to enter.
        """
        return self.type.strip().lower().startswith("refund")


def list_transactions(
    api: SellingPartnerApi, seller: SellerCredentials, region: str, order_id: str
) -> list[FinancialTransaction]:
    """Return all transactions of an order."""
    query = {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": order_id}
    return _all(api, seller, region, query)


def list_refunds_since(
    api: SellingPartnerApi,
    seller: SellerCredentials,
    region: str,
    posted_after: datetime,
    posted_before: datetime | None = None,
) -> list[FinancialTransaction]:
    """Return the refunds of a period, whoever made them.

    Args:
        api: The client.
        seller: Whose account.
        region: The seller's region.
        posted_after: An aware time, more than two minutes old or Amazon refuses.
        posted_before: Likewise; without it all until two minutes ago. At most 180 days after.

    Raises:
        ValueError: The period is longer, for which Amazon would find nothing.
    """
    if (posted_before or datetime.now(UTC)) - posted_after > LONGEST_PERIOD:
        raise ValueError("a period of transactions has at most 180 days")
    query = {"postedAfter": _time(posted_after)}
    if posted_before:
        query["postedBefore"] = _time(posted_before)
    return [each for each in _all(api, seller, region, query) if each.is_refund]


def _all(
    api: SellingPartnerApi, seller: SellerCredentials, region: str, query: dict[str, str]
) -> list[FinancialTransaction]:
    return [_read(told) for page in _pages(api, seller, region, query) for told in page]


def _pages(
    api: SellingPartnerApi, seller: SellerCredentials, region: str, query: dict[str, str]
) -> Iterator[list[Json]]:
    """Yield the pages, of which some may be empty; each repeats the query (the model)."""
    token: dict[str, str] = {}
    for _ in range(_MOST_PAGES):
        answer = api.call(LIST_TRANSACTIONS, seller, region, query=query | token)
        payload = answer.get("payload")
        if not isinstance(payload, dict):
            raise missing("payload", LIST_TRANSACTIONS.name)
        yield objects(payload, "transactions")
        if not (following := payload.get("nextToken")):
            return
        token = {"nextToken": str(following)}
    raise endless(LIST_TRANSACTIONS.name)


def _read(told: Json) -> FinancialTransaction:
    related = {
        each.get("relatedIdentifierName"): each.get("relatedIdentifierValue")
        for each in objects(told, "relatedIdentifiers")
    }
    amount, currency = _money(told.get("totalAmount"))
    return FinancialTransaction(
        transaction_id=str(told.get("transactionId") or ""),
        type=str(told.get("transactionType") or ""),
        status=str(told.get("transactionStatus") or ""),
        description=str(told.get("description") or ""),
        posted_at=moment(told.get("postedDate")),
        amount=amount,
        currency=currency,
        order_id=related.get("ORDER_ID"),
        refund_id=related.get("REFUND_ID"),
        items=tuple(_item(each) for each in objects(told, "items")),
        fees=_part(told, _is_fee),
        withheld_tax=_part(told, _is_withheld_tax),
    )


def _part(told: Json, is_meant: Callable[[str], bool]) -> Decimal:
    """Add up the breakdowns of a transaction that have certain names, at any depth.

    The items' are finer than the transaction's, which repeat their sums.
    """
    items = [each for item in objects(told, "items") for each in objects(item, "breakdowns")]
    return sum(
        (_breakdown(each, is_meant) for each in items or objects(told, "breakdowns")), Decimal(0)
    )


def _breakdown(told: Json, is_meant: Callable[[str], bool]) -> Decimal:
    name = str(told.get("breakdownType") or "").replace(" ", "").lower()
    if is_meant(name):
        return _money(told.get("breakdownAmount"))[0]
    parts = objects(told, "breakdowns")
    return sum((_breakdown(each, is_meant) for each in parts), Decimal(0))


def _is_fee(name: str) -> bool:
    """Tell Amazon's fees by their name in real answers (amzn/selling-partner-api-models#4245)."""
    return name == "amazonfees"


def _is_withheld_tax(name: str) -> bool:
    """Tell ``MarketplaceFacilitatorTax-Principal`` and its like (the same issue)."""
    return name.startswith("marketplacefacilitator")


def _item(told: Json) -> FinancialItem:
    products = (each for each in objects(told, "contexts") if "sku" in each or "asin" in each)
    product = next(products, {})
    quantity = product.get("quantityShipped")
    return FinancialItem(
        sku=str(product.get("sku") or ""),
        asin=str(product.get("asin") or ""),
        quantity=quantity if isinstance(quantity, int) else None,
        amount=_money(told.get("totalAmount"))[0],
    )


def _money(told: Any) -> tuple[Decimal, str]:  # noqa: ANN401 - JSON of any shape
    amount = told.get("currencyAmount") if isinstance(told, dict) else None
    if not isinstance(amount, Decimal | int):
        return Decimal(0), ""
    return Decimal(amount), str(told.get("currencyCode") or "")


def _time(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
