"""What is asked of Amazon, and what became of it, in English."""

from typing import Final

_INTENTS: Final = {
    "shipment": "the shipment",
    "cancel_order": "the cancellation",
    "cancel_units": "the cancellation of units",
    "refund": "the refund",
    "buyer_message": "the message to the buyer",
    "invoice": "the invoice",
}
"""What an intent of each kind is called within a sentence."""

_ABOUT_INTENTS: Final = {
    "accepted": "Amazon accepted {name}: {{summary}}.",
    "rejected": "Amazon rejected {name} ({{summary}}): {{answer}}",
    "not_sent": "{Name} ({{summary}}) was not sent: {{answer}}",
    "withdrawn": "Withdrawn: {name} ({{summary}}).",
    "unknown": "What became of {name} ({{summary}}) is not known: {{answer}}",
    "sent": "Sent to Amazon: {name} ({{summary}}).",
    "hangs": "Amazon has not answered about {name}: {{hangs}}",
}

SUMMARIES: Final = {
    "summary.units_one": "{count} unit",
    "summary.units_other": "{count} units",
    "summary.shipment_one": "{count} unit, {carrier} {tracking}",
    "summary.shipment_other": "{count} units, {carrier} {tracking}",
    "summary.untracked_one": "{count} unit, {carrier} without tracking number",
    "summary.untracked_other": "{count} units, {carrier} without tracking number",
    "summary.cancel_and_restock": (
        "Cancel the order, reason {reason} (Amazon adds the units to your stock there again)"
    ),
    "summary.cancel_without_restock": (
        "Cancel the order, reason {reason} (Amazon's count of your stock stays as it is)"
    ),
    "summary.units_of_item": "{units} of item {item}",
    "summary.cancel_units": "Cancel {units}, reason {reason}",
    "summary.refund": "Refund of {amount}, reason {reason}",
}
"""What an intent asks Amazon for; parts of other sentences, so without a full stop."""

ANSWERS: Final = {
    "answer.not_sent": "Not sent: {why}",
    "answer.shipment_not_sent": "Shipment not sent to Amazon: {why}",
    "answer.fulfilment_cancelled": "Not sent: the fulfilment was cancelled in Saleor.",
    "answer.amazon_ships": "Amazon ships this order itself.",
    "answer.cancelled": "The order is cancelled at Amazon.",
    "answer.ship_plus": "Amazon confirms Ship+ orders by itself.",
    "answer.easy_ship": "Amazon marks Easy Ship orders as shipped when it collects them.",
    "answer.amazon_delivers": "Amazon delivers this order and marks it as shipped.",
    "answer.already_cancelled": "It was cancelled at Amazon already.",
    "answer.amazon_rejected": "Amazon rejected it.",
    "answer.shows": "Amazon shows it as done.",
    "answer.shows_not": "Amazon does not show it as done.",
    "answer.listed": "Amazon lists it as paid out.",
    "answer.not_listed": "Amazon lists no such refund yet; it may take two days to.",
    "answer.not_asked": "Amazon could not be asked about it.",
    "answer.silent": "Amazon's report does not say what became of it.",
    "answer.adopted": (
        "Amazon's answer to the feed got lost, and what it lists may be another program's."
    ),
    "answer.no_report": "Amazon gives no legible report about it.",
    "answer.feed_cancelled": "Amazon cancelled the feed {feed} it was in.",
    "answer.feed_broke_off": "Amazon broke off the feed {feed} it was in.",
    "answer.feed_lost": "It was being sent when the app stopped, and Amazon lists no such feed.",
    "answer.feeds_like_it": "Amazon lists several feeds that this could be.",
    "answer.feed_in_work": "its feed {feed} has been in work since {since}.",
    "answer.package_not_shown": "Amazon took the shipment and does not show the package.",
    "answer.seen_done": "Seen as done in Seller Central by {by}.",
    "answer.given_up": "Given up by {by}.",
    "answer.left_behind": (
        "Amazon has not answered and does not let the app ask any more; {by} had the account "
        "removed all the same."
    ),
}
"""What became of an intent, where it is the app that says so and not Amazon."""

OUTCOMES: Final = {
    f"{what}.{kind}": text.format(name=name, Name=name[0].upper() + name[1:])
    for what, text in _ABOUT_INTENTS.items()
    for kind, name in _INTENTS.items()
}
