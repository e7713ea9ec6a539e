"""Cases of an order's life: plain, waiting, shipped by whomever, cancelled, impossible."""

from datetime import timedelta
from typing import Any, Final

from saleor_amazon_app.sandbox.amazon.cases import Change, case
from saleor_amazon_app.sandbox.amazon.clock import iso
from saleor_amazon_app.sandbox.amazon.drafts import Draft
from saleor_amazon_app.sandbox.amazon.pricing import Line, line
from saleor_amazon_app.sandbox.catalogue import SALES_CHANNELS, Product

Json = dict[str, Any]

_PLAIN_WEIGHT: Final = 6
_WITHDRAWN: Final = ("city", "stateOrRegion", "countryCode")
_FBA_TELLS: Final = (*_WITHDRAWN, "postalCode")
_CARRIERS: Final = {
    "US": ("UPS", "UPS Ground", "1Z999AA1##########"),
    "GB": ("Royal Mail", "Tracked 48", "QX#########GB"),
    "DE": ("DHL", "DHL Paket", "00340434##########"),
    "JP": ("Yamato Transport", "TA-Q-BIN", "####-####-####"),
}


def plain(draft: Draft) -> None:
    """Leave an order as it begins."""
    draft.first.extra = {}


for _channel in SALES_CHANNELS:
    case(f"plain {_channel.slug}", channels=(_channel.slug,), weight=_PLAIN_WEIGHT)(plain)


@case("pending", expected="waiting", why="Payment is not authorised: no prices yet.", weight=2)
def pending(draft: Draft) -> None:
    draft.early = _untold("PENDING")


@case(
    "unpaid with a price",
    channels=("amazon-jp",),
    expected="waiting",
    why="Payment is not authorised: the price may still change.",
)
def unpaid_with_a_price(draft: Draft) -> None:
    """Seen in Japan, promised nowhere: amzn/selling-partner-api-models#5139."""

    def withhold(early: Draft) -> None:
        early.status, early.address, early.buyer = "PENDING", {}, {}

    draft.early = withhold


@case("pending availability", expected="waiting", why="A pre-order is not out yet.")
def pending_availability(draft: Draft) -> None:
    draft.programs.append("PREORDER")
    draft.early = _untold("PENDING_AVAILABILITY")


@case("FBA pending", expected="waiting", why="Payment is not authorised: no prices yet.")
def fba_pending(draft: Draft) -> None:
    _fulfil_by_amazon(draft)
    draft.early = _untold("PENDING")


@case("FBA unshipped", expected="waiting", why="Amazon has not shipped yet.", weight=2)
def fba_unshipped(draft: Draft) -> None:
    _fulfil_by_amazon(draft)
    draft.early = _status("UNSHIPPED")


@case("FBA shipped", weight=5)
def fba_shipped(draft: Draft) -> None:
    _fulfil_by_amazon(draft)


@case("FBA shipped with serial numbers")
def fba_with_serial_numbers(draft: Draft) -> None:
    _fulfil_by_amazon(draft)
    draft.first.extra["product"] = {"serialNumbers": [f"SN-{draft.rng.randrange(10**9):09d}"]}


@case("without an address", expected="waiting", why="Amazon gives no address to ship to.")
def without_address(draft: Draft) -> None:
    def withhold(early: Draft) -> None:
        early.address, early.buyer = {}, {}

    draft.early = withhold


@case("partially shipped", weight=2)
def partially_shipped(draft: Draft) -> None:
    draft.status = "PARTIALLY_SHIPPED"
    draft.lines.append(line(draft.rng, draft.channel, 2))
    _ship(draft, {draft.first.item_id: draft.first.quantity}, "IN_TRANSIT")


@case("part of a line shipped")
def part_of_a_line_shipped(draft: Draft) -> None:
    draft.status = "PARTIALLY_SHIPPED"
    draft.lines = [line(draft.rng, draft.channel, 5)]
    _ship(draft, {draft.first.item_id: 2}, "SHIPPED")


@case("shipped", weight=3)
def shipped(draft: Draft) -> None:
    draft.status = "SHIPPED"
    _ship(draft, {told.item_id: told.quantity for told in draft.lines}, "DELIVERED")


@case("shipped in two packages")
def shipped_in_two(draft: Draft) -> None:
    draft.status = "SHIPPED"
    draft.lines = [line(draft.rng, draft.channel, 3)]
    _ship(draft, {draft.first.item_id: 2}, "SHIPPED")
    _ship(draft, {draft.first.item_id: 1}, "IN_TRANSIT")


