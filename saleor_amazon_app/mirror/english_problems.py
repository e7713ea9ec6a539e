"""What can be wrong with an order, and its cures, in English."""

from typing import Final

PROBLEMS: Final = {
    "problem.unknown_sku": 'No variant in Saleor has the SKU "{sku}".',
    "problem.address_refused": "Saleor refuses the address ({path}).",
    "problem.address_country": "The address has no country that Saleor knows ({country}).",
    "problem.address_no_country": "The address has no country that Saleor knows (none).",
    "problem.address_withheld": "Amazon gives no address for this order, which is yours to ship.",
    "problem.order_mismatch": (
        "The parts of the order's items add up to {parts}, Amazon's total is {total}."
    ),
    "problem.item_mismatch": (
        "The parts of item {item} add up to {parts}, Amazon's total is {total}."
    ),
    "problem.paid_not_ordered": "Item {item} has a price but no units.",
    "problem.too_fine": "Amazon gives {amount} {currency}, finer than the currency's coins.",
    "problem.no_price": ("An amount of {net} net and {gross} gross cannot be a price in Saleor."),
    "problem.illegible": "Amazon's data is illegible.",
    "problem.illegible_at": "Amazon's data is illegible: {error}.",
    "problem.no_items": "Amazon names no item of the order.",
    "problem.app_fault": "The app could not read this order ({error}).",
    "problem.marketplace": "{marketplace} is not mapped to a channel; nothing of it is imported.",
    "problem.unnamed_marketplace": (
        "An unnamed marketplace is not mapped to a channel; nothing of it is imported."
    ),
    "problem.not_mapped": "The marketplace is not mapped.",
    "problem.variant_gone": "A variant is gone from Saleor.",
    "problem.saleor_says": "Saleor: {answer}",
    "problem.saleor_refuses": "Saleor refuses {path}: {answer}",
    "problem.saleor_refuses_silently": "Saleor refuses the order and names no reason.",
    "problem.other_currency": "The order is in {order}, channel {channel} in {currency}.",
    "problem.mixed_currencies": "The order mixes currencies: {currencies}.",
    "problem.total_differs": "Saleor's total is {saleor}, Amazon's {amazon}.",
    "problem.items_differ": (
        "Saleor has {saleor_units} units in {saleor_lines} lines, "
        "Amazon {amazon_units} in {amazon_lines}."
    ),
    "problem.not_reserved": (
        "No stock of the order's variants in the warehouse: its units are not held."
    ),
    "problem.tracking_missing_one": "The shipment of {count} unit has no tracking number.",
    "problem.tracking_missing_other": "The shipment of {count} units has no tracking number.",
    "problem.approval_missing": (
        "Fulfilment {number} waits for approval in Saleor, and Amazon does not hear of it before. "
        "Amazon wants the order shipped by {ship_by}."
    ),
    "problem.approval_overdue": (
        "Fulfilment {number} waits for approval in Saleor, and Amazon does not hear of it before. "
        "Amazon wanted the order shipped by {ship_by}; it counts as late."
    ),
    "problem.shipment_undone": (
        "Fulfilment {number} was cancelled in Saleor after Amazon accepted it."
    ),
    "problem.goes_on": ("The order is cancelled in Saleor and goes on at Amazon ({status}): {why}"),
    "problem.cancelled_but_fulfilled": "{cancelled} But it is fulfilled in Saleor.",
    "problem.cancel_requested": "The buyer asks to cancel the order.",
    "problem.cancel_requested_because": "The buyer asks to cancel the order ({reason}).",
    "problem.units_cancelled": "Cancelled at Amazon: {units}.",
    "problem.gone_from_saleor": "The order is not in Saleor any more.",
    "problem.no_transaction": "The order has no transaction of Amazon's any more.",
    "problem.with_cure": "{problem} {cure}",
}
"""What can be wrong with an order, by what it is that was found."""

CURES: Final = {
    "cure.unknown_sku": (
        "Create a variant with this SKU in Saleor, or map the SKU to an existing variant."
    ),
    "cure.address": "Repair the named fields of the address.",
    "cure.address_withheld": (
        "Check in Seller Central that the app has the role Direct-to-Consumer Delivery."
    ),
    "cure.total_mismatch": "Compare the order in Seller Central; its parts do not add up.",
    "cure.amount": "Compare the order in Seller Central; Saleor cannot hold such an amount.",
    "cure.unreadable": "Fetch the order again; if it stays so, report it with its number.",
    "cure.unmapped_marketplace": "Map the marketplace to a channel (saleor-amazon map).",
    "cure.mapping": "Map the marketplace again: what it pointed to is gone from Saleor.",
    "cure.currency": "Map the marketplace to a channel with the order's currency.",
    "cure.refused_by_saleor": "Mend what Saleor names, then retry the order.",
    "cure.differs_in_saleor": "Compare the order in Saleor with Seller Central.",
    "cure.not_reserved": (
        "Give the variant stock in the mapped warehouse; the units of this order are not held."
    ),
    "cure.unpaid_in_saleor": (
        "A part of its price was given back before it left."
        ' Tick "Allow fulfillment without payment" in Saleor\'s order settings,'
        " or fulfil it by hand."
    ),
    "cure.rejected": "Mend what Amazon names and send it again, or do it in Seller Central.",
    "cure.needs_attention": (
        "Look at the order in Seller Central. If it was done there, settle it as done; "
        "if not, send it again."
    ),
    "cure.tracking_missing": "Add the tracking number to the fulfilment in Saleor.",
    "cure.approval_missing": "Approve the fulfilment in Saleor, or cancel it there.",
    "cure.shipment_undone": (
        "Amazon cannot undo a shipment. Fulfil the units again in Saleor, or refund the buyer."
    ),
    "cure.cancel_not_possible": (
        "Ship the order all the same, or refund it; in Seller Central it may still be cancelled."
    ),
    "cure.cancelled_at_amazon": (
        "Stop the parcel if it can still be stopped; else ask the buyer, or claim at Amazon."
    ),
    "cure.cancel_requested": (
        "Cancel the order at Amazon (reason BuyerCanceled), or ship it all the same."
    ),
    "cure.units_cancelled": "Do not ship these units; Saleor cannot take them off the order.",
    "cure.fulfil_not_possible": "Mend what Saleor names; the app tries again by itself.",
    "cure.refund_not_possible": "Compare the refunds in Saleor with Seller Central.",
    "cure.feed_hangs": "Wait, or ask Amazon's seller support about it; it is not resent.",
    "cure.gone_from_saleor": "The order was deleted in Saleor; work on it in Seller Central.",
}
"""What a person can do about a problem of each kind, for somebody at a command line."""
