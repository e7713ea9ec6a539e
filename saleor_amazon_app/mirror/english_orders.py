"""What becomes of an order, and what is told of it, in English."""

from typing import Final

DECISIONS: Final = {
    "decision.not_paid": "Amazon has not released the order yet: payment pending.",
    "decision.preorder": "Pre-order: Amazon has not released it yet.",
    "decision.amazon_ships": "Fulfilled by Amazon: imported once Amazon has shipped it.",
    "decision.cancelled": "Cancelled before it came to Saleor.",
    "decision.unfulfillable": "Amazon cannot fulfil it.",
    "decision.to_ship": "Released by Amazon, to be shipped by the merchant.",
    "decision.partly_shipped": "Partly shipped by the merchant.",
    "decision.shipped": "Already shipped by the merchant.",
    "decision.shipped_by_amazon": "Shipped by Amazon.",
    "decision.elsewhere": "Not sold on Amazon: Amazon only fulfils it for another shop.",
    "decision.too_old": "Bought before the import's start date.",
    "decision.untold": "Amazon has not told the order's status.",
    "decision.unknown_status": (
        "Amazon reports {status} by {fulfilled_by}, which is new to this version."
    ),
    "decision.import_off": "The import is switched off for this marketplace.",
    "decision.address_awaited": "Amazon has not given the address yet; asked again soon.",
    "decision.total_awaited": "Amazon has not given the total yet; asked again soon.",
}
"""Why an order is brought into Saleor, waits, or is left out."""

HISTORY: Final = {
    "history.status": "Amazon reports {status} (was {before}).",
    "history.imported": "Imported as Saleor order {number}.",
    "history.unfinished": "In Saleor; its stock or payment could not be finished yet.",
    "history.shipped_one": "Shipped at Amazon: {count} unit.",
    "history.shipped_other": "Shipped at Amazon: {count} units.",
    "history.shipped_by_one": "Shipped at Amazon: {count} unit, {by}.",
    "history.shipped_by_other": "Shipped at Amazon: {count} units, {by}.",
    "history.other_tracking": "Amazon has another tracking number: {tracking}.",
    "history.never_charged": "Cancelled at Amazon: the buyer is not charged {amount}.",
    "history.units_not_charged": "The buyer is not charged {amount}.",
    "history.wish_withdrawn": "The buyer does not ask to cancel the order any more.",
    "history.address_changed": (
        "Amazon changed the delivery address; it is changed here too. Check parcels on the way."
    ),
    "history.ship_by_moved": "Amazon moved the ship-by date to {ship_by}.",
    "history.refunded_at_amazon": "Refunded at Amazon: {amount}.",
    "history.tracking_again": "The tracking of {packages} package(s) is sent to Amazon again.",
    "history.sent_again": "{by} had it sent again: {summary}.",
    "history.address_repaired": "Address repaired: {fields}.",
    "history.asked_in_saleor": "Asked in Saleor: {what}.",
    "history.shipped_in_saleor": "Shipped in Saleor: {what}.",
    "history.personal_data_deleted": "The buyer's personal data was deleted.",
    "history.dismissed": "Seen to by a person: {problem}.",
}

CANCELLED: Final = {
    "cancelled.as_asked": "Cancelled at Amazon as you asked.",
    "cancelled.by_nobody_known": "Cancelled at Amazon (Amazon does not say by whom).",
    "cancelled.by_buyer": "Cancelled at Amazon by the buyer.",
    "cancelled.by_you": "Cancelled at Amazon by you.",
    "cancelled.by_amazon": "Cancelled at Amazon by Amazon.",
    "cancelled.by_other": "Cancelled at Amazon by {who}.",
    "cancelled.by_buyer_because": "Cancelled at Amazon by the buyer ({reason}).",
    "cancelled.by_you_because": "Cancelled at Amazon by you ({reason}).",
    "cancelled.by_amazon_because": "Cancelled at Amazon by Amazon ({reason}).",
    "cancelled.by_other_because": "Cancelled at Amazon by {who} ({reason}).",
}

WHY_NOT: Final = {
    "why_not.in_saleor": "The order is in Saleor already.",
    "why_not.address_in_saleor": "The order is in Saleor already; change its address there.",
    "why_not.personal_data_deleted": (
        "The order is over, and the buyer's personal data is deleted."
    ),
    "why_not.authorisation_lost": "Amazon's authorisation is lost; connect the account again.",
    "why_not.not_imported": "The order is not in Saleor yet.",
    "why_not.amazon_fulfils": "Amazon fulfils the order itself.",
    "why_not.status": "At Amazon the order is {status}.",
    "why_not.status_unknown": "At Amazon the order is in an unknown state.",
    "why_not.units_left_one": "{count} unit of it has left already.",
    "why_not.units_left_other": "{count} units of it have left already.",
    "why_not.cancel_under_way": "Its cancellation is on its way.",
    "why_not.order_cancelled": "The order is cancelled.",
    "why_not.no_other_units": "There are no units beside others that could be cancelled.",
    "why_not.order_being_cancelled": "The whole order is being cancelled.",
    "why_not.amazon_refunds": "Amazon fulfils this order and refunds it itself.",
    "why_not.not_shipped": "Amazon refunds shipped orders only.",
    "why_not.amounts": "Amazon's amounts do not add up; refund it in Seller Central.",
    "why_not.all_refunded": "All of it has been refunded, or is being.",
    "why_not.no_shipment": "Amazon has not been told of a shipment yet.",
    "why_not.tracking_under_way": "It is on its way to Amazon already.",
    "why_not.no_application_id": "The operator has not set AMAZON_APPLICATION_ID.",
    "why_not.answers_missing": "Answers of Amazon are missing: {number}.",
    "why_not.unknown_outcomes": ("Messages to Amazon of which nobody knows what became: {number}."),
    "why_not.being_created": "Orders that are being created in Saleor: {number}.",
    "why_not.being_removed": "The Amazon account is being removed.",
    "why_not.remove": "The account cannot be removed yet: {why}",
    "why_not.cancel": "The order cannot be cancelled: {why}",
}
"""Why something cannot be done about an order, or at all."""

MONEY: Final = {
    "money.illegible": "Amazon's data of the order is illegible.",
    "money.not_in_saleor": "The order is not in Saleor.",
    "money.parts_unknown": (
        "Amazon's amounts do not add up, or are not told; its parts cannot be shown."
    ),
}