@case("shipped, address withdrawn", weight=2)
def shipped_without_address(draft: Draft) -> None:
    """Amazon takes an address back some time after delivery."""
    shipped(draft)
    _earlier(draft, days=40)
    draft.address = _only(draft.address, _WITHDRAWN)
    draft.buyer.pop("buyerName")


@case("bought before the day", weight=2)
def bought_before(draft: Draft) -> None:
    _earlier(draft, days=3)


@case("cancelled", expected="left_out", why="Cancelled before it was seen.", weight=2)
def cancelled(draft: Draft) -> None:
    _cancel(draft, draft.first)


@case("FBA cancelled", expected="left_out", why="Cancelled before it was seen.")
def fba_cancelled(draft: Draft) -> None:
    _fulfil_by_amazon(draft)
    _cancel(draft, draft.first)


@case("unfulfillable", expected="left_out", why="It cannot be fulfilled.")
def unfulfillable(draft: Draft) -> None:
    """The model: only Amazon-fulfilled orders that were not placed on Amazon's own site."""
    _fulfil_by_amazon(draft)
    draft.status = "UNFULFILLABLE"


@case("unknown SKU", expected="blocked", why="The shop has no such SKU.", weight=2)
def unknown_sku(draft: Draft) -> None:
    draft.first.product = _unknown(draft)


@case("unknown SKU among others", expected="blocked", why="The shop has no such SKU.")
def unknown_sku_among_others(draft: Draft) -> None:
    draft.lines += [line(draft.rng, draft.channel), line(draft.rng, draft.channel)]
    draft.lines[1].product = _unknown(draft)


@case("buyer wants to cancel")
def buyer_wants_to_cancel(draft: Draft) -> None:
    request = {"requester": "BUYER", "cancelReason": "CREATED_BY_MISTAKE"}
    draft.first.extra["cancellation"] = {"cancellationRequest": request}


def _untold(status: str) -> Change:
    def withhold(early: Draft) -> None:
        early.status, early.priced = status, False
        early.address, early.buyer = {}, {}

    return withhold


def _status(status: str) -> Change:
    def withhold(early: Draft) -> None:
        early.status = status

    return withhold


def _fulfil_by_amazon(draft: Draft) -> None:
    """The model: no e-mail and no phone for Amazon-fulfilled orders."""
    draft.fulfilled_by, draft.status = "AMAZON", "SHIPPED"
    draft.address = _only(draft.address, _FBA_TELLS)
    draft.buyer.pop("buyerEmail")


def _only(address: Json, names: tuple[str, ...]) -> Json:
    return {name: address[name] for name in names if name in address}


def _earlier(draft: Draft, *, days: int) -> None:
    draft.created -= timedelta(days=days)


def _cancel(draft: Draft, told: Line) -> None:
    draft.status, draft.priced, told.quantity = "CANCELLED", False, 0
    execution = {"cancelledBy": "BUYER", "cancelReason": "BUYER_CANCELED"}
    told.extra["cancellation"] = {"cancellationExecution": execution}


def _unknown(draft: Draft) -> Product:
    known = draft.first.product
    number = draft.rng.randrange(10**4)
    return Product(
        f"OLD-{number:04d}", "Discontinued Teapot", known.price, f"B0GONE{number:04d}", 0
    )


def _ship(draft: Draft, quantities: dict[str, int], status: str) -> None:
    packages = draft.extra.setdefault("packages", [])
    packages.append(_package(draft, quantities, status, len(packages) + 1))
    for told in draft.lines:
        gone = _in_packages(packages, told.item_id)
        left = told.quantity - gone
        told.extra["fulfillment"] = {"quantityFulfilled": gone, "quantityUnfulfilled": left}


def _in_packages(packages: list[Json], item_id: str) -> int:
    items = [item for package in packages for item in package["packageItems"]]
    return sum(item["quantity"] for item in items if item["orderItemId"] == item_id)


def _package(draft: Draft, quantities: dict[str, int], status: str, number: int) -> Json:
    carrier, service, pattern = _CARRIERS.get(draft.channel.country, _CARRIERS["DE"])
    tracking = "".join(str(draft.rng.randrange(10)) if c == "#" else c for c in pattern)
    return {
        "packageReferenceId": str(number),
        "createdTime": iso(draft.updated - timedelta(seconds=30)),
        "packageStatus": {"status": status},
        "carrier": carrier,
        "shippingService": service,
        "shipTime": iso(draft.updated - timedelta(seconds=10)),
        "trackingNumber": tracking,
        "packageItems": [
            {"orderItemId": item, "quantity": quantity} for item, quantity in quantities.items()
        ],
    }
